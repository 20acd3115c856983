"""Everything that should not stand in a log, in one look at a line.

One linear engine says for all expressions at once which searches a line deserves; most lines deserve
none. Only those are then read by the exact searches, which know names, check digits and lengths.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from typing import Final

from functions.log_watch.engine.matcher import Matcher
from functions.log_watch.sensitive import (
    bank_accounts,
    cards,
    emails,
    environments,
    national_ids,
    phones,
)
from functions.log_watch.sensitive.kinds import Hit, Kind
from functions.shared.core.credentials import credentials
from functions.shared.core.redaction import REDACTED

LONG: Final = 16 * 1024
"""Characters that are read in one piece."""

_OVERLAP: Final = 1024
_MOST_PIECES: Final = 12
_MOST_HITS: Final = 50
"""Of one search in one piece: what a line of ten thousand addresses is, fifty show."""

# Names and beginnings without which `functions.shared.core.credentials` finds nothing. A test tries
# every one of its forms here.
_CREDENTIALS: Final = (
    r"(?i)pass(?:word|wd|phrase|code)|pwd|[_-]pass|secret|credential|api[_ -]?key|apikey"
    r"|(?:access|account|auth|encryption|private|shared|signing|subscription|webhook|master|service)"
    r"[_ -]?key",
    r"(?i)token[\w.\"'\\ \]-]{0,30}[=:>]|jwt|signature|sess(?:ion)?[_-]?id|connect\.sid|sig=|cookie",
    r"(?i)(?:^|[^a-z])(?:otp|cvv2?|cvc2?)(?:[^a-z]|$)|(?:code|password)[^\n]{0,12}\d{3}",
    r"(?i)authorization|bearer|apikey ",
    r"(?:^|\s)(?:-u|--user)[\s=]{1,3}[\"']?[A-Za-z0-9_.@-]{1,60}:",
    r"://[^\s/@:]{0,100}:[^\s/@]{1,300}@",
    r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}|gh[pousr]_[A-Za-z0-9]|github_pat_|xox[abeoprs]-|xapp-\d"
    r"|[rs]k_(?:live|test)_|whsec_|AIza|GOCSPX-|ya29\.|npm_[A-Za-z0-9]{36}|pypi-|SG\.[\w-]{16}"
    r"|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d|SK[0-9a-f]{32}|shp(?:at|ca|pa|ss)_|do[opr]_v1_|dapi[0-9a-f]{32}"
    r"|hv[sbr]\.[\w-]{20}|atlasv1|sk-[\w-]{20}|hf_[A-Za-z0-9]{30}|\d{8,10}:AA|sq0(?:atp|csp)-|lin_api_|PMAK-"
    r"|NRAK-|glsa_|glc_|sntr[yu]s_|ATATT3|dp\.(?:pt|st|ct|sa)\.|pscale_|ntn_|sbp_[0-9a-f]|rubygems_"
    r"|dckr_pat_|figd_|AGE-SECRET-KEY|eyJ[\w-]{10}|hooks\.slack\.com|[A-Za-z0-9+/]{86}==|gl[a-z]{2,5}-[\w.-]{20}",
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY",
)


@dataclass(frozen=True, slots=True)
class _Search:
    """An exact search, and the expressions without which it finds nothing."""

    kind: Kind
    expressions: tuple[str, ...]
    read: Callable[[str], Iterator[Hit]]


class SensitiveSearch:
    """The searches, as configured.

    Args:
        countries: Countries, as ISO 3166 has them, whose national ids and phone numbers are known.
        kinds: What is searched for.
    """

    def __init__(self, countries: Iterable[str], kinds: Iterable[Kind] = tuple(Kind)) -> None:
        self._countries = tuple(countries)
        self._kinds = frozenset(kinds)

    @cached_property
    def _searches(self) -> tuple[_Search, ...]:
        countries = self._countries
        every = (
            _Search(Kind.CREDENTIAL, _CREDENTIALS, _credentials),
            _Search(Kind.ENVIRONMENT, environments.PREFILTER, environments.environments),
            _Search(Kind.CARD, cards.PREFILTER, cards.cards),
            _Search(Kind.BANK_ACCOUNT, bank_accounts.PREFILTER, bank_accounts.bank_accounts),
            _Search(Kind.EMAIL, emails.PREFILTER, emails.emails),
            _Search(Kind.PHONE, phones.PREFILTER, partial(phones.phones, countries)),
            _Search(
                Kind.NATIONAL_ID,
                (national_ids.name_prefilter(countries),),
                partial(national_ids.of_name, countries),
            ),
            *(
                _Search(
                    Kind.NATIONAL_ID,
                    (national_ids.prefilter(one),),
                    partial(national_ids.of_form, one),
                )
                for one in national_ids.by_form(countries)
            ),
        )
        return tuple(one for one in every if one.kind in self._kinds)

    @cached_property
    def expressions(self) -> tuple[tuple[str, int], ...]:
        """What the engine looks for, and the number of the search that each calls for."""
        return tuple(
            (expression, number)
            for number, one in enumerate(self._searches)
            for expression in one.expressions
        )

    def search(
        self, text: str, numbers: Iterable[int], *, most: int | None = _MOST_HITS
    ) -> list[Hit]:
        """What stands in a text, by the searches that the engine called for.

        Args:
            text: Where to look.
            numbers: The searches.
            most: How many hits of one search are enough; None: all of them.
        """
        searches = self._searches
        hits = sorted(
            hit for number in set(numbers) for hit in islice(searches[number].read(text), most)
        )
        return list(_outermost(hits))

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher([one for one, _ in self.expressions])

    def all_in(self, text: str) -> list[Hit]:
        """What stands in a text that the engine has not seen yet."""
        return self.look(text)[0]

    def look(self, text: str) -> tuple[list[Hit], int]:
        """The same, and how many characters were not read exactly.

        A long text is read in pieces that overlap. Where very many of them need an exact search,
        somebody made it so; the work that this may cause is bounded.
        """
        hits: set[Hit] = set()
        searched = unread = 0
        for start in range(0, max(len(text), 1), LONG):
            piece = text[start : start + LONG + _OVERLAP]
            called = {self.expressions[one][1] for one in self._matcher.hits(_bytes(piece))}
            if not called:
                continue
            searched += 1
            if searched > _MOST_PIECES:
                unread += min(LONG, len(text) - start)
                continue
            hits.update(
                replace(one, start=one.start + start, end=one.end + start)
                for one in self.search(piece, called)
            )
        return list(_outermost(sorted(hits))), unread

    def without(self, text: str) -> str:
        """The text with all of it replaced, for people to read.

        Every search reads it, so that a short text needs no engine.
        """
        parts = []
        at = 0
        for hit in self.search(text, range(len(self._searches)), most=None):
            if hit.end > at:
                parts += [text[at : max(at, hit.start)], REDACTED]
                at = hit.end
        return "".join(parts) + text[at:]


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")


def _credentials(text: str) -> Iterator[Hit]:
    for one in credentials(text):
        yield Hit(one.start, one.end, Kind.CREDENTIAL, one.kind)


def _outermost(hits: list[Hit]) -> Iterator[Hit]:
    """Those that no other search found as a part of something; a dump is told beside its parts."""
    end = 0
    for hit in hits:
        if hit.end > end:
            yield hit
        if hit.kind is not Kind.ENVIRONMENT:
            end = max(end, hit.end)
