"""What stands in the place of a credential without being one."""

import re
from typing import Final

# Something to be filled in: marks in pairs around a name. Single ones stand in good passwords.
_TEMPLATE: Final = re.compile(
    rb"<[A-Za-z][\w .:-]{1,60}>|\{[A-Za-z_][\w.]{0,60}\}|\{\{ ?[\w.]|\$\([\w. -]{1,60}\)"
    rb"|%\(\w{1,60}\)[sd]|%\w{2,60}%|\.\.\.|\*\*\*|xxxx",
    re.IGNORECASE,
)
_LONG, _MANY_MARKS = 16, 5
_FORMAT: Final = re.compile(rb"(?:%[a-z]|[<>{}\[\]:/ ])+", re.IGNORECASE)
_WORDS: Final = re.compile(
    rb"example|placeholder|change.?me|replace.?me|dummy|redacted|sample|your[-_ ]|insert[-_ ]",
    re.IGNORECASE,
)
# RFC 2606 reserves the example domains; the others are nobody's host either.
_EXAMPLE_HOST: Final = re.compile(
    rb"@(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|[\w.-]*\bexample\b|[\w.-]*\.(?:test|invalid)\b"
    rb"|(?:my|your|some|db)?[-_]?(?:host|hostname|server|url|domain)\b|[<{$%])",
    re.IGNORECASE,
)
_COMMON: Final = frozenset({
    b"password", b"passwd", b"pass", b"passw0rd", b"pwd", b"pw", b"secret", b"token", b"user",
    b"username", b"admin", b"root", b"postgres", b"mysql", b"guest", b"test", b"testing", b"foo",
    b"bar", b"baz", b"key", b"apikey", b"none", b"null", b"undefined", b"true", b"false", b"scott",
    b"tiger", b"hunter2", b"mypassword", b"my_password", b"mypass", b"somepassword", b"key_id",
})  # fmt: skip
_PEM: Final = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY")
# What stands in a key's body and between its lines, in any language's way of writing a text.
_PEM_TEXT: Final = re.compile(rb"[A-Za-z0-9+/=\\\s\"',]+")
_PEM_NEWLINE: Final = re.compile(rb"\\[rn]|[\r\n]")
_PEM_SHORTEST: Final = 100


def is_placeholder(value: bytes, *, after: bytes = b"") -> bool:
    """Whether a value is a template, an example or a word that nobody uses as a credential.

    Args:
        value: The credential.
        after: The text that follows it, which names the host where it is a URI's password.
    """
    if _PEM.search(value):
        return not _has_key_body(value)
    template = _TEMPLATE.search(value)
    return bool(
        (template and not _is_chance(value, template))
        or _FORMAT.fullmatch(value)
        or _WORDS.search(value)
        or _EXAMPLE_HOST.match(after)
        or value.lower() in _COMMON
        or len(set(value)) < 4
    )


def _is_chance(value: bytes, template: re.Match[bytes]) -> bool:
    """Whether a long random value has the marks of a template in it by chance only."""
    rest = value[: template.start()] + value[template.end() :]
    marks = {byte for byte in rest if not chr(byte).isalnum()}
    return len(rest) >= _LONG and len(marks) >= _MANY_MARKS and len(set(rest)) >= len(rest) // 3


def _has_key_body(value: bytes) -> bool:
    """Whether what follows a line's end is long enough for a key."""
    for text in _PEM_TEXT.findall(value):
        newline = _PEM_NEWLINE.search(text)
        if newline and len(text) - newline.end() >= _PEM_SHORTEST:
            return True
    return False
