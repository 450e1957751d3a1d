"""Suggestions and compliments: logged, thanked for, passed on to whom they concern, and kept like every case."""

from __future__ import annotations

from domain.act import Act, Scene, somebody
from domain.case import Case
from domain.command import Command, Events
from domain.errors import AlreadyDone, NotAllowed, Refused
from domain.event import Event
from domain.form import Asking
from domain.frozen import replace
from domain.people import passed_to
from domain.procedure import LOGGED
from domain.rights import being_destroyed, conflicted, holds_role
from domain.situation import Situation
from domain.telling import Telling, Tells
from domain.words import Writing


class FollowedUp(Event):
    """What came of a suggestion or a compliment; `note` is content."""

    note: str

    wrote = ("note", "note")

    def after(self, case: Case) -> Case:
        return replace(case, followed_up=self.note)

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class FollowUp(Command):
    """`note.words["note"]`: what came of a suggestion or a compliment."""

    by: str
    note: Writing

    def decide(self, at: Situation) -> Events:
        at.require(FOLLOW_UP, self.by, "")
        self.note.require(note="Write what comes of it.")
        return (FollowedUp(at=at.now, by=self.by, note=self.note.id),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    case, procedure = at.case, at.procedure
    if case.kind not in LOGGED:
        return NotAllowed("A complaint is answered, and not only followed up.")
    roles = tuple(dict.fromkeys((passed_to(case, procedure), procedure.coordinator)))
    if refusal := conflicted(case, by) or holds_role(by, roles, procedure) or being_destroyed(case):
        return refusal
    if case.followed_up:
        return AlreadyDone("What came of it is on record.")
    return None


def _asked(asking: Asking) -> FollowUp:
    return FollowUp(by=asking.by, note=asking.wrote("note"))


FOLLOW_UP = Act(
    name="follow-up",
    whose="staff",
    against=_against,
    asked=_asked,
    again="as-often",
    waits_for=somebody,
    about="complaint",
    stands_alone=True,
    choice="action",
    shows=None,
    scenes={
        "follow-up": Scene(needs=(), knows=("text",), fills=lambda step, at: {"note": step.words}, by=None)
    },
)
ACTS = (FOLLOW_UP,)
