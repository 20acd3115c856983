"""`warden flows`: who calls whom."""

import sys
from datetime import timedelta
from pathlib import Path

import click

from functions.shared.core.arn import FunctionArn
from functions.shared.flows.graph import read_graph
from functions.shared.flows.store import FlowStore
from functions.shared.runtime.deployment import Deployment
from warden import moments
from warden.flow_forms.forms import FORMS
from warden.options import examples, on_deployment


@click.command(
    "flows",
    epilog=examples(
        "warden flows                              all functions, as data",
        "warden flows orders --format html --output orders.html  one, as a page with a picture",
        "warden flows --format svg --output flows.svg            the picture alone",
        status="0 when it was written;",
    ),
)
@click.argument("function", metavar="[FUNCTION]", default="")
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), default="json", show_default=True,
    help="What to print.",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), metavar="FILE",
    help="Where to write it. Default: standard output.",
)  # fmt: skip
@on_deployment
def command(warden: Deployment, *, function: str, form: str, output: Path | None) -> None:
    """Show who calls whom, as data or as a picture.

    What Warden remembers from X-Ray's traces and from the configuration of functions; of one
    function its callers and callees, of all without it.
    """
    policy = warden.config.detector.flows
    only = _named(function, warden) if function else None
    store = FlowStore(warden.table, timedelta(days=policy.keep_days))
    graph = read_graph(store, policy.learning_days, moments.now(), only)
    title = f"Flows of {only.name}" if only else "Flows of all functions"
    text = FORMS[form](graph, title) + "\n"
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def _named(function: str, warden: Deployment) -> FunctionArn:
    try:
        return FunctionArn.parse(
            function, account=warden.settings.account, region=warden.settings.region
        )
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="FUNCTION") from error
