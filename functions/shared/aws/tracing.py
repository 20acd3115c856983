"""Subsegments in Warden's own traces; the only importer of the X-Ray SDK.

Tracing is switched on by the infrastructure, and Lambda records an invocation's segment by itself.
The SDK adds what happened inside, and costs a cold start more than all else together. It is
therefore imported only in an invocation that X-Ray samples; those of the parts that are called
every few minutes are not, unless `trace_busy_parts` is set.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from functions.shared.aws.settings import trace_header

_SAMPLED: Final = "Sampled=1"


@contextmanager
def traced(name: str) -> Iterator[None]:
    """Record a block as a subsegment, with its fault if it raises.

    Args:
        name: What the block does, of the characters that X-Ray allows in names.
    """
    if _SAMPLED not in trace_header():
        yield
        return
    from aws_xray_sdk.core import xray_recorder  # noqa: PLC0415 - see above

    with xray_recorder.in_subsegment(name):
        yield
