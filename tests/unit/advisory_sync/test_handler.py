"""What a whole sync tells: people of what it could not fetch, the scanner of what is new."""

import pytest

from functions.advisory_sync.handler import sync
from functions.shared.config import WardenConfig, load_config
from tests.unit.conftest import NOW, World
from tests.unit.shared.advisories.kev import catalogue, entry
from tests.unit.shared.advisories.osv import advisory, archive, below

SOURCE = "advisories/source"


def policy(known_exploited: str) -> WardenConfig:
    return load_config(
        {
            "advisories": {
                "location": f"s3:///{SOURCE}",
                "ecosystems": ["PyPI"],
                "known_exploited": known_exploited,
            }
        }
    )


@pytest.fixture
def config() -> WardenConfig:
    return policy(f"s3:///{SOURCE}/kev.json")


def put(world: World, name: str, content: bytes) -> None:
    world.warden.aws.s3.put_object(Bucket="artifacts", Key=f"{SOURCE}/{name}", Body=content)


def synced(world: World) -> dict[str, str]:
    return sync(world.warden, world.warden.own_function("advisory-sync"), NOW)


@pytest.fixture
def advised(world: World) -> World:
    put(world, "PyPI/all.zip", archive(advisory("P-1", below("1.0"))).getvalue())
    return world


def test_the_answer_says_what_became_of_the_catalogue(advised: World) -> None:
    put(advised, "kev.json", catalogue(entry("CVE-2026-0001")))
    assert synced(advised) == {"PyPI": "updated", "known-exploited": "updated"}
    assert advised.announced() == []


def test_a_catalogue_that_cannot_be_read_is_told_of_until_it_can(advised: World) -> None:
    put(advised, "kev.json", catalogue(entry("CVE-2026-0001")))
    synced(advised)
    put(advised, "kev.json", b"<html>")
    assert synced(advised) == {"PyPI": "unchanged", "known-exploited": "kept"}
    (alert,) = advised.published()
    assert (alert["event"], alert["rule"]) == ("opened", "advisory-sync-failed")
    assert "Flaws that attackers newly use are not marked" in alert["reason"]
    assert "no JSON" in alert["reason"]
    assert "advisories.known_exploited" in alert["remedy"]
    assert "advisories.location" not in alert["remedy"]
    put(advised, "kev.json", catalogue(entry("CVE-2026-0001"), entry("CVE-2026-0002")))
    synced(advised)
    assert advised.announced() == [("resolved", "medium", "advisory-sync-failed")]


def test_a_catalogue_that_never_was_is_told_of_beside_what_else_failed(world: World) -> None:
    put(world, "PyPI/all.zip", b"no archive")
    assert synced(world) == {"PyPI": "failed", "known-exploited": "failed"}
    (alert,) = world.published()
    assert "New vulnerabilities of PyPI" in alert["reason"]
    assert "is not there" in alert["reason"]
    assert "advisories.location and advisories.known_exploited" in alert["remedy"]


class TestSwitchedOff:
    @pytest.fixture
    def config(self) -> WardenConfig:
        return policy("off")

    def test_without_a_catalogue_nothing_is_missed(self, advised: World) -> None:
        assert synced(advised) == {"PyPI": "updated"}
        assert advised.announced() == []
