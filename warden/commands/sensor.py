"""`warden sensor`: put the sensor into a function or take it off; show and propose policy."""

from typing import TYPE_CHECKING, Final

import click

from warden import moments
from warden.options import as_table_or_json, by_whom, examples, on_deployment

if TYPE_CHECKING:
    from functions.shared.runtime.deployment import Deployment

_YES: Final = click.option(
    "--yes", is_flag=True, help="Do it; without, only say what would be done."
)
_FUNCTION: Final = click.argument("name", metavar="FUNCTION")
_MODES: Final = ("observe", "alert", "block")


@click.group("sensor")
def command() -> None:
    """Put the sensor into a function or take it off; show and propose policy.

    The sensor is a layer that sees from within what a function starts, opens and connects to.
    """


@command.command(
    "attach",
    epilog=examples(
        "warden sensor attach checkout",
        "warden sensor attach checkout --yes",
        'warden sensor attach checkout --policy "program=block" --yes',
        status="0 when it was done, or said;",
    ),
)
@_FUNCTION
@click.option("--policy", default=None, metavar="TEXT", help="Its policy. Default: as it is.")
@_YES
@by_whom
@as_table_or_json
@on_deployment
def _attach(
    warden: "Deployment", *, name: str, policy: str | None, yes: bool, by: str, as_json: bool
) -> None:
    """Put the sensor into a function, or change its policy."""
    from sensor.policy import PolicyError
    from warden import sensor_plan, sensors
    from warden.failure import RefusedError
    from warden.identity import signature

    found, layer = sensors.find(warden, name), sensors.layer_of(warden)
    try:
        after = sensor_plan.attached(found.setup, layer, policy, found.runtime)
    except PolicyError as error:
        raise RefusedError(str(error)) from error
    if yes:
        by = signature(warden.aws, by)
        sensors.attach(warden, found, sensors.SensorChange(after, layer, by, moments.now()))
    _say(found.setup.difference(after), done=yes, as_json=as_json)


@command.command(
    "detach",
    epilog=examples("warden sensor detach checkout --yes", status="0 when it was done, or said;"),
)
@_FUNCTION
@_YES
@by_whom
@as_table_or_json
@on_deployment
def _detach(warden: "Deployment", *, name: str, yes: bool, by: str, as_json: bool) -> None:
    """Take the sensor off a function, and put back what was there before."""
    from warden import sensor_plan, sensors
    from warden.identity import signature

    found, layer = sensors.find(warden, name), sensors.layer_of(warden)
    kept = sensors.before(warden, found.function)
    after = sensor_plan.detached(found.setup, layer, kept)
    if yes:
        by = signature(warden.aws, by)
        sensors.detach(warden, found, sensors.SensorChange(after, layer, by, moments.now()))
    _say(found.setup.difference(after), done=yes, as_json=as_json)


@command.command(
    "status", epilog=examples("warden sensor status checkout", status="0 when it was read;")
)
@_FUNCTION
@as_table_or_json
@on_deployment
def _status(warden: "Deployment", *, name: str, as_json: bool) -> None:
    """Show whether a function has the sensor, whether it speaks, and what it has seen."""
    from sensor.policy import VARIABLE
    from warden import sensor_plan, sensors
    from warden.output import write_json, write_text

    found, store = sensors.find(warden, name), sensors.store(warden)
    state, record = store.state(found.function), sensors.record(warden, found.function)
    answer = {
        "function": str(found.function),
        "attached": sensor_plan.is_attached(found.setup),
        "policy": found.setup.variables.get(VARIABLE, ""),
        "since": state.since.isoformat() if state.since else None,
        "last_start": state.last_start.isoformat() if state.last_start else None,
        "wrong": state.wrong,
        "by": record.get("by", ""),
        "seen": [
            f"{one.sighting.kind.value} {one.sighting.did.value} {one.sighting.name}".strip()
            for one in store.seen(found.function)
        ],
    }
    if as_json:
        write_json(answer)
        return
    for key, value in answer.items():
        shown = value if isinstance(value, list) else [value]
        write_text(f"{key}: " + "\n  ".join(str(one) for one in shown if one not in (None, "")))


@command.command(
    "policy",
    epilog=examples(
        "warden sensor policy checkout",
        "warden sensor policy checkout --mode block",
        status="0 when it was made;",
    ),
)
@_FUNCTION
@click.option("--mode", type=click.Choice(_MODES), default="alert", help="For what is not usual.")
@as_table_or_json
@on_deployment
def _policy(warden: "Deployment", *, name: str, mode: str, as_json: bool) -> None:
    """Propose the policy that allows what was learnt, and show how the deployed one differs.

    What was blocked or told against policy is not proposed.
    """
    from functions.shared.sensor.line import Did
    from sensor.policy import VARIABLE, Mode, PolicyError, SensorPolicy, difference, proposed
    from warden import sensors
    from warden.failure import RefusedError
    from warden.output import write_json, write_text

    found = sensors.find(warden, name)
    seen = [one.sighting for one in sensors.store(warden).seen(found.function)]
    try:
        deployed = SensorPolicy.parse(found.setup.variables.get(VARIABLE, ""))
        policy = proposed([one for one in seen if one.did is Did.SEEN], Mode(mode))
    except PolicyError as error:
        raise RefusedError(str(error)) from error
    changed = difference(deployed, policy)
    if as_json:
        write_json({"policy": policy.text, "added": changed.added, "removed": changed.removed})
        return
    write_text(policy.text)
    for line in (*(f"+ {one}" for one in changed.added), *(f"- {one}" for one in changed.removed)):
        write_text(line)


def _say(changes: list[str], *, done: bool, as_json: bool) -> None:
    from warden import sensor_plan
    from warden.output import write_json, write_text

    if as_json:
        write_json({"done": done, "changes": changes})
        return
    write_text(sensor_plan.names(changes))
    if changes and not done:
        write_text("Nothing was done. Add --yes to do it.")
