"""Callers from outside, and the requests that they can bring about. Pure.

A policy is open to somebody when one request that they can make is let through. So requests are
made up from what the policy itself compares: for each condition key, the values that this caller
can have. What AWS sets (an account, an organization, a network) is another for somebody from
outside than the one that a policy names; what a caller chooses (a tag, a header) may be anything.

Source of the keys: IAM user guide, "AWS global condition context keys"; Service Authorization
Reference, "Actions, resources, and condition keys for AWS Lambda".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import product
from typing import Final, TypeAlias

from functions.scanner.exposure.conditions import variables_of
from functions.scanner.exposure.evaluate import Request
from functions.scanner.exposure.wildcards import has_wildcard, instances
from functions.shared.core.arn import FunctionArn
from functions.shared.core.policy_document import Policy

Values: TypeAlias = tuple[str, ...] | None
"""Values of one key in a request; None where it is not there."""

# Unlikely to be named by a policy, so that a made-up value fits nothing by accident.
_FILLER: Final = "w4rd3n7q9x"
# From networks that are for documentation and for benchmarks: nobody calls from there.
_ADDRESSES: Final = ("192.0.2.77", "198.18.0.77", "2001:db8::77")
# Nobody owns more than these: the largest blocks that registries ever gave to one holder.
_LARGEST_V4: Final = 8
_LARGEST_V6: Final = 19
_ACCOUNT_LENGTH: Final = 12
_ARN: Final = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}|):(.+)", re.DOTALL)
_BUCKET: Final = re.compile(r"[a-z0-9._-]{1,63}")
_SESSION: Final = re.compile(r"arn:([\w-]+):sts::(\d{12}):assumed-role/([^/]+)/.*")
_IDENTITY: Final = re.compile(r"(?:root|(?:user|role)/.+)")

NETWORK_KEYS: Final = frozenset({
    "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpceaccount",
    "aws:vpceorgid", "aws:vpceorgpaths", "aws:vpcsourceip",
})  # fmt: skip
"""Keys that say where a request comes from, and not from whom."""

_OF_ENDPOINTS: Final = NETWORK_KEYS - {"aws:sourceip"}
_OF_SOURCES: Final = frozenset({
    "aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "aws:sourceorgid",
    "aws:sourceorgpaths",
})  # fmt: skip
_OF_SERVICES: Final = frozenset({"aws:principalservicename", "aws:principalservicenameslist"})
_OF_IDENTITIES: Final = frozenset({
    "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
    "aws:userid", "aws:username",
})  # fmt: skip
# Made by AWS, so that two owners never have the same; with the form that they have.
_ASSIGNED: Final[Mapping[str, str]] = {
    "aws:principalorgid": f"o-{_FILLER}",
    "aws:sourceorgid": f"o-{_FILLER}",
    "aws:vpceorgid": f"o-{_FILLER}",
    "aws:principalorgpaths": f"o-{_FILLER}/r-{_FILLER}/ou-{_FILLER}/",
    "aws:sourceorgpaths": f"o-{_FILLER}/r-{_FILLER}/ou-{_FILLER}/",
    "aws:vpceorgpaths": f"o-{_FILLER}/r-{_FILLER}/ou-{_FILLER}/",
    "aws:sourcevpc": f"vpc-{_FILLER}",
    "aws:sourcevpce": f"vpce-{_FILLER}",
    "aws:ec2instancesourcevpc": f"vpc-{_FILLER}",
    "aws:userid": f"AROA{_FILLER}:{_FILLER}",
    "lambda:eventsourcetoken": f"token-{_FILLER}",
}
# Accounts may stand outside of any organization.
_OPTIONAL: Final = frozenset({
    "aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths",
    "aws:vpceorgid", "aws:vpceorgpaths", "lambda:eventsourcetoken", "aws:ec2instancesourcevpc",
})  # fmt: skip
_PATHS: Final = frozenset({
    "aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths",
})  # fmt: skip
# Resources of services that a caller has to own: their ARNs bear the owner's account.
_ARNS: Final[Mapping[str, str]] = {
    "aws:sourcevpcarn": "ec2:{region}:{account}:vpc/vpc-" + _FILLER,
    "ec2:sourceinstancearn": "ec2:{region}:{account}:instance/i-" + _FILLER,
    "lambda:sourcefunctionarn": "lambda:{region}:{account}:function:" + _FILLER,
}
# Where the name of a service's principal is not that in its ARNs.
_ARN_SERVICES: Final[Mapping[str, str]] = {"apigateway": "execute-api", "ses": "ses"}
_OWN_ORGANIZATION: Final = "o-thisaccountsown"


@dataclass(frozen=True, slots=True)
class Home:
    """Where the policy belongs.

    Attributes:
        function: The function.
        now: The time of the judgement.
        qualifier: Version or alias that the policy belongs to, empty for the function's own.
    """

    function: FunctionArn
    now: datetime
    qualifier: str = ""

    @property
    def resource(self) -> str:
        """ARN of what the policy belongs to."""
        return f"{self.function}:{self.qualifier}" if self.qualifier else str(self.function)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody from outside.

    Attributes:
        account: Their account; empty for those who need none, as a URL without authentication.
        service: The service that calls for that account; empty where they call themselves.
        named: Whether the policy names the account, which may so be in an organization it names.
        inside: Whether they call from the networks that the policy names.
        url: Authentication type of the function URL that they call; empty for the Lambda API.
    """

    account: str = ""
    service: str = ""
    named: bool = False
    inside: bool = False
    url: str = ""


