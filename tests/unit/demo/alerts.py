"""Alerts as they arrive, for tests."""

from demo.inbox import Alert


def alert(
    function: str, rule: str, severity: str = "high", *, title: str = "", state: str = "opened"
) -> Alert:
    return Alert(
        {
            "function": {"name": function},
            "rule": rule,
            "severity": severity,
            "title": title,
            "state": state,
            "event": state,
            "reason": "",
            "remedy": "",
        }
    )
