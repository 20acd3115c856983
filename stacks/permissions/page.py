"""docs/permissions.md, made from the table: `python -m stacks.permissions.page`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from functions.shared.config import (
    GuardPolicy,
    Mode,
    QuarantinePolicy,
    QuarantineReason,
    WardenConfig,
)
from stacks.part import Part
from stacks.permissions.grant import Grant
from stacks.permissions.roles.guard import RESTORE_SCHEDULES
from stacks.permissions.table import grants

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"

_INTRODUCTION: Final = """\
# Permissions

<!-- Made by `python -m stacks.permissions.page` from stacks/permissions/table.py. -->

Each function has a role of its own, and the role holds exactly the statements below: a test
compares the synthesized template with this table, statement by statement. Names in braces stand
for what the stack itself makes: `{queue}` and `{dead_letters}` are the function's own queues,
`{table}`, `{topics}`, `{bus}`, `{notifier_queue}`, `{guard_queue}` and `{bucket}` Warden's,
`{log_group}` the function's own log group, `{schedule_group}` and `{schedule_role}` the Scheduler
group of limits and its role, `{prefix}` the setting `name_prefix`. With `trace_busy_parts`, every
function also has `SendTraces`.

Only the guard's role may ever change a function of the estate. In dry-run, the default, nothing
makes it do so, and it holds the permission for one purpose: what still stands after `enforce` was
left, or while the stack is being removed, is restored.
"""

_RESTORE_NOTE: Final = """\
**Leaving enforce mode** needs no preparation: `SetConcurrency` stays, and what stands is lifted on
time or by `make guard-release`. A deployment that never enforced can do without it, with
`guard.keep_restore_permission: false`; then no role can change a function at all. **Before a
function is made exempt**, release it (`warden guard release NAME`): the denial below also
forbids restoring it, which then only a person can.
"""

_TITLES: Final = {
    Part.SCANNER: "Reads deployed code, resource policies and URLs.",
    Part.TAG_ENFORCER: "Reads tags.",
    Part.ANOMALY_DETECTOR: "Reads metrics and traces, and asks the guard to act.",
    Part.GUARD: "Limits runaways where policy enforces, and restores what was there before.",
    Part.SWEEP: "Finds what the events missed.",
    Part.ADVISORY_SYNC: "Keeps the advisory index up to date.",
    Part.REPORTER: "Writes the report of the estate.",
    Part.SENSOR_WATCH: "Takes in what the sensor tells; deployed with `sensor.enabled` only.",
    Part.LOG_WATCH: "Takes in what subscribed logs deliver; deployed with `logs.enabled` only.",
    Part.NOTIFIER: "Tells people and machines of alerts.",
}
_ASKS: Final = {
    Part.SCANNER: "Only where `guard.quarantine.reasons` names `known-exploited`",
    Part.TAG_ENFORCER: "Only where `guard.quarantine.reasons` names `lifecycle`",
}


def render() -> str:
    """The page as Markdown."""
    watching = WardenConfig()
    acting = WardenConfig(guard=GuardPolicy(mode=Mode.ENFORCE))
    stopping = WardenConfig(
        guard=GuardPolicy(quarantine=QuarantinePolicy(reasons=tuple(QuarantineReason)))
    )
    sections = [_INTRODUCTION]
    for part in Part:
        always = grants(part, watching)
        sections.append(f"## {part.value}\n\n{_TITLES[part]}\n\n{_table(always)}")
        if more := [grant for grant in grants(part, acting) if grant not in always]:
            sections.append(
                f"### Only where a mode is `enforce`\n\n{_table(more)}\n{_RESTORE_NOTE}"
            )
        if asks := [grant for grant in grants(part, stopping) if grant not in always]:
            sections.append(f"### {_ASKS[part]}\n\n{_table(asks)}")
    sections.append(
        "## Schedules that lift limits\n\nThe guard passes this role to EventBridge "
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
        why += "".join(f" {_test(key, value)}" for key, value in tests.items())
    if grant.wildcard:
        why += f" *Wildcard:* {grant.wildcard}"
    return f"| {name} | {_codes(grant.actions)} | {_codes(grant.resources)} | {why} |"


def _test(key: str, value: str | list[str]) -> str:
    if isinstance(value, str):
        return f"Only where `{key}` is `{value}`."
    return f"Where `{key}` is none of {', '.join(f'`{one}`' for one in value)}."


def _codes(texts: Iterable[str]) -> str:
    return "<br>".join(f"`{text}`" for text in texts)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
