"""Whether a function that somebody names is one that this deployment watches."""

from functions.shared.aws.clients import ask
from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Unknown
from functions.shared.runtime.deployment import Deployment


def is_watched(function: FunctionArn, warden: Deployment) -> bool:
    """Whether it is of an account and region that are watched here."""
    settings, others = warden.settings, warden.config.more_accounts
    own = (function.account, function.region) == (settings.account, settings.region)
    return own or function.account in others or "*" in others


def is_there(function: FunctionArn, warden: Deployment) -> bool:
    """Whether Warden has met it, or AWS has it; also where AWS refuses to say.

    Raises:
        ClientError: AWS could not answer now.
    """
    record = warden.records.get(function)
    if record.first_seen and not record.deleted_at:
        return True
    exists = ask(
        "asking for the function",
        lambda: warden.aws.lambda_.list_tags(Resource=str(function)),
    )
    return not (isinstance(exists, Unknown) and exists.missing)
