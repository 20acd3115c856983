"""What is wrong with a document that was to be validated, without its values."""

from pydantic import ValidationError

from functions.shared.core.text import plain


def faults(error: ValidationError, whole: str) -> str:
    """Field and expectation of each fault, in one bounded line.

    Args:
        error: What pydantic says.
        whole: What the document is called; fields are named below it.
    """
    found = error.errors(include_input=False, include_url=False)
    shown = [".".join((whole, *map(str, item["loc"]))) + f": {item['msg']}" for item in found]
    return plain("; ".join(shown), 500)
