"""Who decides: the AWS identity of the credentials, which nobody can make up."""

from functions.shared.aws.clients import Aws


def signature(aws: Aws, name: str) -> str:
    """Who decides, for others to see: a name, where one was given, and who AWS says it is.

    Raises:
        ClientError: AWS does not know the credentials.
        BotoCoreError: AWS could not be asked.
    """
    arn = str(aws.sts.get_caller_identity()["Arn"])
    return f"{name} ({arn})" if name else arn
