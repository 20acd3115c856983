"""A terminal at which somebody types `warden …`, next to a deployment that is judged and told."""

import json
from dataclasses import dataclass
from typing import Any, Final

import pytest
from click.testing import CliRunner, Result

from tests.unit.conftest import World
from tests.unit.notifier.scene import RULES, Scene
from warden import completing, moments
from warden.main import main

ME: Final = "arn:aws:sts::123456789012:user/moto"
"""Whose credentials they are, in an AWS that lives in this process."""


@dataclass
class Desk:
    """A person with credentials, and the deployment that they look at."""

    scene: Scene
    patch: pytest.MonkeyPatch

    @property
    def world(self) -> World:
        return self.scene.world

    def type(self, *arguments: str, columns: int | None = None) -> Result:
        """Run a command as it is typed; `columns` wide where a terminal's width matters."""
        self.patch.setattr(moments, "now", lambda: self.scene.now)
        environment = {"COLUMNS": str(columns) if columns else None}
        return CliRunner().invoke(main, arguments, env=environment, obj=self.world.warden)

    def read(self, *arguments: str, status: int = 0) -> Any:
        """What a program reads from a command."""
        done = self.type(*arguments)
        assert done.exit_code == status, done.output
        return json.loads(done.stdout)

    def look(self, *arguments: str, columns: int | None = None, status: int | None = 0) -> str:
        """What a person reads from a command."""
        done = self.type(*arguments, "--format", "table", columns=columns)
        assert status in {None, done.exit_code}, done.output
        return "\n".join(line.rstrip() for line in done.stdout.splitlines())

    def refused(self, *arguments: str, status: int = 2) -> str:
        """Why a command was not obeyed."""
        done = self.type(*arguments)
        assert done.exit_code == status, done.output
        assert "Traceback" not in done.output
        return " ".join(done.stderr.split())


@pytest.fixture
def desk(world: World, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in ("WARDEN_BY", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    known = [*completing.rules(), *RULES]
    monkeypatch.setattr(completing, "rules", lambda: known)
    return Desk(Scene.of(world), monkeypatch)
