"""Staff enter a case for somebody who rang, wrote or came, and things go wrong with that."""

from __future__ import annotations

import os

import pytest

from adapters import procedures
from tests.simulation import mutants
from tests.simulation.faults import NoFaults
from tests.simulation.filling import WAYS
from tests.simulation.lives import MainPath
from tests.simulation.staff import Caller
from tests.simulation.trees import enumerated, violating

EVERY = int(os.environ.get("FAULTS_EVERY", "32"))
"""Every thirty-second in `make test`; FAULTS_EVERY=1 tries them all."""


def lived(organisation: str, caller: Caller, *, climbs: bool = False) -> MainPath:
    """A path that nothing goes wrong on, lived to its end."""
    course = MainPath(NoFaults(), organisation=organisation, climbs=climbs, with_entry=caller)
    watch = course.live()
    assert not watch.violations
    assert [True] == [account.destroyed for account in watch.accounts.values()]
    return course


def test_whatever_the_forms_take_is_entered_and_lived_to_its_end() -> None:
    """Every kind with every form of every organisation, also what is told by letter: each is sent twice, is one case,
    and in the end nothing is left of it but a tombstone."""
    kinds: set[tuple[str, str]] = set()
    for slug in procedures.served_procedures({}):
        organisation, _, beside = slug.partition("/")
        for form in procedures.load(slug).forms:
            for kind in dict.fromkeys((*form.kinds, *form.entered_as)):
                address = f"{beside}.{form.id}" if beside else form.id
                for way in WAYS[len(kinds) % 2 :: 2]:
                    course = lived(organisation, Caller(address, kind, way))
                    (entry,) = course.town.staff.entries.values()
                    (account,) = course.watch.accounts.values()
                    assert (entry.sent, entry.reference) == (2, account.ref)
                    assert account.case is not None
                    assert bool(account.case.letters) == account.case.by_letter
                    kinds.add((account.case.kind, account.case.ended))
    assert {"complaint", "concern", "suggestion", "compliment"} == {kind for kind, _ in kinds}
    assert {"satisfied", "settled", "logged"} == {ended for _, ended in kinds}


@pytest.mark.parametrize("way", ["telephone", "letter"])
def test_a_case_without_an_address_for_mails_comes_to_the_end_of_the_ladder(way: str) -> None:
    """By telephone it waits for its form; staff enter the form and each answer, and every letter is posted."""
    course = lived("leadership-east", Caller("complaint", "complaint", way), climbs=True)  # type: ignore[arg-type]
    (account,) = course.watch.accounts.values()
    assert account.case is not None
    assert account.case.by_letter
    assert account.case.ended == "exhausted"
    assert (account.case.form_here_at is not None) == (way == "telephone")
    assert len(account.case.letters) > 5
    assert all(one.posted_on for one in account.case.letters)


def test_who_leaves_before_the_form_is_sent_enters_nothing() -> None:
    """Somebody else does, and theirs is the only case."""
    course = lived("leadership-east", Caller("complaint", "complaint", "letter", is_left=True))
    first, second = course.town.staff.entries.values()
    assert (first.sent, first.reference) == (2, "")
    assert second.reference
    assert first.person not in {
        one.id for one in course.watch.people_since("leadership-east", course.world.now)[0]
    }


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "caller",
    [
        Caller("complaint", "complaint", "letter"),
        Caller("complaint", "complaint", "telephone", is_late=True),
    ],
    ids=["from a letter", "by telephone at midnight"],
)
def test_whatever_goes_wrong_with_an_entry_violates_nothing(caller: Caller) -> None:
    """Everything that can go wrong in the pages of staff, and at each place of each other function once."""
    path = enumerated(with_entry=caller)
    in_pages = path.those(functions=["StaffFunction"])
    assert len(in_pages) > 120
    faults = sorted({*in_pages, *path.firsts()})
    violated = violating(faults[::EVERY], with_entry=caller)
    assert not violated, violated[:5]


def test_whoever_leaves_in_the_middle_of_it_leaves_no_case_behind() -> None:
    """Something else happens in the middle of each call of staff's pages, or their clock is wrong."""
    caller = Caller("complaint", "complaint", "letter", is_left=True)
    faults = enumerated(with_entry=caller).those(
        functions=["StaffFunction"], kinds=["raced", "clock-ahead", "clock-behind"]
    )
    assert len(faults) > 60
    violated = violating(faults[:: -(-EVERY // 3)], with_entry=caller)
    assert not violated, violated[:5]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", ["a suggestion", "a suggestion by the form"])
def test_whatever_goes_wrong_with_a_suggestion_violates_nothing(way: str) -> None:
    """It goes through no stage, and is kept and destroyed like every case."""
    faults = enumerated(**mutants.WAYS[way]).those()
    assert len(faults) > 600
    violated = violating(faults[::EVERY], **mutants.WAYS[way])
    assert not violated, violated[:5]
