"""Deployment packages made from the registries, with what is in them by the installers' own word.

Truth comes from `pip install --report`, the lockfiles of npm and Yarn, and the SBOMs inside wheels,
never from a scanner. Everything is kept in one folder and made only once:

    python -m bench.inventory_corpus .local/bench/inventory
"""

import argparse
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packageurl import PackageURL

from functions.shared.core.packages import Package

PYTHON: Final = {
    "web": "flask requests gunicorn pyyaml sqlalchemy",
    "aws": "boto3 aws-lambda-powertools[parser] requests aws-xray-sdk",
    "data": "pandas pyarrow openpyxl",
    "api": "fastapi mangum uvicorn httpx python-multipart pyjwt[crypto]",
    "scraping": "beautifulsoup4 lxml aiohttp tenacity python-dateutil",
    "google": "google-cloud-storage google-auth protobuf grpcio",
    "image": "pillow numpy qrcode reportlab",
    "small": "stripe python-dotenv simplejson",
    "orm": "django psycopg2-binary redis celery",
    "ml": "scikit-learn joblib",
}
NODE: Final = {
    "web": "express@4.18.2 body-parser cors helmet",
    "aws": "@aws-sdk/client-s3@3.450.0 @aws-sdk/lib-dynamodb@3.450.0 @middy/core",
    "tools": "lodash moment axios@1.6.0 uuid winston",
    "graphql": "apollo-server-lambda graphql",
    "orm": "typeorm pg mysql2",
    "chrome": "puppeteer-core cheerio",
    "build": "webpack babel-loader @babel/core resolve",
    "nest": "@nestjs/core @nestjs/common rxjs reflect-metadata",
}
PEP_770: Final = {
    "crypto": "cryptography pydantic-core rpds-py",
    "tools": "ruff orjson",
}


@dataclass(frozen=True, slots=True)
class Artefact:
    """One deployment package.

    Attributes:
        kind: Row of the result table that it counts for.
        name: For messages.
        path: The zip archive.
        ecosystems: Ecosystems that the truth covers; findings of others are not judged.
        truth: Package URLs that are inside.
    """

    kind: str
    name: str
    path: Path
    ecosystems: frozenset[str]
    truth: frozenset[str]


