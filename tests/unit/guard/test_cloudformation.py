"""Where answers to CloudFormation may go."""

import pytest

from functions.guard.cloudformation import is_answer_address

S3 = "https://s3.eu-west-1.amazonaws.com"
_START = "https://cloudformation-custom-resource-response-"
BUCKET = "cloudformation-custom-resource-response-euwest1"


@pytest.mark.parametrize(
    "url",
    [
        f"https://{BUCKET}.s3-eu-west-1.amazonaws.com/arn%3Aaws?X-Amz-Signature=1",
        f"https://{BUCKET}.s3.eu-west-1.amazonaws.com/x",
        f"https://{BUCKET}.s3.amazonaws.com/x",
        f"https://s3.eu-west-1.amazonaws.com/{BUCKET}/x",
        f"https://{BUCKET}.s3.amazonaws.com:443/x",
    ],
)
def test_cloudformations_own_buckets_are(url: str) -> None:
    assert is_answer_address(url, region="eu-west-1", s3=S3)


@pytest.mark.parametrize(
    ("region", "s3", "url"),
    [
        (
            "cn-north-1",
            "https://s3.cn-north-1.amazonaws.com.cn",
            f"{_START}cnnorth1.s3.cn-north-1.amazonaws.com.cn/x",
        ),
        (
            "us-east-1",
            "https://s3.amazonaws.com",
            "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        ),
        (
            "eusc-de-east-1",
            "https://s3.eusc-de-east-1.amazonaws.eu",
            f"{_START}euscdeeast1.s3.eusc-de-east-1.amazonaws.eu/x",
        ),
        ("eu-west-1", "http://127.0.0.1:4566", "http://127.0.0.1:4566/_ministack/answer/1"),
    ],
)
def test_so_are_those_of_other_partitions_and_of_the_embedded_aws(
    region: str, s3: str, url: str
) -> None:
    assert is_answer_address(url, region=region, s3=s3)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "",
        "https://",
        "http://169.254.169.254/latest/meta-data",
        f"http://{BUCKET}.s3.amazonaws.com/x",
        f"https://{BUCKET}.s3.amazonaws.com.evil.example/x",
        f"https://evil.example/{BUCKET}.s3.amazonaws.com/x",
        f"https://{BUCKET}.s3.amazonaws.com@evil.example/x",
        f"https://{BUCKET}.s3.amazonaws.com:8443/x",
        f"https://{BUCKET}.s3.amazonaws.com:bad/x",
        "https://s3.eu-west-1.amazonaws.com/mine/x",
        f"https://s3.eu-west-1.amazonaws.com/{BUCKET}-mine/x",
        "https://mine.s3.eu-west-1.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        "http://127.0.0.1:4566/x",
        "https://[::1",
    ],
)
def test_nothing_else_is(url: str) -> None:
    assert not is_answer_address(url, region="eu-west-1", s3=S3)
