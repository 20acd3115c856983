"""Events of every source and shape become one change, a reason why not, or a named fault."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.config import WardenConfig
from functions.shared.events.change import (
    ChangeKind,
    FunctionChange,
    MalformedEventError,
    NotAChange,
    PermissionGrant,
    UrlAccess,
)
from functions.shared.events.envelope import read_envelope
from functions.shared.events.read import named_function, observation, read_change
from tests.unit.conftest import NOW
from tests.unit.shared.events import ARN, cloudtrail, enveloped, native
from tests.unit.shared.findings import ORDERS

OWN = WardenConfig().own_functions


def read(event: dict[str, Any]) -> FunctionChange | NotAChange:
    return read_change(enveloped(event), own_functions=OWN, now=NOW)


def change(event: dict[str, Any]) -> FunctionChange:
    result = read(event)
    assert isinstance(result, FunctionChange), result
    return result


def ignored(event: dict[str, Any]) -> str:
    result = read(event)
    assert isinstance(result, NotAChange), result
    return result.reason


BY_NAME = {"functionName": "orders"}


@pytest.mark.parametrize(
    ("name", "request_", "response", "kind"),
    [
        ("CreateFunction20150331", BY_NAME, {"functionArn": ARN}, ChangeKind.CREATED),
        ("CreateFunction", BY_NAME, None, ChangeKind.CREATED),
        ("UpdateFunctionCode20150331v2", BY_NAME, {"functionArn": f"{ARN}:7"}, ChangeKind.CODE),
        (
            "UpdateFunctionConfiguration20150331v2",
            {"functionName": ARN},
            None,
            ChangeKind.CONFIGURATION,
        ),
        ("PublishVersion20150331", {"functionName": "orders:live"}, None, ChangeKind.CONFIGURATION),
        (
            "AddPermission20150331v2",
            {"functionName": "123456789012:function:orders"},
            {"statement": "{}"},
            ChangeKind.POLICY,
        ),
        ("RemovePermission20150331v2", {"functionName": f"{ARN}:live"}, None, ChangeKind.POLICY),
        ("CreateFunctionUrlConfig", BY_NAME, {"functionArn": ARN}, ChangeKind.URL),
        ("TagResource20170331v2", {"resource": ARN}, None, ChangeKind.TAGS),
        ("UntagResource20170331v2", {"resource": ARN}, None, ChangeKind.TAGS),
        ("PutFunctionConcurrency20171031", BY_NAME, None, ChangeKind.CONCURRENCY),
        (
            "DeleteEventSourceMapping20150331",
            {"uUID": "x"},
            {"functionArn": ARN},
            ChangeKind.EVENT_SOURCE,
        ),
        ("DeleteFunction20150331", BY_NAME, None, ChangeKind.DELETED),
    ],
)
def test_dated_names_and_all_spellings_of_a_function_are_one_change(
    name: str, request_: dict[str, Any], response: dict[str, Any] | None, kind: ChangeKind
) -> None:
    known = change(cloudtrail(name, request_, response))
    assert (known.function, known.kind) == (ORDERS, kind)
    assert known.at == datetime(2026, 3, 10, 11, tzinfo=UTC)
    assert known.actor.name == "alice"
    assert known.event_id.startswith("11111111")


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (cloudtrail("CreateFunction20150331", BY_NAME, errorCode="AccessDenied"), "call failed"),
        (cloudtrail("GetFunction20150331v2", BY_NAME, readOnly=True), "read-only call"),
        (cloudtrail("UpdateThings", BY_NAME), "changes no function (UpdateThings)"),
        (cloudtrail("PublishLayerVersion20181031", {"layerName": "x"}), "changes no function"),
        (cloudtrail("CreateFunction", BY_NAME, eventSource="s3.amazonaws.com"), "another service"),
        (cloudtrail("DeleteFunction", BY_NAME | {"qualifier": "3"}), "only one version"),
        (cloudtrail("DeleteFunction", {"functionName": "orders:3"}), "only one version"),
        (
            cloudtrail(
                "TagResource20170331v2",
                {"resource": "arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:1-2"},
            ),
            "something else than a function",
        ),
        (native("Something", {"state": "Active"}), "without a function (Something)"),
        (native("x", {}, source="aws.s3"), "another source (aws.s3)"),
        (native("x", {}, source="\u202eevil\n" * 50), "another source"),
    ],
)
def test_what_changes_nothing_is_ignored_for_a_reason(event: dict[str, Any], reason: str) -> None:
    shown = ignored(event)
    assert reason in shown
    assert len(shown) < 150
    assert shown.isprintable()


WARDENS = "arn:aws:sts::123456789012:assumed-role/Warden-Role-1X/lambda-warden-anomaly-detector"


@pytest.mark.parametrize("name", ["PutFunctionConcurrency20171031", "DeleteFunctionConcurrency"])
def test_wardens_own_calls_make_it_no_work(name: str) -> None:
    event = cloudtrail(name, BY_NAME, userIdentity={"arn": WARDENS})
    assert ignored(event) == "Warden's own call"


@pytest.mark.parametrize(
    "identity",
    [
        "arn:aws:iam::123456789012:user/lambda-warden-scanner",
        "arn:aws:sts::123456789012:assumed-role/lambda-warden-scanner/mallory",
    ],
)
def test_others_do_not_pass_for_warden(identity: str) -> None:
    event = cloudtrail("PutFunctionConcurrency20171031", BY_NAME, userIdentity={"arn": identity})
    assert change(event).kind is ChangeKind.CONCURRENCY


def test_naming_ones_session_like_warden_hides_nothing_that_warden_never_does() -> None:
    event = cloudtrail("CreateFunctionUrlConfig", BY_NAME, userIdentity={"arn": WARDENS})
    assert change(event).kind is ChangeKind.URL


def test_what_the_request_states_is_kept() -> None:
    stated = change(
        cloudtrail(
            "CreateFunction20150331",
            BY_NAME
            | {
                "runtime": "python3.8",
                "role": "arn:aws:iam::123456789012:role/r",
                "layers": ["arn:aws:lambda:eu-west-1:999999999999:layer:l:1", 7],
                "tags": {"owner": "payments", "odd": 7},
            },
            {"functionArn": ARN, "codeSha256": "abc="},
        )
    ).stated
    assert stated.runtime == "python3.8"
    assert stated.layers == ("arn:aws:lambda:eu-west-1:999999999999:layer:l:1",)
    assert stated.tags == {"owner": "payments"}
    assert stated.code_sha256 == "abc="
    assert stated.permission is None
    assert stated.url is None


def test_a_permission_is_read_as_it_was_requested() -> None:
    request = BY_NAME | {
        "statementId": "open",
        "principal": "*",
        "action": "lambda:InvokeFunction",
        "sourceArn": "arn:aws:s3:::bucket",
        "principalOrgID": "o-1",
        "invokedViaFunctionUrl": True,
    }
    stated = change(cloudtrail("AddPermission20150331v2", request)).stated
    assert stated.permission == PermissionGrant(
        "open",
        "*",
        "lambda:InvokeFunction",
        source_arn="arn:aws:s3:::bucket",
        organization="o-1",
        url_only=True,
    )


@pytest.mark.parametrize(
    ("cors", "access"),
    [
        (None, UrlAccess("NONE")),
        ("odd", UrlAccess("NONE")),
        ({"allowOrigins": "*"}, UrlAccess("NONE")),
        (
            {"allowOrigins": ["*"], "allowCredentials": True},
            UrlAccess("NONE", ("*",), allows_credentials=True),
        ),
    ],
)
def test_url_access_is_read_from_whatever_shape(cors: object, access: UrlAccess) -> None:
    request = BY_NAME | {"authType": "NONE", "cors": cors}
    assert change(cloudtrail("UpdateFunctionUrlConfig", request)).stated.url == access


@pytest.mark.parametrize(
    "detail",
    [
        {"functionArn": f"{ARN}:$LATEST"},
        {"FunctionArn": f"{ARN}:12"},
        {"function-arn": ARN},
        {"functionName": "orders"},
        {"configuration": {"functionArn": f"{ARN}:12", "role": "arn:aws:iam::1:role/r"}},
        {"lambda": [{"resource": ARN}]},
    ],
)
def test_lambdas_own_events_name_their_function_somewhere(detail: dict[str, Any]) -> None:
    known = change(native("Lambda Function State Change", detail))
    assert (known.function, known.kind) == (ORDERS, ChangeKind.STATE)
    assert known.event_name == "Lambda Function State Change"


def test_lambdas_own_events_may_name_their_function_as_a_resource() -> None:
    event = native("x", {"state": "Active"}, resources=["arn:aws:s3:::b", f"{ARN}:3"])
    assert change(event).function == ORDERS


def test_an_event_without_a_time_happened_now() -> None:
    assert change(native("x", {"functionArn": ARN}, time=None)).at == NOW


def test_an_observation_is_understood_with_the_time_it_rests_on() -> None:
    seen = NOW - timedelta(minutes=15)
    known = change(observation(ORDERS, seen))
    assert (known.function, known.kind, known.at) == (ORDERS, ChangeKind.OBSERVED, seen)


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        (cloudtrail("CreateFunction", None, None), "detail.requestParameters.functionName"),
        (cloudtrail("CreateFunction", {"functionName": "s3cret payload"}), "expected the function"),
        (cloudtrail("CreateFunction", {"functionName": "a\n<b>"}), "expected the function"),
        (
            cloudtrail("CreateFunction", BY_NAME, awsRegion="s3cret payload"),
            "expected the function",
        ),
        (cloudtrail("CreateFunction", BY_NAME, eventTime="s3cret payload"), "detail.eventTime"),
        (cloudtrail("CreateFunction", BY_NAME, userIdentity="s3cret"), "detail.userIdentity"),
        (native("x", {"functionName": 7}), "detail.functionArn"),
        (native("x", {"functionName": "s3cret payload"}), "detail.functionArn"),
        (observation(ORDERS, NOW) | {"detail": {}}, "detail.functionArn"),
    ],
)
def test_a_malformed_event_names_the_field_and_quotes_nothing(
    event: dict[str, Any], fault: str
) -> None:
    with pytest.raises(MalformedEventError) as caught:
        read(event)
    assert fault in caught.value.fault
    assert "s3cret" not in caught.value.fault
    assert len(str(caught.value)) < 1000


def test_a_message_of_wardens_own_must_name_its_function() -> None:
    assert named_function(enveloped(observation(ORDERS, NOW))) == ORDERS
    with pytest.raises(MalformedEventError, match=r"detail\.functionArn"):
        named_function(enveloped(native("Cap Expired", {})))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"source": ' + "9" * 5000 + "}", "not JSON"),
        ("null", "body:"),
        ("[]", "body:"),
        ("{}", "body.source: Field required"),
        ('{"source":"a","detail-type":"b","detail":[]}', "body.detail"),
        ('{"source":"a","detail-type":"b","detail":{},"time":"now"}', "body.time"),
    ],
)
def test_a_body_that_is_no_event_is_refused_with_its_fault(body: str, fault: str) -> None:
    with pytest.raises(MalformedEventError) as caught:
        read_envelope(body)
    assert fault in caught.value.fault


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.sampled_from(["CreateFunction20150331", "AddPermission20150331v2", "TagResource20170331v2"]),
    st.dictionaries(
        st.sampled_from(
            ["functionName", "resource", "layers", "tags", "principal", "cors", "qualifier"]
        ),
        json_values,
    ),
    json_values,
)
def test_whatever_a_request_holds_the_answer_is_a_change_a_reason_or_a_fault(
    name: str, request_: dict[str, Any], response: Any
) -> None:
    with suppress(MalformedEventError):
        assert isinstance(read(cloudtrail(name, request_, response)), FunctionChange | NotAChange)


def test_half_a_character_becomes_one_that_can_be_stored() -> None:
    body = '{"source": "a", "detail-type": "b", "detail": {"t\\ud800": "x\\uDFFFy \\ud83d\\ude00"}}'
    assert read_envelope(body).detail == {"t?": "x?y \U0001f600"}