def build(folder: Path) -> Iterator[Artefact]:
    """Make what is missing in `folder`, and list everything."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, wanted in PYTHON.items():
        site, truth = _python_site(folder / f"python-{name}", wanted)
        yield _artefact("metadata", folder / f"python-{name}.zip", site, truth)
        stripped = _without_metadata(site, folder / f"stripped-{name}" / "site")
        yield _artefact("stripped", folder / f"stripped-{name}.zip", stripped, truth)
        if name in {"web", "api"}:
            nested = _requirements_zip(site, folder / f"nested-{name}" / "site")
            yield _artefact("nested", folder / f"nested-{name}.zip", nested, truth)
    for name, wanted in NODE.items():
        project, truth = _node_project(folder / f"node-{name}", wanted)
        yield _artefact("metadata", folder / f"node-{name}.zip", project, truth, "npm")
    project, truth = _yarn_project(folder / "pnp-tools", NODE["tools"])
    yield _artefact("nested", folder / "pnp-tools.zip", project, truth, "npm")
    for name, wanted in PEP_770.items():
        site, _ = _python_site(folder / f"sbom-{name}", wanted)
        truth = frozenset(_components(site))
        yield _artefact("sbom", folder / f"sbom-{name}.zip", site, truth, "crates.io")


def _artefact(
    kind: str, zipped: Path, contents: Path, truth: frozenset[str], ecosystem: str = "PyPI"
) -> Artefact:
    """The artefact at `zipped`, made from the files in `contents` if it is not there."""
    if not zipped.exists():
        partial = zipped.with_suffix(".part")
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(contents.rglob("*")):
                if file.is_file() and not file.is_symlink():
                    archive.write(file, file.relative_to(contents))
        partial.rename(zipped)
    return Artefact(kind, zipped.stem, zipped, frozenset({ecosystem}), truth)


def _run(*command: str, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-2000:]}")


def _python_site(folder: Path, wanted: str) -> tuple[Path, frozenset[str]]:
    """Installed packages and what pip reports to have installed."""
    site, report = folder / "site", folder / "report.json"
    if not report.exists():
        shutil.rmtree(site, ignore_errors=True)
        partial = folder / "partial.json"
        folder.mkdir(parents=True, exist_ok=True)
        _run(sys.executable, "-m", "pip", "install", "-q", "--only-binary", ":all:", "--target",
             str(site), "--report", str(partial), *wanted.split())  # fmt: skip
        partial.rename(report)
    rows = json.loads(report.read_text())["install"]
    return site, frozenset(_pypi(row["metadata"]) for row in rows)


def _pypi(metadata: dict[str, Any]) -> str:
    return PackageURL("pypi", None, metadata["name"], metadata["version"]).to_string()


def _without_metadata(site: Path, target: Path) -> Path:
    if not target.exists():
        shutil.copytree(site, target, ignore=shutil.ignore_patterns("*.dist-info", "__pycache__"))
    return target


def _requirements_zip(site: Path, target: Path) -> Path:
    """The layout of serverless-python-requirements with `zip: true`."""
    if not target.exists():
        target.mkdir(parents=True)
        shutil.make_archive(str(target / "made"), "zip", site)
        (target / "made.zip").rename(target / ".requirements.zip")
        (target / "handler.py").write_text("def handler(event, context): ...\n")
    return target


def _node_project(folder: Path, wanted: str) -> tuple[Path, frozenset[str]]:
    """Installed packages and npm's own list of them."""
    lockfile = folder / "node_modules" / ".package-lock.json"
    if not lockfile.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"name": "function", "version": "1.0.0"}')
        _run("npm", "install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund",
             "--legacy-peer-deps", *wanted.split(), cwd=folder)  # fmt: skip
    rows = json.loads(lockfile.read_text())["packages"]
    return folder, frozenset(
        _npm(row.get("name") or path.rpartition("node_modules/")[2], row["version"])
        for path, row in rows.items()
        if (folder / path).is_dir()
    )


def _npm(name: str, version: str) -> str:
    return Package("npm", name, version).purl


def _yarn_project(folder: Path, wanted: str) -> tuple[Path, frozenset[str]]:
    """A project with Yarn's zip cache, and Yarn's own list."""
    lockfile = folder / "yarn.lock"
    if not (folder / ".pnp.cjs").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"name": "function", "version": "1.0.0"}')
        (folder / ".yarnrc.yml").write_text(
            "enableGlobalCache: false\nenableScripts: false\nenableTelemetry: false\n"
        )
        lockfile.write_text("")
        _run("npx", "-y", "@yarnpkg/cli-dist@4", "add", *wanted.split(), cwd=folder)
    resolutions = (
        line.partition('"')[2].rstrip('"')
        for line in lockfile.read_text().splitlines()
        if line.startswith("  resolution:")
    )
    pairs = (item.rpartition("@npm:") for item in resolutions)
    return folder, frozenset(_npm(name, version) for name, mark, version in pairs if mark)


def _components(site: Path) -> Iterator[str]:
    """Package URLs of crates in the SBOMs inside the installed wheels."""
    for file in site.glob("*.dist-info/sboms/*.json"):
        for component in json.loads(file.read_text()).get("components", []):
            purl = str(component.get("purl", "")).partition("?")[0]
            if purl.startswith("pkg:cargo/"):
                yield Package.from_purl(purl).purl


def main() -> int:
    """Make the corpus and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for artefact in build(parser.parse_args().folder.resolve()):
        size = artefact.path.stat().st_size
        print(f"{artefact.kind:9} {artefact.name:20} {size:>12,} {len(artefact.truth):>5}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
