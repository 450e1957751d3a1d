"""Load, decide, append: the way of every command into a case."""

from __future__ import annotations

from datetime import datetime
from functools import reduce

from adapters.cases.rules import rules_of
from adapters.cases.store import LostRace, SaidAlready, Stored, Submission
from adapters.people.directory import with_todays_people
from adapters.site import Site
from domain.calendars import Calendar
from domain.case import Case, evolve
from domain.commands import Command, Recount, Wake, writings
from domain.deadlines import wakes
from domain.decide import decide
from domain.effects import consequences
from domain.errors import AlreadyDone, UnknownCase
from domain.events import Event
from domain.life.recounting import promised
from domain.life.retention import due_for_deletion_at
from domain.procedure import Procedure

TRIES = 6
"""How often a decision is made anew after a lost race. Two people and an alarm make three."""


class TooBusy(Exception):
    """The case changed under every attempt. Nothing was written; the caller can try again."""


def execute(ref: str, command: Command, *, site: Site, read: Stored | None = None) -> Case:
    """The case after `command`. `read` is the case where somebody has read it just now. Where somebody else was quicker
    it is read and decided again on what is then true.

    Refused: see `domain.errors`; nothing was written."""
    for _ in range(TRIES):
        before, read = read or site.store.load(ref), None
        if before is None:
            raise UnknownCase("There is no such case.")
        procedure, calendar = rules_of(before.case)
        now = site.clock.now()
        if isinstance(command, Wake) and _has_nothing_to_do(before, procedure, calendar, now=now):
            # An alarm that was overtaken reads once: it asks nobody who fills which role today.
            return before.case
        procedure = with_todays_people(procedure, site=site)
        rules = {"ref": ref, "procedure": procedure, "calendar": calendar}
        # Holidays or terms may have changed since the case was stored: whatever is asked for, that comes first.
        moved = decide(before.case, Recount(promised=before.promised), now=now, **rules)  # type: ignore[arg-type]
        case = reduce(lambda so_far, event: evolve(so_far, event, ref=ref), moved, before.case)
        events = (*moved, *decide(case, command, now=now, **rules))  # type: ignore[arg-type]
        if not events:
            return before.case
        try:
            return append(before, events, command, ref=ref, procedure=procedure, calendar=calendar, site=site)
        except LostRace:
            continue
        except SaidAlready:
            raise AlreadyDone("This is on record in the same words already.") from None
    raise TooBusy("The case is being worked on by others at this moment. Please try again.")


def see_to(ref: str, *, site: Site) -> None:
    """Do what is due in a case, by the calendars of today. Where nothing is, it is looked at next when something will
    be: a holiday that moves no date can move a reminder.

    UnknownCase: there is none."""
    before = site.store.load(ref)
    if before is None:
        raise UnknownCase("There is no such case.")
    procedure, calendar = rules_of(before.case)
    if not _has_nothing_to_do(before, procedure, calendar, now=site.clock.now()):
        execute(ref, Wake(), site=site, read=before)
        return
    due = next_look(before.case, procedure, calendar)
    if due != before.due:
        site.store.look_at(before, due)


def _has_nothing_to_do(before: Stored, procedure: Procedure, calendar: Calendar, *, now: datetime) -> bool:
    """Whether neither dates have moved nor anything is due, whoever the people are."""
    moved = decide(
        before.case,
        Recount(promised=before.promised),
        ref=before.case.ref,
        procedure=procedure,
        calendar=calendar,
        now=now,
    )
    return not moved and all(one.at > now for one in wakes(before.case, procedure, calendar))


def append(
    before: Stored | None,
    events: tuple[Event, ...],
    command: Command,
    *,
    ref: str,
    procedure: Procedure,
    calendar: Calendar,
    site: Site,
    submission: Submission | None = None,
) -> Case:
    """Store what was decided, with all that follows from it, in one transaction; see `CaseStore.append`."""
    case = before.case if before is not None else None
    after = after_events(case, events, ref=ref)
    site.store.append(
        before,
        events,
        after=after,
        consequences=consequences(case, events, ref=ref, procedure=procedure, calendar=calendar),
        writings=writings(command),
        due=next_look(after, procedure, calendar),
        promised=promised(after, procedure, calendar),
        submission=submission,
    )
    return after


def after_events(case: Case | None, events: tuple[Event, ...], *, ref: str) -> Case:
    after = reduce(lambda so_far, event: evolve(so_far, event, ref=ref), events, case)
    if after is None:
        raise ValueError("A case begins with an event.")
    return after


def next_look(case: Case, procedure: Procedure, calendar: Calendar) -> tuple[str, datetime] | None:
    """When the sweep or the retention run has to look at the case, should everything else have failed."""
    waking = wakes(case, procedure, calendar)
    deletion = due_for_deletion_at(case)
    if waking and (deletion is None or waking[0].at < deletion):
        # A closed case can still have actions; each event works out afresh what comes first.
        return "wake", waking[0].at
    return None if deletion is None else ("delete", deletion)
