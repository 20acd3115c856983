"""What a waiver file changes, and what is to be said of the file itself. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed
from functions.shared.muting.borders import Border
from functions.shared.muting.waiver import Waiver
from functions.shared.muting.waiver_file import WaiverFile

RULE: Final = "waiver-file-invalid"


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written.

    Attributes:
        write: Waivers that are new or say something else now.
        remove: Waivers that their file does not have any more.
        concerned: All of these, also as they were before: whose alerts are looked at again.
    """

    write: tuple[Waiver, ...]
    remove: tuple[Waiver, ...]
    concerned: tuple[Waiver, ...]


def changes(present: Sequence[Waiver], file: WaiverFile, border: Border, now: datetime) -> Changes:
    """Compare a file with what was taken over from it before.

    While something is wrong with a file, nothing of it is removed: what seems to be gone may be
    what is wrong. It stays accepted until it expires, as somebody once decided. What reaches
    beyond the file's border is removed in any case: nobody could decide that there.

    Args:
        present: Waivers whose source is this file.
        file: What it says now.
        border: What its waivers may be about.
        now: The time.
    """
    known = {waiver.id: waiver for waiver in present}
    wanted = {waiver.id: waiver for waiver in file.waivers}
    write = []
    for waiver in wanted.values():
        before = known.get(waiver.id)
        kept = replace(waiver, created_at=before.created_at) if before else waiver
        if kept != before and (before or waiver.expires > now):
            write.append(kept)
    gone = tuple(
        one
        for one in present
        if one.id not in wanted and (not file.faults or not border.holds(one))
    )
    return Changes(tuple(write), gone, (*write, *gone))


def check(file: WaiverFile, notifier: FunctionArn) -> Verdict:
    """Fail when a file, or one of its waivers, is not to be understood.

    Args:
        file: What it says.
        notifier: Warden's function that reads it; the finding is about it.
    """
    if not file.faults:
        return Verdict(RULE)
    faults = [str(fault) for fault in file.faults]
    if file.readable:
        wrong = len({fault.entry for fault in file.faults})
        title = "Some waivers of a file are wrong"
        reason = (
            f"{wrong} waiver{'s' if wrong > 1 else ''} of {file.name} cannot be understood and "
            f"accept{'' if wrong > 1 else 's'} nothing; {len(file.waivers)} are in force. "
        )
    else:
        title = "Waiver file cannot be read"
        reason = f"Nothing of {file.name} could be taken over. "
    finding = Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.MEDIUM,
        severity_reason="People may get alerts about what they accepted, or none about what they "
        "meant to take back.",
        function=notifier,
        title=title,
        reason=f"{reason}What it accepted before and does not say now stays accepted until it "
        f"expires. {listed(faults, 3)}.",
        remedy="Correct the file and upload it with `warden waive --file FILE`, which checks it "
        "first.",
        subject=file.name,
        evidence={"file": file.name, "faults": faults},
        update_key="\n".join(faults),
    )
    return Verdict(RULE, (finding,))
