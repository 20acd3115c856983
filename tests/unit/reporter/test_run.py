"""Making reports of a deployment, and putting them where people find them."""

import json
from pathlib import Path

import pytest

from functions.reporter.gather import gather
from functions.reporter.inventories import read_inventories
from functions.reporter.pictures import LARGEST
from functions.reporter.run import make_report, store_report, write_report
from functions.shared.alerting.finding import Kind
from functions.shared.core.inventory_keys import key_of, url_safe
from functions.shared.core.severity import Severity
from tests.unit.conftest import NOW, World
from tests.unit.notifier.scene import Scene


def put(world: World, key: str, body: bytes) -> None:
    world.warden.aws.s3.put_object(Bucket="artifacts", Key=key, Body=body)


def inventory(*packages: tuple[str, str, str]) -> bytes:
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "components": [
                {
                    "name": name,
                    "version": version,
                    "properties": [{"name": "lambda-warden:ecosystem", "value": ecosystem}],
                }
                for ecosystem, name, version in packages
            ],
        }
    ).encode()


@pytest.fixture
def scene(world: World) -> Scene:
    """An estate of two functions; one is exposed and one ran away."""
    world.create_function("orders", tags={"owner": "payments", "environment": "production"})
    world.create_function("crawler")
    made = Scene.of(world)
    made.judge(
        "orders",
        made.find("orders", "open-url", kind=Kind.EXPOSURE, title="Its URL is open"),
    )
    picture = "s3://artifacts/pictures/crawler.svg"
    made.judge(
        "crawler",
        made.find(
            "crawler", "abnormal-behaviour", kind=Kind.ANOMALY, severity=Severity.CRITICAL,
            title="Runaway: invocations", evidence={"picture": picture},
        ),
        owner="lab",
    )  # fmt: skip
    return made


def test_a_report_shows_functions_findings_owners_and_pictures(scene: Scene) -> None:
    put(scene.world, "pictures/crawler.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    html = make_report(scene.world.warden, NOW)
    assert "1 critical and 1 high findings on 2 functions need attention." in html
    assert "Its URL is open" in html
    assert "data:image/svg+xml;base64," in html
    assert "orders</a></th><td>payments</td><td>production</td>" in html
    assert "crawler</a></th><td>no owner</td><td>no environment</td>" in html


def test_it_is_stored_under_its_day_and_as_the_latest(scene: Scene) -> None:
    key = store_report(scene.world.warden, NOW)
    assert key == "reports/estate-2026-03-10.html"
    s3 = scene.world.warden.aws.s3
    for name in (key, "reports/latest.html"):
        answer = s3.get_object(Bucket="artifacts", Key=name)
        assert answer["ContentType"] == "text/html; charset=utf-8"
        assert answer["ServerSideEncryption"] == "AES256"
        assert answer["Body"].read().startswith(b"<!doctype html>")


def test_it_is_written_to_a_file_for_a_person_at_a_terminal(scene: Scene, tmp_path: Path) -> None:
    written = write_report(gather(scene.world.warden, NOW), tmp_path / "reports" / "estate.html")
    assert written.is_absolute()
    assert "Lambda estate" in written.read_text(encoding="utf-8")


def test_without_any_function_there_is_a_report_too(world: World) -> None:
    assert "There is no function" in make_report(world.warden, NOW)


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("pictures/crawler.svg", b"x" * (LARGEST + 1)),
        ("pictures/another.svg", b"<svg/>"),
    ],
)
def test_a_picture_that_is_gone_or_too_large_is_named_only(
    scene: Scene, key: str, body: bytes
) -> None:
    put(scene.world, key, body)
    html = make_report(scene.world.warden, NOW)
    assert "data:image" not in html.split("<body>")[1]
    assert "<code>s3://artifacts/pictures/crawler.svg</code>" in html


def test_packages_are_counted_over_all_artefacts(world: World) -> None:
    put(world, key_of("one="), inventory(("PyPI", "jinja2", "3.1.6"), ("npm", "left-pad", "1.0.0")))
    put(world, key_of("two="), inventory(("PyPI", "jinja2", "2.10"), ("PyPI", "idna", "3.7")))
    put(world, key_of("damaged="), b"{not json")
    put(world, "inventories/v0/old.cdx.json", inventory(("npm", "old", "1")))
    found = read_inventories(world.warden.aws.s3, "artifacts")
    assert found.digests == {"one=", "two=", "damaged="}
    assert (found.read, found.damaged) == (2, 1)
    counted = [(e.name, e.packages, e.versions, e.artefacts) for e in found.ecosystems]
    assert counted == [("PyPI", 2, 3, 2), ("npm", 1, 1, 1)]


def test_a_function_whose_code_was_read_is_told_from_one_whose_was_not(scene: Scene) -> None:
    aws = scene.world.warden.aws
    sha = aws.lambda_.get_function_configuration(FunctionName="orders")["CodeSha256"]
    put(scene.world, key_of(url_safe(sha)), inventory(("PyPI", "idna", "3.7")))
    html = make_report(scene.world.warden, NOW)
    assert "1 of 2 functions have their code read" in html
