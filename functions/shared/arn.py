"""Function ARNs: one way to name a function, whichever way AWS spelled it."""

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = r"[A-Za-z0-9_-]{1,140}"
_QUALIFIER: Final = r"[A-Za-z0-9$_.-]{1,129}"
_FULL: Final = re.compile(
    rf"arn:(?P<partition>aws[a-z-]*):lambda:(?P<region>[a-z0-9-]+):(?P<account>\d{{12}})"
    rf":function:(?P<name>{_NAME})(?::(?P<qualifier>{_QUALIFIER}))?"
)
_PARTIAL: Final = re.compile(
    rf"(?:(?P<account>\d{{12}}):function:)?(?P<name>{_NAME})(?::(?P<qualifier>{_QUALIFIER}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class FunctionArn:
    """The unqualified identity of a function: partition, region, account and name."""

    partition: str
    region: str
    account: str
    name: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:lambda:{self.region}:{self.account}:function:{self.name}"

    @classmethod
    def parse(cls, text: str, *, account: str = "", region: str = "") -> "FunctionArn":
        """Read a full ARN, a partial ARN (`123456789012:function:name`) or a bare name.

        A version or alias is dropped: it names a snapshot of the same function.

        Args:
            text: What AWS or a person wrote.
            account: Account to assume where the text has none.
            region: Region to assume where the text has none.

        Raises:
            ValueError: The text names no function, or account or region stay unknown.
        """
        if match := _FULL.fullmatch(text):
            return cls(match["partition"], match["region"], match["account"], match["name"])
        match = _PARTIAL.fullmatch(text)
        if match is None:
            raise ValueError(f"{text[:200]!r} is no function name or ARN")
        owner = match["account"] or account
        if not owner or not region:
            raise ValueError(f"{text[:200]!r} needs an account and a region to be complete")
        return cls(_partition_of(region), region, owner, match["name"])


def _partition_of(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
