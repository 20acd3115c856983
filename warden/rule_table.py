"""Which rule is how urgent where, and who is told of it how: the settings, applied. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from functions.shared.alerting.finding import Finding
from functions.shared.alerting.urgency import UNKNOWN, urgency
from functions.shared.config import NotificationPolicy, WardenConfig
from functions.shared.core.arn import FunctionArn
from functions.shared.core.rules import RULES, Rule
from functions.shared.core.severity import Severity
from functions.shared.core.topic_names import route_topic

MAIN_TOPIC: Final = "main topic"
DIGEST: Final = "digest"
_ANY: Final = FunctionArn("aws", "us-east-1", "000000000000", "any")


@dataclass(frozen=True, slots=True)
class Place:
    """What one rule means in one environment.

    Attributes:
        environment: The environment, `unknown` where nobody knows it.
        severities: The severities that its alerts can have there, the least first.
        told: Who is told, a topic or the digest; several where it depends on severity or owner.
        emails: The addresses that the settings subscribe there.
    """

    environment: str
    severities: tuple[Severity, ...]
    told: tuple[str, ...]
    emails: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Its severities in a few words: `medium`, `low to high`, or `depends` for all of them."""
        if len(self.severities) == len(Severity):
            return "depends"
        least, most = self.severities[0].label, self.severities[-1].label
        return least if least == most else f"{least} to {most}"


@dataclass(frozen=True, slots=True)
class Row:
    """A rule, and what it means in each environment."""

    rule: Rule
    places: tuple[Place, ...]

    @property
    def default(self) -> str:
        """Its own severity: a label, or that it depends on what was found."""
        return "depends" if self.rule.severity is None else self.rule.severity.label


def rule_table(
    config: WardenConfig, environments: Iterable[str], rules: Iterable[Rule] = RULES.values()
) -> list[Row]:
    """The whole table.

    Args:
        config: The settings.
        environments: The environments of the policy.
        rules: The rules to show; all of them where not given.
    """
    columns = (*environments, UNKNOWN)
    return [
        Row(one, tuple(_place(one, environment, config) for environment in columns))
        for one in rules
    ]


def _place(rule: Rule, environment: str, config: WardenConfig) -> Place:
    severities = tuple(sorted(set(_possible(rule, environment, config))))
    told = dict(_told(rule, environment, severities, config))
    return Place(environment, severities, tuple(told), tuple(dict.fromkeys(sum(told.values(), ()))))


def _possible(rule: Rule, environment: str, config: WardenConfig) -> Iterator[Severity]:
    """Each severity that an alert can have: what its rule may give, with and without a stake."""
    where = "" if environment == UNKNOWN else environment
    judged = Severity if rule.severity is None else (rule.severity,)
    for severity in judged:
        for evidence in ({}, {"share": 1.0}) if rule.callers else ({},):
            yield urgency(_finding(rule, severity, evidence), where, config.severity).severity


def _finding(rule: Rule, severity: Severity, evidence: dict[str, float]) -> Finding:
    return Finding(
        rule=rule.id,
        kind=rule.kind,
        severity=severity,
        function=_ANY,
        title=rule.title,
        reason="",
        remedy="",
        evidence=evidence,
    )


def _told(
    rule: Rule, environment: str, severities: Sequence[Severity], config: WardenConfig
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for severity in severities:
        yield from _told_of(rule, environment, severity, config)


def _told_of(
    rule: Rule, environment: str, severity: Severity, config: WardenConfig
) -> Iterator[tuple[str, tuple[str, ...]]]:
    policy = config.notifications
    for route in policy.routes:
        if not route.may_take(environment, severity.label, rule.kind.value):
            continue
        name = route_topic(config.name_prefix, route.name)
        waits = _waits(severity, policy) and severity.label not in route.severities
        yield (DIGEST, ()) if waits else (name, route.emails)
        if not route.owners:
            return
    yield (DIGEST, ()) if _waits(severity, policy) else (MAIN_TOPIC, config.alert_emails)


def _waits(severity: Severity, policy: NotificationPolicy) -> bool:
    return policy.digest != "off" and severity < Severity.parse(policy.at_once_from)
