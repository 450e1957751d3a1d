"""Holidays and terms become known while cases run: their dates are counted again, and both dates are kept."""

from __future__ import annotations

from domain.breaches import DateMoved
from domain.case import COMPLAINANT, SYSTEM, Case
from domain.command import Command, Events
from domain.deadlines import Promised
from domain.event import Event, Telling, Tells
from domain.frozen import replace
from domain.situation import Situation


class DatesRecounted(Event):
    """What is known of holidays and terms changed, and dates of the case with it."""

    sets_alarms_anew = True

    moves: tuple[DateMoved, ...]

    def after(self, case: Case) -> Case:
        return replace(case, moved=(*case.moved, *self.moves))

    def tells(self, telling: Telling) -> Tells:
        return telling.tell("dates-recounted", COMPLAINANT, *telling.responsible)


class DatesCounted(Event):
    """Holidays or terms became known by which dates are counted that could not be before."""

    sets_alarms_anew = True

    deadlines: tuple[str, ...]

    def after(self, case: Case) -> Case:
        return case

    def tells(self, telling: Telling) -> Tells:
        return telling.tell("dates-known", COMPLAINANT, *telling.responsible)


class DatesAwaited(Event):
    """Staff were told that dates cannot be counted yet."""

    deadlines: tuple[str, ...]

    def after(self, case: Case) -> Case:
        return replace(case, awaited_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        over = telling.holders(telling.procedure.escalates_to)
        return telling.tell("dates-unknown", *telling.coordinators, *over)


class Recount(Command):
    """Hold the case's dates against those that were promised, and against those that could not be counted."""

    is_for_erasure_too = True

    promised: tuple[Promised, ...]
    uncounted: tuple[str, ...] = ()

    def decide(self, at: Situation) -> Events:
        """Return nothing where each date is the one that was promised, or is over either way."""
        counted = {promise.deadline: promise.due_at for promise in at.promised}
        moves = tuple(
            DateMoved(deadline=promise.deadline, was=promise.due_at, now=counted[promise.deadline])
            for promise in self.promised
            if promise.deadline in counted
            and counted[promise.deadline] != promise.due_at
            and max(counted[promise.deadline], promise.due_at) > at.now
        )
        known = tuple(name for name in self.uncounted if name in counted)
        return (
            *((DatesRecounted(at=at.now, by=SYSTEM, moves=moves),) if moves else ()),
            *((DatesCounted(at=at.now, by=SYSTEM, deadlines=known),) if known else ()),
        )
