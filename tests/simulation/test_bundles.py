"""A holiday becomes known, or a new version of a procedure, while a case is open, and things go wrong with that."""

from __future__ import annotations

import os

import pytest

from adapters.procedures import served
from tests.simulation.faults import NoFaults
from tests.simulation.lives import MainPath
from tests.simulation.mutants import WAYS
from tests.simulation.trees import enumerated, violating

EVERY = int(os.environ.get("FAULTS_EVERY", "15"))
"""Every fifteenth in `make test`; FAULTS_EVERY=1 tries them all."""


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
    sweeps = path.those(functions=["SweepFunction"])
    assert len(sweeps) > 100
    violated = violating(sorted({*sweeps, *path.firsts()})[::EVERY], **WAYS[way])
    assert not violated, violated[:5]
