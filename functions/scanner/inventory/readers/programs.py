"""Native programs: Go by its build information, Rust by its audit data, others are a problem."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers import elf, go_buildinfo, rust_auditable
from functions.scanner.inventory.readers.naming import version_text
from functions.scanner.inventory.readers.native_image import embedded_purls
from functions.scanner.inventory.readers.sboms import named_by
from functions.shared.core.packages import Package

_EXTENSIONS: Final = ("", ".bin", ".exe", ".elf", ".x86_64", ".amd64", ".arm64", ".aarch64")
_SMALLEST: Final = 128
_CHUNK: Final = 1024 * 1024
_BUILD_INFO: Final = 2 * 1024 * 1024
_DATA_START: Final = 64 * 1024
_HEAD: Final = 512
_PACKER_MARK: Final = b"UPX!"


def read_programs(archive: Archive) -> Iterator[Package]:
    """Packages compiled into the archive's native programs."""
    for extension in _EXTENSIONS:
        for entry in archive.with_extension(extension):
            if entry.size < _SMALLEST or not _may_be_program(entry):
                continue
            head = archive.head(entry, _HEAD)
            if head.startswith(elf.MAGIC) and not archive.is_test_data(
                entry.name.rpartition("/")[0]
            ):
                yield from compiled_in(archive, entry, head)


def _may_be_program(entry: Entry) -> bool:
    """Programs are not named like the notes that every package carries: LICENSE, README."""
    basename = entry.name[entry.name.rfind("/") + 1 :]
    return bool(entry.mode & 0o111) or not basename.isupper()


def is_program_by_name(entry: Entry) -> bool:
    """Whether `read_programs` looks at a member wherever it lies."""
    basename = entry.name[entry.name.rfind("/") + 1 :]
    dot = basename.rfind(".")
    extension = basename[dot:].lower() if dot > 0 else ""
    return extension in _EXTENSIONS and entry.size >= _SMALLEST and _may_be_program(entry)


def compiled_in(archive: Archive, entry: Entry, head: bytes) -> Iterator[Package]:
    """Packages compiled into one program; a problem where nothing tells.

    Args:
        archive: The archive that holds it.
        entry: The program.
        head: Its first bytes.
    """
    if _PACKER_MARK in head:
        archive.report("binary-packed", entry)
        return
    file = archive.open(entry)
    if file is None:
        return
    try:
        program = elf.Elf(file)
        info = _usual_build_info(program)
        sections = {} if info else program.sections()
    except elf.ElfError:
        archive.report("binary-not-identified", entry)
        return
    info = info or _build_info(program, file, sections)
    if info:
        yield from _go(archive, entry, info)
    elif rust_auditable.SECTION in sections:
        yield from _rust(archive, entry, program.read(*sections[rust_auditable.SECTION]))
    elif (purls := _image(archive, entry, program, sections)) is not None:
        yield from named_by(archive, entry, purls)
    else:
        code = "go-without-modules" if ".gopclntab" in sections else "binary-not-identified"
        archive.report(code, entry)


def _image(
    archive: Archive, entry: Entry, program: elf.Elf, sections: dict[str, tuple[int, int]]
) -> list[str] | None:
    try:
        return embedded_purls(program, sections)
    except ValueError:
        archive.report("metadata-malformed", entry)
        return None


def _rust(archive: Archive, entry: Entry, section: bytes) -> Iterator[Package]:
    crates = rust_auditable.parse_audit_data(section)
    if crates is None:
        archive.report("metadata-malformed", entry)
        return
    for name, version in crates:
        if version_text(version) and name.replace("-", "_").isidentifier():
            yield Package("crates.io", name, version, archive.place(entry), "cargo-auditable")


def _go(archive: Archive, entry: Entry, info: go_buildinfo.BuildInfo) -> Iterator[Package]:
    place = archive.place(entry)
    yield Package("Go", "stdlib", info.go, place, "go-buildinfo")
    if not info.modules:
        archive.report("go-without-modules", entry)
    for module in info.modules:
        if module.replaced or not module.version.startswith("v"):
            archive.report("go-without-modules", entry, f"{module.path} replaced by a folder")
        if module.version.startswith("v"):
            yield Package("Go", module.path, module.version, place, "go-buildinfo")


def _usual_build_info(program: elf.Elf) -> go_buildinfo.BuildInfo | None:
    """Build information where Go's linker puts it: at the start of the data.

    Looked for first because it spares decompressing the program to its end.
    """
    for segment in program.segments():
        if segment.writable:
            start = program.read(segment.offset, min(segment.size, _DATA_START))
            at = start.find(go_buildinfo.MAGIC)
            if at >= 0 and at % go_buildinfo.ALIGNMENT == 0:
                data = program.read(segment.offset + at, _BUILD_INFO)
                return go_buildinfo.parse_build_info(data, program.at_address)
    return None


def _build_info(
    program: elf.Elf, file: BinaryIO, sections: dict[str, tuple[int, int]]
) -> go_buildinfo.BuildInfo | None:
    if ".go.buildinfo" in sections:
        offset, size = sections[".go.buildinfo"]
        data = program.read(offset, min(size, _BUILD_INFO))
        return go_buildinfo.parse_build_info(data, program.at_address)
    return None if sections else _searched_build_info(program, file)


def _searched_build_info(program: elf.Elf, file: BinaryIO) -> go_buildinfo.BuildInfo | None:
    """Look through the whole program, where the names of its sections were stripped away."""
    at = 0
    before = b""
    file.seek(0)
    while chunk := file.read(_CHUNK):
        window = before + chunk
        found = window.find(go_buildinfo.MAGIC)
        while found >= 0:
            position = at - len(before) + found
            if position % go_buildinfo.ALIGNMENT == 0:
                data = program.read(position, _BUILD_INFO)
                info = go_buildinfo.parse_build_info(data, program.at_address)
                if info:
                    return info
            found = window.find(go_buildinfo.MAGIC, found + 1)
        at += len(chunk)
        before = window[-len(go_buildinfo.MAGIC) :]
        file.seek(at)
    return None
