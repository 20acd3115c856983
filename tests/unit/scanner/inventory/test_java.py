import pytest

from tests.unit.scanner.inventory.archives import zipped
from tests.unit.scanner.inventory.reading import codes, purls, read

LOG4J = "groupId=org.apache.logging.log4j\nartifactId=log4j-core\nversion=2.14.1\n"
POM = "META-INF/maven/org.apache.logging.log4j/log4j-core"
ACME = (
    "Implementation-Title: acme-core\r\nImplementation-Version: 2.0\r\n"
    "Implementation-Vendor-Id: com.acme"
)
POM_XML = (
    "<project><parent><version>2.14.1</version></parent>"
    "<dependencies><version>9</version></dependencies></project>"
)
LOG4J_PURL = {"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}


def jar(manifest: str = "", **members: str) -> bytes:
    files = {"META-INF/MANIFEST.MF": f"Manifest-Version: 1.0\r\n{manifest}\r\n\r\n"}
    return zipped({**files, **members})


@pytest.mark.parametrize(
    "members",
    [
        {f"{POM}/pom.properties": LOG4J},
        {"lib/log4j-core-2.14.1.jar": zipped({f"{POM}/pom.properties": LOG4J})},
        {"app.jar": zipped({"BOOT-INF/lib/x.jar": zipped({f"{POM}/pom.properties": LOG4J})})},
        {"lib/x.jar": zipped({f"{POM}/pom.xml": POM_XML})},
    ],
    ids=["shaded into the function", "a library", "nested twice", "only a pom.xml"],
)  # fmt: skip
def test_maven_metadata_is_found_at_any_depth(members: dict[str, str | bytes]) -> None:
    inventory = read(members)
    assert purls(inventory) == LOG4J_PURL
    assert not inventory.problems


def test_every_library_shaded_into_a_jar_counts() -> None:
    other = "groupId=com.acme\nartifactId=tool\nversion=1.0\n"
    shaded = zipped(
        {f"{POM}/pom.properties": LOG4J, "META-INF/maven/com.acme/tool/pom.properties": other}
    )
    assert purls(read({"lib/tool-1.0.jar": shaded})) == LOG4J_PURL | {"pkg:maven/com.acme/tool@1.0"}


@pytest.mark.parametrize(
    ("file", "manifest", "purl"),
    [
        ("spring-core-5.3.9.jar", "Implementation-Title: spring-core",
         "pkg:maven/org.springframework/spring-core@5.3.9"),
        ("kotlin-stdlib-1.9.10.jar", "Implementation-Version: 1.9.10-release-459",
         "pkg:maven/org.jetbrains.kotlin/kotlin-stdlib@1.9.10"),
        ("xz-1.9.jar", "Bundle-SymbolicName: org.tukaani.xz", "pkg:maven/org.tukaani/xz@1.9"),
        ("opentest4j-1.2.0.jar", "Bundle-SymbolicName: org.opentest4j",
         "pkg:maven/org.opentest4j/opentest4j@1.2.0"),
        ("acme.jar", ACME, "pkg:maven/com.acme/acme-core@2.0"),
        ("long-1.0.jar", "Bundle-SymbolicName: com.acme.lo\r\n ng", "pkg:maven/com.acme/long@1.0"),
    ],
)  # fmt: skip
def test_a_jar_without_poms_is_named_by_file_and_manifest(
    file: str, manifest: str, purl: str
) -> None:
    assert purls(read({f"lib/{file}": jar(manifest)})) == {purl}


def test_a_jar_that_names_nothing_is_a_problem() -> None:
    assert codes(read({"lib/thing.jar": jar(**{"a/b/C.class": ""})})) == {"java-not-identified"}


def test_library_classes_without_any_pom_are_a_problem() -> None:
    inventory = read({"com/me/Handler.class": "", "org/apache/logging/Logger.class": ""})
    assert codes(inventory) == {"java-not-identified"}


def test_the_functions_own_classes_are_no_problem() -> None:
    assert not read({"com/me/Handler.class": ""}).problems
