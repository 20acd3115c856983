"""What tells whose a function is: its tags, its stack, its record."""

from collections.abc import Mapping

from functions.shared.aws.clients import ask
from functions.shared.core.reading import Known, Reading
from functions.shared.core.tool import STACK_TAG, Tool, tool_of_agent, tool_of_tags
from functions.shared.events.change import ChangeKind, FunctionChange
from functions.shared.policy.model import Policy
from functions.shared.runtime.deployment import Deployment
from functions.shared.state.records import FunctionRecord
from functions.tag_enforcer.tagged import TaggedFunction
from functions.tag_enforcer.understand import understand

_DEPLOYS = frozenset({ChangeKind.CREATED, ChangeKind.CODE, ChangeKind.CONFIGURATION})


class Stacks:
    """The tags of stacks, each read once a batch: a stack's functions change together."""

    def __init__(self, warden: Deployment) -> None:
        """Read nothing yet."""
        self.warden = warden
        self._known: dict[str, Mapping[str, str] | None] = {}

    def tags(self, stack: str) -> Mapping[str, str] | None:
        """The tags of a stack; None where they cannot be read.

        Raises:
            ClientError: AWS could not answer now; deliver the event again.
        """
        if stack not in self._known:
            client = self.warden.aws.cloudformation
            answer = ask(
                "reading the tags of the stack",
                lambda: client.describe_stacks(StackName=stack)["Stacks"][0].get("Tags", []),
            )
            self._known[stack] = (
                {tag["Key"]: tag["Value"] for tag in answer.value}
                if isinstance(answer, Known)
                else None
            )
        return self._known[stack]


def gather(
    change: FunctionChange,
    tags: Reading[Mapping[str, str]],
    record: FunctionRecord,
    policy: Policy,
    stacks: Stacks,
) -> Reading[TaggedFunction]:
    """Everything that the judgement of a function's tags rests on; unknown where its tags are.

    The stack is asked only where the function's own tags do not say everything.

    Raises:
        ClientError: AWS could not answer now; deliver the event again.
    """
    if not isinstance(tags, Known):
        return tags
    own, warden = tags.value, stacks.warden
    config = warden.config
    said = understand(own, policy, config.tags)
    stack = own.get(STACK_TAG, "")
    is_silent = not (said["owner"].meant and said["environment"].meant)
    return Known(
        TaggedFunction(
            function=change.function,
            tags=own,
            stack=stack,
            stack_tags=stacks.tags(stack) if stack and is_silent else None,
            deployer=_deployer(change, record),
            repository=own.get(config.scanner.source_tag, ""),
            former_owner=record.former_owner,
            tool=_tool(own, change, record, warden),
        )
    )


def _deployer(change: FunctionChange, record: FunctionRecord) -> str:
    if change.kind in _DEPLOYS and change.actor.arn:
        return change.actor.name
    return record.deployed_by


def _tool(
    tags: Mapping[str, str], change: FunctionChange, record: FunctionRecord, warden: Deployment
) -> Tool | None:
    """What manages the function: its tags say, else who deployed it last, which is remembered."""
    if found := tool_of_tags(tags):
        return found
    if change.kind in _DEPLOYS and change.actor.tool:
        made = tool_of_agent(change.actor.tool)
        if (made or "") != record.tool:
            warden.records.remember_tool(change.function, made or "")
        return made
    return Tool(record.tool) if record.tool in set(Tool) else None
