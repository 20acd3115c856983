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
        return {"app.js": _bundle(function.contents.bundled).encode()}
    if function.is_node:
        package = {"name": function.name, "version": "1.0.0", "private": True}
        return {"app.js": _NODE.encode(), "package.json": json.dumps(package).encode()}
    return {"app.py": _PYTHON.encode()}


def lockfile(function: SampleFunction) -> bytes:
    """What npm's lockfile says of the packages that a function was bundled from."""
    packages = {
        f"node_modules/{name}": {"version": version}
        for name, _, version in (item.rpartition("@") for item in function.contents.bundled)
    }
    return json.dumps({"name": function.name, "lockfileVersion": 3, "packages": packages}).encode()


def _bundle(packages: tuple[str, ...]) -> str:
    """One file with a comment before each module, as esbuild writes it."""
    wrapper = "var __commonJS = (run, kept) => () => (kept || run((kept = {}), kept), kept);\n"
    modules = "".join(
        f"\n// node_modules/{name}/index.js\nvar require_{name} = __commonJS((exports) => {{\n"
        "  exports.same = (value) => value;\n});\n"
        for name, _, _ in (item.rpartition("@") for item in packages)
    )
    return f'"use strict";\n{wrapper}{modules}\n// src/app.js\n{_NODE}'
