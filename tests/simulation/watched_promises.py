"""What must be true of promises that were not kept, and of people who say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from domain.acts.closure import CaseEnded
from domain.acts.waking import BreachesAdmitted, BreachesChased, DeadlineBreached
from domain.calendars import LONDON, Calendar
from domain.case import COMPLAINANT, Case
from domain.deadlines import deadlines_of
from domain.event import Event
from domain.procedure import Procedure
from tests.rules import wakes
from tests.simulation.peek import file_rules

if TYPE_CHECKING:
    from tests.simulation.invariants import Watch

SILENT_AT_MOST = timedelta(days=28 + 7)
"""Four weeks, and the days off that there can be after them."""
UNTOLD_AT_MOST = timedelta(days=7)
"""To the next working morning, whatever holidays lie before it."""
UNTIL_MORNING = timedelta(hours=8, minutes=50)
"""From the end of a day to the hour at which people are told, by clocks that can be wrong."""


def is_alive(watch: Watch, case: Case, events: Sequence[Event], rules: tuple[Procedure, Calendar]) -> None:
    """An open case has a next wake, and what was missed in it is told again to staff, and to the complainant."""
    if not case.is_open:
        return
    procedure, calendar = rules
    if not wakes(case, procedure, calendar):
        watch.found("an open case has a next wake", case.ref)
    missed = [
        breach.due_at
        for deadline in deadlines_of(case, case.current, procedure, calendar)
        for breach in case.breaches
        if deadline.met_at is None
        and deadline.is_known
        and (breach.deadline, breach.due_at) == (deadline.name, deadline.due.due_at)
    ]
    if not missed:
        return
    now = datetime.fromtimestamp(watch.world.now, UTC)
    told = max(event.at for event in events if isinstance(event, BreachesChased | DeadlineBreached))
    if now - told > SILENT_AT_MOST:
        watch.found("what was missed is told again", case.ref, f"{now - told} ago")
    admitted = {
        deadline for event in events if isinstance(event, BreachesAdmitted) for deadline in event.deadlines
    }
    first = next(
        event.at for event in events if isinstance(event, DeadlineBreached) and event.due_at in missed
    )
    if now - first > UNTOLD_AT_MOST and not admitted:
        watch.found("the complainant hears of a missed date", case.ref)


def judge_silence(watch: Watch, case: Case, ended: CaseEnded) -> None:
    """Silence ends a stage by day, and not of somebody who is known not to have been told."""
    told = {letter.id for letter in case.letters if letter.posted_on is not None}
    for failed in case.failed:
        is_about = failed.stage == case.current.stage and failed.notice in ("outcome", "reply-reminder")
        if failed.person == COMPLAINANT and is_about and failed.letter not in told:
            watch.found("silence is no answer of somebody who was not told", case.ref, failed.notice)
    procedure, calendar = file_rules(case)
    for deadline in deadlines_of(case, case.current, procedure, calendar):
        if (
            deadline.rule.name == "reply"
            and deadline.is_known
            and ended.at < deadline.due.due_at + UNTIL_MORNING
        ):
            watch.found("silence ends a stage by day", case.ref, str(ended.at.astimezone(LONDON)))
