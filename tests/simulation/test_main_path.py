"""The main path, with everything that can go wrong at each of its points, one by one."""

from __future__ import annotations

import os

import pytest

from tests.simulation.faults import Kind, NoFaults, Planned, Recorded, possible
from tests.simulation.ground import spread
from tests.simulation.lives import main_path

EVERY = int(os.environ.get("FAULTS_EVERY", "4"))
"""Every fourth fault in `make test`, which has to be quick; FAULTS_EVERY=1 tries them all, in two minutes."""


def points() -> list[tuple[int, str]]:
    """Every point of the main path at which something can go wrong, and what it is."""
    recorded = Recorded()
    main_path(recorded)
    return [(number, place) for number, (place, _) in enumerate(recorded.places, 1) if place]


def plans() -> list[dict[int, Kind]]:
    return [{number: kind} for number, place in points() for kind in possible(place)]


def lived(plan: dict[int, Kind]) -> tuple[dict[int, Kind], list[str]]:
    """What was violated on the main path with these faults."""
    _, watch = main_path(Planned(plan))
    return plan, [str(one) for one in watch.violations]


def test_a_life_without_faults_violates_nothing_and_ends() -> None:
    """From the form to the tombstone: everybody was told once, and nothing is left."""
    world, watch = main_path(NoFaults())
    assert not watch.violations
    assert [True] == [account.destroyed for account in watch.accounts.values()]
    assert set(world.sent.values()) == {1}


@pytest.mark.timeout(600)
def test_no_single_fault_on_the_main_path_violates_anything() -> None:
    """Each kind of fault at each point of the life of a complaint, from the form to the tombstone."""
    possible_ones = plans()
    assert len(possible_ones) > 1000
    chosen = possible_ones[::EVERY]
    violated = [(plan, found) for plan, found in spread(lived, chosen) if found]
    assert not violated, violated[:5]
