"""Reading batches: signals, what is joined, and that no batch takes more than its room."""

import json
import sys
from typing import Any, Final

import pytest

from functions.log_watch.engine.catalogue import (
    PatternError,
    built_in,
    read_pattern,
    with_own,
)
from functions.log_watch.engine.observed import MOST_ERRORS, MOST_SIGNALS, Observed, Signal
from functions.log_watch.engine.reader import LogReader
from functions.log_watch.engine.report import Report, read_report
from functions.log_watch.sensitive.kinds import Kind
from functions.log_watch.sensitive.scan import SensitiveSearch

READER: Final = LogReader(built_in(), SensitiveSearch(("US",)))
AT: Final = 1_773_129_600_000
REPORT: Final = (
    "REPORT RequestId: 8e2f0c1d-8d3e-4a64-b1a9-0123456789ab\tDuration: 12.30 ms\t"
    "Billed Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 501 MB\tInit Duration: 210.4 ms\t"
)


def read(*messages: object, reader: LogReader = READER) -> Observed:
    observed = Observed()
    events: list[Any] = [
        {"id": str(number), "timestamp": AT + number, "message": message}
        for number, message in enumerate(messages)
    ]
    reader.read(events, observed)
    return observed


@pytest.mark.parametrize(
    ("line", "pattern"),
    [
        ("RequestId: x Error: Runtime exited with error: signal: killed", "out-of-memory"),
        ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "out-of-memory"),
        ("2026-03-10T08:00:00Z x Task timed out after 3.00 seconds", "timed-out"),
        ('{"type":"platform.runtimeDone","record":{"status":"timeout"}}', "timed-out"),
        ("INIT_REPORT Init Duration: 9999.92 ms\tPhase: init\tStatus: timeout", "timed-out"),
        ("[ERROR] Runtime.ImportModuleError: Unable to import module 'app'", "failed-start"),
        ("RequestId: x Error: Runtime exited with error: exit status 1", "runtime-exit"),
        ("RequestId: x Error: Runtime exited with error: signal: segmentation fault", "runtime-exit"),
        ("botocore.errorfactory.ThrottlingException: Rate exceeded", "downstream-throttling"),
    ],
)  # fmt: skip
def test_signals_are_told_apart(line: str, pattern: str) -> None:
    assert pattern in {one.pattern for one in read(line).signals}


def test_a_process_that_was_killed_is_no_runtime_that_ended() -> None:
    signals = read("Runtime exited with error: signal: killed").signals
    assert {one.pattern for one in signals} == {"out-of-memory"}


def test_a_refused_call_names_action_and_resource() -> None:
    line = (
        "An error occurred (AccessDeniedException) when calling the PutItem operation: User: "
        "arn:aws:sts::123456789012:assumed-role/x/y is not authorized to perform: dynamodb:PutItem "
        "on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders because no policy"
    )
    table = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    assert set(read(line).signals) == {Signal("permission-denied", "dynamodb:PutItem", table)}


@pytest.mark.parametrize(
    "line",
    ["0 errors, 0 warnings", "errors=0", "INFO no error", "error handling is on", "SlowDownloads",
     "START RequestId: x Version: $LATEST", "GET /error.html 200", "terror"],
)  # fmt: skip
def test_what_only_speaks_of_errors_is_none(line: str) -> None:
    observed = read(line)
    assert not observed.errors
    assert not observed.signals


def test_reports_give_memory_without_insights() -> None:
    memory = read(REPORT, REPORT.replace("501", "300").partition("\tInit")[0]).memory
    assert (memory.invocations, memory.used_mb, memory.size_mb, memory.starts) == (2, 501, 512, 1)
    assert memory.billed_ms == 26


def test_a_structured_report_says_the_same() -> None:
    metrics = {
        "billedDurationMs": 13,
        "memorySizeMB": 512,
        "maxMemoryUsedMB": 501,
        "initDurationMs": 210.4,
    }
    line = json.dumps({"type": "platform.report", "record": {"metrics": metrics}})
    assert read_report(line) == Report(13, 512, 501, 210)
    assert read_report(REPORT) == Report(13, 512, 501, 210.4)


@pytest.mark.parametrize("value", ["null", "[]", '{"record": 1}', "{", '{"record":{"metrics":{}}}'])
def test_a_damaged_report_is_none(value: str) -> None:
    assert read_report(value) is None


def test_a_stack_trace_in_many_events_is_one_error() -> None:
    observed = read(
        "Traceback (most recent call last):",
        '  File "/var/task/app.py", line 3, in handler',
        "    work()",
        "ValueError: bad input",
        "INFO next",
    )
    (seen,) = observed.errors.values()
    assert (seen.error.type, seen.error.place, seen.times.count) == (
        "ValueError",
        "app.py handler",
        1,
    )


