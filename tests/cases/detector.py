"""The cases of the anomaly-detector's rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from functions.anomaly_detector import health_notice
from functions.anomaly_detector.metrics.cost import derived
from functions.anomaly_detector.metrics.own_limits import FunctionLimits
from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.rules import (
    durable_execution_failed,
    error_rate,
    events_lost,
    near_concurrency_limit,
    near_memory_limit,
    near_storage_limit,
    near_timeout,
    provisioned_spillover,
    recursion_stopped,
    throttled,
    trace_faults,
    went_silent,
)
from functions.anomaly_detector.rules.view import Judged, View
from functions.anomaly_detector.tick.coverage import ACCOUNT, missing, traces_unread
from functions.anomaly_detector.watch.past import Past
from functions.shared.alerting.finding import Verdict
from functions.shared.config import DetectorPolicy
from tests.cases import Cases, Elsewhere, Never
from tests.golden.samples.names import CHECKOUT, DETECTOR, NOW

_POLICY: Final = DetectorPolicy()
_NOTICE: Final = {
    "service": "LAMBDA",
    "eventTypeCode": "AWS_LAMBDA_RUNAWAY_TERMINATION_NOTIFICATION",
    "statusCode": "open",
    "affectedEntities": [{"entityValue": str(CHECKOUT)}],
}
_LIMITS: Final = FunctionLimits(
    timeout_seconds=10, memory_mib=1024, architecture="arm64", reserved=100
)


def _series(*values: float) -> Series:
    """Periods of five minutes that end now."""
    start = np.datetime64(int(NOW.timestamp()), "s") - len(values) * np.timedelta64(300, "s")
    return Series(np.array(values), start + np.arange(len(values)) * np.timedelta64(300, "s"))


def _judged(
    check: Callable[[View], Judged],
    shown: Mapping[Signal, tuple[float, ...]],
    *,
    limits: FunctionLimits | None = _LIMITS,
    capped_since: datetime | None = None,
) -> Verdict:
    """What a rule says of a function that has shown nothing else."""
    series = {signal: _series(*values) for signal, values in shown.items()}
    past = Past()
    past.feed({**series, **derived(series, limits, period_seconds=300)}, NOW)
    return check(View(CHECKOUT, past, _POLICY, limits, capped_since=capped_since)).verdict


def _near(
    check: Callable[[View], Judged],
    signal: Signal,
    *values: float,
    limits: FunctionLimits | None = _LIMITS,
) -> Verdict:
    return _judged(check, {signal: values} if values else {}, limits=limits)


def _errors(failed: tuple[float, ...], calls: tuple[float, ...]) -> Verdict:
    return _judged(error_rate.check, {Signal.ERRORS: failed, Signal.INVOCATIONS: calls})


def _durable(failed: float, timed_out: float) -> Verdict:
    shown = {
        Signal.DURABLE_STARTED: (4.0,),
        Signal.DURABLE_FAILED: (failed,),
        Signal.DURABLE_TIMED_OUT: (timed_out,),
    }
    return _judged(durable_execution_failed.check, shown)


def _storage(mib: float) -> Verdict:
    shown = {Signal.TMP_USED: (mib * 2**20,), Signal.TMP_MAX: (512.0 * 2**20,)}
    return _judged(near_storage_limit.check, shown)


def _spilled(*spilled: float) -> Verdict:
    shown = {Signal.SPILLOVER: spilled, Signal.INVOCATIONS: (300.0,) * len(spilled)}
    return _judged(provisioned_spillover.check, shown)


def _throttled(
    refused: tuple[float, ...], calls: tuple[float, ...], capped_since: datetime | None = None
) -> Verdict:
    shown = {Signal.THROTTLES: refused, Signal.INVOCATIONS: calls}
    return _judged(throttled.check, shown, capped_since=capped_since)


def _lost(letters: float | None, deliveries: float | None) -> Verdict:
    counted = {Signal.DEAD_LETTER_ERRORS: letters, Signal.DESTINATION_FAILURES: deliveries}
    return _judged(
        events_lost.check,
        {one: (0.0, value) for one, value in counted.items() if value is not None},
    )


def _calls(*newest: float, days: int = 15) -> Verdict:
    """A function that is called thirty times in every period, but for the newest."""
    calls = (30.0,) * (days * 288 - len(newest)) + newest
    return _judged(went_silent.check, {Signal.INVOCATIONS: calls})


def _faults(traces: int) -> Verdict:
    return trace_faults.check(CHECKOUT, traces, [], "1-69ae3c40-0123456789abcdef01234567", _POLICY)


def _missing(**changes: Any) -> Verdict:
    fields: dict[str, Any] = {"gaps": {}, "functions": 40, "causes": {}} | changes
    return missing(DETECTOR, **fields)


_LOOKS: Final = "anomaly_detector/test_stories_of_looks.py"
_TRIPWIRE: Final = "anomaly_detector/test_tripwire.py"
_STORIES: Final = "anomaly_detector/flows/test_stories.py"
_STANDING: Final = "anomaly_detector/flows/test_standing.py"
_UNREAD: Final = Elsewhere(_STANDING, "test_what_could_not_be_read_makes_verdicts_uncertain")
_LEARNT: Final = Elsewhere(_STORIES, "test_what_is_learnt_stays_silent")

CASES: Final = {
    "abnormal-behaviour": Cases(
        passes=Elsewhere(_LOOKS, "test_nothing_is_told_of_quiet_hours_and_little_is_read"),
        fails=Elsewhere(
            _LOOKS, "test_a_runaway_is_told_within_two_minutes_of_its_metrics_and_explained"
        ),
        cannot_tell=Elsewhere(
            _LOOKS, "test_a_partial_answer_is_not_taken_for_quiet_and_stops_no_other"
        ),
    ),
    "account-runaway": Cases(
        passes=Elsewhere(_TRIPWIRE, "test_an_ordinary_day_with_hourly_jobs_does_not_stand_out"),
        fails=Elsewhere(_TRIPWIRE, "test_an_incident_of_the_account_begins_is_followed_and_ends"),
        cannot_tell=Elsewhere(
            _LOOKS, "test_a_partial_answer_about_the_account_is_not_taken_for_no_throttles"
        ),
    ),
    "error-rate": Cases(
        passes={
            "none fails": _errors((0.0,), (300.0,)),
            "a fifth fails, which may be chance": _errors((60.0,), (300.0,)),
            "one of a few calls": _errors((1.0,), (5.0,)),
            "one run of many in a row": _errors((0.0,) * 11 + (1.0,), (1.0,) * 12),
            "no call at all": _errors((0.0,), (0.0,)),
        },
        fails={
            "surely more than a fifth": _errors((90.0,), (300.0,)),
            "all of the fewest that count": _errors((20.0,), (20.0,)),
            "too few in each period, enough together": _errors((6.0,) * 4, (8.0,) * 4),
            "every run of a seldom one": _errors((1.0,) + (0.0,) * 10 + (1.0,) * 6, (1.0,) * 17),
            "an older period": _errors((250.0, 0.0), (300.0, 300.0)),
        },
        cannot_tell={
            "errors were not read": _judged(error_rate.check, {Signal.INVOCATIONS: (300.0,)}),
            "calls were not read": _judged(error_rate.check, {Signal.ERRORS: (30.0,)}),
        },
    ),
    "events-lost": Cases(
        passes={"none": _lost(0.0, 0.0)},
        fails={
            "to the dead-letter queue": _lost(1.0, 0.0),
            "to the destination": _lost(0.0, 1.0),
            "one is known, and enough": _lost(None, 1.0),
            "given up": _judged(events_lost.check, {Signal.ASYNC_DROPPED: (0.0, 2.0)}),
        },
        cannot_tell={"neither was read": _lost(None, None), "one was not": _lost(0.0, None)},
    ),
    "durable-execution-failed": Cases(
        passes={"all came to their end": _durable(0.0, 0.0)},
        fails={"one failed": _durable(1.0, 0.0), "one ran out of its time": _durable(0.0, 1.0)},
        cannot_tell={"neither was read": _judged(durable_execution_failed.check, {})},
    ),
    "health-notice": Cases(
        passes={
            "it is closed": health_notice.verdict_of(
                CHECKOUT, {**_NOTICE, "statusCode": "closed"}, is_open=True
            ),
            "another notice": health_notice.verdict_of(
                CHECKOUT, {**_NOTICE, "eventTypeCode": "AWS_LAMBDA_PLANNED_LIFECYCLE_EVENT"}
            ),
        },
        fails={
            "AWS stopped a loop": health_notice.verdict_of(CHECKOUT, _NOTICE),
            "it came when it was closed already": health_notice.verdict_of(
                CHECKOUT, {**_NOTICE, "statusCode": "closed"}
            ),
        },
        cannot_tell=Never("A notice is there or not; whether AWS sends one, nobody can tell."),
    ),
    "near-storage-limit": Cases(
        passes={"half full": _storage(256.0)},
        fails={"nearly full": _storage(500.0)},
        cannot_tell={
            "its size is unknown": _judged(near_storage_limit.check, {Signal.TMP_USED: (1.0,)}),
        },
    ),
    "provisioned-spillover": Cases(
        passes={
            "none": _spilled(*(0.0,) * 12),
            "one burst": _spilled(*(0.0,) * 10, 90.0, 90.0),
            "a hundredth": _spilled(*(3.0,) * 12),
        },
        fails={"a fifth of an hour's calls": _spilled(*(60.0,) * 12)},
        cannot_tell={
            "it was not read": _judged(
                provisioned_spillover.check, {Signal.INVOCATIONS: (300.0,) * 12}
            ),
        },
    ),
    "recursion-stopped": Cases(
        passes={"none": _judged(recursion_stopped.check, {Signal.RECURSION_DROPPED: (0.0,)})},
        fails={"one": _judged(recursion_stopped.check, {Signal.RECURSION_DROPPED: (0.0, 1.0)})},
        cannot_tell={"it was not read": _judged(recursion_stopped.check, {})},
    ),
    "near-concurrency-limit": Cases(
        passes={
            "just below": _near(near_concurrency_limit.check, Signal.CONCURRENCY, 89.0, 89.9),
            "nothing is reserved": _near(
                near_concurrency_limit.check,
                Signal.CONCURRENCY,
                900.0,
                limits=replace(_LIMITS, reserved=None),
            ),
            "switched off on purpose": _near(
                near_concurrency_limit.check,
                Signal.CONCURRENCY,
                0.0,
                limits=replace(_LIMITS, reserved=0),
            ),
            "one at a time on purpose": _near(
                near_concurrency_limit.check,
                Signal.CONCURRENCY,
                1.0,
                limits=replace(_LIMITS, reserved=1),
            ),
        },
        fails={
            "at the share": _near(
                near_concurrency_limit.check, Signal.CONCURRENCY, 90.0, 3.0, 90.0
            ),
            "of the smallest reservation": _near(
                near_concurrency_limit.check,
                Signal.CONCURRENCY,
                2.0,
                2.0,
                limits=replace(_LIMITS, reserved=2),
            ),
        },
        cannot_tell={
            "concurrency was not read": _near(near_concurrency_limit.check, Signal.CONCURRENCY),
            "limits were not read": _near(
                near_concurrency_limit.check, Signal.CONCURRENCY, 99.0, limits=None
            ),
            "the reservation was not read": _near(
                near_concurrency_limit.check,
                Signal.CONCURRENCY,
                99.0,
                limits=replace(_LIMITS, reserved=None, reserved_unknown="AccessDeniedException"),
            ),
        },
    ),
    "near-memory-limit": Cases(
        passes={"just below": _near(near_memory_limit.check, Signal.MEMORY, 60.0, 89.9)},
        fails={
            "at the share": _near(near_memory_limit.check, Signal.MEMORY, 90.0, 40.0),
            "its size is unknown": _near(near_memory_limit.check, Signal.MEMORY, 97.0, limits=None),
        },
        cannot_tell={"memory was not read": _near(near_memory_limit.check, Signal.MEMORY)},
    ),
    "near-timeout": Cases(
        passes={
            "just below": _near(near_timeout.check, Signal.DURATION_P99, *(8_999.0,) * 9),
            "once": _near(near_timeout.check, Signal.DURATION_P99, 420.0, 420.0, 420.0, 9_900.0),
        },
        fails={
            "again and again": _near(
                near_timeout.check, Signal.DURATION_P99, 420.0, *(9_000.0, 420.0) * 4
            )
        },
        cannot_tell={
            "durations were not read": _near(near_timeout.check, Signal.DURATION_P99),
            "the timeout was not read": _near(
                near_timeout.check, Signal.DURATION_P99, 9_900.0, limits=None
            ),
        },
    ),
    "signal-missing": Cases(
        passes={"nothing is missing": _missing(), "no function lacks it": _missing(gaps={"x": []})},
        fails={
            "of two functions": _missing(gaps={"trail": ["checkout", "orders"]}),
            "of the whole account": _missing(causes={ACCOUNT: "AccessDeniedException"}),
        },
        cannot_tell={"not all was looked at": _missing(certain=False)},
    ),
    "throttled": Cases(
        passes={
            "none is refused": _throttled((0.0,), (300.0,)),
            "a fifth, which may be chance": _throttled((60.0,), (240.0,)),
        },
        fails={
            "surely more than a fifth": _throttled((90.0,), (210.0,)),
            "all are refused": _throttled((20.0,), (0.0,)),
            "all of a few are refused": _throttled((3.0,), (0.0,)),
        },
        cannot_tell={
            "throttles were not read": _judged(throttled.check, {Signal.INVOCATIONS: (9.0,)}),
            "Warden itself capped it": _throttled(
                (900.0,), (100.0,), capped_since=NOW - timedelta(minutes=5)
            ),
        },
    ),
    "trace-faults": Cases(
        passes={"one fewer than count": _faults(4)},
        fails={"as many as count": _faults(5)},
        cannot_tell=Elsewhere(
            "anomaly_detector/test_watch.py", "test_refused_traces_are_told_once_for_the_estate"
        ),
    ),
    "traces-unread": Cases(
        passes={"X-Ray answers": traces_unread(DETECTOR, "")},
        fails={"X-Ray refuses": traces_unread(DETECTOR, "AccessDeniedException")},
        cannot_tell=Never("Traces that cannot be read fail: that is what it says."),
    ),
    "flows-unread": Cases(
        passes=_LEARNT,
        fails=Elsewhere(_STORIES, "test_that_xray_refuses_is_told_once_and_resolves_nothing"),
        cannot_tell=Never("Flows that cannot be read fail: that is what it says."),
    ),
    "invocation-cycle": Cases(
        passes=Elsewhere(_STORIES, "test_a_cycle_that_was_there_from_the_beginning_is_silent"),
        fails=Elsewhere(_STORIES, "test_calls_that_come_back_are_told_once_and_until_they_end"),
        cannot_tell=_UNREAD,
    ),
    "silent-edge": Cases(
        passes=Elsewhere(_STORIES, "test_silence_of_a_function_without_traces_is_no_evidence"),
        fails=Elsewhere(_STORIES, "test_a_busy_edge_that_goes_silent_is_told_once"),
        cannot_tell=_UNREAD,
    ),
    "troubled-edge": Cases(
        passes=Elsewhere(
            "anomaly_detector/flows/test_trouble.py", "test_a_few_slow_calls_are_none_too_many"
        ),
        fails=Elsewhere(_STORIES, "test_what_is_called_fails_and_recovers"),
        cannot_tell=Elsewhere(
            "anomaly_detector/flows/test_trouble.py",
            "test_that_traces_could_not_be_read_resolves_nothing",
        ),
    ),
    "unexpected-caller": Cases(
        passes=_LEARNT,
        fails=Elsewhere(_STORIES, "test_a_new_caller_is_told_once"),
        cannot_tell=_UNREAD,
    ),
    "unexpected-downstream": Cases(
        passes=_LEARNT,
        fails=Elsewhere(_STORIES, "test_a_new_host_is_worse_than_a_new_queue"),
        cannot_tell=_UNREAD,
    ),
    "went-silent": Cases(
        passes={"calls come": _calls(30.0), "none for ten minutes": _calls(0.0, 0.0)},
        fails={
            "none for half an hour": _calls(*(0.0,) * 6),
            "a third of the calls": _calls(*(10.0,) * 48),
        },
        cannot_tell={
            "calls were not read": _judged(went_silent.check, {Signal.ERRORS: (0.0,)}),
            "it is known for a day": _calls(*(0.0,) * 6, days=1),
        },
    ),
}
