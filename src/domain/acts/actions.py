"""What was promised with an outcome, until it is done. It outlives the closure of the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.act import Act, FilledIn, Scene, Shows, Traits, somebody
from domain.acts.undertakings import owned
from domain.calendars import end_of
from domain.case import SYSTEM, Case
from domain.command import Command, Events
from domain.errors import AlreadyDone, NotYours, Refused, UnknownChoice
from domain.event import Contents, Event, Telling, Tells
from domain.form import Asking
from domain.outcomes import owner_of
from domain.people import coordinating
from domain.planned import ActionRecord, owners
from domain.procedure import Procedure
from domain.rights import being_destroyed, holds_role
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing


class ActionReminded(Event):
    """The owner was told that the action is to be done today."""

    action: str

    def after(self, case: Case) -> Case:
        return case.with_action(self.action, reminded_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        whose = owned(telling.case, telling.procedure, [self.action])
        return telling.tell("action", *whose, about=self.action)


class ActionOverdue(Event):
    """The action's day passed, and it is not done. `due_at` is the instant that was missed."""

    action: str
    due_at: datetime

    def after(self, case: Case) -> Case:
        return case.with_action(self.action, overdue_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        late = owned(telling.case, telling.procedure, [self.action])
        return telling.tell("action-overdue", *telling.coordinators, *late, about=self.action)


class ActionChased(Event):
    """Those who were told that the action is overdue, and those over them, were told for the time `number` again."""

    action: str
    number: int

    def after(self, case: Case) -> Case:
        return case.with_action(self.action, chased=self.number, chased_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        late = (*telling.coordinators, *owned(telling.case, telling.procedure, [self.action]))
        return telling.tell("action-overdue", *late, *telling.over(*late), about=self.action)


def ask_for(action: ActionRecord, now: datetime) -> Events:
    """Return what happens to an open action that is due now: its owner is reminded on its last day; after it, it is
    overdue, and told again."""
    if action.overdue_at is not None:
        return (ActionChased(at=now, by=SYSTEM, action=action.id, number=action.chased + 1),)
    due_at = end_of(action.due)
    if now < due_at:
        return (ActionReminded(at=now, by=SYSTEM, action=action.id),)
    return (ActionOverdue(at=now, by=SYSTEM, action=action.id, due_at=due_at),)


class ActionDone(Event):
    """What an outcome promised was done; `note` is content or empty."""

    action: str
    note: str = ""

    wrote = ("note", "note")

    def after(self, case: Case) -> Case:
        return case.with_action(self.action, done_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.done, *telling.news_to_others(*telling.coordinators))


class CompleteAction(Command):
    """`action` is done. `note.words["note"]`, what was done, may be left out."""

    by: str
    action: str
    note: Writing | None = None

    def decide(self, at: Situation) -> Events:
        """Return what happens. UnknownChoice: there is no such action. AlreadyDone, NotYours: as they say."""
        at.require(COMPLETE, self.by, "")
        action = next((action for action in at.case.actions if action.id == self.action), None)
        if action is None:
            raise UnknownChoice("There is no such step in this case.", field="done")
        if action.done_at is not None:
            raise AlreadyDone("This step has already been done.")
        if action not in completable(at.case, self.by, at.procedure):
            raise NotYours("This step is for someone else to do.")
        note = self.note.id if self.note is not None else ""
        return (ActionDone(at=at.now, by=self.by, action=action.id, note=note),)


def completable(case: Case, by: str, procedure: Procedure) -> tuple[ActionRecord, ...]:
    """Return the open actions that `by` can say are done: their own, and for the coordinator those that are
    overdue."""
    coordinates = holds_role(by, coordinating(case, procedure), procedure) is None
    return tuple(
        action
        for action in case.actions
        if action.done_at is None
        and (
            by in owners(action, procedure)
            or (coordinates and (action.overdue_at is not None or not _is_somebodys(action, case, procedure)))
        )
    )


def _is_somebodys(action: ActionRecord, case: Case, procedure: Procedure) -> bool:
    """Return whether anybody whose action it is can hear of the case."""
    return any(not case.is_barred(person) for person in owners(action, procedure))


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := being_destroyed(at.case):
        return refusal
    if not completable(at.case, by, at.procedure):
        return NotYours("You have no steps to complete in this case.")
    return None


def _asked(asking: Asking) -> CompleteAction:
    waiting = [action.id for action in completable(asking.at.case, asking.by, asking.at.procedure)]
    done = asking.choice("done", waiting, "Choose the step that has been done.")
    return CompleteAction(by=asking.by, action=done, note=asking.if_wrote("note"))


def _waiting(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return the actions that the person can say are done, with what is to be done."""
    return {
        "actions": [
            {
                "id": action.id,
                "text": contents.get(action.wording, {})
                .get("actions", {})
                .get(action.id.rpartition("/")[2], ""),
                "due": action.due,
                "owner": owner_of(action, at.procedure),
                "over": action.overdue_at is not None,
            }
            for action in completable(at.case, by, at.procedure)
        ]
    }


def _wordings(at: Situation, by: str) -> tuple[str, ...]:
    return tuple(action.wording for action in completable(at.case, by, at.procedure))


def _played(step: Step, at: Situation) -> FilledIn:
    promised = [action.id for action in at.case.actions]
    number = int(step.promise) if step.promise.isdecimal() else 0
    open_ones = [action.id for action in at.case.actions if action.done_at is None]
    meant = promised[number - 1 : number] if step.promise else open_ones[:1]
    return {"done": meant, "note": step.text}


COMPLETE = Act(
    name="complete",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="afterwards", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="done",
    shows=Shows(reads=_wordings, gives=_waiting),
    scenes={"complete": Scene(needs=(), knows=("promise", "text"), fills=_played, by=None)},
)
ACTS = (COMPLETE,)
