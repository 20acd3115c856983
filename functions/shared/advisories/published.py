"""Where the advisory index stands in S3: content-addressed objects, and one pointer to the newest.

The pointer is written last, so a reader sees either the previous index or the whole new one.
"""

from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

PREFIX: Final = "advisories/"
POINTER: Final = f"{PREFIX}latest.json"


class Published(BaseModel):
    """The content of the pointer.

    Attributes:
        key: Key of the index object.
        version: SHA-256 of the index, hexadecimal.
        built_at: When it was built.
        checked_at: When each ecosystem's source was last asked successfully.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    version: str
    built_at: AwareDatetime
    checked_at: dict[str, AwareDatetime]
