"""Whom a complaint is about: who is involved from the first moment, and who stands in for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.acts.acknowledgement import Acknowledge
from domain.acts.conflict import ConfirmInvolvement, losing
from domain.acts.lateness import DecideLateness
from domain.acts.linking import HearOfLink
from domain.acts.outcome import RecordOutcome
from domain.acts.retention import PlaceHold
from domain.acts.undertakings import ProposedAction
from domain.acts.waking import Wake
from domain.acts.written_form import SendWrittenForm
from domain.calendars import LONDON, to_london
from domain.case import COMPLAINANT, Case, Finding
from domain.effect import Tell
from domain.errors import ConflictOfInterest, NotNow
from domain.event import Event
from domain.people import named_in, those_who_confirm
from domain.procedure import Procedure
from domain.provisions import AboutStaff, LastResort
from domain.words import Writing
from tests.rules import available, consequences, wakes
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    PROCEDURE,
    REF,
    TAKEN_DOWN,
    WITH_DISCRETION,
    WITH_MORE,
    after,
    case_of,
    does,
    looked_into,
    notices,
    submitted,
    then,
)
from tests.unit.test_conflict import assigned, involved


def told_by(
    events: tuple[Event, ...], *, count: int, procedure: Procedure = PROCEDURE
) -> dict[str, list[str]]:
    """Who is told what by the last `count` events."""
    before: Case | None = case_of(events[:-count]) if len(events) > count else None
    found: dict[str, list[str]] = {}
    for one in consequences(before, events[-count:], ref=REF, procedure=procedure, calendar=CALENDAR):
        if isinstance(one.effect, Tell):
            found.setdefault(one.effect.person, []).append(one.effect.notice)
    return found


def confirmed(*persons: str, by: str = "office-1", why: str = "It says so.") -> ConfirmInvolvement:
    return ConfirmInvolvement(
        by=by, stage="first", persons=persons, reason=Writing("confirmed", {"reason": why})
    )


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


def test_where_it_names_all_who_should_look_somebody_else_does() -> None:
    """It never waits for nobody: whoever else is in the directory is asked to say who is involved."""
    events = submitted(complained_about=("office", "leadership"))
    case = case_of(events)
    able = [person.id for person in those_who_confirm(case, PROCEDURE)]
    assert able
    assert not {"office-1", "principal", "deputy"} & set(able)
    told = told_by(events, count=len(events))
    assert all("involvement" in told[person] for person in able)


def test_a_complaint_about_who_keeps_the_records_is_held_by_those_over_them() -> None:
    """Nobody holds, or is told of the destruction of, a case that is about them."""
    events = then(submitted(complained_about=("privacy",)), confirmed("privacy-1"), at=MONDAY)
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


# Somebody uninvolved looks first.


def test_who_has_a_general_right_gets_nothing_before_somebody_has_looked() -> None:
    """The Principal hears of every case and a member of the senior team keeps the records: neither is told of a case
    that names somebody in words, or can have it, until the office has said who is involved."""
    events = submitted(people_involved="A tutor whose name I never learnt")
    assert set(told_by(events, count=len(events))) == {"complainant", "office-1"}
    for person in ("principal", "deputy", "board-1", "privacy-1"):
        assert available(case_of(events), by=person, procedure=WITH_MORE) == ()
    looked = then(events, confirmed(), at=MONDAY, procedure=WITH_MORE)
    assert "case-news" in told_by(looked, count=1)["principal"]
    assert available(case_of(looked), by="board-1", procedure=WITH_MORE) == ("export",)
    assert "hold" in available(case_of(looked), by="privacy-1", procedure=WITH_MORE)


def test_a_complaint_that_names_nobody_waits_for_nobody_to_look() -> None:
    """Then those who hear of every case hear of it at once, and there is nothing to confirm."""
    events = submitted()
    assert "case-news" in told_by(events, count=len(events))["principal"]
    with pytest.raises(NotNow):
        then(events, confirmed(), at=MONDAY)


def test_time_alone_opens_nothing_but_asks_the_next_person_up() -> None:
    """After a working day those over the office are asked to look as well, and then again; who hears of breaches
    gets none before that."""
    events = submitted(people_involved="A tutor")
    case = case_of(events)
    (first,) = [wake for wake in wakes(case, PROCEDURE, CALENDAR) if wake.deadline.endswith("/involvement")]
    assert to_london(first.at) == datetime(2026, 11, 4, 9, tzinfo=LONDON)
    events = then(events, Wake(), at=first.at)
    told = told_by(events, count=1)
    assert told == {"office-1": ["involvement"], "principal": ["involvement"], "deputy": ["involvement"]}
    assert case_of(events).is_unconfirmed
    assert "confirm-involved" in available(case_of(events), by="deputy", procedure=PROCEDURE)
    assert any(wake.deadline.endswith("/involvement") for wake in wakes(case_of(events), PROCEDURE, CALENDAR))
    events = then(events, confirmed(by="deputy"), at=first.at)
    assert not any(
        wake.deadline.endswith("/involvement") for wake in wakes(case_of(events), PROCEDURE, CALENDAR)
    )


def test_whoever_is_named_is_not_asked_to_look() -> None:
    """Where the office itself is named, those over it look at once."""
    events = submitted(complained_about=("office",))
    with pytest.raises(ConflictOfInterest):
        then(events, confirmed(), at=MONDAY)
    assert case_of(then(events, confirmed("office-1", by="deputy"), at=MONDAY)).involved == ("office-1",)


def test_what_the_complaint_named_is_narrowed_to_whom_it_is_about() -> None:
    """Of two with the role that was chosen only one is involved: the other can review again, and who assigns is told
    nothing new."""
    events = then(submitted(complained_about=("manager",)), confirmed("manager-1"), at=MONDAY)
    case = case_of(events)
    assert case.involved == ("manager-1",)
    assert case.presumed == ()
    assert not case.is_unconfirmed
    assert case_of(then(events, assigned("manager-2"), at=MONDAY)).current.reviewers == ("manager-2",)


def test_who_was_marked_by_somebody_stays_involved() -> None:
    """To confirm whom the complaint names clears nobody whom a person has marked."""
    events = then(submitted(people_involved="A tutor"), involved("manager-2"), at=MONDAY)
    assert case_of(then(events, confirmed(), at=MONDAY)).involved == ("manager-2",)


def test_a_reviewer_who_turns_out_to_be_involved_loses_the_case() -> None:
    """The office named one before it had looked; it is asked for another, and the first hears no more than that."""
    events = submitted(people_involved="Somebody in the bakery")
    events = then(events, assigned("manager-1"), at=MONDAY)
    events = then(events, confirmed("manager-1"), at=MONDAY)
    assert case_of(events).current.reviewers == ()
    told = told_by(events, count=1)
    assert told["manager-1"] == ["case-news"]
    assert "reassign" in told["office-1"]


def test_nobody_is_assigned_of_itself_before_somebody_has_looked() -> None:
    """Where the directory leaves no choice, the one reviewer gets the case when it is said that they are not
    involved."""
    alone = replace(
        PROCEDURE,
        stages=tuple(
            replace(stage, review=replace(stage.review, role="principal", count=1, assigned_by="", head=""))
            for stage in PROCEDURE.stages
        ),
    )
    events = submitted(people_involved="A tutor", procedure=alone)
    assert case_of(events).current.reviewers == ()
    events = then(events, confirmed(), at=MONDAY, procedure=alone)
    assert case_of(events).current.reviewers == ("principal",)


def test_a_late_complaint_is_decided_on_after_somebody_has_looked() -> None:
    """Whoever decides whether it is considered may be whom it is about."""
    events = submitted(people_involved="A tutor", incident_on=date(2026, 2, 2), procedure=WITH_DISCRETION)
    assert "decision-request" not in [one for told in told_by(events, count=1).values() for one in told]
    decide = DecideLateness(
        by="principal", stage="first", accepted=True, reason=Writing("why", {"reason": "Ill."})
    )
    with pytest.raises(NotNow):
        then(events, decide, at=MONDAY, procedure=WITH_DISCRETION)
    events = then(events, confirmed(), at=MONDAY, procedure=WITH_DISCRETION)
    told = told_by(events, count=1, procedure=WITH_DISCRETION)
    assert "decision-request" in told["principal"]
    then(events, decide, at=MONDAY, procedure=WITH_DISCRETION)


def test_a_form_that_comes_later_and_names_the_reviewer_has_somebody_asked_instead() -> None:
    """The reviewer hears that the case is not theirs any more, and whoever looks first is asked to."""
    case = case_of(looked_into(TAKEN_DOWN, by="office-1"))
    words = {"name": "A learner", "email": "a@home.example", "people_involved": "Head of Bakery"}
    form = SendWrittenForm(by=COMPLAINANT, stage="first", answers=Writing("form", words), aspects=2)
    events = does(case, form, procedure=TAKEN_DOWN)
    told = notices(case, events, TAKEN_DOWN)
    assert {("manager-1", "case-news"), ("office-1", "involvement")} <= told
    assert after(case, form, procedure=TAKEN_DOWN).current.reviewers == ()


def test_who_reviews_although_they_are_involved_loses_nothing_by_being_named_again() -> None:
    """Somebody has decided that they do."""
    kept = replace(case_of(looked_into()), involved=("manager-1",))
    assert losing(kept, ("manager-1",)) == ()
    assert losing(case_of(looked_into()), ("manager-1",)) == ("manager-1",)


WITH_LAST = replace(PROCEDURE, last_resort=LastResort(role="governor", source="8"))


def heard_of(*persons: str) -> HearOfLink:
    return HearOfLink(other="EC-2222-2222", how="goes-on-for", heard=3, involved=persons)


def test_who_is_involved_in_a_duplicate_makes_it_a_matter_for_managers() -> None:
    """A peer of theirs does not go on reviewing the case that goes on for both."""
    procedure = replace(PROCEDURE, about_staff=AboutStaff(reviewed_by=("leadership",)))
    case = case_of(looked_into(procedure))
    events = does(case, heard_of("manager-2"), procedure=procedure)
    told = notices(case, events, procedure)
    assert {("manager-1", "case-news"), ("office-1", "reassign")} <= told
    assert after(case, heard_of("manager-2"), procedure=procedure).current.reviewers == ()


def test_in_the_place_of_who_is_involved_in_a_duplicate_others_are_asked() -> None:
    """Not only to review: also to decide on what came late, and to approve."""
    case = case_of(submitted(incident_on=date(2026, 9, 1), procedure=WITH_LAST))
    events = does(case, heard_of("principal", "deputy"), procedure=WITH_LAST)
    told = notices(case, events, WITH_LAST)
    assert {("chair", "decision-request"), ("governor", "decision-request")} <= told