def requests(policy: Policy, caller: Caller, action: str, home: Home) -> Iterator[Request]:
    """All requests of a caller that may make a difference to the policy."""
    compared = _compared(policy)
    resources = _resources(policy, home)
    for arn in _identities(policy, caller, home, compared.get("aws:principalarn", ())):
        for route in _routes(compared, caller):
            choices = [
                _choices(key, patterns, caller, home, arn) if key not in route else route[key]
                for key, patterns in compared.items()
            ]
            for chosen in product(*choices):
                context = {
                    key: values
                    for key, values in zip(compared, chosen, strict=True)
                    if values is not None
                }
                for resource in resources:
                    yield Request(action, resource, context, caller.account, arn, caller.service)


def _compared(policy: Policy) -> dict[str, tuple[str, ...]]:
    """What the policy compares each condition key with."""
    found: dict[str, dict[str, None]] = {}
    for statement in policy.statements:
        for condition in statement.conditions:
            found.setdefault(condition.key, {}).update(dict.fromkeys(condition.values))
            if policy.has_variables:
                for name in variables_of(condition.values):
                    found.setdefault(name, {})
    return {key: tuple(values) for key, values in found.items()}


def _resources(policy: Policy, home: Home) -> list[str]:
    """The function as the policy's owner names it, and versions of it that the policy names."""
    own = home.resource
    named = [
        instance
        for statement in policy.statements
        for resource in statement.resources
        if resource.startswith(f"{home.function}:") and not home.qualifier
        for instance in instances(resource, (_FILLER,), "1")
    ]
    return list(dict.fromkeys([own, *named]))


def _identities(policy: Policy, caller: Caller, home: Home, patterns: tuple[str, ...]) -> list[str]:
    """ARNs that a caller in an account can have."""
    if caller.service or not caller.account:
        return [""]
    start = f"arn:{home.function.partition}:iam::{caller.account}:"
    # A session's ARN stands for its role: that is the identity which keys tell of.
    named = [
        _SESSION.sub(r"arn:\1:iam::\2:role/\3", principal.name)
        for statement in policy.statements
        for principal in statement.principals
    ]
    fillings = (_FILLER, f"{start}role/{_FILLER}", caller.account, f"role/{_FILLER}", "")
    found = [
        instance
        for pattern in (*patterns, *named)
        for instance in instances(pattern, fillings, "x")
        if (match := _ARN.fullmatch(instance))
        and match[1] == caller.account
        and _IDENTITY.fullmatch(match[2])
    ]
    return list(dict.fromkeys([f"{start}role/{_FILLER}", *found]))


