"""A whole life of a case on the domain alone: no storage, no mail, no waiting.

The clock stands still while somebody acts and then jumps from one due instant to the next, as alarms that are
never late would have it. What comes out is a timeline for people: every event, every notice that goes out,
every date with how it was counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.calendars import Calendar, spell_day, to_london
from domain.case import Case, evolve
from domain.commands import AnnounceDeletion, BeginDeletion, Command, Wake
from domain.deadlines import deadlines, wakes
from domain.decide import decide
from domain.effects import Tell, consequences
from domain.events import COMPLAINANT, SYSTEM, DeadlineBreached, DeadlineReminded, Event
from domain.life.retention import due_for_deletion_at
from domain.procedure import Procedure


@dataclass(kw_only=True)
class Life:
    """One simulated case. Act with `act`; let time pass with `until`, `until_closed`, `until_destroyed`."""

    ref: str
    procedure: Procedure
    calendar: Calendar
    case: Case | None = None
    events: list[Event] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    _told_dates: dict[str, datetime] = field(default_factory=dict)

    def act(self, at: datetime, command: Command) -> Case:
        """Let time pass until `at`, then do it. Refused: as `decide`."""
        if self.case is not None:
            self.until(at)
        return self._do(at, command)

    def until(self, at: datetime) -> None:
        """Fire what becomes due up to `at`, each at its own instant."""
        while (wake := self._next()) is not None and wake <= at:
            self._do(wake, Wake())

    def until_closed(self) -> None:
        """Let time pass until nothing is due any more. Where the case waits for somebody, it stays open."""
        while (wake := self._next()) is not None:
            self._do(wake, Wake())

    def until_destroyed(self) -> None:
        """From closure to the end: announced when its time is over, destroyed when the notice is."""
        for command in (AnnounceDeletion(), BeginDeletion()):
            due = due_for_deletion_at(self._present())
            if due is not None:
                self._do(due, command)

    def timeline(self) -> str:
        """The lines so far, as one text."""
        return "\n".join(self.lines) + "\n"

    def _present(self) -> Case:
        if self.case is None:
            raise ValueError("Nothing has been submitted yet.")
        return self.case

    def _next(self) -> datetime | None:
        waiting = wakes(self._present(), self.procedure, self.calendar)
        return waiting[0].at if waiting else None

    def _do(self, at: datetime, command: Command) -> Case:
        rules = {"ref": self.ref, "procedure": self.procedure, "calendar": self.calendar}
        before = self.case
        events = decide(before, command, now=at, **rules)  # type: ignore[arg-type]
        effects = consequences(before, events, **rules)  # type: ignore[arg-type]
        for event in events:
            self.case = evolve(self.case, event, ref=self.ref)
            self.events.append(event)
            self.lines.append(f"{_moment(event.at)}  {self._actor(event.by)}: {_describe(event)}")
            number = self.case.version
            for one in effects:
                if one.event == number and isinstance(one.effect, Tell):
                    self.lines.append(f"    tells {self._actor(one.effect.person)}: {one.effect.notice}")
        self._dates()
        return self._present()

    def _dates(self) -> None:
        case = self._present()
        for one in deadlines(case, self.procedure, self.calendar):
            if one.is_met or self._told_dates.get(one.name) == one.due.due_at or not case.is_open:
                continue
            self._told_dates[one.name] = one.due.due_at
            origin = "" if one.rule.source else " (own target)"
            self.lines.append(
                f"    due {one.name}: {spell_day(one.due.due)}{_time_of(one.due.due_at)}{origin}"
            )
            self.lines.append(f"        {one.due.counted}")
            self.lines.extend(f"        skips {spell_day(step.day)}: {step.reason}" for step in one.due.steps)
        if case.keep_until is not None and "kept" not in self._told_dates and case.closed_at is not None:
            self._told_dates["kept"] = case.closed_at
            self.lines.append(f"    kept until the end of {spell_day(case.keep_until)}")

    def _actor(self, person: str) -> str:
        if person in (COMPLAINANT, SYSTEM):
            return person
        found = self.procedure.person(person)
        return found.name if found is not None else person


def _describe(event: Event) -> str:
    name = type(event).__name__
    match event:
        case DeadlineReminded(deadline=deadline) | DeadlineBreached(deadline=deadline):
            return f"{name} {deadline}"
        case _:
            pass
    details = [
        str(getattr(event, one)) for one in ("stage", "to_stage", "how", "action") if hasattr(event, one)
    ]
    return " ".join((name, *details))


def _moment(at: datetime) -> str:
    local = to_london(at)
    return f"{spell_day(local.date())} {local:%H:%M}"


def _time_of(due_at: datetime) -> str:
    """The time of day at which a deadline ends that does not end with its day."""
    local = to_london(due_at)
    return "" if (local.hour, local.minute, local.second) == (0, 0, 0) else f" {local:%H:%M}"
