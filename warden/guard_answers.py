"""What the guard answers, as lines for people. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.guard.commands import Released
from functions.shared.core.text import plain
from warden.output import columns


def switch_line(switch: Mapping[str, Any]) -> str:
    """How the switch is set, by whom, and why."""
    state = "stopped: nothing new is limited" if switch["stopped"] else "on, as far as modes allow"
    by = f", set by {plain(switch['by'], 200)} at {switch['at']}" if switch["by"] else ""
    why = f": {plain(switch['why'], 500)}" if switch["why"] else ""
    return f"Limiting is {state}{by}{why}."


def standing_table(answer: Mapping[str, Any]) -> str:
    """The switch, the modes, and what is limited."""
    modes = ", ".join(f"{name}: {mode}" for name, mode in answer["modes"].items())
    lines = [switch_line(answer["switch"]), f"Modes: {modes}"]
    standing = answer["standing"]
    if not standing:
        return "\n".join([*lines, "No function is limited."])
    head = ("FUNCTION", "ACTION", "LIMIT", "BEFORE", "UNTIL", "WHY")
    rows = [
        (
            one["function"].rpartition(":")[2],
            one["action"] if one["stage"] == "applied" else f"{one['action']} ({one['stage']})",
            str(one["value"]),
            "none" if one["previous"] is None else str(one["previous"]),
            one["until"] or "released",
            plain(one["reason"], 300),
        )
        for one in standing
    ]
    return "\n".join([*lines, *columns([head, *rows])])


def released_table(released: Sequence[Released], function: str, *, everything: bool) -> str:
    """What became of each limit."""
    lines = []
    if released:
        head = ("FUNCTION", "OUTCOME", "DETAIL")
        rows = [(one.function, one.outcome, plain(one.detail, 400)) for one in released]
        lines = columns([head, *rows])
    else:
        lines = ["Nothing was limited." if everything else f"{plain(function)} was not limited."]
    if everything:
        lines.append("All limiting is stopped until: warden guard resume")
    return "\n".join(lines)


def audit_table(entries: Sequence[Mapping[str, Any]], function: str) -> str:
    """The decisions, one line each."""
    if not entries:
        return f"The guard never decided about {function}."
    head = ("AT", "DECISION", "BEFORE", "SET", "BY", "WHY")
    rows = [
        (
            str(one["at"]),
            str(one["decision"]),
            str(one["before"]),
            str(one["value"]),
            plain(one["decided_by"], 200),
            plain(one["reason"], 400),
        )
        for one in entries
    ]
    return "\n".join(columns([head, *rows]))
