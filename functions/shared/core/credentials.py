"""Where credentials stand in a text: by their own form, or by the name before them. Pure.

Every part is linear in the text's length: an expression repeats one class at most, within a bound,
and a search goes on behind what it has read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from functions.shared.core.credential_forms import FORMS, START
from functions.shared.core.credential_values import (
    is_code,
    is_key,
    is_password,
    is_password_by_sight,
    is_token,
    stands_for_one,
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One credential.

    Attributes:
        start: Index of its first character.
        end: Index behind its last one.
        kind: What it is, in a few words.
    """

    start: int
    end: int
    kind: str


_KEY_BEGINS: Final = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_ENDS: Final = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")

_FORMS: Final = re.compile(
    START + "(?:" + "|".join(f"(?P<f{n}>{form})" for n, (_, form) in enumerate(FORMS)) + ")"
)
_SCHEME: Final = re.compile(
    r"(?i)(?<![A-Za-z0-9])(?:authorization\\{0,4}[\"']?\s{0,3}(?:[:=]|=>)\s{0,3}\\{0,4}[\"'\[]{0,2}"
    r"(?P<scheme>[A-Za-z][A-Za-z0-9-]{2,20})\s{1,3}|(?P<bearer>bearer|apikey)\s{1,3})"
    r"(?P<value>[A-Za-z0-9._~+/=:-]{8,4000})"
)
_SETTING: Final = re.compile(r"[A-Za-z_]{1,40}[=:]+[^=]")
_URL_PASSWORD: Final = re.compile(
    r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/@:…\"'<>]{0,100}:"
    r"(?P<value>[^\s/@…\"'<>]{1,300})@"
)
_USER_OPTION: Final = re.compile(
    r"(?:^|\s)(?:-u|--user)[\s=]{1,3}[\"']?[A-Za-z0-9_.@-]{1,60}:(?P<value>[^\s\"':…]{3,200})"
)
_COOKIE: Final = re.compile(
    r"(?i)(?<![A-Za-z0-9-])(?:set-)?cookie\\{0,4}[\"']?\s{0,3}[:=]\s{0,3}\\{0,4}[\"'\[]{0,2}"
    r"(?P<value>[A-Za-z0-9_.-]{1,60}=[^\s\"',;…]{8,4000}(?:;\s?[A-Za-z0-9_.-]{1,60}=[^\s\"',;…]{1,400}){0,20})"
)

_PASSWORDS: Final = r"pass(?:word|wd|phrase|code)|pwd"
_KEY: Final = (
    r"(?:api|access|account|auth|encryption|private|secret|shared|shared[_-]?access|signing"
    r"|secret[_-]?access|subscription|webhook|master|service)[_ -]?key|apikey"
    r"|secret|credentials?|x-amz-(?:credential|signature|security-token)"
)
_TOKENS: Final = r"token|jwt|signature|(?:php|j|asp\.net_)?sess(?:ion)?[_-]?id|connect\.sid|sig"
_CODE: Final = (
    r"otp|cvv2?|cvc2?|one[_ -]?time[_ -]?(?:code|password|passcode)"
    r"|(?:verification|security|2fa|mfa|auth(?:entication)?|login)[_ -]?code"
)
_NAMED: Final = re.compile(
    rf"(?i)(?:(?P<code>{_CODE})|(?P<password>{_PASSWORDS}|(?<=[_-])pass(?![a-z]))|(?P<key>{_KEY})"
    rf"|(?P<token>{_TOKENS}))"
    r"(?P<rest>(?>[A-Za-z0-9_.-]{0,24}[A-Za-z0-9_])?+)"
    r"(?P<separator>\\{0,4}[\"'`]?\]?\s{0,3}(?:=>|->|:=|==?|:|%3[dD])\s{0,3}|(?:\s[^<>\n]{0,40})?>"
    r"|\s{1,3}for(?:\s{1,2}[\w.@-]{1,40}){1,3}?(?:\s{1,3}(?:is|was|to)|[:=])\s{1,3}(?=\S)"
    r"|(?:\s{1,3}(?:is|was|as|to|of))?\s{1,3}(?=\S))"
    r"(?P<open>[bu]?\\{0,4}[\"'`]|<!\[CDATA\[)?"
)
_UNQUOTED: Final = re.compile(r"[^\s\"',;&)<>\]}|`…\\]{3,4000}")
_QUOTED: Final = {
    quote: re.compile(rf"(?:[^{quote}\\\n…]|\\(?!{quote})[^\n…])" + "{1,4000}") for quote in "\"'`"
}
_ESCAPED: Final = re.compile(r"[^\\\"'`\n…]{1,4000}")
_XML: Final = re.compile(r"[^<\]\n…]{3,4000}")
_BEFORE: Final = re.compile(r"[A-Za-z0-9_.-]{0,30}\Z")
_FLAG: Final = re.compile(r"(?:^|[\s\"'\[,])--?[A-Za-z0-9_.-]{0,30}\Z")
_FORM: Final = re.compile(r"<(?:[A-Za-z0-9_-]{1,30}:)?[A-Za-z0-9_.-]{0,30}\Z")
_WORDS: Final = re.compile(r"\s{1,3}(?:is|was|as|to|of)\s{1,3}\Z|\s{1,3}for\s")
_LONG: Final = 200

