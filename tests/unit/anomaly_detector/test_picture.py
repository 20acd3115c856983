"""Pictures: self-contained, bounded, safe to open, and honest about gaps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from botocore.exceptions import ClientError

from functions.anomaly_detector.metrics.series import Series
from functions.anomaly_detector.page import picture_store as kept
from functions.anomaly_detector.pictures.band import usual_band
from functions.anomaly_detector.pictures.picture import Limit, Mark, Panel, render
from tests.unit.anomaly_detector.incidents import runaway
from tests.unit.anomaly_detector.series import office, steady, times
from tests.unit.conftest import NOW, World
from tests.unit.shared.findings import ORDERS

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script>"&\u202e' + "x" * 500


def panel(series: Series, **changes: Any) -> Panel:
    low, high = usual_band(series)
    return replace(Panel("Invocations", series, low, high), **changes)


def parsed(svg: str) -> ET.Element:
    # What is parsed here was written here.
    return ET.fromstring(svg)  # noqa: S314


def test_a_picture_shows_value_band_alert_limit_and_deployment() -> None:
    at = times(3)
    calls = office(at)
    calls[-10:] *= 9
    began = datetime(2026, 3, 4, 23, 10, tzinfo=UTC)
    svg = render(
        [
            panel(
                Series(calls, at),
                alerts=(Mark(began, "9 times", lasts=True),),
                limit=Limit(300, "limit"),
            )
        ],
        title="orders",
        deployments=[Mark(began - timedelta(hours=1), "deployed by alice")],
    )
    root = parsed(svg)
    classes = {element.get("class") for element in root.iter()}
    assert {"line", "band", "wash", "flag", "out", "limit", "deploy"} <= classes
    assert root.get("role") == "img"
    assert "alert at 2026-03-04 23:10" in (root.findtext(f"{SVG}desc") or "")


def test_texts_of_others_stay_texts() -> None:
    at = times(1)
    svg = render(
        [panel(Series(steady(at), at), name=HOSTILE, alerts=(Mark(NOW, HOSTILE),))],
        title=HOSTILE,
        subtitle=HOSTILE,
        deployments=[Mark(datetime(2026, 3, 2, 5, tzinfo=UTC), HOSTILE)],
    )
    assert not list(parsed(svg).iter(f"{SVG}script"))
    assert "<script" not in svg
    assert "\u202e" not in svg


@pytest.mark.parametrize("reference", ["http://", "https://", "url(", "@import", "href"])
def test_nothing_is_fetched(reference: str) -> None:
    at = times(1)
    svg = render([panel(Series(steady(at), at))], title="orders")
    assert reference not in svg.replace("http://www.w3.org/2000/svg", "")


def test_the_size_is_bounded_however_long_the_series() -> None:
    at = times(60, 60)
    noise = np.random.default_rng(0).lognormal(size=len(at))
    noise[np.random.default_rng(1).random(len(at)) < 0.5] = np.nan
    flags = tuple(Mark(NOW + timedelta(minutes=n), "again") for n in range(500))
    one = panel(Series(noise, at), alerts=flags)
    svg = render([one] * 9, title="orders")
    assert len(svg) < 600_000
    assert "3 more signals are not drawn" in svg


@pytest.mark.parametrize(
    "values", [[], [np.nan] * 20, [0.0] * 20, [5.0], [np.nan, 7.0, np.nan], [-3.0, 1e300, 2.0]]
)
def test_odd_series_can_be_drawn(values: list[float]) -> None:
    at = times(1)[: len(values)]
    svg = render([panel(Series(np.array(values), at))], title="orders")
    numbers = [element.get("d", "") for element in parsed(svg).iter(f"{SVG}path")]
    assert not any("nan" in text or "inf" in text for text in numbers)


def test_a_gap_is_not_drawn_over() -> None:
    at = times(1)
    values = steady(at)
    values[100:150] = np.nan
    svg = render([panel(Series(values, at))], title="orders")
    [line] = [p for p in parsed(svg).iter(f"{SVG}path") if p.get("class") == "line"][1:]
    assert (line.get("d") or "").count("M") == 2


def test_a_picture_is_kept_privately_under_its_incident(world: World) -> None:
    world.warden.aws.s3.create_bucket(
        Bucket="pictures-here", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    place = kept.store(world.warden.aws.s3, "pictures-here", ORDERS, runaway(), "<svg/>")
    assert place == kept.store(world.warden.aws.s3, "pictures-here", ORDERS, runaway(), "<svg/>")
    bucket, _, key = place.removeprefix("s3://").partition("/")
    assert key.startswith("pictures/")
    found = world.warden.aws.s3.get_object(Bucket=bucket, Key=key)
    assert found["Body"].read() == b"<svg/>"
    assert found["ContentType"].startswith("image/svg+xml")
    with pytest.raises(ClientError):
        kept.store(world.warden.aws.s3, "no-such-bucket", ORDERS, runaway(), "<svg/>")
