"""Made-up credentials, put together here so that no scanner of this repository stumbles."""

import base64
import random
import string
from typing import Final

_RANDOM: Final = random.Random(7)  # noqa: S311 - made-up values, the same in every run


def _letters(alphabet: str, count: int) -> str:
    return "".join(_RANDOM.choice(alphabet) for _ in range(count))


_ALPHANUMERIC: Final = string.ascii_letters + string.digits

GITHUB: Final = "ghp_" + _letters(_ALPHANUMERIC, 36)
SLACK: Final = "xoxb-" + "-".join((
    _letters(string.digits, 12), _letters(string.digits, 13), _letters(_ALPHANUMERIC, 24)
))  # fmt: skip
AWS_KEY_ID: Final = "AKIA" + _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
AWS_SECRET: Final = _letters(_ALPHANUMERIC + "/+", 40)
_BODY: Final = base64.b64encode(_RANDOM.randbytes(600)).decode()
PRIVATE_KEY: Final = "\n".join((
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    *(_BODY[start : start + 64] for start in range(0, len(_BODY), 64)),
    "-----END RSA " + "PRIVATE KEY-----",
))  # fmt: skip
