"""Which logs are read, and what was found in them that should not be there."""

from datetime import datetime, timedelta
from typing import Any, Final

from functions.shared.aws.clients import ClientError, error_code
from functions.shared.core.arn import FunctionArn
from functions.shared.logs.queries import lines_with_sensitive
from functions.shared.logs.store import LogStore
from functions.shared.runtime.deployment import Deployment
from warden.failure import NoAnswerError, RefusedError

FILTER_NAME: Final = "lambda-warden-logs"
_UNKNOWN: Final = "for how long is unknown: its settings could not be read"


def sensitive(warden: Deployment, now: datetime) -> list[dict[str, Any]]:
    """What was found, one row for each function and kind, the most frequent first."""
    store = _store(warden)
    kept: dict[str, str] = {}
    rows = []
    for function, _ in list(store.functions()):
        for one in store.known(function, now).sensitive:
            if one.group not in kept:
                kept[one.group] = _retention(warden, one.group)
            rows.append({
                "function": function.name,
                "arn": str(function),
                "kind": one.facts["kind"],
                "detail": one.facts.get("detail", ""),
                "count": one.count,
                "since": one.first.isoformat(timespec="minutes"),
                "last": one.last.isoformat(timespec="minutes"),
                "log_group": one.group,
                "log_stream": one.stream,
                "kept": kept[one.group],
                "query": lines_with_sensitive(one.facts["kind"]),
            })  # fmt: skip
    return sorted(rows, key=lambda row: (-row["count"], row["arn"], row["kind"]))


def read_functions(warden: Deployment) -> int:
    """How many functions' logs have been read."""
    return sum(1 for _ in _store(warden).functions())


def summary(rows: list[dict[str, Any]], read: int) -> str:
    """One line about what was looked at."""
    found = len({row["arn"] for row in rows})
    if not read:
        return (
            "No log is read yet: `warden logs subscribe FUNCTION`. That nothing is listed says "
            "nothing."
        )
    return f"{found} of {read} functions whose logs are read. Others were not looked at."


def subscribe(warden: Deployment, name: str, *, do: bool) -> list[str]:
    """Have the log of a function delivered to the log-watch.

    Args:
        warden: The deployment.
        name: Name or ARN of the function.
        do: Whether to do it.

    Returns:
        What changes, a line each.

    Raises:
        RefusedError: It is none, is Warden's own, or its log takes no more subscriptions.
        NoAnswerError: The log-watch is not deployed.
        ClientError: AWS refused.
    """
    if not warden.config.logs.enabled:
        raise NoAnswerError('This deployment reads no logs. Set "logs": {"enabled": true}.')
    group = _group_of(warden, name)
    others = [one for one in _filters(warden, group) if one != FILTER_NAME]
    if FILTER_NAME in _filters(warden, group):
        return []
    if do:
        try:
            warden.aws.logs.put_subscription_filter(
                logGroupName=group,
                filterName=FILTER_NAME,
                filterPattern="",
                destinationArn=str(warden.own_function("log-watch")),
            )
        except ClientError as error:
            if error_code(error) != "LimitExceededException":
                raise
            raise RefusedError(
                f"{group} takes no more subscriptions; these stand there and stay: "
                f"{', '.join(others)}."
            ) from error
    return [f"+ subscription {FILTER_NAME} of {group}"]


def unsubscribe(warden: Deployment, name: str, *, do: bool) -> list[str]:
    """Take that back; the same errors."""
    group = _group_of(warden, name)
    if FILTER_NAME not in _filters(warden, group):
        return []
    if do:
        warden.aws.logs.delete_subscription_filter(logGroupName=group, filterName=FILTER_NAME)
    return [f"- subscription {FILTER_NAME} of {group}"]


def _group_of(warden: Deployment, name: str) -> str:
    try:
        function = FunctionArn.parse(
            name, account=warden.settings.account, region=warden.settings.region
        )
        known = warden.aws.lambda_.get_function_configuration(FunctionName=str(function))
    except ValueError as error:
        raise RefusedError(str(error)) from error
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise RefusedError(f"There is no function {function.name} here.") from error
    if function.name in warden.own_functions:
        raise RefusedError("It is Warden's own: its log would tell Warden of Warden.")
    return known.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function.name}"


def _filters(warden: Deployment, group: str) -> list[str]:
    try:
        answer = warden.aws.logs.describe_subscription_filters(logGroupName=group)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise RefusedError(
            f"There is no log group {group} yet. Call the function once, or make it."
        ) from error
    return [one.get("filterName", "") for one in answer["subscriptionFilters"]]


def _retention(warden: Deployment, group: str) -> str:
    try:
        answer = warden.aws.logs.describe_log_groups(logGroupNamePrefix=group)
    except ClientError:
        return _UNKNOWN
    for one in answer["logGroups"]:
        if one.get("logGroupName") == group:
            days = one.get("retentionInDays")
            return f"{days} days" if days else "for ever"
    return "no more: the group is gone"


def _store(warden: Deployment) -> LogStore:
    return LogStore(warden.table, timedelta(days=warden.config.logs.keep_days))
