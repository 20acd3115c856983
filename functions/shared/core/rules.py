"""The ids of the scanner's rules, for settings that name them.

The rules themselves register in `functions.scanner.rules`; a test compares the two.
"""

from typing import Final

SCANNER_RULES: Final = frozenset({
    "administrator-role",
    "deployment-drift",
    "foreign-access",
    "no-failure-destination",
    "open-function-url",
    "permissive-cors",
    "retired-runtime",
    "secrets-in-code",
    "secrets-in-environment",
    "shared-role",
    "tracing-off",
    "unfamiliar-deployer",
    "vulnerable-package",
    "world-open-policy",
})  # fmt: skip
"""Rules that a platform team may disable."""

GAP_RULES: Final = frozenset({"unread-contents", "unread-function"})
"""Rules that say what could not be seen; they cannot be disabled, for unknown is never fine."""
