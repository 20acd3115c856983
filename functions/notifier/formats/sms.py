"""The text of an SMS: within one message of the GSM 7-bit alphabet. Pure.

SNS allows 140 bytes in one message of that alphabet's characters (SNS developer guide, "Publishing
to a mobile phone"); square and curly brackets, for example, count twice in it (3GPP TS 23.038).
"""

from typing import Final

from functions.shared.alerting.formats.context import Context
from functions.shared.alerting.formats.unlinked import unlinked
from functions.shared.alerting.formats.wording import gist, group_label, label
from functions.shared.alerting.notification import Notification
from functions.shared.core.text import ascii_line

_LIMIT: Final = 140
_NAME: Final = 48
_OWNER: Final = 24
_ENVIRONMENT: Final = 16
_GSM: Final = str.maketrans("[]{}\\|^~`", "()()//'-'")


def sms(notification: Notification, _: Context) -> str:
    """How bad, what, where, whose."""
    if notification.is_single:
        finding = notification.notices[0].alert.finding
        name = ascii_line(finding.name, _NAME)
        lead, what = f"{label(notification.notices[0])}: {name}: ", finding.title
    else:
        lead, what = f"{group_label(notification)}: ", gist(notification)
    owner = ascii_line(notification.owner, _OWNER)
    environment = ascii_line(notification.environment, _ENVIRONMENT)
    known = ", ".join(one for one in (owner, environment) if one)
    whose = f" ({known})" if known else ""
    said = ascii_line(unlinked(what), _LIMIT - len(lead) - len(whose))
    return f"{lead}{said}{whose}".translate(_GSM)
