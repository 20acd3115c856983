"""A bundled function, looked at as a whole: the lockfile tells what is vulnerable."""

import io
import json
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest

from functions.advisory_sync.handler import sync
from functions.scanner.contents import InventoryStore
from functions.scanner.handler import scan
from functions.scanner.inventory.artifact import read_artifact
from functions.scanner.secrets.found import CodeSecrets
from functions.scanner.secrets.store import SecretsStore
from functions.shared.config import WardenConfig, load_config
from functions.shared.core.inventory_keys import url_safe
from functions.shared.events.read import observation
from tests.unit.conftest import NOW, World
from tests.unit.scanner.inventory.archives import zipped
from tests.unit.shared.advisories.osv import advisory, archive, below
from tests.unit.shared.events import enveloped

_SOURCE: Final = "advisories/source"
_BUNDLE: Final = """\
// node_modules/lodash/index.js
var require_lodash = {};

// node_modules/ms/index.js
var require_ms = {};

// src/handler.js
exports.handler = () => 1;
"""


@pytest.fixture
def config() -> WardenConfig:
    return load_config({"advisories": {"location": f"s3:///{_SOURCE}", "ecosystems": ["npm"]}})


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Lambda's own disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def _deployed(world: World, lockfile: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """What people hear of the function, by rule, after its first look."""
    s3, bucket = world.warden.aws.s3, world.warden.settings.bucket
    records = archive(
        advisory("GHSA-1", below("4.17.21", "lodash", "npm"), summary="A way in."),
    )
    s3.put_object(Bucket=bucket, Key=f"{_SOURCE}/npm/all.zip", Body=records.getvalue())
    sync(world.warden, world.warden.own_function("advisory-sync"), NOW)
    if lockfile is not None:
        text = json.dumps({"packages": lockfile})
        s3.put_object(Bucket=bucket, Key="lockfiles/shop/package-lock.json", Body=text)
    tags = {"owner": "shop", "environment": "production", "source": "shop"}
    function = world.create_function("orders", tags=tags)
    answer = world.warden.aws.lambda_.get_function(FunctionName="orders")
    digest = url_safe(answer["Configuration"]["CodeSha256"])
    found = read_artifact(io.BytesIO(zipped({"app.js": _BUNDLE})))
    InventoryStore(s3, bucket).put(digest, found)
    SecretsStore(s3, bucket).put(f"inventories/secrets-v3/{digest}.json", CodeSecrets())
    world.published()
    scan(enveloped(observation(function, NOW)), world.warden, NOW)
    return {one["rule"]: one for one in world.published()}


def test_the_lockfile_tells_which_version_is_vulnerable(world: World) -> None:
    alerts = _deployed(
        world,
        {
            "node_modules/lodash": {"version": "4.17.20"},
            "node_modules/ms": {"version": "2.0.0"},
            "node_modules/unused": {"version": "1.0.0"},
        },
    )
    assert alerts["vulnerable-package"]["evidence"]["purl"] == "pkg:npm/lodash@4.17.20"
    assert "unread-contents" not in alerts
    assert "deployment-drift" not in alerts


def test_without_one_there_is_one_finding_that_says_what_to_do(world: World) -> None:
    alerts = _deployed(world, None)
    assert "vulnerable-package" not in alerts
    alert = alerts["unread-contents"]
    assert "lodash" in alert["reason"]
    assert "lockfile" in alert["remedy"]


def test_a_lockfile_of_another_build_is_refused_and_said(world: World) -> None:
    alerts = _deployed(world, {"node_modules/left-pad": {"version": "1.3.0"}})
    assert "vulnerable-package" not in alerts
    assert "is not of this build" in alerts["unread-contents"]["remedy"]
