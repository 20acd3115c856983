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
    ours = root.joinpath(*f"{PACKAGE}functions".split("."))
    there = _files_by_module(ours, root)
    waiting, seen, modules = [handler], set[str](), set[Path]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if (file := there.get(name)) is None:  # somebody else's, or no module
            continue
        modules.add(file)
        waiting += _packages_above(name)
        source = file.read_text(encoding="utf-8")
        waiting += _imports(source)
        if _BY_NAME in source:
            waiting += (f"{name}.{one.stem}" for one in _modules(file))
    if not modules:
        raise FileNotFoundError(f"{root}: no module {handler}")
    folders = {file.parent for file in modules if file.is_relative_to(ours)}
    data = {file for folder in folders for file in _data(folder)}
    return frozenset(file.relative_to(root) for file in modules | data)


def _files_by_module(folder: Path, root: Path) -> dict[str, Path]:
    """The file of each module below a folder, by its dotted name, and of the packages above it."""
    above = [one / "__init__.py" for one in folder.parents if one.is_relative_to(root)]
    files = [*(file for file in above if file.is_file()), *folder.rglob("*.py")]
    by_module: dict[str, Path] = {}
    for file in files:
        parts = file.relative_to(root).with_suffix("").parts
        by_module[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return by_module


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
