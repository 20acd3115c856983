"""Taking credentials out of texts that leave. Pure, and linear in the text's length.

Warden's rules report where a credential is, never its value. This is the net below them: an error
text, a log line or a tag of the estate may carry a credential that no rule looked for. Only what
cannot well be anything else is taken, so that digests, ARNs, versions and package URLs stay whole.
"""

from typing import Final

from functions.shared.core.credentials import credentials

REDACTED: Final = "[redacted]"
_PASSES: Final = 4
"""A text without a credential may show one that its neighbour hid; each pass takes some away."""


def redacted(text: str) -> str:
    """Return `text` with credentials replaced by `[redacted]`; the rest stays as it is."""
    for _ in range(_PASSES):
        found = credentials(text)
        if not found:
            break
        parts = []
        at = 0
        for one in found:
            parts += [text[at : one.start], REDACTED]
            at = one.end
        text = "".join(parts) + text[at:]
    return text
