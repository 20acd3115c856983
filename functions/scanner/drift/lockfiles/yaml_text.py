"""YAML lockfiles, loaded as plain data."""

from typing import Any

from functions.scanner.drift.locked import LockfileError


def load_mapping(name: str, text: str, fix: str) -> dict[str, Any]:
    """The mapping that a YAML file is, every scalar as the text it was written as.

    Raises:
        LockfileError: It is no such mapping.
    """
    # Imported here: only two kinds of lockfiles need it, and it is no small import.
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        # The base loader makes strings only; it never builds objects.
        document = yaml.load(text, Loader=loader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        reason = str(error).replace("\n", " ")[:200]
        raise LockfileError(name, f"no YAML ({reason})", fix) from error
    if not isinstance(document, dict):
        raise LockfileError(name, "no mapping of packages", fix)
    return document
