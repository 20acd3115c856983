"""A function's name as messages carry it, checked when one is read."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from functions.shared.core.arn import is_function_name


def _as_name(text: str) -> str:
    if not is_function_name(text):
        raise ValueError("expected a function's name")
    return text


FunctionName: TypeAlias = Annotated[str, AfterValidator(_as_name)]
