"""`notifications`: when people are told, in what company, and where."""

from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, field_validator

from functions.shared.config.block import EMAIL, Block, KindLabel, SeverityLabel


class Route(Block):
    """Alerts that go to a topic of their own. Empty conditions are met by every alert."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9-]{0,30}$", description="Ends the name of the route's topic."
    )
    owners: tuple[str, ...] = Field((), description="Owners, `*` stands for any characters.")
    environments: tuple[str, ...] = Field((), description="Environments, likewise.")
    severities: tuple[SeverityLabel, ...] = Field((), description="Severities.")
    kinds: tuple[KindLabel, ...] = Field((), description="Kinds of finding.")
    emails: tuple[Annotated[str, Field(pattern=EMAIL)], ...] = Field(
        (), description="Addresses that receive what this route takes."
    )

    def takes(self, owner: str, environment: str, severity: str, kind: str) -> bool:
        """Whether an alert meets all conditions; what nobody knows of it is called `unknown`."""
        return _matches(owner, self.owners) and self.may_take(environment, severity, kind)

    def may_take(self, environment: str, severity: str, kind: str) -> bool:
        """Whether an alert meets all conditions but the owner's."""
        return (
            _matches(environment, self.environments)
            and (not self.severities or severity in self.severities)
            and (not self.kinds or kind in self.kinds)
        )


def _matches(value: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(value, pattern) for pattern in patterns)


class NotificationPolicy(Block):
    """When people are told, in what company, and where. The words are those of Alertmanager."""

    group_by: tuple[Literal["owner", "environment", "kind", "rule", "function"], ...] = Field(
        ("owner",), description="Alerts that have these in common share a message."
    )
    group_wait_seconds: int = Field(
        30,
        ge=0,
        le=600,
        description="Wait this long for more of a group before its first message; critical alerts "
        "do not wait.",
    )
    group_interval_minutes: int = Field(
        5,
        ge=0,
        le=24 * 60,
        description="Time between two messages of one group; critical alerts do not wait.",
    )
    repeat_interval_hours: dict[SeverityLabel, Annotated[int, Field(ge=1, le=24 * 30)]] = Field(
        default={"critical": 4},
        description="Remind of open alerts of a severity after this time, and again. Those left "
        "out appear in the digest only.",
    )
    at_once_from: SeverityLabel = Field(
        "medium",
        description="Alerts that are less severe wait for the digest, unless they take a route "
        "that names their severity. Without a digest nothing waits.",
    )
    acknowledgement_hours: int = Field(
        24, ge=1, le=24 * 14, description="How long an acknowledgement holds reminders back."
    )
    flap_switches: int = Field(
        4,
        ge=3,
        le=20,
        description="So many openings and resolutions within `flap_minutes` are flapping: told "
        "once, and again when the alert has kept still that long.",
    )
    flap_minutes: int = Field(60, ge=5, le=24 * 60, description="See `flap_switches`.")
    storm_messages_per_minute: int = Field(
        20, ge=1, le=1000, description="Past this number, messages collapse into a summary."
    )
    routes: tuple[Route, ...] = Field(
        (),
        description="Topics of their own; the first route whose conditions an alert meets takes "
        "it, the main topic takes the rest.",
    )
    chat: bool = Field(
        False,  # noqa: FBT003 - pydantic's own shape
        description="Whether to make a topic whose messages Amazon Q Developer in chat "
        "applications shows in Slack and Teams.",
    )
    security_hub: bool = Field(
        False,  # noqa: FBT003 - pydantic's own shape
        description="Whether findings also go to Security Hub, which must be enabled.",
    )
    digest: Literal["off", "daily", "weekly"] = Field(
        "weekly", description="How often each owner gets a digest; weekly ones come on Mondays."
    )
    digest_hour: int = Field(7, ge=0, le=23, description="Hour of the digest, in UTC.")
    runbooks_url: str = Field(
        "",
        pattern=r"^(https://[^\s<>\"']+)?$",
        max_length=200,
        description="Where your copy of docs/runbooks can be read, for links in alerts, for "
        "example https://git.example.com/lambda-warden/blob/main/docs/runbooks.",
    )

    @field_validator("runbooks_url")
    @classmethod
    def _is_a_folder(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("routes")
    @classmethod
    def _names_differ(cls, value: tuple[Route, ...]) -> tuple[Route, ...]:
        names = [route.name for route in value]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{twice} is the name of several routes; give each its own")
        return value
