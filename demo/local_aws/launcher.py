"""Starting, using and stopping one embedded AWS from Python."""

import os
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from demo.local_aws import door_client, door_paths, processes, state_file
from demo.local_aws.clients import client_of
from demo.local_aws.environment import (
    client_environment,
    laid_over,
    server_environment,
)
from demo.local_aws.errors import (
    AlreadyRunningError,
    NotRunningError,
    StartFailedError,
)
from demo.local_aws.metrics.series import MetricSeries
from demo.local_aws.spawn import LOG, let_go, spawn
from demo.local_aws.state_file import Running

DEFAULT_ACCOUNT = "111111111111"
DEFAULT_REGION = "us-east-1"
DEFAULT_CONCURRENCY = 20
"""Lambda invocations at once; each may hold a worker process of some 40 MB."""

_READY_SECONDS = 30.0
_GRACE_SECONDS = 3.0


class LocalAws:
    """One running embedded AWS, bound to the loopback interface.

    Use ``start`` (or ``attach``); leaving the ``with`` block stops it, and so does the
    end of the process that started it, however it ends, unless it was detached.
    """

    def __init__(self, directory: Path, running: Running) -> None:
        self.directory = directory
        self.running = running

    @classmethod
    def start(
        cls,
        directory: Path,
        *,
        port: int | None = None,
        account: str = DEFAULT_ACCOUNT,
        region: str = DEFAULT_REGION,
        enforce_iam: bool = False,
        detached: bool = False,
        concurrency: int = DEFAULT_CONCURRENCY,
    ) -> Self:
        """Start an embedded AWS and wait until it answers.

        Args:
            directory: folder for its state, log, home and temporary files; made if absent.
                State does not outlive the process.
            port: TCP port on 127.0.0.1; a free one when None.
            account: 12-digit account that its clients belong to.
            region: region of its clients.
            enforce_iam: evaluate the policies of roles and users, so that a Lambda may do
                only what its execution role allows.
            detached: let it outlive this process; ``stop_recorded`` ends it.
            concurrency: Lambda invocations that may run at once, in all functions together.

        Raises:
            AlreadyRunningError: one runs in ``directory``.
            StartFailedError: the port is taken, or it did not become ready.
        """
        directory = directory.resolve()
        if (other := _living(directory)) is not None:
            raise AlreadyRunningError(
                f"directory: {directory} already holds a local AWS on port {other.port} "
                f"(process {other.pid}); stop it first, or use another directory"
            )
        for name in ("home", "tmp", "state"):
            (directory / name).mkdir(parents=True, exist_ok=True)
        chosen = port or processes.free_port()
        if processes.listening(chosen):
            raise StartFailedError(f"port: {chosen} is taken; choose another or leave it out")
        mark = secrets.token_hex(8)
        environment = server_environment(
            directory=directory,
            port=chosen,
            account=account,
            region=region,
            enforce_iam=enforce_iam,
            concurrency=concurrency,
            mark=mark,
        )
        pid = spawn(directory, environment, detached=detached)
        aws = cls(directory, Running(pid, chosen, mark, account, region, enforce_iam))
        try:
            state_file.write(directory, aws.running)
            aws._wait_until_ready()
        except BaseException:
            aws.stop()
            raise
        return aws

    @classmethod
    def attach(cls, directory: Path) -> Self:
        """Return the embedded AWS that runs in ``directory``.

        Raises:
            NotRunningError: none does.
        """
        directory = directory.resolve()
        running = _living(directory)
        if running is None:
            raise NotRunningError(f"directory: no local AWS runs in {directory}")
        return cls(directory, running)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def endpoint_url(self) -> str:
        """Base address of every service."""
        return f"http://{processes.LOOPBACK}:{self.running.port}"

    @property
    def account(self) -> str:
        """The 12-digit account of its clients."""
        return self.running.account

    @property
    def region(self) -> str:
        """The region of its clients."""
        return self.running.region

    @property
    def log_file(self) -> Path:
        """What the emulator printed."""
        return self.directory / LOG

    def environment(self) -> dict[str, str]:
        """Return the variables that point boto3, the AWS CLI and the CDK CLI here.

        For a shell to set; a program that is started is better given
        ``process_environment``, which also leaves out what could point elsewhere.
        """
        return client_environment(
            directory=self.directory,
            port=self.running.port,
            account=self.account,
            region=self.region,
        )

    def process_environment(self) -> dict[str, str]:
        """Return a whole environment for a program, such as the CDK CLI.

        It is this process's own without its ``AWS_`` variables, with those of
        ``environment``, and with the loopback interface excepted from any proxy.
        """
        return laid_over(os.environ, self.environment())

    def client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client of ``service`` that talks to this embedded AWS.

        Args:
            service: boto3's name, such as ``lambda``.
            options: further arguments of ``boto3.client``, which win over the defaults.
        """
        where = {"endpoint_url": self.endpoint_url, **options}
        return client_of(service, account=self.account, region=self.region, **where)

    def emit(self, event: Mapping[str, Any]) -> str:
        """Put one service event on the default bus, as AWS itself would.

        PutEvents refuses sources that start with ``aws.``; this does not. An event keeps
        its own account, region, time and id, so a recorded one can be replayed.

        Args:
            event: an EventBridge event: ``source``, ``detail-type`` and ``detail`` are
                needed; ``id``, ``time``, ``account``, ``region``, ``resources`` are
                filled in when absent.

        Returns:
            The event's id.

        Raises:
            RefusedError: a field is missing or has another type.
        """
        return self.emit_all([event])[0]

    def emit_all(self, events: Iterable[Mapping[str, Any]]) -> list[str]:
        """Put several service events on the default bus in their order; see ``emit``."""
        answer = self._post(door_paths.EVENTS, {"events": list(events)})
        return [str(identity) for identity in answer["ids"]]

    def put_service_event(
        self,
        source: str,
        detail_type: str,
        detail: Mapping[str, Any],
        *,
        resources: Sequence[str] = (),
    ) -> str:
        """Put a new service event, happening now in this account, on the default bus.

        Returns:
            The event's id.
        """
        return self.emit(
            {
                "source": source,
                "detail-type": detail_type,
                "detail": dict(detail),
                "resources": list(resources),
            }
        )

    def seed_metrics(self, series: Iterable[MetricSeries]) -> int:
        """Store a metric history, in any namespace and at any time of the last 63 days.

        AWS refuses PutMetricData into ``AWS/*`` namespaces; there is no such door there.

        Returns:
            How many points were stored.
        """
        body = {"series": [one.as_json() for one in series]}
        return int(self._post(door_paths.METRICS, body)["stored"])

    def stop(self) -> None:
        """End the server and every process it started; does nothing when it is gone."""
        _end(self.directory, self.running)

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return door_client.post(self.endpoint_url, path, body, mark=self.running.mark)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if not processes.alive(self.running.pid):
                raise StartFailedError(f"local AWS ended while starting:\n{self._log_tail()}")
            if door_client.answers(self.endpoint_url, pid=self.running.pid):
                return
            time.sleep(0.02)
        raise StartFailedError(f"local AWS was not ready in time:\n{self._log_tail()}")

    def _log_tail(self) -> str:
        try:
            return self.log_file.read_text(encoding="utf-8", errors="replace")[-3000:]
        except OSError:
            return "(no log)"


def stop_recorded(directory: Path) -> Running | None:
    """End the embedded AWS that was recorded in ``directory``.

    Safe to repeat: with nothing recorded, or nothing left of it, it does nothing.

    Returns:
        What was running, or None when nothing was.
    """
    directory = directory.resolve()
    recorded = state_file.read(directory)
    if recorded is None:
        return None
    was_alive = processes.belongs_to(recorded.pid, recorded.mark) or processes.marked(recorded.mark)
    _end(directory, recorded)
    return recorded if was_alive else None


def _living(directory: Path) -> Running | None:
    recorded = state_file.read(directory)
    if recorded is None or not processes.belongs_to(recorded.pid, recorded.mark):
        return None
    return recorded


def _end(directory: Path, running: Running) -> None:
    processes.end_group(running.pid, running.mark, grace_seconds=_GRACE_SECONDS)
    let_go(running.pid)
    recorded = state_file.read(directory)
    if recorded is not None and recorded.mark == running.mark:
        state_file.forget(directory)
