"""Writes docs/rules.md and the list of runbooks from the catalogue of rules."""

from pathlib import Path
from typing import Final

from functions.shared.core.rules import RULES, About, Part, Rule, rules_of

_DOCS: Final = Path(__file__).parent.parent / "docs"

_RULES_HEAD: Final = """\
# Rules

<!-- Made by `make docs` from functions/shared/core/rules/. -->

Every rule of Warden, by the part that judges. Each has a runbook: what it means, what to check
first, how to fix it, how to silence it properly.

**Severity** is the rule's own: fixed where it is named; elsewhere it depends on what was found, and
each alert says why. Environment and settings may change it ([routing.md](routing.md));
`warden rules` shows by how much. **About** says what an alert is about, what it links to and what
`warden silence FINGERPRINT` mutes. **Switched off by** names the setting; a rule without one cannot
be switched off.
"""
_TABLE_HEAD: Final = """\
| rule | what it says | kind | severity | about | switched off by |
| --- | --- | --- | --- | --- | --- |
"""
_EXPLAINED_HEAD: Final = """\
## What explains what

While an alert of the first column is open, nobody is told of those in the second; they stay
recorded, stand in the digest with the reason, and are told when they outlive it.

| while this is open | these are not told | because |
| --- | --- | --- |
"""
_RUNBOOKS_HEAD: Final = """\
# Runbooks

<!-- Made by `make docs` from functions/shared/core/rules/. -->

One page for each [rule](../rules.md): what it means, what to check first, how to fix it, how to
silence it properly.

"""
_ABOUT: Final = {
    About.FUNCTION: "function",
    About.ACCOUNT: "account",
    About.WARDEN: "Warden itself",
}


def pages() -> dict[Path, str]:
    """The pages, by where they are."""
    return {
        _DOCS / "rules.md": _rules_page(),
        _DOCS / "runbooks" / "README.md": _RUNBOOKS_HEAD
        + "".join(f"- [{id_}]({id_}.md): {row.title}\n" for id_, row in sorted(RULES.items())),
    }


def _rules_page() -> str:
    sections = [_RULES_HEAD]
    for part in Part:
        rows = "".join(_row(one) for one in sorted(rules_of(part), key=lambda one: one.id))
        if rows:
            sections.append(f"## {part.value}\n\n{_TABLE_HEAD}{rows}")
    explained = "".join(_explained(one) for one in RULES.values())
    return "\n".join([*sections, _EXPLAINED_HEAD + explained])


def _row(row: Rule) -> str:
    severity = row.severity.label if row.severity is not None else "depends"
    setting = f"`{row.disabled_by}`" if row.disabled_by else ""
    cells = (_link(row.id), row.title, row.kind.value, severity, _ABOUT[row.about], setting)
    return f"| {' | '.join(cells)} |\n"


def _explained(row: Rule) -> str:
    lines = []
    for one in row.explains:
        kind = [f"every other rule of kind {one.kind.value}"] if one.kind else []
        targets = ", ".join([*map(_link, sorted(one.rules)), *kind])
        lines.append(f"| {_link(row.id)} | {targets} | {one.why} |\n")
    return "".join(lines)


def _link(id_: str) -> str:
    return f"[{id_}](runbooks/{id_}.md)"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
