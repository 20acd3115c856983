"""`detector.flows`: who may call whom, and how that is learnt."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from functions.shared.config.block import Block, FunctionPattern


def _as_peer_pattern(text: str) -> str:
    if not text.strip("*?.: "):
        raise ValueError(f"{text!r} would expect everything; name callers or callees")
    return text


PeerPattern = Annotated[str, Field(max_length=200), AfterValidator(_as_peer_pattern)]


class FlowPolicy(Block):
    """Who may call a function and what it may call: how that is learnt, and what is told."""

    enabled: bool = Field(default=True, description="Whether flows are looked at.")
    look_hours: Literal[1, 2, 3, 6] = Field(
        1, description="Hours between two looks at the X-Ray service graph."
    )
    learning_days: int = Field(
        7,
        ge=0,
        le=60,
        description="Days from the first look at a function in which its callers and callees are "
        "learnt in silence; a new one that stays for as long is taken for known.",
    )
    learning_observations: int = Field(
        20, ge=1, le=100_000, description="Traced calls that must be seen until traces are learnt."
    )
    explained_hours: int = Field(
        1,
        ge=1,
        le=14 * 24,
        description="A new caller or callee that shows up this long after a change which can have "
        "brought it is explained by that change and told as information.",
    )
    silent_hours: int = Field(
        12, ge=1, le=30 * 24, description="Shortest silence of a busy edge that is told."
    )
    slow_factor: float = Field(
        3.0,
        gt=1,
        le=100,
        description="A call to a host or service is slow if it takes so many times as long as 90 % "
        "of them stayed below before; `detector.error_share` of slow calls is too many.",
    )
    keep_days: int = Field(
        90, ge=7, le=400, description="A caller or callee not seen for so long is forgotten."
    )
    expected_peers: tuple[PeerPattern, ...] = Field(
        (),
        description="Callers and callees that are never told of, as `kind:name` with wildcards, "
        "for example `host:*.example.com` or `account:123456789012`.",
    )
    intended_cycles: tuple[FunctionPattern, ...] = Field(
        (), description="Names or prefixes of functions whose cycles are intended."
    )

    @model_validator(mode="after")
    def _remembers_longer_than_it_learns(self) -> "FlowPolicy":
        if self.keep_days <= self.learning_days:
            raise ValueError(
                f"keep_days: {self.keep_days} must be more than learning_days "
                f"({self.learning_days}), or everything would be new for ever"
            )
        return self
