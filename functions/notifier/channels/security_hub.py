"""Keeping Security Hub in line with the alerts, for teams that live there.

An import tells what is wrong and whether it still is (`RecordState`). Whether somebody accepted it
is part of the investigation, `Workflow`, which an import sets for a new finding only; for one that
exists it takes an update (Security Hub API reference, BatchImportFindings). People's own settings
are left alone: Warden writes `RESOLVED` when it is over, `SUPPRESSED` when it is waived, and `NEW`
when a waiver ended. That a resolved finding which comes back is new again is Security Hub's doing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from functions.notifier.channels.asff import Product, concerns, finding_id, security_finding
from functions.shared.alerting.alert import State
from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.handling import Decided, Handling
from functions.shared.alerting.notification import Notice
from functions.shared.aws.clients import AwsError, error_code
from functions.shared.core.batches import batches
from functions.shared.core.text import plain

if TYPE_CHECKING:
    from mypy_boto3_securityhub import SecurityHubClient
    from mypy_boto3_securityhub.type_defs import AwsSecurityFindingTypeDef

_AT_ONCE: Final = 100
_NOTE: Final = 512
_MUTES: Final = frozenset({Decided.WAIVED.value, Decided.MUTED.value})


@dataclass(frozen=True, slots=True)
class Refused:
    """A finding that Security Hub did not take, or whose workflow it did not change.

    Attributes:
        id: Its id there.
        cause: The service's own code, such as `InvalidAccessException` where it is not enabled.
    """

    id: str
    cause: str


class Workflow(NamedTuple):
    """What becomes of the investigation.

    Attributes:
        status: The workflow status.
        note: Why, for those who look at the finding.
    """

    status: Literal["NEW", "RESOLVED", "SUPPRESSED"]
    note: str


def workflow(notice: Notice) -> Workflow | None:
    """What an alert's change means for the investigation; None where that is up to people."""
    if notice.state is State.RESOLVED:
        return Workflow("RESOLVED", "Lambda Warden looked again and found it gone.")
    mute = notice.handling.mute
    if notice.state is State.WAIVED and mute is not None:
        until = f" until {mute.until.date().isoformat()}" if mute.until else ""
        return Workflow("SUPPRESSED", plain(f"Waived{until}: {mute.reason}", _NOTE))
    if _waiver_ended(notice.handling):
        return Workflow("NEW", "The waiver ended, and it still holds.")
    return None


def _waiver_ended(handling: Handling) -> bool:
    """Whether a waiver ended, and not a silence or an explanation: these were never told there."""
    if Decided.UNMUTED not in handling.unsent:
        return False
    mutes = [entry.what for entry in handling.history if entry.what in _MUTES]
    return mutes[-1:] == [Decided.WAIVED.value]


class SecurityHub:
    """Security Hub in the account and region that Warden runs in."""

    def __init__(self, client: "SecurityHubClient", product: Product) -> None:
        self._client = client
        self._product = product

    def send(self, notices: Sequence[Notice], context: Context) -> tuple[Refused, ...]:
        """Report alerts as they stand; those of kinds that do not concern it are passed over.

        Sending twice does no harm: a finding is known by its id.

        Returns:
            What was refused, to be sent again or complained about.
        """
        latest = {finding_id(one.alert): one for one in notices if concerns(one.alert)}
        refused = [
            one
            for batch in batches(list(latest), _AT_ONCE)
            for one in self._import(batch, latest, context)
        ]
        gone = {one.id for one in refused}
        changes: dict[Workflow, list[str]] = defaultdict(list)
        for id_, notice in latest.items():
            change = workflow(notice)
            if change and id_ not in gone:
                changes[change].append(id_)
        for change, ids in changes.items():
            refused += [one for batch in batches(ids, _AT_ONCE) for one in self._set(change, batch)]
        return tuple(refused)

    def _import(
        self, ids: Sequence[str], latest: Mapping[str, Notice], context: Context
    ) -> list[Refused]:
        findings = [self._finding(latest[id_], context) for id_ in ids]
        try:
            answer = self._client.batch_import_findings(Findings=findings)
        except AwsError as error:
            return [Refused(id_, error_code(error)) for id_ in ids]
        return [Refused(one["Id"], one["ErrorCode"]) for one in answer.get("FailedFindings", [])]

    def _finding(self, notice: Notice, context: Context) -> "AwsSecurityFindingTypeDef":
        finding = security_finding(notice, self._product, context)
        if change := workflow(notice):
            finding["Workflow"] = {"Status": change.status}
        return finding

    def _set(self, change: Workflow, ids: Sequence[str]) -> list[Refused]:
        try:
            answer = self._client.batch_update_findings(
                FindingIdentifiers=[{"Id": id_, "ProductArn": self._product.arn} for id_ in ids],
                Workflow={"Status": change.status},
                Note={"Text": change.note, "UpdatedBy": "Lambda Warden"},
            )
        except AwsError as error:
            return [Refused(id_, error_code(error)) for id_ in ids]
        return [
            Refused(one["FindingIdentifier"]["Id"], one["ErrorCode"])
            for one in answer["UnprocessedFindings"]
        ]
