"""The `warden` block for a local deployment: that of cdk.json with a few values laid over it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from demo.project import CDK_SETTINGS

# The sample advisories lie in Warden's own bucket; see functions/advisory_sync for `s3:///`. Beside
# them lies a catalogue of exploited flaws, which lists none of theirs.
_SAMPLE_ADVISORIES: Final[Mapping[str, Any]] = {
    "advisories": {
        "location": "s3:///advisories/source",
        "ecosystems": ["PyPI", "npm"],
        "known_exploited": "s3:///advisories/source/known_exploited_vulnerabilities.json",
    },
}
# Somebody is watching: what belongs together still shares a message, but does not wait for it.
_WATCHED: Final[Mapping[str, Any]] = {
    "notifications": {"group_wait_seconds": 2, "group_interval_minutes": 0, "at_once_from": "info"},
}
DEMONSTRATION: Final[Mapping[str, Any]] = {
    **_SAMPLE_ADVISORIES,
    **_WATCHED,
    # Whoever shows it is the account's root, and sends what clocks would send.
    "operators": ["arn:aws:iam::*:root"],
    "tags": {"grace_minutes": 0},
    "detector": {"flows": {"learning_days": 0, "learning_observations": 1}},
    "sensor": {"enabled": True, "learning_days": 0},
    "guard": {"modes": {"experimental": "enforce"}, "cap": {"floor": 5}},
}
"""Nobody waits through a grace period or learns flows for days here, and the guard is shown at
work."""

WITHOUT_GRACE: Final[Mapping[str, Any]] = {
    **_SAMPLE_ADVISORIES,
    **_WATCHED,
    # Recorded events are of other accounts.
    "more_accounts": ["*"],
    "tags": {"grace_minutes": 0},
}
"""For replays, whose events lie in the past, and for trying things out: nothing is put off."""


def warden_block(overlay: Mapping[str, Any], file: Path = CDK_SETTINGS) -> dict[str, Any]:
    """The settings of cdk.json with an overlay, block by block."""
    context = json.loads(file.read_text(encoding="utf-8")).get("context", {})
    return _laid_over(context.get("warden", {}), overlay)


def _laid_over(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    return {**base, **{name: _merged(base.get(name), value) for name, value in overlay.items()}}


def _merged(below: object, above: object) -> object:
    if not isinstance(above, Mapping):
        return above
    return _laid_over(below if isinstance(below, Mapping) else {}, above)
