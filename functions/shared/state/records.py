"""What Warden knows about a function between two events."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from functions.shared.config import QuarantineReason, TagPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.state.table import Item, Table, function_key

_RECORD: Final = "RECORD"
_KEY_START: Final = "FUNCTION#"
_KEEP_DELETED: Final = timedelta(days=90)
_KEEP_LEFT: Final = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class FunctionRecord:
    """One function's remembered facts; an empty field was never learnt.

    Attributes:
        first_seen: When Warden first met the function: its creation, if an event told of it.
        created_at: When it was last created, None where no event told of it.
        deleted_at: When it was deleted, None while it exists.
        tags: Its tags as last read, None while they were never readable.
        scanned: What the scanner last judged, so that a repeated event costs one call.
        listed: What the sweep last saw, so that an unchanged function costs no call.
        deployed_at: When its code or configuration last changed.
        deployed_by: Who changed it.
        deployed_code: Start of the digest of the code that came with it, empty where none did.
        baseline_since: From when on its metrics say what is usual, None for as long as they go.
        limits: Its time-out and memory as the anomaly-detector writes them; empty once it changed.
        tags_due: When its tags are looked at again because its grace period ends.
        tags_since: Since when Warden has seen each tag with its present value, by its key.
        tags_left: When a tag lost a value, by `key=value`, of the last days.
        asked_to_stop: The reasons for which the guard was asked to stop it, until they are over.
        owner_found: Its owner under the policy, by its tag or by what else tells.
        owner_by: How that is known.
        environment_found: Its environment under the policy; empty: unclassified.
        environment_by: How that is known.
        tool: What deployed it last, where that was a tool that writes tags.
        former_owner: Who owned the function of this name before it.
    """

    first_seen: datetime | None = None
    created_at: datetime | None = None
    deleted_at: datetime | None = None
    tags: Mapping[str, str] | None = None
    scanned: str = ""
    listed: str = ""
    deployed_at: datetime | None = None
    deployed_by: str = ""
    deployed_code: str = ""
    baseline_since: datetime | None = None
    limits: str = ""
    tags_due: datetime | None = None
    tags_since: Mapping[str, datetime] = field(default_factory=dict)
    tags_left: Mapping[str, datetime] = field(default_factory=dict)
    asked_to_stop: frozenset[QuarantineReason] = frozenset()
    owner_found: str = ""
    owner_by: str = ""
    environment_found: str = ""
    environment_by: str = ""
    tool: str = ""
    former_owner: str = ""

    def owner(self, policy: TagPolicy) -> str:
        """The owner's tag, else who is taken for the owner; empty while unknown."""
        return (self.tags or {}).get(policy.owner_tag, "") or self.owner_found

    def environment(self, policy: TagPolicy) -> str:
        """The environment under the policy, else the tag as it is; empty while unknown."""
        return self.environment_found or (self.tags or {}).get(policy.environment_tag, "")


