"""When people are reminded of what has no deadline of its own: a form that is still to come, a letter that is to be
posted, what an outcome promised, and what was missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from domain.breaches import Breach
from domain.calendars import (
    LONDON,
    ONE_DAY,
    SATURDAY,
    Calendar,
    CalendarError,
    Limit,
    end_of,
    last_day_before,
    to_london,
)
from domain.case import COMPLAINANT, Case
from domain.counting import REMINDER_HOUR, count, is_day_off
from domain.papers import LetterRecord
from domain.planned import ActionRecord
from domain.procedure import Procedure, WrittenForm
from domain.provisions import MissedDates

STAFF_AFTER_LAST = Limit(10, "working-days")
"""How often staff are reminded of a form once the complainant no longer is: until one of them decides."""

UNCOUNTED_EVERY = timedelta(days=28)
"""How often staff are told that holidays or terms are missing by which a date is to be counted."""

_FORM_OF_WHAT_IT_BECAME = WrittenForm(
    remind_after=Limit(5, "working-days"),
    counts=("acknowledge", "respond", "progress"),
    own_target="The procedure does not say how the form is asked for; this is the organisation's own rule.",
)

INVOLVEMENT_AFTER = (2, 1, 1, 5)
"""How many weekdays after each time that somebody was asked to say who is involved the next is."""

LETTER_AFTER = timedelta(days=3)
"""From the day on which a letter was written to the first reminder to post it."""
LETTER_EVERY = timedelta(days=7)
LETTER_RARELY = timedelta(days=28)
"""After that time: who has not posted it by then does not because of another mail."""


def form_rule(case: Case, procedure: Procedure) -> WrittenForm | None:
    """Return what the procedure says of complaints that have to be put in writing; None: nothing. What began as
    something else always needs the form of what it has become."""
    form = procedure.form(case.form)
    written = form.written if form is not None else None
    return written or (_FORM_OF_WHAT_IT_BECAME if case.made_on else None)


def form_reminder_at(case: Case, procedure: Procedure, calendar: Calendar) -> datetime | None:
    """Return when complainant and staff are reminded next of the form; None: the case does not wait for it."""
    rule = form_rule(case, procedure)
    if rule is None or not case.waits_for_form or case.form_asked_at is None:
        return None
    since = case.form_reminded_at or case.form_asked_at
    limit = rule.remind_after if case.form_reminders < rule.reminders else STAFF_AFTER_LAST
    try:
        due = count((limit,), since, calendar=calendar)
    except CalendarError:
        return awaited_at(since, calendar)
    at = datetime.combine(due.due, REMINDER_HOUR, LONDON)
    # A limit that ends on the day on which it was asked for leaves the rest of that day.
    return at if at > since else due.due_at


def involvement_reminder_at(case: Case) -> datetime | None:
    """Return when somebody further up is asked to say who is involved: after a whole weekday, then each weekday, and in
    the end each week; None: it is said, or the case is closed. Holidays are not counted: this never waits for them to
    be known."""
    if not case.is_open or not case.is_unconfirmed or case.involvement_asked_at is None:
        return None
    day = to_london(case.involvement_asked_at).date()
    for _ in range(INVOLVEMENT_AFTER[min(case.involvement_reminders, len(INVOLVEMENT_AFTER) - 1)]):
        day = _weekday_from(day + ONE_DAY)
    return datetime.combine(day, REMINDER_HOUR, LONDON)


def contact_limit_reminder_at(case: Case, procedure: Procedure, calendar: Calendar) -> datetime | None:
    """Return when people are reminded next of a limit on contact: one that is to be decided on at the distances of what
    was missed, one that holds from the day of its review on. None: there is none."""
    limit = case.contact_limit
    if limit is None or not case.is_open:
        return None
    if limit.decided_at is None:
        return chased_at(limit.reminded_at or limit.at, limit.reminders, procedure.chase, calendar)
    if limit.reminded_at is None:
        return datetime.combine(_weekday_from(limit.review_on), REMINDER_HOUR, LONDON)
    return chased_at(limit.reminded_at, limit.reminders - 1, procedure.chase, calendar)


def to_be_posted(case: Case) -> tuple[LetterRecord, ...]:
    """Return the letters that nobody has posted yet."""
    return tuple(letter for letter in case.letters if letter.posted_on is None)


def awaited_letters(case: Case, stage: str) -> tuple[LetterRecord, ...]:
    """Return the letters by which alone the complainant hears of the outcome of `stage`, or is reminded of it: there is
    no email address, or the mail is known not to have arrived."""
    failed = {notice.letter for notice in case.failed if notice.person == COMPLAINANT}
    return tuple(
        letter
        for letter in case.letters
        if letter.stage == stage
        and letter.notice in ("outcome", "reply-reminder")
        and (case.by_letter or letter.id in failed)
    )


def letter_reminder_at(letter: LetterRecord) -> datetime:
    """Return when those who handle the case are reminded next that the letter has not been posted: at the hour of
    reminders, not on a weekend."""
    last = letter.reminded_at
    if last is None:
        last, after = letter.at, LETTER_AFTER
    else:
        after = LETTER_EVERY if last - letter.at < LETTER_RARELY else LETTER_RARELY
    return datetime.combine(_weekday_from(to_london(last).date() + after), REMINDER_HOUR, LONDON)


def _weekday_from(day: date) -> date:
    """Return the first day from `day` on that is not on a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def morning_after(instant: datetime, calendar: Calendar) -> datetime:
    """Return the hour of reminders on the first working day that follows on the day before `instant`: what ended with
    a day is told the next. Where no holidays are known any more, every weekday is a working day."""
    day = last_day_before(instant) + ONE_DAY
    while is_day_off(day, calendar):
        day += ONE_DAY
    return datetime.combine(day, REMINDER_HOUR, LONDON)


def chased_at(since: datetime, told: int, chase: MissedDates, calendar: Calendar) -> datetime:
    """Return when people are told again of what was missed, having been told `told` times again, `since` then not."""
    limit = chase.tell_again if told < chase.times else chase.then_every
    last_day = count((limit,), since, calendar=calendar).due
    return morning_after(end_of(last_day - ONE_DAY), calendar)


def admitted_at(breach: Breach, calendar: Calendar) -> datetime:
    """Return when the complainant is told of a missed date: the next working morning."""
    morning = morning_after(breach.due_at, calendar)
    if breach.at is None or breach.at <= morning:
        return morning
    # The system had stopped.
    return morning_after(end_of(to_london(breach.at).date()), calendar)


def awaited_at(since: datetime, calendar: Calendar) -> datetime:
    """Return when people are told next that a date of the case cannot be counted yet."""
    return morning_after(since + UNCOUNTED_EVERY, calendar)


def action_reminder(
    action: ActionRecord, chase: MissedDates, calendar: Calendar
) -> tuple[tuple[datetime, Literal["remind", "due"]], ...]:
    """Return when something happens next to a promised action: on its last day, at the hour of reminders, its owner is
    reminded; after it, it is overdue, and told again until it is done."""
    if action.done_at is not None:
        return ()
    if action.overdue_at is not None:
        since = action.chased_at or action.overdue_at
        return ((chased_at(since, action.chased, chase, calendar), "due"),)
    if action.reminded_at is None:
        return ((datetime.combine(action.due, REMINDER_HOUR, LONDON), "remind"),)
    return ((end_of(action.due), "due"),)
