"""Policy files: what a good one means, and what is said of each kind of mistake."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.config import load_config
from functions.shared.policy import expression
from functions.shared.policy.agreement import disagreements
from functions.shared.policy.model import Policy
from functions.shared.policy.read import LARGEST, PolicyError, default_policy, read_policy
from functions.shared.policy.store import as_document
from functions.shared.policy.values import Form, in_form

GOOD = """\
version: 1
tags:
  owner: {value: email}
  environment: {value: environment, also: [env]}
  expiry: {value: date}
  tier: {one-of: [gold, silver]}
  ticket: {pattern: "OPS-[0-9]{1,6}"}
environments:
  production: {required: [owner]}
  lab:
    also: [test]
    required: [owner, expiry]
    lifetime: 2 weeks
known-by:
  - environment: lab
    name: "poc-*"
owned-by:
  - {owner: data, deployer: "deploy-data-*"}
exemptions:
  - arn: "*:function:legacy-*"
    reason: replaced in spring
    owner: platform
    expires: 2027-03-31
"""


def faults(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        read_policy(text.encode())
    return [str(one) for one in caught.value.faults]


def test_a_good_file_means_what_it_says() -> None:
    policy = read_policy(GOOD.encode())
    assert policy.environments["lab"].lifetime == timedelta(days=14)
    assert policy.meant_environment("TEST") == "lab"
    assert policy.exemptions[0].expires.isoformat() == "2027-03-31"


def test_the_default_is_good_and_survives_its_deployment() -> None:
    policy = default_policy()
    assert list(policy.environments) == ["production", "experimental", "back-office"]
    for one in (policy, read_policy(GOOD.encode())):
        assert Policy.model_validate_json(as_document(one)) == one


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("version: 1", "version: 2", "line 1: version: '2' is not known; write '1'"),
        ("version: 1\n", "", "line 1: version: missing; add it"),
        ("value: email", "valeu: email", "line 3: tags.owner.valeu: unknown; did you mean value?"),
        ("value: email", "value: mail", "line 3: tags.owner.value: 'mail' is none of 'any',"),
        ("value: email", "value: email, pattern: x", "line 3: tags.owner: value and pattern"),
        ("  owner: {value: email}\n", "", "line 2: tags: owner is missing; say what it may hold"),
        ("{value: date}", "{value: any}", "line 5: tags.expiry: is what Warden itself reads"),
        ("also: [env]", "also: [Owner]", "line 4: tags.environment: 'owner' stands for owner, too"),
        ("[gold, silver]", "gold", "line 6: tags.tier.one-of: 'gold' is no list; write ["),
        ("OPS-[0-9]{1,6}", "(", "line 7: tags.ticket: pattern: no regular expression"),
        ("OPS-[0-9]{1,6}", "(?=a)b", "line 7: tags.ticket: pattern: look-around and back"),
        ("OPS-[0-9]{1,6}", "(a{999}){999}", "line 7: tags.ticket: pattern: no regular"),
        ("[owner, expiry]", "[owner, expiry, cost]", "environments.lab.required: cost is no tag"),
        ("[owner, expiry]", "[owner]", "line 13: environments.lab.lifetime: needs expiry under"),
        ("2 weeks", "soon", "line 13: environments.lab.lifetime: write a number of days"),
        ("2 weeks", "0", "line 13: environments.lab.lifetime: write a number of days from 1"),
        ("2 weeks", "99999", "line 13: environments.lab.lifetime: write a number of days up"),
        ("also: [test]", "also: [Production]", "line 10: environments.lab: 'production' stands"),
        ("environment: lab", "environment: moon", "line 15: known-by.0.environment: 'moon' is"),
        ('    name: "poc-*"\n', "", "line 15: known-by.0: says by nothing; add account, name or"),
        (', deployer: "deploy-data-*"', "", "line 18: owned-by.0: says by nothing; add deployer"),
        ('"*:function:legacy-*"', '"*"', "line 20: exemptions.0: arn: exempts every function"),
        ('arn: "*:function:legacy-*"', "tag: a\n    account: '123456789012'", "name one of tag,"),
        ("2027-03-31", "in spring", "line 23: exemptions.0.expires: 'in spring' is no day; write"),
        ("replaced in spring", "x", "line 21: exemptions.0.reason: too short; say more"),
        ("    owner: platform\n", "", "line 20: exemptions.0.owner: missing; add it"),
        ("environments:\n  production: {required: [owner]}", "environments: all\nx:\n  y: {}",
         "line 8: environments: no keys stand below it"),
        ("known-by:\n", "known-by: [\n", "no YAML"),
        ("  expiry: {value: date}", "  expiry: {value: date}\n  expiry: {value: date}",
         "line 6: 'expiry' stands here twice; keep one"),
        ("value: email", "value: &a email", "line 3: an anchor, an alias or a tag"),
        ("value: email", "value: !!python/name:os.system x", "line 3: an anchor, an alias or a"),
        ("version: 1", "--- {}\n---\nversion: 1", "a second document; write one only"),
    ],
)  # fmt: skip
def test_each_kind_of_mistake_is_named_with_its_line_and_the_fix(
    was: str, now: str, said: str
) -> None:
    assert was in GOOD
    found = faults(GOOD.replace(was, now))
    assert any(said in one for one in found), found


def test_all_mistakes_are_named_at_once_in_the_order_of_their_lines() -> None:
    text = GOOD.replace("value: email", "value: mail").replace("2027-03-31", "spring")
    assert [one.partition(":")[0] for one in faults(text)] == ["line 3", "line 23"]


@pytest.mark.parametrize("text", ["", "- a", "x", "[" * 50_000, "a: " * 2000, "# " + "x" * LARGEST])
def test_what_is_no_policy_is_refused_and_ends_soon(text: str) -> None:
    assert len(faults(text)) >= 1


@given(st.binary(max_size=400))
def test_no_bytes_at_all_do_anything_but_be_refused(content: bytes) -> None:
    with pytest.raises(PolicyError):
        read_policy(content)


@given(st.text(max_size=40), st.text(max_size=80))
def test_a_pattern_is_refused_or_matches_without_an_error(pattern: str, text: str) -> None:
    if not expression.fault_of(pattern):
        expression.matches(pattern, text)


def test_a_pattern_takes_time_in_proportion_to_the_text() -> None:
    # Python's engine would not come back from this one.
    assert not expression.matches(r"(a|a)*(a|a)*(a+)+b", "a" * expression.LONGEST)


def test_a_text_longer_than_any_tag_matches_nothing() -> None:
    assert not expression.matches("a*", "a" * (expression.LONGEST + 1))


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        (Form.ANY, "x y", "\t "),
        (Form.EMAIL, "a.b+c@example.co.uk", "a@b"),
        (Form.TEAM_OR_EMAIL, "payments", "pay ments"),
        (Form.DATE, "2027-03-31", "20270331"),
        (Form.DATE, "2028-02-29", "2027-02-29"),
        (Form.DURATION, "90d", "0d"),
        (Form.DURATION, "2 weeks", "weeks"),
        (Form.COST_CENTRE, "CC-4711", "ours"),
        (Form.COST_CENTRE, "4711", "4711; rm"),
    ],
)
def test_the_forms_of_values(form: Form, right: str, wrong: str) -> None:
    assert in_form(form, right) is None
    assert in_form(form, wrong) is not None
    assert in_form(form, f"{right}\n") is not None or form is Form.ANY


def test_settings_that_name_an_environment_the_policy_lacks() -> None:
    config = load_config(
        {
            "guard": {"modes": {"moon": "enforce"}},
            "detector": {"signals": {"environments": {"moon": ["memory"], "lab": ["memory"]}}},
        }
    )
    found = disagreements(read_policy(GOOD.encode()), config)
    assert len(found) == 2
    assert "guard.modes names moon, and the policy has production, lab" in found[0]


def test_the_example_is_good() -> None:
    example = Path(__file__).parents[4] / "examples" / "tags_only" / "policy.yaml"
    assert "live" in read_policy(example.read_bytes()).environments
