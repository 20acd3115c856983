"""The lockfiles that the CI of the sample estate uploads after each deployment."""

from demo.deployment.warden import Warden
from demo.estate.functions import ESTATE
from demo.estate.handlers import lockfile
from demo.local_aws import LocalAws


def give_lockfiles(aws: LocalAws, warden: Warden) -> None:
    """Upload the lockfile of each function that names its source."""
    bucket = aws.client("s3")
    for function in ESTATE:
        if source := function.tags.get("source"):
            key = f"lockfiles/{source}/package-lock.json"
            bucket.put_object(Bucket=warden.bucket, Key=key, Body=lockfile(function))
