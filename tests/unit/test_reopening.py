"""A reply that comes after the silence closed the case: for a person to decide."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.acts.late_reply import AskLate, CaseReopened, DecideLateReply
from domain.acts.retention import BeginDeletion
from domain.acts.stages import ComplaintEscalated
from domain.acts.waking import Wake
from domain.case import COMPLAINANT
from domain.errors import AlreadyDone, DeletionRefused, Incomplete, NotAllowed, NotNow
from domain.event import Event
from domain.words import Writing
from tests.unit.invented import (
    MONDAY,
    PROCEDURE,
    WITH_MORE,
    case_of,
    looked_into,
    outcome,
    then,
    told,
    with_stage,
)

DAY = timedelta(days=1)
AFTER = MONDAY + 60 * DAY


def lapsed() -> tuple[Event, ...]:
    """Answered on the first stage, reminded, and closed after silence."""
    events = looked_into(WITH_MORE)
    events = then(events, outcome("manager-1", "first"), at=MONDAY, procedure=WITH_MORE)
    for at in (MONDAY + 12 * DAY, MONDAY + 20 * DAY):
        events = then(events, Wake(), at=at, procedure=WITH_MORE)
    assert case_of(events).ended == "lapsed"
    return events


def asked(why: str = "I was ill.") -> AskLate:
    return AskLate(by=COMPLAINANT, stage="first", reasons=Writing("late", {"reasons": why}))


def decided(*, accepted: bool, by: str = "deputy", why: str = "Illness is a good reason.") -> DecideLateReply:
    reason = Writing("decided", {"reason": why})
    return DecideLateReply(by=by, stage="first", accepted=accepted, reason=reason)


def go(events: tuple[Event, ...], *commands: AskLate | DecideLateReply) -> tuple[Event, ...]:
    for command in commands:
        events = then(events, command, at=AFTER, procedure=WITH_MORE)
    return events


def test_accepted_it_reopens_and_escalates() -> None:
    """The case is open again, on its next stage, with the complainant's reasons."""
    events = go(lapsed(), asked(), decided(accepted=True))
    case = case_of(events)
    assert (case.is_open, case.current.stage, case.keep_until) == (True, "second", None)
    assert any(isinstance(event, CaseReopened) for event in events)
    (escalated,) = (event for event in events if isinstance(event, ComplaintEscalated))
    assert escalated.reasons == "late"


def test_declined_it_stays_closed_and_the_complainant_is_told() -> None:
    """A refusal has a reason, and a notice of its own."""
    before = go(lapsed(), asked())
    events = go(before, decided(accepted=False))
    assert not case_of(events).is_open
    assert ("decision", COMPLAINANT) in [(one.notice, one.person) for one in told(before, events, WITH_MORE)]
    with pytest.raises(AlreadyDone):
        go(events, asked())


def test_a_request_that_waits_keeps_the_case() -> None:
    """Nothing is destroyed while somebody waits for an answer."""
    events = go(lapsed(), asked())
    with pytest.raises(DeletionRefused, match="a request from the complainant is waiting for a decision"):
        then(events, BeginDeletion(), at=AFTER, procedure=WITH_MORE)


def test_it_takes_a_reason_the_role_and_a_procedure_that_provides_for_it() -> None:
    """What is missing is refused under its own name."""
    with pytest.raises(Incomplete):
        go(lapsed(), asked(" "))
    with pytest.raises(NotNow):
        go(lapsed(), decided(accepted=True))
    with pytest.raises(NotAllowed):
        go(lapsed(), asked(), decided(accepted=True, by="manager-1"))
    with pytest.raises(Incomplete):
        go(lapsed(), asked(), decided(accepted=True, why=""))
    with pytest.raises(NotAllowed):
        then(lapsed(), asked(), at=AFTER, procedure=with_stage(WITH_MORE, 0, next=""))


def test_where_the_policy_knows_no_exception_whoever_breaches_go_to_decides() -> None:
    """A late reply is never lost: it is decided on with a reason, and marked as the organisation's own rule."""
    assert PROCEDURE.late_reply is None
    events = then(lapsed(), asked(), at=AFTER, procedure=PROCEDURE)
    case = case_of(then(events, decided(accepted=True, by="deputy"), at=AFTER, procedure=PROCEDURE))
    assert (case.is_open, case.current.stage) == (True, "second")
    assert PROCEDURE.late_replies.own_target
