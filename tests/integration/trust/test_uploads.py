"""What the credentials of a team's CI can do to the bucket, and what its files can do to others."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from tests.integration.stack.scene import Scene, package
from tests.integration.trust.attacker import Attacker
from tests.unit.docs.test_uploads import policy_of_the_page

OWN = ("waivers/payments.toml", "waivers/payments/api.toml", "lockfiles/shop/api/uv.lock")
NOTIFIER = "lambda-warden-notifier"
WHOLE_RULE = """
[[waiver]]
rule = "tag-policy"
owner = "payments"
reason = "Nobody needs to know."
expires = {expires}
"""
BEYOND = f"""{WHOLE_RULE}
[[waiver]]
function = "hid*"
rule = "*-policy"
owner = "payments"
reason = "Nobody needs to know."
expires = {{expires}}

[[waiver]]
function = "hidden"
rule = "tag-policy"
owner = "payments"
reason = "Not ours, but who looks."
expires = {{expires}}
"""


@pytest.fixture(scope="module")
def pipeline(scene: Scene) -> Attacker:
    """CI of the team `payments`, with the policy that the page gives."""
    return Attacker.allowed(scene, "ci-of-payments", policy_of_the_page(scene.warden.bucket))


def test_ci_writes_its_own_files_and_nothing_else(scene: Scene, pipeline: Attacker) -> None:
    s3, bucket = pipeline.client("s3"), scene.warden.bucket
    for key in OWN:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    for key in (
        "waivers/web.toml",
        "waivers/platform-team.toml",
        "waivers/payments.toml.toml",
        "waivers/paymentsx/a.toml",
        "lockfiles/shop/web/uv.lock",
        "advisories/current.json",
        "inventories/x.json",
        "policy/policy.yaml",
        "detector/state.json",
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket=bucket, Key=key, Body=b"")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_object(Bucket=bucket, Key=OWN[0])
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key=OWN[0])
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket=bucket)


def test_a_teams_file_silences_no_function_of_others(scene: Scene, pipeline: Attacker) -> None:
    expires = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    body = BEYOND.format(expires=expires).encode()
    pipeline.client("s3").put_object(Bucket=scene.warden.bucket, Key=OWN[0], Body=body)
    scene.wait_for(lambda: ("opened", "waiver-file-invalid") in scene.about(NOTIFIER))
    said = scene.alert(NOTIFIER, "waiver-file-invalid").document["reason"]
    assert "2 waivers of waivers/payments.toml" in said
    scene.create("hidden", package(), {"environment": "production"})
    scene.wait_for(lambda: ("opened", "tag-policy") in scene.about("hidden"))


def test_people_hear_of_a_waiver_of_the_platform_team_that_reaches_far(scene: Scene) -> None:
    expires = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    body = WHOLE_RULE.format(expires=expires).replace("tag-policy", "shared-role")
    key = "waivers/platform-team.toml"
    scene.aws.client("s3").put_object(Bucket=scene.warden.bucket, Key=key, Body=body.encode())
    scene.wait_for(lambda: ("opened", "far-reaching-waiver") in scene.about(NOTIFIER))
    scene.aws.client("s3").delete_object(Bucket=scene.warden.bucket, Key=key)
    scene.wait_for(lambda: ("resolved", "far-reaching-waiver") in scene.about(NOTIFIER))