class FunctionRecords:
    """The records of all functions."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, function: FunctionArn) -> FunctionRecord:
        """The record of a function; an empty one where it was never met."""
        return _read(self._table.get(function_key(function), _RECORD) or {})

    def of(self, functions: Sequence[FunctionArn]) -> dict[FunctionArn, FunctionRecord]:
        """The records of many functions, with one call for each hundred of them.

        Functions that were never met are absent; what was written a moment ago may be missing.
        """
        items = self._table.get_many([(function_key(f), _RECORD) for f in functions])
        return {
            FunctionArn.parse(str(item["pk"]).removeprefix(_KEY_START)): _read(item)
            for item in items
        }

    def listings(self, functions: Sequence[FunctionArn]) -> dict[FunctionArn, str]:
        """What the sweep last saw of each function; functions it never met are absent."""
        items = self._table.get_many([(function_key(f), _RECORD) for f in functions])
        return {
            FunctionArn.parse(str(item["arn"])): str(item.get("listed", ""))
            for item in items
            if "arn" in item
        }

    def met(self, function: FunctionArn, at: datetime) -> FunctionRecord:
        """Remember a function from its first mention on, and return what is known of it."""
        item = self._table.update(
            function_key(function),
            _RECORD,
            {"arn": str(function)},
            first={"first_seen": at.isoformat()},
        )
        return _read(item)

    def remember_tags(
        self, function: FunctionArn, tags: Mapping[str, str], now: datetime | None = None
    ) -> None:
        """Remember the tags as they are now, since when, and what they were until now.

        Without `now` only the tags themselves.
        """
        values = {"tags": _json(dict(tags))}
        if now is not None:
            before = self.get(function)
            known = before.tags or {}
            since = {
                key: before.tags_since.get(key, now) if known.get(key) == value else now
                for key, value in tags.items()
            }
            lost = {f"{k}={v}": now for k, v in known.items() if tags.get(k) != v}
            left = {k: at for k, at in before.tags_left.items() if now - at < _KEEP_LEFT} | lost
            values |= {"tags_since": _times(since), "tags_left": _times(left)}
        self._set(function, **values)

    def remember_belonging(
        self,
        function: FunctionArn,
        *,
        owner: str,
        owner_by: str,
        environment: str,
        environment_by: str,
    ) -> None:
        """Remember whose a function is and where it belongs, with the evidence for both."""
        self._set(
            function,
            owner_found=owner,
            owner_by=owner_by,
            environment_found=environment,
            environment_by=environment_by,
        )

    def remember_tool(self, function: FunctionArn, tool: str) -> None:
        """Remember what deployed a function; empty: a person did."""
        self._set(function, tool=tool)

    def remember_scan(self, function: FunctionArn, judged: str) -> None:
        """Remember what the scanner judged."""
        self._set(function, scanned=judged)

    def remember_listing(self, function: FunctionArn, listed: str) -> None:
        """Remember what the sweep saw."""
        self._set(function, arn=str(function), listed=listed)

    def remember_deployment(
        self, function: FunctionArn, at: datetime, by: str, code: str = ""
    ) -> None:
        """Remember when the function last changed, by whom, and which code came with it."""
        self._set(function, deployed_at=at.isoformat(), deployed_by=by, deployed_code=code)

    def remember_limits(self, function: FunctionArn, limits: str) -> None:
        """Remember what bounds the function's behaviour; empty: ask anew."""
        self._set(function, limits=limits)

    def start_baseline(self, function: FunctionArn, at: datetime) -> None:
        """Judge the function's metrics by what they show from now on: it was created anew."""
        self._set(function, baseline_since=at.isoformat())

    def remember_tags_due(self, function: FunctionArn, at: datetime) -> None:
        """Remember that the tags are going to be looked at again."""
        self._set(function, tags_due=at.isoformat())

    def remember_asked(self, function: FunctionArn, reason: QuarantineReason) -> None:
        """Remember that the guard was asked to stop the function."""
        self._set(function, **{_asked(reason): "yes"})

    def forget_asked(self, function: FunctionArn, reason: QuarantineReason) -> None:
        """The reason is over, and the guard knows."""
        self._set(function, **{_asked(reason): ""})

    def remember_creation(self, function: FunctionArn, at: datetime) -> FunctionRecord:
        """Remember when the function was created: older deletions are of its predecessor."""
        return self._set(function, created_at=at.isoformat())

    def remember_deletion(self, function: FunctionArn, at: datetime) -> None:
        """Remember that the function is gone, for as long as late events may still tell of it."""
        self._table.update(
            function_key(function),
            _RECORD,
            {"deleted_at": at.isoformat(), "expires_at": int((at + _KEEP_DELETED).timestamp())},
        )

    def remember_return(self, function: FunctionArn, at: datetime) -> FunctionRecord:
        """Start afresh: a function of the same name was created after a deletion."""
        former = self.get(function).owner_found
        item = self._table.update(
            function_key(function),
            _RECORD,
            {"arn": str(function), "first_seen": at.isoformat(), "former_owner": former},
            remove=[
                "deleted_at",
                "expires_at",
                "limits",
                "listed",
                "scanned",
                "tags",
                "tags_due",
                "tags_since",
                "owner_found",
                "owner_by",
                "environment_found",
                "environment_by",
                "tool",
                *map(_asked, QuarantineReason),
            ],
        )
        return _read(item)

    def _set(self, function: FunctionArn, **values: str) -> FunctionRecord:
        return _read(self._table.update(function_key(function), _RECORD, values))


def _read(item: Item) -> FunctionRecord:
    tags = item.get("tags")
    return FunctionRecord(
        first_seen=_time(item.get("first_seen")),
        created_at=_time(item.get("created_at")),
        deleted_at=_time(item.get("deleted_at")),
        tags=json.loads(str(tags)) if tags else None,
        scanned=str(item.get("scanned", "")),
        listed=str(item.get("listed", "")),
        deployed_at=_time(item.get("deployed_at")),
        deployed_by=str(item.get("deployed_by", "")),
        deployed_code=str(item.get("deployed_code", "")),
        baseline_since=_time(item.get("baseline_since")),
        limits=str(item.get("limits", "")),
        tags_due=_time(item.get("tags_due")),
        tags_since=_moments(item.get("tags_since")),
        tags_left=_moments(item.get("tags_left")),
        owner_found=str(item.get("owner_found", "")),
        owner_by=str(item.get("owner_by", "")),
        environment_found=str(item.get("environment_found", "")),
        environment_by=str(item.get("environment_by", "")),
        tool=str(item.get("tool", "")),
        former_owner=str(item.get("former_owner", "")),
        asked_to_stop=frozenset(one for one in QuarantineReason if item.get(_asked(one))),
    )


def _json(document: Mapping[str, str]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True)


def _times(moments: Mapping[str, datetime]) -> str:
    return _json({key: at.isoformat() for key, at in moments.items()})


def _moments(value: object) -> dict[str, datetime]:
    document = json.loads(str(value)) if value else {}
    return {key: datetime.fromisoformat(at) for key, at in document.items()}


def _asked(reason: QuarantineReason) -> str:
    return f"asked_{reason.name.lower()}"


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
