"""Who from outside is let in by a policy. Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from functions.scanner.exposure.callers import (
    NETWORK_KEYS,
    Caller,
    Home,
    accounts_within,
    requests,
)
from functions.scanner.exposure.evaluate import is_allowed
from functions.scanner.exposure.wildcards import is_like
from functions.shared.core.policy_document import (
    ANYBODY,
    Policy,
    PolicyStatement,
    PrincipalKind,
)

INVOKE: Final = "lambda:InvokeFunction"
INVOKE_URL: Final = "lambda:InvokeFunctionUrl"
# What does most harm in a stranger's hands; a policy's own actions are judged besides.
_ACTIONS: Final = (
    INVOKE, "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration",
    "lambda:AddPermission", "lambda:PutResourcePolicy", "lambda:GetFunction",
    "lambda:DeleteFunction",
)  # fmt: skip
_ACCOUNT: Final = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
# A policy has 20 KB at most; what needs more requests than these was made to need them.
_MOST_REQUESTS: Final = 20_000
ANY_SERVICE: Final = "any-service.amazonaws.com"
"""Stands for every service where a policy names none."""


class Who(StrEnum):
    """Who is let in."""

    EVERYBODY = "everybody"
    NETWORK = "everybody in a network"
    SERVICE = "a service, for any account"
    ACCOUNT = "an account"


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody from outside whom a policy lets in.

    Attributes:
        who: What kind of caller.
        name: The service or the account; empty for everybody.
        statements: Ids of the statements that let them in.
        actions: What they may do.
        by_service: The service through which an account is let in, empty where it calls itself.
        limits: What narrows them down: conditions on networks, as `key value`.
    """

    who: Who
    name: str = ""
    statements: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    by_service: str = ""
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Openings:
    """Everybody from outside whom a policy lets in.

    Attributes:
        found: Each kind of caller once, the widest first.
        complete: False when the policy asks for more requests to be tried than allowed.
    """

    found: tuple[Opening, ...] = ()
    complete: bool = True

    def of(self, who: Who) -> tuple[Opening, ...]:
        """Those of one kind."""
        return tuple(one for one in self.found if one.who is who)


