"""Which alerts explain which others, so that nobody is told of those. Pure.

What explains what stands in the catalogue of rules. An alert that is explained stays recorded, and
is told when it outlives its explanation.
"""

from collections.abc import Iterable, Iterator

from functions.shared.alerting.alert import Alert
from functions.shared.core.rules import RULES, Explains, Part, Rule
from functions.shared.core.severity import Severity


def explanations_of(target: Alert) -> Iterator[tuple[Rule, Explains]]:
    """The rules whose open alerts would explain an alert, each with what it says of it."""
    finding = target.finding
    for row in RULES.values():
        for explains in row.explains:
            of_kind = finding.kind is explains.kind and finding.rule != row.id
            if finding.rule in explains.rules or of_kind:
                yield row, explains


def explanation(target: Alert, open_alerts: Iterable[Alert]) -> tuple[Alert, str] | None:
    """The open alert that explains another, and why it does; None where nothing does.

    A rule about the account or about Warden explains the alerts of any function; one about a
    function only that function's.
    """
    possible = list(explanations_of(target))
    for source in open_alerts if possible else ():
        for row, explains in possible:
            concerns = row.filed_under or source.finding.function == target.finding.function
            explained = source.finding.rule == row.id and _is_among(target, source, explains)
            if source.is_open and concerns and explained:
                return source, explains.why
    return None


def _is_among(target: Alert, source: Alert, explains: Explains) -> bool:
    """Whether the explaining alert is about this function; a critical alert is told in any case."""
    if not explains.among:
        return True
    listed = source.finding.evidence.get(explains.among, [])
    named = isinstance(listed, list) and target.finding.function.name in listed
    return named and target.finding.severity is not Severity.CRITICAL


def where_explained(target: Alert) -> frozenset[Part | None]:
    """Where alerts that explain another are stored: a part of Warden; None: its own function."""
    return frozenset(row.filed_under for row, _ in explanations_of(target))
