"""Clients with a person's own credentials, that say what they wait for."""

import io
import sys
from typing import Final

from functions.shared.aws.clients import Aws
from functions.shared.aws.observability import log_to
from warden.failure import NoAnswerError
from warden.waiting import Waiting

# A person waits; a Lambda's patience would look as if the command hung.
_ATTEMPTS: Final = 3


class _StandardError(io.TextIOBase):
    """Standard error as it is when something is written."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def connect(region: str, profile: str) -> Aws:
    """Clients for a region.

    Args:
        region: The region; empty for that of the profile.
        profile: Profile of the credentials; empty for those that boto3 finds.

    Raises:
        NoAnswerError: There is no region.
        BotoCoreError: There is no such profile.
    """
    log_to(_StandardError())  # standard output carries the answer and nothing else
    aws = Aws(region, profile=profile, attempts=_ATTEMPTS, observer=Waiting())
    if not aws.region:
        raise NoAnswerError("There is no region. Set AWS_REGION or pass --region.")
    return aws
