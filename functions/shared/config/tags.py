"""`tags`: who owns a function, where it belongs, and when it must be gone."""

import re

from pydantic import Field, field_validator, model_validator

from functions.shared.config.block import TAG_KEY, Block, EnvironmentName


class TagPolicy(Block):
    """Who owns a function, which environment it belongs to, and when it must be gone."""

    owner_tag: str = Field(
        "owner", max_length=128, pattern=TAG_KEY, description="Tag that names the owner."
    )
    environment_tag: str = Field(
        "environment",
        max_length=128,
        pattern=TAG_KEY,
        description="Tag that names the environment.",
    )
    expiry_tag: str = Field(
        "expiry",
        max_length=128,
        pattern=TAG_KEY,
        description="Tag with the date of removal, as YYYY-MM-DD.",
    )
    owner_pattern: str = Field(
        r"^[\w.+-]+(@[\w-]+(\.[\w-]+)+)?$",
        description="Regular expression that a whole owner value must match: a team or an address.",
    )
    environments: tuple[EnvironmentName, ...] = Field(
        ("production", "experimental", "back-office"), description="Allowed environments."
    )
    expiring_environments: tuple[EnvironmentName, ...] = Field(
        ("experimental",), description="Environments whose functions need an expiry date."
    )
    maximum_lifetime_days: int = Field(
        90, ge=1, le=3650, description="How far ahead an expiry date may lie."
    )
    grace_minutes: int = Field(
        15,
        ge=0,
        le=7 * 24 * 60,
        description="Time after creation in which missing tags are not yet judged: many tools "
        "create a function first and tag it a moment later.",
    )

    @field_validator("owner_pattern")
    @classmethod
    def _is_a_regular_expression(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _environments_are_consistent(self) -> "TagPolicy":
        if not self.environments:
            raise ValueError("environments: name at least one environment")
        if stray := set(self.expiring_environments) - set(self.environments):
            raise ValueError(
                f"expiring_environments: {sorted(stray)} is not in environments "
                f"{list(self.environments)}; add it there or remove it here"
            )
        return self
