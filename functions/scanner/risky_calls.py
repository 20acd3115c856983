"""Calls of Lambda's API that people should hear of, though no look at a function would show them.

Most of them change no function: they open a layer to others, loosen code signing, or start
machines. Pure; `sensitive` writes down what this decides. The members of requests are named as
CloudTrail names them: as in the API, with a small first letter.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions.shared.core.severity import Severity
from functions.shared.core.text import plain
from functions.shared.events.cloudtrail import Record, call_name

_ACCOUNT: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")
_EVERYBODY: Final = "*"


@dataclass(frozen=True, slots=True)
class Concern:
    """What is to be said of a call.

    Attributes:
        title: One line.
        reason: What it means, as a part of a sentence that names who made it.
        severity: How bad it is.
        remedy: What to do.
    """

    title: str
    reason: str
    severity: Severity
    remedy: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call opens, or ends.

    Attributes:
        thing: What the call is about, such as `layer agent:3`; what is said of it stands together.
        subject: Which of the thing's concerns it is; empty ends all of them.
        concern: What is to be said; None where that is over.
    """

    thing: str
    subject: str
    concern: Concern | None


def effect(record: Record, account: str, trusted: Collection[str]) -> Effect | None:
    """What a call opens or ends; None where it is none of those that are judged so.

    Args:
        record: CloudTrail's record of it.
        account: The account that is watched.
        trusted: Accounts that may have what it has.
    """
    judge = JUDGED.get(call_name(record.event_name))
    if judge is None or record.error_code or record.read_only:
        return None
    if record.event_source != "lambda.amazonaws.com":
        return None
    return judge(record.request or {}, record.response or {}, frozenset({account, *trusted}))


_Members = Mapping[str, Any]
_Judge = Callable[[_Members, _Members, frozenset[str]], Effect | None]


def _text(members: _Members, name: str) -> str:
    value = members.get(name)
    return plain(value, 300) if isinstance(value, str | int) and value != "" else ""


def _inner(members: _Members, name: str) -> _Members:
    value = members.get(name)
    return value if isinstance(value, Mapping) else {}


def _layer(request: _Members) -> str:
    name = _text(request, "layerName").rpartition(":layer:")[2]
    return f"layer {name}:{_text(request, 'versionNumber')}"


def _layer_opened(request: _Members, _: _Members, known: frozenset[str]) -> Effect | None:
    principal, layer = _text(request, "principal"), _layer(request)
    if principal == _EVERYBODY:
        if _text(request, "organizationId"):
            return None
        whom, severity = "every account of AWS", Severity.HIGH
    else:
        accounts = set(_ACCOUNT.findall(principal))
        if not accounts - known:
            return None
        whom, severity = f"account {', '.join(sorted(accounts - known))}", Severity.MEDIUM
    concern = Concern(
        title=f"{layer} is open to {whom}".capitalize(),
        reason=f"let {whom} download the code of {layer}",
        severity=severity,
        remedy="If that is not meant, remove the statement from the layer version's policy; what "
        "was downloaded meanwhile stays known. If it is, name the account in "
        "`scanner.trusted_accounts`, or waive this.",
    )
    return Effect(layer, _text(request, "statementId"), concern)


def _layer_closed(request: _Members, _: _Members, __: frozenset[str]) -> Effect:
    return Effect(_layer(request), _text(request, "statementId"), None)


def _signing(request: _Members, response: _Members, _: frozenset[str]) -> Effect | None:
    made = _inner(response, "codeSigningConfig")
    arn = _text(request, "codeSigningConfigArn") or _text(made, "codeSigningConfigArn")
    policies = _inner(request, "codeSigningPolicies") or _inner(made, "codeSigningPolicies")
    policy = _text(policies, "untrustedArtifactOnDeployment")
    if not arn or not policy:
        return None
    thing = f"code signing {arn.rpartition(':')[2]}"
    if policy == "Enforce":
        return Effect(thing, "", None)
    concern = Concern(
        title="Code signing only warns",
        reason=f"has {thing} accept code that nobody trusted has signed, with a warning",
        severity=Severity.MEDIUM,
        remedy="Set its policy to `Enforce` again, or waive this until it can be.",
    )
    return Effect(thing, "policy", concern)


def _signing_gone(request: _Members, _: _Members, __: frozenset[str]) -> Effect:
    name = _text(request, "codeSigningConfigArn").rpartition(":")[2]
    return Effect(f"code signing {name}", "", None)


