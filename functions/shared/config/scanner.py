"""`scanner`: what is read, and when it warns."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from functions.shared.config.block import TAG_KEY, Block, FunctionPattern
from functions.shared.core.rules import RULES, disabled_by

_SOURCE: Final = r"^[\w.-]+(/[\w.-]+)*$"


def _as_rule(text: str) -> str:
    possible = disabled_by("scanner.disabled_rules")
    if text not in possible:
        why = "cannot be disabled here" if text in RULES else "is no rule"
        raise ValueError(f"{text!r} {why}; these can: {sorted(possible)}")
    return text


RuleId = Annotated[str, AfterValidator(_as_rule)]


class ScannerPolicy(Block):
    """What the scanner reads and when it warns."""

    runtime_warning_days: int = Field(
        90, ge=0, le=730, description="Warn this long before a runtime's end of support."
    )
    advisories_stale_after_hours: int = Field(
        48, ge=1, le=24 * 90, description="Advisory data older than this is a finding."
    )
    shared_role_functions: int = Field(
        3, ge=2, le=1000, description="So many functions with one execution role are a finding."
    )
    disabled_rules: tuple[RuleId, ...] = Field(
        ("tracing-off",),
        description="Rules that are not applied; their open alerts are resolved. Rules that say "
        "what could not be read cannot be disabled.",
    )
    source_tag: str = Field(
        "source",
        max_length=128,
        pattern=TAG_KEY,
        description="Tag that names the repository a function is built from; its lockfile is "
        "looked for under lockfiles/<source>/ in Warden's bucket.",
    )
    sources: dict[FunctionPattern, Annotated[str, Field(pattern=_SOURCE)]] = Field(
        default_factory=dict,
        description="The same by function name or prefix, for functions without that tag.",
    )
    trusted_accounts: tuple[Annotated[str, Field(pattern=r"^\d{12}$")], ...] = Field(
        (), description="Account ids whose layers and permissions are not foreign."
    )
