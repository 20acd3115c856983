"""Taking in deliveries, and judging the functions whose logs they are."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from functions.log_watch.engine.catalogue import Pattern
from functions.log_watch.engine.observed import Observed
from functions.log_watch.engine.reader import LogReader
from functions.log_watch.judge import Look, judge
from functions.log_watch.own_patterns import OwnPatterns
from functions.log_watch.remember import Remembering
from functions.log_watch.sensitive.kinds import Kind
from functions.log_watch.sensitive.scan import SensitiveSearch
from functions.shared.alerting.book import Judgement
from functions.shared.config import LogSettings
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import MalformedEventError
from functions.shared.logs.store import LogStore
from functions.shared.logs.subscription import function_of
from functions.shared.runtime.deployment import Deployment
from functions.shared.runtime.watched import is_there, is_watched
from functions.shared.state.records import FunctionRecord

SCOPE: Final = "logs"
_OFF: Final = "off"
_JUDGED_AGAIN: Final = timedelta(days=15)
_own: Final = OwnPatterns()


class Watching:
    """The log-watch of one deployment.

    Args:
        warden: The deployment.
        patterns: The patterns of signals.
        reader: Reads lines.
        search: Takes what is sensitive out of samples.
    """

    def __init__(
        self,
        warden: Deployment,
        patterns: Iterable[Pattern],
        reader: LogReader,
        search: SensitiveSearch,
    ) -> None:
        self._warden = warden
        self._patterns = {one.id: one for one in patterns}
        self._reader = reader
        self._search = search
        self._settings = warden.config.logs
        self._store = LogStore(warden.table, timedelta(days=self._settings.keep_days))

    @classmethod
    def of(cls, warden: Deployment, now: datetime) -> "Watching":
        """The log-watch of a deployment; its expressions are compiled once for each process.

        Raises:
            ClientError: The patterns that users add cannot be read now.
        """
        patterns = _own.all(warden, now)
        reader, search = _compiled(warden.config.logs, patterns)
        return cls(warden, patterns, reader, search)

    def take_in(self, document: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Read a delivery, remember what it says, and judge its function.

        A delivery that arrives twice changes nothing.

        Args:
            document: What CloudWatch Logs delivered, unpacked.
            now: The time.

        Returns:
            What was done, for the log; nothing of the lines is in it.

        Raises:
            MalformedEventError: It is no delivery of a function's log.
            ConflictError: Others kept changing the same items; deliver it again.
            ClientError: AWS could not answer now, likewise.
        """
        function = function_of(document, self._warden.settings.region)
        events = document.get("logEvents")
        if not isinstance(events, list):
            raise MalformedEventError("logEvents: no list")
        done: dict[str, Any] = {"function": str(function), "lines": len(events)}
        if function.name in self._warden.own_functions:
            return done | {"left": "Warden's own: its log would tell Warden of Warden"}
        if not (is_watched(function, self._warden) and is_there(function, self._warden)):
            return done | {"left": "no function that is watched here"}
        record = self._warden.records.get(function)
        if self._is_opted_out(function, record):
            return done | {"left": "opted out"}
        delivery = _identity(document, events)
        if self._store.was_taken_in(function, delivery):
            return done | {"left": "delivered before"}
        observed = Observed()
        self._reader.read(events, observed)
        known = self._store.known(function, now)
        where = (str(document.get("logGroup")), str(document.get("logStream")))
        remembering = Remembering(self._store, self._search, now)
        if remembering.take_in(function, observed, known, where):
            done["changes"] = self._judge(function, record, now)
            self._store.took_in(function, delivery, now)
        return done | {"read": observed.lines}

    def judge_all(self, now: datetime) -> int:
        """Judge every function anew of which something was logged of late: alerts end by time."""
        count = 0
        for function, last in list(self._store.functions()):
            if now - last < _JUDGED_AGAIN:
                self._judge(function, self._warden.records.get(function), now)
                count += 1
        return count

    def _judge(self, function: FunctionArn, record: FunctionRecord, now: datetime) -> int:
        look = Look(
            function=function,
            known=self._store.known(function, now),
            patterns=self._patterns,
            deployed_at=record.deployed_at,
            deployed_by=record.deployed_by,
            settings=self._settings,
            now=now,
        )
        tags = self._warden.config.tags
        judgement = Judgement(
            function=function,
            verdicts=judge(look),
            scope=SCOPE,
            owner=record.owner(tags),
            environment=record.environment(tags),
        )
        return len(self._warden.alerts.settle(judgement, now, count_repeats=False))

    def _is_opted_out(self, function: FunctionArn, record: FunctionRecord) -> bool:
        if (record.tags or {}).get(self._settings.opt_out_tag, "").lower() == _OFF:
            return True
        return any(
            function.name.startswith(one[:-1]) if one.endswith("*") else function.name == one
            for one in self._settings.opt_out
        )


@lru_cache(2)
def _compiled(
    settings: LogSettings, patterns: tuple[Pattern, ...]
) -> tuple[LogReader, SensitiveSearch]:
    wanted = [kind for kind in Kind if kind.value not in settings.not_sensitive]
    search = SensitiveSearch(settings.countries, wanted if settings.search_sensitive else ())
    everything = SensitiveSearch(settings.countries)
    return LogReader(patterns, search if settings.search_sensitive else None), everything


def _identity(document: Mapping[str, Any], events: list[Any]) -> str:
    """What tells a delivery from others: where it is from, and its first and last event."""
    ends = [
        f"{one.get('id')} {one.get('timestamp')}"
        for one in (events[:1] + events[-1:])
        if isinstance(one, dict)
    ]
    parts = [document.get("owner"), document.get("logGroup"), document.get("logStream")]
    whole = "\0".join([*map(str, parts), str(len(events)), *ends])
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest()[:32]
