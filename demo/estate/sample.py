"""What a sample function is made of, and which alerts are promised about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Promise:
    """An alert that must arrive.

    Attributes:
        rule: Its rule.
        severity: Its severity.
        about: Text that its title must hold; tells several alerts of one rule apart.
    """

    rule: str
    severity: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is inside a deployment package besides a trivial handler.

    Attributes:
        python: Packages of PyPI as `NAME==VERSION`.
        node: Packages of npm as `NAME@VERSION`.
        bundled: Packages of npm as `NAME@VERSION` that the handler was bundled from: it names them,
            and the lockfile that CI uploaded has their versions.
        damaged: Path of a member whose bytes are damaged afterwards; empty for none.
    """

    python: tuple[str, ...] = ()
    node: tuple[str, ...] = ()
    bundled: tuple[str, ...] = ()
    damaged: str = ""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Two weeks of use.

    Attributes:
        per_minute: Invocations a minute at the busiest time of a weekday.
        duration_ms: Usual duration.
        error_share: Share of invocations that fail, 0 to 1.
        runaway_factor: How many times busier than usual it is in the last half hour.
    """

    per_minute: float
    duration_ms: float
    error_share: float = 0.001
    runaway_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class SampleFunction:
    """One function of the estate.

    Attributes:
        name: Its name.
        runtime: Lambda's identifier of its runtime.
        story: What it is, and what is wrong with it, in one short sentence.
        tags: Its tags, apart from the expiry date.
        expires_in_days: Its expiry date, in days from today; None for no such tag.
        contents: What its package holds.
        existed: Whether it was there before Lambda Warden, so that no event tells of it.
        redeployed: Whether its code is deployed once more while Lambda Warden watches.
        deployed_by: Who deployed it shortly before its runaway began; empty for none.
        open_url: Whether it has a function URL that asks nobody for credentials.
        open_policy: Whether its resource policy lets everybody call it.
        traffic: Its use; None for a function without metrics.
        faulty_traces: How many of its latest X-Ray traces end in a fault.
        caller: API that calls it in its traces of some hours ago; empty for no such traces.
        new_caller: Function that calls it for the first time; empty for none.
        broken_into: Policy of the sensor under which somebody breaks into it; None for no break-in.
        promises: Alerts that must arrive.
    """

    name: str
    runtime: str
    story: str
    tags: Mapping[str, str] = field(default_factory=dict)
    expires_in_days: int | None = None
    contents: Contents = Contents()
    existed: bool = False
    redeployed: bool = False
    deployed_by: str = ""
    open_url: bool = False
    open_policy: bool = False
    traffic: Traffic | None = None
    faulty_traces: int = 0
    caller: str = ""
    new_caller: str = ""
    broken_into: str | None = None
    promises: tuple[Promise, ...] = ()

    @property
    def must_stay_silent(self) -> bool:
        """Whether any alert about it would be a false one."""
        return not self.promises

    @property
    def is_node(self) -> bool:
        """Whether its handler is JavaScript."""
        return self.runtime.startswith("nodejs")
