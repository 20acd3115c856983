"""`tags`: what the tags are called that every part of Warden reads."""

from pydantic import Field

from functions.shared.config.block import TAG_KEY, Block


class TagPolicy(Block):
    """What the three tags are called that every part reads, and when a new function is judged.

    What they may hold, and which functions need them, stands in the policy (docs/lifecycle.md).
    """

    owner_tag: str = Field(
        "owner", max_length=128, pattern=TAG_KEY, description="Tag that names the owner."
    )
    environment_tag: str = Field(
        "environment",
        max_length=128,
        pattern=TAG_KEY,
        description="Tag that names the environment.",
    )
    expiry_tag: str = Field(
        "expiry",
        max_length=128,
        pattern=TAG_KEY,
        description="Tag with the date of removal, as YYYY-MM-DD.",
    )
    grace_minutes: int = Field(
        15,
        ge=0,
        le=7 * 24 * 60,
        description="Time after a function was created, deployed or tagged in which its tags "
        "are not yet judged: many tools tag it in a second call.",
    )
