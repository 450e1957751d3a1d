"""What the complainant adds after the complaint is in: accepted or declined piece by piece, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from domain.act import Act, FilledIn, Scene, Shows, Traits, nobody, somebody, writing
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, NotNow, NotYours, Refused, UnknownChoice
from domain.event import Contents, StageEvent, Telling, Tells
from domain.exchanges import Addition
from domain.form import Asking
from domain.frozen import replace
from domain.hearing import PLAYED, came_at, heard, played
from domain.procedure import Route
from domain.rights import looks_after, open_at, reviewing, without_consent
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing

MOST_ADDITIONS = 20
"""On one stage."""


class InformationAdded(StageEvent):
    """The complainant added something after the complaint was in; `information` is content and its id. `route`: how
    they told it; `received_at`: when, where that was before it was entered."""

    information: str
    route: Route = "web"
    received_at: datetime | None = None

    wrote = ("information", "information")

    def after(self, case: Case) -> Case:
        added = Addition(id=self.information, at=self.received_at or self.at)
        return case.on_stage(additions=(*case.current.additions, added))

    def tells(self, telling: Telling) -> Tells:
        return (*telling.news_to_others(*telling.handling), *telling.done)


class InformationConsidered(StageEvent):
    """Whether what the complainant added is taken into account; `reason` is content."""

    information: str
    accepted: bool
    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        additions = tuple(
            replace(addition, accepted=self.accepted, reason=self.reason)
            if addition.id == self.information
            else addition
            for addition in case.current.additions
        )
        return case.on_stage(additions=additions)

    def tells(self, telling: Telling) -> Tells:
        told = telling.complainant("information-considered", content=self.information)
        return (*told, *telling.done)


class AddInformation(StageCommand):
    """`information.words["information"]`; its id is also the information's. `route` and `received_on`: how and on
    which day staff heard it who enter it."""

    information: Writing
    route: Route = "web"
    received_on: date | None = None

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: nothing is said, or it came on a day on which it cannot have come."""
        at.require(ADD if self.by == COMPLAINANT else ENTER_INFORMATION, self.by, self.stage)
        self.information.require(information="Write what you would like to add.")
        began_at = at.case.current.requested_at
        came = came_at(self, since=began_at, what="the stage began", now=at.now)
        return (
            InformationAdded(
                at=at.now,
                by=self.by,
                stage=self.stage,
                information=self.information.id,
                route=self.route,
                received_at=came,
            ),
        )


class ConsiderInformation(StageCommand):
    """`reason.words["reason"]`: why it is taken into account, or not; the complainant reads it."""

    information: str
    accepted: bool
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. UnknownChoice: nothing of the kind was added here. AlreadyDone: it was decided.
        Incomplete: no reason."""
        at.require(CONSIDER, self.by, self.stage)
        added = {addition.id: addition for addition in at.case.current.additions}
        if self.information not in added:
            raise UnknownChoice("The complainant has not added this information at this stage.")
        if added[self.information].accepted is not None:
            raise AlreadyDone("This has already been decided.")
        self.reason.require(reason="Write the reason for your decision. The complainant will read it.")
        return (
            InformationConsidered(
                at=at.now,
                by=self.by,
                stage=self.stage,
                information=self.information,
                accepted=self.accepted,
                reason=self.reason.id,
            ),
        )


def _against_adding(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can add to the complaint here.")
    return _can_be_added_to(at, stage)


def _against_entering(at: Situation, by: str, stage: str) -> Refused | None:
    """Let staff enter what the complainant told them by telephone, by letter or in any other way."""
    return looks_after(at.case, by, at.procedure) or _can_be_added_to(at, stage)


def _can_be_added_to(at: Situation, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage):
        return refusal
    if at.stage.late_information is None:
        return NotAllowed("This procedure does not allow you to add anything at this stage.")
    if refusal := too_late_to_add(at.case):
        return refusal
    if len(at.case.current.additions) >= MOST_ADDITIONS:
        return NotNow(
            f"You have already added information {MOST_ADDITIONS} times. Write to us or call us instead."
        )
    return None


def too_late_to_add(case: Case) -> Refused | None:
    """Return whether the answer to the complaint is written, so that the complainant can add nothing to it."""
    if case.current.responded_at is not None:
        return AlreadyDone("We have sent you the outcome. You can no longer add anything to this stage.")
    if case.current.awaits_approval:
        return NotNow("The outcome has been written. You can no longer add anything to this stage.")
    return None


def _against_considering(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := reviewing(at.case, by, stage) or without_consent(at.case, at.procedure):
        return refusal
    if not at.case.current.undecided:
        return AlreadyDone("Nothing that the complainant added is waiting for a decision.")
    return None


def _asked_to_consider(asking: Asking) -> ConsiderInformation:
    waiting = [addition.id for addition in asking.at.case.current.undecided]
    information = asking.choice("information", waiting, "Choose what you are deciding on.")
    accepted = asking.says_yes("Choose whether it will be considered.")
    return ConsiderInformation(
        by=asking.by,
        stage=asking.stage,
        information=information,
        accepted=accepted,
        reason=asking.wrote("reason"),
    )


def _undecided(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return what the complainant added and nobody has decided on, by id."""
    waiting = at.case.current.undecided
    return {
        "undecided": [(addition.id, addition_said(contents.get(addition.id, {}))) for addition in waiting]
    }


def _additions(at: Situation, by: str) -> tuple[str, ...]:
    return tuple(addition.id for addition in at.case.current.undecided)


def addition_said(words: Mapping[str, Any]) -> str:
    """Return what was added, in words; where it came with a file, what that is called."""
    return ": ".join(str(words[name]) for name in ("name", "information") if words.get(name))


def _played(step: Step, at: Situation) -> FilledIn:
    first = next((addition.id for addition in at.case.current.undecided), "")
    return {"information": first, "decision": step.decision or "", "reason": step.words}


def _asked_to_add(asking: Asking) -> AddInformation:
    return AddInformation(
        by=asking.by, stage=asking.stage, information=asking.wrote("information"), **heard(asking)
    )


ADD = Act(
    name="add",
    whose="complainant",
    traits=Traits(again="once", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_adding,
    asked=_asked_to_add,
    choice="action",
    shows=None,
    scenes={"add": writing("information")},
)
CONSIDER = Act(
    name="consider",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_considering,
    asked=_asked_to_consider,
    choice="information",
    shows=Shows(reads=_additions, gives=_undecided),
    scenes={"consider": Scene(needs=("decision",), knows=("text",), fills=_played, by=None)},
)
ENTER_INFORMATION = Act(
    name="enter-information",
    whose="staff",
    traits=Traits(again="once", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_entering,
    asked=_asked_to_add,
    choice="action",
    shows=None,
    scenes={
        "enter-information": Scene(
            needs=(),
            knows=("text", *PLAYED),
            fills=lambda step, at: {
                "information": step.words,
                **played(step, at),
            },
            by=None,
        )
    },
)
ACTS = (ADD, CONSIDER, ENTER_INFORMATION)
