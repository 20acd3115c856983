"""The library itself: how it is built, and programs in C that use it to the full."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.runtime.live import host_library
from sensor.build import SOURCES, build
from sensor.built import PROCESSORS, layer, library

RUNTIME = {"PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9"}


@pytest.mark.parametrize("processor", PROCESSORS)
def test_what_is_kept_is_what_the_source_gives(processor: str, tmp_path: Path) -> None:
    build(processor, tmp_path / "sensor.so")
    assert (tmp_path / "sensor.so").read_bytes() == library(processor).read_bytes(), (
        "run python -m sensor.build"
    )


@pytest.mark.parametrize("processor", PROCESSORS)
def test_needs_an_old_libc_only_and_allocates_nothing(processor: str) -> None:
    text = library(processor).read_bytes().decode("latin-1")
    libc = {"libc.so.6", "libdl.so.2", "libpthread.so.0"}
    assert set(re.findall(r"lib\w+\.so\.\d+", text)) <= libc
    versions = {tuple(map(int, one.split("."))) for one in re.findall(r"GLIBC_([\d.]+)", text)}
    assert max(versions) <= (2, 17)
    imported = set(re.findall(r"\0([a-z_]+)(?=\0)", text))
    assert (
        imported & {"malloc", "calloc", "realloc", "free", "strdup", "pthread_mutex_lock"} == set()
    )


def test_the_layer_serves_every_name_that_the_loader_has_for_this_machine(
    tmp_path: Path, compiled: Callable[..., Path]
) -> None:
    layer(tmp_path / "layer")
    preload = f"{tmp_path}/layer/warden/$PLATFORM/sensor.so"
    maps = subprocess.run(
        ["/bin/cat", "/proc/self/maps"], env={**RUNTIME, "LD_PRELOAD": preload},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "sensor.so" in maps.stdout
    assert "cannot be preloaded" not in maps.stderr


def test_every_way_to_start_a_program_works_as_before(compiled: Callable[..., Path]) -> None:
    result = _run(compiled("starts.c", "-pthread"), str(host_library()))
    assert result.stdout == "fine\n", result.stderr
    assert '"name":"/bin/true"' in result.stderr


def test_without_descriptors_for_itself_it_lets_programs_run(compiled: Callable[..., Path]) -> None:
    program = compiled("starts.c", "-pthread")
    command = ["sh", "-c", f"ulimit -n 20; exec {program}"]
    result = subprocess.run(
        command, env={**RUNTIME, "LD_PRELOAD": str(host_library())}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert result.stdout == "fine\n", result.stderr


def test_clean_under_address_sanitizer(compiled: Callable[..., Path], tmp_path: Path) -> None:
    gcc = shutil.which("gcc")
    asan = _output([gcc, "-print-file-name=libasan.so"]) if gcc else ""
    if not gcc or not Path(asan).is_absolute():
        pytest.skip("this machine's compiler has no address sanitizer")
    sensor = tmp_path / "sensor-asan.so"
    sources = [str(path) for path in sorted(SOURCES.glob("*.c"))]
    subprocess.run(
        [gcc, "-shared", "-fPIC", "-O1", "-g", "-std=gnu11", "-D_GNU_SOURCE", "-fvisibility=hidden",
         "-fsanitize=address", "-foptimize-sibling-calls", "-o", str(sensor), *sources, "-ldl"],
        check=True,
    )  # fmt: skip
    program = compiled("starts.c", "-pthread")
    for policy in ("", "program=block:/bin/true,/bin/sh,/usr/bin/true;read=alert"):
        result = _run(
            program, f"{asan}:{sensor}",
            WARDEN_SENSOR_POLICY=policy, ASAN_OPTIONS="detect_leaks=0:exitcode=99",
        )  # fmt: skip
        assert "AddressSanitizer" not in result.stderr, result.stderr
        assert result.stdout == "fine\n", result.stderr


def _run(program: Path, preload: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**RUNTIME, "LD_PRELOAD": preload, **more}
    return subprocess.run([program], env=environment, capture_output=True, text=True, check=False)


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
