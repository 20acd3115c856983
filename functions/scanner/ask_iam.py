"""What IAM says about an execution role.

Answers are kept for some minutes: many functions share roles, nearly all share the managed
policies, and IAM answers few calls a second.
"""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from functions.scanner.role_rights import WideRight, wide_rights
from functions.shared.aws.clients import ask
from functions.shared.core.reading import Reading
from functions.shared.core.text import plain

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

_KEEP_SECONDS: Final = 600.0


class RoleReader:
    """Reads the policies of roles.

    Args:
        client: IAM.
        clock: Seconds that only ever grow; tells when an answer is too old.
    """

    def __init__(self, client: "IAMClient", clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[float, tuple[WideRight, ...]]] = {}

    def rights(self, role: str) -> Reading[tuple[WideRight, ...]]:
        """The wide rights of a role, given its ARN, from all its policies together."""
        return ask(
            "reading the execution role",
            lambda: self._once(role, lambda: self._rights(role.rpartition("/")[2])),
        )

    def _rights(self, name: str) -> tuple[WideRight, ...]:
        rights: list[WideRight] = []
        for page in self._client.get_paginator("list_attached_role_policies").paginate(
            RoleName=name
        ):
            for policy in page["AttachedPolicies"]:
                rights += self._managed(policy.get("PolicyArn", ""))
        for inline in self._client.get_paginator("list_role_policies").paginate(RoleName=name):
            for policy_name in inline["PolicyNames"]:
                rights += self._inline(name, policy_name)
        return tuple(sorted(set(rights)))

    def _inline(self, role: str, policy: str) -> list[WideRight]:
        answer = self._client.get_role_policy(RoleName=role, PolicyName=policy)
        return wide_rights(plain(policy, 128), _document(answer["PolicyDocument"]))

    def _managed(self, arn: str) -> tuple[WideRight, ...]:
        def read() -> tuple[WideRight, ...]:
            version = self._client.get_policy(PolicyArn=arn)["Policy"].get("DefaultVersionId", "")
            answer = self._client.get_policy_version(PolicyArn=arn, VersionId=version)
            document = _document(answer["PolicyVersion"].get("Document", {}))
            return tuple(wide_rights(plain(arn.rpartition("/")[2], 128), document))

        return self._once(arn, read)

    def _once(self, key: str, read: Callable[[], tuple[WideRight, ...]]) -> tuple[WideRight, ...]:
        at, value = self._known.get(key, (float("-inf"), ()))
        if self._clock() - at > _KEEP_SECONDS:
            at, value = self._clock(), read()
            self._known[key] = (at, value)
        return value


def _document(value: object) -> dict[str, object]:
    """A policy document; the API gives URL-encoded JSON, which the SDK usually decodes."""
    document = json.loads(unquote(value)) if isinstance(value, str) else value
    return document if isinstance(document, dict) else {}
