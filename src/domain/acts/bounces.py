"""A message that did not reach somebody."""

from __future__ import annotations

from domain.case import SYSTEM, Case
from domain.command import Command, Events
from domain.event import Event, Telling, Tells
from domain.frozen import replace
from domain.situation import Situation


class NoticeBounced(Event):
    """A notice did not reach `person`; somebody has to try another way."""

    person: str
    notice: str

    def after(self, case: Case) -> Case:
        if self.person in case.unreachable:
            return case
        return replace(case, unreachable=(*case.unreachable, self.person))

    def tells(self, telling: Telling) -> Tells:
        return telling.news(*telling.coordinators)


class RecordBounce(Command):
    is_for_erasure_too = True

    person: str
    notice: str

    def decide(self, at: Situation) -> Events:
        """Return nothing where it is known that messages do not reach the person."""
        if at.case.erasing or self.person in at.case.unreachable:
            return ()
        return (NoticeBounced(at=at.now, by=SYSTEM, person=self.person, notice=self.notice),)
