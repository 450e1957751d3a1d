"""Whose an email address is that somebody typed: whoever reads what arrives there says so, or staff who have
checked it."""

from __future__ import annotations

from domain.act import Act, FilledIn, Scene, Traits, nobody
from domain.acts.sending_again import against_writing
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotNow, NotYours, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.reaching import DISOWNED, reached_elsewhere
from domain.rights import being_destroyed
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing


class AddressConfirmed(StageEvent):
    """The address is the complainant's. `how` is the content that says how staff checked it; empty: whoever reads what
    arrives there says so."""

    how: str = ""

    wrote = ("how", "how")

    def after(self, case: Case) -> Case:
        if case.address == "disowned":
            # Who said that it was not them keeps no link that works.
            return reached_elsewhere(case, self.how, address="confirmed")
        return replace(case, address="confirmed")

    def tells(self, telling: Telling) -> Tells:
        is_put_right = telling.case.address_since == telling.case.version
        return (*(telling.complainant("contact-details") if is_put_right else ()), *telling.done)


class AddressDisowned(StageEvent):
    """Whoever reads what arrives at the address is not the complainant: nothing more goes there, and what went there
    opens nothing. The case goes on."""

    def after(self, case: Case) -> Case:
        nowhere = reached_elsewhere(case, DISOWNED, address="disowned")
        return replace(nowhere, unreachable=(*nowhere.unreachable, COMPLAINANT))

    def tells(self, telling: Telling) -> Tells:
        return telling.news(*(telling.coordinators or telling.over(COMPLAINANT)))


class SayWhoseAddress(StageCommand):
    """`mine`: whether whoever reads what arrives there has sent what the case is about."""

    mine: bool

    def decide(self, at: Situation) -> Events:
        at.require(SAY_WHOSE, self.by, self.stage)
        stage = at.case.current.stage
        if self.mine:
            return (AddressConfirmed(at=at.now, by=self.by, stage=stage),)
        return (AddressDisowned(at=at.now, by=self.by, stage=stage),)


class ConfirmAddress(StageCommand):
    """`how.words["how"]`: how it was checked that the address is the complainant's."""

    how: Writing

    def decide(self, at: Situation) -> Events:
        at.require(CONFIRM, self.by, self.stage)
        self.how.require(how="Write how you checked that it is their address.")
        return (AddressConfirmed(at=at.now, by=self.by, stage=at.case.current.stage, how=self.how.id),)


def _against_saying(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it for as long as the case exists: what is closed is written about too."""
    if by != COMPLAINANT:
        return NotYours("Only the person who reads the emails can say this.")
    if refusal := being_destroyed(at.case):
        return refusal
    match at.case.address:
        case "to-confirm":
            return None
        case "confirmed":
            return AlreadyDone("We already know that this email address is right. Thank you.")
        case "disowned":
            return AlreadyDone("You have told us that this was not you. We have stopped writing to you.")
        case "":
            return NotNow("There is no need to confirm your email address.")


def _against_confirming(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := against_writing(at, by, stage):
        return refusal
    match at.case.address:
        case "to-confirm" | "disowned":
            return None
        case "confirmed":
            return AlreadyDone("The email address has already been confirmed.")
        case "":
            return NotNow("There is no email address to confirm.")


def _asked_whose(asking: Asking) -> SayWhoseAddress:
    answer = asking.choice("answer", ("yes", "no"), "Choose whether you sent this to us.")
    return SayWhoseAddress(by=asking.by, stage=asking.stage, mine=answer == "yes")


def _played(step: Step, at: Situation) -> FilledIn:
    return {"answer": "no" if step.decision == "decline" else "yes"}


SAY_WHOSE = Act(
    name="whose-address",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=False),
    against=_against_saying,
    asked=_asked_whose,
    choice="answer",
    shows=None,
    scenes={"whose-address": Scene(needs=(), knows=("decision",), fills=_played, by=None)},
)
CONFIRM = Act(
    name="confirm-address",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=True),
    against=_against_confirming,
    asked=lambda asking: ConfirmAddress(by=asking.by, stage=asking.stage, how=asking.wrote("how")),
    choice="action",
    shows=None,
    scenes={
        "confirm-address": Scene(
            needs=(), knows=("text",), fills=lambda step, at: {"how": step.words}, by=None
        )
    },
)
ACTS = (SAY_WHOSE, CONFIRM)
