"""Who has to decide something besides a stage's deadlines is reminded, and their silence is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.acts.assignment import AssignReviewers
from domain.acts.late_reply import AskLate, DecideLateReply
from domain.acts.lateness import DecideLateness
from domain.acts.reopening import AskToReopen, ConfirmExhausted
from domain.acts.waking import DeadlineBreached, DeadlineReminded, Wake
from domain.calendars import Limit
from domain.case import COMPLAINANT
from domain.deadlines import decisions
from domain.effect import SetAlarm
from domain.event import Event
from domain.procedure import Procedure
from domain.provisions import LateReply
from domain.words import Writing
from tests.rules import consequences, wakes
from tests.unit import invented
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    REF,
    WITH_DISCRETION,
    WITH_MORE,
    case_of,
    looked_into,
    outcome,
    submitted,
    then,
)


def at(day: int, hour: int = 10, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def told(
    before: tuple[Event, ...], after: tuple[Event, ...], procedure: Procedure
) -> set[tuple[str, str, str]]:
    """Who is told what about which date with the events that came."""
    heard = invented.told(before, after, procedure)
    return {(one.notice, one.person, one.what) for one in heard if "/" in one.what}


def woken(events: tuple[Event, ...], when: datetime, procedure: Procedure) -> tuple[Event, ...]:
    return then(events, Wake(), at=when, procedure=procedure)


def dates(events: tuple[Event, ...], procedure: Procedure) -> dict[str, date]:
    return {
        one.name: one.due.due for one in decisions(case_of(events), procedure, CALENDAR) if not one.is_met
    }


def late() -> tuple[Event, ...]:
    return submitted(procedure=WITH_DISCRETION, incident_on=date(2026, 9, 1))


def test_who_decides_on_a_late_complaint_is_reminded_and_silence_is_a_breach() -> None:
    """Five working days from Monday 2 November: a reminder on the Friday, a breach at the end of the next Monday."""
    events = late()
    assert dates(events, WITH_DISCRETION) == {"first/lateness": date(2026, 11, 9)}
    reminded = woken(events, at(6, 9), WITH_DISCRETION)
    assert DeadlineReminded(at=at(6, 9), by="system", deadline="first/lateness", index=0) in reminded
    members = {"principal", "deputy"}
    assert {("reminder", one, "first/lateness") for one in members} <= told(events, reminded, WITH_DISCRETION)
    assert not any(
        what == "first/lateness" and who == "office-1"
        for _, who, what in told(events, reminded, WITH_DISCRETION)
    )

    breached = woken(reminded, at(10, 0), WITH_DISCRETION)
    assert "first/lateness" in [one.deadline for one in breached if isinstance(one, DeadlineBreached)]
    assert {("breach", one, "first/lateness") for one in members} <= told(reminded, breached, WITH_DISCRETION)


def test_what_was_decided_is_not_reminded_of() -> None:
    """The decision ends it, whichever way it goes."""
    reason = Writing("reason", {"reason": "A serious concern."})
    decided = DecideLateness(by="deputy", stage="first", accepted=True, reason=reason)
    events = then(late(), decided, at=at(3), procedure=WITH_DISCRETION)
    assert dates(events, WITH_DISCRETION) == {}
    assert "first/lateness" not in [one.deadline for one in wakes(case_of(events), WITH_DISCRETION, CALENDAR)]


def lapsed() -> tuple[Event, ...]:
    """The first stage is answered, and nobody replies."""
    events = looked_into(WITH_MORE)
    events = then(events, outcome("manager-1", "first"), at=MONDAY, procedure=WITH_MORE)
    events = woken(events, at(11, 9), WITH_MORE)
    return woken(events, at(17, 9), WITH_MORE)


def ask_late(procedure: Procedure) -> tuple[Event, ...]:
    wish = AskLate(by=COMPLAINANT, stage="first", reasons=Writing("late", {"reasons": "I was away."}))
    return then(lapsed(), wish, at=at(18), procedure=procedure)


def test_a_late_reply_is_reminded_of_although_the_case_is_closed() -> None:
    """An alarm is set with the request, and goes off until somebody has decided."""
    events = ask_late(WITH_MORE)
    assert case_of(events).ended == "lapsed"
    assert dates(events, WITH_MORE) == {"first/late-reply": date(2026, 11, 25)}
    alarms = [
        one.effect
        for one in consequences(
            case_of(events[:-1]), events[-1:], ref=REF, procedure=WITH_MORE, calendar=CALENDAR
        )
        if isinstance(one.effect, SetAlarm)
    ]
    assert [(one.deadline, one.at) for one in alarms] == [("first/late-reply", at(24, 9))]
    reminded = woken(events, at(24, 9), WITH_MORE)
    assert ("reminder", "principal", "first/late-reply") in told(events, reminded, WITH_MORE)
    breached = woken(reminded, at(26, 0), WITH_MORE)
    assert ("breach", "deputy", "first/late-reply") in told(reminded, breached, WITH_MORE)
    admitted = woken(breached, at(26, 9), WITH_MORE)
    (heard,) = invented.told(breached, admitted, WITH_MORE)
    assert (heard.notice, heard.person) == ("missed-date", COMPLAINANT)
    assert woken(admitted, at(30), WITH_MORE) == admitted

    reason = Writing("no", {"reason": "Too late."})
    declined = DecideLateReply(by="deputy", stage="first", accepted=False, reason=reason)
    assert dates(then(admitted, declined, at=at(30), procedure=WITH_MORE), WITH_MORE) == {}


def test_the_procedure_can_say_how_long_it_may_take() -> None:
    """Three days where the file says three days, and then it is the policy's date."""
    stated = replace(
        WITH_MORE, late_reply=LateReply(role="leadership", within=(Limit(3, "days"),), source="3")
    )
    (decision,) = decisions(case_of(ask_late(stated)), stated, CALENDAR)
    assert decision.due.due == date(2026, 11, 21)
    assert (decision.rule.source, decision.rule.own_target) == ("3", "")
    (silent,) = decisions(case_of(ask_late(WITH_MORE)), WITH_MORE, CALENDAR)
    assert "sets no limit" in silent.rule.own_target


