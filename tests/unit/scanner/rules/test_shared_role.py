import pytest

from functions.scanner.rules.shared_role import check
from tests.unit.scanner.rules.known import facts, function, setting


@pytest.mark.parametrize(
    ("users", "fails"),
    [
        (["orders"], False),
        (["orders", "a"], False),
        (["a", "b", "orders"], True),
        (["a", "b", "orders", "c", "d"], True),
        (["a", "b", "c", "orders"], False),
        (["orders", "a", "b"], False),
    ],
)
def test_one_function_tells_of_a_role_shared_by_three_or_more(
    users: list[str], *, fails: bool
) -> None:
    verdict = check(facts(role_users=tuple(map(function, users))), setting())
    assert verdict.certain
    assert bool(verdict.findings) is fails


def test_the_limit_is_a_setting() -> None:
    users = tuple(map(function, ("a", "orders")))
    assert not check(facts(role_users=users), setting()).findings
    (finding,) = check(facts(role_users=users), setting(shared_role_functions=2)).findings
    assert finding.evidence["functions"] == ["a", "orders"]
