"""Reading a case for those who hear of each case and each outcome: what was complained of, and how it was resolved."""

from __future__ import annotations

from domain.act import Act, Traits, confirming, nobody
from domain.case import Case
from domain.command import Command, Events
from domain.errors import AlreadyDone, NotAllowed, Refused
from domain.event import Event, Telling, Tells
from domain.form import Asking
from domain.rights import being_destroyed, holds_role, unconfirmed
from domain.situation import Situation


class CaseRead(Event):
    """Somebody who hears of every case read this one, as it stood then."""

    def after(self, case: Case) -> Case:
        return case

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class ConfirmRead(Command):
    by: str

    def decide(self, at: Situation) -> Events:
        at.require(READ, self.by, "")
        return (CaseRead(at=at.now, by=self.by),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it for as long as the case exists, once it is said who is involved."""
    if refusal := being_destroyed(at.case):
        return refusal
    if not at.procedure.informed:
        return NotAllowed("This procedure does not inform anyone of every case.")
    if refusal := unconfirmed(at.case):
        return refusal
    if at.case.is_open and by in at.case.current.reviewers:
        return AlreadyDone("You are looking into this case yourself.")
    return holds_role(by, at.procedure.informed, at.procedure)


def _asked(asking: Asking) -> ConfirmRead:
    asking.confirm()
    return ConfirmRead(by=asking.by)


READ = Act(
    name="read",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={"read": confirming()},
)
ACTS = (READ,)
