"""Giving a part what it needs to ask the guard for quarantines, where policy names its reason."""

from dataclasses import dataclass, field
from typing import Self

from functions.shared.config import ConfigError, QuarantineReason, WardenConfig
from stacks.work_queue import WorkQueue


@dataclass(frozen=True, slots=True)
class GuardRequests:
    """Where a part's requests go; empty where policy does not name its reason.

    Attributes:
        queue_arn: ARN of the guard's queue.
        environment: The variables that tell the function of it.
    """

    queue_arn: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, reason: QuarantineReason, config: WardenConfig, queue: WorkQueue | None) -> Self:
        """The place of requests for one reason.

        Raises:
            ConfigError: Policy names the reason, and there is no guard to ask.
        """
        if reason not in config.guard.quarantine.reasons:
            return cls()
        if queue is None:
            raise ConfigError(
                "cdk.json, wrong settings:\n  warden.guard.quarantine.reasons: "
                f"{reason.value!r} needs a guard; pass its queue as guard_queue, or remove the "
                "reason"
            )
        url = {"WARDEN_GUARD_QUEUE_URL": queue.queue.queue_url}
        return cls(queue.queue.queue_arn, url)
