"""`severity`: how urgent what is found shall be, by rule, kind and environment."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Final

from pydantic import AfterValidator, Field, model_validator

from functions.shared.config.block import Block, KindLabel, SeverityLabel
from functions.shared.core.rules import RULES
from functions.shared.core.severity import Severity

_NEAREST: Final = 3


def _as_rule_pattern(text: str) -> str:
    if not any(fnmatchcase(rule, text) for rule in RULES):
        word = text.strip("*")
        near = [rule for rule in sorted(RULES) if word[:4] and word[:4] in rule][:_NEAREST]
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ValueError(f"{text!r} is no rule and matches none{hint} `warden rules` lists them")
    return text


RulePattern = Annotated[str, AfterValidator(_as_rule_pattern)]


class SeverityOverride(Block):
    """Another severity than the rule's own. Empty conditions are met by everything."""

    rules: tuple[RulePattern, ...] = Field((), description="Rules, `*` for any characters.")
    kinds: tuple[KindLabel, ...] = Field((), description="Kinds of finding.")
    environments: tuple[str, ...] = Field(
        (), description="Environments, `*` for any characters; `unknown` where nobody knows."
    )
    severity: SeverityLabel | None = Field(None, description="Always this.")
    at_most: SeverityLabel | None = Field(None, description="Never worse than this.")
    at_least: SeverityLabel | None = Field(None, description="Never less than this.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> "SeverityOverride":
        bounds = [one for one in (self.at_least, self.at_most) if one]
        if not self.severity and not bounds:
            raise ValueError("say `severity`, `at_most` or `at_least`")
        if self.severity and bounds:
            raise ValueError("`severity` leaves nothing for `at_most` and `at_least` to decide")
        if len(bounds) == len(("least", "most")) and Severity.parse(bounds[0]) > Severity.parse(
            bounds[1]
        ):
            raise ValueError("`at_least` is worse than `at_most`")
        return self

    def is_met(self, rule: str, kind: str, environment: str) -> bool:
        """Whether it applies to a finding; `environment` is `unknown` where nobody knows it."""
        return (
            _matches(rule, self.rules)
            and (not self.kinds or kind in self.kinds)
            and _matches(environment, self.environments)
        )

    def of(self, judged: Severity) -> Severity:
        """What it makes of the severity that a rule gave."""
        if self.severity:
            return Severity.parse(self.severity)
        least = Severity.parse(self.at_least) if self.at_least else Severity.INFO
        most = Severity.parse(self.at_most) if self.at_most else Severity.CRITICAL
        return min(max(judged, least), most)


class SeverityPolicy(Block):
    """How urgent what is found shall be. Alerts, pages, digests and the report all follow it."""

    overrides: tuple[SeverityOverride, ...] = Field(
        (),
        max_length=50,
        description="Other severities than the rules' own: `rules`, `kinds` and `environments` "
        "choose, `severity`, `at_most` or `at_least` decides; the first that applies counts. "
        "`warden rules` shows the result.",
    )
    production: tuple[str, ...] = Field(
        ("prod*",),
        min_length=1,
        description="Environments, `*` for any characters, in which a function that fails for "
        "every caller is critical. An unknown environment neither raises a severity nor lowers it.",
    )
    every_caller_share: float = Field(
        0.95, gt=0.5, le=1, description="Share of failed or refused calls that is every caller."
    )
    floor_usd_an_hour: float = Field(
        1.0,
        ge=0,
        description="Outside of production, a runaway that costs less than this an hour and stays "
        "below `floor_executions` is of medium severity at most.",
    )
    floor_executions: int = Field(
        50, ge=0, description="Executions at the same time; see `floor_usd_an_hour`."
    )

    def is_production(self, environment: str) -> bool | None:
        """Whether an environment is one of production; None where it is unknown."""
        return _matches(environment, self.production) if environment else None


def _matches(value: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(value, pattern) for pattern in patterns)


STAKES: Final[Mapping[str, str]] = {
    "extra_usd_an_hour": "floor_usd_an_hour",
    "executions_at_once": "floor_executions",
}
"""Evidence that says what is at stake, and the floor it is compared with."""
