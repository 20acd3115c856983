"""Counting what the stored inventories hold."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from functions.reporter.estate import Ecosystem, Inventories
from functions.shared.aws.clients import ask
from functions.shared.core.inventory_keys import FOLDER, digest_of, key_of
from functions.shared.core.reading import Known

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST: Final = 5000
"""Inventories that one report reads; reading each takes some milliseconds."""

_AT_ONCE: Final = 16
_ECOSYSTEM: Final = "lambda-warden:ecosystem"


def read_inventories(client: "S3Client", bucket: str) -> Inventories:
    """Count the packages of the stored inventories.

    Raises:
        ClientError: They could not be listed.
    """
    digests = [digest for page in _pages(client, bucket) for digest in page]
    wanted = digests[:MOST]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(lambda digest: _packages(client, bucket, digest), wanted))
    understood = [packages for packages in found if packages is not None]
    return Inventories(
        digests=frozenset(digests),
        read=len(understood),
        damaged=len(found) - len(understood),
        ecosystems=count(understood),
    )


def count(artefacts: Iterable[Iterable[tuple[str, str, str]]]) -> tuple[Ecosystem, ...]:
    """Count packages by ecosystem. Pure.

    Args:
        artefacts: For each artefact its packages: ecosystem, name and version.
    """
    names: defaultdict[str, set[str]] = defaultdict(set)
    versions: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    holding: Counter[str] = Counter()
    for packages in artefacts:
        ecosystems = set()
        for ecosystem, name, version in packages:
            names[ecosystem].add(name)
            versions[ecosystem].add((name, version))
            ecosystems.add(ecosystem)
        holding.update(ecosystems)
    counted = [Ecosystem(one, len(names[one]), len(versions[one]), holding[one]) for one in names]
    return tuple(sorted(counted, key=lambda one: (-one.packages, one.name)))


def _pages(client: "S3Client", bucket: str) -> Iterator[list[str]]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=FOLDER)
    for page in pages:
        keys = [item.get("Key", "") for item in page.get("Contents", [])]
        yield [digest for key in keys if (digest := digest_of(key))]


def _packages(client: "S3Client", bucket: str, digest: str) -> list[tuple[str, str, str]] | None:
    """The packages of one inventory; None where it cannot be read or understood."""

    def read() -> bytes:
        return client.get_object(Bucket=bucket, Key=key_of(digest))["Body"].read()

    answer = ask("reading an inventory", read)
    if not isinstance(answer, Known):
        return None
    try:
        components = json.loads(answer.value).get("components") or []
        return [
            (
                next(p["value"] for p in one["properties"] if p["name"] == _ECOSYSTEM),
                str(one["name"]),
                str(one.get("version", "")),
            )
            for one in components
        ]
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration):
        return None
