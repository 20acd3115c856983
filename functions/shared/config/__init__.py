"""The `warden` block of cdk.json: what a platform team decides, validated before it is deployed.

The same models are read twice: at synth, where a wrong value stops the deployment with the field's
name and the fix, and at run time, where a function receives its own part as JSON.
"""

from functions.shared.config.block import (
    EnvironmentName,
    FunctionPattern,
    KindLabel,
    Mode,
    SeverityLabel,
)
from functions.shared.config.detector import (
    INSIGHTS_GROUPS,
    DetectorPolicy,
    Looks,
    SignalGroup,
    Signals,
)
from functions.shared.config.flows import FlowPolicy
from functions.shared.config.guard import (
    Budget,
    BudgetPolicy,
    CapPolicy,
    GuardPolicy,
    Handling,
    QuarantinePolicy,
    QuarantineReason,
    StandingLimitPolicy,
)
from functions.shared.config.logs import LogSettings
from functions.shared.config.notifications import NotificationPolicy, Route
from functions.shared.config.reporting import AdvisorySource, ReportPolicy
from functions.shared.config.scanner import ScannerPolicy
from functions.shared.config.sensor import SensorSettings
from functions.shared.config.severity import SeverityOverride, SeverityPolicy
from functions.shared.config.tags import TagPolicy
from functions.shared.config.warden import (
    OWN_CONCURRENCY,
    ConfigError,
    WardenConfig,
    load_config,
)

__all__ = [
    "INSIGHTS_GROUPS",
    "OWN_CONCURRENCY",
    "AdvisorySource",
    "Budget",
    "BudgetPolicy",
    "CapPolicy",
    "ConfigError",
    "DetectorPolicy",
    "EnvironmentName",
    "FlowPolicy",
    "FunctionPattern",
    "GuardPolicy",
    "Handling",
    "KindLabel",
    "LogSettings",
    "Looks",
    "Mode",
    "NotificationPolicy",
    "QuarantinePolicy",
    "QuarantineReason",
    "ReportPolicy",
    "Route",
    "ScannerPolicy",
    "SensorSettings",
    "SeverityLabel",
    "SeverityOverride",
    "SeverityPolicy",
    "SignalGroup",
    "Signals",
    "StandingLimitPolicy",
    "TagPolicy",
    "WardenConfig",
    "load_config",
]
