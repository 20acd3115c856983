"""Warden's own functions keep room for themselves where the account has it, and only there."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.config import OWN_CONCURRENCY, WardenConfig
from functions.shared.core.reading import Known, Reading, Unknown
from functions.sweep.keep_room import keep_room
from functions.sweep.own_room import AWS_MINIMUM, Room, decide
from tests.unit.conftest import World

NEEDED = sum(OWN_CONCURRENCY.values())
NOTHING: dict[str, Reading[int | None]] = dict.fromkeys(OWN_CONCURRENCY, Known(None))
ENOUGH = Known(1000)
DENIED = Unknown("asking: AccessDeniedException")


def room(
    present: Mapping[str, Reading[int | None]] = NOTHING,
    made: Mapping[str, int] | None = None,
    unreserved: Reading[int] = ENOUGH,
    *,
    wanted: bool = True,
    minimum: int = 100,
) -> Room:
    return decide(present, made or {}, unreserved, wanted=wanted, minimum=minimum)


@pytest.mark.parametrize(
    ("unreserved", "minimum", "fits"),
    [
        (10, 100, False),
        (100, 0, False),
        (NEEDED + 99, 0, False),
        (NEEDED + 100, 0, True),
        (NEEDED + 100, 101, False),
        (1000, 100, True),
    ],
)
def test_it_is_reserved_where_enough_stays_unreserved(
    unreserved: int, minimum: int, *, fits: bool
) -> None:
    decided = room(unreserved=Known(unreserved), minimum=minimum)
    assert decided.reserve == (OWN_CONCURRENCY if fits else {})
    assert ("have to" in decided.reason) != fits


@given(
    present=st.fixed_dictionaries(
        {part: st.sampled_from([None, 0, value, 7]) for part, value in OWN_CONCURRENCY.items()}
    ),
    unreserved=st.integers(0, 2000),
    minimum=st.integers(0, 500),
    wanted=st.booleans(),
)
def test_never_below_the_minimum_and_never_over_what_others_set(
    present: dict[str, int | None], unreserved: int, minimum: int, *, wanted: bool
) -> None:
    readings: dict[str, Reading[int | None]] = {
        part: Known(value) for part, value in present.items()
    }
    decided = room(readings, OWN_CONCURRENCY, Known(unreserved), wanted=wanted, minimum=minimum)
    for part in decided.reserve:
        assert present[part] is None
    for part in decided.release:
        assert present[part] == OWN_CONCURRENCY[part]
    left = unreserved - sum(decided.reserve.values())
    assert not decided.reserve or left >= max(minimum, AWS_MINIMUM)
    assert not (decided.reserve and decided.release)


def test_what_could_not_be_read_is_not_taken_for_enough() -> None:
    assert room(unreserved=DENIED).reserve == {}
    assert room({**NOTHING, "guard": DENIED}).reserve == {}


@pytest.fixture
def parts(world: World) -> World:
    for part in OWN_CONCURRENCY:
        world.create_function(f"lambda-warden-{part}")
    return world


def reserved(world: World) -> dict[str, Any]:
    client = world.warden.aws.lambda_
    return {
        part: client.get_function_concurrency(
            FunctionName=str(world.warden.own_function(part))
        ).get("ReservedConcurrentExecutions")
        for part in OWN_CONCURRENCY
    }


def switch(world: World, *, on: bool) -> None:
    config = WardenConfig.model_validate({"guard": {"own_concurrency": on}})
    world.warden.settings = world.warden.settings.model_copy(update={"config": config})


def leave(world: World, monkeypatch: pytest.MonkeyPatch, unreserved: int) -> None:
    answer = {"AccountLimit": {"UnreservedConcurrentExecutions": unreserved}}
    monkeypatch.setattr(world.warden.aws.lambda_, "get_account_settings", lambda: answer)


def test_it_is_kept_and_taken_back_with_the_setting(
    parts: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(parts, monkeypatch, 10)
    keep_room(parts.warden)
    assert set(reserved(parts).values()) == {None}
    leave(parts, monkeypatch, 1000)
    keep_room(parts.warden)
    assert reserved(parts) == OWN_CONCURRENCY
    assert keep_room(parts.warden).reserve == {}
    guard = str(parts.warden.own_function("guard"))
    parts.warden.aws.lambda_.put_function_concurrency(
        FunctionName=guard, ReservedConcurrentExecutions=40
    )
    switch(parts, on=False)
    keep_room(parts.warden)
    assert reserved(parts) == {"anomaly-detector": None, "guard": 40, "notifier": None}
    keep_room(parts.warden)
    assert reserved(parts)["guard"] == 40


def test_a_crash_in_between_is_made_good_and_still_undone(
    parts: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(parts, monkeypatch, 1000)
    put = parts.warden.aws.lambda_.put_function_concurrency

    def crash(**arguments: Any) -> Any:
        if arguments["FunctionName"].endswith("guard"):
            raise KeyboardInterrupt
        return put(**arguments)

    with monkeypatch.context() as broken:
        broken.setattr(parts.warden.aws.lambda_, "put_function_concurrency", crash)
        with pytest.raises(KeyboardInterrupt):
            keep_room(parts.warden)
    keep_room(parts.warden)
    assert reserved(parts) == OWN_CONCURRENCY
    switch(parts, on=False)
    keep_room(parts.warden)
    assert set(reserved(parts).values()) == {None}


def test_damaged_notes_are_no_ones_reservation(
    parts: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(parts, monkeypatch, 1000)
    for damaged in ("[", "[1]", '{"guard": "x"}', "7"):
        parts.warden.table.put({"pk": "OWN_CONCURRENCY", "sk": "MADE", "made": damaged})
        switch(parts, on=False)
        assert keep_room(parts.warden).release == frozenset()
