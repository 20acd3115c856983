"""`Handling`: what people were told of an alert, and what they decided about it."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from functions.shared.alerting.alert import State
from functions.shared.alerting.history import HistoryEntry
from functions.shared.core.severity import Severity
from functions.shared.core.text import plain


class MutedBy(StrEnum):
    """What keeps people from being told of an alert."""

    WAIVER = "waiver"
    SILENCE = "silence"
    INHIBITION = "inhibition"


class Decided(StrEnum):
    """What was decided about an alert; machines hear of it as of any change."""

    ACKNOWLEDGED = "acknowledged"
    WAIVED = "waived"
    MUTED = "muted"
    UNMUTED = "unmuted"
    REMINDER = "reminder"
    FLAPPING = "flapping"


@dataclass(frozen=True, slots=True)
class Mute:
    """Why nobody is told of an alert at present.

    Attributes:
        by: What mutes it.
        id: Which waiver or silence; the fingerprint of the alert that inhibits it.
        reason: One sentence for the digest.
        until: When it ends by itself, None where that depends on another alert.
    """

    by: MutedBy
    id: str
    reason: str
    until: datetime | None = None

    def __post_init__(self) -> None:
        """Reasons are typed by people."""
        object.__setattr__(self, "reason", plain(self.reason, 300))


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody works on it: no reminders until it ends, or until it gets worse.

    Attributes:
        by: Who acknowledged it.
        at: When.
        until: When reminders begin again.
        severity: How bad it was then; anything worse ends the acknowledgement.
    """

    by: str
    at: datetime
    until: datetime
    severity: Severity

    def __post_init__(self) -> None:
        """Names are typed by people."""
        object.__setattr__(self, "by", plain(self.by, 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How people are kept informed of one alert. Written by the notifier and by commands.

    Attributes:
        notified: What people last heard of it; None where they never heard of it.
        notified_digest: Digest of the finding as they know it; another one is an update.
        notified_at: When they last heard of it, reminders included.
        known_since: Since when they know it as it is; None where they never heard of it, or an
            earlier version of Warden told them.
        reminders: How many reminders they got since it opened.
        flapping: Whether they were told that it flaps.
        mute: Why they are not told at present, None where they are.
        acknowledgement: Who works on it, None where nobody said so.
        unsent: What people or the notifier decided and machines were not sent yet, as `Decided`.
        history: What became of its handling, oldest first.
    """

    notified: State | None = None
    notified_digest: str = ""
    notified_at: datetime | None = None
    known_since: datetime | None = None
    reminders: int = 0
    flapping: bool = False
    mute: Mute | None = None
    acknowledgement: Acknowledgement | None = None
    unsent: tuple[Decided, ...] = ()
    history: tuple[HistoryEntry, ...] = ()

    @property
    def waived(self) -> bool:
        """Whether a waiver accepts the finding."""
        return self.mute is not None and self.mute.by is MutedBy.WAIVER

    def to_json(self) -> str:
        """Serialise for the state table; `from_json` reads it back without loss."""
        ack, mute = self.acknowledgement, self.mute
        document = {
            "notified": self.notified,
            "notified_digest": self.notified_digest,
            "notified_at": _text(self.notified_at),
            "known_since": _text(self.known_since),
            "reminders": self.reminders,
            "flapping": self.flapping,
            "mute": mute and [mute.by, mute.id, mute.reason, _text(mute.until)],
            "acknowledgement": ack
            and [ack.by, _text(ack.at), _text(ack.until), ack.severity.label],
            "unsent": list(self.unsent),
            "history": [entry.to_list() for entry in self.history],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Handling":
        """Read what `to_json` wrote."""
        document: dict[str, Any] = json.loads(text)
        mute, ack = document["mute"], document["acknowledgement"]
        return cls(
            notified=State(document["notified"]) if document["notified"] else None,
            notified_digest=document["notified_digest"],
            notified_at=_time(document["notified_at"]),
            known_since=_time(document.get("known_since")),
            reminders=document["reminders"],
            flapping=document["flapping"],
            mute=Mute(MutedBy(mute[0]), mute[1], mute[2], _time(mute[3])) if mute else None,
            acknowledgement=Acknowledgement(
                ack[0],
                datetime.fromisoformat(ack[1]),
                datetime.fromisoformat(ack[2]),
                Severity.parse(ack[3]),
            )
            if ack
            else None,
            unsent=tuple(map(Decided, document["unsent"])),
            history=tuple(map(HistoryEntry.from_list, document["history"])),
        )


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
