"""requirements.txt as exporters write it: folders, addresses, and files that include others."""

import pytest

from functions.scanner.drift import Locked, LockfileError, Need, read_lockfile

PYPROJECT = '[project]\nname = "my_service"\n'


def read(*lines: str, **along: str) -> Locked:
    files = {name.replace("_txt", ".txt").replace("_toml", ".toml"): t for name, t in along.items()}
    return read_lockfile("requirements.txt", "\n".join(lines), manifests=files)


def versions(locked: Locked) -> dict[str, str]:
    return {package.name: package.version for package in locked.packages}


@pytest.mark.parametrize("line", [".", "-e .", "./", "--editable=.", "-e ./"])
def test_the_project_itself_is_its_own(line: str) -> None:
    locked = read("idna==3.6", line, pyproject_toml=PYPROJECT)
    assert locked.own == {"my-service"}
    assert (locked.complete, locked.not_compared) == (True, ())


@pytest.mark.parametrize(
    "line", [".", "./services/api", "../shared ; python_version > '3'", "/src/x", "file:libs/x"]
)
def test_a_folder_that_names_no_package_is_said(line: str) -> None:
    locked = read("idna==3.6", line)
    assert versions(locked) == {"idna": "3.6"}
    assert not locked.complete, "what the folder needs may be deployed"
    (said,) = locked.not_compared
    assert said.startswith("requirements.txt line 2: ")


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("git+https://example.com/team/mine.git@v1#egg=mine", "mine", ""),
        ("git+https://example.com/team/mine.git@v1#subdirectory=x&egg=Mine_Too", "mine-too", ""),
        ("mine @ git+ssh://git@example.com/team/mine.git@0a1b", "mine", ""),
        ("mine[fast] @ https://example.com/mine-2.1-py3-none-any.whl ; os_name == 'posix'",
         "mine", "2.1"),
        ("https://example.com/x/mine-2.1.0.tar.gz", "mine", "2.1.0"),
        ("./dist/mine-2.1-py3-none-any.whl", "mine", "2.1"),
        ("dist/mine-2.1-cp313-cp313-manylinux_2_28_x86_64.whl", "mine", "2.1"),
    ],
)  # fmt: skip
def test_an_address_names_its_package_where_it_does(line: str, name: str, version: str) -> None:
    assert versions(read("idna==3.6", line)) == {"idna": "3.6", name: version}


def test_an_address_without_a_name_is_said() -> None:
    locked = read("idna==3.6", "git+https://example.com/team/mine.git@v1")
    assert versions(locked) == {"idna": "3.6"}
    assert "names no package" in locked.not_compared[0]


def test_files_that_were_uploaded_along_are_included() -> None:
    locked = read(
        "-r base.txt",
        "--requirement=more/extra.txt",
        "flask==3.0",
        base_txt="-r requirements.txt\nidna==3.6\n",
        extra_txt="six==1.16\n",
    )
    assert versions(locked) == {"idna": "3.6", "six": "1.16", "flask": "3.0"}
    assert (locked.complete, locked.not_compared) == (True, ())


def test_a_file_that_was_not_is_said() -> None:
    locked = read("flask==3.0", "-r base.txt")
    assert not locked.complete
    assert locked.not_compared == ("requirements.txt line 2: base.txt was not uploaded",)


def test_files_that_include_each_other_for_ever_end() -> None:
    along = {f"r{n}_txt": f"-r r{n + 1}.txt\nx{n}==1\n" for n in range(50)}
    locked = read("-r r0.txt", **along)
    assert len(locked.packages) < 50
    assert locked.not_compared


def test_where_no_package_is_named_at_all_nothing_is_compared() -> None:
    with pytest.raises(LockfileError, match=r"base\.txt was not uploaded"):
        read("-r base.txt")


def test_a_marker_behind_an_address_counts() -> None:
    locked = read("mine @ https://example.com/mine-1.0.tar.gz ; sys_platform == 'win32'")
    assert [package.need for package in locked.packages] == [Need.OPTIONAL]
