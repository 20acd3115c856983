"""The advisory sync reads advisories where they are published, and keeps the index of them."""

from typing import Final

from functions.shared.config import WardenConfig
from stacks.permissions.grant import Grant, literal
from stacks.permissions.roles.shared import (
    HAVE_TOLD,
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    LOSE_NO_CALL,
    TELL_OF_FUNCTIONS,
)

_ALWAYS: Final = (
    Grant(
        "KeepAdvisories",
        ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
        ("{bucket}/advisories/*",),
        "Publish a new advisory index, and remove one that nothing points to any more.",
        wildcard="Each index is an object of its own; the prefix is fixed.",
    ),
    Grant(
        "ListAdvisories",
        ("s3:ListBucket",),
        ("{bucket}",),
        "Learn that an object is missing (404), which S3 tells only those who may list.",
    ),
    KEEP_ALERTS,
    KEEP_EVIDENCE,
    HAVE_TOLD,
    TELL_OF_FUNCTIONS,
    LOSE_NO_CALL,
)


def grants(config: WardenConfig) -> tuple[Grant, ...]:
    """What it may do; mirrors that lie in S3 are read with its role."""
    return _ALWAYS + _advisory_source(config) + _catalogue_source(config)


def _advisory_source(config: WardenConfig) -> tuple[Grant, ...]:
    """Reading the mirror of the advisories, where they come from S3 and not from the web."""
    if (found := _in_s3(config.advisories.location)) is None:
        return ()
    place, prefix = found
    objects = f"{prefix}/*" if prefix else "*"
    return (
        Grant(
            "ReadAdvisorySource",
            ("s3:GetObject",),
            (f"{place}/{objects}",),
            "Read the advisories that `advisories.location` names.",
            wildcard="One export for each ecosystem; the prefix is fixed.",
        ),
    )


def _catalogue_source(config: WardenConfig) -> tuple[Grant, ...]:
    """Reading a mirror of the catalogue of exploited flaws, where it lies in S3."""
    if (found := _in_s3(config.advisories.known_exploited)) is None:
        return ()
    place, key = found
    return (
        Grant(
            "ReadKnownExploited",
            ("s3:GetObject",),
            (f"{place}/{key}",),
            "Read the catalogue that `advisories.known_exploited` names.",
        ),
    )


def _in_s3(location: str) -> tuple[str, str] | None:
    """ARN of the bucket and path in it, both for a pattern; None for a place that is not in S3."""
    scheme, _, rest = location.partition("://")
    if scheme != "s3":
        return None
    bucket, _, path = rest.partition("/")  # no bucket stands for Warden's own
    place = f"arn:{{partition}}:s3:::{literal(bucket)}" if bucket else "{bucket}"
    return place, literal(path)
