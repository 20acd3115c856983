"""From a function's image to its contents: ECR's answers, the platform, blobs over HTTP."""

import json
from typing import Any

import pytest
from botocore.stub import Stubber

from functions.scanner import image_contents
from functions.scanner.contents import InventoryStore
from functions.scanner.facts import Configuration
from functions.scanner.image_contents import read_image_contents
from functions.scanner.images.ask import image
from functions.scanner.images.manifest import MEDIA_TYPES, ManifestError, read_manifest
from functions.scanner.images.selection import Part, own_places, part_of
from functions.scanner.secrets.store import SecretsStore
from functions.shared.aws.clients import Aws
from functions.shared.core.reading import Known, Unknown
from tests.unit.conftest import World
from tests.unit.scanner.images.building import INDEX, Blobs, metadata

_REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"
_IDNA = {"var/task/idna-3.7.dist-info/METADATA": metadata("idna", "3.7")}


@pytest.fixture
def ecr(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client whose parameters are held against AWS's own model."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    return Aws("eu-west-1").ecr


def _answers(stubber: Stubber, blobs: Blobs, digest: str, address: str) -> None:
    """ECR's answers for an image, or for an index and the image that it names for x86."""
    document = json.loads(blobs.data[digest])
    text = blobs.data[digest].decode()
    stubber.add_response(
        "batch_get_image",
        {"images": [{"imageManifest": text}]},
        {
            "registryId": "123456789012",
            "repositoryName": "orders",
            "imageIds": [{"imageDigest": digest}],
            "acceptedMediaTypes": list(MEDIA_TYPES),
        },
    )
    if "manifests" in document:
        _answers(stubber, blobs, document["manifests"][0]["digest"], address)
        return
    for layer in [*document["layers"], document["config"]]:
        wanted = {"registryId": "123456789012", "repositoryName": "orders"}
        stubber.add_response(
            "get_download_url_for_layer",
            {"downloadUrl": f"{address}{layer['digest']}"},
            {**wanted, "layerDigest": layer["digest"]},
        )


def _index(blobs: Blobs, digest: str, architecture: str = "amd64") -> str:
    platform = {"os": "linux", "architecture": architecture}
    attestation = {"os": "unknown", "architecture": "unknown"}
    return blobs.add(
        {
            "mediaType": INDEX,
            "manifests": [
                {"digest": digest, "platform": platform},
                {"digest": f"sha256:{'0' * 64}", "platform": attestation},
            ],
        }
    )


@pytest.mark.parametrize("indexed", [False, True])
def test_an_image_is_read_once_and_then_known(
    world: World, ecr: Any, indexed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs()
    digest = blobs.manifest(blobs.layer({"etc/os-release": b"ID=debian\n"}), blobs.layer(_IDNA))
    digest = _index(blobs, digest) if indexed else digest
    s3, bucket = world.warden.aws.s3, world.warden.settings.bucket
    stores = InventoryStore(s3, bucket), SecretsStore(s3, bucket)
    code = Configuration(
        package_type="Image", code_sha256=digest.partition(":")[2], image=f"{_REGISTRY}@{digest}"
    )
    with blobs.served() as address, Stubber(ecr) as stubber:
        _answers(stubber, blobs, digest, address)
        contents = read_image_contents(code, ecr, *stores)
        stubber.assert_no_pending_responses()
    assert [str(one.purl) for one in contents.inventory.packages] == ["pkg:pypi/idna@3.7"]
    assert contents.inventory.problems == ()
    assert contents.digests == (code.code_sha256,)
    monkeypatch.setattr(image_contents, "image", None)
    assert read_image_contents(code, ecr, *stores) == contents, "nothing is asked again"


def test_what_ecr_refuses_is_said(ecr: Any) -> None:
    with Stubber(ecr) as stubber:
        stubber.add_client_error("batch_get_image", "AccessDeniedException")
        answer = image(ecr, f"{_REGISTRY}@sha256:{'a' * 64}", "x86_64")
        assert answer == Unknown("reading the image's manifest: AccessDeniedException")
        failure = {"failureCode": "ImageNotFound"}
        stubber.add_response("batch_get_image", {"images": [], "failures": [failure]})
        answer = image(ecr, f"{_REGISTRY}:latest", "x86_64")
        assert answer == Unknown("ECR has no such image: ImageNotFound")


def test_an_image_that_is_too_large_is_not_begun(world: World, ecr: Any) -> None:
    layer = {"digest": f"sha256:{'a' * 64}", "size": 2 * 1024**3, "mediaType": "x.tar+gzip"}
    text = json.dumps({"layers": [layer]})
    s3, bucket = world.warden.aws.s3, world.warden.settings.bucket
    code = Configuration(package_type="Image", image=f"{_REGISTRY}:v1")
    with Stubber(ecr) as stubber:
        stubber.add_response("batch_get_image", {"images": [{"imageManifest": text}]})
        contents = read_image_contents(
            code, ecr, InventoryStore(s3, bucket), SecretsStore(s3, bucket)
        )
    (problem,) = contents.inventory.problems
    assert problem.code == "image-too-large"
    assert "2147 MB" in problem.detail


def test_a_blob_that_is_gone_is_asked_for_again_next_time(world: World, ecr: Any) -> None:
    blobs = Blobs()
    layer = blobs.layer(_IDNA)
    digest = blobs.manifest(layer)
    s3, bucket = world.warden.aws.s3, world.warden.settings.bucket
    code = Configuration(package_type="Image", code_sha256="b", image=f"{_REGISTRY}@{digest}")
    with blobs.served() as address, Stubber(ecr) as stubber:
        _answers(stubber, blobs, digest, address)
        del blobs.data[layer.digest]
        inventories = InventoryStore(s3, bucket)
        contents = read_image_contents(code, ecr, inventories, SecretsStore(s3, bucket))
    (problem,) = contents.inventory.problems
    assert problem.code == "download-failed"
    assert "404" in problem.detail
    assert inventories.get("b") is None


@pytest.mark.parametrize(
    "uri",
    ["public.ecr.aws/lambda/python:3.13", "", "ghcr.io/a/b@sha256:x", "123.dkr.ecr.x.y/z"],
)
def test_an_image_elsewhere_is_said(ecr: Any, uri: str) -> None:
    assert image(ecr, uri, "x86_64") == Unknown("the image is not in ECR")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"layers": [{}]}', '{"layers": [{"digest": "sha256:1", "size": 1}]}',
     json.dumps({"layers": [{"digest": f"sha256:{'a' * 64}", "size": -1}]}),
     json.dumps({"layers": [{"digest": f"sha256:{'a' * 64}", "size": 1}] * 128}),
     json.dumps({"manifests": [{"platform": {"os": "windows", "architecture": "amd64"}}]}),
     json.dumps({"manifests": [None, {"platform": "linux"}]})],
)  # fmt: skip
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ManifestError):
        read_manifest(text, "x86_64")


