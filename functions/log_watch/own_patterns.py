"""The patterns that users add, read from Warden's bucket again every ten minutes.

A file that is wrong costs only itself: the others are used, and the log says what is wrong with it.
"""

from datetime import datetime, timedelta
from typing import Final

from functions.log_watch.engine.catalogue import (
    Pattern,
    PatternError,
    built_in,
    read_pattern,
    with_own,
)
from functions.log_watch.engine.matcher import ExpressionError, Matcher
from functions.shared.aws.observability import logger
from functions.shared.logs.own_patterns import FOLDER, id_of
from functions.shared.runtime.deployment import Deployment

MOST: Final = 100
_LARGEST: Final = 64 * 1024
_EVERY: Final = timedelta(minutes=10)


class OwnPatterns:
    """All patterns of a deployment, as they were last read."""

    def __init__(self) -> None:
        self._patterns = built_in()
        self._read_at: datetime | None = None

    def all(self, warden: Deployment, now: datetime) -> tuple[Pattern, ...]:
        """Warden's own patterns and those of its users.

        Raises:
            ClientError: The bucket cannot be read now.
        """
        if self._read_at is None or not timedelta(0) <= now - self._read_at < _EVERY:
            self._patterns = _together(_read(warden))
            self._read_at = now
        return self._patterns


def _read(warden: Deployment) -> list[Pattern]:
    found: list[Pattern] = []
    pages = warden.aws.s3.get_paginator("list_objects_v2").paginate(
        Bucket=warden.settings.bucket, Prefix=FOLDER
    )
    keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
    for key in sorted(keys)[:MOST]:
        answer = warden.aws.s3.get_object(Bucket=warden.settings.bucket, Key=key)
        text = answer["Body"].read(_LARGEST + 1).decode(errors="replace")
        try:
            found.append(read_pattern(id_of(key), text))
        except PatternError as error:
            logger.error("a pattern is not used", extra={"why": str(error)})
    if len(keys) > MOST:
        logger.error("patterns are not used", extra={"why": f"more than {MOST} files"})
    return found


def _together(own: list[Pattern]) -> tuple[Pattern, ...]:
    """All of them, or Warden's alone where the engine cannot take them together."""
    if not own:
        return built_in()
    patterns = with_own(own)
    try:
        Matcher([one for pattern in patterns for one in pattern.expressions]).compile()
    except ExpressionError as error:
        logger.error("own patterns are not used", extra={"why": str(error)})
        return built_in()
    return patterns
