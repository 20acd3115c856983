import json
from pathlib import Path

import pytest

from demo.deployment.settings import DEMONSTRATION, WITHOUT_GRACE, warden_block
from functions.shared.config import load_config


def test_an_overlay_changes_its_own_values_and_nothing_beside_them(tmp_path: Path) -> None:
    file = tmp_path / "cdk.json"
    block = {"owner": "us", "tags": {"owner_tag": "team", "grace_minutes": 15}}
    file.write_text(json.dumps({"context": {"warden": block}}))
    merged = warden_block({"tags": {"grace_minutes": 0}, "sweep_hours": 1}, file)
    assert merged == {
        "owner": "us",
        "tags": {"owner_tag": "team", "grace_minutes": 0},
        "sweep_hours": 1,
    }


@pytest.mark.parametrize("overlay", [DEMONSTRATION, WITHOUT_GRACE])
def test_local_settings_are_valid_and_put_nothing_off(overlay: dict[str, object]) -> None:
    assert load_config(warden_block(overlay)).tags.grace_minutes == 0
