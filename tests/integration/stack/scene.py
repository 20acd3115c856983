"""A deployed Warden, functions for it to watch, and the alerts it sends about them."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from demo.deployment.advisories import CATALOGUE, exports
from demo.deployment.provision import Provision
from demo.deployment.warden import Warden, Worker
from demo.deployment.work import Work
from demo.estate.create import create_role
from demo.inbox import Alert, Inbox
from demo.local_aws import LocalAws
from demo.local_aws.metrics.series import MetricSeries
from demo.project import ADVISORIES
from demo.screen import Screen
from demo.workshop import workshop

_PATIENCE: Final = 180.0
_CONFIRMED_EVERY: Final = 50.0


def package(*requirements: str) -> bytes:
    """A deployment package that holds the metadata of some Python packages, as pip leaves it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
        for requirement in requirements:
            name, _, version = requirement.partition("==")
            folder = f"{name}-{version}.dist-info"
            archive.writestr(f"{name}/__init__.py", "")
            archive.writestr(
                f"{folder}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            )
            archive.writestr(f"{folder}/RECORD", f"{name}/__init__.py,,\n")
    return buffer.getvalue()


def trusting(principal: Mapping[str, str], account: str) -> dict[str, Any]:
    """Whom a role trusts: somebody, and the account."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": one, "Action": "sts:AssumeRole"}
            for one in (principal, {"AWS": f"arn:aws:iam::{account}:root"})
        ],
    }


def session(aws: LocalAws, role: str, name: str) -> Mapping[str, str]:
    """Credentials of a session of a role, as clients take them."""
    keys = aws.client("sts").assume_role(RoleArn=role, RoleSessionName=name)["Credentials"]
    return {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }


@dataclass(slots=True)
class Scene:
    """One deployment and everything that arrived from it so far."""

    aws: LocalAws
    warden: Warden
    inbox: Inbox
    role: str
    alerts: list[Alert] = field(default_factory=list)
    _keys: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def create(self, name: str, code: bytes, tags: Mapping[str, str], **more: Any) -> str:
        """Make a function and return its ARN."""
        made = self.aws.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="app.handler",
            Role=self.role,
            Code={"ZipFile": code},
            Tags=dict(tags),
            **more,
        )
        return str(made["FunctionArn"])

    def send(self, worker: Worker, message: object) -> None:
        """Put a message straight into a consumer's queue."""
        body = message if isinstance(message, str) else json.dumps(message)
        # Nobody but parts of Warden can ask the guard for anything.
        keys = self.keys_of("anomaly-detector") if worker == self.warden.guard else {}
        self.aws.client("sqs", **keys).send_message(QueueUrl=worker.queue, MessageBody=body)

    def keys_of(self, part: str) -> Mapping[str, str]:
        """Credentials of the role of one of Warden's parts, as clients take them.

        For a part that was taken over, or for what it would send. Who owns the account may change
        whom a role trusts.
        """
        if part not in self._keys:
            name = f"lambda-warden-{part}"
            function = self.aws.client("lambda").get_function_configuration(FunctionName=name)
            self.aws.client("iam").update_assume_role_policy(
                RoleName=function["Role"].rpartition("/")[2],
                PolicyDocument=json.dumps(
                    trusting({"Service": "lambda.amazonaws.com"}, self.aws.account)
                ),
            )
            self._keys[part] = session(self.aws, function["Role"], "taken-over")
        return self._keys[part]

    def show_at_once(self, name: str, count: float) -> None:
        """Have CloudWatch show that so many invocations of a function run at once."""
        series = MetricSeries(
            name="ConcurrentExecutions",
            start=datetime.now(UTC) - timedelta(minutes=2),
            step_seconds=60,
            values=[count, count],
            dimensions={"FunctionName": name},
            unit="Count",
        )
        self.aws.seed_metrics([series])

    def tick(self) -> None:
        """What the detector's schedule sends, asking for a look at everything at once."""
        everything = {"everything": True}
        self.send(
            self.warden.anomaly_detector,
            {"source": "lambda.warden", "detail-type": "Metric Tick", "detail": everything},
        )

    def look_at_flows(self, until: datetime | None = None) -> None:
        """What the detector's schedule sends to have it look at flows, and wait for the end."""
        detail = {"until": until.isoformat()} if until else {}
        self.send(
            self.warden.anomaly_detector,
            {"source": "lambda.warden", "detail-type": "Flow Look", "detail": detail},
        )
        self.settle()

    def publish_advisory(self, ecosystem: str, name: str, *, fixed: str) -> None:
        """Add an advisory to the source and have it synced."""
        record = {
            "id": f"TEST-{name}",
            "modified": "2026-11-20T00:00:00Z",
            "summary": "Made up for a test.",
            "affected": [
                {
                    "package": {"ecosystem": ecosystem, "name": name},
                    "ranges": [
                        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}
                    ],
                }
            ],
        }
        content = io.BytesIO(exports()[ecosystem])
        with zipfile.ZipFile(content, "a") as archive:
            archive.writestr(f"TEST-{name}.json", json.dumps(record))
        self.aws.client("s3").put_object(
            Bucket=self.warden.bucket,
            Key=f"advisories/source/{ecosystem}/all.zip",
            Body=content.getvalue(),
        )
        self._sync()

    def list_as_exploited(self, cve: str) -> None:
        """Add a flaw to the catalogue of those that attackers use, and have it synced."""
        listed = json.loads((ADVISORIES / CATALOGUE).read_bytes())
        entry = {**listed["vulnerabilities"][0], "cveID": cve, "dateAdded": "2026-11-20"}
        listed["vulnerabilities"].append(entry)
        listed["count"] += 1
        self.aws.client("s3").put_object(
            Bucket=self.warden.bucket,
            Key=f"advisories/source/{CATALOGUE}",
            Body=json.dumps(listed).encode(),
        )
        self._sync()

    def _sync(self) -> None:
        answer = self.aws.client("lambda").invoke(
            FunctionName=self.warden.advisory_sync, Payload=b"{}"
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    def about(self, name: str) -> list[tuple[str, str]]:
        """State and rule of every alert about a function, in the order of their arrival."""
        return [
            (one.state, one.rule)
            for one in self.alerts
            # All functions of the stage have one role; whichever is the limit-th is told of it.
            if one.function == name and one.rule != "shared-role"
        ]

    def alert(self, name: str, rule: str, *, state: str = "") -> Alert:
        """The last alert of a rule about a function, the last of a state where one is given."""
        return next(
            one
            for one in reversed(self.alerts)
            if (one.function, one.rule) == (name, rule) and state in {"", one.state}
        )

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Receive alerts until something happened; fails when it does not.

        Raises:
            AssertionError: It did not happen in time.
        """
        deadline = time.monotonic() + _PATIENCE
        while not happened():
            self.alerts += self.inbox.receive(1)
            assert time.monotonic() < deadline, self._what_there_is()

    def confirm_until_capped(self, name: str, confirm: Callable[[], object]) -> None:
        """Confirm a runaway each minute, as the detector does: the guard lets it wait for worse.

        Args:
            name: The function that runs away.
            confirm: Sends the guard what the detector would send it.

        Raises:
            AssertionError: It was not capped in time.
        """
        confirmed_at = float("-inf")

        def is_capped() -> bool:
            nonlocal confirmed_at
            if time.monotonic() - confirmed_at > _CONFIRMED_EVERY:
                confirm()
                confirmed_at = time.monotonic()
            return ("opened", "concurrency-capped") in self.about(name)

        self.wait_for(is_capped)

    def settle(self, *, but: Worker | None = None) -> None:
        """Receive alerts until nothing waits in any queue for a while.

        Args:
            but: A consumer whose queue may hold something, such as what is delivered again later.
        """
        work = Work(self.aws, *(one for one in self.warden.workers if one != but))
        quiet = 0
        deadline = time.monotonic() + _PATIENCE
        while quiet < 3:
            self.alerts += self.inbox.receive(1)
            quiet = 0 if work.waiting() else quiet + 1
            assert time.monotonic() < deadline, self._what_there_is()

    def reasons_of_dead_letters(self) -> list[str]:
        """Why messages were set aside; takes them out of the queues."""
        return [one.reason for one in Work(self.aws, *self.warden.workers).dead_letters()]

    def _what_there_is(self) -> str:
        waiting = Work(self.aws, *self.warden.workers).by_worker()
        alerts = [(a.function, a.state, a.rule) for a in self.alerts]
        return f"waiting: {waiting}; alerts: {alerts}"


@contextmanager
def deployed(name: str, overlay: Mapping[str, Any]) -> Iterator[Scene]:
    """A stage of its own, with these settings laid over those of cdk.json and IAM enforced."""
    with workshop(name) as place:
        provision = Provision(overlay, place, Screen(io.StringIO()))
        with LocalAws.start(place.folder / "aws", enforce_iam=True) as aws:
            warden = provision.finish(aws)
            inbox = Inbox.subscribe(aws, warden.topic, name)
            yield Scene(aws, warden, inbox, create_role(aws))
