"""`warden runbook`: what to check and to do about the alerts of a rule."""

from pathlib import Path
from typing import Final

import click

from warden.options import as_table_or_json, examples

_FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "runbooks"


@click.command(
    "runbook",
    epilog=examples(
        "warden runbook error-rate              what to check, how to fix it, whom to call",
        status="0 when it was printed; 2 when there is no such rule;",
    ),
)
@click.argument("rule", metavar="RULE")
@as_table_or_json
def command(rule: str, *, as_json: bool) -> None:
    """Print the runbook of a rule, of the version that is installed here.

    An alert names its RULE. No network is needed.
    """
    from functions.shared.core.rules import RULES
    from functions.shared.core.text import plain
    from warden.failure import RefusedError, did_you_mean
    from warden.output import write_json, write_text

    if rule not in RULES:
        raise RefusedError(f"There is no rule {plain(rule, 60)}.{did_you_mean(rule, RULES)}")
    text = (_FOLDER / f"{rule}.md").read_text(encoding="utf-8").rstrip()
    if as_json:
        write_json({"rule": rule, "runbook": text})
        return
    write_text(text)
