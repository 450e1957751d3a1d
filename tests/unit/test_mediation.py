"""Mediation is offered by whoever works on a case, accepted or declined by the complainant, and held or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from domain.acts.late_reply import AskLate, DecideLateReply
from domain.acts.mediation import (
    AnswerMediation,
    EndMediation,
    MediationAnswered,
    MediationEnded,
    MediationOffered,
    OfferMediation,
)
from domain.acts.reply import Reply
from domain.acts.taking_up import TakeUp
from domain.acts.withdrawal import Withdraw
from domain.calendars import LONDON
from domain.case import COMPLAINANT, Case
from domain.deadlines import deadlines
from domain.errors import AlreadyDone, CaseClosed, Incomplete, NotAllowed, NotNow, NotYours
from domain.procedure import Procedure
from domain.provisions import Mediation
from domain.words import Writing
from tests.unit import invented
from tests.unit.invented import CALENDAR, MONDAY, PROCEDURE, TUESDAY, case_of, looked_into, with_pause

OFFICE, MANAGER, BOARD = "office-1", "manager-1", "board-1"
MEDIATING = replace(PROCEDURE, mediation=Mediation(source="9"))
FRIDAY = MONDAY + timedelta(days=4)

OFFER = OfferMediation(by=MANAGER, stage="first", offer=Writing("offer", {"offer": "A canary talk."}))
ACCEPT = AnswerMediation(by=COMPLAINANT, stage="first", accepted=True)
DECLINE = replace(ACCEPT, accepted=False)
HELD = EndMediation(
    by=MANAGER, stage="first", held_on=FRIDAY.date(), note=Writing("note", {"note": "They made peace."})
)


does = partial(invented.does, procedure=MEDIATING)
after = partial(invented.after, procedure=MEDIATING)
notices = partial(invented.notices, procedure=MEDIATING)


def underway(procedure: Procedure = MEDIATING) -> Case:
    return case_of(looked_into(procedure))


def last_day(case: Case, procedure: Procedure) -> date:
    dates = {one.rule.name: one.due.due for one in deadlines(case, procedure, CALENDAR)}
    return dates["respond"]


def test_it_is_offered_accepted_and_held_and_each_is_told() -> None:
    """The complainant gets the offer and what came of it, staff hear of the answer; nothing that was written is in the
    events, and the case goes on."""
    offered = does(underway(), OFFER)
    assert [type(event) for event in offered] == [MediationOffered]
    assert notices(underway(), offered) == {(COMPLAINANT, "mediation"), (MANAGER, "done")}
    case = after(underway(), OFFER)
    accepted = does(case, ACCEPT)
    assert [type(event) for event in accepted] == [MediationAnswered]
    assert notices(case, accepted) == {(MANAGER, "case-news")}
    case = after(case, ACCEPT)
    held = does(case, HELD, FRIDAY)
    assert [type(event) for event in held] == [MediationEnded]
    assert notices(case, held) == {(COMPLAINANT, "mediation"), (OFFICE, "case-news"), (MANAGER, "done")}
    case = after(case, HELD, at=FRIDAY)
    assert case.is_open
    assert case.mediations[-1].held_on == FRIDAY.date()
    assert "canary" not in repr((*offered, *accepted, *held))


def test_what_is_declined_or_was_held_can_be_offered_again() -> None:
    """One offer at a time: a second one while the first waits, or is to be held, is refused."""
    case = after(underway(), OFFER)
    with pytest.raises(AlreadyDone):
        does(case, OFFER)
    with pytest.raises(AlreadyDone):
        does(after(case, ACCEPT), OFFER)
    again = replace(OFFER, offer=Writing("again", {"offer": "Another talk."}))
    assert len(after(case, DECLINE, again).mediations) == 2
    assert len(after(after(case, ACCEPT), HELD, again, at=FRIDAY).mediations) == 2


def test_staff_enter_the_answer_with_how_and_when_it_came() -> None:
    """It counts as of the day on which it was given, which is not before the offer nor ahead."""
    case = after(underway(), OFFER)
    entered = replace(ACCEPT, by=OFFICE, route="telephone", received_on=TUESDAY.date())
    (event,) = does(case, entered, FRIDAY)
    assert isinstance(event, MediationAnswered)
    assert event.received_at == TUESDAY
    assert notices(case, (event,)) == {(MANAGER, "case-news"), (OFFICE, "done")}
    for day in (MONDAY.date(), date(2026, 12, 1)):
        with pytest.raises(Incomplete) as refused:
            does(case, replace(entered, received_on=day), FRIDAY)
        assert [problem.field for problem in refused.value.missing] == ["received"]
    with pytest.raises(Incomplete):
        does(case, replace(entered, route="web"), FRIDAY)


def test_nobody_else_offers_answers_or_records_it() -> None:
    """Not a procedure that has none, not somebody who does not work on the case, not out of turn, not once closed."""
    case = after(underway(), OFFER)
    with pytest.raises(NotAllowed):
        does(underway(PROCEDURE), OFFER, procedure=PROCEDURE)
    with pytest.raises(NotAllowed):
        does(underway(), replace(OFFER, by=BOARD))
    with pytest.raises(NotYours):
        does(case, replace(OFFER, by=COMPLAINANT))
    with pytest.raises(NotNow):
        does(underway(), ACCEPT)
    with pytest.raises(NotNow):
        does(case, HELD)
    with pytest.raises(NotNow):
        does(after(case, DECLINE), HELD)
    with pytest.raises(AlreadyDone):
        does(after(case, DECLINE), ACCEPT)
    with pytest.raises(AlreadyDone):
        does(after(after(case, ACCEPT), HELD, at=FRIDAY), HELD, FRIDAY)
    with pytest.raises(CaseClosed):
        does(after(case, Withdraw(by=COMPLAINANT, stage="first")), ACCEPT)


def test_what_came_of_it_has_words_and_a_day_that_can_be() -> None:
    """Neither before the offer nor ahead; where it was not held there is none."""
    case = after(underway(), OFFER, ACCEPT)
    for changed, field in (
        ({"note": Writing("note", {"note": " "})}, "note"),
        ({"held_on": MONDAY.date()}, "held_on"),
        ({"held_on": date(2026, 12, 1)}, "held_on"),
    ):
        with pytest.raises(Incomplete) as refused:
            does(case, replace(HELD, **changed), FRIDAY)
        assert [problem.field for problem in refused.value.missing] == [field]
    assert after(case, replace(HELD, held_on=None), at=FRIDAY).mediations[-1].held_on is None


def test_a_mediation_that_is_to_be_held_is_waited_for_when_the_case_is_opened_again() -> None:
    """The withdrawal ended the waiting; it goes on with the case, and so does the standing of the clock: a date that
    had passed counts anew with it."""
    procedure = with_pause(MEDIATING)
    case = invented.after(underway(procedure), OFFER, ACCEPT, procedure=procedure)
    withdrawn = invented.after(case, Withdraw(by=COMPLAINANT, stage="first"), procedure=procedure)
    later = datetime(2027, 1, 11, 10, tzinfo=LONDON)
    up = TakeUp(by="office-1", stage="first", reason=Writing("why", {"reason": "They want it back."}))
    again = invented.after(withdrawn, up, at=later, procedure=procedure)
    assert again.waits_for_mediation
    assert last_day(again, procedure) == date(2027, 2, 1)
    plain = invented.after(withdrawn, up, at=later, procedure=replace(procedure, stages=MEDIATING.stages))
    assert last_day(plain, replace(procedure, stages=MEDIATING.stages)) == date(2027, 1, 25)


def test_no_date_moves_unless_the_procedure_says_so() -> None:
    """Where it says so, the days from the acceptance to the mediation are not counted, and each is explained."""
    plain = last_day(underway(), MEDIATING)
    assert last_day(after(underway(), OFFER, ACCEPT), MEDIATING) == plain
    pausing = with_pause(PROCEDURE)
    offered = after(underway(pausing), OFFER, procedure=pausing)
    assert last_day(offered, pausing) == plain
    accepted = after(offered, ACCEPT, procedure=pausing)
    # Five working days at most, from Wednesday on.
    assert last_day(accepted, pausing) == plain + timedelta(days=7)
    held = after(accepted, HELD, at=FRIDAY, procedure=pausing)
    assert last_day(held, pausing) == plain + timedelta(days=3)
    (respond,) = [one for one in deadlines(held, pausing, CALENDAR) if one.rule.name == "respond"]
    waited = [step.day for step in respond.due.steps if step.reason == "waiting for the mediation"]
    assert waited == [date(2026, 11, 4), date(2026, 11, 5), date(2026, 11, 6)]


def test_a_late_reply_that_is_accepted_waits_for_the_mediation_again() -> None:
    """Silence ended the wait with the case; on the next stage the mediation is still to be held."""
    procedure = with_pause(PROCEDURE)
    case = invented.after(underway(procedure), OFFER, ACCEPT, procedure=procedure)
    case = invented.after(case, invented.outcome(MANAGER, "first"), procedure=procedure)
    case = replace(
        invented.after(case, Reply(by=COMPLAINANT, stage="first", answer="satisfied"), procedure=procedure),
        ended="lapsed",
    )
    why = Writing("why", {"reasons": "I was ill.", "reason": "They were ill."})
    case = invented.after(
        case,
        AskLate(by=COMPLAINANT, stage="first", reasons=why),
        DecideLateReply(by="deputy", stage="first", accepted=True, reason=why),
        procedure=procedure,
    )
    assert case.current.stage == "second"
    assert [wait.what for wait in case.waits if wait.until is None] == ["mediation"]
