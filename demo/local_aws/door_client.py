"""The launcher's side of its own door into a running server."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from demo.local_aws import door_paths
from demo.local_aws.errors import RefusedError

# A proxy of the host's environment must never see requests to the loopback interface.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def post(endpoint_url: str, path: str, body: Mapping[str, Any], *, mark: str) -> dict[str, Any]:
    """Send data through the door and return the answer.

    Raises:
        RefusedError: the server did not accept it; the message names the field.
    """
    request = urllib.request.Request(  # noqa: S310 - the address is our own, on the loopback
        endpoint_url + path,
        data=json.dumps(body, default=str).encode(),
        headers={"content-type": "application/json", door_paths.HEADER: mark},
        method="POST",
    )
    try:
        with _OPENER.open(request, timeout=60) as answer:
            result: dict[str, Any] = json.load(answer)
            return result
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise RefusedError(refusal.read().decode(errors="replace")) from None


def answers(endpoint_url: str, *, pid: int) -> bool:
    """Tell whether the server with process id ``pid`` answers there, and no other program."""
    request = urllib.request.Request(endpoint_url + door_paths.READY)  # noqa: S310 - as above
    try:
        with _OPENER.open(request, timeout=2) as answer:
            return bool(answer.read().decode() == str(pid))
    except OSError:
        return False
