"""Each way in which a part of Warden can fail has an alarm; docs/adr/0013 argues why."""

from typing import Any

import pytest

from stacks.health_alarms import WITNESSES
from stacks.part import Part
from tests.stacks.conftest import DEPLOYED, Synthesized
from tests.stacks.intrinsics import plain

CONSUMERS = (
    Part.SCANNER,
    Part.TAG_ENFORCER,
    Part.ANOMALY_DETECTOR,
    Part.GUARD,
    Part.NOTIFIER,
)
# The failure, and the metric of the part's function or queues that tells of it.
FAILS = ("AWS/Lambda", "Errors", "function")
GIVES_UP = ("AWS/SQS", "NumberOfMessagesSent", "dead letters")
IS_LATE = ("AWS/SQS", "ApproximateAgeOfOldestMessage", "queue")
HAS_NO_ROOM = ("AWS/Lambda", "Throttles", "function")


def alarms(stack: Synthesized) -> dict[str, dict[str, Any]]:
    return {one["AlarmName"]: one for one in stack.of_type("AWS::CloudWatch::Alarm").values()}


def watched(stack: Synthesized) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The alarms by what they look at: namespace, metric, logical id of the function or queue."""
    found = {}
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        (dimension,) = alarm["Dimensions"]
        thing = plain(dimension["Value"]).removesuffix(".QueueName")
        found[alarm["Namespace"], alarm["MetricName"], thing] = alarm
    return found


def things(part: Part, stack: Synthesized) -> dict[str, str]:
    """Logical ids of a part's function, its queue if it has one, and where its failures end."""
    (function,) = (
        name
        for name, one in stack.of_type("AWS::Lambda::Function").items()
        if one["FunctionName"] == f"lambda-warden-{part.value}"
    )
    found = {"function": function}
    for mapping in stack.of_type("AWS::Lambda::EventSourceMapping").values():
        if mapping["FunctionName"]["Ref"] == function:
            found["queue"] = mapping["EventSourceArn"]["Fn::GetAtt"][0]
            queue = stack.of_type("AWS::SQS::Queue")[found["queue"]]
            found["dead letters"] = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    for invoke in stack.of_type("AWS::Lambda::EventInvokeConfig").values():
        if invoke["FunctionName"]["Ref"] == function:
            kept_in = plain(invoke["DestinationConfig"]["OnFailure"]["Destination"])
            found["dead letters"] = kept_in.removesuffix(".Arn")
    return found


def tells(failure: tuple[str, str, str], part: Part, stack: Synthesized) -> bool:
    namespace, metric, of = failure
    return (namespace, metric, things(part, stack).get(of, "")) in watched(stack)


@pytest.mark.parametrize("part", DEPLOYED)
def test_a_part_that_fails_or_gives_up_is_told_of(part: Part, warden: Synthesized) -> None:
    assert tells(FAILS, part, warden)
    assert tells(GIVES_UP, part, warden)


@pytest.mark.parametrize("part", CONSUMERS)
def test_a_part_that_does_not_get_to_its_messages_is_told_of(
    part: Part, warden: Synthesized
) -> None:
    assert tells(IS_LATE, part, warden)


@pytest.mark.parametrize("part", DEPLOYED)
def test_a_part_that_alone_has_no_room_is_late_or_gives_its_calls_up_within_an_hour(
    part: Part, warden: Synthesized
) -> None:
    if part in CONSUMERS:
        queue = things(part, warden)["queue"]
        late = watched(warden)["AWS/SQS", "ApproximateAgeOfOldestMessage", queue]
        assert late["Threshold"] <= 3600
        return
    function = things(part, warden)["function"]
    invokes = warden.of_type("AWS::Lambda::EventInvokeConfig").values()
    (invoke,) = (one for one in invokes if one["FunctionName"]["Ref"] == function)
    assert invoke["MaximumEventAgeInSeconds"] <= 3600
    assert tells(GIVES_UP, part, warden)


def test_an_account_without_room_is_told_of_at_once_by_parts_that_are_called_every_minute(
    warden: Synthesized,
) -> None:
    assert WITNESSES
    every_minute = {
        plain(target["Arn"]).removesuffix(".Arn")
        for rule in warden.of_type("AWS::Events::Rule").values()
        if rule.get("ScheduleExpression") == "rate(1 minute)"
        for target in rule["Targets"]
    }
    for part in WITNESSES:
        assert tells(HAS_NO_ROOM, part, warden)
        assert things(part, warden)["queue"] in every_minute


@pytest.mark.parametrize("part", CONSUMERS)
def test_one_repetition_of_a_message_is_not_called_late(part: Part, warden: Synthesized) -> None:
    queue = warden.of_type("AWS::SQS::Queue")[things(part, warden)["queue"]]
    alarm = alarms(warden)[f"lambda-warden-{part.value}-late"]
    assert alarm["Threshold"] > queue["VisibilityTimeout"]
    assert f"{alarm['Threshold'] / 60:.0f} minutes" in alarm["AlarmDescription"]


def test_there_are_no_other_alarms_and_each_reaches_the_topic(warden: Synthesized) -> None:
    assert set(alarms(warden)) == {
        *(
            f"lambda-warden-{part.value}-{what}"
            for part in DEPLOYED
            for what in ("errors", "dead-letters")
        ),
        *(f"lambda-warden-{part.value}-late" for part in CONSUMERS),
        *(f"lambda-warden-{part.value}-throttles" for part in WITNESSES),
    }
    (topic,) = warden.of_type("AWS::SNS::Topic")
    for alarm in alarms(warden).values():
        assert alarm["AlarmActions"] == [{"Ref": topic}]
        assert alarm["MetricName"]  # one metric each: maths would cost as much for each of them
        assert alarm["TreatMissingData"] == "notBreaching"


def test_no_dead_letter_is_hidden_behind_those_that_lie_there(warden: Synthesized) -> None:
    """An alarm on how many there are would stand for two weeks, and tell of the first one only."""
    for name, alarm in alarms(warden).items():
        rises = alarm["MetricName"] in {"Errors", "Throttles", "NumberOfMessagesSent"}
        waits = alarm["MetricName"] == "ApproximateAgeOfOldestMessage"
        assert rises or waits, name
        assert (alarm["Period"], alarm["EvaluationPeriods"]) == (300, 1)
        assert alarm["Statistic"] == ("Maximum" if waits else "Sum")
        # That no letter came any more does not mean that all is well.
        reported = alarm.get("OKActions", [])
        assert (reported == []) == name.endswith("-dead-letters")


@pytest.mark.parametrize("part", CONSUMERS)
def test_a_part_sets_aside_what_it_cannot_handle_before_sqs_does(
    part: Part, warden: Synthesized
) -> None:
    """SQS names neither the function nor the reason, and no metric counts what it moves."""
    queue = warden.of_type("AWS::SQS::Queue")[things(part, warden)["queue"]]
    function = warden.of_type("AWS::Lambda::Function")[things(part, warden)["function"]]
    last = int(function["Environment"]["Variables"]["WARDEN_MAX_RECEIVES"])
    assert queue["RedrivePolicy"]["maxReceiveCount"] >= last + 2
