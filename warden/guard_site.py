"""The guard of a deployment, for a person with credentials of their own.

Only the state table and Lambda's API are needed. The table is named by an option or by the outputs
of the stack; nothing else of Warden has to be well.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from functions.guard.guard import Guard
from functions.shared.aws.clients import Aws, AwsError, ClientError, error_code
from functions.shared.aws.settings import Settings
from functions.shared.config import WardenConfig
from functions.shared.core.text import plain
from functions.shared.runtime.deployment import Deployment
from warden.answering import sentence
from warden.failure import NoAnswerError, RefusedError
from warden.options import Place


def find_guard(place: Place, table: str) -> Guard:
    """The guard of a deployment.

    Args:
        place: Where to look for it.
        table: Name of the state table, where somebody gave it: then its stack need not answer.

    Raises:
        RefusedError: A name matches nothing.
        NoAnswerError: AWS did not answer.
        ClientError: AWS refused.
        BotoCoreError: AWS could not be asked.
    """
    if not table:
        return Guard(place.find())
    try:
        found = place.find()
    except (NoAnswerError, *AwsError) as error:
        why = error.message if isinstance(error, click.ClickException) else sentence(error)
        click.echo(f"Going by --table and the default settings: {why}", err=True)
        aws = place.connect()
        settings = Settings(
            config=WardenConfig(name_prefix=place.stack),
            account=str(aws.sts.get_caller_identity()["Account"]),
            region=aws.region,
            table=table,
        )
        return Guard(Deployment(settings, aws))
    return Guard(Deployment(found.settings.model_copy(update={"table": table}), found.aws))


@contextmanager
def table_named(table: str) -> Iterator[None]:
    """Tell a mistyped table from an AWS that does not answer.

    Raises:
        RefusedError: There is no table of the name that somebody gave.
    """
    try:
        yield
    except ClientError as error:
        if not table or error_code(error) != "ResourceNotFoundException":
            raise
        raise RefusedError(f"There is no table {plain(table, 140)} in this region.") from error


def who(aws: Aws) -> str:
    """Who we are, for the audit trail; stopping must work even where AWS does not say."""
    try:
        return str(aws.sts.get_caller_identity()["Arn"])
    except AwsError:
        return "a person at a terminal"
