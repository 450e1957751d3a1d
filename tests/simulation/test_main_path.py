"""The main path, with everything that can go wrong at each of its points, one by one and in pairs."""

from __future__ import annotations

import os
from functools import partial

import pytest

from tests.simulation.faults import NoFaults, Planned
from tests.simulation.ground import spread
from tests.simulation.lives import MainPath
from tests.simulation.trees import enumerated, in_pairs, violating

EVERY = int(os.environ.get("FAULTS_EVERY", "4"))
"""Every fourth in `make test`, besides the first of its kind at each place; FAULTS_EVERY=1 tries them all."""
PAIRS_EVERY = int(os.environ.get("PAIRS_EVERY", "16"))
"""Every sixteenth fault with every sixteenth one after it in `make test`, which has to be quick; `make soak PAIRS=1`
tries all."""
PARTS = 12
"""For as many processes as there are."""


def test_a_life_without_faults_violates_nothing_and_ends() -> None:
    """From the form to the tombstone: everybody was told once, and nothing is left."""
    course = MainPath(NoFaults())
    world, watch = course.world, course.live()
    assert not watch.violations
    assert [True] == [account.destroyed for account in watch.accounts.values()]
    assert set(world.sent.values()) == {1}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_single_fault_on_the_main_path_violates_anything(part: int) -> None:
    """Each kind of fault at each point of the life of a complaint, from the form to the tombstone."""
    assert len(enumerated().those()) > 1000
    violated = violating(enumerated().sampled(every=EVERY)[part::PARTS])
    assert not violated, violated[:5]


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_two_faults_on_the_main_path_violate_anything(part: int) -> None:
    """Each kind of fault at each place of each function, and after it each other one."""
    firsts = enumerated().firsts()
    assert len(firsts) > 200
    mine = firsts[::PAIRS_EVERY][part::PARTS]
    pairs = [pair for found in spread(partial(in_pairs, every=PAIRS_EVERY), mine) for pair in found]
    assert pairs
    violated = [(plan, found) for plan, found in pairs if found]
    assert not violated, violated[:5]


def test_a_fault_on_a_copied_path_is_what_it_is_on_a_path_of_its_own() -> None:
    """The same mails at the same moments, and in the end the same calls were metered."""
    possible_ones = enumerated().those()
    for number, kind in possible_ones[:: len(possible_ones) // 12]:
        branched = enumerated().with_fault(number, kind)
        branched.live()
        alone = MainPath(Planned({number: kind}))
        alone.live()
        assert alone.world.faults.injected == branched.world.faults.injected
        assert [(one.at, one.person, one.notice) for one in alone.world.mails] == [
            (one.at, one.person, one.notice) for one in branched.world.mails
        ]
        assert alone.world.metered == branched.world.metered
