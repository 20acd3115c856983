"""The messages of one tick: which functions may be due, and what is known about them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from functions.anomaly_detector.account.tripwire import AccountSignal
from functions.anomaly_detector.metrics.schedule import group_of, has_turn
from functions.anomaly_detector.metrics.signals import Signal
from functions.anomaly_detector.watch.function_list import FunctionList
from functions.shared.config import Looks
from functions.shared.events.envelope import own_message
from functions.shared.events.message_types import MessageType

# Names in a message: so many, with all that is said about them, stay below 150 KB.
_NAMES_AT_ONCE: Final = 100

_CALLS: Final = (Signal.INVOCATIONS, Signal.DURATION)
_GLANCE: Final = {
    AccountSignal.CALLS: _CALLS,
    AccountSignal.BUSY: _CALLS,
    AccountSignal.CONCURRENCY: _CALLS,
    AccountSignal.THROTTLES: _CALLS,
    AccountSignal.ERRORS: (Signal.ERRORS,),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What makes functions due in one tick.

    Attributes:
        looks: The intervals of the settings.
        everything: Whether every active function is handed out and looked at.
        called_out: Signals of the account for which every active function is handed out.
        hot: Functions that were just deployed or are under suspicion.
        throttles_known: Whether it is known when any function was last throttled.
        throttled_at: When that was; None where the last day had no throttled call.
    """

    looks: Looks
    everything: bool = False
    called_out: tuple[AccountSignal, ...] = ()
    hot: tuple[str, ...] = ()
    throttles_known: bool = False
    throttled_at: datetime | None = None


def pages(function_list: FunctionList, turn: Turn, now: datetime) -> list[dict[str, object]]:
    """The page messages of a tick: one for each group that has its turn, or has hot functions.

    A group of which no function is active has its turn, too: those that it knows may be missed.
    """
    hot: dict[int, list[str]] = {}
    for name in sorted(set(turn.hot)):
        hot.setdefault(group_of(name, function_list.groups), []).append(name)
    members = function_list.members()
    messages = []
    for group in range(function_list.groups):
        regular = has_turn(group, now, turn.looks)
        due = turn.everything or turn.called_out or regular
        names = members.get(group, []) if due else []
        suspected = hot.get(group, [])
        for at in range(0, max(len(names), 1 if suspected or regular else 0), _NAMES_AT_ONCE):
            some = names[at : at + _NAMES_AT_ONCE]
            whole = regular and len(some) == len(names)
            page = _Page(group, some, [] if at else suspected, is_whole=whole)
            messages.append(_message(function_list, turn, page))
    return messages


@dataclass(frozen=True, slots=True)
class _Page:
    """Functions of one group.

    Attributes:
        group: The group.
        names: Those that may be due.
        hot: Those that were just deployed or are under suspicion.
        is_whole: Whether it names every active function of the group.
    """

    group: int
    names: Sequence[str]
    hot: Sequence[str]
    is_whole: bool


def _message(function_list: FunctionList, turn: Turn, page: _Page) -> dict[str, object]:
    names, hot, group = page.names, page.hot, page.group
    everybody = list(dict.fromkeys([*names, *hot]))
    detail: dict[str, object] = {
        "functions": list(names),
        "group": group,
        "groups": function_list.groups,
        "throttlesKnown": turn.throttles_known,
    }
    more: dict[str, object] = {
        "hot": list(hot),
        "everything": turn.everything,
        "calledOut": sorted({s.value for signal in turn.called_out for s in _GLANCE[signal]}),
        "published": function_list.published(everybody),
        "publishedUnknown": function_list.sources_unknown,
        "throttledAt": turn.throttled_at.isoformat() if turn.throttled_at else None,
        "faults": {
            n: dict(function_list.faults[n]) for n in everybody if n in function_list.faults
        },
        "faultsUnknown": function_list.faults_unknown,
        "listedAt": function_list.listed_at.isoformat() if page.is_whole else None,
    }
    detail |= {key: value for key, value in more.items() if value}
    return own_message(MessageType.METRIC_PAGE, detail)
