"""Where the detector keeps what it knows between ticks: objects under `detector/` in the bucket."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from functions.anomaly_detector.metrics.schedule import group_of
from functions.anomaly_detector.watch import function_list as function_lists
from functions.anomaly_detector.watch.codec import FunctionMemory, pack, unpack
from functions.anomaly_detector.watch.function_list import FunctionList
from functions.shared.aws.clients import ask
from functions.shared.aws.observability import logger
from functions.shared.core.reading import Unknown

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_FUNCTION_LIST: Final = "detector/function-list"


class WatchStore:
    """The objects; each is written whole, and the last writer wins.

    That is enough: what an overwritten look had learnt is read again from CloudWatch, because the
    end of what a detector knows is kept with the detector itself.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def function_list(self) -> FunctionList | None:
        """The function list; None where there is none, or none that can be read."""
        data = self._get(_FUNCTION_LIST)
        return function_lists.from_bytes(data) if data else None

    def keep_function_list(self, function_list: FunctionList) -> None:
        """Write the function list."""
        self._put(_FUNCTION_LIST, function_lists.to_bytes(function_list))

    def group(self, group: int, groups: int) -> tuple[dict[str, FunctionMemory], bool]:
        """What is known of a group; of the group that it was split from, where it is new.

        Returns:
            The functions' memories, and whether they are the group's own.
        """
        data = self._get(_key(group, groups))
        if data is not None:
            return unpack(data), True
        parent = self._get(_key(group % (groups // 2), groups // 2)) if groups > 1 else None
        memories = unpack(parent) if parent else {}
        return {n: one for n, one in memories.items() if group_of(n, groups) == group}, False

    def keep_group(self, group: int, groups: int, memories: Mapping[str, FunctionMemory]) -> None:
        """Write a group."""
        self._put(_key(group, groups), pack(memories))

    def _get(self, key: str) -> bytes | None:
        def read() -> bytes:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

        answer = ask("reading what the detector knows", read)
        if isinstance(answer, Unknown):
            if not answer.missing:
                logger.error("state not read", extra={"key": key, "cause": answer.cause})
            return None
        return answer.value

    def _put(self, key: str, data: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=data)


def _key(group: int, groups: int) -> str:
    return f"detector/groups/{groups}/{group}"
