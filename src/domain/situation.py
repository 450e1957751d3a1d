"""A case at a moment: case, procedure, calendar and now, and what follows from them, each worked out once.

What a decision, a page or an alarm needs to know of a case it asks here, so that dates are counted and permissions
asked once however many ask. The situation after an event is remembered too: who decides and who delivers walk the
same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Protocol

from domain.calendars import Calendar
from domain.case import Case, Happens, evolve
from domain.deadlines import Deadline, Promised, deadlines, decisions
from domain.errors import Refused
from domain.frozen import replace
from domain.ladder import Stage
from domain.occasions import Occasion, breach_of, occasions
from domain.people import decides_lateness
from domain.procedure import Person, Procedure
from domain.rights import conflicted


class Permits(Protocol):
    """An act, as far as it says who may do it."""

    def against(self, at: Situation, by: str, stage: str, /) -> Refused | None:
        """Return what stands against `by` doing it, having looked at `stage`; None where nothing does."""


class Outset:
    """Where there is no case yet: what a first event begins with."""

    wakes: tuple[Occasion, ...] = ()

    def __init__(self, ref: str, *, procedure: Procedure, calendar: Calendar, now: datetime) -> None:
        self.ref, self.procedure, self.calendar, self.now = ref, procedure, calendar, now
        self._next: tuple[Happens, Situation] | None = None

    def then(self, event: Happens) -> Situation:
        """Return the case that begins with `event`. ValueError: none does."""
        if self._next is None or self._next[0] is not event:
            case = evolve(None, event, ref=self.ref)
            self._next = (
                event,
                Situation(case, procedure=self.procedure, calendar=self.calendar, now=self.now),
            )
        return self._next[1]

    def after(self, events: Iterable[Happens]) -> Situation:
        """Return the situation after all of `events`, the first of which begins the case. ValueError: there is
        none."""
        first, *rest = events
        return self.then(first).after(rest)


class Situation:
    """A case at a moment. Nobody changes one; `then` and `among` make others.

    BeyondHorizon, where something is counted: a date lies where the calendar knows no holidays."""

    def __init__(self, case: Case, *, procedure: Procedure, calendar: Calendar, now: datetime) -> None:
        self.case, self.procedure, self.calendar, self.now = case, procedure, calendar, now
        self._next: tuple[Happens, Situation] | None = None
        self._refusals: dict[tuple[int, str, str], Refused | None] = {}

    @property
    def ref(self) -> str:
        return self.case.ref

    @cached_property
    def stage(self) -> Stage:
        """The rules of the stage that the case is on."""
        return self.procedure.stage(self.case.current.stage)

    @cached_property
    def next_stage(self) -> Stage | None:
        """The rules of the stage to which the complainant can go on; None: the ladder ends here."""
        return self.procedure.stage_after(self.case.current.stage, skipped=self.case.skipped)

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The deadlines of the current stage that have begun, met ones too, in the procedure's order."""
        return deadlines(self.case, self.procedure, self.calendar)

    @cached_property
    def decisions(self) -> tuple[Deadline, ...]:
        """By when something is to be decided besides; what was decided too, as met."""
        return decisions(self.case, self.procedure, self.calendar)

    @cached_property
    def dates(self) -> tuple[Deadline, ...]:
        """Every date that runs or was met: the stage's as long as the case is open, and those of decisions."""
        return (*(self.deadlines if self.case.is_open else ()), *self.decisions)

    @cached_property
    def wakes(self) -> tuple[Occasion, ...]:
        """What wakes the case next, for each date and whatever else is chased, earliest first. A closed case has
        decisions, actions and letters only, and one that is being destroyed nothing."""
        dates = () if self.case.erasing else self.dates
        return occasions(self.case, dates, self.procedure, self.calendar)

    @cached_property
    def missed(self) -> tuple[Deadline, ...]:
        """The dates that passed, are known to have, and are not met yet."""
        return tuple(
            deadline
            for deadline in self.dates
            if not deadline.is_met and deadline.is_known and breach_of(self.case, deadline)
        )

    @property
    def due(self) -> tuple[Occasion, ...]:
        """Of those, what is due by now."""
        return tuple(wake for wake in self.wakes if wake.at <= self.now)

    @property
    def promised(self) -> tuple[Promised, ...]:
        """The dates that run, as they are counted now. A closed case has none."""
        if not self.case.is_open:
            return ()
        return tuple(
            Promised(deadline=deadline.name, due_at=deadline.due.due_at)
            for deadline in self.deadlines
            if not deadline.is_met and deadline.is_known
        )

    @property
    def uncounted(self) -> tuple[str, ...]:
        """The dates that run and cannot be counted yet, by name: their holidays or terms are not known."""
        return tuple(
            deadline.name for deadline in self.dates if not deadline.is_met and not deadline.is_known
        )

    def refusal(self, act: Permits, by: str, stage: str) -> Refused | None:
        """Return what stands against `by` doing `act`, having looked at `stage`. Whether `by` is still in the
        directory is not asked here."""
        asked = id(act), by, stage
        if asked not in self._refusals:
            # Whoever is involved in the matter can do nothing in it, whatever else an act asks.
            self._refusals[asked] = conflicted(self.case, by) or act.against(self, by, stage)
        return self._refusals[asked]

    def require(self, act: Permits, by: str, stage: str) -> None:
        """Refuse where something stands against it. Refused: what does."""
        if refused := self.refusal(act, by, stage):
            raise refused

    def then(self, event: Happens) -> Situation:
        """Return the situation after `event`, at the same moment."""
        if self._next is None or self._next[0] is not event:
            case = evolve(self.case, event, ref=self.ref)
            self._next = (
                event,
                Situation(case, procedure=self.procedure, calendar=self.calendar, now=self.now),
            )
        return self._next[1]

    def after(self, events: Iterable[Happens]) -> Situation:
        """Return the situation after all of `events`."""
        at = self
        for event in events:
            at = at.then(event)
        return at

    def among(self, people: tuple[Person, ...]) -> Situation:
        """Return the same with these people in the directory. Dates do not depend on them, but for who decides on a
        complaint that came late."""
        if people == self.procedure.people:
            return self
        procedure = replace(self.procedure, people=people)
        other = Situation(self.case, procedure=procedure, calendar=self.calendar, now=self.now)
        counted = ["deadlines"]
        if decides_lateness(self.case, procedure) == decides_lateness(self.case, self.procedure):
            counted += ["decisions", "dates", "wakes"]
        for name in counted:
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other
