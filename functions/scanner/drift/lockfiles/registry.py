"""Which parser reads which file."""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from functions.scanner.drift.locked import Locked, LockedPackage, LockfileError
from functions.scanner.drift.lockfiles.bun_lock import parse_bun_lock
from functions.scanner.drift.lockfiles.cargo_lock import parse_cargo_lock
from functions.scanner.drift.lockfiles.gemfile_lock import parse_gemfile_lock
from functions.scanner.drift.lockfiles.go_modules import parse_go_mod, parse_go_sum
from functions.scanner.drift.lockfiles.gradle_lockfile import parse_gradle_lockfile
from functions.scanner.drift.lockfiles.nuget_lock import parse_nuget_lock
from functions.scanner.drift.lockfiles.package_lock import parse_package_lock
from functions.scanner.drift.lockfiles.pdm_lock import parse_pdm_lock
from functions.scanner.drift.lockfiles.pipfile_lock import parse_pipfile_lock
from functions.scanner.drift.lockfiles.pnpm_lock import parse_pnpm_lock
from functions.scanner.drift.lockfiles.poetry_lock import parse_poetry_lock
from functions.scanner.drift.lockfiles.pylock_toml import parse_pylock
from functions.scanner.drift.lockfiles.requirements_txt import parse_requirements
from functions.scanner.drift.lockfiles.source import Source
from functions.scanner.drift.lockfiles.uv_lock import parse_uv_lock
from functions.scanner.drift.lockfiles.yarn_berry import parse_yarn_berry
from functions.scanner.drift.lockfiles.yarn_classic import parse_yarn_classic
from functions.scanner.drift.markers import ANYWHERE, Target
from functions.shared.core.text import plain

Parser: TypeAlias = Callable[[Source], Locked]

MANIFESTS: Final = ("package.json", "pyproject.toml")
"""Names of the manifests that parsers look for."""

_LARGEST: Final = 64 * 1024 * 1024
_LONGEST_NAME: Final = 500
_SEPARATOR: Final = re.compile(r"[-_.]")
_PYLOCK: Final = re.compile(r"pylock\.[^.]+\.toml")  # the standard's own pattern
_AS_IT_IS: Final = "upload the file as its tool wrote it"
_UNFORESEEN: Final = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


def _parse_yarn(source: Source) -> Locked:
    """Either format of yarn.lock."""
    berry = "__metadata:" in source.text
    return parse_yarn_berry(source) if berry else parse_yarn_classic(source)


PARSERS: Final[Mapping[str, Parser]] = {
    "package-lock.json": parse_package_lock,
    "npm-shrinkwrap.json": parse_package_lock,
    "yarn.lock": _parse_yarn,
    "pnpm-lock.yaml": parse_pnpm_lock,
    "poetry.lock": parse_poetry_lock,
    "uv.lock": parse_uv_lock,
    "requirements.txt": parse_requirements,
    "Pipfile.lock": parse_pipfile_lock,
    "Gemfile.lock": parse_gemfile_lock,
    "gems.locked": parse_gemfile_lock,
    "go.mod": parse_go_mod,
    "go.sum": parse_go_sum,
    "bun.lock": parse_bun_lock,
    "pdm.lock": parse_pdm_lock,
    "pylock.toml": parse_pylock,
    "Cargo.lock": parse_cargo_lock,
    "packages.lock.json": parse_nuget_lock,
    "gradle.lockfile": parse_gradle_lockfile,
}
"""Parser by file name; `pylock.NAME.toml` and other requirements files are recognised, too."""


def goes_along(name: str) -> bool:
    """Whether a parser may want this file beside the lockfile: a manifest, or what it includes."""
    return name in MANIFESTS or (name.endswith(".txt") and len(name) <= _LONGEST_NAME)


def is_lockfile(name: str) -> bool:
    """Whether a file of this name (without folders) can be read."""
    return _parser(name) is not None


def read_lockfile(
    name: str,
    data: str | bytes,
    *,
    manifests: Mapping[str, str | bytes] | None = None,
    target: Target = ANYWHERE,
) -> Locked:
    """Understand a lockfile.

    Args:
        name: The file's name, folders are ignored.
        data: Its contents.
        manifests: Files that were uploaded along and `goes_along` names, by file name.
        target: What the function runs on, which decides about conditional dependencies.

    Raises:
        LockfileError: No parser for this name, or the contents cannot be understood; the message
            names the file and the fix.
    """
    base = name.replace("\\", "/").rpartition("/")[2]
    parser = _parser(base)
    if parser is None:
        known = ", ".join(sorted(PARSERS))
        raise LockfileError(base[:80], "not a lockfile that is known", f"upload one of {known}")
    texts = {key: _text(key, value) for key, value in (manifests or {}).items() if key != base}
    source = Source(base, _text(base, data), texts, target)
    try:
        locked = parser(source)
    except LockfileError:
        raise
    except _UNFORESEEN as error:
        raise LockfileError(base, f"not understood ({type(error).__name__})", _AS_IT_IS) from error
    if strange := next((one for one in locked.packages if not _is_sound(one)), None):
        raise LockfileError(base, f"{plain(strange.name, 60)!r} is no package", _AS_IT_IS)
    return locked


def _is_sound(package: LockedPackage) -> bool:
    """Whether its name and version can be shown and compared: short, and printable."""
    return all(
        len(text) <= _LONGEST_NAME and text.isprintable()
        for text in (package.name, package.version)
    )


def _parser(name: str) -> Parser | None:
    if name in PARSERS:
        return PARSERS[name]
    if _PYLOCK.fullmatch(name):
        return parse_pylock
    return parse_requirements if _is_requirements(name) else None


def _is_requirements(name: str) -> bool:
    words = _SEPARATOR.split(name)
    return "requirements" in words[:-1] and words[-1] == "txt"


def _text(name: str, data: str | bytes) -> str:
    if len(data) > _LARGEST:
        raise LockfileError(name, f"larger than {_LARGEST} bytes", "upload the lockfile alone")
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LockfileError(name, "not UTF-8 text", "upload the file as it is") from error
