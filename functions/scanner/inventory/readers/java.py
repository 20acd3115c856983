"""Maven packages of Java archives: their pom files, else their manifest and file name.

A shaded jar carries one pom.properties for each library inside it. The formats are
https://maven.apache.org/shared/maven-archiver/ and the JAR File Specification,
https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from functions.scanner.inventory.archive import Archive
from functions.scanner.inventory.directory import Entry
from functions.scanner.inventory.readers.java_ledger import unclaimed_classes
from functions.scanner.inventory.readers.naming import maven_name, version_text
from functions.shared.core.packages import Package

_GROUPS: Final = Path(__file__).parents[1] / "data" / "java_groups.json"
_MAVEN: Final = "META-INF/maven/"
_MANIFEST: Final = "META-INF/MANIFEST.MF"
_JARS: Final = (".jar!/", ".war!/", ".ear!/")
_PROPERTY: Final = re.compile(r"^[ \t]*(\w+)[ \t]*[=:][ \t]*(\S+)[ \t\r]*$", re.MULTILINE)
_XML_VERSION: Final = re.compile(rb"<version>\s*([^<$\s]+)\s*</version>")
_XML_SKIPPED: Final = (
    b"parent", b"dependencies", b"dependencyManagement", b"build", b"profiles",
)  # fmt: skip
_ARTIFACT: Final = re.compile(r"[A-Za-z_].*", re.DOTALL)
_VERSION: Final = re.compile(r"\d[\w.+]*")
_QUALIFIER: Final = re.compile(
    r"(?:SNAPSHOT|RC|M|alpha|beta|cr|b|rc|jre|android|GA|Final|incubating|preview|v?\d)[\w.]*"
)
_CLASSIFIER: Final = re.compile(r"[A-Za-z][\w.-]*")
# Linux, and so Lambda, has no longer ones (NAME_MAX in limits.h).
_LONGEST_FILE_NAME: Final = 255
_DOMAINS: Final = ("com.", "org.", "io.", "net.", "dev.", "de.", "jakarta.", "javax.", "software.")


# Packages of libraries that are put into so many artefacts that their makers use no others.
_LIBRARIES: Final = (
    "org/apache/", "com/google/", "com/fasterxml/", "org/springframework/", "io/netty/",
    "software/amazon/", "com/amazonaws/services/s3", "org/slf4j/", "kotlinx/", "okhttp3/",
    "org/yaml/", "ch/qos/", "org/bouncycastle/", "org/hibernate/", "io/vertx/", "org/json/",
    "com/thoughtworks/", "org/codehaus/", "org/eclipse/", "io/micronaut/", "io/quarkus/",
)  # fmt: skip


class _Identity(NamedTuple):
    """What a jar says of itself: name by Maven's rules, version, and the evidence for both."""

    name: str
    version: str
    path: str
    kind: str


def read_java(archive: Archive) -> Iterator[Package]:
    """Maven packages in this archive, which may itself be a jar or be unpacked from one."""
    described = list(_poms(archive))
    for item in described:
        yield Package("Maven", item.name, item.version, item.path, item.kind)
    if archive.prefix.endswith(_JARS):
        yield from _own(archive, described)
    elif not described:
        _report_unnamed_classes(archive)
    names = sorted({item.name for item in described})
    for folder in unclaimed_classes(archive, names, _known_roots()):
        archive.log.add("java-classes-unclaimed", archive.prefix + folder)


def _own(archive: Archive, described: list[_Identity]) -> Iterator[Package]:
    """The jar's own package, where its poms (if any) are only those of code shaded into it."""
    artifact, _ = _named(_file_stem(archive))
    if described and not (artifact and _known_group(artifact)):
        return
    if any(item.name.partition(":")[2] == artifact for item in described):
        return
    own = _from_manifest(archive)
    if own:
        yield Package("Maven", own.name, own.version, own.path, own.kind)
    elif archive.with_extension(".class"):
        archive.log.add("java-not-identified", archive.prefix.removesuffix("!/"))


