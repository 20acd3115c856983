import base64
import json

import pytest

from tests.unit.scanner.inventory.reading import codes, evidences, purls, read

ESBUILD = """\
var __commonJS = (cb, mod) => function __require() { return mod || cb(mod); };

// node_modules/lodash/lodash.js
var require_lodash = __commonJS({
  "node_modules/lodash/lodash.js"(exports, module) {
    var VERSION = "4.17.20";
  }
});

// node_modules/@aws-sdk/client-sqs/package.json
var package_default = {
  version: "3.450.0",
};

// node_modules/.pnpm/axios@1.6.0_debug@4.3.4/node_modules/axios/index.js
var axios = {};

// .yarn/cache/uuid-npm-9.0.1-39a8442bc6-10.zip/node_modules/uuid/dist/index.js
var uuid = {};

// node_modules/ms/index.js
// src/handler.ts
"""
WEBPACK = """\
/******/ (() => { // webpackBootstrap
/***/ "./node_modules/ms/index.js":
/*!**********************************!*\\
  !*** ./node_modules/depd/index.js ***!
;// CONCATENATED MODULE: ./node_modules/bytes/index.js
;// ./node_modules/vary/index.js
"""
BANNERS = (
    """\
/*! axios v1.6.0 Copyright (c) 2023 */
/**
 * @license React v17.0.2
 * react.production.min.js
 */
/*!
 * depd
 * Copyright(c) 2014-2018 Douglas Christopher Wilson
 */
/*! Bundled license information:

ieee754/index.js:
  (*! ieee754. BSD-3-Clause License. *)

@smithy/core/dist/index.js:
  (* text *)
*/
"""
    + "x" * 3000
)
MINIFIED = "var e={1:function(n,t){t.exports=function(){return 1}}};" * 100


def test_path_comments_name_packages_and_sometimes_versions() -> None:
    inventory = read({"index.js": ESBUILD})
    assert evidences(inventory) == {"pkg:npm/lodash@4.17.20": "version-constant"} | dict.fromkeys(
        (
            "pkg:npm/%40aws-sdk/client-sqs@3.450.0",
            "pkg:npm/axios@1.6.0",
            "pkg:npm/uuid@9.0.1",
            "pkg:npm/ms",
        ),
        "path-comment",
    )
    assert codes(inventory) == {"bundled-versions"}


def test_webpack_and_ncc_modules_are_named() -> None:
    assert purls(read({"main.js": WEBPACK})) == {
        "pkg:npm/ms", "pkg:npm/depd", "pkg:npm/bytes", "pkg:npm/vary",
    }  # fmt: skip


def test_legal_comments_name_packages() -> None:
    assert purls(read({"index.js": BANNERS})) == {
        "pkg:npm/axios@1.6.0", "pkg:npm/react@17.0.2", "pkg:npm/depd", "pkg:npm/ieee754",
        "pkg:npm/%40smithy/core",
    }  # fmt: skip


def test_licences_next_to_the_script_name_packages() -> None:
    licences = "lodash\nMIT\nCopyright ...\n\n@vercel/x\nApache-2.0\ntext\n"
    inventory = read({"dist/index.js": MINIFIED, "dist/licenses.txt": licences})
    assert purls(inventory) == {"pkg:npm/lodash", "pkg:npm/%40vercel/x"}
    assert codes(inventory) == {"bundled-versions"}


SOURCE_MAP = {
    "version": 3,
    "sources": [
        "webpack://app/./node_modules/lodash/lodash.js",
        "../node_modules/ms/package.json",
        "../node_modules/ms/index.js",
        "../src/handler.ts",
    ],
    "sourcesContent": [None, '{"name": "ms", "version": "2.1.3"}'],
}


@pytest.mark.parametrize("inline", [True, False])
def test_a_source_map_names_packages(*, inline: bool) -> None:
    text = json.dumps(SOURCE_MAP)
    encoded = base64.b64encode(text.encode()).decode()
    tail = f"\n//# sourceMappingURL=data:application/json;base64,{encoded}\n" if inline else ""
    members = {"index.js": MINIFIED + tail} | ({} if inline else {"index.js.map": text})
    inventory = read(members)
    assert evidences(inventory) == dict.fromkeys(
        ("pkg:npm/lodash", "pkg:npm/ms@2.1.3"), "source-map"
    )
    assert codes(inventory) == {"bundled-versions"}


def test_a_bundle_whose_map_tells_everything_is_fully_known() -> None:
    known = {"sources": ["a/node_modules/.pnpm/ms@2.1.3/node_modules/ms/index.js", "src/me.ts"]}
    inventory = read({"index.js": MINIFIED, "index.js.map": json.dumps(known)})
    assert purls(inventory) == {"pkg:npm/ms@2.1.3"}
    assert not inventory.problems


@pytest.mark.parametrize(
    "script",
    [
        MINIFIED,
        "function __webpack_require__(id) {}",
        "module.exports = __nccwpck_require__(1)",
        "const x = 1;\n" * 30_000,
    ],
    ids=["minified", "webpack", "ncc", "very large"],
)
def test_a_bundle_that_names_nothing_is_never_clean(script: str) -> None:
    inventory = read({"index.js": script})
    assert not inventory.packages
    assert codes(inventory) == {"bundled-code"}


@pytest.mark.parametrize(
    "members",
    [
        {"index.mjs": "import x from './x.js'\nexport const handler = () => x\n", "x.js": "1"},
        {"swagger_ui/__init__.py": "", "swagger_ui/static/bundle.js": MINIFIED},
        {"index.js": "const dir = 'node_modules/lodash/lodash.js'\n"},
    ],
    ids=["hand-written", "a Python package's", "a mere mention"],
)
def test_other_scripts_are_not_bundles(members: dict[str, str | bytes]) -> None:
    inventory = read(members)
    assert not inventory.packages
    assert not inventory.problems


def test_what_a_package_brings_minified_is_no_bundle_of_the_function() -> None:
    described = {"node_modules/a/package.json": '{"name": "a", "version": "1.0.0"}'}
    assert not read({**described, "node_modules/a/dist/a.min.js": MINIFIED}).problems


@pytest.mark.parametrize("text", ["{", "[]", "[" * 99_999, '{"sources": 1}', '{"sections": [1]}'])
def test_a_broken_map_leaves_the_bundle_unknown(text: str) -> None:
    assert "bundled-code" in codes(read({"index.js": MINIFIED, "index.js.map": text}))
