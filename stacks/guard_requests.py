"""Giving a part what it needs to ask the guard to act."""

from functions.shared.config import ConfigError, QuarantineReason, WardenConfig
from stacks.reach import Reach
from stacks.work_queue import WorkQueue


def guard_reach(queue: WorkQueue) -> Reach:
    """What a part that asks the guard works with: the guard's queue."""
    return Reach(
        {"guard_queue": queue.queue.queue_arn}, {"WARDEN_GUARD_QUEUE_URL": queue.queue.queue_url}
    )


def quarantine_reach(
    reason: QuarantineReason, config: WardenConfig, queue: WorkQueue | None
) -> Reach:
    """The same for a part that asks for quarantines; nothing where policy lacks its reason.

    Raises:
        ConfigError: Policy names the reason, and there is no guard to ask.
    """
    if reason not in config.guard.quarantine.reasons:
        return Reach()
    if queue is None:
        raise ConfigError(
            "cdk.json, wrong settings:\n  warden.guard.quarantine.reasons: "
            f"{reason.value!r} needs a guard; pass its queue as guard_queue, or remove the reason"
        )
    return guard_reach(queue)
