"""The settings that the constructs take. A wrong value raises `ConfigError` or pydantic's error.

docs/settings.md lists every setting with its default.
"""

from functions.shared.config import (
    AdvisorySource,
    Budget,
    BudgetPolicy,
    CapPolicy,
    ConfigError,
    DetectorPolicy,
    FlowPolicy,
    GuardPolicy,
    Handling,
    Looks,
    NotificationPolicy,
    QuarantinePolicy,
    ReportPolicy,
    Route,
    ScannerPolicy,
    Signals,
    StandingLimitPolicy,
    TagPolicy,
    WardenConfig,
    load_config,
)

__all__ = [
    "AdvisorySource",
    "Budget",
    "BudgetPolicy",
    "CapPolicy",
    "ConfigError",
    "DetectorPolicy",
    "FlowPolicy",
    "GuardPolicy",
    "Handling",
    "Looks",
    "NotificationPolicy",
    "QuarantinePolicy",
    "ReportPolicy",
    "Route",
    "ScannerPolicy",
    "Signals",
    "StandingLimitPolicy",
    "TagPolicy",
    "WardenConfig",
    "load_config",
]
