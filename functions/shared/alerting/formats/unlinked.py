"""Values from functions as text in which no mail or chat program finds a link. Pure."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).parent / "data" / "top_level_domains.json"
# What mail programs make a link of; `s3://` is none of it, and is what people copy.
_SCHEME: Final = re.compile(r"(?<![A-Za-z0-9+.-])(?!s3:)([A-Za-z][A-Za-z0-9+.-]{0,30})://")
# Schemes that need no slashes; the parts of an ARN stay whole.
_BARE_SCHEME: Final = re.compile(
    r"(?<![A-Za-z0-9+.:-])(callto|data|facetime|file|geo|im|intent|javascript|magnet|mailto|maps|news"
    r"|sips?|skype|sms|tel|vbscript|view-source|webcal|xmpp):(?=\S)",
    re.IGNORECASE,
)
_SHARE: Final = re.compile(r"\\\\(?=[^\W_])")
_WWW: Final = re.compile(r"\bwww\.", re.IGNORECASE)
# What a name of a host may hold; some programs take the dots of other scripts for one as well.
_DOTS: Final = ".\u3002\uff0e\uff61"
_HOST: Final = re.compile(rf"(?:[^\W_]|[{_DOTS}-])+")
_DOT: Final = re.compile(rf"([{_DOTS}])")
_NUMBERS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# An address of a person stays whole, and so does the name of an AWS service, which is AWS's own.
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")
_SERVICE: Final = re.compile(r"[a-z0-9-]{1,63}\.amazonaws\.com(?:\.cn)?")
_WORDS: Final = re.compile(r"[^\s<>\"'`()\[\]{},;|]+")
_TOKENS: Final = re.compile(r"\S+")
# What Slack or a Markdown renderer could read as more than letters: formatting, links, mentions,
# channels, emoji, domains.
_SPECIAL: Final = re.compile(
    r"[*~|\[\]@#\\]|://|^_|_$|:[A-Za-z0-9_+-]+:|[^\W\d_]\.[^\W\d_]", re.ASCII
)
_OPENING: Final = "(\"'"
_CLOSING: Final = ".,;:!?)\"'"
# Angle quotation marks, an apostrophe, a full-width ampersand.
_ANGLES: Final = str.maketrans({"<": "\u2039", ">": "\u203a", "`": "'", "&": "\uff06"})
_FULL_WIDTH_AT: Final = "\uff20"
_MENTION: Final = re.compile(r"(?<![A-Za-z0-9._%+-])@")


def unlinked(text: str) -> str:
    """Text for an e-mail, in which no mail program finds a link.

    Mail programs make links of what has a scheme, of `www.`, of a share, and of whatever ends
    in a top-level domain; these are shown with brackets, as in `evil[.]com`.
    """
    text = _SHARE.sub("[\\\\\\\\]", _BARE_SCHEME.sub(r"\1[:]", _SCHEME.sub(r"\1[://]", text)))
    return _WORDS.sub(_without_hosts, _WWW.sub("www[.]", text))


def _without_hosts(match: "re.Match[str]") -> str:
    """A word without anything that ends in a top-level domain."""
    word = match[0]
    core = word.rstrip(".:!?")
    if _ADDRESS.fullmatch(core) or _SERVICE.fullmatch(core):
        return word
    return _HOST.sub(_without_host, word)


def _without_host(match: "re.Match[str]") -> str:
    after = match.string[match.end() : match.end() + 1]
    parts = _DOT.split(match[0])  # labels, and the dots between them
    labels = [part for part in parts[::2] if part.strip("-")]
    numbers = after in {"/", ":"} and _NUMBERS.fullmatch(match[0])
    if len(labels) < 2 or not (numbers or _is_domain(labels[-1])):
        return match[0]
    for at in range(1, len(parts), 2):
        if parts[at - 1] and (_is_domain(parts[at + 1]) or (numbers and at == len(parts) - 2)):
            parts[at] = f"[{parts[at]}]"
    return "".join(parts)


def _is_domain(label: str) -> bool:
    """Whether programs take it for a top-level domain: a known one, or one of another script."""
    name = label.strip("-").lower()
    return name in _domains() or name.startswith("xn--") or not name.isascii()


@cache
def _domains() -> frozenset[str]:
    return frozenset(json.loads(_TABLE.read_bytes())["names"])


def chat_text(text: str) -> str:
    """Text for a chat: what could be markup there stands as code, where nothing is markup.

    Slack and Teams write links and formatting differently and have no escape in common; code in
    backticks is literal in both. Angle brackets, with which Slack marks links and mentions even
    there, and ampersands, with which they could be written, become their look-alikes.
    """
    return _TOKENS.sub(_as_code, text.translate(_ANGLES))


def chat_code(text: str) -> str:
    """A name for a chat, as code."""
    return f"`{_literal(text.translate(_ANGLES))}`" if text.strip() else ""


def chat_value(text: str) -> str:
    """A value that programs read and a chat may show."""
    return _literal(text.translate(_ANGLES))


def _as_code(match: "re.Match[str]") -> str:
    """A word as it is, or as code, without the punctuation around it where that may stay out."""
    token = match[0]
    core = token.strip(_OPENING + _CLOSING)
    if core and _SPECIAL.search(core):
        start = token.index(core)
        return f"{token[:start]}`{_literal(core)}`{token[start + len(core) :]}"
    return f"`{_literal(token)}`" if _SPECIAL.search(token) else token


def _literal(text: str) -> str:
    return _MENTION.sub(_FULL_WIDTH_AT, text)
