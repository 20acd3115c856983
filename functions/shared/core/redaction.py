"""Taking obvious credentials out of texts that leave. Pure, and linear in the text's length.

Warden's rules report where a credential is, never its value. This is the net below them: an error
text, a log line or a tag of the estate may carry a credential that no rule looked for. Only what
cannot well be anything else is taken, so that digests, ARNs, versions and package URLs stay whole.
"""

import re
from typing import Final

REDACTED: Final = "[redacted]"

# Every pattern begins where a word begins and repeats one class at most, so no text is read more
# than a few times. None looks at what follows: shortening a redacted text brings up nothing new.
_START: Final = r"(?<![A-Za-z0-9_.:/+-])"
_KEY_BEGINS: Final = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_ENDS: Final = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")

# Sources: IAM user guide, "Unique identifiers" (AKIA, ASIA); the token forms that GitHub, GitLab,
# Slack, Stripe, Google and npm document; RFC 7519 (JWT).
_TOKENS: Final = re.compile(
    _START
    + "(?:"
    + "|".join(
        (
            r"A(?:KIA|SIA)[A-Z2-7]{16}",
            r"gh[pousr]_[A-Za-z0-9]{36,255}",
            r"github_pat_[A-Za-z0-9_]{36,255}",
            r"glpat-[A-Za-z0-9_-]{20,255}",
            r"xox[abeoprs]-[A-Za-z0-9-]{10,255}",
            r"[rs]k_live_[A-Za-z0-9]{20,255}",
            r"AIza[A-Za-z0-9_-]{35}",
            r"npm_[A-Za-z0-9]{36}",
            r"eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{4,4000}(?:\.[A-Za-z0-9_-]{0,2000})?",
        )
    )
    + ")"
)
_HEADER: Final = re.compile(
    r"(?i)" + _START + r"(authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:basic|bearer|token)\s{1,3}"
    r"|bearer\s{1,3}(?=[^\s…]{0,200}[0-9]))[A-Za-z0-9._~+/=-]{8,4000}"
)
_URL_PASSWORD: Final = re.compile(
    r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/@:…]{0,100}:)[^\s/@…]{1,300}@"
)
_NAMES: Final = (
    r"[A-Za-z0-9_.-]{0,40}(?:password|passwd|passphrase|secret|token|api[_-]?key|apikey"
    r"|access[_-]?key|private[_-]?key|secret[_-]?key|x-amz-signature|x-amz-credential)"
)
_ASSIGNED: Final = re.compile(
    r"(?i)(?<![A-Za-z0-9_.:/-])"
    rf"({_NAMES}[\"']?\s{{0,3}}"
    r"(?:=\s{0,3}[\"']?|:\s{0,3}[\"']|:\s{0,3}(?=[^\s\"',;&…]{0,20}[0-9])(?=[^\s\"',;&…]{8})))"
    r"[^\s\"',;&)<…]{3,4000}"
)


def redacted(text: str) -> str:
    """Return `text` with credentials replaced by `[redacted]`; the rest stays as it is."""
    text = _without_private_keys(text)
    text = _HEADER.sub(rf"\1{REDACTED}", text)
    text = _URL_PASSWORD.sub(rf"\1{REDACTED}@", text)
    text = _ASSIGNED.sub(rf"\1{REDACTED}", text)
    return _TOKENS.sub(REDACTED, text)


def _without_private_keys(text: str) -> str:
    parts = []
    at = 0
    while begin := _KEY_BEGINS.search(text, at):
        end = _KEY_ENDS.search(text, begin.end())
        parts += [text[at : begin.start()], REDACTED]
        at = end.end() if end else len(text)
    return "".join(parts) + text[at:]
