"""What throttling does to those who call a function. Pure.

Source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous
invocation" (its table: no retry at a reserved concurrency of zero), "Types of metrics for Lambda
functions" (AsyncEventsDropped), "Using Lambda with Amazon SQS", "How Lambda processes records from
stream and queue-based event sources".
"""

from functions.guard.facts import Asynchronous, EventSource, Facts, SourceKind
from functions.shared.core.reading import Reading, Unknown
from functions.shared.core.text import plain


def of_sources(facts: Facts) -> tuple[str, ...]:
    """One sentence for each queue or stream behind the function."""
    if isinstance(facts.sources, Unknown):
        return (f"Whether a queue or stream feeds it is unknown ({facts.sources.cause}).",)
    return tuple(map(_of_source, facts.sources.value))


def of_events(reading: Reading[Asynchronous], value: int) -> str:
    """One sentence for events that callers left with Lambda (S3, SNS, EventBridge).

    Args:
        reading: What is set for them.
        value: The reserved concurrency that the function gets.
    """
    if isinstance(reading, Unknown):
        if value == 0:
            return (
                "At 0 AWS does not try asynchronous events again, those already queued included; "
                f"whether they are kept anywhere is unknown ({reading.cause})."
            )
        return f"How long Lambda keeps asynchronous events is unknown ({reading.cause})."
    asynchronous = reading.value
    end = "go to where its failed events are kept" if asynchronous.on_failure else "are lost"
    if value == 0:
        return (
            "At 0 AWS does not try asynchronous events again: those already queued, and those that "
            f"come, {end} at once."
        )
    return (
        f"Asynchronous events wait for up to {_time(asynchronous.max_age_seconds)} and then {end}."
    )


def _of_source(source: EventSource) -> str:
    name = plain(source.name, 80)
    if source.kind is SourceKind.QUEUE:
        return _of_queue(source, name)
    if source.kind is SourceKind.LOG:
        return f"{name} is read more slowly than it is written; its lag grows."
    if source.max_age_seconds is None:
        return (
            f"The shards of {name} wait and its iterator age grows; records older than the "
            "stream's retention are lost."
        )
    fate = "go to the failure destination" if source.on_failure else "are skipped for good"
    return (
        f"The shards of {name} wait and its iterator age grows; records older than "
        f"{_time(source.max_age_seconds)} {fate}."
    )


def _of_queue(source: EventSource, name: str) -> str:
    if source.retention_seconds is None:
        return f"Messages of {name} are delivered again; its dead-letter policy is unknown."
    if source.max_receives is None:
        return (
            f"Messages of {name} loop back into the queue, which has no dead-letter queue, and "
            f"are lost after {_time(source.retention_seconds)}."
        )
    return (
        f"Messages of {name} that are throttled {source.max_receives} times end in its "
        "dead-letter queue, though nothing is wrong with them."
    )


def _time(seconds: int) -> str:
    if seconds >= 2 * 86_400:
        return f"{seconds // 86_400} days"
    if seconds >= 2 * 3600:
        return f"{seconds // 3600} hours"
    return f"{max(1, seconds // 60)} minutes"
