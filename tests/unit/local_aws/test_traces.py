import json
from typing import Any

import pytest

from demo.local_aws.invocation import Invocation
from demo.local_aws.xray.filtering import FilterError, read_filter
from demo.local_aws.xray.graph import service_graph
from demo.local_aws.xray.lambda_segments import segments_of
from demo.local_aws.xray.segment import SegmentError, read_segment
from demo.local_aws.xray.store import MAX_TRACES, TraceStore
from demo.local_aws.xray.trace import Trace

TRACE = "1-6553f100-000000000000000000000001"
ACCOUNT = "111111111111"


def document(number: int, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{number:016x}",
        "trace_id": TRACE,
        "name": name,
        "start_time": 100.0 + number,
        "end_time": 110.0,
        **fields,
    }


def trace(*documents: dict[str, Any]) -> Trace:
    built = Trace(TRACE)
    for one in documents:
        built.add(read_segment(json.dumps(one)))
    return built


def calls(*documents: dict[str, Any]) -> set[tuple[str, str, str]]:
    services = service_graph([trace(*documents)], ACCOUNT)
    names = {one["ReferenceId"]: one["Name"] for one in services}
    return {
        (one["Name"], one["Type"], names[edge["ReferenceId"]])
        for one in services
        for edge in one["Edges"]
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": "short"}, "InvalidId"),
        ({"trace_id": "2-x"}, "InvalidTraceId"),
        ({"name": ""}, "MissingName"),
        ({"start_time": "now"}, "MissingStartTime"),
        ({"end_time": None}, "MissingEndTime"),
        ({"metadata": {"big": "x" * 70_000}}, "SegmentSizeExceeded"),
    ],
)
def test_a_faulty_segment_is_refused_with_its_reason(change: dict[str, Any], code: str) -> None:
    with pytest.raises(SegmentError) as refusal:
        read_segment(json.dumps({**document(1, "shop"), **change}))

    assert refusal.value.code == code


def test_a_finished_segment_replaces_the_one_in_progress() -> None:
    begun = document(1, "shop", in_progress=True)
    del begun["end_time"]

    half, whole = trace(begun), trace(begun, document(1, "shop"))

    assert half.partial
    assert not whole.partial
    assert whole.duration == pytest.approx(9.0)


def test_the_graph_follows_calls_from_client_to_inferred_services() -> None:
    to_stock = document(2, "stock", namespace="remote")
    to_table = document(3, "DynamoDB", namespace="aws")
    local_work = document(4, "## render", subsegments=[to_table])
    shop = document(1, "shop", subsegments=[to_stock, local_work])
    stock = document(5, "stock", parent_id="0000000000000002", origin="AWS::Lambda::Function")

    assert calls(shop, stock) == {
        ("shop", "client", "shop"),
        ("shop", "unknown", "stock"),
        ("shop", "unknown", "DynamoDB"),
    }


def test_a_subsegment_sent_alone_belongs_to_its_parents_service() -> None:
    shop = document(1, "shop")
    alone = document(2, "S3", type="subsegment", parent_id="0000000000000001", namespace="aws")

    assert ("shop", "unknown", "S3") in calls(shop, alone)


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("fault", True),
        ("!fault", False),
        ("fault = false", False),
        ("error OR fault", True),
        ("error AND fault", False),
        ("ok", False),
        ("responsetime > 5", True),
        ("duration <= 9.0 AND !partial", True),
        ('service("shop")', True),
        ('service("shop") { fault }', True),
        ('service("shop") { !fault }', False),
        ('service("other") OR (fault AND duration < 10)', True),
        ('annotation.tenant = "a"', True),
        ('annotation[tenant] = "b"', False),
    ],
)
def test_filters_select_traces(expression: str, *, matches: bool) -> None:
    one = trace(document(1, "shop", fault=True, annotations={"tenant": "a"}))

    assert read_filter(expression)(one) is matches


@pytest.mark.parametrize(
    "expression",
    ["", "fault fault", "http.status = 500", "(fault", "duration > fast", "ü", "service("],
)
def test_what_a_filter_does_not_understand_is_refused(expression: str) -> None:
    with pytest.raises(FilterError):
        read_filter(expression)


def test_old_traces_make_room_for_new_ones() -> None:
    store = TraceStore()
    for number in range(MAX_TRACES + 1):
        identity = f"1-6553f100-{number:024x}"
        store.add(read_segment(json.dumps({**document(1, "shop"), "trace_id": identity})))

    known, unknown = store.find([f"1-6553f100-{0:024x}", f"1-6553f100-{MAX_TRACES:024x}"])

    assert len(known) == len(unknown) == 1


def test_only_a_traced_run_leaves_segments() -> None:
    header = f"Root={TRACE};Parent=00000000000000aa;Sampled=1"
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:shop"
    traced = Invocation("shop", arn, "r", 1.0, 2.0, "boom", 1, header)
    silent = Invocation("shop", arn, "r", 1.0, 2.0, None, 1, "")

    service, function = segments_of(traced)

    assert (function.id, function.parent_id) == ("00000000000000aa", service.id)
    assert service.flag("fault")
    assert function.flag("fault")
    assert segments_of(silent) == []
