"""Dumps of the process's environment: several variables of a process in one line. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from functions.log_watch.sensitive.kinds import Hit, Kind

# Source: Lambda developer guide, "Defined runtime environment variables".
_OF_LAMBDA: Final = (
    r"_HANDLER|_X_AMZN_TRACE_ID|AWS_(?:DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_[A-Z_]{3,40}"
    r"|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_XRAY_[A-Z_]{3,40}"
    r"|LAMBDA_(?:TASK_ROOT|RUNTIME_DIR)|LD_LIBRARY_PATH|NODE_PATH|PYTHONPATH|GEM_PATH|TZ|LANG|PATH"
    r"|PWD|HOME|SHLVL|SHELL|HOSTNAME|USER|TERM|LC_ALL"
)
PREFILTER: Final = (
    r"(?:AWS_LAMBDA_|LAMBDA_TASK_ROOT|AWS_EXECUTION_ENV|LD_LIBRARY_PATH|_X_AMZN_TRACE_ID"
    r"|AWS_SESSION_TOKEN|(?:^|[^A-Z_])PATH[\"']?[=:] ?[\"']?/)[\w/:\"'=, -]",
)
_VARIABLE: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_OF_LAMBDA})(?![A-Za-z0-9_])\\?[\"']?\s?(?:=>|[=:])\s?\\?[\"']?(?=[^\s\"',}}])"
)
_ANY: Final = re.compile(
    r"(?<![A-Za-z0-9_])[A-Z_][A-Z0-9_]{2,40}\\?[\"']?\s?(?:=>|[=:])\s?\\?[\"']?(?=[^\s,}])"
)
_KNOWN: Final = 3
_TOGETHER: Final = 5


def environments(text: str) -> Iterator[Hit]:
    """The dump in a text, if it is one: at least three known variables, or one among five."""
    known = list(_VARIABLE.finditer(text))
    names = {one[0].split("=")[0].strip("\"' :\\") for one in known}
    if not known:
        return
    others = list(_ANY.finditer(text)) if len(names) < _KNOWN else known
    if len(names) >= _KNOWN or len(others) >= _TOGETHER:
        yield Hit(known[0].start(), len(text), Kind.ENVIRONMENT)
