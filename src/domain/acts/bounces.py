"""A message that did not reach somebody."""

from __future__ import annotations

from typing import get_args

from domain.acts.letters import LetterPrepared
from domain.case import COMPLAINANT, SYSTEM, Case
from domain.command import Command, Events
from domain.event import Event, Telling, Tells
from domain.frozen import replace
from domain.notices import Posted
from domain.papers import FailedNotice
from domain.situation import Situation


class NoticeBounced(Event):
    """A notice did not reach `person`; somebody has to try another way. `letter`: the name under which the case keeps
    what was sent."""

    person: str
    notice: str
    letter: str = ""
    reopens: str = ""
    """A letter that has to be posted after all: what it says was sent again with this."""

    def after(self, case: Case) -> Case:
        stage = case.current.stage
        failed = FailedNotice(
            person=self.person, notice=self.notice, stage=stage, letter=self.letter, at=self.at
        )
        known = replace(case, failed=(*case.failed, failed))
        if self.reopens:
            known = known.with_letter(
                self.reopens, posted_on=None, by_mail=False, mailed_with=0, reminded_at=self.at
            )
        if self.person == COMPLAINANT and _went_before(self.letter, case.address_since):
            # It went to an address that has been corrected since.
            return known
        return replace(known, unreachable=tuple(dict.fromkeys((*case.unreachable, self.person))))

    def tells(self, telling: Telling) -> Tells:
        """Tell those who coordinate, the first time; where it is they who are not reached, those over them. Those who
        handle the case, where a letter has to be posted after all."""
        again = telling.tell("letter", *telling.handling) if self.reopens else ()
        if any(failed.person == self.person for failed in telling.case.failed[:-1]):
            return again
        others = [person for person in telling.coordinators if person != self.person]
        return (*again, *telling.news(*(others or telling.over(self.person))))


class RecordBounce(Command):
    is_for_erasure_too = True

    person: str
    notice: str
    letter: str = ""

    def decide(self, at: Situation) -> Events:
        """Return nothing where it is known that this notice did not arrive. What the complainant did not get as a mail
        becomes a letter; what was sent again with it instead of a letter is that letter again."""
        case = at.case
        if case.erasing or any(
            (failed.person, failed.notice, failed.letter) == (self.person, self.notice, self.letter)
            for failed in case.failed
        ):
            return ()
        reopens = _sent_with(self.letter, case) if self.person == COMPLAINANT else ""
        bounced = NoticeBounced(
            at=at.now,
            by=SYSTEM,
            person=self.person,
            notice=self.notice,
            letter=self.letter,
            reopens=reopens,
        )
        if reopens:
            return (bounced,)
        is_letter = any(letter.id == self.letter for letter in case.letters)
        if self.person != COMPLAINANT or not self.letter or is_letter or self.notice not in get_args(Posted):
            return (bounced,)
        prepared = LetterPrepared(
            at=at.now, by=SYSTEM, stage=case.current.stage, letter=self.letter, notice=self.notice
        )
        return (bounced, prepared)


def _sent_with(message: str, case: Case) -> str:
    """Return the letter that was not posted because this message had what it says; empty: there is none."""
    number = message.partition("-")[0]
    return next((one.id for one in case.letters if one.mailed_with and number == f"{one.mailed_with:06}"), "")


def _went_before(letter: str, event: int) -> bool:
    """Return whether a message followed from an event before this one."""
    number = letter.partition("-")[0]
    return number.isdecimal() and int(number) < event
