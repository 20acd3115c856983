"""Cutting what is sent or asked into what one call takes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """The items in their order, in lists of at most `size`; none is empty."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
