"""What a rule, and each of its findings, is about."""

from enum import StrEnum


class Kind(StrEnum):
    """What a finding is about; alerts can be filtered by it."""

    VULNERABILITY = "vulnerability"
    DRIFT = "drift"
    EXPOSURE = "exposure"
    LIFECYCLE = "lifecycle"
    TAGGING = "tagging"
    ANOMALY = "anomaly"
    ENFORCEMENT = "enforcement"
    COVERAGE = "coverage"
