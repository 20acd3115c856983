"""An uploaded lockfile: every function of its source is looked at again."""

from datetime import datetime
from typing import Any

from functions.scanner.repository import source_of_key
from functions.scanner.usage import sources
from functions.shared.aws.observability import logger
from functions.shared.aws.queue import enqueue
from functions.shared.core.arn import FunctionArn
from functions.shared.events.change import MalformedEventError
from functions.shared.events.envelope import Envelope
from functions.shared.events.read import observation
from functions.shared.runtime.deployment import Deployment


def look_again(envelope: Envelope, warden: Deployment, now: datetime) -> list[FunctionArn]:
    """Send every function of a source to be scanned, after S3 told of a file of it.

    Returns:
        The functions.

    Raises:
        MalformedEventError: The event names no object.
    """
    described: Any = envelope.detail.get("object")
    key = described.get("key") if isinstance(described, dict) else None
    if not isinstance(key, str):
        raise MalformedEventError("detail.object.key: missing; expected an S3 Object Created event")
    functions = sources(warden.table).functions(source_of_key(key))
    for function in functions:
        enqueue(observation(function, now), settings=warden.settings, sqs=warden.aws.sqs)
    logger.info("lockfile uploaded", extra={"functions": len(functions)})
    return functions
