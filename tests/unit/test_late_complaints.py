"""A late complaint is decided on by a person in every procedure, also where the policy knows no exception."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.cases.particulars import submission_of
from authoring.procedure_file import read
from domain.acts.correction import CorrectRecord
from domain.acts.intake import ComplaintSubmitted
from domain.acts.lateness import DecideLateness
from domain.acts.reply import Reply
from domain.acts.taking_up import TakeUp
from domain.acts.withdrawal import Withdraw
from domain.answers import recorded_in
from domain.case import COMPLAINANT, Case
from domain.event import Event
from domain.people import deciders, ids
from domain.procedure import Procedure
from domain.rights import not_to_be_sent
from domain.words import Writing
from tests.rules import available, situation
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    PROCEDURE,
    WITH_DISCRETION,
    after,
    case_of,
    does,
    looked_into,
    notices,
    outcome,
    submitted,
    then,
    with_rule,
)
from tests.unit.test_nobody_left import WITH_LAST

DECIDERS = {
    "alliance-for-learning": ["executive-team"],
    "ashton-on-mersey-scitt": [],
    "creative-alliance": ["director"],
    "dynamic-training": ["head-of-apprenticeships"],
    "leadership-east": [],
}
FILES = sorted((Path(__file__).parents[2] / "procedures").glob("*.yaml"))


def late(procedure: Procedure = PROCEDURE) -> tuple[Event, ...]:
    return submitted(procedure=procedure, incident_on=date(2026, 9, 1))


def without_default(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The same, as it was stored before late complaints had a default."""
    first, *rest = events
    assert isinstance(first, ComplaintSubmitted)
    return (replace(first, late_is_decided=False), *rest)


def named(case: Case, *persons: str) -> Case:
    return replace(case, involved=persons)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_has_somebody_who_decides_where_it_sets_a_limit(path: Path) -> None:
    """Two policies name them, one leaves it to the default, and two set no limit."""
    procedure = read(path)
    rules = [rule for stage in procedure.stages for rule in stage.deadlines if rule.name == "submit"]
    roles = [procedure.decides_late(rule) for rule in rules]
    assert roles == DECIDERS[procedure.slug]
    assert all(procedure.holders(role) for role in roles)


def test_where_the_procedure_names_nobody_whoever_breaches_go_to_decides() -> None:
    """They are asked, nobody else can, and no outcome is sent before they have."""
    case = case_of(late())
    assert ids(deciders("lateness", case, PROCEDURE)) == ("principal", "deputy")
    assert "lateness" in available(case, by="deputy", procedure=PROCEDURE)
    assert "lateness" not in available(case, by="office-1", procedure=PROCEDURE)
    assert not_to_be_sent(case, PROCEDURE) is not None
    decided = DecideLateness(
        by="deputy", stage="first", accepted=True, reason=Writing("reason", {"reason": "You were ill."})
    )
    case = case_of(then(late(), decided, at=MONDAY))
    assert (case.lateness, not_to_be_sent(case, PROCEDURE)) == ("accepted", None)


def test_the_last_resort_stands_in_where_all_of_those_were_involved() -> None:
    """By the default somebody decides as long as anybody can."""
    case = named(case_of(late(WITH_LAST)), "principal", "deputy")
    assert ids(deciders("lateness", case, WITH_LAST)) == ("chair", "governor")
    assert "lateness" in available(case, by="chair", procedure=WITH_LAST)


def test_others_stand_in_for_whom_the_procedure_names_too() -> None:
    """Where everybody with that role was involved, those decide whom breaches go to, and then the last resort."""
    named_role = with_rule(WITH_LAST, "submit", discretion_role="board")
    board = ids(named_role.holders("board"))
    case = named(case_of(late(named_role)), *board)
    assert ids(deciders("lateness", case, named_role)) == ("principal", "deputy")
    assert "lateness" in available(case, by="deputy", procedure=named_role)
    assert not_to_be_sent(case, named_role) is not None
    case = named(case, *board, "principal", "deputy")
    assert ids(deciders("lateness", case, named_role)) == ("chair", "governor")


