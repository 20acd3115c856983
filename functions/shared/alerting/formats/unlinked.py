"""Values from functions as text in which no mail or chat program finds a link. Pure."""

import re
from typing import Final

# What mail programs make a link of; `s3://` is none of it, and is what people copy.
_SCHEME: Final = re.compile(r"(?<![A-Za-z0-9+.-])(?!s3:)([A-Za-z][A-Za-z0-9+.-]{0,30})://")
_WWW: Final = re.compile(r"\bwww\.", re.IGNORECASE)
# Domains without a scheme, of the endings that are most in use (and no file's or setting's).
# Addresses of people stay whole, and so do AWS's own hosts.
_BARE: Final = re.compile(
    r"(?<![A-Za-z0-9@._%+/-])((?:[A-Za-z0-9-]{1,63}\.){0,8}[A-Za-z0-9-]{1,63})(?<!amazonaws)\."
    r"(com|net|org|info|biz|io|dev|app|xyz|top|site|online|shop|link|click|cloud|ru|cn|de|uk|fr"
    r"|nl|eu|us|br|in|jp|tk)(?![A-Za-z0-9@.-]*[A-Za-z0-9@])",
    re.IGNORECASE,
)
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
    """Text for an e-mail, whose readers make links of what has a scheme, `www.` or a domain."""
    return _WWW.sub("www[.]", _BARE.sub(r"\1[.]\2", _SCHEME.sub(r"\1[://]", text)))


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
