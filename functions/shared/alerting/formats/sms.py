"""The text of an SMS: within one message of the GSM 7-bit alphabet. Pure.

SNS allows 140 bytes in one message of that alphabet's characters (SNS developer guide, "Publishing
to a mobile phone"); square and curly brackets, for example, count twice in it (3GPP TS 23.038).
"""

from typing import Final

from functions.shared.alerting.formats.wording import counts, group_label, label, rules
from functions.shared.alerting.notification import Notification, Occasion
from functions.shared.text import ascii_line

_LIMIT: Final = 140
_NAME: Final = 48
_OWNER: Final = 24
_GSM: Final = str.maketrans("[]{}\\|^~`", "()()//'-'")


def sms(notification: Notification) -> str:
    """How bad, what, where, whose."""
    if notification.is_single:
        notice = notification.notices[0]
        finding = notice.alert.finding
        lead = f"{label(notice)}: {ascii_line(finding.function.name, _NAME)}: "
        what = finding.title
    else:
        storm = notification.occasion is Occasion.STORM
        lead = f"{group_label(notification)}: {notification.total} alerts: "
        what = counts(notification.by_severity) if storm else rules(notification.by_rule)
    whose = f" ({ascii_line(notification.owner, _OWNER)})" if notification.owner else ""
    lead = ascii_line(lead, _LIMIT) + " "
    return f"{lead}{ascii_line(what, _LIMIT - len(lead) - len(whose))}{whose}".translate(_GSM)
