"""Suggestions and compliments: logged, thanked for, passed on to whom they concern, and kept like every case."""

from __future__ import annotations

from domain.act import Act, Traits, somebody, writing
from domain.case import Case
from domain.command import Command, Events
from domain.errors import AlreadyDone, NotAllowed, Refused
from domain.event import Event, Telling, Tells
from domain.frozen import replace
from domain.people import passed_to
from domain.procedure import LOGGED
from domain.rights import being_destroyed, holds_role
from domain.situation import Situation
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
        self.note.require(note="Write what will be done about it.")
        return (FollowedUp(at=at.now, by=self.by, note=self.note.id),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    case, procedure = at.case, at.procedure
    if case.kind not in LOGGED:
        return NotAllowed("A complaint needs an outcome. A follow-up is not enough.")
    roles = tuple(dict.fromkeys((passed_to(case, procedure), procedure.coordinator)))
    if refusal := holds_role(by, roles, procedure) or being_destroyed(case):
        return refusal
    if case.followed_up:
        return AlreadyDone("The follow-up has already been recorded.")
    return None


FOLLOW_UP = Act(
    name="follow-up",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=lambda asking: FollowUp(by=asking.by, note=asking.wrote("note")),
    choice="action",
    shows=None,
    scenes={"follow-up": writing("note")},
)
ACTS = (FOLLOW_UP,)
