"""Letters on paper: what the complainant is told by post is printed and posted by a person, and is not forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.calendars import LONDON, to_london
from domain.case import Case, LetterRecord
from domain.commands import PostLetter, PrepareLetter
from domain.counting import REMINDER_HOUR
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotNow, Refused, UnknownChoice
from domain.events import SYSTEM, Event, LetterPosted, LetterPrepared
from domain.life.standing import those_who_handle, works_on
from domain.notices import Notice
from domain.procedure import Procedure

REMINDED_AFTER = timedelta(days=3)
"""From the day on which a letter was written."""
REMINDED_EVERY = timedelta(days=7)
REMINDED_RARELY = timedelta(days=28)
"""After that time: whoever has not posted it by then does not because of another mail."""


def goes_by_post(notice: Notice, procedure: Procedure, *, has_email: bool) -> bool:
    """Whether a notice to the complainant has to be posted: the procedure says so, or there is no other way."""
    if notice == "fresh-link":
        return False
    return not has_email or (procedure.letters is not None and notice in procedure.letters.by_post)


def prepare_letter(case: Case, command: PrepareLetter, *, now: datetime) -> tuple[Event, ...]:
    """Nothing where it was prepared before: a notice that is delivered twice is one letter."""
    if case.erasing or any(one.id == command.letter for one in case.letters):
        return ()
    return (
        LetterPrepared(
            at=now, by=SYSTEM, stage=case.current.stage, letter=command.letter, notice=command.notice
        ),
    )


def to_be_posted(case: Case) -> tuple[LetterRecord, ...]:
    return tuple(one for one in case.letters if one.posted_on is None)


def may_post(case: Case, by: str, procedure: Procedure) -> Refused | None:
    """Also after the closure: that a case is closed is written in a letter, too."""
    if case.erasing:
        return NotNow("The destruction of this case has begun.")
    refusal = works_on(case, by, procedure)
    if refusal is not None and by not in [one.id for one in those_who_handle(case, procedure)]:
        return refusal
    if not to_be_posted(case):
        return NotNow("No letter of this case waits to be posted.")
    return None


def post_letter(case: Case, command: PostLetter, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    """UnknownChoice: there is no such letter. AlreadyDone: it was posted. Incomplete: the day lies ahead, or before
    the letter was written."""
    letter = next((one for one in case.letters if one.id == command.letter), None)
    if letter is not None and letter.posted_on is not None:
        raise AlreadyDone("This letter has been posted already.")
    if refusal := may_post(case, command.by, procedure):
        raise refusal
    if letter is None:
        raise UnknownChoice("There is no such letter in this case.", field="letter")
    if not to_london(letter.at).date() <= command.on <= to_london(now).date():
        raise Incomplete(
            (
                FieldProblem(
                    "on", "Enter the day on which it was posted: today, or a day since it was written."
                ),
            )
        )
    return (LetterPosted(at=now, by=command.by, letter=letter.id, on=command.on),)


def reminded_at(letter: LetterRecord) -> datetime:
    """When those who handle the case are reminded next that the letter has not been posted: at the hour of reminders,
    not on a weekend."""
    last = letter.reminded_at
    if last is None:
        last, after = letter.at, REMINDED_AFTER
    else:
        after = REMINDED_EVERY if last - letter.at < REMINDED_RARELY else REMINDED_RARELY
    day = to_london(last).date() + after
    if day.weekday() >= 5:  # Saturday
        day += timedelta(days=7 - day.weekday())
    return datetime.combine(day, REMINDER_HOUR, LONDON)
