"""How bad it is that a function did something for the first time, or against its policy. Pure."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from functions.shared.core.severity import Severity
from functions.shared.sensor.line import Did, Kind, Sighting

_AWS_HOSTS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".internal", ".local")
_OWN_SOURCE: Final = "own source"
_LONG_BLOCK: Final = 5000  # milliseconds


@dataclass(frozen=True, slots=True)
class Weight:
    """A severity and the sentence that says why."""

    severity: Severity
    reason: str


def weigh(sighting: Sighting, *, first_ever: bool) -> Weight:
    """Weigh one thing.

    Args:
        sighting: What was seen.
        first_ever: Whether nothing of its kind is usual for the function.
    """
    if sighting.did is Did.BLOCKED:
        return Weight(Severity.HIGH, "It was refused, but somebody tries what policy forbids.")
    if sighting.did is Did.ALERT:
        return Weight(Severity.HIGH, "Policy does not allow it, and nothing stopped it.")
    return _OF_KIND[sighting.kind](sighting, first_ever=first_ever)


def _program(_: Sighting, *, first_ever: bool) -> Weight:
    if first_ever:
        return Weight(
            Severity.CRITICAL,
            "A function that never starts programs and does so without a deployment is how one "
            "that was broken into looks.",
        )
    return Weight(Severity.HIGH, "No deployment explains the program.")


def _file(sighting: Sighting, *, first_ever: bool) -> Weight:
    del first_ever
    if sighting.place == _OWN_SOURCE:
        return Weight(Severity.LOW, "Python reads its source for a traceback, and so do attackers.")
    if sighting.place:
        return Weight(Severity.HIGH, "These files hold credentials, or lead to them.")
    if sighting.kind is Kind.WRITE:
        return Weight(Severity.MEDIUM, "No deployment explains the change.")
    return Weight(Severity.LOW, "The place is not known for secrets.")


def _connection(sighting: Sighting, *, first_ever: bool) -> Weight:
    del first_ever
    host = sighting.name.rpartition(":")[0] if sighting.kind is Kind.CONNECT else sighting.name
    if sighting.name == "loopback" or host.endswith(_AWS_HOSTS) or _is_private(host):
        return Weight(Severity.LOW, "It stays within AWS or a private network.")
    return Weight(Severity.HIGH, "Data may leave the account this way.")


def _is_private(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_private
    except ValueError:
        return False


def _code(sighting: Sighting, *, first_ever: bool) -> Weight:
    del first_ever
    if sighting.name.startswith("/tmp/"):  # noqa: S108 - where attackers put what they fetch
        return Weight(Severity.CRITICAL, "What lies in /tmp did not come with the deployment.")
    return Weight(Severity.MEDIUM, "No deployment explains the code.")


def _unseen(_: Sighting, *, first_ever: bool) -> Weight:
    del first_ever
    return Weight(Severity.HIGH, "Code that goes around libc hides, or is a static program.")


def _loop(sighting: Sighting, *, first_ever: bool) -> Weight:
    del first_ever
    long = sighting.milliseconds >= _LONG_BLOCK
    return Weight(
        Severity.HIGH if long else Severity.MEDIUM,
        "Meanwhile the function does nothing else, and the time is billed.",
    )


_OF_KIND: Final = {
    Kind.PROGRAM: _program,
    Kind.FORK: _program,
    Kind.READ: _file,
    Kind.WRITE: _file,
    Kind.CONNECT: _connection,
    Kind.LOOKUP: _connection,
    Kind.LIBRARY: _code,
    Kind.MEMORY: _code,
    Kind.UNSEEN: _unseen,
    Kind.LOOP: _loop,
}