def _named(stem: str) -> tuple[str, str]:
    """Artifact and version in a file name: `<artifact>-<version>[-<qualifier>...][-<classifier>]`.

    The version begins at the first number after a dash that leaves nothing over.
    """
    words = stem.split("-") if len(stem) <= _LONGEST_FILE_NAME else []
    for start, word in enumerate(words):
        if start == 0 or not _VERSION.fullmatch(word):
            continue
        end = start + 1
        while end < len(words) and _QUALIFIER.fullmatch(words[end]):
            end += 1
        artifact, rest = "-".join(words[:start]), "-".join(words[end:])
        if _ARTIFACT.fullmatch(artifact) and (end == len(words) or _CLASSIFIER.fullmatch(rest)):
            return artifact, "-".join(words[start:end])
    return "", ""


def _coordinates(name: str) -> str:
    """`group:artifact` where a file name has both, as Quarkus writes them; else the name alone."""
    parts = name.split(".")
    if len(parts) < 3 or not name.startswith(_DOMAINS):
        return name
    splits = [(".".join(parts[:at]), ".".join(parts[at:])) for at in range(2, len(parts))]
    for group, artifact in splits:
        if _known_group(artifact) == group:
            return f"{group}:{artifact}"
    # An artifact is mostly named after the end of its group.
    for group, artifact in splits:
        if artifact.startswith((group.rpartition(".")[2], group.partition(".")[2])):
            return f"{group}:{artifact}"
    return "{}:{}".format(*splits[-1]) if "-" in parts[-1] else name


def _file_stem(archive: Archive) -> str:
    """The jar's file name without its ending."""
    return archive.prefix.removesuffix("!/").rpartition("/")[2].rpartition(".")[0]


def _poms(archive: Archive) -> Iterator[_Identity]:
    seen = set()
    for entry in archive.named("pom.properties"):
        if _in_maven_folder(archive, entry):
            seen.add(entry.name.rpartition("/")[0])
            found = _from_properties(archive, entry)
            if found:
                yield found
    for entry in archive.named("pom.xml"):
        folder = entry.name.rpartition("/")[0]
        if _in_maven_folder(archive, entry) and folder not in seen:
            found = _from_xml(archive, entry)
            if found:
                yield found


def _in_maven_folder(archive: Archive, entry: Entry) -> bool:
    at = entry.name.find(_MAVEN)
    starts = at == 0 or (at > 0 and entry.name[at - 1] == "/")
    return starts and not archive.is_test_data(entry.name[:at].rstrip("/"))


def _from_properties(archive: Archive, entry: Entry) -> _Identity | None:
    data = archive.read(entry)
    if data is None:
        return None
    values = dict(_PROPERTY.findall(data.decode("utf-8", "replace")))
    name = maven_name(values.get("groupId", ""), values.get("artifactId", ""))
    version = version_text(values.get("version", "")) or _manifest_version(archive)
    if name and version:
        return _Identity(name, version, archive.place(entry), "pom.properties")
    archive.report("metadata-malformed", entry)
    return None


def _from_xml(archive: Archive, entry: Entry) -> _Identity | None:
    """The folder names group and artifact; the file (or its parent's element) the version."""
    group, artifact = [*entry.name.rpartition(_MAVEN)[2].split("/"), ""][:2]
    data = archive.read(entry)
    if data is None:
        return None
    outside = data
    for element in _XML_SKIPPED:
        outside = _without(outside, element)
    parent = data.partition(b"<parent>")[2].partition(b"</parent>")[0]
    match = _XML_VERSION.search(outside) or _XML_VERSION.search(parent)
    version = version_text(match[1].decode("utf-8", "replace")) if match else ""
    name, version = maven_name(group, artifact), version or _manifest_version(archive)
    if name and version:
        return _Identity(name, version, archive.place(entry), "pom.xml")
    archive.report("metadata-malformed", entry)
    return None


def _without(data: bytes, element: bytes) -> bytes:
    """XML text without the elements of this name."""
    before, *rest = data.split(b"<" + element + b">")
    return b"".join([before, *(part.partition(b"</" + element + b">")[2] for part in rest)])


