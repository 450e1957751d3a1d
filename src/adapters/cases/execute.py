"""Load, decide, append: the way of every command into a case."""

from __future__ import annotations

from datetime import datetime

from adapters.cases.keys import LostRace
from adapters.cases.rules import among_todays_people, situation_of
from adapters.cases.store import SaidAlready
from adapters.cases.stored import Stored, Submission
from adapters.site import Site
from domain.acts.recounting import Recount
from domain.acts.retention import due_for_deletion_at
from domain.acts.waking import Wake
from domain.case import Case
from domain.command import Command, Events, decide, writings
from domain.consequences import consequences
from domain.errors import AlreadyDone, UnknownCase
from domain.situation import Outset, Situation

TRIES = 6
"""How often a decision is made anew after a lost race. Two people and an alarm make three."""


class TooBusy(Exception):
    """The case changed under every attempt. Nothing was written; the caller can try again."""


def execute(
    ref: str, command: Command, *, site: Site, read: Stored | None = None, at: Situation | None = None
) -> Case:
    """Return the case after `command`. `read` is the case where somebody has read it just now, `at` its situation
    where somebody has looked at it too, with the people of today. Where somebody else was quicker it is read and
    decided again on what is then true.

    Refused: see `domain.errors`; nothing was written."""
    # Only what somebody wrote takes the key of the case.
    load = site.store.load if writings(command) else site.store.look
    for _ in range(TRIES):
        before, read = read or load(ref), None
        if before is None:
            raise UnknownCase("There is no such case.")
        if at is None:
            at = situation_of(before.case, now=site.clock.now())
            if isinstance(command, Wake) and _has_nothing_to_do(before, at):
                # An alarm that was overtaken reads once: it asks nobody who fills which role today.
                return before.case
            at = among_todays_people(at, site=site)
        # Holidays or terms may have changed since the case was stored: whatever is asked for, that comes first.
        moved = decide(at, Recount(promised=before.promised, uncounted=before.uncounted))
        events = (*moved, *decide(at.after(moved), command))
        if not events:
            return before.case
        try:
            return append(before, at, events, command, site=site)
        except LostRace:
            at = None
        except SaidAlready:
            raise AlreadyDone("This has already been recorded in the same words.") from None
    raise TooBusy("Other people are working on this case at the moment. Try again.")


def see_to(ref: str, *, site: Site) -> None:
    """Do what is due in a case, by the calendars of today. Where nothing is, it is looked at next when something will
    be: a holiday that moves no date can move a reminder.

    UnknownCase: there is none."""
    before = site.store.look(ref)
    if before is None:
        raise UnknownCase("There is no such case.")
    at = situation_of(before.case, now=site.clock.now())
    if not _has_nothing_to_do(before, at):
        execute(ref, Wake(), site=site, read=before)
        return
    due = next_look(at)
    if due != before.due:
        site.store.look_at(before, due)


def _has_nothing_to_do(before: Stored, at: Situation) -> bool:
    """Return whether neither dates have moved nor anything is due, whoever the people are."""
    recount = Recount(promised=before.promised, uncounted=before.uncounted)
    return not decide(at, recount) and not at.due


def append(
    before: Stored | None,
    at: Situation | Outset,
    events: Events,
    command: Command,
    *,
    site: Site,
    submission: Submission | None = None,
) -> Case:
    """Store what was decided in the situation `at`, with all that follows from it, in one transaction; see
    `CaseStore.append`."""
    after = at.after(events)
    site.store.append(
        before,
        events,
        after=after.case,
        consequences=consequences(at, events),
        writings=writings(command),
        new_key=site.identities.key,
        due=next_look(after),
        promised=after.promised,
        uncounted=after.uncounted,
        submission=submission,
    )
    return after.case


def next_look(at: Situation) -> tuple[str, datetime] | None:
    """Return when the sweep or the retention run has to look at the case, should everything else have failed."""
    waking, deletion = at.wakes, due_for_deletion_at(at.case)
    if waking and (deletion is None or waking[0].at < deletion):
        # A closed case can still have actions; each event works out afresh what comes first.
        return "wake", waking[0].at
    return None if deletion is None else ("delete", deletion)
