"""Staff open a closed case again: it goes on where it was, and dates that had passed count anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from domain.acts.intake import SubmitComplaint
from domain.acts.lateness import DecideLateness
from domain.acts.reply import Reply
from domain.acts.retention import due_for_deletion_at
from domain.acts.taking_up import CaseTakenUp, TakeUp
from domain.acts.waking import Wake
from domain.acts.withdrawal import Withdraw
from domain.acts.written_form import WaiveWrittenForm
from domain.calendars import LONDON, Limit
from domain.case import COMPLAINANT, Case
from domain.deadlines import deadlines, decisions
from domain.effect import Tell
from domain.errors import Incomplete, NotAllowed, NotNow, StagePassed
from domain.ladder import Approval
from domain.procedure import Procedure
from domain.provisions import LastResort, Reopen
from domain.words import Writing
from tests.rules import consequences, decide, refusal, situation
from tests.unit import invented
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    PROCEDURE,
    REF,
    TAKEN_DOWN,
    WITH_DISCRETION,
    case_of,
    looked_into,
    notices,
    outcome,
    submitted,
    with_stage,
)

OFFICE, MANAGER, DEPUTY, PRINCIPAL = "office-1", "manager-1", "deputy", "principal"
JANUARY = datetime(2027, 1, 11, 10, tzinfo=LONDON)
"""A Monday, long after every date of a case of November."""
WHY = Writing("why", {"reason": "We closed it by mistake."})


does = partial(invented.does, at=JANUARY)
after = partial(invented.after, at=MONDAY)


def again(case: Case, procedure: Procedure = PROCEDURE, now: datetime = JANUARY) -> Case:
    return after(case, taken_up(), at=now, procedure=procedure)


def taken_up(**more: Any) -> TakeUp:
    return replace(TakeUp(by=OFFICE, stage="first", reason=WHY), **more)


def withdrawn() -> Case:
    return after(case_of(looked_into()), Withdraw(by=COMPLAINANT, stage="first"))


def answered() -> Case:
    return after(case_of(looked_into()), outcome(MANAGER, "first"))


def silent() -> Case:
    case = answered()
    while case.is_open:
        at = situation(case, PROCEDURE, CALENDAR, now=MONDAY)
        case = after(case, Wake(), at=at.wakes[0].at)
    return case


def due(case: Case, name: str, procedure: Procedure = PROCEDURE) -> date:
    found = (*deadlines(case, procedure, CALENDAR), *decisions(case, procedure, CALENDAR))
    return next(one for one in found if one.rule.name == name).due.due


def test_a_withdrawn_complaint_goes_on_where_it_was() -> None:
    """The same reviewer on the same stage; nothing is left of the closure but the history."""
    case = again(withdrawn())
    assert (case.is_open, case.ended, case.keep_until) == (True, "", None)
    assert case.current.reviewers == (MANAGER,)
    assert due_for_deletion_at(case) is None


def test_dates_that_had_passed_count_anew() -> None:
    """The outcome is due ten working days after the reopening, and is chased again."""
    case = again(withdrawn())
    assert due(case, "respond") == date(2027, 1, 25)
    wakes = situation(case, PROCEDURE, CALENDAR, now=JANUARY).wakes
    assert wakes[0].at > JANUARY


def test_dates_that_had_not_passed_stay() -> None:
    """A mistake that is mended on the next day moves nothing."""
    before = due(case_of(looked_into()), "respond")
    assert due(again(withdrawn(), now=MONDAY + timedelta(days=1)), "respond") == before


def test_a_new_date_that_had_passed_is_no_promise_any_more() -> None:
    """What a reviewer had promised before the closure counts while it lies ahead, and not afterwards."""
    case = withdrawn()
    case = case.on_stage(respond_by=date(2026, 12, 1))
    assert due(again(case), "respond") == date(2027, 1, 25)
    assert due(again(case, now=MONDAY + timedelta(days=1)), "respond") == date(2026, 12, 1)


def test_silence_closes_it_again_only_after_another_reminder() -> None:
    """Whoever comes back has the whole time for a reply, and is reminded of it."""
    case = again(silent())
    assert due(case, "reply") == date(2027, 1, 25)
    first, *_ = situation(case, PROCEDURE, CALENDAR, now=JANUARY).wakes
    assert (first.occasion, first.at.date()) == ("remind", date(2027, 1, 20))
    while case.is_open:
        at = situation(case, PROCEDURE, CALENDAR, now=JANUARY)
        case = after(case, Wake(), at=at.wakes[0].at)
    assert case.ended == "lapsed"
    assert case.keep_until is not None
    assert case.keep_until > date(2032, 1, 1)


def test_a_reply_that_was_a_mistake_can_be_given_again() -> None:
    """Who pressed the wrong button replies once more."""
    case = again(after(answered(), Reply(by=COMPLAINANT, stage="first", answer="satisfied")))
    assert case.current.replied_at is None
    assert refusal("reply", case, by=COMPLAINANT, stage="first", procedure=PROCEDURE) is None


def test_a_late_complaint_that_was_turned_away_is_decided_on_anew() -> None:
    """The decision is due as of the reopening."""
    late = case_of(submitted(incident_on=date(2026, 8, 3), procedure=WITH_DISCRETION))
    decline = DecideLateness(by=DEPUTY, stage="first", accepted=False, reason=WHY)
    case = again(after(late, decline, procedure=WITH_DISCRETION), WITH_DISCRETION)
    assert case.lateness == ""
    assert due(case, "lateness", WITH_DISCRETION) == date(2027, 1, 18)


def test_a_complaint_that_was_never_written_waits_for_its_form_again() -> None:
    """With all its reminders."""
    case = case_of(submitted(procedure=TAKEN_DOWN, by=OFFICE))
    case = after(
        case,
        WaiveWrittenForm(by=OFFICE, stage="first", goes_on=False, reason=WHY),
        procedure=TAKEN_DOWN,
    )
    assert case.ended == "unwritten"
    case = again(case, TAKEN_DOWN)
    assert (case.waits_for_form, case.form_reminders, case.form_asked_at) == (True, 0, JANUARY)


def test_a_concern_that_was_taken_for_settled_begins_its_stage() -> None:
    """Who was not content after all is answered: somebody is named as with every case."""
    concern = SubmitComplaint(
        organisation=TAKEN_DOWN.slug,
        form="complaint",
        answers=Writing("answers", {"name": "Canary", "telephone": "01632 960 001"}),
        aspects=1,
        by=OFFICE,
        kind="concern",
        route="in-person",
        first_contact=Writing("done", {"done": "I said sorry."}),
        content="yes",
        settled=True,
    )
    events = decide(None, concern, ref=REF, procedure=TAKEN_DOWN, calendar=CALENDAR, now=MONDAY)
    case = again(case_of(events), TAKEN_DOWN)
    assert case.is_open
    assert refusal("assign", case, by=OFFICE, stage="first", procedure=TAKEN_DOWN) is None


def test_the_complainant_and_those_who_work_on_it_are_told() -> None:
    """The complainant reads why; who heard of an end without an outcome hears that it was none."""
    events = does(withdrawn(), taken_up())
    found = consequences(withdrawn(), events, ref=REF, procedure=PROCEDURE, calendar=CALENDAR)
    told = {
        (one.effect.person, one.effect.notice, one.effect.content)
        for one in found
        if isinstance(one.effect, Tell)
    }
    assert told == {
        (COMPLAINANT, "reopened", "why"),
        (MANAGER, "case-news", ""),
        (PRINCIPAL, "case-news", ""),
        (DEPUTY, "case-news", ""),
        (OFFICE, "done", ""),
    }


def test_it_has_a_reason_that_is_content() -> None:
    """Without one nothing happens."""
    with pytest.raises(Incomplete):
        does(withdrawn(), taken_up(reason=Writing("why", {"reason": " "})))
    (event,) = does(withdrawn(), taken_up())
    assert isinstance(event, CaseTakenUp)
    assert "mistake" not in repr(event)


def test_who_can_do_it() -> None:
    """Whoever coordinates, and whoever breaches go to; where the procedure names a role, that one in place of the
    coordinator. Nobody who is involved."""

    def able(procedure: Procedure, case: Case) -> set[str]:
        return {
            person.id
            for person in procedure.people
            if refusal("take-up", case, by=person.id, stage="first", procedure=procedure, now=JANUARY) is None
        }

    assert able(PROCEDURE, withdrawn()) == {OFFICE, PRINCIPAL, DEPUTY}
    named = replace(PROCEDURE, reopen=Reopen(role="governor", source="9"))
    assert able(named, withdrawn()) == {"chair", "governor", PRINCIPAL, DEPUTY}
    assert able(PROCEDURE, replace(withdrawn(), involved=(OFFICE,))) == {PRINCIPAL, DEPUTY}


def test_it_can_be_done_for_as_long_as_the_procedure_says() -> None:
    """Six months where it says nothing; one moment later it is over, and that is said."""
    last = datetime(2027, 5, 2, 23, 59, tzinfo=LONDON)
    assert again(withdrawn(), now=last).is_open
    with pytest.raises(NotNow, match="2 May 2027"):
        does(withdrawn(), taken_up(), at=last + timedelta(minutes=1))
    shorter = replace(PROCEDURE, reopen=Reopen(within=Limit(1, "months"), source="9"))
    with pytest.raises(NotNow, match="2 December 2026"):
        does(withdrawn(), taken_up(), procedure=shorter)


def test_a_reply_that_was_overlooked_can_be_entered_as_long() -> None:
    """A call that nobody wrote down is entered within the same time."""
    for now, closed in ((JANUARY, False), (JANUARY + timedelta(days=200), True)):
        found = refusal("enter-reply", silent(), by=OFFICE, stage="first", procedure=PROCEDURE, now=now)
        assert isinstance(found, NotNow) == closed


def test_what_is_open_or_has_nothing_left_is_not_opened_again() -> None:
    """Nor what waits for a decision, or is being destroyed, or was looked at on another stage."""
    with pytest.raises(NotNow):
        does(case_of(looked_into()), taken_up())
    with pytest.raises(NotAllowed):
        does(replace(withdrawn(), ended="exhausted"), taken_up())
    with pytest.raises(NotNow):
        does(replace(silent(), late_reply="asked"), taken_up())
    with pytest.raises(StagePassed):
        does(withdrawn(), taken_up(stage="second"))
    assert isinstance(
        refusal("take-up", replace(withdrawn(), erasing=True), by=OFFICE, stage="first", procedure=PROCEDURE),
        NotNow,
    )


def test_twice_is_once() -> None:
    """A second click finds the case open."""
    with pytest.raises(NotNow):
        does(again(withdrawn()), taken_up())


def test_where_those_in_charge_are_involved_or_nobody_has_said_who_is() -> None:
    """Somebody over them stands in; and until somebody has looked, only those who are asked to look are in charge."""
    everybody = (OFFICE, PRINCIPAL, DEPUTY)
    over = replace(PROCEDURE, last_resort=LastResort(role="governor", source="9"))
    involved = replace(withdrawn(), involved=everybody)
    for act, able in (("take-up", True), ("look-into", True), ("send-again", True)):
        found = refusal(act, involved, by="chair", stage="first", procedure=over, now=JANUARY)
        assert (found is None) == able, act
    unconfirmed = replace(withdrawn(), involvement="to-confirm")
    for act in ("take-up", "look-into", "send-again"):
        assert refusal(act, unconfirmed, by=OFFICE, stage="first", procedure=PROCEDURE, now=JANUARY) is None
        found = refusal(act, unconfirmed, by=DEPUTY, stage="first", procedure=PROCEDURE, now=JANUARY)
        assert isinstance(found, NotNow)


def test_whoever_has_to_approve_an_outcome_is_asked_again() -> None:
    """It was withdrawn while an outcome waited for them, and they were told that they need do nothing more."""
    procedure = with_stage(PROCEDURE, 0, approval=Approval(by="role", role="board", source="3"))
    case = invented.after(case_of(looked_into(procedure)), outcome(MANAGER, "first"), procedure=procedure)
    case = invented.after(case, Withdraw(by=COMPLAINANT, stage="first"), procedure=procedure)
    told = notices(case, does(case, taken_up(), procedure=procedure), procedure)
    assert {("board-1", "approval-request"), ("board-2", "approval-request")} <= told


def test_whoever_names_a_reviewer_hears_that_one_has_to_be_named() -> None:
    """Also where it is not the office that names one."""
    named_by_principal = replace(PROCEDURE.stages[0].review, assigned_by="principal")
    procedure = with_stage(PROCEDURE, 0, review=named_by_principal)
    case = case_of(submitted(procedure=procedure))
    case = invented.after(case, Withdraw(by=COMPLAINANT, stage="first"), procedure=procedure)
    told = notices(case, does(case, taken_up(), procedure=procedure), procedure)
    assert (PRINCIPAL, "case-news") in told