def test_where_nobody_is_left_at_all_it_goes_on() -> None:
    """That it was late does not stand against a complaint on which nobody could decide."""
    case = named(case_of(late()), "principal", "deputy")
    assert (deciders("lateness", case, PROCEDURE), not_to_be_sent(case, PROCEDURE)) == ((), None)


def test_a_complaint_from_before_goes_on_as_it_did() -> None:
    """It was taken without a decision, nobody was asked, and nobody is."""
    case = case_of(without_default(late()))
    assert case.late
    assert (deciders("lateness", case, PROCEDURE), not_to_be_sent(case, PROCEDURE)) == ((), None)
    assert "lateness" not in available(case, by="deputy", procedure=PROCEDURE)


def test_a_complaint_from_before_is_decided_on_where_the_procedure_says_so() -> None:
    """What it names has always held."""
    case = case_of(without_default(late(WITH_DISCRETION)))
    assert ids(deciders("lateness", case, WITH_DISCRETION)) == ("principal", "deputy")


TOO_LATE = DecideLateness(
    by="deputy", stage="first", accepted=False, reason=Writing("late", {"reason": "It is too long ago."})
)
REOPENED = TakeUp(by="office-1", stage="first", reason=Writing("why", {"reason": "By mistake."}))


def happened(case: Case, day: date) -> CorrectRecord:
    words = {"answers": {"incident_date": day.isoformat()}, "changes": "The day", "reason": "They called."}
    return CorrectRecord(
        by="office-1",
        stage=case.current.stage,
        correction=Writing("correction", words),
        corrects=recorded_in(case),
        incident_on=day,
    )


def test_what_has_an_outcome_is_not_turned_away_as_late() -> None:
    """A day that is corrected when the first stage has been answered makes nothing late, there or on the next."""
    answered = after(case_of(looked_into()), outcome("manager-1", "first"))
    further = after(answered, Reply(by=COMPLAINANT, stage="first", answer="escalate"))
    for case in (answered, further):
        corrected = after(case, happened(case, date(2026, 9, 1)))
        assert not corrected.late
        assert "lateness" not in available(corrected, by="deputy", procedure=PROCEDURE)


def test_what_was_corrected_after_the_closure_counts_when_the_case_is_opened_again() -> None:
    """A wrong day that closed it stands against it no more; and a day that was too long ago is decided on."""
    declined = after(case_of(late()), TOO_LATE)
    again = after(after(declined, happened(declined, date(2026, 10, 20))), REOPENED)
    assert (again.late, not_to_be_sent(again, PROCEDURE)) == (False, None)
    withdrawn = after(case_of(submitted()), Withdraw(by=COMPLAINANT, stage="first"))
    corrected = after(withdrawn, happened(withdrawn, date(2026, 9, 1)))
    assert not corrected.late
    assert after(corrected, REOPENED).late


def test_whoever_decides_is_asked_again_when_the_case_is_opened_again() -> None:
    """Whether it was turned away, or ended before anybody had decided."""
    for end in (TOO_LATE, Withdraw(by=COMPLAINANT, stage="first")):
        ended = after(case_of(late()), end)
        told = notices(ended, does(ended, REOPENED))
        assert {("principal", "decision-request"), ("deputy", "decision-request")} <= told


def test_the_page_names_who_decides() -> None:
    """Those who stand in, or nobody where nobody does."""
    stood_in = named(case_of(late(WITH_LAST)), "principal", "deputy")
    assert submission_of(situation(stood_in, WITH_LAST, CALENDAR, now=MONDAY))["decided_by"] == "Governor"
    alone = named(case_of(late()), "principal", "deputy")
    assert submission_of(situation(alone, PROCEDURE, CALENDAR, now=MONDAY))["decided_by"] == ""


def test_the_time_to_decide_begins_when_it_turns_out_to_be_late() -> None:
    """Not when the case was opened again long before that: nobody has missed what nobody was asked for."""
    withdrawn = after(case_of(submitted()), Withdraw(by=COMPLAINANT, stage="first"))
    again = after(withdrawn, REOPENED)
    later = MONDAY + timedelta(days=30)
    corrected = after(again, happened(again, date(2026, 9, 1)), at=later)
    (decision,) = situation(corrected, PROCEDURE, CALENDAR, now=later).decisions
    assert decision.due.due_at > later
