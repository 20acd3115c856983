"""End-of-support dates of Lambda's runtimes: a dated list, shipped, or a newer one from the bucket.

AWS adds runtimes and moves dates between releases of Warden. Whoever uploads a newer list of the
same form to `advisories/runtimes.json` in Warden's bucket has it used within minutes.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.shared.aws.clients import ask
from functions.shared.core.reading import Unknown
from functions.shared.core.text import plain
from functions.shared.runtime.deployment import Deployment

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEY: Final = "advisories/runtimes.json"
_FILE: Final = Path(__file__).parent / "data" / "runtimes.json"
_KEEP_SECONDS: Final = 900.0
_MOST_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Runtimes:
    """When each runtime's support ends.

    Attributes:
        source: The page that the dates were taken from.
        as_of: The day on which they were.
        deprecated_on: Runtime identifier to its deprecation date; None where AWS has set none.
        problem: Why a list in the bucket was not used, empty where there is none to use.
    """

    source: str
    as_of: date
    deprecated_on: Mapping[str, date | None] = field(default_factory=dict)
    problem: str = ""


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    source: str = Field(pattern=r"^https://", max_length=300)
    as_of: date
    deprecated_on: dict[str, date | None] = Field(min_length=20, max_length=1000)


class RuntimesError(ValueError):
    """The text is no list of runtimes; the message names the field."""


def read_runtimes(text: str | bytes) -> Runtimes:
    """Read a list of runtimes.

    Raises:
        RuntimesError: It is none, or has fewer runtimes than AWS ever had.
    """
    try:
        document = _Document.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise RuntimesError(plain(f"{where}: {first['msg']}", 200)) from error
    except (ValueError, RecursionError) as error:
        raise RuntimesError("no JSON document") from error
    return Runtimes(document.source, document.as_of, document.deprecated_on)


@cache
def shipped() -> Runtimes:
    """The list that is deployed with the scanner."""
    return read_runtimes(_FILE.read_text(encoding="utf-8"))


class RuntimeList:
    """The newest list, read again every quarter of an hour.

    Args:
        client: S3.
        bucket: Warden's bucket.
        clock: Seconds that only ever grow; tells when an answer is too old.
    """

    def __init__(
        self, client: "S3Client", bucket: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock
        self._known: tuple[float, Runtimes] = (float("-inf"), shipped())

    def get(self) -> Runtimes:
        """The list from the bucket where it is sound and newer than the shipped one.

        Raises:
            ClientError: S3 could not answer now.
        """
        at, known = self._known
        if self._clock() - at > _KEEP_SECONDS:
            at, known = self._clock(), self._newest()
            self._known = (at, known)
        return known

    def _newest(self) -> Runtimes:
        answer = ask("reading the list of runtimes", self._read)
        if isinstance(answer, Unknown):
            return shipped() if answer.missing else _without(answer.cause)
        if len(answer.value) > _MOST_BYTES:
            return _without(f"it is larger than {_MOST_BYTES} bytes")
        try:
            found = read_runtimes(answer.value)
        except RuntimesError as error:
            return _without(str(error))
        return found if found.as_of > shipped().as_of else shipped()

    def _read(self) -> bytes:
        body = self._client.get_object(Bucket=self._bucket, Key=KEY)["Body"]
        return body.read(_MOST_BYTES + 1)


def _without(problem: str) -> Runtimes:
    known = shipped()
    return Runtimes(known.source, known.as_of, known.deprecated_on, problem)


@lru_cache(maxsize=4)
def _list(client: "S3Client", bucket: str) -> RuntimeList:
    return RuntimeList(client, bucket)


def runtimes(warden: Deployment) -> Runtimes:
    """The newest list of a deployment; see `RuntimeList.get`."""
    return _list(warden.aws.s3, warden.settings.bucket).get()
