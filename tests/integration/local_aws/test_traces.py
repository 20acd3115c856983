import json
import secrets
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.local_aws import LocalAws
from demo.local_aws.processes import LOOPBACK
from tests.integration.local_aws.scene import Scene, eventually


def segment(name: str, **fields: Any) -> dict[str, Any]:
    now = time.time()
    return {
        "id": secrets.token_hex(8),
        "trace_id": f"1-{int(now):08x}-{secrets.token_hex(12)}",
        "name": name,
        "start_time": now - 1,
        "end_time": now,
        **fields,
    }


def last_hour() -> dict[str, datetime]:
    now = datetime.now(UTC)
    return {"StartTime": now - timedelta(hours=1), "EndTime": now + timedelta(seconds=5)}


def summaries(aws: LocalAws, expression: str) -> list[dict[str, Any]]:
    answer = aws.client("xray").get_trace_summaries(**last_hour(), FilterExpression=expression)
    found: list[dict[str, Any]] = answer["TraceSummaries"]
    return found


def test_a_segment_comes_back_as_summary_trace_and_graph(aws: LocalAws) -> None:
    xray = aws.client("xray")
    call = {**segment("DynamoDB"), "namespace": "aws"}
    sent = segment("shop", fault=True, annotations={"tenant": "a"}, subsegments=[call])

    refused = xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(sent), "{}"])
    found = summaries(aws, 'service("shop") { fault } AND annotation.tenant = "a"')
    trace = xray.batch_get_traces(TraceIds=[sent["trace_id"]])["Traces"][0]
    services = {
        (one["Name"], one["Type"]): one for one in xray.get_service_graph(**last_hour())["Services"]
    }

    assert [one["ErrorCode"] for one in refused["UnprocessedTraceSegments"]] == ["InvalidId"]
    assert [one["Id"] for one in found] == [sent["trace_id"]]
    assert found[0]["HasFault"]
    assert json.loads(trace["Segments"][0]["Document"]) == sent
    shop, table = services["shop", "unknown"], services["DynamoDB", "AWS::DynamoDB"]
    assert [edge["ReferenceId"] for edge in shop["Edges"]] == [table["ReferenceId"]]
    assert shop["SummaryStatistics"]["FaultStatistics"]["TotalCount"] == 1


def test_limits_are_those_of_aws(aws: LocalAws) -> None:
    xray, now = aws.client("xray"), datetime.now(UTC)
    refusal = "InvalidRequestException"

    with pytest.raises(ClientError, match=refusal):
        xray.batch_get_traces(TraceIds=["1-00000000-000000000000000000000000"] * 6)
    with pytest.raises(ClientError, match="6 hours"):
        xray.get_trace_summaries(StartTime=now - timedelta(hours=7), EndTime=now)
    with pytest.raises(ClientError, match="6 hours"):
        xray.get_service_graph(StartTime=now - timedelta(hours=7), EndTime=now)
    with pytest.raises(ClientError, match="not understood"):
        summaries(aws, 'http.url CONTAINS "x"')


def test_many_traces_come_in_pages(aws: LocalAws) -> None:
    xray, wanted = aws.client("xray"), 120
    documents = [json.dumps(segment("crowd")) for _ in range(wanted)]
    for first in range(0, wanted, 40):
        xray.put_trace_segments(TraceSegmentDocuments=documents[first : first + 40])

    pages = list(
        xray.get_paginator("get_trace_summaries").paginate(
            **last_hour(), FilterExpression='service("crowd")'
        )
    )

    assert len(pages) == 2
    assert len({one["Id"] for page in pages for one in page["TraceSummaries"]}) == wanted


def test_the_daemon_takes_what_the_sdk_sends(aws: LocalAws) -> None:
    sent = segment("by-datagram")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        header = b'{"format":"json","version":1}\n'
        sender.sendto(header + json.dumps(sent).encode(), (LOOPBACK, aws.running.port))

    found = eventually(lambda: summaries(aws, 'service("by-datagram")'))

    assert found[0]["Id"] == sent["trace_id"]


def test_a_traced_function_that_fails_leaves_a_fault(aws: LocalAws, scene: Scene) -> None:
    code = "def handler(event, context): raise ValueError('boom')"
    name = scene.function(code, TracingConfig={"Mode": "Active"})
    scene.run(name)

    found = eventually(lambda: summaries(aws, f'service("{name}") {{ fault }}'))

    assert {one["Type"] for one in found[0]["ServiceIds"]} == {
        "AWS::Lambda",
        "AWS::Lambda::Function",
    }
    assert "boom" in str(found[0]["FaultRootCauses"])
