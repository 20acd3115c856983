"""Waiver files: `waivers/*.toml` in Warden's bucket, one `[[waiver]]` for each acceptance. Pure.

docs/waivers.md describes the format, and `borders` whose functions a file speaks for.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from functions.shared.core import bounded_toml
from functions.shared.core.text import plain
from functions.shared.muting.borders import FOLDER, SUFFIX, Border, team_of
from functions.shared.muting.terms import Fault, Terms
from functions.shared.muting.waiver import Waiver

__all__ = ["FOLDER", "LARGEST", "SUFFIX", "EntryFault", "WaiverFile"]

LARGEST: Final = 256 * 1024
"""Bytes of a file that is read."""

_LONGEST_NAME: Final = 200
_MOST: Final = 1000
_FIELDS: Final = ("function", "rule", "package", "subject", "owner", "reason", "expires")


@dataclass(frozen=True, slots=True)
class EntryFault:
    """One thing that is wrong with a file.

    Attributes:
        file: Name of the file.
        entry: Which of its waivers, from 1; 0 for the file as a whole.
        field: Which field; empty for the entry as a whole.
        fix: What is wrong, and what to write instead.
    """

    file: str
    entry: int
    field: str
    fix: str

    def __str__(self) -> str:
        place = [self.file, *([f"waiver {self.entry}"] if self.entry else []), self.field]
        return plain(f"{', '.join(filter(None, place))}: {self.fix}", 400)


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """What a file says.

    Attributes:
        name: Its name.
        waivers: What its right entries accept, those that ended included.
        faults: What is wrong with the others, or with the whole.
        readable: Whether it could be read at all; if not, nothing is known of its entries.
    """

    name: str
    waivers: tuple[Waiver, ...] = ()
    faults: tuple[EntryFault, ...] = ()
    readable: bool = True


def is_waiver_file(key: str) -> bool:
    """Whether an object of the bucket is named as waiver files are."""
    return (
        key.startswith(FOLDER)
        and key.endswith(SUFFIX)
        and team_of(key) != ""
        and key == plain(key, _LONGEST_NAME)
    )


def read_waiver_file(name: str, content: bytes, now: datetime, *, platform: str) -> WaiverFile:
    """Read a waiver file. A wrong entry accepts nothing, and hides no right one.

    Args:
        name: Name of the file, which `is_waiver_file`; its waivers carry it.
        content: The file.
        now: The time; new waivers are in force from then on.
        platform: The team whose own file may be about every function.
    """
    border = Border.of_file(name, platform)
    try:
        entries = _entries(content)
    except _UnreadableError as error:
        return WaiverFile(name, faults=(EntryFault(name, 0, "", str(error)),), readable=False)
    waivers: dict[str, Waiver] = {}
    numbers: dict[str, int] = {}
    faults: list[EntryFault] = []
    for number, entry in enumerate(entries, start=1):
        terms, found = _terms(entry)
        found += terms.faults(now) or border.faults(terms.matcher)
        if not found:
            within = border.within(terms.matcher)
            waiver = terms.waiver(now, source=name, matcher=within)
            if waiver.id not in waivers:
                waivers[waiver.id], numbers[waiver.id] = waiver, number
                continue
            found = [Fault("", f"accepts the same as waiver {numbers[waiver.id]}; remove one")]
        faults += [EntryFault(name, number, one.field, one.fix) for one in found]
    return WaiverFile(name, tuple(waivers.values()), tuple(faults))


class _UnreadableError(ValueError):
    """The file is no waiver file; the text says what is wrong and what to do."""


def _entries(content: bytes) -> list[Mapping[str, Any]]:
    if len(content) > LARGEST:
        raise _UnreadableError(f"larger than {LARGEST // 1024} KiB; split it")
    try:
        document = bounded_toml.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _UnreadableError("not UTF-8; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _UnreadableError(f"not TOML; {plain(error)}") from error
    if strange := sorted(set(document) - {"waiver"}):
        raise _UnreadableError(f"{plain(strange[0], 60)!r} is unknown; write [[waiver]] only")
    entries = document.get("waiver", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise _UnreadableError("waiver is no list; write [[waiver]] above each")
    if len(entries) > _MOST:
        raise _UnreadableError(f"more than {_MOST} waivers; use patterns, or split the file")
    return entries


def _terms(entry: Mapping[str, Any]) -> tuple[Terms, list[Fault]]:
    """What an entry says, and what of it is not to be understood."""
    faults = [
        Fault(plain(field, 60), f"unknown; the fields are {', '.join(_FIELDS)}")
        for field in entry
        if field not in _FIELDS
    ]
    texts: dict[str, str] = {}
    for field in _FIELDS[:-1]:
        value = entry.get(field, "")
        if isinstance(value, str):
            texts[field] = value.strip()
        else:
            faults.append(Fault(field, f"is {type(value).__name__}; write a text in quotes"))
            texts[field] = "not understood"  # named already, and never used
    last_day, fault = _date(entry.get("expires"))
    return Terms(last_day=last_day, **texts), [*faults, *([fault] if fault else [])]


def _date(value: object) -> tuple[date | None, Fault | None]:
    # A datetime is a date to Python, but it names a moment and not a day.
    if isinstance(value, date) and not isinstance(value, datetime):
        return value, None
    if value is None:
        return None, Fault("expires", "missing; write the last day, such as 2026-12-31")
    try:
        return date.fromisoformat(str(value)), None
    except ValueError:
        return None, Fault("expires", f"{plain(value, 40)!r} is no day; write one as 2026-12-31")
