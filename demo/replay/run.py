"""One replay: deploy, feed, wait until nothing is left to do, report."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from demo.deployment.provision import Provision
from demo.deployment.settings import WITHOUT_GRACE, warden_block
from demo.deployment.work import Work
from demo.inbox import Alert, Inbox
from demo.listening import listen
from demo.local_aws import LocalAws
from demo.replay.interest import ignored
from demo.replay.reading import Event
from demo.screen import Screen
from demo.workshop import Workshop
from functions.shared.config import WardenConfig

_AT_ONCE: Final = 200


def replay(
    events: Sequence[Event],
    place: Workshop,
    screen: Screen,
    show: Callable[[Alert], None],
) -> bool:
    """Feed events through a fresh deployment and show each resulting alert.

    Returns:
        Whether every event was handled: none ended among the dead letters, none is left.

    Raises:
        ProgramFailedError: The CDK failed.
        LocalAwsError: The local AWS did not start.
        SyncFailedError: The sample advisories could not be synced.
    """
    provision = Provision(WITHOUT_GRACE, place, screen)
    with LocalAws.start(place.folder / "aws") as aws:
        warden = provision.finish(aws)
        inbox = Inbox.subscribe(aws, warden.topic, "replay")
        work = Work(aws, *warden.workers)
        with screen.step(f"Fed {len(events)} events to the rules"):
            for start in range(0, len(events), _AT_ONCE):
                aws.emit_all(events[start : start + _AT_ONCE])
        with screen.step("Waited for the last of them to be handled"):
            left = listen(inbox, work, show, screen.note)
        _tell_ignored(aws, events, screen)
        return _tell_failed(work, left, screen)


def _tell_ignored(aws: LocalAws, events: Sequence[Event], screen: Screen) -> None:
    prefix = str(warden_block(WITHOUT_GRACE).get("name_prefix", "lambda-warden"))
    own_functions = WardenConfig(name_prefix=prefix).own_functions
    for reason, count in ignored(aws, events, own_functions).most_common():
        screen.note(f"ignored {count}: {reason}")


def _tell_failed(work: Work, left: Mapping[str, int], screen: Screen) -> bool:
    """Tell of what was not handled; whether everything was."""
    letters = work.dead_letters()
    for letter in letters:
        what = _named(letter.body)
        screen.note(f"{letter.worker} could not handle {what}: {letter.reason}", "red")
    if left:
        count = sum(left.values())
        screen.note(f"{count} messages are still unhandled: a function fails on them.", "red")
    return not letters and not left


def _named(body: str) -> str:
    """What to call the event of a dead letter."""
    try:
        event = json.loads(body)
        return f"event {event.get('id', 'without an id')}"
    except (ValueError, AttributeError):
        return "a message that is no event"
