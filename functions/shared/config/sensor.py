"""`sensor`: how what the optional sensor tells is learnt and told."""

from pydantic import Field, model_validator

from functions.shared.config.block import Block


class SensorSettings(Block):
    """What functions with the sensor do: how that is learnt, and what is told."""

    enabled: bool = Field(
        default=False,
        description="Whether to deploy the sensor's layer, and the part that takes in what it "
        "tells. No function has the sensor until somebody attaches it.",
    )
    learning_days: int = Field(
        7,
        ge=0,
        le=60,
        description="Days from a function's first start with the sensor in which the programs, "
        "files, hosts and libraries that it uses are learnt in silence; a new one that stays for "
        "as long is taken for known.",
    )
    explained_hours: int = Field(
        1,
        ge=1,
        le=14 * 24,
        description="What a function does for the first time this long after its deployment is "
        "explained by that, and told as information.",
    )
    keep_days: int = Field(
        90, ge=7, le=400, description="A program, file, host or library not used so long is "
        "forgotten."
    )  # fmt: skip

    @model_validator(mode="after")
    def _remembers_longer_than_it_learns(self) -> "SensorSettings":
        if self.keep_days <= self.learning_days:
            raise ValueError(
                f"keep_days: {self.keep_days} must be more than learning_days "
                f"({self.learning_days}), or everything would be new for ever"
            )
        return self
