"""The policy that is in force: an accepted upload, else the deployed one, else the default."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from functions.shared.policy.model import Policy
from functions.shared.policy.read import DEFAULT, default_policy
from functions.shared.state.table import Table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from functions.shared.runtime.deployment import Deployment

PARTITION: Final = "POLICY"
_ACCEPTED: Final = "ACCEPTED"
DEPLOYED_WITH_WARDEN: Final = "the policy that Warden comes with"


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy and where it is from.

    Attributes:
        policy: What it says.
        digest: Identity of the text; a change of it asks for a new judgement of everything.
        source: Where it is from, for people.
        text: The file as somebody wrote it; empty where only its meaning was deployed.
        since: When it was accepted; None where it came with a deployment.
    """

    policy: Policy
    digest: str
    source: str
    text: str = ""
    since: datetime | None = None


class PolicyStore:
    """Reads the policy in force, and keeps uploads that were accepted."""

    def __init__(self, table: Table, s3: "S3Client | None" = None, deployed: str = "") -> None:
        """Know where policies are.

        Args:
            table: The state table, which keeps the accepted upload.
            s3: Client, for a deployed policy.
            deployed: `s3://bucket/key` of the policy that the stack was deployed with; empty for
                the default.
        """
        self._table, self._s3, self._deployed = table, s3, deployed

    def in_force(self) -> InForce:
        """The policy that functions are judged by.

        Raises:
            ClientError: The deployed policy could not be read; try again.
        """
        item = self._table.get(PARTITION, _ACCEPTED)
        if item:
            return InForce(
                policy=_parsed(str(item["document"])),
                digest=str(item["digest"]),
                source=str(item["source"]),
                text=str(item["text"]),
                since=datetime.fromisoformat(str(item["since"])),
            )
        return self.deployed()

    def deployed(self) -> InForce:
        """The policy that holds while no upload is accepted.

        Raises:
            ClientError: It could not be read; try again.
        """
        if self._deployed and self._s3:
            bucket, _, key = self._deployed.removeprefix("s3://").partition("/")
            document = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
            return InForce(_parsed(document), _digest(document), "the deployment")
        text = DEFAULT.read_text(encoding="utf-8")
        return InForce(default_policy(), _digest(text), DEPLOYED_WITH_WARDEN, text)

    def digest(self) -> str:
        """Identity of the policy in force, by one read of the table."""
        item = self._table.get(PARTITION, _ACCEPTED)
        return str(item["digest"]) if item else _digest(self._deployed)

    def accept(self, text: str, policy: Policy, source: str, now: datetime) -> None:
        """Put an upload in force."""
        self._table.put(
            {
                "pk": PARTITION,
                "sk": _ACCEPTED,
                "text": text,
                "document": as_document(policy),
                "digest": _digest(text),
                "source": source,
                "since": now.isoformat(),
            }
        )

    def withdraw(self) -> None:
        """Go back to the deployed policy: the upload was taken away."""
        self._table.delete(PARTITION, _ACCEPTED)


def policy_store(warden: "Deployment") -> PolicyStore:
    """The policies of a deployment."""
    return PolicyStore(warden.table, warden.aws.s3, warden.settings.policy)


def as_document(policy: Policy) -> str:
    """A policy as JSON, which is read without a library for YAML."""
    return policy.model_dump_json(by_alias=True, exclude_defaults=True)


@lru_cache(maxsize=4)
def _parsed(document: str) -> Policy:
    return Policy.model_validate_json(document)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