# What may stand behind the name and still be the name of a value: `password2`, `secretKeyBase64`.
# A `tokenType`, a `passwordPolicy` or a `secretArn` is about a credential and holds none.
_REST: Final = re.compile(
    r"(?i)[_.-]?(?:|s|[0-9]{1,4}|value|val|key|base64|b64|plain(?:text)?|text|raw|string|str|hex"
    r"|old|new|current|previous|prev|confirm(?:ation|ed)?|repeat|again|prod(?:uction)?|dev|test"
    r"|staging|stage|live|primary|secondary|main|backup|default|admin|root|user|app|client|db)"
)
# Names of tokens that say where a listing goes on, or which request is which.
_HARMLESS: Final = re.compile(
    r"(?i)(?:next|previous|prev|page|paging|pagination|continuation|continue|cursor|sync|resume"
    r"|scroll|start(?:ing)?|marker|forward|backward|client|request|idempotency|task|unexpected"
    r"|eof|device|lock|fencing|window|binder|etag|position|delegation|block|change|progress)"
    r"[_.-]?\Z"
)


def credentials(text: str) -> list[Span]:
    """The credentials in a text, in order, none overlapping another."""
    found = sorted(one for search in _SEARCHES for one in search(text))
    kept: list[Span] = []
    for one in found:
        if kept and one.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = Span(last.start, max(last.end, one.end), last.kind)
        else:
            kept.append(one)
    return kept


def _private_keys(text: str) -> Iterator[Span]:
    at = 0
    while begin := _KEY_BEGINS.search(text, at):
        end = _KEY_ENDS.search(text, begin.end())
        at = end.end() if end else len(text)
        yield Span(begin.start(), at, "private key")


def _by_form(text: str) -> Iterator[Span]:
    for hit in _FORMS.finditer(text):
        group = hit.lastgroup or "f0"
        yield Span(hit.start(), hit.end(), FORMS[int(group[1:])][0])


def _by_scheme(text: str) -> Iterator[Span]:
    for hit in _SCHEME.finditer(text):
        value = hit["value"]
        if hit["bearer"] and (_SETTING.match(value) or not any(map(str.isdigit, value[:200]))):
            continue
        kind = f"{(hit['scheme'] or hit['bearer']).lower()} authorization"
        yield Span(hit.start("value"), hit.end("value"), kind)


def _in_urls(text: str) -> Iterator[Span]:
    for hit in (*_URL_PASSWORD.finditer(text), *_USER_OPTION.finditer(text)):
        if not stands_for_one(hit["value"]):
            yield Span(hit.start("value"), hit.end("value"), "password beside a user")


