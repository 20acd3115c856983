"""Logs Insights queries that find the lines which something is about. Pure.

What comes from a line is data: a query takes letters, digits and dots of it, and nothing else.
"""

import re
from typing import Final

_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{3,80}(?: [A-Za-z][A-Za-z0-9_.]{1,80}){0,6}")
_HEAD: Final = "fields @timestamp, @logStream, @message\n| filter @message like {}\n"
_TAIL: Final = "| sort @timestamp desc\n| limit 100"

# In the language of Logs Insights. They find more than the exact searches report: no query can
# compute a check digit.
_SENSITIVE: Final = {
    "credential": r"/(?i)(password|passwd|secret|api.?key|access.?key|token|authorization|bearer|PRIVATE KEY)/",
    "environment dump": r"/(LAMBDA_TASK_ROOT|AWS_LAMBDA_FUNCTION_NAME|AWS_EXECUTION_ENV|LD_LIBRARY_PATH)/",
    "payment card number": r"/[2-6]\d{3}[ -]?\d{4,6}[ -]?\d{4,5}[ -]?\d{0,4}/",
    "bank account number": r"/[A-Z]{2}\d{2}[ ]?[A-Z0-9]{4}[ ]?[A-Z0-9]{4}/",
    "e-mail address": r"/[A-Za-z0-9._+-]+(@|%40)[A-Za-z0-9-]+\.[A-Za-z]{2,}/",
    "phone number": r"/\+\d[\d ().-]{7,}\d|(?i)(phone|mobile|tel)/",
    "national id": r"/\d{3}-\d{2}-\d{4}|(?i)(ssn|social.?security|national.?id|tax.?id|passport)/",
}


def lines_with(text: str) -> str:
    """The query for lines that hold the longest run of words of a text."""
    runs = _WORDS.findall(text[:600])
    longest = max(runs, key=len, default="")
    wanted = f'"{longest}"' if longest else "/(?i)(error|exception)/"
    return _HEAD.format(wanted) + _TAIL


def lines_with_sensitive(kind: str) -> str:
    """The query for lines that may hold something sensitive of a kind."""
    return _HEAD.format(_SENSITIVE.get(kind, _SENSITIVE["credential"])) + _TAIL
