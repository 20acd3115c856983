"""A bucket."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "warden-test"


@pytest.fixture(scope="module")
def s3_client() -> Iterator["S3Client"]:
    """An S3 of this process; a client takes longer to make than most tests."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        yield boto3.client("s3", region_name="us-east-1")


@pytest.fixture
def s3(s3_client: "S3Client") -> "S3Client":
    moto_api_backend.reset()
    s3_client.create_bucket(Bucket=BUCKET)
    return s3_client
