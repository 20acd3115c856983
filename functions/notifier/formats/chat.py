"""A message for Slack and Teams, in the schema of Amazon Q Developer's custom notifications. Pure.

Source: Amazon Q Developer in chat applications, administrator guide, "Custom notifications":
version `1.0`, source `custom`; a title of at most 250 and a description of at most 8,000
characters; both, and the next steps, in the client's own Markdown. Slack's and Teams' differ, so
only what both read alike is used: `*emphasis*`, code, `<https://…>`, and lists with hyphens.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.links import links_of, runbook_of
from functions.shared.alerting.formats.unlinked import chat_code, chat_text, chat_value
from functions.shared.alerting.formats.wording import (
    UNKNOWN,
    Bundle,
    about,
    acknowledged,
    bundles,
    commands,
    counts,
    environment_of,
    gist,
    group_label,
    happened,
    how_bad,
    label,
    list_command,
    owner_of,
    rules,
    summed_up,
    times,
    why,
)
from functions.shared.alerting.notification import AlertEvent, Notification
from functions.shared.core.rules import About
from functions.shared.core.text import listed, plain

_TITLE: Final = 250
_DESCRIPTION: Final = 8000
# The guide names no limits for these; they keep a message to a screen.
_STEP: Final = 1200
_STEPS: Final = 8
_NAMES: Final = 10
_REMEDY: Final = 600
_RESOURCES: Final = 40
_KEYWORD: Final = 60


def chat(notification: Notification, context: Context) -> dict[str, Any]:
    """One message; those about the same incident share a thread."""
    single = notification.is_single
    paragraphs = _one(notification, context) if single else _several(notification, context.now)
    return {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": _title(notification),
            "description": _fitting(list(paragraphs), notification),
            "nextSteps": list(_steps(notification, context)),
            "keywords": _keywords(notification),
        },
        "metadata": _metadata(notification),
    }


def _title(notification: Notification) -> str:
    if notification.is_single:
        notice = notification.notices[0]
        finding = notice.alert.finding
        words = f"{label(notice)}: {finding.title} ({finding.name})"
    else:
        whose = f" ({notification.owner})" if notification.owner else ""
        words = f"{group_label(notification)}: {gist(notification)}{whose}"
    return _cut(chat_text(words), _TITLE)


def _one(notification: Notification, context: Context) -> Iterator[str]:
    notice = notification.notices[0]
    alert = notice.alert
    finding = alert.finding
    yield chat_text(happened(notice, context.now))
    function = finding.function
    what, name = about(finding)
    of_account = finding.about is About.ACCOUNT
    where = "" if of_account else f" in {function.region}, account {function.account}"
    whose = f"{chat_code(owner_of(alert))}, environment: {chat_code(environment_of(alert))}"
    facts = [
        f"- {what}: {chat_code(name)}{where}",
        f"- Owner: {whose}",
        f"- {chat_text(': '.join(how_bad(alert)))}",
        *(f"- {': '.join(one)}" for one in times(alert, context.now)),
        f"- Acknowledged: {chat_text(acknowledged(notice, context.now))}",
    ]
    yield "\n".join(facts)
    yield f"*{why(alert)}:* {chat_text(finding.reason)}"
    event = commands(notice, context.now)
    yield "\n".join(f"- {meaning}: {chat_code(command)}" for meaning, command in event)


def _several(notification: Notification, now: datetime) -> Iterator[str]:
    yield chat_text(summed_up(notification))
    for bundle in bundles(notification.notices):
        yield _block(bundle, now)


def _block(bundle: Bundle, now: datetime) -> str:
    notice = bundle.first
    names = [chat_code(name) for name in bundle.names]
    lines = [
        f"- *{chat_text(f'{label(notice)}: {bundle.title}')}*",
        f"- {listed(names, _NAMES)} ({chat_text(bundle.whose)})",
    ]
    if notice.event is not AlertEvent.OPENED:
        lines.append(f"- {chat_text(bundle.happened(now))}")
    if notice.alert.is_open:
        lines += [f"- {chat_text(': '.join(one))}" for one in bundle.why(now)]
        lines.append(f"- To do: {chat_text(plain(bundle.remedy, _REMEDY))}")
    return "\n".join(lines)


def _fitting(paragraphs: list[str], notification: Notification) -> str:
    """As many paragraphs as there is room for, and what became of the others."""
    left = notification.total - len(notification.notices)
    tail = (
        []
        if notification.is_single
        else [
            (f"{left} more are not listed. " if left else "")
            + f"By rule: {chat_text(rules(notification.by_rule))}. "
            f"All of them: {chat_code(list_command(notification))}"
        ]
    )
    room = _DESCRIPTION - sum(len(one) + 2 for one in tail)
    cut = "…and more, with the command below."
    kept: list[str] = []
    for paragraph in paragraphs:
        room -= len(paragraph) + 2
        if room < len(cut) + 2:
            kept.append(cut)
            break
        kept.append(paragraph)
    return "\n\n".join([*kept, *tail])


def _steps(notification: Notification, context: Context) -> Iterator[str]:
    if not notification.is_single:
        yield from _runbooks(notification, context)
        return
    notice = notification.notices[0]
    if notice.alert.is_open:
        yield _cut(chat_text(notice.alert.finding.remedy), _STEP)
    if not context.runbooks_url:
        yield f"Runbook: {chat_code(runbook_of(notice.alert.finding.rule, context))}"
    for link in links_of(notice.alert, context)[:_STEPS]:
        yield f"{link.title}: <{link.url}>"


def _runbooks(notification: Notification, context: Context) -> Iterator[str]:
    """The runbook of each rule that several alerts are of, the worst first."""
    rules_ = dict.fromkeys(notice.alert.finding.rule for notice in notification.notices)
    for rule in list(rules_)[:_STEPS]:
        if context.runbooks_url:
            yield f"Runbook of {rule}: <{runbook_of(rule, context)}>"


def _keywords(notification: Notification) -> list[str]:
    words = [
        notification.severity.label,
        notification.owner,
        notification.environment,
        *list(notification.by_rule)[:3],
    ]
    return [_cut(chat_text(plain(word, _KEYWORD)), _KEYWORD + 2) for word in words if word]


def _metadata(notification: Notification) -> dict[str, Any]:
    first = notification.notices[0]
    finding = first.alert.finding
    arns = dict.fromkeys(str(one.alert.finding.arn) for one in notification.notices)
    context = {
        "severity": notification.severity.label,
        "occasion": notification.occasion.value,
        "total": str(notification.total),
        "owner": chat_value(notification.owner or UNKNOWN),
        "environment": chat_value(notification.environment or UNKNOWN),
    }
    if notification.is_single:
        context |= {
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "function": finding.name,
        }
    single = notification.is_single
    return {
        "threadId": finding.fingerprint if single else chat_value(plain(notification.group, 200)),
        "summary": _cut(
            chat_text(
                f"{label(first)}: {finding.title}"
                if single
                else f"{notification.total} alerts: {counts(notification.by_severity)}"
            ),
            _TITLE,
        ),
        "eventType": "lambda-warden-alert",
        "relatedResources": list(arns)[:_RESOURCES],
        "additionalContext": context,
    }


def _cut(text: str, limit: int) -> str:
    """Shorten marked-up text without leaving code open."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 2].rstrip()
    return f"{kept}…" if kept.count("`") % 2 == 0 else f"{kept}`…"
