"""What can be wrong with a lockfile in TOML, as people are told it."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

from functions.scanner.drift.locked import LockfileError


@contextmanager
def faults_named(name: str, fix: str) -> Iterator[None]:
    """Name the file and the fix where it cannot be read, or lacks what a package needs.

    Args:
        name: The lockfile's own name.
        fix: What to do about it.

    Raises:
        LockfileError: It is so.
    """
    try:
        yield
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LockfileError(name, f"no TOML ({error})", fix) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise LockfileError(name, f"a package is incomplete ({error})", fix) from error
