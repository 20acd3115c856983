"""Writes docs/settings.md from the configuration's models: `python -m stacks.settings_page`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from functions.shared.config import WardenConfig

PAGE: Final = Path(__file__).parent.parent / "docs" / "settings.md"

_HEAD: Final = """# Settings

Every setting of the `warden` block in [cdk.json](../cdk.json). All have defaults; an unknown name
or a wrong value stops the synthesis and says what is expected. This page is made by
`make docs`.

| setting | default | meaning |
| --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = (f"| `{name}` | {default} | {meaning} |" for name, default, meaning in _rows())
    return _HEAD + "\n".join(rows) + "\n"


def _rows() -> Iterator[tuple[str, str, str]]:
    yield from _block(WardenConfig, "")


def _block(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str]]:
    defaults = model()
    for name, field in model.model_fields.items():
        value = getattr(defaults, name)
        if isinstance(value, BaseModel):
            yield from _block(type(value), f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _default(value), _meaning(field)


def _default(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value) or "none"
    if isinstance(value, dict) and not value:
        return "none"
    text = str(value).replace("|", "\\|")
    return f"`{text}`"


def _meaning(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
