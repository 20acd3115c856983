"""Credentials in deployed artefacts: one search for each artefact, downloaded from a server."""

import io
import zipfile

import boto3
import pytest
from botocore.stub import Stubber

from functions.scanner.code_secrets import deployed_secrets
from functions.scanner.facts import Configuration
from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from functions.scanner.secrets.store import SecretsStore
from tests.unit.conftest import ACCOUNT, World
from tests.unit.scanner.inventory.test_ranged import serving
from tests.unit.scanner.secrets.made_up import GITHUB


def _zip(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


_LEAKY = _zip({"app.py": f'\n\nTOKEN = "{GITHUB}"\n'})
_NAMED = {
    "LayerName": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:layer:common",
    "VersionNumber": 3,
}
_FOUND = CodeSecrets((SecretPlace("app.py", 3, "github pat"),))


@pytest.fixture
def store(world: World) -> SecretsStore:
    return SecretsStore(world.warden.aws.s3, "artifacts")


def _deployed(url: str, digest: str = "a+b/c=") -> Configuration:
    return Configuration(code_sha256=digest, code_url=url)


def test_an_artefact_is_searched_once(world: World, store: SecretsStore) -> None:
    client = world.warden.aws.lambda_
    with serving(_LEAKY) as url:
        assert deployed_secrets(_deployed(url), ACCOUNT, client, store) == _FOUND
    assert deployed_secrets(_deployed("http://127.0.0.1:9/"), ACCOUNT, client, store) == _FOUND


def test_what_is_stored_repeats_no_credential(world: World, store: SecretsStore) -> None:
    with serving(_LEAKY) as url:
        deployed_secrets(_deployed(url), ACCOUNT, world.warden.aws.lambda_, store)
    (item,) = world.warden.aws.s3.list_objects_v2(Bucket="artifacts")["Contents"]
    body = world.warden.aws.s3.get_object(Bucket="artifacts", Key=item["Key"])["Body"].read()
    assert item["Key"] == "inventories/secrets-v3/a-b_c=.json"
    assert GITHUB.encode() not in body
    assert b"app.py" in body


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'{"format": 1, "places": [{}]}'])
def test_a_damaged_document_is_mended(world: World, store: SecretsStore, damage: bytes) -> None:
    key = "inventories/secrets-v3/a-b_c=.json"
    world.warden.aws.s3.put_object(Bucket="artifacts", Key=key, Body=damage)
    with serving(_LEAKY) as url:
        found = deployed_secrets(_deployed(url), ACCOUNT, world.warden.aws.lambda_, store)
    assert found == _FOUND
    assert store.get(key) == _FOUND


def test_a_failed_download_is_tried_again(world: World, store: SecretsStore) -> None:
    client = world.warden.aws.lambda_
    with serving(_LEAKY, "404") as url:
        first = deployed_secrets(_deployed(url), ACCOUNT, client, store)
    assert first == CodeSecrets(complete=False)
    with serving(_LEAKY) as url:
        assert deployed_secrets(_deployed(url), ACCOUNT, client, store) == _FOUND


def test_layers_of_the_own_account_are_searched_and_vendors_are_not(store: SecretsStore) -> None:
    own, vendor = (
        f"arn:aws:lambda:eu-west-1:{account}:layer:common:3"
        for account in (ACCOUNT, "999988887777")
    )
    client = boto3.client("lambda", region_name="eu-west-1")
    with serving(_zip({"app.py": "x = 1\n"})) as url, serving(_LEAKY) as layer_url:
        content = {"Location": layer_url, "CodeSha256": "layer="}
        with Stubber(client) as answers:
            answers.add_response("get_layer_version", {"Content": content}, _NAMED)
            layers = (vendor, own)
            configuration = Configuration(code_url=url, layers=layers)
            found = deployed_secrets(configuration, ACCOUNT, client, store)
            answers.assert_no_pending_responses()
    assert found.places == (SecretPlace("layer common:3!/app.py", 3, "github pat"),)


def test_a_layer_that_may_not_be_read_leaves_the_search_incomplete(store: SecretsStore) -> None:
    client = boto3.client("lambda", region_name="eu-west-1")
    own = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:layer:common:3"
    with serving(_LEAKY) as url, Stubber(client) as answers:
        answers.add_client_error("get_layer_version", "AccessDeniedException", "", 403)
        configuration = Configuration(code_url=url, layers=(own,))
        found = deployed_secrets(configuration, ACCOUNT, client, store)
    assert found == CodeSecrets(_FOUND.places, complete=False)


def test_container_images_are_not_searched(world: World, store: SecretsStore) -> None:
    image = Configuration(package_type="Image")
    found = deployed_secrets(image, ACCOUNT, world.warden.aws.lambda_, store)
    assert not found.complete
