"""The server process: ministack behind what this package adds to it."""

import argparse
import asyncio
import os
import signal
from typing import Any, cast

from demo.local_aws import processes
from demo.local_aws.guard import watch_parent
from demo.local_aws.shutdown import end_everything, promise_end


def main() -> None:
    """Serve until SIGTERM, SIGINT or the parent's end; leaves no process behind."""
    parser = argparse.ArgumentParser(description="Server process of the embedded AWS.")
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    if parser.parse_args().with_parent:
        watch_parent()
    try:
        asyncio.run(_serve(int(os.environ["GATEWAY_PORT"])))
    finally:
        end_everything()


async def _serve(port: int) -> None:
    # Late, so that the guard already watches while the emulator loads.
    from hypercorn.asyncio import serve  # noqa: PLC0415 - see above
    from hypercorn.config import Config  # noqa: PLC0415 - see above

    from demo.local_aws.application import build  # noqa: PLC0415 - see above

    ending = asyncio.Event()

    def end() -> None:
        promise_end()
        ending.set()

    loop = asyncio.get_running_loop()
    for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(stop, end)
    config = Config()
    config.bind = [f"{processes.LOOPBACK}:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0.5
    config.shutdown_timeout = 1.0
    config.loglevel = "WARNING"
    app = await build(port)
    await serve(cast("Any", app), config, shutdown_trigger=ending.wait)


if __name__ == "__main__":
    main()
