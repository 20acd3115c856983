"""What a person can do by hand to hold a function back, with what was set before and the undo."""

from functions.shared.core.arn import FunctionArn
from functions.shared.core.reading import Known, Reading
from functions.shared.core.text import plain


def limit_by_hand(function: FunctionArn, reserved: Reading[int | None], value: str = "0") -> str:
    """The command that limits a function, how to undo it, and what it does to queued events.

    Args:
        function: The function.
        reserved: Its reserved concurrency now; a known None where it has none.
        value: The reserved concurrency to set: a number, or a letter that stands for one.
    """
    place = f"--region {function.region} --function-name {function.name}"
    command = (
        f"aws lambda put-function-concurrency {place} --reserved-concurrent-executions {value}."
    )
    delete = f"aws lambda delete-function-concurrency {place}"
    put = f"aws lambda put-function-concurrency {place} --reserved-concurrent-executions"
    if not isinstance(reserved, Known):
        before = (
            f"What is reserved now could not be read ({plain(reserved.cause, 200)}): note it "
            f"first: aws lambda get-function-concurrency {place}. To undo it, set the same number "
            f"again; where nothing was reserved: {delete}"
        )
    elif reserved.value is None:
        before = f"Its reserved concurrency was none; to undo that: {delete}"
    else:
        before = f"Its reserved concurrency was {reserved.value}; to undo that: {put} "
        before += f"{reserved.value}"
    at_zero = (
        " At 0 every call is refused, and AWS does not try asynchronous events again: those "
        "already queued are lost where no destination for failures or dead-letter queue keeps them."
        if value == "0"
        else ""
    )
    return f"{command}{at_zero} {before}"
