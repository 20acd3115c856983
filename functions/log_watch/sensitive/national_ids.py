"""National ids of the configured countries: form, check digits, and the name before them. Pure.

What a country's number looks like and how it is checked is python-stdnum's knowledge. Numbers that
are digits alone count only where their name stands before them: one number in ten, or in eleven,
has the right check digit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from itertools import islice
from types import ModuleType
from typing import Final

from functions.log_watch.sensitive.kinds import Hit, Kind


@dataclass(frozen=True, slots=True)
class NationalId:
    """One kind of number.

    Attributes:
        country: As ISO 3166 has it.
        name: What the number is called.
        module: python-stdnum's module that checks it; empty: its form says enough.
        form: What it looks like.
        words: What it is called where it is logged.
        sure: Whether form and check digits alone tell it from other numbers.
    """

    country: str
    name: str
    module: str
    form: str
    words: str
    sure: bool = False


_D9: Final = r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}"
_D11: Final = r"[0-9]{2}[ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}"

NATIONAL_IDS: Final = (
    NationalId("US", "social security number", "us.ssn", r"[0-9]{3}-[0-9]{2}-[0-9]{4}", "", sure=True),
    NationalId("US", "social security number", "us.ssn", r"[0-9]{3}[ ]?[0-9]{2}[ ]?[0-9]{4}", "ssn"),
    NationalId("US", "taxpayer number", "us.itin", r"9[0-9]{2}-?[0-9]{2}-?[0-9]{4}", "itin"),
    NationalId("GB", "national insurance number", "", r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[A-D]", "nino", sure=True),
    NationalId("GB", "nhs number", "gb.nhs", r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", "nhs"),
    NationalId("DE", "tax id", "de.idnr", _D11, r"steuer|idnr"),
    NationalId("FR", "nir", "fr.nir", r"[12][ ]?[0-9]{2}[ ]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ ]?(?:[0-9]{2}|2[AB])[ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{2}", r"nir|s[eé]cu|insee", sure=True),
    NationalId("ES", "dni", "es.dni", r"[0-9]{8}[ -]?[A-Z]", "dni|nif", sure=True),
    NationalId("ES", "nie", "es.nie", r"[XYZ][ -]?[0-9]{7}[ -]?[A-Z]", "nie|nif", sure=True),
    NationalId("IT", "codice fiscale", "it.codicefiscale", r"(?i:[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z])", "fiscale", sure=True),
    NationalId("NL", "bsn", "nl.bsn", r"[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{2,3}", "bsn|burgerservice|sofi"),
    NationalId("PL", "pesel", "pl.pesel", r"[0-9]{11}", "pesel"),
    NationalId("SE", "personnummer", "se.personnummer", r"(?:19|20)?[0-9]{6}[-+]?[0-9]{4}", "personn|pnr"),
    NationalId("SE", "personnummer", "se.personnummer", r"(?:19|20)[0-9]{6}-[0-9]{4}", "personn", sure=True),
    NationalId("DK", "cpr", "dk.cpr", r"[0-3][0-9][01][0-9]{3}-?[0-9]{4}", "cpr"),
    NationalId("NO", "fødselsnummer", "no.fodselsnummer", r"[0-9]{6}[ ]?[0-9]{5}", "f[oø]dsel|fnr|personn"),
    NationalId("FI", "henkilötunnus", "fi.hetu", r"[0-3][0-9][01][0-9][0-9]{2}[-+A-FU-Y][0-9]{3}[0-9A-Y]", "hetu|henkil", sure=True),
    NationalId("BE", "national number", "be.nn", r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}[-.]?[0-9]{3}\.?[0-9]{2}", "rijksregister|insz|niss|nrn|registre"),
    NationalId("BE", "national number", "be.nn", r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}", "insz", sure=True),
    NationalId("AT", "insurance number", "at.vnr", r"[0-9]{4}[ ]?[0-9]{6}", "svnr|sozialvers|versicherung"),
    NationalId("CH", "ahv number", "ch.ssn", r"756[. ]?[0-9]{4}[. ]?[0-9]{4}[. ]?[0-9]{2}", "ahv|avs", sure=True),
    NationalId("IE", "pps number", "ie.pps", r"[0-9]{7}[A-W][A-IW]?", "pps", sure=True),
    NationalId("PT", "cartão de cidadão", "pt.cc", r"[0-9]{8}[ ]?[0-9][ ]?[A-Z0-9]{2}[0-9]", "cidad|cart[aã]o"),
    NationalId("PT", "nif", "pt.nif", _D9, "nif|contribuinte"),
    NationalId("CZ", "rodné číslo", "cz.rc", r"[0-9]{6}/?[0-9]{3,4}", "rodn"),
    NationalId("SK", "rodné číslo", "sk.rc", r"[0-9]{6}/?[0-9]{3,4}", "rodn"),
    NationalId("RO", "cnp", "ro.cnp", r"[1-9][0-9]{12}", "cnp"),
    NationalId("BG", "egn", "bg.egn", r"[0-9]{10}", "egn"),
    NationalId("EE", "isikukood", "ee.ik", r"[1-8][0-9]{10}", "isikukood"),
    NationalId("LT", "asmens kodas", "lt.asmens", r"[1-6][0-9]{10}", "asmens"),
    NationalId("LV", "personas kods", "lv.pvn", r"[0-9]{6}-?[0-9]{5}", "personas"),
    NationalId("HR", "oib", "hr.oib", r"[0-9]{11}", "oib"),
    NationalId("SI", "emšo", "si.emso", r"[0-9]{13}", "em[sš]o"),
    NationalId("GR", "amka", "gr.amka", r"[0-9]{11}", "amka|αμκα"),
    NationalId("TR", "kimlik", "tr.tckimlik", r"[1-9][0-9]{10}", "kimlik|tckn"),
    NationalId("IS", "kennitala", "is_.kennitala", r"[0-9]{6}-?[0-9]{4}", "kennitala"),
    NationalId("BR", "cpf", "br.cpf", r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", "cpf", sure=True),
    NationalId("BR", "cpf", "br.cpf", r"[0-9]{11}", "cpf"),
    NationalId("CA", "social insurance number", "ca.sin", _D9, "social insurance"),
    NationalId("IN", "aadhaar", "in_.aadhaar", r"[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}", "aadh?a+r"),
    NationalId("IN", "pan", "in_.pan", r"[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]", "pan", sure=True),
    NationalId("ZA", "id number", "za.idnr", r"[0-9]{6}[ ]?[0-9]{4}[ ]?[0-9]{3}", "rsa|sa[_ -]?id"),
    NationalId("MX", "curp", "mx.curp", r"[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]", "curp", sure=True),
    NationalId("CL", "rut", "cl.rut", r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-[0-9Kk]", "rut"),
    NationalId("KR", "rrn", "kr.rrn", r"[0-9]{6}-[1-8][0-9]{6}", "rrn|주민", sure=True),
    NationalId("CN", "resident identity number", "cn.ric", r"[1-8][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx]", "身份证|sfz", sure=True),
    NationalId("AU", "tax file number", "au.tfn", _D9, "tfn|tax file"),
    NationalId("IL", "identity number", "il.idnr", r"[0-9]{8,9}", "teudat"),
)  # fmt: skip

COUNTRIES: Final = tuple(sorted({one.country for one in NATIONAL_IDS}))
"""Countries whose numbers are known."""

# What any country's number is called in English.
_GENERIC: Final = (
    r"national[_ -]?(?:id|identity|insurance|identification|number|no)|social[_ -]?(?:security|insurance)"
    r"|tax(?:payer)?[_ -]?(?:id|ident|number|no|code)|identity[_ -]?(?:card|number|document|no)"
    r"|personal[_ -]?(?:id|identity|number|code|no)|(?:citizen|government|gov)[_ -]?id|id[_ -]?(?:card|number)"
    r"|nationalid|taxid|ssn"
)


_MOST_NAMES: Final = 200
_NOT_ENGINE: Final = re.compile(r"\(\?![^()]{0,80}\)")


def by_form(countries: Sequence[str]) -> tuple[NationalId, ...]:
    """The ids that their own form tells from other numbers."""
    return tuple(one for one in NATIONAL_IDS if one.sure and one.country in countries)


def prefilter(one: NationalId) -> str:
    """Expression for the engine: without it there is no such number in a line."""
    return rf"(?:^|[^A-Za-z0-9_.+/-])(?:{_NOT_ENGINE.sub('', one.form)})(?:$|[^A-Za-z0-9_])"


def name_prefilter(countries: Sequence[str]) -> str:
    """The same for all numbers that their name tells."""
    words = "|".join(
        sorted({one.words for one in _chosen(tuple(countries)) if one.words} | {_GENERIC})
    )
    return rf"(?i)(?:^|[^a-z])(?:{words})[^\n]{{0,30}}\d"


def of_form(one: NationalId, text: str) -> Iterator[Hit]:
    """The numbers of one form in a text."""
    for hit in _expression(one).finditer(text):
        if _is_valid(one, hit[0]):
            yield Hit(hit.start(), hit.end(), Kind.NATIONAL_ID, f"{one.country.lower()} {one.name}")


def of_name(countries: Sequence[str], text: str) -> Iterator[Hit]:
    """The numbers in a text before which their name stands."""
    known = tuple(countries)
    for name in islice(_names(known).finditer(text), _MOST_NAMES):
        gap = _GAP.match(text, name.end())
        at = gap.end() if gap else name.end()
        for one, expression in _called(known, name[1].lower()):
            hit = expression.match(text, at)
            if hit and _is_valid(one, hit[0]):
                detail = f"{one.country.lower()} {one.name}"
                yield Hit(hit.start(), hit.end(), Kind.NATIONAL_ID, detail)
                break


# From the end of the name to the number: `_number": "`, ` of customer: `, `=`.
_GAP: Final = re.compile(
    r"[A-Za-z_ -]{0,30}\\{0,3}[\"'`]?\]?\s{0,3}(?:[:=>#]{1,2}|is|was|->)?\s{0,3}[\\\"'`(]{0,4}"
)


@cache
def _chosen(countries: tuple[str, ...]) -> tuple[NationalId, ...]:
    """The ids of some countries, the surest first."""
    mine = [one for one in NATIONAL_IDS if one.country in countries]
    return tuple(sorted(mine, key=lambda one: not one.sure))


@cache
def _names(countries: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(sorted({one.words for one in _chosen(countries) if one.words} | {_GENERIC}))
    return re.compile(rf"(?i)(?<![a-z])({words})")


@cache
def _words(one: NationalId) -> re.Pattern[str]:
    return re.compile(rf"(?i){_GENERIC}" + (f"|{one.words}" if one.words else ""))


@lru_cache(1024)
def _called(
    countries: tuple[str, ...], name: str
) -> tuple[tuple[NationalId, re.Pattern[str]], ...]:
    """The ids that are called so, each with what it looks like."""
    return tuple(
        (one, _expression(one)) for one in _chosen(countries) if _words(one).fullmatch(name)
    )


@cache
def _expression(one: NationalId) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9_.+/-])(?:{one.form})(?![A-Za-z0-9_]|[-./+][A-Za-z0-9])")


def _is_valid(one: NationalId, number: str) -> bool:
    return not one.module or bool(_checker(one.module).is_valid(number.upper()))


@cache
def _checker(module: str) -> ModuleType:
    return import_module(f"stdnum.{module}")
