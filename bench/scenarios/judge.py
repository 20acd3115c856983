"""Whether what was told of a story is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.scenarios.story import MESSAGES, PERIOD, Story
from functions.anomaly_detector.metrics.series import when
from functions.shared.core.severity import Severity


@dataclass(frozen=True, slots=True)
class Message:
    """One message that a person would have had.

    Attributes:
        at: When.
        state: `opened`, `updated` or `resolved`.
        rule: Which rule.
        severity: How bad.
        text: What it says.
    """

    at: datetime
    state: str
    rule: str
    severity: Severity
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one story.

    Attributes:
        story: Which one.
        wrong: What was wrong; empty where all was right.
        delay: Minutes until it was told, None where it was not.
        messages: How many messages there were.
        severity: The highest of them.
    """

    story: str
    wrong: str
    delay: float | None
    messages: int
    severity: Severity | None


def judge(story: Story, messages: Sequence[Message]) -> Outcome:
    """Hold messages against what is right."""
    right = story.right
    opened = [one for one in messages if one.state == "opened"]
    highest = max((one.severity for one in messages if one.state != "resolved"), default=None)
    if right.first is None:
        wrong = ""
        if highest is not None and highest > right.most:
            wrong = f"{highest.label}"
        elif len(opened) > right.openings or len(messages) > MESSAGES:
            wrong = f"{len(opened)} opened"
        return Outcome(story.name, wrong, None, len(messages), highest)
    began = when(story.times[right.first])
    first_known = began + timedelta(seconds=PERIOD)
    early = [one for one in opened if one.at < first_known]
    later = [one for one in opened if one.at >= first_known]
    delay = (later[0].at - first_known).total_seconds() / 60 if later else None
    wrong = _wrong(story, messages, early, delay, highest)
    return Outcome(story.name, wrong, delay, len(messages), highest)


def _wrong(
    story: Story,
    messages: Sequence[Message],
    early: Sequence[Message],
    delay: float | None,
    highest: Severity | None,
) -> str:
    right = story.right
    if early:
        return f"false alert before: {early[0].rule}"
    if delay is None or highest is None:
        return "not told"
    faults = {
        f"told after {delay:.0f} min of {right.within}": delay > right.within,
        f"only {highest.label}": highest < right.least,
        f"{highest.label} is too much": highest > right.most,
        f"{len(messages)} messages": len(messages) > MESSAGES,
        "resolved while it lasted": _ends_early(story, messages),
    }
    return next((fault for fault, holds in faults.items() if holds), "")


def _ends_early(story: Story, messages: Sequence[Message]) -> bool:
    rules: set[str] = set()
    end = when(story.times[min(story.right.last, len(story.times)) - 1])
    for one in messages:
        if one.state == "resolved":
            rules.discard(one.rule)
            if one.at < end and not rules:
                return True
        else:
            rules.add(one.rule)
    return False