def test_times_are_right_in_any_order_and_counted_by_the_minute() -> None:
    observed = Observed()
    READER.read(
        [{"timestamp": AT + n, "message": "ERROR no stock"} for n in (90_000, 0, 60_000)], observed
    )
    (seen,) = observed.errors.values()
    assert (seen.times.first, seen.times.last, seen.times.count) == (AT, AT + 90_000, 3)
    assert [observed.minutes[AT // 60_000 + n]["errors"] for n in (0, 1)] == [1, 2]


def test_escape_sequences_hide_nothing() -> None:
    observed = read("pass\x1b[0mword=hunter22x", "\x1b[31mERROR\x1b[0m no stock")
    assert (Kind.CREDENTIAL, "password") in observed.sensitive
    assert len(observed.errors) == 1


def test_what_stands_across_two_events_is_found() -> None:
    filler = "x" * (256 * 1024 - 10)
    observed = read(filler + " 4111 1111", " 1111 1111 end")
    assert (Kind.CARD, "") in observed.sensitive


def test_a_flood_of_different_errors_takes_bounded_room() -> None:
    observed = Observed()
    for start in range(0, 20_000, 2_000):
        events = [
            {"timestamp": AT, "message": f"ERROR {_word(n)} broke"}
            for n in range(start, start + 2_000)
        ]
        READER.read(events, observed)
    assert observed.lines == 20_000
    assert len(observed.errors) == MOST_ERRORS
    assert observed.gaps["more kinds of errors than are kept"] == 20_000 - MOST_ERRORS
    assert sys.getsizeof(observed.errors) < 100_000


def test_a_flood_of_different_refusals_takes_bounded_room() -> None:
    lines = [f"is not authorized to perform: s3:{_word(n)}" for n in range(1000)]
    observed = read(*lines)
    assert len(observed.signals) <= MOST_SIGNALS + 1
    assert sum(one.times.count for one in observed.signals.values()) == 1000


@pytest.mark.parametrize(
    "event", [None, 3, "x", {}, {"timestamp": "x", "message": "y"}, {"timestamp": 1}]
)
def test_an_event_of_another_form_costs_only_itself(event: Any) -> None:
    observed = Observed()
    READER.read([event, {"timestamp": AT, "message": "ERROR no stock"}], observed)
    assert len(observed.errors) == 1
    assert observed.gaps["events of an unknown form"] == 1


def test_broken_characters_are_read_over() -> None:
    observed = read("ERROR \ud800\udfff\x00 no stock", "password=hunter22x \udcff")
    assert len(observed.errors) == 1
    assert (Kind.CREDENTIAL, "password") in observed.sensitive


def test_a_pattern_of_ones_own_is_read_and_may_replace_one() -> None:
    own = read_pattern(
        "ledger", 'title = "The ledger is off"\nexpressions = ["ledger off by \\\\d+"]'
    )
    quiet = read_pattern(
        "timed-out", 'title = "Slow"\nexpressions = ["Task timed out"]\nat_least = 5'
    )
    patterns = with_own([own, quiet])
    by_id = {one.id: one for one in patterns}
    assert (by_id["timed-out"].rule, by_id["timed-out"].at_least) == ("timed-out", 5)
    observed = read("ledger off by 3", reader=LogReader(patterns, None))
    assert {one.pattern for one in observed.signals} == {"ledger"}


@pytest.mark.parametrize(
    ("id_", "text", "wrong"),
    [
        ("Ledger", 'title = "x"', "small letters"),
        ("ledger", "title =", "no TOML"),
        ("ledger", 'title = "abc"\nexpressions = []', "expressions"),
        ("ledger", 'title = "abc"\nexpressions = ["(a"]', "expressions"),
        ("ledger", 'title = "abc"\nexpressions = ["a(?=b)"]', "expressions"),
        ("ledger", 'title = "abc"\nexpressions = ["a"]\nextract = "("', "extract"),
        ("ledger", 'title = "abc"\nexpressions = ["a"]\nseverity = "bad"', "severity"),
        ("ledger", 'title = "abc"\nexpressions = ["a"]\nlevel = 3', "level"),
    ],
)
def test_a_wrong_pattern_names_the_field(id_: str, text: str, wrong: str) -> None:
    with pytest.raises(PatternError, match=wrong):
        read_pattern(id_, text)


def _word(number: int) -> str:
    letters = "ghijklmnop"
    return "".join(letters[int(digit)] for digit in str(number)) + "x"
