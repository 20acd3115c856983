"""`flows`: who calls whom, as data or as a picture."""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from functions.shared.aws.clients import Aws, AwsError, error_code
from functions.shared.config import FlowPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import plain
from functions.shared.flows.graph import DocumentError, Graph, from_document, read_graph
from functions.shared.flows.store import FlowStore
from functions.shared.state.dynamo_table import DynamoTable
from warden.flow_forms.forms import FORMS

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_INPUT_UNREADABLE: Final = 2
_DEFAULTS: Final = FlowPolicy()


def add_parser(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the subcommand."""
    parser = subparsers.add_parser(
        "flows",
        help="who calls a function and what it calls",
        description="Print the remembered flows of one function, or of all.",
        epilog="Exit status: 0 printed; 2 the input could not be read.",
    )
    parser.add_argument(
        "function", nargs="?", default="", metavar="FUNCTION",
        help="ARN of a function; all functions without it",
    )  # fmt: skip
    parser.add_argument(
        "--table", default="", metavar="NAME",
        help="Warden's state table (the stack's output StateTableName)",
    )  # fmt: skip
    parser.add_argument("--region", default="", metavar="NAME", help="where the table is")
    parser.add_argument(
        "--from", dest="source", type=Path, metavar="FILE",
        help="a document that --format json printed, instead of the table",
    )  # fmt: skip
    parser.add_argument("--format", choices=tuple(FORMS), default="json", help="default: json")
    parser.add_argument(
        "--learning-days", type=int, default=_DEFAULTS.learning_days, metavar="DAYS",
        help="detector.flows.learning_days of the deployment, to tell what is new "
        f"(default: {_DEFAULTS.learning_days})",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, print, and return the exit status."""
    try:
        graph = _graph(arguments)
    except (DocumentError, OSError, ValueError) as error:
        print(plain(error, 400), file=sys.stderr)
        return _INPUT_UNREADABLE
    except AwsError as error:
        print(f"the state table could not be read: {error_code(error)}", file=sys.stderr)
        return _INPUT_UNREADABLE
    name = FunctionArn.parse(arguments.function).name if arguments.function else ""
    title = f"Flows of {name}" if name else "Flows of all functions"
    print(FORMS[arguments.format](graph, title))
    return 0


def _graph(arguments: argparse.Namespace) -> Graph:
    if arguments.source:
        return from_document(json.loads(arguments.source.read_text(encoding="utf-8")))
    if not arguments.table or not arguments.region:
        raise ValueError("name the state table (--table) and its region (--region)")
    only = FunctionArn.parse(arguments.function) if arguments.function else None
    table = DynamoTable(Aws(arguments.region).dynamodb, arguments.table)
    store = FlowStore(table, timedelta(days=_DEFAULTS.keep_days))
    return read_graph(store, arguments.learning_days, _now(), only)


def _now() -> datetime:
    return datetime.now(UTC)
