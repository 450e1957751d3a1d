"""The wish to reopen what went through the whole procedure, and the letter that answers it."""

from __future__ import annotations

from datetime import date, datetime

from domain.act import Act, Scene, Traits, confirming, nobody, somebody, writing
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, NotNow, NotYours, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.hearing import PLAYED, came_at, heard, played
from domain.procedure import Route
from domain.rights import ended_as, looks_after, may_decide, still_on
from domain.situation import Situation
from domain.words import Writing


class ReopeningAsked(StageEvent):
    """The complainant asks to reopen a case that went through the whole procedure; `reasons` is content. `route`: how
    they asked; `received_at`: when, where that was before it was entered."""

    reasons: str
    route: Route = "web"
    received_at: datetime | None = None

    wrote = ("reasons", "reasons")

    def after(self, case: Case) -> Case:
        return replace(
            case,
            reopening="asked",
            reopening_reasons=self.reasons,
            reopening_at=self.received_at or self.at,
            destroy_at=None,
        )

    def tells(self, telling: Telling) -> Tells:
        return (*telling.tell("decision-request", *telling.deciders("letter")), *telling.done)


class ExhaustionConfirmed(StageEvent):
    """The person whom the procedure names tells the complainant that it is exhausted and the matter closed."""

    def after(self, case: Case) -> Case:
        return replace(
            case,
            reopening="answered",
            exhaustion_confirmed_by=self.by,
            reopening_answered_at=self.at,
        )

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("decision"), *telling.news(*telling.coordinators), *telling.done)


class AskToReopen(StageCommand):
    """`reasons.words["reasons"]`: why the complainant wants it reopened. `route` and `received_on`: how and on which
    day staff heard it who enter it."""

    reasons: Writing
    route: Route = "web"
    received_on: date | None = None

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: nothing is said, or it came on a day on which it cannot have come."""
        at.require(ASK_TO_REOPEN if self.by == COMPLAINANT else ENTER_WISH, self.by, self.stage)
        self.reasons.require(reasons="Tell us why you would like it reopened.")
        closed_at = at.case.closed_at or at.now
        came = came_at(self, since=closed_at, what="the case was closed", now=at.now)
        return (
            ReopeningAsked(
                at=at.now,
                by=self.by,
                stage=self.stage,
                reasons=self.reasons.id,
                route=self.route,
                received_at=came,
            ),
        )


class ConfirmExhausted(StageCommand):
    def decide(self, at: Situation) -> Events:
        at.require(CONFIRM_EXHAUSTED, self.by, self.stage)
        return (ExhaustionConfirmed(at=at.now, by=self.by, stage=self.stage),)


def _against_asking(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can ask for this.")
    return _can_be_asked(at, stage)


def _against_entering(at: Situation, by: str, stage: str) -> Refused | None:
    """Let staff enter what the complainant asked for by telephone, by letter or in any other way."""
    return looks_after(at.case, by, at.procedure) or _can_be_asked(at, stage)


def _can_be_asked(at: Situation, stage: str) -> Refused | None:
    if at.procedure.exhausted is None:
        return NotAllowed("This procedure does not allow a case to be reopened.")
    # Who said nothing after the last stage, or was content then, has been through the whole procedure too.
    ends = ("exhausted",) if at.stage.next else ("exhausted", "lapsed", "satisfied")
    if refusal := ended_as(at.case, stage, *ends):
        return refusal
    if at.case.reopening:
        return AlreadyDone("You have already asked for this.")
    return None


def _against_confirming(at: Situation, by: str, stage: str) -> Refused | None:
    rule = at.procedure.exhausted
    if rule is None:
        return NotAllowed("This procedure does not have such a letter.")
    if refusal := may_decide(at.case, by, at.procedure, rule.letter_from) or still_on(at.case, stage):
        return refusal
    if at.case.reopening == "asked":
        return None
    if at.case.reopening:
        return AlreadyDone("The letter has already been sent.")
    return NotNow("The complainant has not asked for this.")


def _asked_to_confirm(asking: Asking) -> ConfirmExhausted:
    asking.confirm()
    return ConfirmExhausted(by=asking.by, stage=asking.stage)


def _asked_to_reopen(asking: Asking) -> AskToReopen:
    return AskToReopen(by=asking.by, stage=asking.stage, reasons=asking.wrote("reasons"), **heard(asking))


ASK_TO_REOPEN = Act(
    name="reopen",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_asking,
    asked=_asked_to_reopen,
    choice="action",
    shows=None,
    scenes={"reopen": writing("reasons")},
)
CONFIRM_EXHAUSTED = Act(
    name="exhausted",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_confirming,
    asked=_asked_to_confirm,
    choice="action",
    shows=None,
    scenes={"exhausted": confirming()},
)
ENTER_WISH = Act(
    name="enter-reopen",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=True),
    against=_against_entering,
    asked=_asked_to_reopen,
    choice="action",
    shows=None,
    scenes={
        "enter-reopen": Scene(
            needs=(),
            knows=("text", *PLAYED),
            fills=lambda step, at: {"reasons": step.words, **played(step, at)},
            by=None,
        )
    },
)
ACTS = (ASK_TO_REOPEN, CONFIRM_EXHAUSTED, ENTER_WISH)
