"""What a message needs to know besides its alerts, to link to where a person reads on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The deployment as a message's links need it.

    Attributes:
        now: When the message is made, aware.
        runbooks_url: Where the runbooks can be read; empty where nobody said.
        bucket: Warden's bucket, where whole evidence lies; empty where there is none.
        pictures: Links that expire, by the place (`s3://…`) that an alert's evidence names.
    """

    now: datetime
    runbooks_url: str = ""
    bucket: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
