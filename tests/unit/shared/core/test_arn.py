"""Function identities, however AWS or a person spelled them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.core.arn import FunctionArn, is_function_name, qualifier_of

ACCOUNT, REGION = "123456789012", "eu-west-1"
ORDERS = FunctionArn("aws", REGION, ACCOUNT, "orders")

arns = st.builds(
    FunctionArn,
    partition=st.just("aws"),
    region=st.sampled_from(["us-east-1", "eu-central-2", "ap-southeast-4", "mx-central-1"]),
    account=st.from_regex(r"[0-9]{12}", fullmatch=True),
    name=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
)


@given(arns, st.sampled_from(["", ":7", ":$LATEST", ":live"]))
def test_a_full_arn_is_read_back_without_its_qualifier(arn: FunctionArn, qualifier: str) -> None:
    assert FunctionArn.parse(f"{arn}{qualifier}") == arn
    assert qualifier_of(f"{arn}{qualifier}") == qualifier.removeprefix(":")


@pytest.mark.parametrize(
    "text",
    [
        "orders",
        "orders:live",
        f"{ACCOUNT}:function:orders",
        f"{ACCOUNT}:function:orders:$LATEST",
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders:12",
    ],
)
def test_every_spelling_names_the_same_function(text: str) -> None:
    assert FunctionArn.parse(text, account=ACCOUNT, region=REGION) == ORDERS


def test_an_arn_knows_better_than_its_surroundings() -> None:
    assert FunctionArn.parse(str(ORDERS), account="9" * 12, region="us-east-1") == ORDERS


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
        ("us-east-1", "aws"),
    ],
)
def test_a_region_belongs_to_its_partition(region: str, partition: str) -> None:
    arn = FunctionArn.parse("orders", account=ACCOUNT, region=region)
    assert arn.partition == partition
    assert FunctionArn.parse(str(arn)) == arn


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "orders\n",
        "<script>",
        "x" * 141,
        "arn:aws:s3:::bucket",
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:orders:1",
        f"arn:aws:lambda:{REGION}:١٢٣٤٥٦٧٨٩٠١٢:function:orders",
        f"arn:aws:lambda:EU WEST:{ACCOUNT}:function:orders",
    ],
)
def test_what_names_no_function_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no function name or ARN"):
        FunctionArn.parse(text, account=ACCOUNT, region=REGION)


@pytest.mark.parametrize(
    ("account", "region"),
    [("", REGION), (ACCOUNT, ""), ("me", REGION), (ACCOUNT, "eu-west-1\n<b>"), ("1" * 13, REGION)],
)
def test_a_bare_name_needs_a_real_account_and_region(account: str, region: str) -> None:
    with pytest.raises(ValueError, match="needs an account"):
        FunctionArn.parse("orders", account=account, region=region)


def test_names_of_edge_replicas_are_no_function_names() -> None:
    assert is_function_name("orders")
    assert not is_function_name("us-east-1.orders")
