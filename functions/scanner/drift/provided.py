"""Packages that Lambda runtimes provide, which functions may leave out on purpose.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html and
https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html (looked up 2026-11).
"""

from typing import Final

_PYTHON: Final = frozenset({
    "boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3",
})  # fmt: skip


def provided_by(runtime: str, names: frozenset[str]) -> frozenset[str]:
    """Those of `names` that a runtime such as `python3.13` or `nodejs22.x` brings along."""
    if runtime.startswith("python"):
        return names & _PYTHON
    if runtime in {"nodejs12.x", "nodejs14.x", "nodejs16.x"}:
        return names & {"aws-sdk"}
    if runtime.startswith("nodejs"):
        return frozenset(
            name for name in names if name.startswith(("@aws-sdk/", "@smithy/", "@aws-crypto/"))
        )
    return frozenset()
