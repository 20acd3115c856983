"""Evidence: bounded in the alert, whole in the bucket, and never lost in between."""

import json
from typing import Any

import pytest

from functions.shared.alerting.alert import Alert
from functions.shared.alerting.evidence import EvidenceStore, key_of
from functions.shared.alerting.finding import Finding
from functions.shared.aws.clients import AwsError
from tests.unit.conftest import World
from tests.unit.shared.alerting.alerts import alert
from tests.unit.shared.findings import finding


def stored(world: World) -> dict[str, Any]:
    s3 = world.warden.aws.s3
    listed = s3.list_objects_v2(Bucket="artifacts", Prefix="evidence/").get("Contents", [])
    return {
        one["Key"]: json.loads(s3.get_object(Bucket="artifacts", Key=one["Key"])["Body"].read())
        for one in listed
    }


@pytest.fixture
def store(world: World) -> EvidenceStore:
    return EvidenceStore(world.warden.aws.s3, "artifacts")


def long(**changes: Any) -> Finding:
    return finding(evidence={"lines": [f"line {n}" for n in range(100)]} | changes)


def test_evidence_that_fits_is_not_stored_apart(world: World, store: EvidenceStore) -> None:
    one = finding(evidence={"lines": ["a"] * 40, "count": 3, "score": float("nan")})
    store.keep(one)
    assert stored(world) == {}
    assert one.whole_digest == ""
    assert one.evidence["score"] == "nan"


def test_evidence_that_was_cut_is_stored_whole(world: World, store: EvidenceStore) -> None:
    one = long()
    assert one.evidence["lines_omitted"] == 60
    store.keep(one)
    assert stored(world) == {
        f"evidence/{one.fingerprint}/{one.whole_digest}.json": {
            "fingerprint": one.fingerprint,
            "rule": "no-owner",
            "function": str(one.function),
            "evidence": {"lines": [f"line {n}" for n in range(100)]},
        }
    }


def test_keeping_it_again_changes_nothing(world: World, store: EvidenceStore) -> None:
    for _ in range(3):
        store.keep(long())
    assert len(stored(world)) == 1


def test_other_evidence_of_the_same_finding_has_a_place_of_its_own(
    world: World, store: EvidenceStore
) -> None:
    store.keep(long())
    store.keep(long(more=1))
    assert len(stored(world)) == 2


def test_an_alert_read_from_the_table_still_knows_that_and_where(store: EvidenceStore) -> None:
    one = alert(evidence={"lines": ["x" * 600]})
    read = Alert.from_json(one.to_json())
    assert read.finding.whole_evidence is None, "the table does not hold it"
    assert read.finding.whole_digest == one.finding.whole_digest != ""
    assert key_of(read.finding) == key_of(one.finding)
    store.keep(read.finding)


def test_a_text_that_only_lost_spaces_keeps_its_origin() -> None:
    assert finding(evidence={"log": "a\n\tb"}).whole_evidence == {"log": "a\n\tb"}


def test_what_s3_refuses_is_not_taken_for_kept(world: World) -> None:
    nowhere = EvidenceStore(world.warden.aws.s3, "no-such-bucket")
    with pytest.raises(AwsError):
        nowhere.keep(long())
