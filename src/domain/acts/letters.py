"""Letters on paper: what the complainant is told by post is printed and posted by a person, and is not forgotten."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from domain.act import Act, FilledIn, Scene, Traits, typed_day
from domain.calendars import to_london
from domain.case import SYSTEM, Case
from domain.chasing import letter_reminder_at, to_be_posted
from domain.command import Command, Events
from domain.days import wanted
from domain.errors import AlreadyDone, FieldProblem, NotNow, Refused, UnknownChoice
from domain.event import Event, StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.notices import Notice
from domain.papers import LetterRecord
from domain.people import ids, those_who_handle
from domain.procedure import Procedure
from domain.rights import being_destroyed, works_on
from domain.situation import Situation
from domain.step import Step
from domain.words import require

Delivered = Literal["posted", "told", "handed-over"]
"""How a letter reached the complainant: by post, read to them in a call, or given to them."""


class LetterPrepared(StageEvent):
    """A notice to the complainant is to be printed and posted; `letter` names the effect that it was made of."""

    letter: str
    notice: str

    def after(self, case: Case) -> Case:
        letter = LetterRecord(id=self.letter, notice=self.notice, stage=self.stage, at=self.at)
        return replace(case, letters=(*case.letters, letter))

    def tells(self, telling: Telling) -> Tells:
        return telling.tell("letter", *telling.handling)


class LetterReminded(Event):
    """Those who handle the case were told that the letter still waits to be posted, and `others` with it."""

    letter: str
    others: tuple[str, ...] = ()

    def after(self, case: Case) -> Case:
        for letter in (self.letter, *self.others):
            case = case.with_letter(letter, reminded_at=self.at)
        return case

    def tells(self, telling: Telling) -> Tells:
        return telling.tell("letter", *telling.handling)


class LetterPosted(Event):
    """The letter went into the post on the day `on`, or what it says reached the complainant in another way (`how`)."""

    letter: str
    on: date
    how: Delivered = "posted"

    def after(self, case: Case) -> Case:
        return case.with_letter(self.letter, posted_on=self.on)

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class PrepareLetter(Command):
    """The notice that the effect `letter` sends goes by post."""

    is_for_erasure_too = True

    letter: str
    notice: Notice

    def decide(self, at: Situation) -> Events:
        """Return nothing where it was prepared before: a notice that is delivered twice is one letter."""
        if at.case.erasing or any(letter.id == self.letter for letter in at.case.letters):
            return ()
        stage = at.case.current.stage
        return (LetterPrepared(at=at.now, by=SYSTEM, stage=stage, letter=self.letter, notice=self.notice),)


class PostLetter(Command):
    by: str
    letter: str
    on: date
    how: Delivered = "posted"

    def decide(self, at: Situation) -> Events:
        """Return what happens. UnknownChoice: there is no such letter. AlreadyDone: it was posted. Incomplete: the day
        lies ahead, or before the letter was written."""
        letter = next((letter for letter in at.case.letters if letter.id == self.letter), None)
        if letter is not None and letter.posted_on is not None:
            raise AlreadyDone("This letter has already been posted.")
        at.require(POST, self.by, "")
        if letter is None:
            raise UnknownChoice("There is no such letter in this case.", field="letter")
        if not to_london(letter.at).date() <= self.on <= to_london(at.now).date():
            sentence = "Enter the date this was done: today, or a date since the letter was written."
            require([FieldProblem("on", sentence)])
        return (LetterPosted(at=at.now, by=self.by, letter=letter.id, on=self.on, how=self.how),)


def remind_of_letters(at: Situation) -> Events:
    """Say that letters wait to be posted: all of which it is time to be reminded, at once, however many they are."""
    first, *others = (letter.id for letter in to_be_posted(at.case) if letter_reminder_at(letter) <= at.now)
    return (LetterReminded(at=at.now, by=SYSTEM, letter=first, others=tuple(others)),)


def goes_by_post(notice: Notice, procedure: Procedure, *, has_email: bool) -> bool:
    """Return whether a notice to the complainant has to be posted: the procedure says so, or there is no other way."""
    if notice == "fresh-link":
        return False
    return not has_email or (procedure.letters is not None and notice in procedure.letters.by_post)


def _handles(at: Situation, by: str) -> bool:
    """Return whether `by` is one of those who are asked to post letters."""
    return by in ids(those_who_handle(at.case, at.procedure))


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it also after the closure: that a case is closed is written in a letter, too."""
    if refusal := being_destroyed(at.case):
        return refusal
    refusal = works_on(at.case, by, at.procedure)
    if refusal is not None and not _handles(at, by):
        return refusal
    if not to_be_posted(at.case):
        return NotNow("This case has no letters waiting to be posted.")
    return None


def _asked(asking: Asking) -> PostLetter:
    waiting = [letter.id for letter in to_be_posted(asking.at.case)]
    letter = asking.choice("letter", waiting, "Choose the letter.")
    how: Delivered = asking.word("how", get_args(Delivered), "Choose how it reached the complainant.")
    on = asking.day("on")
    if on is None:
        asking.refuse("on", wanted("the date this was done"))
    return PostLetter(by=asking.by, letter=letter, on=on, how=how)


def _played(step: Step, at: Situation) -> FilledIn:
    first = next((letter.id for letter in to_be_posted(at.case)), "")
    return {"letter": first, "how": "posted", **typed_day("on", step.on or to_london(at.now).date())}


POST = Act(
    name="posted",
    whose="staff",
    traits=Traits(again="as-often", waits_for=_handles, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={"posted": Scene(needs=(), knows=("on",), fills=_played, by=None)},
)
ACTS = (POST,)
