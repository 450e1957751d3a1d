"""What is due by now: reminders, breaches, and silence that ends a stage."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendar, end_of
from domain.case import Case, evolve
from domain.deadlines import WRITTEN_FORM, deadlines, decisions, wakes
from domain.deadlines import Wake as DueWake
from domain.events import (
    SYSTEM,
    ActionOverdue,
    ActionReminded,
    DeadlineBreached,
    DeadlineReminded,
    Event,
    LetterReminded,
)
from domain.life.reply import lapse
from domain.procedure import Procedure


def wake(case: Case, *, procedure: Procedure, calendar: Calendar, now: datetime) -> tuple[Event, ...]:
    """Everything that is due; nothing at all where the alarm is stale. That is no refusal: alarms are outlived,
    never cancelled."""
    events: list[Event] = []
    while due := [one for one in wakes(case, procedure, calendar) if one.at <= now]:
        fresh = _fire(due[0], case, procedure=procedure, calendar=calendar, now=now)
        for event in fresh:
            case = evolve(case, event, ref=case.ref)
        events.extend(fresh)
    return tuple(events)


def _fire(
    due: DueWake, case: Case, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    if action := next((one for one in case.actions if one.id == due.deadline), None):
        due_at = end_of(action.due)
        if now < due_at:
            return (ActionReminded(at=now, by=SYSTEM, action=action.id),)
        return (ActionOverdue(at=now, by=SYSTEM, action=action.id, due_at=due_at),)
    if due.deadline.endswith(f"/{WRITTEN_FORM}"):
        from domain.life.written_form import remind_of_form

        return remind_of_form(case, procedure=procedure, now=now)
    if letter := next((one for one in case.letters if f"{one.stage}/letter-{one.id}" == due.deadline), None):
        return (LetterReminded(at=now, by=SYSTEM, letter=letter.id),)
    dates = (*deadlines(case, procedure, calendar), *decisions(case, procedure, calendar))
    deadline = next(one for one in dates if one.name == due.deadline)
    is_reply = deadline.rule.name == "reply"
    is_over = deadline.due.due_at <= now
    if due.occasion == "remind" and (is_reply or not is_over):
        return (DeadlineReminded(at=now, by=SYSTEM, deadline=due.deadline, index=due.index),)
    if is_reply:
        return lapse(case, procedure=procedure, calendar=calendar, now=now)
    return (DeadlineBreached(at=now, by=SYSTEM, deadline=due.deadline, due_at=deadline.due.due_at),)
