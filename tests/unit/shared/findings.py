"""Findings that the alert tests are told with."""

from typing import Any

from functions.shared.alerting.finding import Finding, Kind
from functions.shared.core.arn import FunctionArn
from functions.shared.core.severity import Severity

ORDERS = FunctionArn("aws", "eu-west-1", "123456789012", "orders")


def finding(rule: str = "no-owner", **changes: Any) -> Finding:
    """A finding on the function `orders`, with some fields set otherwise."""
    fields: dict[str, Any] = {
        "kind": Kind.EXPOSURE,
        "severity": Severity.HIGH,
        "function": ORDERS,
        "title": "No owner",
        "reason": "Nobody can be asked.",
        "remedy": "Tag it.",
    }
    return Finding(rule=rule, **(fields | changes))
