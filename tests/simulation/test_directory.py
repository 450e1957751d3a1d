"""People come into the directory and leave it while a case is open, and things go wrong with that."""

from __future__ import annotations

import os

from adapters.procedures import served
from tests.simulation.faults import NoFaults
from tests.simulation.lives import MainPath
from tests.simulation.trees import enumerated, violating

EVERY = int(os.environ.get("FAULTS_EVERY", "3"))
"""Every third in `make test`; FAULTS_EVERY=1 tries them all."""


def test_a_reviewer_is_succeeded_at_every_organisation() -> None:
    """Both changes are made through the pages, and the case goes on to its end with somebody else."""
    for organisation in served({}):
        for climbs in (False, True):
            course = MainPath(NoFaults(), organisation=organisation, climbs=climbs, with_newcomer=True)
            watch = course.live()
            assert not watch.violations
            assert len(watch.directories[organisation]) == 3
            assert all(account.destroyed for account in watch.accounts.values())


def test_a_process_is_a_minute_behind_and_no_more() -> None:
    """Whoever has left can do nothing any more minutes later, though the functions that they used before live on."""
    for organisation in served({}):
        course = MainPath(NoFaults(), organisation=organisation, with_newcomer=True, is_warm=True)
        watch = course.live()
        assert not watch.violations
        assert all(account.destroyed for account in watch.accounts.values())
        assert course.world.memories
        assert [act.action for act in course.town.acts if act.status == 403] == ["respond"]


def test_whatever_goes_wrong_with_a_succession_violates_nothing() -> None:
    """Everything that can go wrong in the pages of staff, and at each place of each other function once."""
    path = enumerated(with_newcomer=True)
    in_pages = [
        (number, kind) for number, function, _, kind in path.possible() if function == "StaffFunction"
    ]
    assert len(in_pages) > 150
    faults = sorted({*in_pages, *path.firsts()})
    violated = violating(faults[::EVERY], with_newcomer=True)
    assert not violated, violated[:5]
