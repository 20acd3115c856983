import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.local_aws.metrics.emf import Datum, embedded_metrics


def line(*, directive: dict[str, Any] | None = None, **fields: Any) -> str:
    described = {
        "Namespace": "Shop",
        "Dimensions": [["service"]],
        "Metrics": [{"Name": "Orders", "Unit": "Count"}],
        **(directive or {}),
    }
    metadata = {"Timestamp": 1_700_000_000_000, "CloudWatchMetrics": [described]}
    return json.dumps({"_aws": metadata, "service": "checkout", "Orders": 3, **fields})


def test_a_line_carries_its_metric_once_for_each_set_of_dimensions() -> None:
    sets: list[list[str]] = [["service"], ["service", "stage"], []]

    found = embedded_metrics(line(directive={"Dimensions": sets}, stage="live"))

    assert found[0] == Datum(
        "Shop", "Orders", {"service": "checkout"}, "Count", 1_700_000_000.0, [3.0]
    )
    assert [dict(one.dimensions) for one in found] == [
        {"service": "checkout"},
        {"service": "checkout", "stage": "live"},
        {},
    ]


def test_several_values_stay_together() -> None:
    assert embedded_metrics(line(Orders=[1, 2.5]))[0].values == [1.0, 2.5]


@pytest.mark.parametrize(
    "text",
    [
        "plain text",
        '{"_aws": "not an object"}',
        '"_aws" in a sentence',
        line(Orders="three"),
        line(Orders=True),
        line(Orders=list(range(101))),
        line(directive={"Namespace": ""}),
        line(directive={"Dimensions": [["missing"]]}),
        line(directive={"Dimensions": [["service"] * 31]}),
        line(directive={"Metrics": [{"Name": "Absent"}]}),
    ],
)
def test_what_is_not_of_the_form_carries_nothing(text: str) -> None:
    assert embedded_metrics(text) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["_aws", "Timestamp", "CloudWatchMetrics", "Dimensions", "Metrics", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(metadata=JSON, rest=st.dictionaries(st.text(max_size=3), JSON, max_size=3))
def test_no_line_breaks_the_reader(metadata: object, rest: dict[str, object]) -> None:
    for datum in embedded_metrics(json.dumps({**rest, "_aws": metadata})):
        assert datum.values
