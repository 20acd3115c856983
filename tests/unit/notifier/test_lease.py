"""One notifier tells at a time, and nobody's news waits because another was at it."""

from datetime import timedelta

from functions.notifier.lease import Lease
from tests.unit.conftest import NOW, World

LASTS = timedelta(minutes=6)


def test_one_holds_it_at_a_time(world: World) -> None:
    first, second = Lease(world.warden.table, LASTS), Lease(world.warden.table, LASTS)
    assert first.take(NOW)
    assert not second.take(NOW)
    assert not first.give_back(), "the second left a flag: look once more"
    assert first.give_back()
    assert second.take(NOW)


def test_nobody_came_nothing_to_look_for_again(world: World) -> None:
    lease = Lease(world.warden.table, LASTS)
    assert lease.take(NOW)
    assert lease.give_back()
    assert lease.take(NOW)


def test_the_lease_of_a_dead_holder_ends(world: World) -> None:
    dead, heir = Lease(world.warden.table, LASTS), Lease(world.warden.table, LASTS)
    assert dead.take(NOW)
    assert not heir.take(NOW + LASTS - timedelta(seconds=1))
    assert heir.take(NOW + LASTS)
    assert heir.give_back()


def test_who_lost_it_to_time_gives_nothing_back(world: World) -> None:
    slow, heir = Lease(world.warden.table, LASTS), Lease(world.warden.table, LASTS)
    assert slow.take(NOW)
    assert heir.take(NOW + LASTS)
    assert slow.give_back(), "it is not his any more"
    assert not slow.take(NOW + LASTS), "the heir still holds it"
