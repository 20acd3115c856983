"""Tables for people."""

from collections.abc import Sequence


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines with aligned columns; the last column runs free."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)][:-1]
    return [
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]))
        for row in rows
    ]
