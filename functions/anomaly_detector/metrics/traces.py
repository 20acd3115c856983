"""Reading faults from X-Ray: which functions failed while serving traced requests, and where.

GetTraceSummaries takes at most six hours a call (X-Ray API reference).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from functions.shared.core.text import plain

if TYPE_CHECKING:
    from mypy_boto3_xray import XRayClient
    from mypy_boto3_xray.type_defs import TraceSummaryTypeDef

_MOST_TRACES: Final = 5000
_FUNCTION_TYPES: Final = frozenset({"AWS::Lambda::Function", "AWS::Lambda"})


@dataclass(slots=True)
class Faults:
    """Faulty traces that passed through one function.

    Attributes:
        traces: How many.
        causes: Where X-Ray saw the root of the fault, with how often.
        example: Id of one of them, to look at.
    """

    traces: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    example: str = ""


def read_faults(
    client: "XRayClient", account: str, start: datetime, end: datetime
) -> dict[str, Faults]:
    """Faulty traces between two times, by name of the account's functions.

    Beyond some thousand traces the counts are too low, which makes them no less alarming.
    """
    pages = client.get_paginator("get_trace_summaries").paginate(
        StartTime=start,
        EndTime=end,
        FilterExpression="fault = true",
        Sampling=False,
        PaginationConfig={"MaxItems": _MOST_TRACES},
    )
    faults: dict[str, Faults] = {}
    for page in pages:
        for summary in page["TraceSummaries"]:
            for name in _functions(summary, account):
                known = faults.setdefault(name, Faults())
                known.traces += 1
                known.example = known.example or summary.get("Id", "")
                known.causes.update(_causes(summary))
    return faults


def _functions(summary: "TraceSummaryTypeDef", account: str) -> set[str]:
    return {
        name
        for service in summary.get("ServiceIds", [])
        if service.get("Type") in _FUNCTION_TYPES
        and service.get("AccountId") in {None, account}
        and (name := service.get("Name"))
    }


def _causes(summary: "TraceSummaryTypeDef") -> set[str]:
    causes = set()
    for cause in summary.get("FaultRootCauses", []):
        services = cause.get("Services", [])
        if services and (name := services[-1].get("Name")):
            causes.add(name)
    return causes


def as_detail(faults: Mapping[str, Faults]) -> dict[str, dict[str, object]]:
    """Faults in a form that fits a queue message."""
    return {
        name: {
            "traces": known.traces,
            "causes": [plain(cause, 80) for cause, _ in known.causes.most_common(5)],
            "example": plain(known.example, 60),
        }
        for name, known in faults.items()
    }
