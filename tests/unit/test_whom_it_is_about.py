"""Whom a complaint is about: who is involved from the first moment, and who stands in for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.acts.acknowledgement import Acknowledge
from domain.acts.outcome import RecordOutcome
from domain.acts.retention import PlaceHold
from domain.acts.undertakings import ProposedAction
from domain.case import Case, Finding
from domain.effect import Tell
from domain.errors import ConflictOfInterest
from domain.event import Event
from domain.people import named_in
from domain.words import Writing
from tests.rules import available, consequences
from tests.unit.invented import CALENDAR, MONDAY, PROCEDURE, REF, WITH_MORE, case_of, submitted, then
from tests.unit.test_conflict import assigned


def told_by(events: tuple[Event, ...], *, count: int) -> dict[str, list[str]]:
    """Who is told what by the last `count` events."""
    before: Case | None = case_of(events[:-count]) if len(events) > count else None
    found: dict[str, list[str]] = {}
    for one in consequences(before, events[-count:], ref=REF, procedure=PROCEDURE, calendar=CALENDAR):
        if isinstance(one.effect, Tell):
            found.setdefault(one.effect.person, []).append(one.effect.notice)
    return found


def test_everybody_with_a_role_that_was_chosen_is_involved_from_the_first_event() -> None:
    """Both Heads of Department hear nothing and can do nothing; nobody has to mark them first."""
    events = submitted(complained_about=("manager",))
    case = case_of(events)
    assert case.involved == case.presumed == ("manager-1", "manager-2")
    for person in case.involved:
        assert available(case, by=person, procedure=PROCEDURE) == ()
        assert person not in told_by(events, count=len(events))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("The Principal himself. He must not learn of it yet.", ("principal", "deputy")),
        ("dean, and a tutor on Fridays", ("board-1",)),
        ("Head of Bakery", ("manager-1",)),
        ("The heads of department", ()),
        ("A tutor whose name I never learnt", ()),
        ("Deanna", ()),
    ],
)
def test_who_is_named_in_words_is_involved_too(words: str, named: tuple[str, ...]) -> None:
    """A name or the title of a role counts, as a word of its own."""
    assert named_in(words, PROCEDURE) == named
    assert case_of(submitted(people_involved=words)).involved == named


def test_a_complaint_about_the_coordinator_goes_to_those_over_them() -> None:
    """They are told of the new case, and can do what the coordinator does."""
    events = submitted(complained_about=("office",))
    told = told_by(events, count=len(events))
    assert "office-1" not in told
    assert told["principal"] == told["deputy"] == ["new-case"]
    assert {"assign", "note", "involve"} <= set(available(case_of(events), by="deputy", procedure=PROCEDURE))


def test_a_complaint_about_who_keeps_the_records_is_held_by_those_over_them() -> None:
    """Nobody holds, or is told of the destruction of, a case that is about them."""
    events = submitted(complained_about=("privacy",))
    hold = Writing("hold", {"reason": "A court asks for it."})
    with pytest.raises(ConflictOfInterest):
        then(events, PlaceHold(by="privacy-1", reason=hold), at=MONDAY)
    assert case_of(then(events, PlaceHold(by="deputy", reason=hold), at=MONDAY)).holds == ("hold",)


def test_who_enters_a_complaint_about_themselves_hears_no_more_of_it() -> None:
    """Staff answer the same question as everybody else."""
    events = submitted(complained_about=("office",), by="office-1")
    assert "office-1" not in told_by(events, count=len(events))
    assert available(case_of(events), by="office-1", procedure=PROCEDURE) == ()


def test_what_somebody_involved_is_to_do_is_seen_to_by_others() -> None:
    """An outcome promises what the Head of Bakery does: those who deal with the case are asked, and can say it is
    done."""
    events = submitted(complained_about=(), people_involved="Head of Bakery", aspects=1)
    events = then(events, assigned("manager-2"), at=MONDAY)
    events = then(events, Acknowledge(by="manager-2", stage="first"), at=MONDAY)
    promise = ProposedAction(number=1, person="manager-1", due=MONDAY.date() + timedelta(days=30))
    outcome = RecordOutcome(
        by="manager-2",
        stage="first",
        findings=(Finding(aspect=1, conclusion="upheld"),),
        wording=Writing(
            "outcome",
            {"reasons": ["So it was."], "response": "Sorry.", "actions": {"action-1": "An apology."}},
        ),
        actions=(promise,),
    )
    procedure = replace(WITH_MORE, stages=tuple(replace(stage, approval=None) for stage in WITH_MORE.stages))
    before = events
    events = then(events, outcome, at=MONDAY, procedure=procedure)
    told = told_by(events, count=len(events) - len(before))
    assert "manager-1" not in told
    assert "action" in told["manager-2"]
    assert "complete" in available(case_of(events), by="office-1", procedure=procedure)
