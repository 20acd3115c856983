"""Which files a function's code reaches: what its handler imports, and the data beside that.

Read from the sources alone; nothing is imported. Every import counts, wherever in a module it
stands, except those that only a type checker follows. A package that imports its modules by name,
with `import_module(f"{__package__}...")`, reaches all of them.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from stacks.packaging.project import IMPORT_ROOT, PACKAGE

_BY_NAME: Final = 'import_module(f"{__package__}.'
_NO_DATA: Final = frozenset({"requirements.lock", "requirements.txt"})


def reached_files(handler: str, root: Path = IMPORT_ROOT) -> frozenset[Path]:
    """The files that a function needs, relative to the root.

    Args:
        handler: Dotted name of the module with the handler.
        root: Folder that imports start from.

    Raises:
        FileNotFoundError: There is no such module.
    """
    waiting, modules = [handler], set[Path]()
    while waiting:
        file = _file(waiting.pop(), root)
        if file is None or file in modules:
            continue
        modules.add(file)
        name = ".".join(file.relative_to(root).with_suffix("").parts)
        waiting += _packages_above(name)
        source = file.read_text(encoding="utf-8")
        waiting += _imports(source)
        if _BY_NAME in source:
            waiting += (f"{name.removesuffix('.__init__')}.{one.stem}" for one in _modules(file))
    if not modules:
        raise FileNotFoundError(f"{root}: no module {handler}")
    ours = root.joinpath(*f"{PACKAGE}functions".split("."))
    folders = {file.parent for file in modules if file.is_relative_to(ours)}
    data = {file for folder in folders for file in _data(folder)}
    return frozenset(file.relative_to(root) for file in modules | data)


def _file(module: str, root: Path) -> Path | None:
    """The file of one of our modules; None for somebody else's, and for what is no module."""
    if not f"{module}.".startswith(PACKAGE or "functions."):
        return None
    place = root.joinpath(*module.split("."))
    candidates = (place / "__init__.py", place.with_suffix(".py"))
    return next((file for file in candidates if file.is_file()), None)


def _modules(file: Path) -> Iterator[Path]:
    """The modules beside a file."""
    return (one for one in sorted(file.parent.glob("*.py")) if one != file)


def _packages_above(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


@cache
def _imports(source: str) -> tuple[str, ...]:
    """Names that a module imports: each may be a module, or something in one."""
    found: list[str] = []
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        waiting += ast.iter_child_nodes(node)
    return tuple(found)


def _data(folder: Path) -> Iterator[Path]:
    """Files of a package that are no code, with those of its folders that are no packages."""
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__pycache__")) or entry.name in _NO_DATA:
            continue
        if entry.is_dir():
            if not (entry / "__init__.py").exists():
                yield from _data(entry)
        elif entry.suffix not in {".py", ".pyc"}:
            yield entry
