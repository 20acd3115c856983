"""Whether a condition holds for a request. Pure.

Source: IAM user guide, "IAM JSON policy elements: Condition operators", "Conditions with multiple
context keys or values", "Set operators for multivalued context keys", and "Variables and tags".
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address, ip_network
from typing import Final, TypeAlias

from functions.scanner.exposure.wildcards import is_arn_like, is_like
from functions.shared.core.policy_document import Condition

Context: TypeAlias = Mapping[str, tuple[str, ...]]
"""The request's values by condition key, in lower case; a key that is missing is not there."""

Fits: TypeAlias = Callable[[str, str], bool]


class OperatorUnknownError(ValueError):
    """A condition operator that IAM's grammar did not have when this was written."""


_VARIABLE: Final = re.compile(r"\$\{(\$|[^${}]*)\}")
_LITERAL: Final = {"*": "\ue000", "?": "\ue001", "$": "$"}
_RESTORED: Final = str.maketrans({"\ue000": "*", "\ue001": "?"})
_IF_EXISTS: Final = "ifexists"


def _number(text: str) -> Decimal:
    return Decimal(text)


def _moment(text: str) -> Decimal:
    """A date in ISO 8601, or seconds since 1970."""
    try:
        return Decimal(text)
    except InvalidOperation:
        read = datetime.fromisoformat(text)
        return Decimal(int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()))


def _ordered(read: Callable[[str], Decimal], holds: Callable[[Decimal, Decimal], bool]) -> Fits:
    def fits(given: str, wanted: str) -> bool:
        try:
            return holds(read(given), read(wanted))
        except (InvalidOperation, ValueError, OverflowError):
            return False

    return fits


def _in_network(given: str, wanted: str) -> bool:
    try:
        return ip_address(given) in ip_network(wanted, strict=False)
    except ValueError:
        return False


def _equal(given: str, wanted: str) -> bool:
    return given == wanted.translate(_RESTORED)


def _same_letters(given: str, wanted: str) -> bool:
    return given.lower() == wanted.translate(_RESTORED).lower()


def _like(given: str, wanted: str) -> bool:
    # What `${*}` stands for is no wildcard.
    if wanted.translate(_RESTORED) == wanted:
        return is_like(given, wanted)
    marked = given.replace("*", "\ue000").replace("?", "\ue001")
    return is_like(marked, wanted)


_COMPARISONS: Final[dict[str, Fits]] = {
    "stringequals": _equal,
    "stringequalsignorecase": _same_letters,
    "stringlike": _like,
    "numericequals": _ordered(_number, lambda a, b: a == b),
    "numericlessthan": _ordered(_number, lambda a, b: a < b),
    "numericlessthanequals": _ordered(_number, lambda a, b: a <= b),
    "numericgreaterthan": _ordered(_number, lambda a, b: a > b),
    "numericgreaterthanequals": _ordered(_number, lambda a, b: a >= b),
    "dateequals": _ordered(_moment, lambda a, b: a == b),
    "datelessthan": _ordered(_moment, lambda a, b: a < b),
    "datelessthanequals": _ordered(_moment, lambda a, b: a <= b),
    "dategreaterthan": _ordered(_moment, lambda a, b: a > b),
    "dategreaterthanequals": _ordered(_moment, lambda a, b: a >= b),
    "bool": _same_letters,
    "binaryequals": _equal,
    "ipaddress": _in_network,
    "arnequals": is_arn_like,  # the two are the same: both take wildcards
    "arnlike": is_arn_like,
}
_NEGATED: Final = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}


def holds(condition: Condition, context: Context, *, variables: bool = True) -> bool:
    """Whether a condition holds for a request.

    Args:
        condition: The condition.
        context: The request.
        variables: Whether `${...}` in its values stands for a value of the request.

    Raises:
        OperatorUnknownError: Its operator is not known.
    """
    prefix, _, rest = condition.operator.lower().rpartition(":")
    if prefix not in {"", "forallvalues", "foranyvalue"}:
        raise OperatorUnknownError(condition.operator)
    name = rest.removesuffix(_IF_EXISTS)
    given = context.get(condition.key)
    if name == "null":
        return any((given is None) == (value.lower() == "true") for value in condition.values)
    positive = _NEGATED.get(name, name)
    fits = _COMPARISONS.get(positive)
    if fits is None:
        raise OperatorUnknownError(condition.operator)
    negated = name != positive
    if given is None:
        if prefix == "foranyvalue":
            return rest.endswith(_IF_EXISTS)
        return negated or prefix == "forallvalues" or rest.endswith(_IF_EXISTS)
    wanted = _wanted(condition, context) if variables else condition.values
    matches = [any(fits(value, one) for one in wanted) != negated for value in given]
    if prefix == "foranyvalue":
        return any(matches)
    if prefix == "forallvalues" or negated:
        return all(matches)
    return any(matches)


def variables_of(values: tuple[str, ...]) -> set[str]:
    """The condition keys that stand as variables in values."""
    names = (match.partition(",")[0].strip() for one in values for match in _VARIABLE.findall(one))
    return {name.lower() for name in names if name not in _LITERAL}


def _wanted(condition: Condition, context: Context) -> tuple[str, ...]:
    """The values with their variables filled in; what cannot be filled in fits nothing."""
    filled = (_filled(value, context) for value in condition.values)
    return tuple(value for value in filled if value is not None)


def _filled(value: str, context: Context) -> str | None:
    if "${" not in value:
        return value
    pieces, end = [], 0
    for match in _VARIABLE.finditer(value):
        name, comma, default = match[1].partition(",")
        stands_for = _LITERAL.get(name)
        if stands_for is None:
            given = context.get(name.strip().lower(), ())
            if len(given) == 1:
                stands_for = given[0]
            elif comma:
                stands_for = default.strip().strip("'")
            else:
                return None
        pieces += [value[end : match.start()], stands_for]
        end = match.end()
    return "".join([*pieces, value[end:]])
