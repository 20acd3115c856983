"""The trivial handlers of the sample functions; they are deployed and hardly ever called."""

import json
from typing import Final

from demo.estate.sample import SampleFunction

HANDLER: Final = "app.handler"

_PYTHON: Final = """\
def handler(event, context):
    return {"statusCode": 200, "body": "ok"}
"""

_NODE: Final = """\
exports.handler = async () => ({ statusCode: 200, body: "ok" });
"""


def handler_files(function: SampleFunction) -> dict[str, bytes]:
    """The function's own files by their path in the package."""
    if function.contents.bundled:
        return {"app.js": _bundle().encode()}
    if function.is_node:
        package = {"name": function.name, "version": "1.0.0", "private": True}
        return {"app.js": _NODE.encode(), "package.json": json.dumps(package).encode()}
    return {"app.py": _PYTHON.encode()}


def _bundle() -> str:
    """One long line, as bundlers write: modules without names or versions, then the handler."""
    modules = "".join(
        f"var m{number}=__commonJS((exports,module)=>{{module.exports=function(a,b){{"
        f"return a?b+{number}:m{max(number - 1, 0)}()(b,a)}}}});"
        for number in range(60)
    )
    wrapper = (
        "var __commonJS=(run,kept)=>()=>(kept||run((kept={exports:{}}).exports,kept),kept.exports);"
    )
    return f'"use strict";{wrapper}{modules}exports.handler=async()=>m59()(0,1);\n'
