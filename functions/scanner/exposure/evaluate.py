"""Whether a policy lets one request through: an Allow has to fit, and no Deny may. Pure.

Source: IAM user guide, "Policy evaluation logic". Only the resource's own policy is asked: callers
from elsewhere have whatever rights their own account gives them.
"""

import re
from dataclasses import dataclass
from typing import Final

from functions.scanner.exposure.conditions import Context, OperatorUnknownError, holds
from functions.scanner.exposure.wildcards import is_like
from functions.shared.core.policy_document import (
    ANYBODY,
    Policy,
    PolicyStatement,
    Principal,
    PrincipalKind,
)

_ACCOUNT: Final = re.compile(r"(?:arn:[\w-]+:iam::)?([0-9]{12})(?::root)?")
_SESSION: Final = re.compile(r"arn:([\w-]+):sts::([0-9]{12}):assumed-role/([^/]+)/.*")


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as the policy sees it.

    Attributes:
        action: What is asked for, for example `lambda:InvokeFunction`.
        resource: ARN of the function, or of its version or alias.
        context: The values of the condition keys.
        account: Account of the caller, empty for nobody in particular and for services.
        arn: ARN of the caller, as far as it is known.
        service: The service that calls, empty for others.
    """

    action: str
    resource: str
    context: Context
    account: str = ""
    arn: str = ""
    service: str = ""


def is_allowed(policy: Policy, request: Request) -> bool:
    """Whether the policy lets the request through."""
    applying = [one for one in policy.statements if applies(one, request, policy=policy)]
    return any(one.allows for one in applying) and all(one.allows for one in applying)


def applies(statement: PolicyStatement, request: Request, *, policy: Policy) -> bool:
    """Whether a statement is about a request.

    A condition that cannot be understood holds in an Allow and does not in a Deny: what is not
    known must not make a policy look tighter than it is.
    """
    if not _names(statement, request) or not _is_about(statement, request):
        return False
    for condition in statement.conditions:
        try:
            if not holds(condition, request.context, variables=policy.has_variables):
                return False
        except OperatorUnknownError:
            if not statement.allows:
                return False
    return True


def _is_about(statement: PolicyStatement, request: Request) -> bool:
    action = request.action.lower()
    acts = any(is_like(action, one.lower()) for one in statement.actions)
    if acts == statement.but_actions:
        return False
    if not statement.resources:
        return not statement.but_resources
    touches = any(is_like(request.resource, one) for one in statement.resources)
    return touches != statement.but_resources


def _names(statement: PolicyStatement, request: Request) -> bool:
    # One session of a role is less than the role: it opens like the role, and closes only itself.
    sessions = statement.allows != statement.but_principals
    named = any(_is_principal(one, request, sessions=sessions) for one in statement.principals)
    return named != statement.but_principals


def _is_principal(principal: Principal, request: Request, *, sessions: bool) -> bool:
    if principal.kind is None and principal.name == ANYBODY:
        return True
    if principal.kind is PrincipalKind.SERVICE or (
        principal.kind is None and ".amazonaws.com" in principal.name
    ):
        return bool(request.service) and is_like(request.service, principal.name)
    if principal.kind in {PrincipalKind.FEDERATED, PrincipalKind.CANONICAL_USER}:
        return False  # nobody calls Lambda as one
    if whole := _ACCOUNT.fullmatch(principal.name):
        return request.account == whole[1]
    session = _SESSION.fullmatch(principal.name)
    if session and not sessions:
        return False
    name = f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}" if session else principal.name
    return bool(request.arn) and is_like(request.arn, name)


def account_of(principal: Principal) -> str:
    """The account that a principal belongs to, empty where it names none."""
    if principal.kind not in {None, PrincipalKind.AWS}:
        return ""
    found = re.search(r"(?:^|:)([0-9]{12})(?=$|:)", principal.name)
    return found[1] if found else ""
