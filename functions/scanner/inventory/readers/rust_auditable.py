"""The crates that a Rust program was built from, where it was built with cargo-auditable.

Format: https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md, a zlib stream
of JSON in the section `.dep-v0`.
"""

import json
import zlib
from typing import Final

SECTION: Final = ".dep-v0"
_LONGEST: Final = 8 * 1024 * 1024


def parse_audit_data(section: bytes) -> list[tuple[str, str]] | None:
    """Name and version of every crate from crates.io in the program; None: not understood.

    Build-time crates and the program's own are left out.
    """
    try:
        decoder = zlib.decompressobj()
        text = decoder.decompress(section, _LONGEST)
        if decoder.unconsumed_tail:
            return None
        rows = json.loads(text)["packages"]
        return [
            (str(row["name"]), str(row["version"]))
            for row in rows
            if row.get("source") == "crates.io" and row.get("kind", "runtime") == "runtime"
        ]
    except (zlib.error, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
