"""A resource policy as IAM's grammar has it, with nothing left out of its statements. Pure.

Source: IAM user guide, "IAM JSON policy elements reference".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

# Policy variables came with this version; older documents take `${...}` literally.
_WITH_VARIABLES: Final = "2012-10-17"
ANYBODY: Final = "*"


class PolicyError(ValueError):
    """The text is no policy document; the message names the element."""


class PrincipalKind(StrEnum):
    """What a principal is, spelled as in a policy."""

    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody whom a statement names; a plain `*` is everybody, services too."""

    name: str
    kind: PrincipalKind | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: an operator, one key and its values.

    Attributes:
        operator: As written, with its set prefix and its `IfExists`.
        key: The condition key, in lower case: keys are not case-sensitive.
        values: What it is compared with; one of them has to fit, or none for negated operators.
    """

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyStatement:
    """One statement. Where `but` is true, the list names what is excepted (`NotPrincipal`, ...).

    Attributes:
        sid: Its id, empty where it has none.
        allows: Whether its effect is Allow.
        principals: Whom it is about.
        actions: What they do.
        resources: What they do it to; empty means the resource that the policy belongs to.
        conditions: All have to hold.
        but_principals: The principals are those that it is not about.
        but_actions: The actions are those that it is not about.
        but_resources: The resources are those that it is not about.
    """

    sid: str = ""
    allows: bool = True
    principals: tuple[Principal, ...] = ()
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    but_principals: bool = False
    but_actions: bool = False
    but_resources: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document; one without statements lets nobody in.

    Attributes:
        statements: In the order of the document.
        has_variables: Whether `${...}` in its values stands for a value of the request.
    """

    statements: tuple[PolicyStatement, ...] = ()
    has_variables: bool = True


def read_policy(text: str) -> Policy:
    """Read a policy document.

    Raises:
        PolicyError: It is none.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyError("no JSON") from error
    return policy_of(document)


def policy_of(document: object) -> Policy:
    """A policy document that was parsed as JSON.

    Raises:
        PolicyError: It is no policy document.
    """
    if not isinstance(document, dict):
        raise PolicyError("no JSON object")
    statements = tuple(map(_statement, _items(document.get("Statement"))))
    return Policy(statements, has_variables=document.get("Version") == _WITH_VARIABLES)


def _statement(statement: object) -> PolicyStatement:
    if not isinstance(statement, dict):
        raise PolicyError("Statement: no object")
    effect = statement.get("Effect")
    if effect not in {"Allow", "Deny"}:
        raise PolicyError("Effect: neither Allow nor Deny")
    principals, but_principals = _either(statement, "Principal")
    actions, but_actions = _either(statement, "Action")
    resources, but_resources = _either(statement, "Resource")
    return PolicyStatement(
        sid=str(statement.get("Sid", "")),
        allows=effect == "Allow",
        principals=_principals(principals),
        actions=_texts(actions),
        resources=_texts(resources),
        conditions=_conditions(statement.get("Condition")),
        but_principals=but_principals,
        but_actions=but_actions,
        but_resources=but_resources,
    )


def _either(statement: Mapping[str, Any], element: str) -> tuple[object, bool]:
    """An element, and whether it is there as its opposite."""
    negated = f"Not{element}"
    return (statement[negated], True) if negated in statement else (statement.get(element), False)


def _principals(value: object) -> tuple[Principal, ...]:
    if not isinstance(value, dict):
        return tuple(Principal(name) for name in _texts(value))
    found = []
    for kind, names in value.items():
        try:
            known = PrincipalKind(kind)
        except ValueError:
            raise PolicyError("Principal: a kind that is not known") from None
        # `{"AWS": "*"}` is the same as `*`: IAM user guide, "AWS JSON policy elements: Principal".
        everybody = known is PrincipalKind.AWS
        found += [
            Principal(name, None if everybody and name == ANYBODY else known)
            for name in _texts(names)
        ]
    return tuple(found)


def _conditions(value: object) -> tuple[Condition, ...]:
    if value is None:
        return ()
    if not isinstance(value, dict) or not all(isinstance(keys, dict) for keys in value.values()):
        raise PolicyError("Condition: no object of operators and keys")
    return tuple(
        Condition(str(operator), str(key).lower(), _texts(values))
        for operator, keys in value.items()
        for key, values in keys.items()
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _items(value))


def _text(item: object) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str | int | float):
        return str(item)
    raise PolicyError("a value is neither text, number nor truth value")


def _items(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
