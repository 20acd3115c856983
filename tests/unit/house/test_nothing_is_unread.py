"""What is read of AWS, or asked of people, is used by somebody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pydantic import BaseModel

from functions.anomaly_detector.metrics.signals import DERIVED, METRICS, Signal
from functions.shared.config import WardenConfig

_ROOT: Final = Path(__file__).resolve().parents[3]
_TABLE: Final = _ROOT / "functions/anomaly_detector/metrics/signals.py"


def _sources(*folders: str) -> str:
    files = (file for folder in folders for file in sorted((_ROOT / folder).rglob("*.py")))
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file != _TABLE)


_READERS: Final = _sources("functions/anomaly_detector")
_USERS: Final = _sources("functions", "stacks", "warden")


def _settings(model: type[BaseModel]) -> Iterator[str]:
    defaults = model()
    for name in model.model_fields:
        value = getattr(defaults, name)
        if isinstance(value, BaseModel):
            yield from _settings(type(value))
        else:
            yield name


@pytest.mark.parametrize("signal", Signal)
def test_a_signal_is_judged_or_read_by_somebody(signal: Signal) -> None:
    metric = METRICS[signal]
    read = re.search(rf"\bSignal\.{signal.name}\b", _READERS)
    assert metric.judged or metric.namespace == DERIVED or read, (
        "CloudWatch bills it: let a rule read it, or leave it out"
    )


@pytest.mark.parametrize("setting", dict.fromkeys(_settings(WardenConfig)))
def test_a_setting_is_used_by_somebody(setting: str) -> None:
    assert re.search(rf"\.{setting}\b", _USERS), "nothing reads it"
