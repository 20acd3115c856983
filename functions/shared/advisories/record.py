"""The OSV record: what an advisory says, read tolerantly from somebody else's JSON.

Schema: https://ossf.github.io/osv-schema/. A record that cannot be used raises `RecordError`;
a part that cannot be used is left out and named, and the rest of the record stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, NamedTuple, cast, get_args

from functions.shared.advisories.names import index_name
from functions.shared.core.packages import Problem
from functions.shared.core.text import plain

EventKind = Literal["introduced", "fixed", "last_affected", "limit"]
EVENT_KINDS: Final = get_args(EventKind)
# Types whose bounds are versions. GIT bounds are commits, which no package tells us.
_VERSION_RANGES: Final = frozenset({"SEMVER", "ECOSYSTEM"})

_LONGEST_ID: Final = 128
_LONGEST_SUMMARY: Final = 300
_LONGEST_URL: Final = 500
_MOST_ALIASES: Final = 200
_MOST_REFERENCES: Final = 6
# Longer than any real history; what follows is at worst quadratic in it.
_MOST_EVENTS: Final = 1000
# What a person wants to open first.
_REFERENCE_ORDER: Final = ("ADVISORY", "FIX", "REPORT", "WEB", "ARTICLE", "EVIDENCE")


class RecordError(ValueError):
    """The document is no OSV record; the message says which field is wrong."""


class Event(NamedTuple):
    """One change of status on a package's timeline."""

    kind: EventKind
    version: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A severity as a record states it.

    Attributes:
        scheme: `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, or `LABEL` for a word such as `HIGH`.
        value: The vector or the word.
    """

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Affected:
    """One package that a record names, and which of its versions are affected.

    Attributes:
        ecosystem: OSV name without the `:repository` suffix.
        name: Name in the form the index uses (see `names.index_name`).
        versions: Versions listed one by one.
        ranges: Timelines of version ranges; the order of events is the record's.
        untellable: Whether there is more to it than `versions` and `ranges` say: it gives nothing
            but commits, or something that could not be read.
        ratings: Severities that hold for this package only.
        informational: Reason why this is no vulnerability as such (`unmaintained`, ...), or empty.
    """

    ecosystem: str
    name: str
    versions: tuple[str, ...] = ()
    ranges: tuple[tuple[Event, ...], ...] = ()
    untellable: bool = False
    ratings: tuple[Rating, ...] = ()
    informational: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One advisory.

    Attributes:
        modified: When it last changed; None when the record does not say or says it wrongly.
        withdrawn: When it was taken back; None while it stands.
        ratings: Severities that hold for every package of the record.
        problems: Parts of the record that were left out, and why.
    """

    id: str
    modified: datetime | None
    aliases: tuple[str, ...] = ()
    withdrawn: datetime | None = None
    summary: str = ""
    references: tuple[str, ...] = ()
    affected: tuple[Affected, ...] = ()
    ratings: tuple[Rating, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_record(document: object) -> Record:
    """Read one OSV record.

    Raises:
        RecordError: No object, or no usable `id`: there is nothing to call the advisory by.
    """
    if not isinstance(document, dict):
        raise RecordError(f"a record must be an object, not {type(document).__name__}")
    fields = cast("dict[str, object]", document)
    record_id = fields.get("id")
    if not _is_id(record_id):
        raise RecordError(
            f"id: must be a word of at most {_LONGEST_ID} characters, not {plain(record_id, 40)!r}"
        )
    return _Reader(cast("str", record_id)).read(fields)


def timestamp(value: object) -> datetime | None:
    """Read an RFC 3339 time; None when it is none (a time without zone is none)."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else None


def _is_id(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_ID
        and value.isprintable()
        and not any(character.isspace() for character in value)
    )


def _is_text(value: object) -> bool:
    """Whether it is a word that can be stored and shown: JSON can also spell half characters."""
    return isinstance(value, str) and bool(value) and value.isprintable()


def _objects(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


@dataclass(slots=True)
class _Reader:
    """Reads the parts of one record and collects what was wrong with them."""

    record_id: str
    problems: list[Problem] = field(default_factory=list)

    def read(self, fields: dict[str, object]) -> Record:
        modified = timestamp(fields.get("modified"))
        if modified is None:
            self._report("modified: no RFC 3339 time with a zone")
        affected = tuple(self._affected(fields.get("affected")))
        return Record(
            id=self.record_id,
            modified=modified,
            aliases=self._aliases(fields.get("aliases")),
            withdrawn=self._withdrawn(fields.get("withdrawn")),
            summary=_first_line(fields),
            references=_references(fields.get("references")),
            affected=affected,
            ratings=(*_ratings(fields.get("severity")), *_labels(fields.get("database_specific"))),
            problems=tuple(self.problems),
        )

    def _report(self, what: str) -> None:
        self.problems.append(Problem("advisory-malformed", f"{self.record_id}: {what}"))

    def _withdrawn(self, value: object) -> datetime | None:
        time = timestamp(value)
        if value is not None and time is None:
            # Taking it for withdrawn would hide an advisory that may stand.
            self._report("withdrawn: no RFC 3339 time with a zone")
        return time

    def _aliases(self, value: object) -> tuple[str, ...]:
        listed = value if isinstance(value, list) else ()
        aliases = [alias for alias in listed if _is_id(alias) and alias != self.record_id]
        if len(aliases) > _MOST_ALIASES:
            self._report(f"aliases: {len(aliases)}, of which {_MOST_ALIASES} are kept")
        return tuple(dict.fromkeys(aliases[:_MOST_ALIASES]))

    def _items(self, value: object, place: str) -> Iterator[tuple[str, object]]:
        """The items of a list that may be missing, with their places."""
        if value is not None and not isinstance(value, list):
            self._report(f"{place}: must be a list, not {type(value).__name__}")
        for position, item in enumerate(value if isinstance(value, list) else ()):
            yield f"{place}[{position}]", item

    def _dicts(self, value: object, place: str) -> Iterator[tuple[str, dict[str, object]]]:
        for here, item in self._items(value, place):
            if isinstance(item, dict):
                yield here, item
            else:
                self._report(f"{here}: must be an object")

    def _affected(self, value: object) -> Iterator[Affected]:
        for place, item in self._dicts(value, "affected"):
            package = item.get("package")
            if package is None:
                continue  # Allowed: what is said about a repository names no package.
            ecosystem = package.get("ecosystem") if isinstance(package, dict) else None
            name = package.get("name") if isinstance(package, dict) else None
            if _is_text(ecosystem) and _is_text(name):
                yield self._entry(cast("str", ecosystem), cast("str", name), item, place)
            else:
                self._report(f"{place}.package: ecosystem and name must be words")

    def _entry(self, ecosystem: str, name: str, item: dict[str, object], place: str) -> Affected:
        ecosystem = ecosystem.partition(":")[0]
        intact = len(self.problems)
        versions = tuple(dict.fromkeys(self._versions(item.get("versions"), f"{place}.versions")))
        ranges = tuple(self._ranges(item.get("ranges"), f"{place}.ranges"))
        if sum(map(len, ranges)) > _MOST_EVENTS:
            self._report(f"{place}.ranges: more than {_MOST_EVENTS} events")
            ranges = ()
        spoiled = len(self.problems) > intact
        specific = item.get("database_specific")
        return Affected(
            ecosystem=ecosystem,
            name=index_name(ecosystem, name),
            versions=versions,
            ranges=ranges,
            untellable=spoiled or not (ranges or versions),
            ratings=(
                *_ratings(item.get("severity")),
                *_labels(specific),
                *_labels(item.get("ecosystem_specific")),
            ),
            informational=plain(_word(specific, "informational"), 40),
        )

    def _versions(self, value: object, place: str) -> Iterator[str]:
        for here, version in self._items(value, place):
            if _is_text(version):
                yield cast("str", version)
            else:
                self._report(f"{here}: must be a version in quotes")

    def _ranges(self, value: object, place: str) -> Iterator[tuple[Event, ...]]:
        """The version ranges that are wholly understood: half a timeline says something else."""
        for here, item in self._dicts(value, place):
            kind = item.get("type")
            if isinstance(kind, str) and kind in _VERSION_RANGES:
                intact = len(self.problems)
                events = tuple(self._events(item.get("events"), f"{here}.events"))
                if events and len(self.problems) == intact:
                    yield events
            elif kind != "GIT":
                self._report(f"{here}.type: {plain(kind, 40)!r} is unknown")

    def _events(self, value: object, place: str) -> Iterator[Event]:
        for here, item in self._dicts(value, place):
            known = [(kind, item[kind]) for kind in EVENT_KINDS if kind in item]
            if not known:
                self._report(f"{here}: none of {', '.join(EVENT_KINDS)}")
            for kind, version in known:
                if _is_text(version):
                    yield Event(kind, cast("str", version))
                else:
                    self._report(f"{here}.{kind}: must be a version in quotes")


def _first_line(fields: dict[str, object]) -> str:
    for name in ("summary", "details"):
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return plain(value.strip().splitlines()[0], _LONGEST_SUMMARY)
    return ""


def _references(value: object) -> tuple[str, ...]:
    links = [
        (_REFERENCE_ORDER.index(kind) if kind in _REFERENCE_ORDER else len(_REFERENCE_ORDER), url)
        for item in _objects(value)
        if isinstance(url := item.get("url"), str)
        and url.startswith(("https://", "http://"))
        and len(url) <= _LONGEST_URL
        and url.isprintable()
        for kind in (item.get("type"),)
    ]
    links.sort(key=lambda link: link[0])
    return tuple(dict.fromkeys(url for _, url in links))[:_MOST_REFERENCES]


def _ratings(value: object) -> Iterator[Rating]:
    for item in _objects(value):
        scheme, score = item.get("type"), item.get("score")
        if isinstance(scheme, str) and isinstance(score, str):
            yield Rating(scheme, score)


def _labels(specific: object) -> Iterator[Rating]:
    """Severities that databases keep in their own fields: GitHub a word, RustSec a vector."""
    if word := _word(specific, "severity"):
        yield Rating("LABEL", word)
    if vector := _word(specific, "cvss"):
        yield Rating("CVSS_V4" if vector.startswith("CVSS:4") else "CVSS_V3", vector)


def _word(specific: object, name: str) -> str:
    value = specific.get(name) if isinstance(specific, dict) else None
    return value[:200] if isinstance(value, str) else ""
