"""Inputs that are made to occupy, swell or crash a parser: each ends soon, within little memory.

`tests/fuzz` damages honest inputs at random; these are what somebody would think of. They run as
the scanner reads contents, in a process with limits on its processor time and memory, so that one
that does harm fails here and harms nothing.
"""

from collections.abc import Callable
from typing import Final

import pytest

from functions.shared.runtime.confined import Bounds, confined
from tests.fuzz.targets import TARGETS

_BOUNDS: Final = Bounds(seconds=5, patience=120, memory=400 * 1024 * 1024)
_MANY: Final = 60_000

_NESTED: Final = {
    "brackets": "[" * _MANY,
    "braces": '{"a":' * _MANY,
    "inline tables": "x = " + "{a=" * _MANY,
    "a dotted key": "a." * 12_000 + "b = 1",
    "a dotted table": "[" + "a." * 12_000 + "b]",
    "tables in tables": "".join(f"[a{'.b' * depth}]\n" for depth in range(1, 300)),
    "a list of lists": "- " * _MANY,
    "indentation": "".join(" " * depth + "a:\n" for depth in range(1_500)),
    "dependencies in dependencies": '{"lockfileVersion":1,"dependencies":'
    + '{"a":{"version":"1","dependencies":' * 20_000,
    "aliases of aliases": "a0: &a0 [x,x]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1},*a{n - 1}]\n" for n in range(1, 40)),
    "merged keys": "a0: &a0 {x: 1}\n"
    + "".join(f"a{n}: &a{n}\n  <<: [*a{n - 1},*a{n - 1}]\n" for n in range(1, 30)),
}
_LONG: Final = {
    "a number": '{"lockfileVersion": ' + "1" * 5_000 + "}",
    "half a character": '{"name":"\\ud800","version":"1\\udfff","lockfileVersion":3,"packages":'
    '{"node_modules/\\udfff":{"version":"\\ud800"}}}',
    "a yarn field": 'a@1:\n  version "' + '\\"' * _MANY + '"\n',
    "yarn names": "a@1, " * 20_000 + ':\n  version "1"\n',
    "an entry without a name": ":\n" * 1_000,
    "a pnpm key": "lockfileVersion: '9.0'\npackages:\n  a@1" + "(b@1)" * 20_000 + ":\n    x: {}\n",
    "a gem": "GEM\n  specs:\n    a (" + "1." * _MANY + ")\n",
    "a marker": "six==1 ; " + "(" * 20_000,
    "spaces": " " * _MANY + "x",
    "continued lines": "\\\n" * _MANY,
    "a module": "module a\nrequire (\n\tx v1 // " + "//" * _MANY + "\n",
}
_VERSIONS: Final = {
    "zeros": "1" + ".0" * _MANY,
    "qualifiers": "1-beta" * 10_000 + "!",
    "letters": "1a" * _MANY,
    "epochs": "1!" * _MANY,
    "digits of another script": "\u0661." * 20_000,
}
_NAMES: Final = {
    "qualifiers": "a-1" + "-beta" * 600 + "!.jar",
    "numbers": "a-" + "1." * 1_500 + "jar",
    "folders": "node_modules/" * 250 + "a/package.json",
    "steps back": "../" * 900 + "a-1.jar",
    "eggs": "a-" * 1_400 + ".egg-info/PKG-INFO",
}


def _end(name: str, text: str) -> None:
    data = text.encode(errors="surrogatepass")

    def work() -> bytes:
        TARGETS[name].run(data)
        return b"ended"

    assert confined(work, _BOUNDS) == b"ended"


def _each(texts: dict[str, str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return pytest.mark.parametrize("text", texts.values(), ids=texts)


@pytest.mark.parametrize("name", [one for one in TARGETS if one.startswith("lockfile ")])
@_each(_NESTED | _LONG)
def test_no_lockfile_occupies_its_reader(name: str, text: str) -> None:
    _end(name, text)


@_each(_NESTED | _LONG)
def test_no_waiver_file_and_no_policy_occupies_its_reader(text: str) -> None:
    _end("waiver file", text)
    _end("policy file", text)


@pytest.mark.parametrize(
    "name", [one for one in TARGETS if one.startswith("member ") and one.endswith(".json")]
)
@_each({"brackets": _NESTED["brackets"], "half a character": _LONG["half a character"]})
def test_no_member_keeps_its_function_from_being_judged(name: str, text: str) -> None:
    _end(name, text)


@_each(_NAMES)
def test_no_name_of_a_member_occupies_the_scanner(text: str) -> None:
    _end("names", text)


@_each(_VERSIONS | _LONG)
def test_no_version_and_no_tag_occupies_anybody(text: str) -> None:
    _end("versions", text)
    _end("tags", text)
