from typing import Any

import pytest

from functions.scanner.role_rights import WideRight, wide_rights
from functions.scanner.rules.administrator_role import check
from functions.shared.core.severity import Severity
from tests.unit.scanner.rules.known import facts, setting


def _rights(**statement: Any) -> list[tuple[str, bool]]:
    document = {"Statement": [{"Effect": "Allow", "Resource": "*", **statement}]}
    return [(right.right, right.administrator) for right in wide_rights("p", document)]


@pytest.mark.parametrize(
    ("statement", "rights"),
    [
        ({"Action": "*"}, [("*", True)]),
        ({"Action": ["*:*"]}, [("*", True)]),
        ({"Action": "s3:*"}, [("s3:*", False)]),
        ({"Action": ["S3:*", "iam:*"]}, [("iam:*", True), ("s3:*", False)]),
        ({"Action": "s3:*", "Resource": "arn:aws:s3:::*"}, [("s3:*", False)]),
        ({"NotAction": ["iam:*", "sts:*"]}, [("all but iam:*, sts:*", True)]),
        ({"Action": "*", "Resource": None, "NotResource": "arn:aws:s3:::x"}, [("*", True)]),
        ({"Action": "s3:Get*"}, []),
        ({"Action": "s3:*", "Resource": "arn:aws:s3:::orders/*"}, []),
        ({"Action": "*", "Effect": "Deny"}, []),
        ({"Action": "*", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}, []),
        ({}, []),
    ],
)
def test_rights_over_everything_are_wide(
    statement: dict[str, Any], rights: list[tuple[str, bool]]
) -> None:
    assert _rights(**statement) == rights


def test_a_single_statement_need_not_be_in_a_list() -> None:
    document = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    assert wide_rights("p", document) == [WideRight("p", "*", administrator=True)]


@pytest.mark.parametrize(
    ("rights", "severity"),
    [
        ((WideRight("p", "*", administrator=True),), Severity.HIGH),
        ((WideRight("p", "s3:*", administrator=False),), Severity.MEDIUM),
    ],
)
def test_an_administrator_is_worse(rights: tuple[WideRight, ...], severity: Severity) -> None:
    (finding,) = check(facts(role_rights=rights), setting()).findings
    assert finding.severity is severity
    assert finding.reason.startswith("The role orders-role allows ")


def test_a_role_with_bounds_passes() -> None:
    verdict = check(facts(role_rights=()), setting())
    assert verdict.certain
    assert not verdict.findings