def _function(request: _Members, response: _Members) -> str:
    named = _text(response, "functionArn") or _text(request, "functionName")
    return named.rpartition(":function:")[2].partition(":")[0] if ":function:" in named else named


def _unsigned(request: _Members, response: _Members, _: frozenset[str]) -> Effect:
    function = _function(request, response)
    concern = Concern(
        title=f"{function} needs no signed code any more",
        reason=f"took the code signing off {function}: it runs whatever is deployed",
        severity=Severity.MEDIUM,
        remedy="Attach its code-signing configuration again, or waive this.",
    )
    return Effect(f"signing of {function}", "signing", concern)


def _signed(request: _Members, response: _Members, _: frozenset[str]) -> Effect:
    return Effect(f"signing of {_function(request, response)}", "", None)


def _capacity(request: _Members, _: _Members, __: frozenset[str]) -> Effect | None:
    scaling = _inner(request, "capacityProviderScalingConfig")
    created = "instanceRequirements" in request or "vpcConfig" in request
    if not scaling and not created:
        return None
    provider = _text(request, "capacityProviderName").rpartition(":")[2]
    most = _text(scaling, "maxVCpuCount")
    room = f"up to {most} virtual processors" if most else "up to AWS's own limit"
    concern = Concern(
        title=f"Capacity provider {provider} runs machines {room}",
        reason=f"has capacity provider {provider} run EC2 instances of {room}, which are billed "
        "whether functions are called or not",
        severity=Severity.LOW,
        remedy="If that is not meant, lower `MaxVCpuCount`, or delete the capacity provider.",
    )
    return Effect(f"capacity provider {provider}", "size", concern)


def _capacity_gone(request: _Members, _: _Members, __: frozenset[str]) -> Effect:
    provider = _text(request, "capacityProviderName").rpartition(":")[2]
    return Effect(f"capacity provider {provider}", "", None)


def _scaling(request: _Members, response: _Members, _: frozenset[str]) -> Effect | None:
    most = _inner(request, "functionScalingConfig").get("maxExecutionEnvironments")
    function = _function(request, response)
    version = _text(request, "qualifier")
    thing = f"scaling of {function}{f':{version}' if version else ''}"
    if most != 0 or isinstance(most, bool):
        return Effect(thing, "", None)
    concern = Concern(
        title=f"{function} was scaled to nothing",
        reason=f"set {thing} to no execution environment at all: it answers nobody",
        severity=Severity.MEDIUM,
        remedy="If that is not meant, set `MaxExecutionEnvironments` to what it was.",
    )
    return Effect(thing, "stopped", concern)


def _mapping(request: _Members, response: _Members, _: frozenset[str]) -> Effect | None:
    enabled, uuid = request.get("enabled"), _text(request, "uUID") or _text(response, "uUID")
    thing = f"event source mapping {uuid}"
    if enabled is not False:
        return Effect(thing, "", None) if enabled is True else None
    source = _text(response, "eventSourceArn") or "its source"
    function = _function(request, response)
    concern = Concern(
        title=f"{function} takes nothing any more from a source",
        reason=f"switched {thing} off: {function} takes nothing any more from {source}, where "
        "messages wait, and are lost when their time is over",
        severity=Severity.LOW,
        remedy="If that is not meant, enable the event source mapping again.",
    )
    return Effect(thing, "off", concern)


def _mapping_gone(request: _Members, response: _Members, _: frozenset[str]) -> Effect:
    uuid = _text(request, "uUID") or _text(response, "uUID")
    return Effect(f"event source mapping {uuid}", "", None)


JUDGED: Final[Mapping[str, _Judge]] = {
    "AddLayerVersionPermission": _layer_opened,
    "RemoveLayerVersionPermission": _layer_closed,
    "DeleteLayerVersion": _layer_closed,
    "CreateCodeSigningConfig": _signing,
    "UpdateCodeSigningConfig": _signing,
    "DeleteCodeSigningConfig": _signing_gone,
    "PutFunctionCodeSigningConfig": _signed,
    "DeleteFunctionCodeSigningConfig": _unsigned,
    "CreateCapacityProvider": _capacity,
    "UpdateCapacityProvider": _capacity,
    "DeleteCapacityProvider": _capacity_gone,
    "PutFunctionScalingConfig": _scaling,
    "UpdateEventSourceMapping": _mapping,
    "DeleteEventSourceMapping": _mapping_gone,
}
"""The calls, without the date that CloudTrail puts behind their names."""
