"""People come into the directory and leave it while a case is open, and things go wrong with that."""

from __future__ import annotations

import os

from adapters.procedures import served
from tests.simulation.faults import NoFaults
from tests.simulation.lives import MainPath
from tests.simulation.trees import enumerated, violating

EVERY = int(os.environ.get("FAULTS_EVERY", "16"))
"""Every sixteenth in `make test`; FAULTS_EVERY=1 tries them all."""


def test_a_reviewer_is_succeeded_at_every_organisation() -> None:
    """Both changes are made through the pages, and the case goes on to its end with somebody else."""
    for organisation in served({}):
        for climbs in (False, True):
            course = MainPath(NoFaults(), organisation=organisation, climbs=climbs, with_newcomer=True)
            watch = course.live()
            assert not watch.violations
            assert len(watch.directories[organisation]) == 3
            assert all(account.destroyed for account in watch.accounts.values())
            (ref,) = watch.accounts
            lists = [mail for mail in course.world.mails if mail.notice == "reviewer-left"]
            assert lists
            assert all(ref in mail.text for mail in lists)


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
    in_pages = path.those(functions=["StaffFunction"])
    assert len(in_pages) > 150
    faults = sorted({*in_pages, *path.firsts()})
    violated = violating(faults[::EVERY], with_newcomer=True)
    assert not violated, violated[:5]


def test_whatever_goes_wrong_while_it_is_told_who_has_left_violates_nothing() -> None:
    """From the change of the directory on until those who name reviewers have their mail, at each call."""
    path = enumerated(with_newcomer=True)
    waits = ["LEFT#" in " ".join(waiting(one)) for one in path.kept]
    first = waits.index(True)
    points = range(path.kept[first - 1].points, path.kept[waits.index(False, first)].points)
    ahead = [one for one in path.possible(after=points.start) if one[0] <= points.stop]
    assert {"StaffFunction", "SweepFunction", "OutboxFunction"} == {function for _, function, _, _ in ahead}
    faults = [(number, kind) for number, _, _, kind in ahead]
    assert len(faults) > 300
    violated = violating(faults[::EVERY], with_newcomer=True)
    assert not violated, violated[:5]


def waiting(course: MainPath) -> list[str]:
    """The sort keys of what concerns an organisation's staff and no single case."""
    partitions = course.world.table.partitions
    return [sk for pk, rows in partitions.items() if pk.startswith("STAFF#") for sk in rows]
