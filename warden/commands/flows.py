"""`warden flows`: who calls whom."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from functions.shared.core.text import plain
from warden import moments
from warden.failure import RefusedError
from warden.options import Place, examples, in_format, near_deployment

if TYPE_CHECKING:
    from functions.shared.core.arn import FunctionArn
    from functions.shared.flows.graph import Graph


@click.command(
    "flows",
    epilog=examples(
        "warden flows                              all functions",
        "warden flows orders --format html --output orders.html  one, as a page with a picture",
        "warden flows --format svg --output flows.svg            the picture alone",
        "warden flows --from flows.json --format dot             what was written before",
        status="0 when it was written;",
    ),
)
@click.argument("function", metavar="[FUNCTION]", default="")
@in_format("svg", "html", "dot")
@click.option(
    "--from", "source", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Draw a document that --format json wrote, and ask nobody.",
)  # fmt: skip
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE", help="Where to write it. Default: standard output.",
)  # fmt: skip
@click.option(
    "--learning-days", type=click.IntRange(min=0), metavar="DAYS",
    help="Days that a function's flows are learnt, before one is new. Default: the setting.",
)  # fmt: skip
@near_deployment
def command(
    place: Place,
    *,
    function: str,
    form: str,
    source: Path | None,
    output: Path | None,
    learning_days: int | None,
) -> None:
    """Show who calls whom, as data or as a picture.

    What Warden remembers from X-Ray's traces and from the configuration of functions; of one
    function its callers and callees, of all without it.
    """
    from warden.flow_forms.forms import FORMS
    from warden.output import write_text

    if source:
        if function:
            raise click.UsageError("FUNCTION and --from exclude each other.")
        graph, title = _written(source), "Flows of all functions"
    else:
        graph, title = _remembered(place, function, learning_days)
    text = FORMS[form](graph, title)
    if not output:
        write_text(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise RefusedError(f"{output}: {error.strerror or error}") from error


def _written(file: Path) -> "Graph":
    from functions.shared.flows.graph import from_document

    try:
        return from_document(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{file}: {plain(error, 400)}") from error


def _remembered(place: Place, function: str, learning_days: int | None) -> "tuple[Graph, str]":
    from functions.shared.flows.graph import read_graph
    from functions.shared.flows.store import FlowStore
    from warden.naming import function_named, insist_on_function

    warden = place.find()
    policy, settings = warden.config.detector.flows, warden.settings
    only: FunctionArn | None = None
    if function:
        only = function_named(function, account=settings.account, region=settings.region)
    store = FlowStore(warden.table, timedelta(days=policy.keep_days))
    days = policy.learning_days if learning_days is None else learning_days
    graph = read_graph(store, days, moments.now(), only)
    if only and not graph.links:
        insist_on_function(warden.aws, only)
    return graph, f"Flows of {only.name}" if only else "Flows of all functions"