def _routes(
    compared: Mapping[str, tuple[str, ...]], caller: Caller
) -> list[dict[str, list[Values]]]:
    """The ways a request can take, each with the values that all its network keys then have."""
    nowhere: list[Values] = [None]
    if caller.service:
        return [dict.fromkeys(NETWORK_KEYS, nowhere)]
    routes: list[dict[str, list[Values]]] = [dict.fromkeys(_OF_ENDPOINTS, nowhere)]
    # Function URLs cannot be called through an endpoint of a VPC.
    if compared.keys() & NETWORK_KEYS and not caller.url:
        routes.append({"aws:sourceip": nowhere})
    return routes


def _choices(
    key: str, patterns: tuple[str, ...], caller: Caller, home: Home, arn: str
) -> list[Values]:
    """The values that one key can have in a request of this caller."""
    fixed = _fixed(key, caller, home, arn)
    if fixed is not None:
        return fixed
    if key == "aws:sourceip":
        return _addresses(patterns, inside=caller.inside)
    if key == "aws:vpcsourceip":
        # In a VPC of one's own, one has the private address that one likes.
        return _addresses(patterns, inside=True)
    literal = (caller.inside and key in NETWORK_KEYS) or (
        caller.named and key in {"aws:principalorgid", "aws:principalorgpaths",
                                 "aws:sourceorgid", "aws:sourceorgpaths"}
    )  # fmt: skip
    if key == "aws:sourcearn" or key in _ARNS:
        return _owned(key, patterns, caller, home, literal=literal)
    if key in _ASSIGNED:
        return _assigned(key, patterns, literal=literal)
    return _free(patterns)


def _fixed(key: str, caller: Caller, home: Home, arn: str) -> list[Values] | None:
    """The values of a key that the kind of the caller decides; None for other keys."""
    is_service = bool(caller.service)
    if key in _OF_SOURCES and not is_service:
        return [None]
    if key in _OF_IDENTITIES and (is_service or not caller.account):
        return [None]
    if key in _OF_SERVICES and not is_service:
        return [None]
    function = home.function
    values: dict[str, list[Values]] = {
        "aws:principalaccount": [(caller.account,)],
        "aws:principalarn": [(arn,)],
        "aws:sourceaccount": [(caller.account,)],
        "aws:sourceowner": [(caller.account,)],
        "aws:vpceaccount": [(caller.account,)],
        "aws:principalisawsservice": [("true" if is_service else "false",)],
        "aws:principalservicename": [(caller.service,)],
        "aws:principalservicenameslist": [(caller.service,)],
        "aws:principaltype": _types(caller),
        "aws:viaawsservice": [("false",)] if is_service or caller.url else [("false",), ("true",)],
        "aws:securetransport": [("true",)],
        "aws:currenttime": [(home.now.isoformat(),)],
        "aws:epochtime": [(str(int(home.now.timestamp())),)],
        "aws:requestedregion": [(function.region,)],
        "aws:resourceaccount": [(function.account,)],
        "aws:resourceorgid": [(_OWN_ORGANIZATION,)],
        "aws:resourceorgpaths": [(f"{_OWN_ORGANIZATION}/r-own/",)],
        "lambda:functionarn": [(str(function),)],
        "lambda:functionurlauthtype": [(caller.url,) if caller.url else None],
        "lambda:invokedviafunctionurl": [("true",)] if caller.url else [None, ("false",)],
    }
    if key == "aws:vpceaccount" and caller.inside:
        return None
    return values.get(key)


def _types(caller: Caller) -> list[Values]:
    if caller.service:
        return [("Service",)]
    if not caller.account:
        return [("Anonymous",)]
    return [(kind,) for kind in ("AssumedRole", "User", "Account", "FederatedUser")]


def _addresses(patterns: tuple[str, ...], *, inside: bool) -> list[Values]:
    found: list[str] = []
    for pattern in patterns:
        try:
            network = ip_network(pattern, strict=False)
        except ValueError:
            continue
        if inside or _is_nobodys(network):
            # Not the first one, which stands for the network itself.
            found.append(str(network[min(77, network.num_addresses - 1)]))
    return [(address,) for address in dict.fromkeys([*_ADDRESSES, *found])]


