"""Whoever was complained about is told the end once, by a person, and never by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.acts.conflict import DeclareInvolvement
from domain.acts.taking_up import TakeUp
from domain.acts.telling_involved import InvolvedTold, TellInvolved
from domain.acts.withdrawal import Withdraw
from domain.case import COMPLAINANT, Case
from domain.errors import AlreadyDone, ConflictOfInterest, Incomplete, NotAllowed, NotNow, UnknownChoice
from domain.words import Writing
from tests.rules import available
from tests.unit.invented import PROCEDURE, after, case_of, does, looked_into, notices, submitted

OFFICE, MANAGER, OTHER = "office-1", "manager-1", "manager-2"


WITHDRAW = Withdraw(by=COMPLAINANT, stage="first")
TELL = TellInvolved(
    by=OFFICE,
    stage="first",
    persons=(OTHER,),
    message=Writing("message", {"message": "A canary: nothing was found against you."}),
)


def about(*persons: str) -> Case:
    reason = Writing("involved", {"reason": "It is about them."})
    marks = [
        DeclareInvolvement(
            by=OFFICE, stage="first", person=person, reason=replace(reason, id=f"involved-{person}")
        )
        for person in persons
    ]
    return after(case_of(looked_into()), *marks)


def test_the_end_reaches_them_by_a_decision_alone() -> None:
    """The end itself tells them nothing; the person who coordinates chooses whom, and with which words."""
    assert OTHER not in {person for person, _ in notices(about(OTHER), does(about(OTHER), WITHDRAW))}
    closed = after(about(OTHER), WITHDRAW)
    events = does(closed, TELL)
    assert [type(event) for event in events] == [InvolvedTold]
    assert notices(closed, events) == {(OTHER, "told-of-end"), (OFFICE, "done")}
    assert "canary" not in repr(events)


def test_each_is_told_once() -> None:
    """Not twice, also where the case was opened again in between; whoever is left can be told later."""
    closed = after(about(OTHER, "board-1"), WITHDRAW, TELL)
    with pytest.raises(UnknownChoice):
        does(closed, replace(TELL, message=Writing("again", {"message": "Again."})))
    rest = replace(TELL, persons=("board-1",), message=Writing("rest", {"message": "You too."}))
    everybody = after(closed, rest)
    with pytest.raises(AlreadyDone):
        does(everybody, rest)
    why = Writing("taken-up", {"reason": "It was a mistake."})
    again = after(everybody, TakeUp(by=OFFICE, stage="first", reason=why), WITHDRAW)
    with pytest.raises(AlreadyDone):
        does(again, rest)


def test_it_is_for_whoever_coordinates_after_the_end() -> None:
    """Not before, not for others, not for those who were involved themselves, not before it is said who was."""
    with pytest.raises(NotNow):
        does(about(OTHER), TELL)
    closed = after(about(OTHER), WITHDRAW)
    with pytest.raises(NotAllowed):
        does(closed, replace(TELL, by=MANAGER))
    with pytest.raises(ConflictOfInterest):
        does(closed, replace(TELL, by=OTHER))
    with pytest.raises(NotNow):
        does(after(case_of(looked_into()), WITHDRAW), TELL)
    unconfirmed = after(case_of(submitted(people_involved="A tutor.")), WITHDRAW)
    assert "tell-involved" not in available(unconfirmed, by=OFFICE, procedure=PROCEDURE)


def test_it_has_words_and_somebody_to_read_them() -> None:
    """Nobody who was not involved, and no empty message."""
    closed = after(about(OTHER), WITHDRAW)
    for persons in ((), (MANAGER,), ("nobody",)):
        with pytest.raises(UnknownChoice):
            does(closed, replace(TELL, persons=persons))
    with pytest.raises(Incomplete) as refused:
        does(closed, replace(TELL, message=Writing("message", {"message": " "})))
    assert [problem.field for problem in refused.value.missing] == ["message"]
