"""Facts about one function, for rules to judge."""

from datetime import UTC, datetime
from typing import Any, Final

from functions.scanner.facts import Configuration, FunctionFacts, Setting
from functions.shared.config import ScannerPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.policy_document import Policy, policy_of
from functions.shared.core.reading import Known

ACCOUNT: Final = "111122223333"
NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/orders-role"


def function(name: str = "orders") -> FunctionArn:
    """A function of the estate."""
    return FunctionArn("aws", "eu-west-1", ACCOUNT, name)


def facts(*, configuration: dict[str, Any] | None = None, **readings: Any) -> FunctionFacts:
    """Facts in which only what is given is known."""
    values: dict[str, Any] = {name: Known(value) for name, value in readings.items()}
    known = Configuration(**{"role": ROLE, **(configuration or {})})
    return FunctionFacts(function(), configuration=Known(known), **values)


def setting(**policy: Any) -> Setting:
    """The settings, with those given differing from their defaults."""
    return Setting(ScannerPolicy(**policy), NOW)


def statement(
    principal: Any,
    condition: Any = None,
    *,
    sid: str = "s",
    effect: str = "Allow",
    action: Any = "lambda:InvokeFunction",
    **more: Any,
) -> dict[str, Any]:
    """One statement of a resource policy, as its JSON has it."""
    body: dict[str, Any] = {"Sid": sid, "Effect": effect, "Action": action, **more}
    if principal is not None:
        body["Principal"] = principal
    return body | ({"Condition": condition} if condition else {})


def policy(*statements: Any) -> Policy:
    """A resource policy; a text is a principal that may invoke the function."""
    bodies = [statement(one) if isinstance(one, str) else one for one in statements]
    return policy_of({"Version": "2012-10-17", "Statement": bodies})
