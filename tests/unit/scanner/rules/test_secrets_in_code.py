from functions.scanner.rules import secrets_in_code, unread_contents
from functions.scanner.secrets.found import CodeSecrets, SecretPlace
from functions.shared.core.packages import Inventory
from tests.unit.scanner.rules.known import facts, setting

_KEY = SecretPlace("app/settings.py", 12, "private key")


def test_searched_code_without_credentials_passes() -> None:
    verdict = secrets_in_code.check(facts(code_secrets=CodeSecrets()), setting())
    assert verdict.certain
    assert not verdict.findings


def test_the_place_and_the_kind_are_told() -> None:
    found = CodeSecrets((_KEY, SecretPlace("app/settings.py", 40, "slack bot token")))
    (finding,) = secrets_in_code.check(facts(code_secrets=found), setting()).findings
    assert finding.evidence["places"] == [
        "app/settings.py:12 (private key)",
        "app/settings.py:40 (slack bot token)",
    ]


def test_a_credential_that_only_moved_is_no_news() -> None:
    digests = {
        secrets_in_code.check(facts(code_secrets=CodeSecrets((place,))), setting())
        .findings[0]
        .digest
        for place in (_KEY, SecretPlace("app/settings.py", 99, "private key"))
    }
    assert len(digests) == 1


def test_code_that_was_not_searched_to_its_end_does_not_pass() -> None:
    for secrets in (CodeSecrets(unread=("big.json: too large",)), CodeSecrets(complete=False)):
        verdict = secrets_in_code.check(facts(code_secrets=secrets), setting())
        assert (verdict.findings, verdict.certain) == ((), False)


def test_what_was_not_searched_is_told_with_what_was_not_read() -> None:
    known = facts(code_secrets=CodeSecrets(unread=("a.json: too large",)), inventory=Inventory())
    (finding,) = unread_contents.check(known, setting()).findings
    assert "not searched for credentials: a.json: too large" in finding.reason
