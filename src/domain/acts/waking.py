"""What is due by now: reminders, breaches, and silence that ends a stage."""

from __future__ import annotations

from datetime import datetime

from domain.breaches import Breach, Reminded
from domain.case import COMPLAINANT, SYSTEM, Case
from domain.chasing import to_be_posted
from domain.command import Command, Events
from domain.event import Event, Telling, Tells
from domain.frozen import replace
from domain.occasions import (
    APOLOGY,
    CONTACT_LIMIT,
    INVOLVEMENT,
    LETTERS,
    LOOK_INTO,
    MISSED,
    UNCOUNTED,
    WRITTEN_FORM,
    Occasion,
)
from domain.situation import Situation


class DeadlineReminded(Event):
    """The reminder number `index` (from 0, in the procedure's order) of a deadline went out."""

    deadline: str
    index: int

    def after(self, case: Case) -> Case:
        sent = Reminded(deadline=self.deadline, index=self.index, at=self.at)
        return replace(case, reminded=(*case.reminded, sent))

    def tells(self, telling: Telling) -> Tells:
        if self.deadline.endswith("/reply"):
            return telling.tell("reply-reminder", COMPLAINANT, about=self.deadline)
        return telling.tell("reminder", *telling.whose_move(self.deadline), about=self.deadline)


class DeadlineBreached(Event):
    """The deadline passed unmet. `due_at` is the instant that was missed."""

    deadline: str
    due_at: datetime

    def after(self, case: Case) -> Case:
        breach = Breach(deadline=self.deadline, due_at=self.due_at, at=self.at)
        return replace(case, breaches=(*case.breaches, breach), chased=0, chased_at=None)

    def tells(self, telling: Telling) -> Tells:
        late = telling.whose_move(self.deadline)
        return telling.tell("breach", *late, *telling.over(*late), about=self.deadline)


class BreachesChased(Event):
    """Those whose move it is, and those over them, were told for the time `number` (from 1) again that `deadlines`
    passed and are not met."""

    deadlines: tuple[str, ...]
    number: int

    def after(self, case: Case) -> Case:
        return replace(case, chased=self.number, chased_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        late = [person for deadline in self.deadlines for person in telling.whose_move(deadline)]
        told = telling.tell("breach-again", *late, *telling.over(*late))
        # Who waits so long hears from time to time that it is not forgotten; by letter, once the last one was posted.
        waits = any(letter.notice == "missed-date" for letter in to_be_posted(telling.case))
        is_rare = self.number > telling.procedure.chase.times and not waits
        return (*told, *(telling.complainant("missed-date") if is_rare else ()))


class BreachesAdmitted(Event):
    """The complainant was told that `deadlines` were missed."""

    deadlines: tuple[str, ...]

    def after(self, case: Case) -> Case:
        breaches = tuple(
            replace(breach, admitted_at=self.at)
            if breach.deadline in self.deadlines and breach.admitted_at is None
            else breach
            for breach in case.breaches
        )
        return replace(case, breaches=breaches)

    def tells(self, telling: Telling) -> Tells:
        return telling.complainant("missed-date")


class Wake(Command):
    """An alarm or the sweep: do what is due by now."""

    is_for_erasure_too = True

    def decide(self, at: Situation) -> Events:
        """Return everything that is due; nothing at all where the alarm is stale. That is no refusal: alarms are
        outlived, never cancelled.

        RuntimeError: what was done is still due, by a mistake of ours. It would be done without end."""
        events: list[Event] = []
        done: set[Occasion] = set()
        while due := at.due:
            if due[0] in done:
                raise RuntimeError(f"{due[0].deadline} is due again the moment it was done.")
            done.add(due[0])
            fresh = _fire(due[0], at)
            at = at.after(fresh)
            events.extend(fresh)
        return tuple(events)


def _asked_again(due: Occasion, at: Situation) -> Events:
    """Ask again for what has no deadline of its own; nothing where it is something else that is due."""
    match due.deadline.rpartition("/")[2]:
        case name if name == WRITTEN_FORM:
            from domain.acts.written_form import remind_of_form

            return remind_of_form(at)
        case name if name == INVOLVEMENT:
            from domain.acts.conflict import InvolvementReminded

            return (InvolvementReminded(at=at.now, by=SYSTEM, stage=at.case.current.stage),)
        case name if name == LOOK_INTO:
            from domain.acts.withdrawal import LookIntoChased

            return (LookIntoChased(at=at.now, by=SYSTEM, number=at.case.look_into_chased + 1),)
        case name if name == CONTACT_LIMIT:
            from domain.acts.contact_limits import remind_of_limit

            return remind_of_limit(at.now)
        case name if name == LETTERS:
            from domain.acts.letters import remind_of_letters

            return remind_of_letters(at)
        case _:
            return ()


def _fire(due: Occasion, at: Situation) -> Events:
    case, now = at.case, at.now
    if action := next((action for action in case.actions if action.id == due.deadline), None):
        from domain.acts.actions import ask_for

        return ask_for(action, now)
    if asked := _asked_again(due, at):
        return asked
    if due.deadline.endswith(f"/{UNCOUNTED}"):
        from domain.acts.recounting import DatesAwaited

        return (DatesAwaited(at=now, by=SYSTEM, deadlines=at.uncounted),)
    missed = tuple(deadline.name for deadline in at.missed)
    if due.deadline.endswith(f"/{MISSED}"):
        return (BreachesChased(at=now, by=SYSTEM, deadlines=missed, number=case.chased + 1),)
    if due.deadline.endswith(f"/{APOLOGY}"):
        return (BreachesAdmitted(at=now, by=SYSTEM, deadlines=missed),)
    deadline = next(deadline for deadline in at.dates if deadline.name == due.deadline)
    is_reply = deadline.rule.name == "reply"
    is_over = deadline.due.due_at <= now
    if due.occasion == "remind" and (is_reply or not is_over):
        return (DeadlineReminded(at=now, by=SYSTEM, deadline=due.deadline, index=due.index),)
    if is_reply:
        from domain.acts.closure import lapse

        return lapse(at)
    return (DeadlineBreached(at=now, by=SYSTEM, deadline=due.deadline, due_at=deadline.due.due_at),)
