"""What the tag rules look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from functions.shared.core.arn import FunctionArn
from functions.shared.core.tool import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedFunction:
    """A function, its tags, and what else tells whose it is.

    Attributes:
        function: The function.
        tags: All of its tags, as read from AWS.
        stack: Name of the stack that made it; empty where none did.
        stack_tags: The tags of that stack; None where they could not be read or were not asked for.
        deployer: Who deployed it last: a role's session, a user; empty while unknown.
        repository: Where its code comes from, as its tag or the settings say.
        former_owner: Who owned the function of this name before.
        tool: What manages it, None where nothing tells of a tool.
    """

    function: FunctionArn
    tags: Mapping[str, str] = field(default_factory=dict)
    stack: str = ""
    stack_tags: Mapping[str, str] | None = None
    deployer: str = ""
    repository: str = ""
    former_owner: str = ""
    tool: Tool | None = None
