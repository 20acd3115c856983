"""`warden rules`: every rule, how urgent it is where, and who is told."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from warden import completing
from warden.options import Place, as_table_or_json, examples, near_deployment

if TYPE_CHECKING:
    from functions.shared.config import WardenConfig
    from warden.rule_table import Row


@click.command(
    "rules",
    epilog=examples(
        "warden rules                            by the settings that are deployed",
        "warden rules --settings cdk.json        by those of a file, without AWS",
        "warden rules 'retired*' --format json",
        status="0 when the table was written;",
    ),
)
@click.argument("rule", default="*", shell_complete=completing.of(completing.rules))
@click.option(
    "--settings",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A cdk.json whose settings to go by, instead of the deployed ones.",
)
@as_table_or_json
@near_deployment
def command(*, place: Place, rule: str, file: Path | None, as_json: bool) -> None:
    """Show every rule, how severe its alerts are where, and who is told.

    RULE may hold * and ?. Settings, severity.overrides, change a severity by rule and environment;
    notifications.routes and notifications.at_once_from say who is told.
    """
    from fnmatch import fnmatchcase

    from functions.shared.core.rules import RULES
    from warden.failure import RefusedError
    from warden.output import write_json
    from warden.rule_table import rule_table

    chosen = [row for id_, row in RULES.items() if fnmatchcase(id_, rule)]
    if not chosen:
        raise RefusedError(f"There is no rule {rule}. `warden rules` lists all of them.")
    config, environments = _read(file) if file else _deployed(place)
    rows = rule_table(config, environments, chosen)
    if as_json:
        write_json([_document(row) for row in rows])
    else:
        _list(rows)


def _deployed(place: Place) -> "tuple[WardenConfig, tuple[str, ...]]":
    from functions.shared.policy.store import policy_store

    warden = place.find()
    return warden.config, tuple(policy_store(warden).in_force().policy.environments)


def _read(file: Path) -> "tuple[WardenConfig, tuple[str, ...]]":
    """The settings of a file, and the environments of the policy that they name."""
    import json

    from functions.shared.config import ConfigError, load_config
    from functions.shared.policy.read import PolicyError, default_policy, read_policy
    from warden.failure import RefusedError

    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        config = load_config(document.get("context", {}).get("warden"))
        policy = (
            read_policy((file.parent / config.policy).read_bytes())
            if config.policy
            else default_policy()
        )
        return config, tuple(policy.environments)
    except (ConfigError, PolicyError) as error:
        raise RefusedError(str(error)) from error
    except (ValueError, AttributeError) as error:
        raise RefusedError(f"{file} is no cdk.json: {error}") from error


def _document(row: "Row") -> dict[str, Any]:
    return {
        "rule": row.rule.id,
        "says": row.rule.title,
        "part": row.rule.part.value,
        "kind": row.rule.kind.value,
        "severity": row.default,
        "disabled_by": row.rule.disabled_by,
        "environments": {
            one.environment: {
                "severities": [severity.label for severity in one.severities],
                "told": list(one.told),
                "emails": list(one.emails),
            }
            for one in row.places
        },
    }


def _list(rows: "list[Row]") -> None:
    from rich.table import Table
    from rich.text import Text

    from warden.output import write

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("RULE", "KIND", "ITS OWN", "ENVIRONMENT", "SEVERITY", "TOLD TO", "E-MAIL"):
        table.add_column(name, overflow="fold")
    for row in rows:
        head = (row.rule.id, row.rule.kind.value, row.default)
        for one in _together(row):
            cells = (*head, one[0], one[1], one[2], one[3])
            table.add_row(*map(Text, cells))
            head = ("", "", "")
    write(table)


def _together(row: "Row") -> list[tuple[str, str, str, str]]:
    """One line for all environments that have the same in common."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for one in row.places:
        same = (one.shown, " or ".join(one.told), ", ".join(one.emails))
        lines.setdefault(same, []).append(one.environment)
    if len(lines) == 1:
        (same,) = lines
        return [("all", *same)]
    return [(", ".join(names), *same) for same, names in lines.items()]
