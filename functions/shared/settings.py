"""What a running function knows about its deployment; the only reader of the environment."""

import os
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.shared.config import WardenConfig


class SettingsError(RuntimeError):
    """The function's environment is incomplete: a deployment fault, never an event's."""


class Settings(BaseModel):
    """One deployment, as seen from one function. Resources it has no part in are empty.

    Attributes:
        config: The `warden` block that the stack was deployed with.
        account: Account that the function runs in.
        region: Region that the function runs in.
        table: Name of the state table.
        bucket: Name of the bucket with inventories and advisories.
        topic_arn: Topic that alerts go to.
        queue_url: The function's own queue.
        queue_arn: The same queue's ARN, for schedules that write to it.
        guard_queue_url: The guard's queue, for who may ask it to act.
        dead_letter_url: Where poison messages of that queue end.
        max_receives: Deliveries after which SQS itself would give up on a message.
        event_bus: Bus that the sweep publishes observations to.
        schedule_group: Scheduler group of one-time schedules.
        schedule_role_arn: Role that those schedules assume.
    """

    model_config = ConfigDict(frozen=True)

    config: WardenConfig = WardenConfig()
    account: str = Field(pattern=r"^\d{12}$")
    region: str = Field(min_length=1)
    table: str = ""
    bucket: str = ""
    topic_arn: str = ""
    queue_url: str = ""
    queue_arn: str = ""
    guard_queue_url: str = ""
    dead_letter_url: str = ""
    max_receives: int = 4
    event_bus: str = "default"
    schedule_group: str = ""
    schedule_role_arn: str = ""

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
        if "config" in values:
            values["config"] = _config(str(values["config"]))
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            names = ", ".join(
                sorted({f"WARDEN_{item['loc'][0]}".upper() for item in error.errors()})
            )
            raise SettingsError(f"wrong or missing environment variable: {names}") from error


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


def trace_header() -> str:
    """The X-Ray header of the present invocation, empty outside of one.

    Lambda sets it anew for each invocation (Lambda developer guide, "Defined runtime environment
    variables").
    """
    return os.environ.get("_X_AMZN_TRACE_ID", "")
