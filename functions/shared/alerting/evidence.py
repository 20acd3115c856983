"""Whole evidence, kept in Warden's bucket where an alert carries only a part of it."""

import json
from typing import TYPE_CHECKING, Final

from functions.shared.alerting.finding import Finding
from functions.shared.aws.clients import AwsError, error_code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_EXISTS: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


def key_of(finding: Finding) -> str:
    """Where the whole evidence of a finding lies: named after what it is, so that it never changes.

    It is known from the stored alert alone, which no longer has the whole evidence.
    """
    return f"evidence/{finding.fingerprint}/{finding.whole_digest}.json"


class EvidenceStore:
    """The `evidence/` prefix of Warden's bucket."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, finding: Finding) -> None:
        """Store the whole evidence of a finding, where its alert carries only a part; once.

        Raises:
            ClientError: S3 refused; nothing is stored.
            BotoCoreError: S3 could not be reached.
        """
        if finding.whole_evidence is None:
            return
        document = {
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "function": str(finding.function),
            "evidence": dict(finding.whole_evidence),
        }
        try:
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key_of(finding),
                Body=json.dumps(document, indent=1).encode(),
                ContentType="application/json",
                IfNoneMatch="*",
            )
        except AwsError as error:
            if error_code(error) not in _EXISTS:
                raise
