"""Asking AWS for everything that a decision must respect."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from functions.guard import calls
from functions.guard.facts import Facts
from functions.shared.aws.reserved import reserved_concurrency
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading
from functions.shared.guarding.enforcement import Enforcements, owed
from functions.shared.runtime.deployment import Deployment


def together(questions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Ask several things at once; what one of them raises is raised here."""
    with ThreadPoolExecutor(max_workers=len(questions)) as pool:
        return [future.result() for future in [pool.submit(question) for question in questions]]


def gather(warden: Deployment, function: FunctionArn, now: datetime) -> Facts:
    """Ask AWS for all of it, at once: a runaway costs money while we ask.

    Raises:
        ClientError: AWS could not answer now.
    """
    lambda_, sqs = warden.aws.lambda_, warden.aws.sqs  # made here: making clients is not safe
    tags, reserved, account, provisioned, sources, asynchronous = together(
        [
            lambda: calls.tags(lambda_, function),
            lambda: reserved_concurrency(lambda_, function),
            lambda: calls.account(lambda_),
            lambda: calls.provisioned(lambda_, function),
            lambda: calls.sources(lambda_, sqs, function),
            lambda: calls.asynchronous(lambda_, function),
        ]
    )
    return Facts(
        function=function,
        tags=tags,
        reserved=reserved,
        account=account,
        provisioned=provisioned,
        sources=sources,
        asynchronous=asynchronous,
        formerly=_formerly(warden, function, tags, now),
        # Last: whoever freed room that the account shows by now had written it down before.
        owed=owed(Enforcements(warden.table).standing(), but=function),
    )


def _formerly(
    warden: Deployment, function: FunctionArn, tags: Reading[Mapping[str, str]], now: datetime
) -> tuple[str, ...]:
    """The environments that a function belonged to until lately.

    One call of TagResource changes an environment; what it would unlock waits for some hours, in
    which its owner may notice. What Warden last read counts, too: nobody may have told it yet.
    """
    tag, record = warden.config.tags.environment_tag, warden.records.get(function)
    settle = timedelta(hours=warden.config.guard.settle_hours)
    left = {
        key.partition("=")[2]
        for key, at in record.tags_left.items()
        if key.startswith(f"{tag}=") and now - at < settle
    }
    before = (record.tags or {}).get(tag, "")
    present = tags.value.get(tag, "") if isinstance(tags, Known) else ""
    return tuple(sorted(({before} | left) - {present, ""}))
