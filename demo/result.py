"""What the demonstration promised, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from demo.deployment.work import DeadLetter
from demo.estate.sample import Promise, SampleFunction
from demo.inbox import Alert
from demo.local_aws import LocalAws


@dataclass(frozen=True, slots=True)
class Brake:
    """A function whose concurrency Warden capped.

    Attributes:
        function: Its name.
        reserved: The reserved concurrency it has now; it had none before.
        until: When a schedule lifts the cap, None where no schedule was found.
    """

    function: str
    reserved: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """One function's part of the result.

    Attributes:
        function: The function.
        alerts: Alerts about it.
        missing: Promised alerts that did not arrive.
        unexpected: Alerts that nobody promised.
    """

    function: SampleFunction
    alerts: tuple[Alert, ...]
    missing: tuple[Promise, ...]
    unexpected: tuple[Alert, ...]

    @property
    def kept(self) -> bool:
        """Whether everything promised arrived, and silence where silence was promised."""
        return not self.missing and not (self.function.must_stay_silent and self.alerts)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run.

    Attributes:
        accounts: One for each function of the estate.
        others: Alerts about other functions, such as Warden's own.
        brakes: Caps in force.
        dead_letters: Messages that Warden could not handle.
        pictures: Files with the pictures of incidents.
    """

    accounts: tuple[Account, ...]
    others: tuple[Alert, ...]
    brakes: tuple[Brake, ...]
    dead_letters: tuple[DeadLetter, ...]
    pictures: tuple[Path, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return all(account.kept for account in self.accounts)

    @property
    def promised(self) -> int:
        """How many alerts were promised."""
        return sum(len(account.function.promises) for account in self.accounts)

    @property
    def arrived(self) -> int:
        """How many of the promised alerts arrived."""
        return self.promised - sum(len(account.missing) for account in self.accounts)

    @classmethod
    def of(
        cls,
        aws: LocalAws,
        estate: Sequence[SampleFunction],
        alerts: Sequence[Alert],
        dead_letters: Sequence[DeadLetter],
        pictures: Sequence[Path],
    ) -> Self:
        """Compare what arrived with what was promised, and look at what was done."""
        names = {function.name for function in estate}
        return cls(
            accounts=tuple(account_for(function, alerts) for function in estate),
            others=tuple(alert for alert in alerts if alert.function not in names),
            brakes=tuple(_brakes(aws, names)),
            dead_letters=tuple(dead_letters),
            pictures=tuple(pictures),
        )


def account_for(function: SampleFunction, alerts: Sequence[Alert]) -> Account:
    """Match the promises about a function with the alerts about it. Pure.

    An alert keeps one promise only, and one that was told resolved keeps none.
    """
    about = [alert for alert in alerts if alert.function == function.name]
    left = [alert for alert in about if alert.state != "resolved"]
    missing = []
    for promise in function.promises:
        match = next((alert for alert in left if _keeps(alert, promise)), None)
        if match is None:
            missing.append(promise)
        else:
            left.remove(match)
    return Account(function, tuple(about), tuple(missing), tuple(left))


def missing_of(estate: Sequence[SampleFunction], alerts: Sequence[Alert]) -> list[str]:
    """The promised alerts that have not arrived yet, as `function rule`. Pure."""
    accounts = (account_for(function, alerts) for function in estate)
    return [f"{one.function.name} {promise.rule}" for one in accounts for promise in one.missing]


def _keeps(alert: Alert, promise: Promise) -> bool:
    return (
        alert.rule == promise.rule
        and alert.severity == promise.severity
        and promise.about in alert.title
    )


def _brakes(aws: LocalAws, names: set[str]) -> list[Brake]:
    functions = aws.client("lambda")
    found = []
    for name in sorted(names):
        answer = functions.get_function_concurrency(FunctionName=name)
        reserved = answer.get("ReservedConcurrentExecutions")
        if reserved is not None:
            found.append(Brake(name, reserved, _lifted_at(aws, name)))
    return found


def _lifted_at(aws: LocalAws, name: str) -> datetime | None:
    scheduler = aws.client("scheduler")
    for schedule in scheduler.list_schedules().get("Schedules", []):
        details = scheduler.get_schedule(Name=schedule["Name"], GroupName=schedule["GroupName"])
        if f":function:{name}" in details["Target"].get("Input", ""):
            moment = details["ScheduleExpression"].removeprefix("at(").removesuffix(")")
            return datetime.fromisoformat(f"{moment}+00:00")
    return None
