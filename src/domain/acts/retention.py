"""Keeping a closed case for its time, and longer where there is a reason to: holds, and the one guard before the one
path that deletes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.act import Act, FilledIn, Scene, Shows, Standing, Traits, nobody
from domain.calendars import end_of, spell_day, to_london
from domain.case import SYSTEM, Case
from domain.command import Command, Events
from domain.counting import count
from domain.errors import AlreadyDone, DeletionRefused, NotNow, Refused, UnknownChoice
from domain.event import Contents, Event, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.people import ids, keepers
from domain.rights import being_destroyed, holds_role
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing


class HoldPlaced(Event):
    """The case must not be destroyed for now; `reason` is content."""

    hold: str
    reason: str

    def after(self, case: Case) -> Case:
        # What was announced no longer holds: after the hold it is announced anew.
        return replace(case, holds=(*case.holds, self.hold), destroy_at=None)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.done, *telling.tell("done", *telling.keepers))

    def said(self, contents: Contents, case: Case) -> str:
        """Return nothing: why a case is kept is between those who keep it."""
        return ""


class HoldLifted(Event):
    hold: str

    def after(self, case: Case) -> Case:
        return replace(case, holds=tuple(hold for hold in case.holds if hold != self.hold))

    def tells(self, telling: Telling) -> Tells:
        return (*telling.done, *telling.tell("done", *telling.keepers))


class DeletionAnnounced(Event):
    """The data protection contact was told; the case is destroyed at `destroy_at` unless it is held."""

    destroy_at: datetime

    def after(self, case: Case) -> Case:
        return replace(case, destroy_at=self.destroy_at)

    def tells(self, telling: Telling) -> Tells:
        return telling.tell("deletion-notice", *telling.keepers)


class DeletionBegun(Event):
    """The guard let the case go. From here on it is erased, and nothing else can happen to it."""

    def after(self, case: Case) -> Case:
        return replace(case, erasing=True)

    def tells(self, telling: Telling) -> Tells:
        return ()


class PlaceHold(Command):
    """`reason.words["reason"]`; the reason's id is also the hold's."""

    by: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        at.require(HOLD, self.by, "")
        self.reason.require(reason="Write why the case needs to be kept.")
        return (HoldPlaced(at=at.now, by=self.by, hold=self.reason.id, reason=self.reason.id),)


class LiftHold(Command):
    by: str
    hold: str

    def decide(self, at: Situation) -> Events:
        at.require(LIFT, self.by, "")
        if self.hold not in at.case.holds:
            raise UnknownChoice("There is no such hold on this case.")
        return (HoldLifted(at=at.now, by=self.by, hold=self.hold),)


class AnnounceDeletion(Command):
    is_for_erasure_too = True

    def decide(self, at: Situation) -> Events:
        """Return nothing where it has been announced. DeletionRefused: the case is open or held, or its time is not
        over."""
        if at.case.destroy_at is not None:
            return ()
        if against := _against_deletion(at):
            raise DeletionRefused(against)
        notice = count((at.procedure.retention.notice,), at.now, calendar=at.calendar)
        return (DeletionAnnounced(at=at.now, by=SYSTEM, destroy_at=notice.due_at),)


class BeginDeletion(Command):
    is_for_erasure_too = True

    def decide(self, at: Situation) -> Events:
        """Pass the guard. Nothing where it was passed before: an erasure that broke off goes on. DeletionRefused:
        anything at all stands against it."""
        case = at.case
        if case.erasing:
            return ()
        against = list(_against_deletion(at))
        if case.destroy_at is None:
            against.append("its destruction has not been announced")
        elif at.now < case.destroy_at:
            against.append(f"the notice runs until {spell_day(to_london(case.destroy_at).date())}")
        if against:
            raise DeletionRefused(tuple(against))
        return (DeletionBegun(at=at.now, by=SYSTEM),)


def due_for_deletion_at(case: Case) -> datetime | None:
    """Return when the retention run has to look at the case next; None: not while it is open or held."""
    if case.erasing:
        return case.destroy_at
    if case.keep_until is None or case.holds or case.is_asked:
        return None
    return case.destroy_at or end_of(case.keep_until)


def _against_deletion(at: Situation) -> tuple[str, ...]:
    case, against = at.case, []
    if case.is_open or case.keep_until is None:
        against.append("it is open")
    elif at.now < end_of(case.keep_until):
        against.append(f"it is kept until {spell_day(case.keep_until)}")
    if case.holds:
        against.append("it is held")
    if case.is_asked:
        against.append("a request from the complainant is waiting for a decision")
    if any(record.external == "open" for record in case.stages):
        against.append("someone outside has not answered yet")
    return tuple(against)


def _against_holding(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := being_destroyed(at.case):
        return refusal
    if by in ids(keepers(at.case, at.procedure)):
        return None
    return holds_role(by, (at.procedure.retention.told,), at.procedure) or NotNow(
        "Before you can keep this case for longer, someone has to say who was involved in what happened."
    )


def _against_lifting(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := _against_holding(at, by, stage):
        return refusal
    if not at.case.holds:
        return AlreadyDone("There is no hold on this case.")
    return None


def _asked_to_lift(asking: Asking) -> LiftHold:
    hold = asking.choice("hold", asking.at.case.holds, "Choose the hold to lift.")
    return LiftHold(by=asking.by, hold=hold)


def _played(step: Step, at: Situation) -> FilledIn:
    newest = at.case.holds[-1] if at.case.holds else ""
    return {"hold": f"hold-{step.hold}" if step.hold else newest}


def _holds(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return the holds on the case with their reasons, for those who place and lift them."""
    reasons = ((hold, str(contents.get(hold, {}).get("reason", ""))) for hold in at.case.holds)
    return {"holds": [{"id": hold, "reason": reason} for hold, reason in reasons]}


def _usually(at: Situation) -> str:
    return next(iter(ids(keepers(at.case, at.procedure))), "")


_HOLDS = Shows(reads=lambda at, by: at.case.holds, gives=_holds)

_SAID = Standing(sentence="The case is already being kept for this reason.", ids=lambda case: case.holds)

HOLD = Act(
    name="hold",
    whose="staff",
    traits=Traits(again=_SAID, waits_for=nobody, about="keeping", stands_alone=True),
    against=_against_holding,
    asked=lambda asking: PlaceHold(by=asking.by, reason=asking.wrote("reason")),
    choice="action",
    shows=_HOLDS,
    scenes={
        "hold": Scene(needs=(), knows=("text",), fills=lambda step, at: {"reason": step.words}, by=_usually)
    },
)
LIFT = Act(
    name="lift",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="keeping", stands_alone=True),
    against=_against_lifting,
    asked=_asked_to_lift,
    choice="hold",
    shows=_HOLDS,
    scenes={"lift": Scene(needs=(), knows=("hold",), fills=_played, by=_usually)},
)
ACTS = (HOLD, LIFT)
