"""One run of a Lambda function in the emulator."""

import re
from dataclasses import dataclass

_TRACE_FIELD = re.compile(r"(Root|Parent)=([0-9a-f-]+)")


@dataclass(frozen=True, slots=True)
class Invocation:
    """What is known of one finished run.

    Attributes:
        function_name: name of the function.
        function_arn: its ARN.
        request_id: id of the run.
        start: epoch seconds.
        end: epoch seconds.
        error: what failed; None for success.
        concurrent: how many runs of the function were under way when it began, with it.
        trace_header: X-Ray's tracing header; empty when the function is not traced.
    """

    function_name: str
    function_arn: str
    request_id: str
    start: float
    end: float
    error: str | None
    concurrent: int
    trace_header: str

    @property
    def account(self) -> str:
        """The account of the function."""
        return self.function_arn.split(":")[4]

    @property
    def region(self) -> str:
        """The region of the function."""
        return self.function_arn.split(":")[3]

    def trace_field(self, name: str) -> str:
        """Return ``Root`` or ``Parent`` of the tracing header; empty without."""
        found = {match[1]: match[2] for match in _TRACE_FIELD.finditer(self.trace_header)}
        return found.get(name, "")
