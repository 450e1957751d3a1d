"""A holiday becomes known, or a new version of a procedure, while a case is open, and things go wrong with that."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from adapters.procedures import served
from tests.simulation.bundles import FIRST, Bundle
from tests.simulation.faults import NoFaults
from tests.simulation.lives import START, MainPath
from tests.simulation.mutants import WAYS
from tests.simulation.repair import OPERATOR
from tests.simulation.times import DAY
from tests.simulation.trees import enumerated, violating
from tests.simulation.world import Invocation, World

EVERY = int(os.environ.get("FAULTS_EVERY", "60"))
"""Every sixtieth in `make test`, besides the first of its kind at each place; FAULTS_EVERY=1 tries them all."""


def test_a_holiday_is_announced_at_every_organisation() -> None:
    """The case is counted again, and goes on to its end."""
    counted_again = 0
    for organisation in served({}):
        course = MainPath(NoFaults(), organisation=organisation, holiday_in=2)
        watch = course.live()
        assert not watch.violations
        assert all(account.destroyed for account in watch.accounts.values())
        counted_again += any(mail.notice == "dates-recounted" for mail in course.world.mails)
    # A date that is counted in calendar days or is over before the holiday stays as it is.
    assert counted_again >= 3


def test_a_case_stays_on_the_version_that_it_was_opened_under() -> None:
    """A longer procedure is released while it is open, and no date moves."""
    for organisation in served({}):
        course = MainPath(NoFaults(), organisation=organisation, with_release=True)
        watch = course.live()
        assert not watch.violations
        assert all(account.destroyed for account in watch.accounts.values())
        assert course.world.bundle.load(organisation).version == 2


@pytest.mark.parametrize("way", ["a holiday", "a holiday before a reminder"])
def test_whatever_goes_wrong_with_a_holiday_violates_nothing(way: str) -> None:
    """Everything that can go wrong in the half hour in which dates are counted again."""
    path = enumerated(**WAYS[way])
    faults = path.sampled(every=EVERY, functions=["SweepFunction"])
    assert len(faults) > 100
    violated = violating(faults, **WAYS[way])
    assert not violated, violated[:5]


def test_whoever_comes_in_the_middle_of_a_function_goes_by_the_newest_bundle() -> None:
    """The life 80003754 stopped: somebody acted on a case of a new version while `dueprocess replay` ran."""
    world = World(1, start=START)
    seen: list[Bundle] = []
    world.owners["somebody"] = SimpleNamespace(looks=lambda: seen.append(world.bundle))
    world.release("leadership-east")
    world.after(DAY, "person", "looks", owner="somebody")
    running = Invocation(OPERATOR, world.now, 1)
    world.stack.append(running)
    world.race()
    assert [one.released for one in seen] == [{"leadership-east"}]
    assert world.bundle is running.bundle is FIRST
