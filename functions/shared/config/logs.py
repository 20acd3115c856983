"""`logs`: what is read in the logs of functions, and what is reported of it."""

from typing import Annotated, Final, Literal

from pydantic import Field

from functions.shared.config.block import Block, FunctionPattern

SensitiveLabel = Literal[
    "credential",
    "environment dump",
    "payment card number",
    "bank account number",
    "e-mail address",
    "phone number",
    "national id",
]
KNOWN_COUNTRIES: Final = (
    "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CN", "CZ", "DE", "DK", "EE", "ES", "FI", "FR",
    "GB", "GR", "HR", "IE", "IL", "IN", "IS", "IT", "KR", "LT", "LV", "MX", "NL", "NO", "PL", "PT",
    "RO", "SE", "SI", "SK", "TR", "US", "ZA",
)  # fmt: skip
"""Countries whose national ids are known; a test compares them with the searches."""

Country = Annotated[str, Field(pattern="^(" + "|".join(KNOWN_COUNTRIES) + ")$")]


class LogSettings(Block):
    """The log-watch: what it reads, learns and reports."""

    enabled: bool = Field(
        default=False,
        description="Whether to deploy the part that reads logs. It reads a log only once that is "
        "subscribed: `warden logs subscribe`, or a subscription filter in the function's template.",
    )
    learning_hours: int = Field(
        24,
        ge=0,
        le=30 * 24,
        description="Hours from the first line of a function in which its errors are learnt in "
        "silence.",
    )
    lasting_hours: int = Field(
        24,
        ge=1,
        le=14 * 24,
        description="Hours after which an alert about log lines is resolved when they are not "
        "logged again.",
    )
    keep_days: int = Field(
        90, ge=7, le=400, description="An error or a signal not logged so long is forgotten."
    )
    search_sensitive: bool = Field(
        default=True,
        description="Whether lines are searched for credentials and personal data. Only kind, "
        "count and place are kept, never a value.",
    )
    not_sensitive: tuple[SensitiveLabel, ...] = Field(
        (), description="What functions may log here, and is not reported."
    )
    countries: tuple[Country, ...] = Field(
        KNOWN_COUNTRIES,
        description="Countries whose national ids and national forms of phone numbers are searched "
        "for.",
    )
    opt_out: tuple[FunctionPattern, ...] = Field(
        (), description="Names or prefixes (`legacy-*`) of functions whose lines are not read."
    )
    opt_out_tag: str = Field(
        "warden:logs",
        min_length=1,
        max_length=128,
        description="A function with this tag and the value `off` is not read either.",
    )
