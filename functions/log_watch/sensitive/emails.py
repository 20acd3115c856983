"""E-mail addresses, and not what only has an @ in it. Pure."""

import re
import string
from collections.abc import Iterator
from typing import Final

from functions.log_watch.sensitive.kinds import Hit, Kind

PREFILTER: Final = (r"[A-Za-z0-9_.+-](?:@|%40)[A-Za-z0-9-]{1,63}\.[A-Za-z]",)

_SIGN: Final = re.compile(r"@|%40")
_LOCAL: Final = string.ascii_letters + string.digits + "._+'-"
_DOMAIN: Final = re.compile(
    r"(?:[A-Za-z0-9-]{1,63}\.){1,8}(?P<top>[A-Za-z]{2,24})(?![A-Za-z0-9_@-]|\.[A-Za-z0-9])"
)
_LONGEST: Final = 64
# Files that are named so (icon@2x.png), names within networks, and accounts of machines.
_NO_TOP: Final = frozenset(
    "png jpg jpeg gif svg webp ico css js mjs ts json xml html txt md py java go rb so jar log"
    " local localdomain internal lan home corp intranet svc cluster localhost arpa invalid".split()
)
_MACHINES: Final = (
    "gserviceaccount.com", "appspot.com", "compute.amazonaws.com", "amazonses.com",
    "noreply.github.com", "ingest.sentry.io", "ingest.us.sentry.io", "ingest.de.sentry.io",
)  # fmt: skip
_NOBODY: Final = re.compile(
    r"(?i)(?:git|hg|svn|root|daemon|mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply"
    r"|ec2-user|ubuntu|centos|admin-?ssh|ssh)\Z"
)
_MESSAGE: Final = re.compile(
    r"(?i)(?:message-?id|in-reply-to|references|ssh|scp|rsync|dsn)\W.{0,30}\Z"
)
_PATH: Final = re.compile(r":[A-Za-z~/]")
_HANDLE: Final = re.compile(r"[0-9a-f.-]{12,}|[0-9.]{10,}")


def emails(text: str) -> Iterator[Hit]:
    """The addresses of people in a text."""
    for sign in _SIGN.finditer(text):
        before = text[max(0, sign.start() - _LONGEST) : sign.start()]
        rest = before.rstrip(_LOCAL)
        local = before[len(rest) :].lstrip("._+'-")
        domain = _DOMAIN.match(text, sign.end())
        if not local or not domain or rest.endswith(("@", "%")):
            continue
        start = sign.start() - len(local)
        if _is_of_a_person(local, domain) and _stands_free(text, start, domain.end()):
            yield Hit(start, domain.end(), Kind.EMAIL)


def _is_of_a_person(local: str, domain: re.Match[str]) -> bool:
    if domain["top"].lower() in _NO_TOP or domain[0].lower().endswith(_MACHINES):
        return False
    return not _NOBODY.fullmatch(local) and not _HANDLE.fullmatch(local)


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether it is not the id of a message, nor user@host:path of SSH, nor a URL's user."""
    before = text[max(0, start - 40) : start]
    if _MESSAGE.search(before) or _PATH.match(text, end):
        return False
    word = before.rpartition(" ")[2]
    return "://" not in word or "?" in word or "=" in word or word.count("/") > 2
