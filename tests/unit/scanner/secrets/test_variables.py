"""Which environment variables hold credentials. Every credential here is made up."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.scanner.secrets.found import SecretVariable
from functions.scanner.secrets.variables import secret_variables
from tests.unit.scanner.secrets.made_up import AWS_KEY_ID, AWS_SECRET, GITHUB, PRIVATE_KEY, SLACK

# As Secrets Manager makes passwords by default.
ALL_PRINTABLE = string.ascii_letters + string.digits + string.punctuation


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("DB_PASSWORD", "kf8Hq2LmZp91xW", "password"),
        ("dbPassword", "kf8Hq2LmZp91xW", "password"),
        ("PGPASSWORD", "kf8Hq2LmZp91xW", "password"),
        ("STRIPE_API_KEY", "0f9d8c7b6a5e4d3c", "API key"),
        ("AUTH_TOKEN", "0f9d8c7b6a5e4d3c", "token"),
        ("GITHUB_CLIENT_SECRET", "0f9d8c7b6a5e4d3c", "client secret"),
        ("DJANGO_SECRET_KEY", "k3!x0f9d8c7b6a5e4d3c", "secret"),
        ("JWT_SIGNING_KEY", "0f9d8c7b6a5e4d3c", "private key"),
    ],
)
def test_a_name_tells_what_the_value_is(name: str, value: str, kind: str) -> None:
    assert secret_variables({name: value}) == (SecretVariable(name, kind, by_name=True),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "changeme"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD", "{{resolve:secretsmanager:prod/db}}"),
        ("DB_PASSWORD", "/prod/orders/db"),
        ("DB_PASSWORD", "prod/orders/db-password"),
        ("DB_SECRET", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3"),
        ("DB_SECRET_ARN", "anything at all"),
        ("DB_SECRET_NAME", "orders-database"),
        ("TOKEN_URL", "https://login.acme.test/oauth2/token"),
        ("TOKEN_ENDPOINT_HOST", "login.acme.test"),
        ("API_KEY_ID", "k9x2m4q8w1"),
        ("TOKEN_TTL", "3600"),
        ("MAX_TOKENS", "4096"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("USE_TOKEN", "true"),
        ("SECRET_TABLE", "orders-secrets"),
        ("PASSENGER_COUNT", "kf8Hq2LmZp91xW"),
        ("COMPASS", "kf8Hq2LmZp91xW"),
        ("LOG_LEVEL", "INFO"),
        ("AWS_LAMBDA_EXEC_WRAPPER", "/opt/bootstrap"),
        ("BUCKET", "orders-eu-west-1-111122223333"),
    ],
)
def test_references_settings_and_placeholders_are_no_credentials(name: str, value: str) -> None:
    assert secret_variables({name: value}) == ()


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"CI": GITHUB}, [("CI", "github pat")]),
        ({"NOTIFY": SLACK}, [("NOTIFY", "slack bot token")]),
        ({"PEM": PRIVATE_KEY}, [("PEM", "private key")]),
        ({"A": "x", "DSN": "postgres://app:kf8Hq2LmZp91@db.acme.io/o", "Z": "y"},
         [("DSN", "generic credential uri")]),
    ],
)  # fmt: skip
def test_a_form_tells_whatever_the_name(
    variables: dict[str, str], found: list[tuple[str, str]]
) -> None:
    assert [(one.name, one.kind) for one in secret_variables(variables)] == found
    assert not any(one.by_name for one in secret_variables(variables))


def test_a_key_is_known_by_its_neighbour() -> None:
    found = secret_variables({"ID": AWS_KEY_ID, "AWS_SECRET_ACCESS_KEY": AWS_SECRET})
    assert {one.name for one in found} == {"ID", "AWS_SECRET_ACCESS_KEY"}


@pytest.mark.parametrize("length", [8, 16, 32, 64, 128])
def test_random_passwords_from_all_printable_characters_are_found(length: int) -> None:
    chance = random.Random(length)  # noqa: S311 - they protect nothing
    passwords = ["".join(chance.choices(ALL_PRINTABLE, k=length)) for _ in range(400)]
    found = sum(bool(secret_variables({"DB_PASSWORD": password})) for password in passwords)
    assert found / len(passwords) >= 0.95


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JWT_PUBLIC_KEY", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"),
        ("DB_PASSWORD", "AQICAHh" + "a1B2c3D4" * 20),
        ("DB_PASSWORD", "<your password>"),
        ("DB_PASSWORD", "{password}"),
        ("DB_PASSWORD", "%(password)s"),
        ("DB_PASSWORD", "%PASSWORD%"),
        ("DB_PASSWORD", "$(get-secret db)"),
    ],
)
def test_what_is_public_encrypted_or_to_be_filled_in_is_none(name: str, value: str) -> None:
    assert secret_variables({name: value}) == ()


@given(st.text(min_size=8, max_size=40))
def test_no_result_repeats_a_value(value: str) -> None:
    found = secret_variables({"PASSWORD": value, "PLAIN": GITHUB})
    assert GITHUB not in repr(found)
    assert value not in repr(found) or value in "SecretVariable(name='PASSWORD', kind='password')"
