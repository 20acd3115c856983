"""The CDK constructs of Lambda Warden: take the whole stack, or the parts that you need."""

from stacks.advisory_sync import AdvisorySync
from stacks.alert_bus import AlertBus
from stacks.alert_topic import AlertTopic
from stacks.alerting import Alerting
from stacks.anomaly_detector import AnomalyDetector
from stacks.artifact_bucket import ArtifactBucket
from stacks.bus_subscriber import Wanted
from stacks.change_feed import ChangeFeed
from stacks.dashboard import WardenDashboard
from stacks.event_patterns import alerts as alert_pattern
from stacks.guard import Guard
from stacks.health_alarms import HealthAlarms
from stacks.lockfile_feed import LockfileFeed
from stacks.pager_duty import PagerDuty
from stacks.reporter import Reporter
from stacks.scanner import Scanner
from stacks.sensor_layer import SensorLayer, attach
from stacks.sensor_watch import SensorWatch
from stacks.stage import WardenStage
from stacks.state_table import StateTable
from stacks.sweep import Sweep
from stacks.tag_enforcer import TagEnforcer
from stacks.target import Target
from stacks.waiver_feed import WaiverFeed
from stacks.warden_stack import WardenStack
from stacks.webhooks import CloudEventsWebhook, Opsgenie, SlackWebhook, TeamsWebhook
from stacks.work_queue import DeadLetters

__all__ = [
    "AdvisorySync",
    "AlertBus",
    "AlertTopic",
    "Alerting",
    "AnomalyDetector",
    "ArtifactBucket",
    "ChangeFeed",
    "CloudEventsWebhook",
    "DeadLetters",
    "Guard",
    "HealthAlarms",
    "LockfileFeed",
    "Opsgenie",
    "PagerDuty",
    "Reporter",
    "Scanner",
    "SensorLayer",
    "SensorWatch",
    "SlackWebhook",
    "StateTable",
    "Sweep",
    "TagEnforcer",
    "Target",
    "TeamsWebhook",
    "WaiverFeed",
    "Wanted",
    "WardenDashboard",
    "WardenStack",
    "WardenStage",
    "alert_pattern",
    "attach",
]
