"""The cases of the log-watch's rules."""

from datetime import timedelta
from typing import Final

from functions.shared.config import LogSettings
from tests.cases import Cases, Never
from tests.golden.samples.logs import (
    DENIED,
    GAPS,
    error,
    sensitive,
    signal,
    verdict,
)
from tests.golden.samples.names import NOW

_READ: Final = Never("A log is judged by the lines that were read; what was not is `log-gap`.")
_OLD: Final = NOW - timedelta(days=41)


def _signal(rule: str, *, enough: int = 1) -> Cases:
    return Cases(
        passes={
            "none": verdict(rule),
            "another kind": verdict(
                rule, signals=(signal("timed-out" if rule != "timed-out" else "out-of-memory"),)
            ),
        },
        fails={"often enough": verdict(rule, signals=(signal(rule, count=enough),))},
        cannot_tell=_READ,
    )


CASES: Final = {
    "new-error": Cases(
        passes={
            "none": verdict("new-error"),
            "one that was always there": verdict("new-error", errors=(error(first=_OLD),)),
            "one that is not logged any more": verdict("new-error", errors=(error(ago=25 * 60),)),
        },
        fails={
            "one that was not there before": verdict("new-error", errors=(error(),)),
        },
        cannot_tell=_READ,
    ),
    **{one: _signal(one) for one in ("out-of-memory", "timed-out", "failed-start", "runtime-exit")},
    "permission-denied": Cases(
        passes={"none": verdict("permission-denied")},
        fails={"a call": verdict("permission-denied", signals=(DENIED,))},
        cannot_tell=_READ,
    ),
    "downstream-throttling": Cases(
        passes={
            "none": verdict("downstream-throttling"),
            "a few, which clients repeat": verdict(
                "downstream-throttling", signals=(signal("downstream-throttling", count=9),)
            ),
        },
        fails={
            "ten in an hour": verdict(
                "downstream-throttling", signals=(signal("downstream-throttling", count=10),)
            )
        },
        cannot_tell=_READ,
    ),
    "log-pattern": Cases(
        passes={"none": verdict("log-pattern")},
        fails={"one": verdict("log-pattern", signals=(signal("ledger-mismatch"),))},
        cannot_tell=_READ,
    ),
    "sensitive-data-logged": Cases(
        passes={
            "none": verdict("sensitive-data-logged"),
            "what policy allows": verdict(
                "sensitive-data-logged",
                data=(sensitive("e-mail address"),),
                settings=LogSettings(not_sensitive=("e-mail address",)),
            ),
        },
        fails={
            "a card number": verdict(
                "sensitive-data-logged", data=(sensitive("payment card number"),)
            )
        },
        cannot_tell={
            "not searched for": verdict(
                "sensitive-data-logged", settings=LogSettings(search_sensitive=False)
            )
        },
    ),
    "log-gap": Cases(
        passes={"everything was read": verdict("log-gap")},
        fails={"too many errors to keep": verdict("log-gap", state=GAPS)},
        cannot_tell=_READ,
    ),
}
