"""The steps on real AWS: Lambda's calls, and Warden's bucket."""

from functions.shared.aws.clients import Aws, ClientError, error_code
from functions.shared.core.arn import FunctionArn
from warden.removal import restore as putting_back
from warden.removal.archive import Archive, Store
from warden.removal.description import Description, describe
from warden.removal.restore import Restored


class Bucket:
    """Archives in a bucket."""

    def __init__(self, aws: Aws, name: str) -> None:
        """Know the bucket."""
        self._s3, self._name = aws.s3, name

    def put(self, key: str, content: bytes) -> None:
        """Write an object; S3 holds it against its digest as it comes in."""
        self._s3.put_object(Bucket=self._name, Key=key, Body=content, ChecksumAlgorithm="SHA256")

    def get(self, key: str) -> bytes | None:
        """Read an object; None where there is none."""
        try:
            content: bytes = self._s3.get_object(Bucket=self._name, Key=key)["Body"].read()
        except ClientError as error:
            if error_code(error) in {"NoSuchKey", "404"}:
                return None
            raise
        return content


class LambdaAccount:
    """The functions of an account, with the caller's own credentials."""

    def __init__(self, aws: Aws) -> None:
        """Know the clients."""
        self._aws = aws

    def describe(self, function: FunctionArn) -> Description | None:
        """Read a function whole; None where there is none."""
        return describe(self._aws, function)

    def delete(self, function: FunctionArn) -> None:
        """Delete a function and the event source mappings that Lambda would leave behind."""
        client = self._aws.lambda_
        pages = client.get_paginator("list_event_source_mappings").paginate(
            FunctionName=str(function)
        )
        for mapping in [one for page in pages for one in page["EventSourceMappings"]]:
            client.delete_event_source_mapping(UUID=mapping["UUID"])
        try:
            client.delete_function(FunctionName=str(function))
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise

    def restore(self, store: Store, archive: Archive, *, begun: bool) -> Restored:
        """Put a function back, and compare it with its archive."""
        return putting_back.restore(self._aws, store, archive, begun=begun)
