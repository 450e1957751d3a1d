"""Somebody can always act: the alternative, whoever breaches go to, and then the last resort."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.acts.acknowledgement import Acknowledge
from domain.acts.approval import ApproveOutcome
from domain.acts.assignment import AssignReviewers
from domain.acts.outcome import RecordOutcome
from domain.case import Finding
from domain.event import Event
from domain.ladder import Approval, Review
from domain.people import (
    approvers,
    assigners,
    candidates,
    coordinating,
    deciders,
    ids,
    keepers,
    nobody_left,
    reviewers_needed,
    those_who_assign,
)
from domain.procedure import Procedure
from domain.provisions import Exhausted, LastResort, LateReply
from domain.words import Writing
from tests.rules import available
from tests.unit.invented import MONDAY, PROCEDURE, case_of, submitted, then
from tests.unit.test_conflict import assigned, involved
from tests.unit.test_whom_it_is_about import told_by

WITH_LAST = replace(
    PROCEDURE,
    last_resort=LastResort(role="governor", source="8"),
    late_reply=LateReply(role="leadership", source="4"),
    exhausted=Exhausted(letter_from=("board",), source="6"),
)


def on_first(review: Review, approval: Approval | None = None) -> Procedure:
    first, *rest = WITH_LAST.stages
    return replace(WITH_LAST, stages=(replace(first, review=review, approval=approval), *rest))


def marked(events: tuple[Event, ...], *persons: str, by: str = "office-1") -> tuple[Event, ...]:
    for person in persons:
        events = then(events, involved(person, by=by), at=MONDAY, procedure=WITH_LAST)
    return events


def test_where_the_coordinator_is_marked_whoever_may_act_next_is_told() -> None:
    """Those over the office can assign from then on: they get the mail of a new case, with what is to be done."""
    events = marked(submitted(), "office-1")
    told = told_by(events, count=1, procedure=WITH_LAST)
    assert told["principal"] == told["deputy"] == ["new-case"]
    assert "assign" in available(case_of(events), by="deputy", procedure=WITH_LAST)


def test_where_those_over_them_are_marked_too_the_last_resort_is_told() -> None:
    """In the end the governors assign, and coordinate, and hold."""
    events = marked(submitted(), "principal", "deputy", "privacy-1", "office-1")
    told = told_by(events, count=1, procedure=WITH_LAST)
    assert told["chair"] == told["governor"] == ["new-case"]
    case = case_of(events)
    assert assigners(case, WITH_LAST)[-1] == coordinating(case, WITH_LAST)[-1] == "governor"
    assert ids(those_who_assign(case, WITH_LAST)) == ids(keepers(case, WITH_LAST)) == ("chair", "governor")


def test_reviewers_are_found_among_those_above_where_too_few_are_left() -> None:
    """Two review, of two with the role one is involved: those whom breaches go to make up the number."""
    procedure = on_first(Review(role="manager", count=2, source="3"))
    events = marked(submitted(procedure=procedure), "manager-1")
    assert ids(candidates(case_of(events), procedure)) == ("manager-2", "principal", "deputy")
    events = then(events, assigned("manager-2", "deputy"), at=MONDAY, procedure=procedure)
    assert case_of(events).current.reviewers == ("manager-2", "deputy")
    assert "assignment" in told_by(events, count=1, procedure=procedure)["deputy"]


def test_whoever_keeps_the_directory_is_told_where_nobody_is_left() -> None:
    """All who could review are involved, those above and the last resort too: somebody else has to be added."""
    events = submitted(procedure=WITH_LAST)
    events = marked(events, "manager-1", "manager-2", "principal", "deputy", "chair")
    assert "nobody-left" not in told_by(events, count=1, procedure=WITH_LAST)["office-1"]
    events = marked(events, "governor")
    assert nobody_left(case_of(events), WITH_LAST) == "review"
    assert "nobody-left" in told_by(events, count=1, procedure=WITH_LAST)["office-1"]


def test_as_many_review_as_are_left() -> None:
    """A stage that needs more reviewers than there is anybody for is reviewed by those there are."""
    procedure = replace(
        on_first(Review(role="privacy", count=2, assigned_by="office", source="3")),
        escalates_to="office",
        last_resort=None,
    )
    case = case_of(submitted(procedure=procedure))
    assert reviewers_needed(case, replace(procedure, escalates_to="privacy")) == 1


def recorded(events: tuple[Event, ...], by: str, procedure: Procedure) -> tuple[Event, ...]:
    events = then(
        events, AssignReviewers(by="office-1", stage="first", reviewers=(by,)), at=MONDAY, procedure=procedure
    )
    events = then(events, Acknowledge(by=by, stage="first"), at=MONDAY, procedure=procedure)
    outcome = RecordOutcome(
        by=by,
        stage="first",
        findings=tuple(Finding(aspect=number, conclusion="upheld") for number in (1, 2)),
        wording=Writing("outcome", {"reasons": ["So.", "So."], "response": "Sorry."}),
    )
    return then(events, outcome, at=MONDAY + timedelta(hours=1), procedure=procedure)


@pytest.mark.parametrize("is_marked_before", [True, False])
def test_an_approval_in_the_needed_number_is_met_by_others(is_marked_before: bool) -> None:
    """Two of the senior team have to approve, and two of its three are involved: those above are asked, and with the
    second approval the outcome goes out."""
    procedure = on_first(
        Review(role="manager", source="3"), Approval(by="role", role="board", count=2, source="3")
    )
    events = submitted(procedure=procedure)
    if is_marked_before:
        events = marked(events, "board-1", "board-2")
    events = recorded(events, "manager-1", procedure)
    if not is_marked_before:
        events = marked(events, "board-1", "board-2")
        assert "approval-request" in told_by(events, count=1, procedure=procedure)["deputy"]
    assert ids(approvers(case_of(events), procedure)) == ("manager-2", "principal", "deputy")
    for person in ("manager-2", "deputy"):
        assert "approve" in available(case_of(events), by=person, procedure=procedure)
        approve = ApproveOutcome(by=person, stage="first", wording="outcome")
        events = then(events, approve, at=MONDAY + timedelta(hours=2), procedure=procedure)
    assert case_of(events).current.responded_at is not None


def test_whatever_is_decided_is_decided_by_somebody() -> None:
    """A late reply, and the letter to an exhausted case, have somebody where all who have the role are involved."""
    case = case_of(marked(submitted(), "principal", "deputy", "manager-2", "board-1", "board-2"))
    assert ids(deciders("late-reply", case, WITH_LAST)) == ("chair", "governor")
    assert ids(deciders("letter", case, WITH_LAST)) == ("chair", "governor")
