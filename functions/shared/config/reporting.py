"""`report` and `advisories`: what is written, and what is fetched, by schedule."""

from typing import Final

from pydantic import Field, field_validator

from functions.shared.config.block import Block

_OFF: Final = "off"


class AdvisorySource(Block):
    """Where advisories come from: OSV's exports over HTTPS, or a prefix of Warden's bucket."""

    location: str = Field(
        "https://osv-vulnerabilities.storage.googleapis.com",
        description="URL prefix laid out as ECOSYSTEM/all.zip, s3://bucket/prefix, or "
        "s3:///advisories/... for a prefix of Warden's own bucket.",
    )
    ecosystems: tuple[str, ...] = Field(
        ("PyPI", "npm", "Maven", "Go", "crates.io", "NuGet", "RubyGems"),
        description="Ecosystems whose exports are fetched, named as OSV names them.",
    )

    known_exploited: str = Field(
        "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
        description="Where CISA's catalogue of Known Exploited Vulnerabilities is: a URL, "
        "s3://bucket/key, s3:///advisories/... for an object of Warden's own bucket, or `off`. "
        "A mirror of it: https://raw.githubusercontent.com/cisagov/kev-data/develop/"
        "known_exploited_vulnerabilities.json.",
    )

    @field_validator("location")
    @classmethod
    def _is_a_prefix(cls, value: str) -> str:
        return _reachable(value).rstrip("/")

    @field_validator("known_exploited")
    @classmethod
    def _is_a_file(cls, value: str) -> str:
        if value == _OFF:
            return value
        if not _reachable(value).partition("://")[2].partition("/")[2] or value.endswith("/"):
            raise ValueError(f"{value!r} must name a file, or be {_OFF!r}")
        return value

    @property
    def wants_known_exploited(self) -> bool:
        """Whether the catalogue is fetched, and flaws that it lists are told apart."""
        return self.known_exploited != _OFF


def _reachable(value: str) -> str:
    if not value.startswith(("https://", "s3://")):
        raise ValueError(f"{value!r} must start with https:// or s3://")
    return value


class ReportPolicy(Block):
    """The page that shows the whole estate."""

    daily: bool = Field(
        True,  # noqa: FBT003 - pydantic's own shape
        description="Whether a report of the estate is written to Warden's bucket every day.",
    )
    hour: int = Field(5, ge=0, le=23, description="Hour of the report, in UTC.")
    keep_days: int = Field(90, ge=1, le=3650, description="Days that a report is kept.")
    functions: int = Field(
        2000,
        ge=0,
        le=20000,
        description="Functions that a report lists one by one, those with the worst alerts first; "
        "all others are counted.",
    )
