"""Events that an asynchronous function fails to handle vanish after two retries, or six hours.

Source: AWS Lambda developer guide, "How Lambda handles errors and retries with asynchronous
invocation". Which services invoke asynchronously: ibid., "Invoking Lambda with events from other
AWS services".
"""

from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity
from functions.shared.core.text import listed

RULE: Final = "no-failure-destination"

_ASYNCHRONOUS: Final = frozenset({
    "cloudformation.amazonaws.com", "codecommit.amazonaws.com", "codepipeline.amazonaws.com",
    "config.amazonaws.com", "events.amazonaws.com", "iot.amazonaws.com", "logs.amazonaws.com",
    "s3.amazonaws.com", "scheduler.amazonaws.com", "ses.amazonaws.com", "sns.amazonaws.com",
})  # fmt: skip


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when a function is invoked asynchronously and nothing keeps the events it fails on.

    It counts as invoked so when its resource policy lets such a service in, or when somebody made
    settings for asynchronous invocation. Callers within the account that choose to invoke it
    asynchronously leave no sign, so a function without one passes.
    """
    if (
        isinstance(facts.configuration, Unknown)
        or isinstance(facts.policy, Unknown)
        or isinstance(facts.failure_handling, Unknown)
    ):
        return Verdict(RULE, certain=False)
    handling = facts.failure_handling.value
    if facts.configuration.value.failure_target or handling.targets:
        return Verdict(RULE)
    services = sorted(
        {p.name for one in facts.policy.value.statements if one.allows for p in one.principals}
        & _ASYNCHRONOUS
    )
    if not services and not handling.configured:
        return Verdict(RULE)
    callers = listed(services) if services else "the settings for asynchronous invocation"
    finding = Finding(
        rule=RULE,
        kind=Kind.LIFECYCLE,
        severity=Severity.MEDIUM,
        severity_reason="No event is lost yet; the next one that fails is lost.",
        function=facts.function,
        title="No dead-letter queue or failure destination",
        reason=f"The function is invoked asynchronously ({callers}), and an event that it fails "
        "on is dropped after the retries: there is no dead-letter queue and no destination.",
        remedy="Set an on-failure destination (an SQS queue keeps the event and its error) or a "
        "dead-letter queue.",
        evidence={"invoked_by": services},
        links=(
            "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
        ),
        update_key=",".join(services),
    )
    return Verdict(RULE, (finding,))
