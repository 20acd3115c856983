"""Function ARNs: one way to name a function, whichever way AWS spelled it."""

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = r"[A-Za-z0-9_-]{1,140}"
_QUALIFIER: Final = r"[A-Za-z0-9$_.-]{1,129}"
_PARTITION: Final = "aws[a-z-]{0,20}"
_REGION: Final = "[a-z]{2,8}(?:-[a-z0-9]{1,12}){1,4}"
_ACCOUNT: Final = "[0-9]{12}"
_FULL: Final = re.compile(
    rf"arn:(?P<partition>{_PARTITION}):lambda:(?P<region>{_REGION}):(?P<account>{_ACCOUNT})"
    rf":function:(?P<name>{_NAME})(?::(?P<qualifier>{_QUALIFIER}))?"
)
_PARTIAL: Final = re.compile(
    rf"(?:(?P<account>{_ACCOUNT}):function:)?(?P<name>{_NAME})(?::(?P<qualifier>{_QUALIFIER}))?"
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
        if not re.fullmatch(_ACCOUNT, owner) or not re.fullmatch(_REGION, region):
            raise ValueError(
                f"{text[:200]!r} needs an account of 12 digits and a region to be complete"
            )
        return cls(_partition_of(region), region, owner, match["name"])


def qualifier_of(text: str) -> str:
    """The version or alias that a name or an ARN ends in; empty where there is none."""
    match = _FULL.fullmatch(text) or _PARTIAL.fullmatch(text)
    return (match["qualifier"] or "") if match else ""


def is_function_name(text: str) -> bool:
    """Whether a text is a bare function name."""
    return re.fullmatch(_NAME, text) is not None


# Source: the partitions that the AWS SDKs know, by the first part of their regions' names.
_PARTITIONS: Final = {
    "cn-": "aws-cn",
    "eusc-": "aws-eusc",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}


def _partition_of(region: str) -> str:
    return next(
        (name for start, name in _PARTITIONS.items() if region.startswith(start)),
        "aws",
    )
