"""The page about events speaks of the events that are sent."""

import json
import re
from pathlib import Path
from typing import Final

from functions.notifier.formats.event import DETAIL_TYPES
from functions.shared.events.message_types import WARDEN_SOURCE
from tests.golden.written import FOLDER

_PAGE: Final = (Path(__file__).resolve().parents[3] / "docs" / "events.md").read_text("utf-8")


def test_every_kind_of_event_is_listed() -> None:
    rows = re.findall(r"^\| `(Alert \w+)` \| .+ \| `(\w+)` \|$", _PAGE, re.M)
    assert dict(rows) == {kind: reported.value for reported, kind in DETAIL_TYPES.items()}


def test_the_example_is_an_event_as_it_is_sent() -> None:
    (block,) = re.findall(r"```json\n(.+?)\n```", _PAGE, re.S)
    example = json.loads(block)
    sent = json.loads((FOLDER / "world-open-policy" / "event.json").read_text("utf-8"))
    assert example["source"] == WARDEN_SOURCE
    assert example["detail-type"] == sent["detail-type"]
    assert example["detail"] == sent["detail"], "copy it from tests/golden, then read the page"
