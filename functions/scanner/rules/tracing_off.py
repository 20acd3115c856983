"""Without traces nobody sees where a slow or failing request spent its time.

Source: AWS Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray".
"""

from typing import Final

from functions.scanner.facts import FunctionFacts, Setting
from functions.shared.alerting.finding import Finding, Kind, Verdict
from functions.shared.core.reading import Unknown
from functions.shared.core.severity import Severity

RULE: Final = "tracing-off"


def check(facts: FunctionFacts, _: Setting) -> Verdict:
    """Fail when active tracing is off.

    A function with passive tracing still joins the traces that its callers sample.
    """
    if isinstance(facts.configuration, Unknown) or not facts.configuration.value.tracing:
        return Verdict(RULE, certain=False)
    if facts.configuration.value.tracing == "Active":
        return Verdict(RULE)
    finding = Finding(
        rule=RULE,
        kind=Kind.COVERAGE,
        severity=Severity.INFO,
        severity_reason="Nothing is wrong with the function; problems are only harder to analyze.",
        function=facts.function,
        title="Tracing is off",
        reason="The function starts no X-Ray traces: faults and slow calls behind it go unseen.",
        remedy="Set the function's tracing to Active and allow its role to write to X-Ray.",
        evidence={"tracing": facts.configuration.value.tracing},
        links=("https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",),
    )
    return Verdict(RULE, (finding,))
