"""What a running function knows about its deployment; the only reader of the environment."""

import os
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.shared.config import WardenConfig
from functions.shared.core.topic_names import chat_topic, route_topic


class SettingsError(RuntimeError):
    """The function's environment is incomplete: a deployment fault, never an event's."""


class Settings(BaseModel):
    """One deployment, as seen from one function. Resources it has no part in are empty.

    Attributes:
        config: The `warden` block that the stack was deployed with.
        account: Account that the function runs in.
        region: Region that the function runs in.
        stack: Name of the stack that it was deployed with; empty: as `config.name_prefix`.
        table: Name of the state table.
        bucket: Name of the bucket with inventories and advisories.
        topic_arn: Main topic of alerts.
        alert_bus: Name of the bus that alerts are sent to as events.
        notifier_queue_url: The notifier's queue.
        queue_url: The function's own queue.
        queue_arn: The same queue's ARN, for schedules that write to it.
        guard_queue_url: The guard's queue, for who may ask it to act.
        dead_letter_url: Where poison messages of that queue end.
        max_receives: Deliveries after which a message is set aside.
        visibility_seconds: How long a message of the queue stays hidden while it is handled.
        senders: Unique ids of the roles of the parts that may ask this one for something, by part.
        change_queue_urls: Queues of the parts that are told of functions by others than events.
        policy: `s3://bucket/key` of the policy that was deployed; empty: the default.
        schedule_group: Scheduler group of one-time schedules.
        schedule_role_arn: Role that those schedules assume.
    """

    model_config = ConfigDict(frozen=True)

    config: WardenConfig = WardenConfig()
    account: str = Field(pattern=r"^\d{12}$")
    region: str = Field(min_length=1)
    stack: str = ""
    table: str = ""
    bucket: str = ""
    topic_arn: str = ""
    alert_bus: str = ""
    notifier_queue_url: str = ""
    queue_url: str = ""
    queue_arn: str = ""
    guard_queue_url: str = ""
    dead_letter_url: str = ""
    max_receives: int = 4
    visibility_seconds: int = 720
    senders: Mapping[str, str] = Field(default_factory=dict)
    change_queue_urls: tuple[str, ...] = ()
    policy: str = ""
    schedule_group: str = ""
    schedule_role_arn: str = ""

    @property
    def route_topics(self) -> dict[str, str]:
        """ARNs of the topics of the routes, by the route's name."""
        prefix = self.config.name_prefix
        routes = self.config.notifications.routes
        return {one.name: self._beside(route_topic(prefix, one.name)) for one in routes}

    @property
    def chat_topic_arn(self) -> str:
        """ARN of the topic for chats; empty where there is none."""
        wanted = self.config.notifications.chat
        return self._beside(chat_topic(self.config.name_prefix)) if wanted else ""

    def _beside(self, name: str) -> str:
        """The ARN of another topic in the main topic's account and region."""
        return f"{self.topic_arn.rpartition(':')[0]}:{name}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read `WARDEN_<FIELD>` variables, the region from Lambda's own.

        Raises:
            SettingsError: A variable is missing or malformed; the message names it.
        """
        values: dict[str, object] = {
            name: environment[f"WARDEN_{name.upper()}"]
            for name in cls.model_fields
            if f"WARDEN_{name.upper()}" in environment
        }
        values.setdefault("region", environment.get("AWS_REGION", ""))
        if "change_queue_urls" in values:
            values["change_queue_urls"] = tuple(str(values["change_queue_urls"]).split(","))
        if "senders" in values:
            values["senders"] = _senders(str(values["senders"]))
        if "config" in values:
            values["config"] = _config(str(values["config"]))
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            names = ", ".join(
                sorted({f"WARDEN_{item['loc'][0]}".upper() for item in error.errors()})
            )
            raise SettingsError(f"wrong or missing environment variable: {names}") from error


def _senders(text: str) -> dict[str, str]:
    """Read `PART=ROLE_ID` pairs, divided by commas."""
    return dict(pair.split("=", 1) for pair in text.split(",") if "=" in pair)


def _config(text: str) -> WardenConfig:
    try:
        return WardenConfig.model_validate_json(text)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, item["loc"])) or "all" for item in error.errors())
        raise SettingsError(f"wrong environment variable: WARDEN_CONFIG ({fields})") from error


@cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingsError: See `Settings.from_environment`.
    """
    return Settings.from_environment(os.environ)


def is_in_lambda() -> bool:
    """Whether Lambda runs this process, and not a person at a terminal."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def trace_header() -> str:
    """The X-Ray header of the present invocation, empty outside of one.

    Lambda sets it anew for each invocation (Lambda developer guide, "Defined runtime environment
    variables").
    """
    return os.environ.get("_X_AMZN_TRACE_ID", "")