@dataclass(slots=True)
class _Search:
    """The search through requests, with what is left of it."""

    policy: Policy
    home: Home
    left: int = _MOST_REQUESTS
    complete: bool = True
    denies: tuple[PolicyStatement, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.denies = tuple(one for one in self.policy.statements if not one.allows)

    def admitted(self, caller: Caller) -> list[tuple[PolicyStatement, str]]:
        """The statements that let a caller in, with an action each."""
        return [
            (statement, action)
            for statement in self.policy.statements
            if statement.allows
            for action in _actions(statement)
            if self._lets_in(statement, caller, action)
        ]

    def _lets_in(self, statement: PolicyStatement, caller: Caller, action: str) -> bool:
        alone = replace(self.policy, statements=(statement, *self.denies))
        # The URL's action is asked for as it is where there is a URL to call.
        if action.lower() == INVOKE_URL.lower():
            return any(
                self._try(alone, replace(caller, url=url), action) for url in ("AWS_IAM", "NONE")
            )
        return self._try(alone, caller, action)

    def _try(self, policy: Policy, caller: Caller, action: str) -> bool:
        for request in requests(policy, caller, action, self.home):
            self.left -= 1
            if self.left < 0:
                self.complete = False
                return False
            if is_allowed(policy, request):
                return True
        return False

    def reaches_url(self, caller: Caller, *, needs_both: bool) -> bool:
        """Whether a caller gets through a function URL, which asks for one or two actions."""
        for request in requests(self.policy, caller, INVOKE_URL, self.home):
            self.left -= 1
            if self.left < 0:
                self.complete = False
                return False
            if is_allowed(self.policy, request) and (
                not needs_both or is_allowed(self.policy, replace(request, action=INVOKE))
            ):
                return True
        return False


def openings(policy: Policy, home: Home, trusted: Collection[str] = ()) -> Openings:
    """Who from outside may use a function through the Lambda API, or through a service.

    Each statement tells of the widest callers only: who lets everybody in need not name accounts.

    Args:
        policy: The policy of the function, or of one of its versions or aliases.
        home: Where it belongs.
        trusted: Accounts that are not from outside; the function's own is always one.
    """
    search = _Search(policy, home)
    own = {home.function.account, *trusted}
    strangers = _strangers(policy, own)
    found: list[Opening] = []
    reported: set[int] = set()
    for who, callers in (
        (Who.EVERYBODY, [(Caller(one), "") for one in strangers]),
        (Who.NETWORK, [(Caller(one, inside=True), "") for one in strangers]),
        (Who.SERVICE, [(Caller(a, s), s) for s in _services(policy) for a in strangers]),
        (Who.ACCOUNT, _named_callers(policy, own)),
    ):
        fresh: set[int] = set()
        for caller, name in callers:
            hits = [hit for hit in search.admitted(caller) if id(hit[0]) not in reported]
            fresh |= {id(statement) for statement, _ in hits}
            if who in {Who.EVERYBODY, Who.NETWORK}:
                # Whom a URL lets in is judged with the URL.
                hits = [hit for hit in hits if hit[1].lower() != INVOKE_URL.lower()]
            if hits:
                found.append(_opening(who, name, caller, hits, policy))
        reported |= fresh
    return Openings(tuple(_merged(found)), search.complete)


def url_is_open(
    policy: Policy,
    auth_type: str,
    home: Home,
    *,
    needs_both: bool,
    trusted: Collection[str] = (),
    inside: bool = False,
) -> bool | None:
    """Whether anybody gets through a function URL: anybody at all, or anybody with an AWS account.

    Args:
        policy: The policy of what the URL belongs to.
        auth_type: `NONE` lets callers through that do not say who they are.
        home: Where the policy belongs.
        needs_both: Whether the URL asks for two permissions, as all do since November 2026.
        trusted: Accounts that are not from outside.
        inside: Whether callers in the networks that the policy names are asked about.

    Returns:
        None where the policy asks for more requests to be tried than allowed.
    """
    search = _Search(policy, home)
    own = {home.function.account, *trusted}
    accounts = _strangers(policy, own) if auth_type == "AWS_IAM" else [""]
    callers = [Caller(account, inside=inside, url=auth_type) for account in accounts]
    if any(search.reaches_url(caller, needs_both=needs_both) for caller in callers):
        return True
    return False if search.complete else None


def named_accounts(policy: Policy, own: Collection[str]) -> list[str]:
    """Accounts that the policy names anywhere, without those that are one's own."""
    texts = [
        text
        for statement in policy.statements
        for text in (
            *(principal.name for principal in statement.principals),
            *(value for one in statement.conditions for value in one.values),
        )
    ]
    found = dict.fromkeys(account for text in texts for account in _ACCOUNT.findall(text))
    return [account for account in found if account not in own]


def _strangers(policy: Policy, own: Collection[str]) -> list[str]:
    """Accounts that nobody named: one, and those that wildcards leave room for."""
    named = {*named_accounts(policy, own), *own}
    any_account = next(
        account for n in range(10**6) if (account := str(666677778888 - n)) not in named
    )
    values = [
        value
        for statement in policy.statements
        for one in statement.conditions
        for value in one.values
    ]
    parts = [part for value in values for part in [value, *value.split(":")[4:5]]]
    patterns = [part for part in parts if re.fullmatch(r"[0-9*?]{1,12}", part) and part != ANYBODY]
    within = [one for one in accounts_within(tuple(patterns)) if one not in named]
    return list(dict.fromkeys([any_account, *within]))


def _services(policy: Policy) -> list[str]:
    """The services that may be meant by the policy's principals and conditions."""
    named = [
        principal.name
        for statement in policy.statements
        if statement.allows
        for principal in statement.principals
        if principal.kind is PrincipalKind.SERVICE or principal.name.endswith(".amazonaws.com")
    ]
    compared = [
        value
        for statement in policy.statements
        for one in statement.conditions
        if one.key.startswith("aws:principalservicename")
        for value in one.values
    ]
    everybody = any(
        statement.allows
        and (statement.but_principals or any(p.name == ANYBODY for p in statement.principals))
        and statement.conditions
        for statement in policy.statements
    )
    return list(dict.fromkeys([*named, *compared, *([ANY_SERVICE] if everybody else [])]))


def _named_callers(policy: Policy, own: Collection[str]) -> list[tuple[Caller, str]]:
    return [
        (Caller(account, service, named=True, inside=True), account)
        for account in named_accounts(policy, own)
        for service in ("", *_services(policy))
    ]


def _actions(statement: PolicyStatement) -> list[str]:
    """What a statement allows, of what is worth asking for."""
    spelled = [action for action in statement.actions if "*" not in action and "?" not in action]
    possible = dict.fromkeys([*_ACTIONS, INVOKE_URL, *([] if statement.but_actions else spelled)])
    return [
        action
        for action in {one.lower(): one for one in reversed(possible)}.values()
        if any(is_like(action.lower(), one.lower()) for one in statement.actions)
        != statement.but_actions
    ]


def _opening(
    who: Who,
    name: str,
    caller: Caller,
    hits: list[tuple[PolicyStatement, str]],
    policy: Policy,
) -> Opening:
    statements = tuple(dict.fromkeys(statement.sid for statement, _ in hits))
    actions = tuple(sorted({action for _, action in hits}))
    limits = _limits([statement for statement, _ in hits], policy) if who is Who.NETWORK else ()
    by_service = caller.service if who is Who.ACCOUNT else ""
    return Opening(who, name, statements, actions, by_service, limits)


def _limits(statements: list[PolicyStatement], policy: Policy) -> tuple[str, ...]:
    """The conditions on networks that hold everybody else out, as people can read them."""
    denies = [one for one in policy.statements if not one.allows]
    return tuple(
        dict.fromkeys(
            f"{condition.key} {value}"
            for statement in [*statements, *denies]
            for condition in statement.conditions
            if condition.key in NETWORK_KEYS
            for value in condition.values
        )
    )


def _merged(found: list[Opening]) -> Iterator[Opening]:
    """Openings for the same caller as one."""
    by_caller: dict[tuple[Who, str], Opening] = {}
    for one in found:
        key = (one.who, one.name)
        before = by_caller.get(key)
        if before is None:
            by_caller[key] = one
            continue
        by_caller[key] = replace(
            before,
            statements=tuple(dict.fromkeys([*before.statements, *one.statements])),
            actions=tuple(sorted({*before.actions, *one.actions})),
            by_service=before.by_service and one.by_service,
        )
    yield from by_caller.values()
