"""`python -m demo.up`: a local AWS with Lambda Warden deployed, left running.

Standard output carries `export` lines for a shell and nothing else.
"""

import json
import shlex
import sys
from typing import Final

from demo.deployment.advisories import SyncFailedError
from demo.deployment.provision import Provision
from demo.deployment.settings import WITHOUT_GRACE
from demo.inbox import Inbox
from demo.interruption import STATUS, InterruptedRunError, interruptible
from demo.local_aws import LocalAws, LocalAwsError, NotRunningError, stop_recorded
from demo.programs import ProgramFailedError
from demo.project import STANDING
from demo.screen import Screen
from demo.workshop import workshop

_READY: Final = STANDING / "ready.json"
_ALERTS: Final = "WARDEN_ALERTS_QUEUE_URL"


def main() -> int:
    """Start and deploy, unless it stands already.

    Returns:
        0 when it stands, 1 when it could not be made, 130 if it was interrupted.
    """
    screen = Screen(sys.stderr)
    try:
        with interruptible():
            _tell(*(_standing(screen) or _made(screen)), screen)
    except InterruptedRunError:
        return STATUS
    except (LocalAwsError, ProgramFailedError, SyncFailedError) as error:
        screen.failure(error)
        return 1
    return 0


def _standing(screen: Screen) -> tuple[LocalAws, str] | None:
    """What a previous run left standing; one that was not finished is ended."""
    try:
        aws = LocalAws.attach(STANDING)
    except NotRunningError:
        return None
    try:
        ready = json.loads(_READY.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        ready = {}
    if ready.get("mark") != aws.running.mark:
        screen.note("Ending a local AWS into which nothing was deployed completely.")
        aws.stop()
        return None
    screen.note("It stands already; `make down` ends it.")
    return aws, str(ready["alerts"])


def _made(screen: Screen) -> tuple[LocalAws, str]:
    with workshop("up") as place:
        provision = Provision(WITHOUT_GRACE, place, screen)
        try:
            with screen.step("Started a local AWS"):
                aws = LocalAws.start(STANDING, detached=True)
            warden = provision.finish(aws)
            inbox = Inbox.subscribe(aws, warden.topic, "alerts")
        except BaseException:
            stop_recorded(STANDING)
            raise
    ready = {"mark": aws.running.mark, "alerts": inbox.queue}
    _READY.write_text(json.dumps(ready), encoding="utf-8")
    return aws, inbox.queue


def _tell(aws: LocalAws, alerts: str, screen: Screen) -> None:
    for name, value in {**aws.environment(), _ALERTS: alerts}.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.flush()
    screen.note(
        'In a shell: eval "$(make up)". Alerts then wait in a queue:\n'
        f'  aws sqs receive-message --wait-time-seconds 20 --queue-url "${_ALERTS}"\n'
        "`.venv/bin/warden alerts` then lists what is open.\n"
        "Settings are those of cdk.json, except that tags are judged without a grace period and "
        "advisories are the samples of demo/advisories.\n"
        "`make down` ends it."
    )


if __name__ == "__main__":
    sys.exit(main())
