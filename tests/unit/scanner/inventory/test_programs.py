import pytest

from tests.unit.scanner.inventory.programs import audit_data, build_info, elf, old_build_info
from tests.unit.scanner.inventory.reading import codes, evidences, purls, read

MODULES = (
    "path\texample.com/me\n"
    "mod\texample.com/me\t(devel)\t\n"
    "dep\tgithub.com/aws/aws-lambda-go\tv1.41.0\th1:x=\n"
    "dep\tgolang.org/x/net\tv0.1.0\th1:x=\n"
    "=>\tgolang.org/x/net\tv0.17.0\th1:y=\n"
    "build\t-compiler=gc\n"
)
GO = {
    "pkg:golang/stdlib@1.22.1",
    "pkg:golang/github.com/aws/aws-lambda-go@v1.41.0",
    "pkg:golang/golang.org/x/net@v0.17.0",
}
OLD_AT = 128  # where the first section of our ELF files starts


@pytest.mark.parametrize(
    "program",
    [
        elf({".go.buildinfo": build_info("go1.22.1", MODULES)}),
        elf({".data": b"x" * 77, ".go.buildinfo": build_info("go1.22.1", MODULES)}),
        elf({".data": build_info("go1.22.1", MODULES)}, section_table=False),
        elf({".data": b"\xff Go buildinf:x" + bytes(2_000_001) + build_info("go1.22.1", MODULES)},
            section_table=False),
        elf({".go.buildinfo": old_build_info("go1.22.1", MODULES, OLD_AT)}),
    ],
    ids=["plain", "behind data", "no sections", "searched for", "before Go 1.18"],
)  # fmt: skip
def test_a_go_program_tells_its_modules(program: bytes) -> None:
    inventory = read({"bootstrap": program})
    assert purls(inventory) == GO
    assert set(evidences(inventory).values()) == {"go-buildinfo"}
    assert not inventory.problems


@pytest.mark.parametrize(
    ("version", "counted"),
    [
        ("(devel)", False),
        ("v0.0.0-20240101000000-0123456789ab", False),
        ("v1.2.3+dirty", False),
        ("v1.2.3", True),
    ],
)
def test_the_main_module_counts_only_as_a_release(version: str, *, counted: bool) -> None:
    program = elf({".go.buildinfo": build_info("go1.22.1", f"mod\texample.com/me\t{version}\t\n")})
    names = {package.name for package in read({"bootstrap": program}).packages}
    assert ("example.com/me" in names) is counted


def test_a_module_replaced_by_a_folder_is_not_fully_known() -> None:
    modules = "dep\texample.com/x\tv1.0.0\n=>\t./x\t\n"
    inventory = read({"bootstrap": elf({".go.buildinfo": build_info("go1.22.1", modules)})})
    assert "go-without-modules" in codes(inventory)


def test_a_rust_program_tells_its_crates() -> None:
    section = audit_data(
        [
            {"name": "tokio", "version": "1.35.0", "source": "crates.io"},
            {"name": "cc", "version": "1.0.0", "source": "crates.io", "kind": "build"},
            {"name": "mine", "version": "0.1.0", "source": "local"},
        ]
    )
    inventory = read({"bootstrap": elf({".dep-v0": section})})
    assert evidences(inventory) == {"pkg:cargo/tokio@1.35.0": "cargo-auditable"}
    assert not inventory.problems


@pytest.mark.parametrize(
    ("program", "code"),
    [
        (elf({".text": bytes(500)}), "binary-not-identified"),
        (elf({".gopclntab": bytes(500)}), "go-without-modules"),
        (elf({".dep-v0": b"not compressed" + bytes(500)}), "metadata-malformed"),
        (
            elf({".go.buildinfo": b"\xff Go buildinf:" + b"\x08\x02" + bytes(500)}),
            "binary-not-identified",
        ),
        (elf({".text": b"UPX!" + bytes(500)}), "binary-packed"),
        (b"\x7fELF\x02\x01\x01" + bytes(20) + b"\xff" * 200, "binary-not-identified"),
    ],
)
def test_a_program_that_states_nothing_is_a_problem(program: bytes, code: str) -> None:
    inventory = read({"bootstrap": program})
    assert not inventory.packages
    assert codes(inventory) == {code}


def test_other_files_without_extension_are_not_programs() -> None:
    assert not read({"LICENSE": "x" * 500, "config": "\x7f" * 500}).problems
