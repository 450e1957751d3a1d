"""Conflicts of interest: what the rules of a case say about persons who are involved in the matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.acts.assignment import AssignReviewers, ReviewerAssigned
from domain.acts.conflict import DeclareInvolvement
from domain.errors import AlreadyDone, ConflictOfInterest, Incomplete, NotAllowed, UnknownChoice
from domain.event import Event
from domain.words import Writing
from tests.unit.invented import MONDAY, PROCEDURE, case_of, outcome, submitted, then, with_stage

OVERRIDABLE = with_stage(
    PROCEDURE,
    0,
    review=replace(PROCEDURE.stages[0].review, conflict_override="board", alternative_role="board"),
)


def involved(person: str, by: str = "office-1", why: str = "Named in it.") -> DeclareInvolvement:
    return DeclareInvolvement(
        by=by, stage="first", person=person, reason=Writing(f"involved-{person}", {"reason": why})
    )


def assigned(*reviewers: str, by: str = "office-1", why: str = "") -> AssignReviewers:
    override = Writing("override", {"reason": why}) if why else None
    return AssignReviewers(by=by, stage="first", reviewers=reviewers, override=override)


def test_the_assignment_is_lost_with_what_was_recorded() -> None:
    """Whoever is marked reviews no longer, and may not record, declare or be assigned again."""
    events = then(submitted(), assigned("manager-1"), at=MONDAY)
    events = then(events, involved("manager-1"), at=MONDAY)
    assert case_of(events).current.reviewers == ()
    for command in (
        outcome("manager-1", "first"),
        involved("manager-2", by="manager-1"),
        assigned("manager-1"),
    ):
        with pytest.raises(ConflictOfInterest):
            then(events, command, at=MONDAY)


def test_a_declaration_needs_a_known_person_a_reason_and_happens_once() -> None:
    """Each thing that is missing is refused under its own name."""
    events = then(submitted(), involved("manager-1"), at=MONDAY)
    with pytest.raises(AlreadyDone):
        then(events, involved("manager-1"), at=MONDAY)
    with pytest.raises(UnknownChoice):
        then(events, involved("nobody"), at=MONDAY)
    with pytest.raises(Incomplete):
        then(events, involved("manager-2", why=" "), at=MONDAY)
    with pytest.raises(NotAllowed):
        then(events, involved("board-1", by="board-1"), at=MONDAY)


def test_an_override_is_for_its_role_and_needs_a_reason() -> None:
    """The named role can assign in spite of a conflict, with the reason on record; the coordinator cannot."""

    def after(command: AssignReviewers) -> tuple[Event, ...]:
        events = then(submitted(), involved("manager-1"), at=MONDAY, procedure=OVERRIDABLE)
        return then(events, command, at=MONDAY, procedure=OVERRIDABLE)

    with pytest.raises(ConflictOfInterest):
        after(assigned("manager-1", why="There is nobody else."))
    with pytest.raises(Incomplete):
        after(assigned("manager-1", by="board-1"))
    last = after(assigned("manager-1", by="board-1", why="There is nobody else."))[-1]
    assert isinstance(last, ReviewerAssigned)
    assert last.override == "override"


def test_the_alternative_role_reviews_where_everybody_is_involved() -> None:
    """Only when the last one of the role is marked does the other role take its place."""
    events = then(submitted(), involved("manager-1"), at=MONDAY, procedure=OVERRIDABLE)
    with pytest.raises(UnknownChoice):
        then(events, assigned("board-1"), at=MONDAY, procedure=OVERRIDABLE)
    events = then(events, involved("manager-2"), at=MONDAY, procedure=OVERRIDABLE)
    events = then(events, assigned("board-1"), at=MONDAY, procedure=OVERRIDABLE)
    assert case_of(events).current.reviewers == ("board-1",)


def test_where_the_coordinator_is_involved_another_assigns() -> None:
    """A case does not wait for the one person who may not touch it."""
    events = then(submitted(), involved("office-1"), at=MONDAY)
    with pytest.raises(ConflictOfInterest):
        then(events, assigned("manager-1"), at=MONDAY)
    events = then(events, assigned("manager-1", by="deputy"), at=MONDAY)
    assert case_of(events).current.reviewers == ("manager-1",)