def _from_manifest(archive: Archive) -> _Identity | None:
    """Identity of a jar without poms, from its file name and manifest."""
    headers = _headers(archive)
    file = _file_stem(archive)
    artifact, version = _named(file)
    group, _, artifact = _coordinates(artifact).rpartition(":")
    if not version:
        artifact = _plain(headers.get("implementation-title", "")) or file
        version = _manifest_version(archive)
    group = group or _group(archive, artifact, headers)
    name, version = maven_name(group, artifact), version_text(version)
    path = archive.prefix + _MANIFEST if headers else archive.prefix.removesuffix("!/")
    return _Identity(name, version, path, "manifest") if name and version else None


def _manifest_version(archive: Archive) -> str:
    headers = _headers(archive)
    for header in ("implementation-version", "bundle-version", "specification-version"):
        version = version_text(headers.get(header, ""))
        if version:
            return version
    return ""


def _headers(archive: Archive) -> dict[str, str]:
    """The main section of the manifest, names in lower case."""
    entry = next((item for item in archive.named("MANIFEST.MF") if item.name == _MANIFEST), None)
    data = archive.read(entry) if entry else None
    if data is None:
        return {}
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\n ", "")
    lines = text.partition("\n\n")[0].split("\n")
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _plain(title: str) -> str:
    return title if re.fullmatch(r"[a-z][\w.-]*", title) else ""


@cache
def _groups() -> dict[str, str]:
    groups: dict[str, str] = json.loads(_GROUPS.read_bytes())["groups"]
    return groups


@cache
def _known_roots() -> frozenset[tuple[str, ...]]:
    """First two parts of the packages of libraries that are well known."""
    dotted = (tuple(group.split(".")[:2]) for group in _groups().values())
    return frozenset(root for root in dotted if len(root) == 2) | {
        tuple(folder.split("/")[:2]) for folder in _LIBRARIES
    }


def _group(archive: Archive, artifact: str, headers: dict[str, str]) -> str:
    """The group id, from the most to the least certain source; empty when nothing tells."""
    known = _known_group(artifact)
    vendor = headers.get("implementation-vendor-id", "")
    if known or vendor.count("."):
        return known or vendor
    symbolic = headers.get("bundle-symbolicname", "").partition(";")[0].strip()
    for name in (symbolic, headers.get("automatic-module-name", "")):
        if name.startswith(_DOMAINS):
            return _shortened(name, artifact)
    return _common_package(archive)


def _known_group(artifact: str) -> str:
    groups = _groups()
    parts = artifact.split("-")
    for length in range(len(parts), 0, -1):
        stem = "-".join(parts[:length])
        for key in ((stem,) if length == len(parts) else ()) + (stem + "-",):
            if key in groups:
                return groups[key]
    return ""


def _shortened(name: str, artifact: str) -> str:
    """`org.tukaani.xz` for the artifact xz is the group org.tukaani; `org.opentest4j` stays."""
    if name == artifact:
        return name.rpartition(".")[0]
    group = name
    for ending in (artifact, artifact.replace("-", "."), artifact.rpartition("-")[2]):
        if group.endswith("." + ending):
            group = group[: -len(ending) - 1]
            break
    return group if "." in group else name


def _common_package(archive: Archive) -> str:
    """The first three segments where most classes share them, else the first two."""
    folders = [
        entry.name.split("/")[:-1]
        for entry in archive.with_extension(".class")
        if entry.name.count("/") >= 2 and not entry.name.startswith("META-INF/")
    ]
    for length in (3, 2):
        counts = Counter(".".join(parts[:length]) for parts in folders if len(parts) >= length)
        most = counts.most_common(1)
        if most and most[0][1] * 2 > len(folders):
            return most[0][0]
    return ""


def _report_unnamed_classes(archive: Archive) -> None:
    """Classes of well-known libraries without any pom: shaded code of unknown versions."""
    libraries = {
        "/".join(entry.name.split("/")[:3])
        for entry in archive.with_extension(".class")
        if entry.name.startswith(_LIBRARIES)
    }
    for folder in sorted(libraries):
        archive.log.add("java-not-identified", archive.prefix + folder)
