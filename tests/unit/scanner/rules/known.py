"""Facts about one function, for rules to judge."""

from datetime import UTC, datetime
from typing import Any, Final

from functions.scanner.facts import Configuration, FunctionFacts, Setting
from functions.shared.config import ScannerPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known

ACCOUNT: Final = "111122223333"
NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/orders-role"


def function(name: str = "orders") -> FunctionArn:
    """A function of the estate."""
    return FunctionArn("aws", "eu-west-1", ACCOUNT, name)


def facts(*, configuration: dict[str, Any] | None = None, **readings: Any) -> FunctionFacts:
    """Facts in which only what is given is known."""
    values = {name: Known(value) for name, value in readings.items()}
    known = Configuration(**{"role": ROLE, **(configuration or {})})
    return FunctionFacts(function(), configuration=Known(known), **values)


def setting(**policy: Any) -> Setting:
    """The settings, with those given differing from their defaults."""
    return Setting(ScannerPolicy(**policy), NOW)
