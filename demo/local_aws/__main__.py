"""Run an embedded AWS from a shell: in the foreground, or detached until ``--stop``."""

import argparse
import shlex
import signal
import sys
import time
from pathlib import Path

from demo.local_aws import LocalAws, LocalAwsError, processes, stop_recorded


def main() -> int:
    """Start or stop an embedded AWS as the arguments say.

    Returns:
        0 on success, also when there was nothing to stop; 1 when it could not start.
    """
    arguments = _arguments()
    if arguments.stop:
        return _stop(arguments.directory)
    reported = [] if arguments.detach else _listen_for_signals()
    try:
        aws = LocalAws.start(
            arguments.directory,
            port=arguments.port,
            enforce_iam=arguments.auth,
            detached=arguments.detach,
        )
    except LocalAwsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("unset AWS_PROFILE\n")
    for name, value in aws.environment().items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.flush()
    if not arguments.detach:
        _until_notified(aws, reported)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.local_aws", description=__doc__)
    parser.add_argument("--directory", type=Path, required=True, help="private folder")
    parser.add_argument("--port", type=int, help="port on 127.0.0.1 (a free one)")
    parser.add_argument("--auth", action="store_true", help="evaluate IAM policies")
    parser.add_argument("--detach", action="store_true", help="return once it is ready")
    parser.add_argument("--stop", action="store_true", help="end the one in the folder")
    return parser.parse_args()


def _stop(directory: Path) -> int:
    ended = stop_recorded(directory)
    sys.stdout.write(
        "nothing to stop: no local AWS runs here\n"
        if ended is None
        else f"local AWS on port {ended.port} stopped\n"
    )
    return 0


def _listen_for_signals() -> list[int]:
    """Return a list that every signal to end is noted in, instead of ending at once."""
    reported: list[int] = []
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, lambda number, _frame: reported.append(number))
    return reported


def _until_notified(aws: LocalAws, reported: list[int]) -> None:
    """Wait for a signal or for the server's end, then leave nothing behind."""
    with aws:
        while not reported and processes.alive(aws.running.pid):
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
