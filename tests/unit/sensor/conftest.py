"""Functions that really run, with the sensor preloaded."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from demo.runtime.live import Live, host_library

Start = Callable[..., AbstractContextManager[Live]]
HERE = Path(__file__).parent


@pytest.fixture
def python_function(tmp_path: Path) -> Start:
    """Start Python code under Lambda's own runtime client for Python."""

    def start(source: Path | str, policy: str = "", **more: str) -> Live:
        folder = _folder(source, tmp_path, "app.py")
        client = [sys.executable, "-m", "awslambdaric", "app.handler"]
        return Live(client, folder, sensor=host_library(), policy=policy, environment=more)

    return start


@pytest.fixture
def node_function(tmp_path: Path) -> Start:
    """Start JavaScript under the least of a runtime."""

    def start(source: Path | str, policy: str = "", **more: str) -> Live:
        folder = _folder(source, tmp_path, "app.js")
        client = ["node", "--no-deprecation", str(HERE / "runtime.js")]
        return Live(client, folder, sensor=host_library(), policy=policy, environment=more)

    return start


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Compile one of this folder's C files with the machine's own compiler."""
    folder = tmp_path_factory.mktemp("compiled")

    def compiled(name: str, *options: str) -> Path:
        into = folder / f"{name}-{len(options)}"
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("this machine has no C compiler")
        subprocess.run([compiler, *options, str(HERE / name), "-o", str(into)], check=True)
        return into

    return compiled


def _folder(source: Path | str, parent: Path, name: str) -> Path:
    folder = parent / "task"
    folder.mkdir(exist_ok=True)
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    (folder / name).write_text(text, encoding="utf-8")
    return folder
