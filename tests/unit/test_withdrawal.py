"""The complainant does not want to go on: the case ends, and what must be looked into anyway is not forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.acts.assignment import AssignReviewers
from domain.acts.closure import CaseEnded
from domain.acts.external import SeekExternalAssistance
from domain.acts.lateness import DecideLateness
from domain.acts.retention import AnnounceDeletion, DeletionAnnounced, due_for_deletion_at
from domain.acts.taking_up import TakeUp
from domain.acts.waking import Wake
from domain.acts.withdrawal import (
    ComplaintWithdrawn,
    LookedInto,
    LookIntoAnyway,
    LookIntoChased,
    RecordLookedInto,
    StillToBeLookedInto,
    Withdraw,
)
from domain.calendars import Limit, end_of
from domain.case import COMPLAINANT, Case, evolve
from domain.effect import Tell
from domain.errors import AlreadyDone, CaseClosed, Incomplete, NotAllowed, NotNow, NotYours
from domain.ladder import Approval
from domain.planned import ActionRecord
from domain.procedure import Procedure
from domain.words import Writing
from tests.rules import consequences, decide, refusal, situation
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    PROCEDURE,
    REF,
    TUESDAY,
    WITH_MORE,
    after,
    case_of,
    does,
    looked_into,
    notices,
    outcome,
    submitted,
    with_rule,
    with_stage,
)

OFFICE, MANAGER, DEPUTY, PRIVACY = "office-1", "manager-1", "deputy", "privacy-1"


def underway() -> Case:
    return case_of(looked_into())


def own(**more: Any) -> Withdraw:
    return replace(Withdraw(by=COMPLAINANT, stage="first"), **more)


def entered(**more: Any) -> Withdraw:
    return replace(Withdraw(by=OFFICE, stage="first", route="telephone"), **more)


def test_it_ends_the_case_and_everybody_who_worked_on_it_is_told() -> None:
    """The complainant is told that it is closed, as are reviewer, office and whoever keeps it; whoever hears of each
    case hears of this end too, for no outcome went before it."""
    events = does(underway(), own())
    withdrawn, ended = events
    assert isinstance(withdrawn, ComplaintWithdrawn)
    assert isinstance(ended, CaseEnded)
    assert ended.how == "withdrawn"
    assert notices(underway(), events) == {
        (COMPLAINANT, "closure"),
        *((person, "case-news") for person in (MANAGER, OFFICE, PRIVACY, "principal", DEPUTY)),
    }


def test_nobody_has_to_say_why() -> None:
    """What is said is content."""
    (silent, _) = does(underway(), own())
    assert isinstance(silent, ComplaintWithdrawn)
    assert silent.reason == ""
    (said, _) = does(underway(), own(reason=Writing("why", {"reason": "It is too much for me."})))
    assert isinstance(said, ComplaintWithdrawn)
    assert (said.reason, "too much" in repr(said)) == ("why", False)


def test_retention_begins_as_with_every_closure() -> None:
    """The case is destroyed when its time is over."""
    closed = after(underway(), own())
    assert closed.keep_until == date(2031, 11, 3)
    assert due_for_deletion_at(closed) is not None


def test_what_was_promised_goes_on() -> None:
    """A step that an outcome promised is still chased."""
    action = ActionRecord(id="first/action-1", wording="wording", due=date(2026, 12, 1), role="office")
    closed = after(replace(underway(), actions=(action,)), own())
    wakes = situation(closed, PROCEDURE, CALENDAR, now=TUESDAY).wakes
    assert [wake.deadline for wake in wakes] == ["first/action-1"]


def test_whoever_was_to_approve_an_outcome_is_told_that_it_is_not_needed() -> None:
    """An outcome that waits for approval is not sent any more."""
    procedure = with_stage(PROCEDURE, 0, approval=Approval(by="role", role="board", source="1"))
    case = after(underway(), outcome(MANAGER, "first"), procedure=procedure)
    assert case.current.awaits_approval
    events = does(case, own(), procedure=procedure)
    assert ("board-1", "case-news") in notices(case, events, procedure)


def test_help_from_outside_is_not_waited_for_any_more() -> None:
    """Otherwise the case would be kept for an answer that nobody can record."""
    details = Writing("external", {"whom": "An arbiter", "why": "Because."})
    ask = SeekExternalAssistance(by=MANAGER, stage="first", respond_by=date(2026, 12, 1), details=details)
    case = after(underway(), ask, procedure=WITH_MORE)
    assert case.current.external == "open"
    assert is_let_go(after(case, own(), procedure=WITH_MORE), WITH_MORE)


def is_let_go(case: Case, procedure: Procedure) -> bool:
    """Whether its destruction is announced when its time is over. DeletionRefused: something stands against it."""
    assert case.keep_until is not None
    command, over = AnnounceDeletion(), end_of(case.keep_until)
    events = decide(case, command, ref=REF, procedure=procedure, calendar=CALENDAR, now=over)
    return [type(event) for event in events] == [DeletionAnnounced]


def test_nor_after_a_late_complaint_was_turned_away() -> None:
    """Whatever ends a case ends the wait for an answer from outside."""
    procedure = with_rule(WITH_MORE, "submit", discretion=Limit(4, "months"), discretion_role="leadership")
    case = case_of(submitted(incident_on=date(2026, 8, 3), procedure=procedure))
    details = Writing("external", {"whom": "An arbiter", "why": "Because."})
    case = after(
        case,
        AssignReviewers(by=OFFICE, stage="first", reviewers=(MANAGER,)),
        SeekExternalAssistance(by=MANAGER, stage="first", respond_by=date(2026, 12, 1), details=details),
        DecideLateness(
            by=DEPUTY, stage="first", accepted=False, reason=Writing("why", {"reason": "Too late."})
        ),
        procedure=procedure,
    )
    assert case.ended == "declined"
    assert is_let_go(case, procedure)


def test_the_complainant_withdraws_their_own_alone() -> None:
    """Nobody does it with a link of theirs, nobody twice, and staff say how they were told."""
    with pytest.raises(NotYours):
        does(underway(), entered(by="board-1"))
    with pytest.raises(Incomplete):
        does(underway(), entered(route="web"))
    with pytest.raises(CaseClosed):
        does(after(underway(), own()), own())


def test_staff_enter_it_with_how_and_when_they_were_told() -> None:
    """It stands in the history; it cannot have come before the complaint did."""
    (event, _) = does(underway(), entered(received_on=MONDAY.date()))
    assert isinstance(event, ComplaintWithdrawn)
    assert (event.by, event.route, event.received_at) == (OFFICE, "telephone", MONDAY)
    with pytest.raises(Incomplete):
        does(underway(), entered(received_on=MONDAY.date() - timedelta(days=1)))


def test_what_has_to_be_looked_into_is_recorded_with_it() -> None:
    """Staff write it down as they enter the withdrawal; the people in charge are told that there is something."""
    look = Writing("look", {"look_into": "Whether others saw the fire."})
    events = does(underway(), entered(by=MANAGER, look_into=look))
    assert [type(event) for event in events] == [ComplaintWithdrawn, StillToBeLookedInto, CaseEnded]
    found = consequences(underway(), events, ref=REF, procedure=PROCEDURE, calendar=CALENDAR)
    heard = {
        (one.effect.person, one.effect.what)
        for one in found
        if isinstance(one.effect, Tell) and one.effect.notice == "case-news"
    }
    assert {(OFFICE, "StillToBeLookedInto"), (DEPUTY, "StillToBeLookedInto")} <= heard
    assert after(underway(), entered(look_into=look)).look_into == "look"


def test_whoever_is_in_charge_can_record_it_afterwards_and_what_came_of_it() -> None:
    """Also where the complainant withdrew by themselves; once, and with words."""
    closed = after(underway(), own())
    look = LookIntoAnyway(by=OFFICE, stage="first", what=Writing("look", {"look_into": "The fire."}))
    note = RecordLookedInto(by=DEPUTY, stage="first", note=Writing("note", {"note": "Nobody else."}))
    with pytest.raises(NotNow):
        does(closed, note)
    with pytest.raises(Incomplete):
        does(closed, replace(look, what=Writing("look", {"look_into": " "})))
    with pytest.raises(NotAllowed):
        does(closed, replace(look, by=MANAGER))
    kept = after(closed, look)
    with pytest.raises(AlreadyDone):
        does(kept, look)
    (event,) = does(kept, note)
    assert isinstance(event, LookedInto)
    done = after(kept, note)
    assert done.looked_into == "note"
    with pytest.raises(AlreadyDone):
        does(done, note)


def test_it_is_told_again_until_it_was_looked_into() -> None:
    """After a week those in charge and those over them hear of it again, and so on, until it is recorded."""
    look = LookIntoAnyway(by=OFFICE, stage="first", what=Writing("look", {"look_into": "The fire."}))
    case = after(underway(), own(), look)
    for number in (1, 2):
        (wake,) = situation(case, PROCEDURE, CALENDAR).wakes
        assert wake.at.weekday() < 5
        (event,) = decide(case, Wake(), ref=REF, procedure=PROCEDURE, calendar=CALENDAR, now=wake.at)
        assert isinstance(event, LookIntoChased)
        assert event.number == number
        assert {(OFFICE, "case-news"), (DEPUTY, "case-news")} <= notices(case, (event,))
        case = evolve(case, event, ref=REF)
    note = RecordLookedInto(by=DEPUTY, stage="first", note=Writing("note", {"note": "Nobody else."}))
    assert not situation(after(case, note), PROCEDURE, CALENDAR).wakes


def test_what_is_to_be_looked_into_after_a_second_withdrawal_is_told_again_as_the_first_was() -> None:
    """What was looked into before the case was opened again answers nothing that is asked now."""
    look = LookIntoAnyway(by=OFFICE, stage="first", what=Writing("look", {"look_into": "The fire."}))
    note = RecordLookedInto(by=DEPUTY, stage="first", note=Writing("note", {"note": "Nobody else."}))
    reason = Writing("why", {"reason": "They want to go on."})
    opened = after(underway(), own(), look, note, TakeUp(by=OFFICE, stage="first", reason=reason))
    case = after(opened, own(), replace(look, what=Writing("look-2", {"look_into": "The smoke."})))
    (wake,) = situation(case, PROCEDURE, CALENDAR).wakes
    (event,) = decide(case, Wake(), ref=REF, procedure=PROCEDURE, calendar=CALENDAR, now=wake.at)
    assert isinstance(event, LookIntoChased)
    assert event.number == 1
    assert after(case, replace(note, note=Writing("note-2", {"note": "A candle."}))).looked_into == "note-2"


def test_it_is_for_a_withdrawn_complaint_alone() -> None:
    """Elsewhere an outcome says what is done."""
    for case in (underway(), replace(after(underway(), own()), ended="lapsed")):
        found = refusal("look-into", case, by=OFFICE, stage="first", procedure=PROCEDURE)
        assert isinstance(found, NotNow)
