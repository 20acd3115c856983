"""The history of incidents: when each began, peaked and ended, beside the function's record."""

from datetime import datetime, timedelta
from typing import Final

from functions.anomaly_detector.watch.incident import Incident
from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import listed
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.table import function_key

_KEPT: Final = timedelta(days=90)


def write_down(
    warden: Deployment,
    function: FunctionArn,
    since: datetime,
    incident: Incident | None,
    *,
    ended: datetime,
) -> None:
    """Write down an incident as it is now.

    Args:
        warden: The deployment.
        function: The function.
        since: When the incident began, which tells it from others.
        incident: What stands out; None when it is over.
        ended: When, if it is over.
    """
    values: dict[str, str | int | bool] = {"expires_at": int((ended + _KEPT).timestamp())}
    if incident:
        values["signals"] = listed([one.signal.value for one in incident.deviations], most=20)
        values["state"] = incident.trend
        values["peaks"] = "; ".join(
            f"{one.signal.value} {one.peak:.6g} at {(one.peak_at or one.since).isoformat()}"
            for one in incident.deviations
        )
    over = incident.ended if incident else ended
    if over:
        values |= {"state": "over", "ended": over.isoformat()}
    warden.table.update(function_key(function), f"INCIDENT#{since.isoformat()}", values)
