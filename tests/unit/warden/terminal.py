"""Typing a command line in this process; output goes where the process writes."""

from collections.abc import Sequence

import pytest

from warden.main import main as program


def main(arguments: Sequence[str]) -> int:
    """Run `warden …`; the exit status."""
    with pytest.raises(SystemExit) as ended:
        program.main([*arguments], prog_name="warden")
    status = ended.value.code
    assert isinstance(status, int)
    return status
