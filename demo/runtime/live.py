"""A function that runs on this machine under a runtime client, with the sensor or without."""

import json
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from demo.runtime.runtime_api import Answer, RuntimeApi
from sensor.built import library


class Live:
    """One execution environment; use it as a context.

    Attributes:
        log: What the function's processes wrote so far, a line each.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        sensor: Path | None,
        policy: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Say what runs.

        Args:
            command: The runtime client.
            folder: The function's code.
            sensor: The library, None to run without it.
            policy: Its policy.
            environment: More variables.
        """
        self.log: list[str] = []
        self._seen_mark = threading.Event()
        self._command, self._folder = list(command), folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": "app.handler",
            "AWS_LAMBDA_FUNCTION_NAME": "under-test",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/under-test",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/03/10/[$LATEST]0123456789abcdef",
            "AWS_REGION": "eu-west-1",
            **({"LD_PRELOAD": str(sensor)} if sensor else {}),
            **({"WARDEN_SENSOR_POLICY": policy} if policy else {}),
            **(environment or {}),
        }

    def __enter__(self) -> Self:
        self.api = RuntimeApi()
        environment = {**self._environment, "AWS_LAMBDA_RUNTIME_API": self.api.address}
        read, self._write = os.pipe()
        self.process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._write,
            stderr=self._write,
        )
        self._stream = os.fdopen(read, "rb")
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        try:
            self.api.await_ready(30)
        except TimeoutError:
            self._end()
            raise RuntimeError("\n".join(self.log[-20:])) from None
        self.read_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.api.close()
        self.read_all()
        os.close(self._write)

    def invoke(self, event: object) -> Answer:
        """Invoke the function, up to the moment at which its runtime asks for more."""
        answer = self.api.invoke(event)
        self.read_all()
        return answer

    def read_all(self) -> None:
        """Wait until everything that was written by now is in `log`."""
        self._seen_mark.clear()
        os.write(self._write, _END)
        self._seen_mark.wait(10)

    def lines(self) -> list[dict[str, Any]]:
        """The sensor's lines so far."""
        found = [line[line.index('{"warden_sensor"') :] for line in self.log if _MARK in line]
        return [json.loads(line) for line in found]

    def _read(self) -> None:
        for line in self._stream:
            if line.endswith(_END):
                self._seen_mark.set()
            else:
                self.log.append(line.decode(errors="replace").rstrip("\n"))


_MARK = '{"warden_sensor"'
_END = b"everything was read\n"


def host_library() -> Path:
    """The library for this machine."""
    return library(os.uname().machine)
