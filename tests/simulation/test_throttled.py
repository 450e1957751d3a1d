"""Fifty complaints in one second, of which Lambda turns most away at first: nothing is lost, nothing waits longer than
a sweep."""

from __future__ import annotations

from collections import Counter
from random import Random

from adapters.procedures import served
from tests.simulation.faults import NoFaults
from tests.simulation.installation import installed
from tests.simulation.invariants import Watch
from tests.simulation.lives import START
from tests.simulation.people import Town, submission
from tests.simulation.times import MINUTE
from tests.simulation.world import SWEEP_EVERY, World

MANY = 50
AT_ONCE = 10
"""A new account's functions that run at the same moment."""


def test_fifty_complaints_in_a_second_are_fifty_cases() -> None:
    """Whoever is turned away sends the same form again, with the same key. Everybody has their receipt, and the office
    its mails and its list, before another sweep is over."""
    world = World(50, faults=NoFaults(), start=START)
    world.keeps_lists = True
    town = Town(world, Random("fifty"))
    watch = Watch(world, town)
    turned_away: list[str] = []

    def is_full(name: str) -> bool:
        """In the first minutes no more than ten start in a second, whatever they are for."""
        if world.now > START.timestamp() + 3 * MINUTE:
            return False
        started = sum(1 for moment in starts if world.now - moment < 1)
        if started >= AT_ONCE:
            turned_away.append(name)
            return True
        starts.append(world.now)
        return False

    starts: list[float] = []
    with installed(world):
        world.sweep()
        world.turns_away = is_full
        organisation = served({})[0]
        for number in range(MANY):
            one = submission(organisation, Random(number), today=world.utc().date(), number=number)
            town.submitted.append(one)
            world.after(number / MANY, "person", "send_later", number, owner="town")
        world.run(world.now + 3 * MINUTE)
        assert len(turned_away) > MANY
        world.run(world.now + 2 * SWEEP_EVERY + 12 * MINUTE)
        watch.at_rest()
    assert not watch.violations, watch.violations[:3]
    assert len(watch.accounts) == len({one.reference for one in town.submitted}) == MANY
    told = Counter(mail.ref for mail in world.mails if mail.notice in ("receipt", "acknowledgement"))
    assert set(told) == {one.reference for one in town.submitted}
    assert set(told.values()) == {1}