def _in_cookies(text: str) -> Iterator[Span]:
    for hit in _COOKIE.finditer(text):
        if any(is_token(part.partition("=")[2]) for part in hit["value"].split(";")):
            yield Span(hit.start("value"), hit.end("value"), "cookie")


def _by_name(text: str) -> Iterator[Span]:
    at = 0
    while hit := _NAMED.search(text, at):
        at = hit.end(_kind(hit))
        value = _value(text, hit)
        if value is None:
            continue
        start, end = value
        if _counts(text, hit, text[start:end]):
            yield Span(start, end, _KINDS[_kind(hit)])
            at = end
        elif end - start > _LONG:
            at = end


_SEARCHES: Final = (_private_keys, _by_form, _by_scheme, _in_urls, _in_cookies, _by_name)
_KINDS: Final = {
    "password": "password",
    "key": "secret key",
    "token": "token",
    "code": "one-time or security code",
}
_LOOKS: Final[dict[str, Callable[[str], bool]]] = {
    "password": is_password,
    "key": is_key,
    "token": is_token,
    "code": is_code,
}

_BY_SIGHT: Final[dict[str, Callable[[str], bool]]] = {
    "password": is_password_by_sight,
    "key": lambda value: is_key(value) and not value.isalpha(),
}
"""After a colon and a space, where prose may go on."""


def _kind(hit: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if hit[kind])


def _value(text: str, hit: re.Match[str]) -> tuple[int, int] | None:
    """Where the value stands, None where there is none."""
    at, opening = hit.end(), hit["open"]
    if opening and opening.startswith("<"):
        expression = _XML
    elif opening and "\\" in opening:
        expression = _ESCAPED
    elif opening:
        expression = _QUOTED[opening[-1]]
    elif hit["separator"].endswith(">") and not hit["separator"].endswith(("=>", "->")):
        expression = _XML
    else:
        expression = _UNQUOTED
    value = expression.match(text, at)
    return value.span() if value else None


def _counts(text: str, hit: re.Match[str], value: str) -> bool:
    kind, separator, quoted = _kind(hit), hit["separator"], hit["open"]
    before = text[max(0, hit.start() - 32) : hit.start()]
    name = _BEFORE.search(before)
    prefix = name[0] if name else ""
    outside = before[: len(before) - len(prefix)][-1:]
    harmless = kind == "token" and _HARMLESS.search(prefix)
    if harmless or not _REST.fullmatch(hit["rest"]) or not _is_name(hit, prefix):
        return False
    if separator.endswith(">") and not separator.strip().endswith(("=>", "->")):
        return bool(_FORM.search(before)) and _LOOKS[kind](value.strip())
    if not separator.strip() or _WORDS.search(separator):
        return _by_words(kind, before, separator, value, quoted=bool(quoted))
    if not quoted and ":" in separator:
        if outside in {":", "/"} and outside:
            return False  # a part of an ARN or of a path
        if separator.endswith((" ", "\t")) and kind in _BY_SIGHT:
            return _BY_SIGHT[kind](value)
    return _LOOKS[kind](value)


def _is_name(hit: re.Match[str], prefix: str) -> bool:
    """Whether a short name stands for itself, and is not the end of another word."""
    short = hit[0][:3].lower() in {"sig", "otp", "cvv", "cvc", "pwd", "jwt"}
    return not (short and prefix[-1:].isalpha() and hit[0][0].islower())


def _by_words(kind: str, before: str, separator: str, value: str, *, quoted: bool) -> bool:
    """Of `--password x`, `password is x` and `password "x"`."""
    if _FLAG.search(before) and not separator.strip():
        return _LOOKS[kind](value) and not value.startswith("-")
    if kind == "code":
        return bool(separator.strip()) and is_code(value.rstrip("."))
    if kind != "password":
        return kind == "key" and bool(separator.strip()) and is_token(value.rstrip("."))
    return is_password(value) if quoted else is_password_by_sight(value.rstrip(".!"), strict=True)
