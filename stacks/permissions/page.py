"""docs/permissions.md, made from the table: `python -m stacks.permissions.page`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from functions.shared.config import ConcurrencyCap, DetectorPolicy, Mode, WardenConfig
from stacks.part import Part
from stacks.permissions.grant import Grant
from stacks.permissions.table import RESTORE_SCHEDULES, grants

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"

_INTRODUCTION: Final = """\
# Permissions

<!-- Made by `python -m stacks.permissions.page` from stacks/permissions/table.py. -->

Each function has a role of its own, and the role holds exactly the statements below: a test
compares the synthesized template with this table, statement by statement. Names in braces stand
for what the stack itself makes: `{queue}` and `{dead_letters}` are the function's own queues,
`{table}`, `{topics}`, `{bus}`, `{notifier_queue}` and `{bucket}` Warden's, `{log_group}` the
function's own log group, `{schedule_group}` and `{schedule_role}` the Scheduler group of caps and
its role, `{prefix}` the setting `name_prefix`.

In dry-run, the default, no role holds a permission that changes a function of the estate.
"""

_ENFORCE_NOTE: Final = """\
**Going back to dry-run.** Lifting a cap is an action as well, and needs the permission that only
enforce mode gives. Before going back, deploy once with `detector.cap.actions_per_hour: 0`, which
stops new caps at once and still restores, and wait for `detector.cap.minutes`.
"""

_TITLES: Final = {
    Part.SCANNER: "Reads deployed code, resource policies and URLs.",
    Part.TAG_ENFORCER: "Reads tags.",
    Part.ANOMALY_DETECTOR: "Reads metrics and traces; in enforce mode it caps concurrency.",
    Part.SWEEP: "Finds what the events missed.",
    Part.ADVISORY_SYNC: "Keeps the advisory index up to date.",
    Part.REPORTER: "Writes the report of the estate.",
    Part.NOTIFIER: "Tells people and machines of alerts.",
}


def render() -> str:
    """The page as Markdown."""
    watching = WardenConfig()
    acting = WardenConfig(detector=DetectorPolicy(cap=ConcurrencyCap(mode=Mode.ENFORCE)))
    sections = [_INTRODUCTION]
    for part in Part:
        always = grants(part, watching)
        sections.append(f"## {part.value}\n\n{_TITLES[part]}\n\n{_table(always)}")
        if more := [grant for grant in grants(part, acting) if grant not in always]:
            sections.append(
                f"### Only with `detector.cap.mode: enforce`\n\n{_table(more)}\n{_ENFORCE_NOTE}"
            )
    sections.append(
        "## Schedules that lift caps\n\nThe anomaly-detector passes this role to EventBridge "
        "Scheduler, which may use it for schedules of Warden's group only.\n\n"
        f"{_table(RESTORE_SCHEDULES)}"
    )
    return "\n".join(sections)


def _table(rows: Iterable[Grant]) -> str:
    lines = ["| Statement | Actions | Resources | Why |", "| --- | --- | --- | --- |"]
    lines += [_row(grant) for grant in rows]
    return "\n".join(lines) + "\n"


def _row(grant: Grant) -> str:
    name = f"`{grant.name}` (**deny**)" if grant.denied else f"`{grant.name}`"
    why = grant.why
    for tests in grant.conditions.values():
        why += "".join(f" Only where `{key}` is `{value}`." for key, value in tests.items())
    if grant.wildcard:
        why += f" *Wildcard:* {grant.wildcard}"
    return f"| {name} | {_codes(grant.actions)} | {_codes(grant.resources)} | {why} |"


def _codes(texts: Iterable[str]) -> str:
    return "<br>".join(f"`{text}`" for text in texts)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
