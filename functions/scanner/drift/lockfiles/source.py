"""A lockfile as it was uploaded, with the manifests that came along."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from functions.scanner.drift.markers import ANYWHERE, Target


@dataclass(frozen=True, slots=True)
class Source:
    """What a parser gets.

    Attributes:
        name: The lockfile's own name, for messages.
        text: Its contents.
        manifests: Contents of the files that were uploaded along, by file name: manifests
            (`package.json`, `pyproject.toml`), and requirements that others include.
        target: What the function runs on, which decides about conditional dependencies.
    """

    name: str
    text: str
    manifests: Mapping[str, str] = field(default_factory=dict)
    target: Target = ANYWHERE