def test_an_index_gives_the_functions_own_platform() -> None:
    blobs = Blobs()
    text = blobs.data[_index(blobs, f"sha256:{'c' * 64}", "arm64")].decode()
    assert read_manifest(text, "arm64") == f"sha256:{'c' * 64}"
    with pytest.raises(ManifestError, match="amd64"):
        read_manifest(text, "x86_64")


def test_an_index_that_names_an_index_is_not_followed_for_ever(ecr: Any) -> None:
    digest = f"sha256:{'d' * 64}"
    platform = {"os": "linux", "architecture": "amd64"}
    text = json.dumps({"manifests": [{"digest": digest, "platform": platform}]})
    with Stubber(ecr) as stubber:
        for _ in range(2):
            stubber.add_response("batch_get_image", {"images": [{"imageManifest": text}]})
        answer = image(ecr, f"{_REGISTRY}@{digest}", "x86_64")
    assert answer == Unknown("its index names another index")


def test_layers_kept_elsewhere_are_foreign_and_never_asked_for(ecr: Any) -> None:
    digest = f"sha256:{'e' * 64}"
    kind = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    layer = {"digest": digest, "size": 1, "mediaType": kind, "urls": ["https://evil.example"]}
    with Stubber(ecr) as stubber:
        text = json.dumps({"layers": [layer]})
        stubber.add_response("batch_get_image", {"images": [{"imageManifest": text}]})
        answer = image(ecr, f"{_REGISTRY}:v1", "x86_64")
    assert isinstance(answer, Known)
    assert answer.value.layers[0].foreign
    assert answer.value.urls == {}


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("var/task/app.py", Part.OWN),
        ("opt/python/x.py", Part.OWN),
        ("app/server", Part.OWN),
        ("usr/src/app/index.js", Part.OWN),
        ("srv/code/main.py", Part.OWN),
        ("usr/local/bin/service", Part.OWN),
        ("usr/local/bin/other", Part.NOTHING),
        ("usr/lib/x.so", Part.NOTHING),
        ("usr/lib/python3/dist-packages/pip-20.dist-info/RECORD", Part.SYSTEM),
        ("usr/share/java/a.jar", Part.SYSTEM),
        ("lib/apk/db/installed", Part.DATABASE),
        ("var/lib/dpkg/status.d/tzdata", Part.DATABASE),
    ],
)
def test_what_a_file_is(path: str, part: Part) -> None:
    assert part_of(path, ("usr/local/bin/service",)) is part


@pytest.mark.parametrize(
    ("configuration", "places"),
    [
        ({"WorkingDir": "/var/lib/service"}, ("var/lib/service/",)),
        ({"WorkingDir": "/usr/local/bin", "Entrypoint": ["/usr/local/bin/go"]},
         ("usr/local/bin/go",)),
        ({"WorkingDir": "/", "Entrypoint": ["python3"], "Cmd": ["/usr/bin/python3"]}, ()),
        ({"Entrypoint": "/bin/sh -c x"}, ()),
    ],
)  # fmt: skip
def test_an_images_configuration_says_where_code_is(
    configuration: dict[str, Any], places: tuple[str, ...]
) -> None:
    assert own_places({"config": configuration}) == places
    assert own_places(None) == ()
