"""Honest inputs of every parser, small ones of each form."""

import json
from typing import Final

from tests.unit.scanner.inventory.archives import manifest, metadata, zipped
from tests.unit.scanner.inventory.test_fuzz import SEEDS
from tests.unit.shared.advisories.osv import advisory, affected, span
from tests.unit.shared.events import ARN, cloudtrail, native

MEMBERS: Final[dict[str, bytes]] = {
    **SEEDS,
    "a-1.0.dist-info/RECORD": b"a/__init__.py,sha256=x,1\n",
    "node_modules/.pnpm/a@1.0.0/node_modules/a/package.json": manifest("a", "1.0.0").encode(),
    "bundle.js": b"/*! axios v1.6.0 */\n// node_modules/.pnpm/a@1.0.0/node_modules/a/i.js\nvar x;\n"
    b'  "node_modules/b/index.js"(exports) {}\n/***/ "./node_modules/c/index.js":\n'
    b"//# sourceMappingURL=data:application/json;base64,eyJzb3VyY2VzIjpbXX0=",
    "bundle.js.LEGAL.txt": b"Bundled license information:\n\nlodash/lodash.js:\n  (* MIT *)\n",
    "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\nImplementation-Title: a\n b\n",
}
ARCHIVES: Final = [
    zipped(dict(MEMBERS)),
    zipped({"lib/a-1.0.jar": zipped({"META-INF/maven/g/a/pom.properties": "version=1\n"})}),
    zipped({"a.egg-info/PKG-INFO": metadata("a", "1")}),
]
NAMES: Final = [
    b"lib/commons-lang3-3.12.0.jar\nlib/a-1.0-beta-2-sources.jar\nlib/guava-31.1-jre.jar",
    b"requests-2.31.0.dist-info/METADATA\nsix-1.16.0-py3.11.egg-info\nnode_modules/@a/b/index.js",
]
LOCKFILES: Final[dict[str, bytes]] = {
    "package-lock.json": json.dumps({
        "name": "app", "lockfileVersion": 3,
        "packages": {"": {"name": "app"}, "node_modules/ms": {"version": "2.1.3", "dev": True}},
        "dependencies": {"ms": {"version": "npm:m@2.1.3", "dependencies": {}}},
    }).encode(),
    "npm-shrinkwrap.json": json.dumps(
        {"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0"}}}
    ).encode(),
    "yarn.lock": b'# yarn lockfile v1\n\n\nms@^2.1.0, "ms@npm:2":\n  version "2.1.3"\n'
    b'  resolved "https://x/ms#1"\n  dependencies:\n    debug "^4.0.0"\n',
    "berry/yarn.lock": b'__metadata:\n  version: 8\n\n"ms@npm:^2.1.0":\n  version: 2.1.3\n'
    b'  resolution: "ms@npm:2.1.3"\n  dependencies:\n    debug: "npm:^4"\n',
    "pnpm-lock.yaml": b"lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ms:\n"
    b"        specifier: ^2\n        version: 2.1.3\npackages:\n  ms@2.1.3:\n"
    b"    resolution: {integrity: sha512-x}\nsnapshots:\n  ms@2.1.3(a@1): {}\n",
    "poetry.lock": b'[[package]]\nname = "six"\nversion = "1.16.0"\ngroups = ["main"]\n'
    b"markers = 'python_version > \"3.8\"'\n[package.dependencies]\na = {version = \"*\"}\n"
    b'[metadata]\nlock-version = "2.1"\n',
    "uv.lock": b'version = 1\n[[package]]\nname = "six"\nversion = "1.16.0"\n'
    b'source = { registry = "https://pypi.org/simple" }\ndependencies = [{ name = "a" }]\n'
    b'[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n',
    "requirements.txt": b"six==1.16.0 ; os_name == 'nt' \\\n --hash=sha256:x\na[b]~=1 # c\n",
    "Pipfile.lock": json.dumps(
        {"default": {"six": {"version": "==1.16.0", "markers": "os_name=='nt'"}}, "develop": {}}
    ).encode(),
    "Gemfile.lock": b"GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (2.2.3-x86)\n\n"
    b"DEPENDENCIES\n  rack\n",
    "go.mod": b"module example.com/a\n\ngo 1.22\n\nrequire (\n\tx.y/z v1.2.3 // indirect\n)\n"
    b"replace x.y/z => ../z\n",
    "go.sum": b"x.y/z v1.2.3 h1:abc=\nx.y/z v1.2.3/go.mod h1:abc=\n",
}  # fmt: skip
RECORDS: Final = [
    json.dumps(
        advisory(
            "PYSEC-1",
            affected("six", span(("introduced", "0"), ("fixed", "1.2")), versions=["1.0"]),
            aliases=["CVE-1"],
            severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}],
            references=[{"type": "WEB", "url": "https://example.org"}],
        )
    ).encode()
]
EVENTS: Final = [
    json.dumps(cloudtrail(name, {"functionName": "orders", "policy": "{}"})).encode()
    for name in ("UpdateFunctionCode20150331v2", "AddPermission20150331v2", "TagResource20170331v2")
] + [json.dumps(native("Lambda Function State Change", {"functionArn": ARN})).encode()]
WAIVERS: Final = [
    (
        b'[[waiver]]\nfunction = "orders"\nrule = "vulnerable-package"\npackage = "six"\n'
        b'owner = "team"\nreason = "not reachable"\nexpires = 2026-06-01\n'
    )
]
TAGS: Final = [
    b"team@example.com",
    b"github.com/org/repo",
    b"see https://evil.com or www.evil.co.uk, mailto:a@b.com",
    b"aws-cli/2.15.0 Python/3.11 exec-env/CloudShell",
    b"arn:aws:sts::123456789012:assumed-role/Role/session",
    b"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
    b"postgres://user:password@host/db?token=abc",
]
VERSIONS: Final = [
    b"1.2.3-beta.1+build", b"1!2.0.post1.dev2+local", b"v0.0.0-20200101000000-abcdefabcdef",
    b"31.1-jre", b"1.0.0.RELEASE", b"2.0.pre.1", b"10.2.31.a-b",
]  # fmt: skip
SBOMS: Final = [
    json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"properties": []},
        "components": [{"name": "six", "version": "1", "purl": "pkg:pypi/six@1",
                        "evidence": {"occurrences": [{"location": "x"}]}, "components": []}],
    }).encode()
]  # fmt: skip
