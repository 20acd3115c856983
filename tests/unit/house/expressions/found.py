"""Every regular expression of the product, and how it is used."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[4]
_ANYWHERE: Final = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
_WHOLE: Final = "fullmatch"
_ALL: Final = _ANYWHERE | {"match", _WHOLE}


class Expression(NamedTuple):
    """One expression.

    Attributes:
        where: File and line of its first use.
        pattern: The expression; None where only the running program knows it.
        anywhere: Whether it is searched for, not only matched at a place.
        whole: Whether it has to match a text to its end.
    """

    where: str
    pattern: "re.Pattern[str] | re.Pattern[bytes] | None"
    anywhere: bool
    whole: bool


def expressions(folder: Path) -> Iterator[Expression]:
    """The expressions of all modules below a folder of the repository."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "import re\n" in text:
            yield from _in_module(path, ast.parse(text))


def _in_module(path: Path, tree: ast.Module) -> Iterator[Expression]:
    relative = path.relative_to(ROOT)
    module = importlib.import_module(
        ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
    )
    uses = _uses(tree)
    for name, value in vars(module).items():
        for pattern in _patterns(value):
            methods = uses.get(name, _ALL)
            anywhere, whole = bool(methods & _ANYWHERE), _WHOLE in methods
            yield Expression(f"{relative} {name}", pattern, anywhere, whole)
    for call in ast.walk(tree):
        method = _of_re(call)
        if not isinstance(call, ast.Call) or method not in _ALL:
            continue
        flags = next((k.value for k in call.keywords if k.arg == "flags"), None)
        written = _evaluated(call.args[0], flags, vars(module))
        yield Expression(
            f"{relative}:{call.lineno}", written, method in _ANYWHERE, method == _WHOLE
        )


def _uses(tree: ast.Module) -> dict[str, frozenset[str]]:
    """The methods called on each name; of a name that is handed on, all are assumed."""
    found: dict[str, set[str]] = {}
    called = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).add(node.attr)
            called.add(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in called:
            found.setdefault(node.id, set()).update(_ALL)
    return {name: frozenset(methods) for name, methods in found.items()}


def _of_re(node: ast.AST) -> str:
    """The name of the function of `re` that is called, or nothing."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    owner = node.func.value
    return node.func.attr if isinstance(owner, ast.Name) and owner.id == "re" else ""


def _patterns(value: Any, depth: int = 0) -> "Iterator[re.Pattern[str] | re.Pattern[bytes]]":
    """The expressions in a constant of a module, those inside tuples and mappings too."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list)) and depth < 3:
        for one in value:
            yield from _patterns(one, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        yield from _patterns(tuple(value.values()), depth + 1)


def _evaluated(
    node: ast.expr, flags: ast.expr | None, names: dict[str, Any]
) -> "re.Pattern[str] | re.Pattern[bytes] | None":
    """An expression that is written where it is used, constants of the module filled in."""
    try:
        text = eval(ast.unparse(node), dict(names))  # noqa: S307 - our own source
        return re.compile(text, eval(ast.unparse(flags), dict(names)) if flags else 0)  # noqa: S307 - likewise
    except NameError:
        return None
