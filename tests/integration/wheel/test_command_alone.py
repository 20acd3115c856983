"""`pip install lambda-warden` gives a working command: no Node, no CDK, no checkout."""

import json
from pathlib import Path

import pytest

from demo.deployment.advisories import exports
from tests.integration.stack.scene import package
from tests.integration.wheel.installation import Environment, install


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return install(wheel, tmp_path_factory.mktemp("command") / "environment")


def test_it_knows_its_version(installed: Environment, tmp_path: Path) -> None:
    said = installed.run("warden", "--version", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("warden, version ")


def test_the_cdk_stays_away(installed: Environment, tmp_path: Path) -> None:
    said = installed.run("python", "-c", "import aws_cdk", cwd=tmp_path)
    assert "No module named 'aws_cdk'" in said.stderr


def test_no_name_but_one_is_taken(installed: Environment, tmp_path: Path) -> None:
    for name in ("functions", "stacks", "warden"):
        said = installed.run("python", "-c", f"import {name}", cwd=tmp_path)
        assert f"No module named '{name}'" in said.stderr
    assert installed.run("python", "-c", "import lambda_warden", cwd=tmp_path).returncode == 0


def test_every_command_can_be_asked_for_help(installed: Environment, tmp_path: Path) -> None:
    listing = (
        "from lambda_warden.main import main; import click;"
        "print(*main.list_commands(click.Context(main)))"
    )
    names = installed.run("python", "-c", listing, cwd=tmp_path).stdout.split()
    assert "alerts" in names
    for name in names:
        said = installed.run("warden", name, "--help", cwd=tmp_path)
        assert said.returncode == 0, said.stderr


def test_the_runbooks_come_with_it(installed: Environment, tmp_path: Path) -> None:
    said = installed.run("warden", "runbook", "error-rate", "--format", "table", cwd=tmp_path)
    assert said.stdout.startswith("# error-rate"), said.stderr


def test_it_scans_a_package(installed: Environment, tmp_path: Path) -> None:
    artefact = tmp_path / "function.zip"
    artefact.write_bytes(package("requests==2.19.0"))
    said = installed.run(
        *("warden", "scan", "inspect", str(artefact), "--format", "json"), cwd=tmp_path
    )
    assert said.returncode == 0, said.stderr
    names = {one["name"] for one in json.loads(said.stdout)["packages"]}
    assert names == {"requests"}


def test_it_finds_vulnerable_packages(installed: Environment, tmp_path: Path) -> None:
    for ecosystem, export in exports().items():
        (tmp_path / ecosystem).mkdir()
        (tmp_path / ecosystem / "all.zip").write_bytes(export)
    packages = tmp_path / "packages.txt"
    packages.write_text("pkg:pypi/jinja2@2.10\n", encoding="utf-8")
    said = installed.run(
        *("warden", "scan", "match", str(packages), "--advisories", str(tmp_path), "--no-cache"),
        cwd=tmp_path,
    )
    assert said.returncode == 1, said.stderr
    assert "GHSA-" in said.stdout