def _is_nobodys(network: IPv4Network | IPv6Network) -> bool:
    """Whether a network is too large to be anybody's own."""
    return network.prefixlen < (_LARGEST_V4 if network.version == 4 else _LARGEST_V6)


def _owned(
    key: str, patterns: tuple[str, ...], caller: Caller, home: Home, *, literal: bool
) -> list[Values]:
    """ARNs of what somebody of the caller's account can own."""
    function = home.function
    start = f"arn:{function.partition}:"
    if key in _ARNS:
        generic = start + _ARNS[key].format(region=function.region, account=caller.account)
    else:
        generic = _source(caller, home)
    rest = generic.split(":", 2)[2]
    fillings = (
        _FILLER,
        generic,
        rest,
        rest.partition(":")[2],
        caller.account,
        f"{caller.account}:{_FILLER}",
        function.region,
        "",
    )
    found = [
        instance
        for pattern in patterns
        for instance in instances(pattern, fillings, "x")
        if literal or _can_own(instance, pattern, caller.account)
    ]
    optional: list[Values] = [] if key == "aws:sourcearn" else [None]
    return [*optional, *((one,) for one in dict.fromkeys([generic, *found]))]


def _source(caller: Caller, home: Home) -> str:
    """The ARN of a resource through which the service can be made to call."""
    label = caller.service.partition(".")[0]
    start = f"arn:{home.function.partition}:{_ARN_SERVICES.get(label, label)}"
    if label == "s3":
        return f"{start}:::{_FILLER}"
    return f"{start}:{home.function.region}:{caller.account}:{_FILLER}"


def _can_own(arn: str, pattern: str, account: str) -> bool:
    """Whether somebody of an account can make a resource of this ARN.

    Names of buckets stand without an account: one that is named is its owner's, and a pattern of
    such names leaves room for a bucket of anybody.
    """
    match = _ARN.fullmatch(arn)
    if match is None:
        return False
    if match[1]:
        return match[1] == account
    return has_wildcard(pattern) and (":s3:" not in arn or _BUCKET.fullmatch(match[2]) is not None)


def _assigned(key: str, patterns: tuple[str, ...], *, literal: bool) -> list[Values]:
    generic = _ASSIGNED[key]
    found = [
        instance
        for pattern in patterns
        if literal or has_wildcard(_own_part(key, pattern))
        for instance in instances(pattern, (_FILLER, generic, ""), "x")
    ]
    optional: list[Values] = [None] if key in _OPTIONAL else []
    return [(generic,), *optional, *((one,) for one in dict.fromkeys(found))]


def _own_part(key: str, pattern: str) -> str:
    """The part of a value that AWS makes: of a path the organization, of a session its role."""
    if key in _PATHS:
        return pattern.partition("/")[0]
    return pattern.partition(":")[0] if key == "aws:userid" else pattern


def _free(patterns: tuple[str, ...]) -> list[Values]:
    """Any value, as far as it makes a difference: as the policy has it, another, or none."""
    found: dict[str, None] = {_FILLER: None}
    for pattern in patterns:
        found.update(dict.fromkeys(instances(pattern, (_FILLER, ""), "x")))
        try:
            number = Decimal(pattern)
        except InvalidOperation:
            continue
        found.update(dict.fromkeys(str(number + step) for step in (-1, 1)))
    return [None, *((one,) for one in found)]


def accounts_within(patterns: tuple[str, ...]) -> list[str]:
    """Accounts that patterns with wildcards leave room for."""
    found = []
    for pattern in patterns:
        if not has_wildcard(pattern):
            continue
        fixed = pattern.replace("*", "")
        missing = max(_ACCOUNT_LENGTH - len(fixed), 0)
        filled = pattern.replace("*", "7" * missing, 1).replace("*", "").replace("?", "7")
        if re.fullmatch(r"\d{12}", filled):
            found.append(filled)
    return found
