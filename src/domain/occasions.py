"""When a case has something to do next, if nothing happens before: a reminder, a date that passes, and what is told
again until it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from domain.breaches import Breach
from domain.calendars import Calendar
from domain.case import Case
from domain.chasing import (
    action_reminder,
    admitted_at,
    awaited_at,
    awaited_letters,
    chased_at,
    contact_limit_reminder_at,
    form_reminder_at,
    involvement_reminder_at,
    letter_reminder_at,
    morning_after,
    to_be_posted,
)
from domain.counting import before
from domain.deadlines import Deadline
from domain.frozen import Frozen
from domain.procedure import Procedure

WRITTEN_FORM = "written-form"
"""What an alarm is called that reminds of a complaint that is still to be put in writing."""

INVOLVEMENT = "involvement"
"""What an alarm is called that asks the next person to say who is involved."""

MISSED = "missed"
"""What an alarm is called that tells staff again of what was missed."""

LOOK_INTO = "look-into"
"""What an alarm is called that tells those in charge again that something has still to be looked into."""

CONTACT_LIMIT = "contact-limit"
"""What an alarm is called that reminds of a limit on contact: to decide on it, or to review it."""

LETTERS = "letters"
"""What an alarm is called that reminds of the letters that wait to be posted."""

UNCOUNTED = "calendar"
"""What an alarm is called that looks whether a date can be counted by now."""

APOLOGY = "apology"
"""What an alarm is called that tells the complainant of it."""


class Occasion(Frozen):
    """An instant at which a case has something to do if nothing happens before: send reminder number `index` of a
    deadline, or record what its passing means."""

    deadline: str
    at: datetime
    occasion: Literal["remind", "due"]
    index: int = 0


def occasions(
    case: Case, dates: Iterable[Deadline], procedure: Procedure, calendar: Calendar
) -> tuple[Occasion, ...]:
    """Return the next occasion of each of `dates` that is not met, of what was missed, of each open action, of a form
    that is still to come and of letters that wait to be posted, earliest first. A case that is being destroyed has
    none."""
    if case.erasing:
        return ()
    found = [
        Occasion(deadline=action.id, at=at, occasion=occasion)
        for action in case.actions
        for at, occasion in action_reminder(action, procedure.chase, calendar)
    ]
    if case.waits_for_form and (at := form_reminder_at(case, procedure, calendar)) is not None:
        name = f"{case.current.stage}/{WRITTEN_FORM}"
        found.append(Occasion(deadline=name, at=at, occasion="remind", index=case.form_reminders))
    if (at := involvement_reminder_at(case)) is not None:
        name = f"{case.current.stage}/{INVOLVEMENT}"
        found.append(Occasion(deadline=name, at=at, occasion="remind", index=case.involvement_reminders))
    if case.is_to_be_looked_into:
        since = case.look_into_chased_at or case.look_into_at or case.closed_at or case.opened_at
        at = chased_at(since, case.look_into_chased, procedure.chase, calendar)
        name = f"{case.current.stage}/{LOOK_INTO}"
        found.append(Occasion(deadline=name, at=at, occasion="remind", index=case.look_into_chased))
    if (at := contact_limit_reminder_at(case, procedure, calendar)) is not None:
        found.append(Occasion(deadline=f"{case.current.stage}/{CONTACT_LIMIT}", at=at, occasion="remind"))
    if waiting := to_be_posted(case):
        at = min(letter_reminder_at(letter) for letter in waiting)
        found.append(Occasion(deadline=f"{case.current.stage}/{LETTERS}", at=at, occasion="remind"))
    unmet = [deadline for deadline in dates if not deadline.is_met]
    running = [deadline for deadline in unmet if deadline.is_known]
    if len(running) < len(unmet):
        found.append(
            Occasion(
                deadline=f"{case.current.stage}/{UNCOUNTED}",
                at=awaited_at(case.awaited_at or case.current.requested_at, calendar),
                occasion="remind",
            )
        )
    breaches = [breach for deadline in running if (breach := breach_of(case, deadline)) is not None]
    found.extend(_chased(case, breaches, procedure, calendar))
    # Silence is no answer of somebody who is known not to have been told.
    is_unheard = any(letter.posted_on is None for letter in awaited_letters(case, case.current.stage))
    found.extend(
        _next_wake(case, deadline, calendar)
        for deadline in running
        if breach_of(case, deadline) is None and not (is_unheard and deadline.rule.name == "reply")
    )
    return tuple(sorted(found, key=lambda wake: (wake.at, wake.deadline)))


def breach_of(case: Case, deadline: Deadline) -> Breach | None:
    """Return the breach of a date as it stands; None: it has not passed, or another date has taken its place."""
    return next(
        (
            breach
            for breach in case.breaches
            if breach.deadline == deadline.name and breach.due_at == deadline.due.due_at
        ),
        None,
    )


def _chased(
    case: Case, breaches: list[Breach], procedure: Procedure, calendar: Calendar
) -> Iterator[Occasion]:
    """Yield when staff are told again of what is not met yet, and when the complainant is told of it first."""
    if not breaches:
        return
    stage = case.current.stage
    since = case.chased_at or max(breach.at or breach.due_at for breach in breaches)
    again = chased_at(since, case.chased, procedure.chase, calendar)
    yield Occasion(deadline=f"{stage}/{MISSED}", at=again, occasion="remind", index=case.chased)
    untold = [admitted_at(breach, calendar) for breach in breaches if breach.admitted_at is None]
    if untold:
        yield Occasion(deadline=f"{stage}/{APOLOGY}", at=min(untold), occasion="remind")


def _next_wake(case: Case, deadline: Deadline, calendar: Calendar) -> Occasion:
    last_sent = max(
        (reminded.at for reminded in case.reminded if reminded.deadline == deadline.name), default=None
    )
    is_reply = deadline.rule.name == "reply"
    reminders = []
    for index, remind in enumerate(deadline.rule.remind):
        at = before(deadline.due.due, remind.working_days_before, calendar=calendar)
        if is_reply:
            # Silence closes a case only after a reminder, however short the time is.
            at = max(at, deadline.origin)
        is_past = last_sent is not None and at <= last_sent
        if not is_past and at >= deadline.origin:
            reminders.append(Occasion(deadline=deadline.name, at=at, occasion="remind", index=index))
    if reminders and (is_reply or min(reminder.at for reminder in reminders) < deadline.due.due_at):
        return min(reminders, key=lambda wake: wake.at)
    # Silence ends a stage while somebody is there to be asked about it.
    at = morning_after(deadline.due.due_at, calendar) if is_reply else deadline.due.due_at
    return Occasion(deadline=deadline.name, at=at, occasion="due")
