"""Whether CloudFormation really calls: whoever may invoke a function can send what it sends.

- The answer goes to a bucket of CloudFormation in this region, whose name and host are known, and
  nowhere else.
- A deletion is believed when CloudFormation itself says that it is deleting that very resource of
  this very stack.
Source: CloudFormation user guide, "Custom resource request objects" and "VPC endpoints for
CloudFormation" (names of the buckets: the region without its dashes).
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from functions.shared.aws.clients import ask
from functions.shared.core.reading import Known, Reading
from functions.shared.runtime.deployment import Deployment

VETO: Final = "Custom::GuardRelease"
"""Type of the resource by which the stack asks the guard before it is deleted."""

_DELETING: Final = "DELETE_IN_PROGRESS"
_BUCKET: Final = "cloudformation-custom-resource-response-"
_HTTPS: Final = 443


def is_answer_address(url: str, *, region: str, s3: str) -> bool:
    """Whether an address is one that CloudFormation takes answers at. Pure.

    Args:
        url: The address.
        region: The region of the stack.
        s3: Where this deployment finds S3. Outside of AWS, on an emulator, CloudFormation's
            answers go there, too.
    """
    try:
        wanted, known = urlsplit(url), urlsplit(s3)
        port = wanted.port
    except ValueError:
        return False
    if wanted.username is not None or wanted.password is not None or not wanted.hostname:
        return False
    suffix = _suffix(known, region)
    if suffix is None:
        return (wanted.scheme, wanted.netloc) == (known.scheme, known.netloc)
    if wanted.scheme != "https" or port not in {None, _HTTPS}:
        return False
    bucket = f"{_BUCKET}{region.replace('-', '')}"
    hosts = {f"s3.{region}.{suffix}", f"s3-{region}.{suffix}", f"s3.{suffix}"}
    if wanted.hostname in hosts:
        return wanted.path.startswith(f"/{bucket}/")
    return wanted.hostname in {f"{bucket}.{host}" for host in hosts}


def is_deleting(warden: Deployment, event: Mapping[str, Any]) -> Reading[bool]:
    """Whether the resource that a deletion is about is being deleted, as CloudFormation says.

    Raises:
        ClientError: CloudFormation could not answer now.
    """
    name = str(event.get("LogicalResourceId", ""))
    stack = warden.settings.stack or warden.config.name_prefix
    found = ask(
        "asking CloudFormation whether the stack is being deleted",
        lambda: warden.aws.cloudformation.describe_stack_resource(
            StackName=stack, LogicalResourceId=name
        )["StackResourceDetail"],
    )
    if not isinstance(found, Known):
        return found
    detail = found.value
    return Known(
        detail["ResourceType"] == VETO
        and detail["ResourceStatus"] == _DELETING
        and detail.get("StackId") == event.get("StackId")
    )


def _suffix(known: SplitResult, region: str) -> str | None:
    """What the names of S3's hosts end in here; None where S3 is no host of AWS."""
    host = known.hostname or ""
    for start in (f"s3.{region}.", f"s3-{region}.", "s3."):
        suffix = host.removeprefix(start)
        if suffix != host and known.scheme == "https":
            return suffix
    return None
