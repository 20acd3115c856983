"""Credentials in deployed files: found where the owner wrote them, and nowhere else."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping

import pytest

from functions.scanner.inventory.limits import Limits
from functions.scanner.secrets.code import read_code_secrets
from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from tests.unit.scanner.inventory.archives import zipped
from tests.unit.scanner.secrets.made_up import AWS_SECRET, GITHUB, PRIVATE_KEY, SLACK

_LEAK = f'import os\n\nTOKEN = "{GITHUB}"\n'


def _read(files: Mapping[str, str | bytes], limits: Limits | None = None) -> CodeSecrets:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return read_code_secrets(data, limits=limits) if limits else read_code_secrets(data)


def test_a_credential_is_told_by_path_line_and_kind_only() -> None:
    found = _read({"app/main.py": _LEAK, "README.md": _LEAK})
    assert found == CodeSecrets((SecretPlace("app/main.py", 3, "github pat"),))
    assert GITHUB not in repr(found)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        (".env", f"TOKEN={GITHUB}\n", "github pat"),
        (".env.production", f"TOKEN={GITHUB}\n", "github pat"),
        ("certs/signing.pem", PRIVATE_KEY, "private key"),
        ("app.py", f'KEY = """{PRIVATE_KEY}"""\n', "private key"),
        ("app.json", '{"key": "' + PRIVATE_KEY.replace("\n", "\\n") + '"}', "private key"),
        ("aws.py", f'aws_secret_access_key = "{AWS_SECRET}"\n', "aws secret access key"),
        ("config/prod.yaml", f"slack: {SLACK}\n", "slack bot token"),
        ("index.js", "x=1;" * 200_000 + f'const t="{GITHUB}";', "github pat"),
        ("requirements.txt", "--index-url https://ci:kf8Hq2LmZp91@pip.acme.io/simple\n",
         "generic credential uri"),
    ],
)  # fmt: skip
def test_files_of_the_owner_are_searched(name: str, content: str, kind: str) -> None:
    assert {place.kind for place in _read({name: content}).places} == {kind}


@pytest.mark.parametrize(
    "name",
    [
        "node_modules/pkg/index.js",
        "app/node_modules/.pnpm/pkg@1/node_modules/pkg/index.js",
        "pkg-1.0.dist-info/settings.json",
        "pkg/_vendor/other/main.py",
        "package-lock.json",
        "types/index.d.ts",
        "README.md",
    ],
)
def test_published_and_generated_files_are_not(name: str) -> None:
    assert _read({name: _LEAK}) == CodeSecrets()


@pytest.mark.parametrize(
    "name",
    ["id_rsa", "AuthKey_1.p8", "terraform.tfstate", "model.ipynb", "notes.txt", ".git/config",
     "index.js.map", "conf/prod", "example/handler.py", "tests/fixtures/token.py", "data.bin"],
)  # fmt: skip
def test_a_file_with_text_is_searched_whatever_its_name(name: str) -> None:
    assert [place.path for place in _read({name: _LEAK}).places] == [name]
    assert _read({"data.bin": b"\0" + _LEAK.encode()}) == CodeSecrets()


@pytest.mark.parametrize(
    "line",
    [
        "Server=db.acme.io;Database=orders;User Id=sa;Password=kf8Hq2LmZp91;Encrypt=true",
        "uid=sa;pwd=kf8Hq2LmZp91;data source=db.acme.io",
        "jdbc:postgresql://db.acme.io/orders?user=app&password=kf8Hq2LmZp91",
        "jdbc:oracle:thin:app/kf8Hq2LmZp91@//db.acme.io:1521/orders",
        "host=db.acme.io dbname=orders user=app password=kf8Hq2LmZp91",
    ],
)
def test_passwords_in_connection_strings_are_found(line: str) -> None:
    (place,) = _read({"appsettings.Production.json": f'{{"Default":\n"{line}"}}'}).places
    assert (place.line, place.kind) == (2, "password in a connection string")


@pytest.mark.parametrize(
    "line",
    [
        "Server=db.acme.io;User Id=sa;Password={0};",
        "Server=db.acme.io;User Id=sa;Password=<password>;",
        "Server=db.acme.io;User Id=sa;Password=string;",
        "jdbc:postgresql://db.acme.io/orders?user=app&password=${DB_PASSWORD}",
        "jdbc:oracle:thin:scott/tiger@//db.acme.io:1521/orders",
        "host=%s password=%s",
        "if (password == kf8Hq2LmZp91) { host = 1 }",
        "password=kf8Hq2LmZp91",
    ],
)
def test_templates_of_connection_strings_are_none(line: str) -> None:
    assert not _read({"appsettings.Production.json": f'{{"Default":\n"{line}"}}'}).places


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (".env", "DB_PASSWORD=kf8Hq2LmZp91xW"),
        ("config/.env.production", 'export API_TOKEN="kf8Hq2LmZp91xW"'),
        ("application.properties", "spring.datasource.password=kf8Hq2LmZp91xW"),
        ("prod.tfvars", 'db_password = "kf8Hq2LmZp91xW"'),
    ],
)
def test_settings_are_judged_as_variables_are(name: str, line: str) -> None:
    (place,) = _read({name: f"# settings\n{line}\nLOG_LEVEL=INFO\n"}).places
    assert place.line == 2
    assert not _read({name: line.partition("=")[0] + "=${FROM_ELSEWHERE}\n"}).places


def test_of_a_source_map_only_the_owners_sources_are_searched() -> None:
    sources = ["../node_modules/pkg/index.js", "../src/handler.ts"]
    text = json.dumps({"sources": sources, "sourcesContent": [_LEAK, _LEAK]})
    (place,) = _read({"index.js.map": text}).places
    assert (place.path, place.line) == ("index.js.map!/../src/handler.ts", 3)


def test_the_history_of_a_repository_is_searched_or_named() -> None:
    blob = _LEAK.encode()
    loose = zlib.compress(b"blob %d\0" % len(blob) + blob)
    found = _read({f".git/objects/ab/{'c' * 38}": loose, ".git/objects/pack/x.pack": b"PACK\0"})
    assert [place.kind for place in found.places] == ["github pat"]
    assert any("x.pack" in cause for cause in found.unread)


def test_settings_in_archives_inside_are_searched() -> None:
    inner = zipped({"application.properties": f"token={GITHUB}\n", "LICENSE.txt": _LEAK})
    (place,) = _read({"lib/app.jar": zipped({"BOOT-INF/lib/own.jar": inner})}).places
    assert place.path == "lib/app.jar!/BOOT-INF/lib/own.jar!/application.properties"
    assert not _read({"lib/broken.jar": b"PK"}).unread


@pytest.mark.parametrize(
    "more",
    [
        {"orders_service-1.0.dist-info/RECORD": "orders_service/main.py,sha256=x,10\n"},
        {
            "requests-2.0.dist-info/RECORD": "orders_service/main.py,sha256=x,10\n",
            "requests-2.0.dist-info/direct_url.json": '{"url": "file:///build"}',
        },
        {"orders_service-1.0.dist-info/METADATA": "Name: orders-service\n"},
    ],
)
def test_code_of_the_project_itself_is_searched_however_it_was_installed(
    more: dict[str, str],
) -> None:
    found = _read({"orders_service/main.py": _LEAK, **more})
    assert [place.path for place in found.places] == ["orders_service/main.py"]


def test_a_private_workspace_among_the_modules_is_the_owners_own() -> None:
    manifest = '{"name": "@acme/lib", "private": true}'
    files = {"node_modules/@acme/lib/package.json": manifest, "node_modules/@acme/lib/a.js": _LEAK}
    assert [place.path for place in _read(files).places] == ["node_modules/@acme/lib/a.js"]
    nested = {"node_modules/@acme/lib/node_modules/ms/index.js": _LEAK}
    assert _read({"node_modules/@acme/lib/package.json": manifest} | nested).places == ()


def test_installed_python_packages_are_known_by_their_records() -> None:
    found = _read(
        {
            "python/requests/api.py": _LEAK,
            "python/own.py": _LEAK,
            "python/requests-2.0.dist-info/RECORD": "requests/api.py,sha256=x,10\n",
        }
    )
    assert [place.path for place in found.places] == ["python/own.py"]


def test_a_package_whose_record_was_removed_is_known_by_its_folder() -> None:
    found = _read(
        {
            "python/charset_normalizer/api.py": _LEAK,
            "python/own.py": _LEAK,
            "python/charset_normalizer-3.0.dist-info/METADATA": "Name: charset-normalizer\n",
        }
    )
    assert [place.path for place in found.places] == ["python/own.py"]


@pytest.mark.parametrize(
    "line",
    [
        'url = "postgres://user:password@localhost/db"',
        'url = "postgres://app:%s@db.acme.io/db" % secret',
        'url = f"https://{user}:{password}@db.acme.io/"',
        'url = "amqp://guest:guest@broker.acme.io/"',
        'url = "https://me:s3cr3tPw91@www.example.com/"',
        'HEADER = "-----BEGIN RSA PRIVATE KEY-----"',
        'if text.startswith("-----BEGIN PRIVATE KEY-----"): parse(text)',
        'KEY_ID = "AKIAIOSFODNN7EXAMPLE"',
        "type AwsAccessKey = RESTPostOAuthAccessTokenURLEncodedDataOf;",
        'token = os.environ["GITHUB_TOKEN"]',
        'checksum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    ],
)
def test_examples_and_templates_are_no_credentials(line: str) -> None:
    assert _read({"app.py": f"{line}\n"}).places == ()


def test_what_was_not_searched_is_named() -> None:
    limits = Limits(metadata_bytes=1000)
    found = _read({"big.json": "x" * 5000, "app.py": _LEAK}, limits)
    assert [place.path for place in found.places] == ["app.py"]
    assert "big.json" in found.unread[0]


def test_too_much_work_is_named_and_what_was_found_is_kept() -> None:
    found = _read({"a.py": _LEAK, "b.py": _LEAK, "c.py": _LEAK}, Limits(reads=2))
    assert [place.path for place in found.places] == ["a.py", "b.py"]
    assert found.unread


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_archive_was_not_searched(data: bytes) -> None:
    assert read_code_secrets(io.BytesIO(data)) == CodeSecrets(complete=False)


def test_many_places_are_cut_and_said_to_be() -> None:
    found = _read({"all.py": "".join(f'k{n} = "{GITHUB}"\n' for n in range(300))})
    assert len(found.places) == 200
    assert "100 more" in found.unread[0]


def test_names_of_files_are_made_safe_to_show() -> None:
    (place,) = _read({"a\u202eb.py": _LEAK}).places
    assert place.path.isprintable()