def test_whoever_has_a_letter_to_send_is_reminded_until_it_is_sent() -> None:
    """The wish to reopen an exhausted case waits for its letter no longer than any other obligation."""
    alone = replace(
        WITH_MORE,
        forms=(replace(WITH_MORE.forms[0], starts_at="second"),),
        stages=(
            WITH_MORE.stages[0],
            replace(
                WITH_MORE.stages[1],
                approval=None,
                review=replace(WITH_MORE.stages[1].review, count=1),
                deadlines=tuple(
                    rule for rule in WITH_MORE.stages[1].deadlines if rule.name in ("acknowledge", "respond")
                ),
            ),
        ),
    )
    events = submitted(procedure=alone)
    named = AssignReviewers(by="office-1", stage="second", reviewers=("board-1",))
    events = then(events, named, at=MONDAY, procedure=alone)
    events = then(events, outcome("board-1", "second"), at=MONDAY, procedure=alone)
    assert case_of(events).ended == "exhausted"
    wish = AskToReopen(by=COMPLAINANT, stage="second", reasons=Writing("again", {"reasons": "Once more."}))
    events = then(events, wish, at=at(4), procedure=alone)
    assert dates(events, alone) == {"second/letter": date(2026, 11, 11)}
    reminded = woken(events, at(10, 9), alone)
    assert ("reminder", "chair", "second/letter") in told(events, reminded, alone)
    sent = then(reminded, ConfirmExhausted(by="governor", stage="second"), at=at(10), procedure=alone)
    assert dates(sent, alone) == {}
    assert wakes(case_of(sent), alone, CALENDAR) == ()
