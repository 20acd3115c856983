"""What the place of a file says: installed, vendored inside another package, or a test's data."""

from typing import Final

_TEST_FOLDERS: Final = frozenset({
    "test", "tests", "__tests__", "testing", "spec", "specs", "fixture", "fixtures",
    "__fixtures__", "testdata", "test-data", "test_data", "examples", "example",
})  # fmt: skip
_VENDOR_FOLDERS: Final = frozenset({
    "_vendor", "_vendored", "vendored", "vendored_packages", "_bundled", "_bundle", "extern",
    "externals", "third_party", "thirdparty", "embed",
})  # fmt: skip


def is_test_folder(folder: str) -> bool:
    """Whether a part of a folder path is named as tests and examples are."""
    return not _TEST_FOLDERS.isdisjoint(folder.split("/"))


def is_vendored(folder: str) -> bool:
    """Whether a folder path is where a package keeps its private copies of others."""
    return not _VENDOR_FOLDERS.isdisjoint(folder.split("/"))


def evidence(kind: str, folder: str) -> str:
    """`kind`, told apart when the folder is a vendored copy: `vendored-dist-info`."""
    return f"vendored-{kind}" if is_vendored(folder) else kind
