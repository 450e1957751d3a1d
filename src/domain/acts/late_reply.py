"""A reply that comes after the silence that closed the case: asked for by the complainant, decided by a person."""

from __future__ import annotations

from datetime import datetime

from domain.act import Act, Traits, deciding, nobody, somebody, writing
from domain.acts.kind import begin_next
from domain.acts.stages import ComplaintEscalated
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, NotNow, NotYours, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.procedure import Route
from domain.rights import ended_as, may_decide, still_on
from domain.situation import Situation
from domain.words import Writing


class LateReplyAsked(StageEvent):
    """After the silence that closed the case the complainant asks for the next stage; `reasons` is content. `route`:
    how they asked; `received_at`: when, where that was before it was entered."""

    reasons: str
    route: Route = "web"
    received_at: datetime | None = None

    wrote = ("reasons", "reasons")

    def after(self, case: Case) -> Case:
        # What was announced no longer holds: a request that waits keeps the case.
        return replace(
            case,
            late_reply="asked",
            late_reply_reasons=self.reasons,
            late_reply_at=self.received_at or self.at,
            late_reply_decided_at=None,
            destroy_at=None,
        )

    def tells(self, telling: Telling) -> Tells:
        return (*telling.tell("decision-request", *telling.deciders("late-reply")), *telling.done)


class LateReplyDecided(StageEvent):
    """Whether a late reply is accepted; `reason` is content, and the complainant is told it."""

    accepted: bool
    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        became = "accepted" if self.accepted else "declined"
        return replace(case, late_reply=became, late_reply_reason=self.reason, late_reply_decided_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        told = () if self.accepted else telling.complainant("decision")
        return (*told, *telling.done)


class CaseReopened(StageEvent):
    """The closed case is open again."""

    def after(self, case: Case) -> Case:
        # Another silence, on a later stage, can be asked about again.
        opened = replace(
            case, closed_at=None, ended="", keep_until=None, destroy_at=None, late_reply="", owes_letter=False
        )
        return opened.waiting("mediation", still=opened.waits_for_mediation, at=self.at)

    def tells(self, telling: Telling) -> Tells:
        return ()


class AskLate(StageCommand):
    """The complainant asks for the next stage after the time for it. `reasons.words["reasons"]`: why so late."""

    reasons: Writing

    def decide(self, at: Situation) -> Events:
        at.require(ASK_LATE, self.by, self.stage)
        self.reasons.require(reasons="Tell us why you are writing now.")
        return (LateReplyAsked(at=at.now, by=self.by, stage=self.stage, reasons=self.reasons.id),)


class DecideLateReply(StageCommand):
    """`reason.words["reason"]`: the complainant reads it."""

    accepted: bool
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Open the case again where it is accepted, on its next stage."""
        at.require(DECIDE_LATE_REPLY, self.by, self.stage)
        self.reason.require(reason="Write the reason for your decision.")
        decided = LateReplyDecided(
            at=at.now, by=self.by, stage=self.stage, accepted=self.accepted, reason=self.reason.id
        )
        if not self.accepted:
            return (decided,)
        reopened = CaseReopened(at=at.now, by=self.by, stage=self.stage)
        escalated = ComplaintEscalated(
            at=at.now,
            by=COMPLAINANT,
            stage=self.stage,
            to_stage=at.next_stage.id if at.next_stage is not None else "",
            reasons=at.case.late_reply_reasons,
            aspects=at.case.current.aspects,
        )
        events = (decided, reopened, escalated)
        then = at.after(events)
        return (*events, *begin_next(then, by=COMPLAINANT, came=at.case.late_reply_at))


def _against_asking(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can ask for this.")
    if not at.stage.next:
        return NotAllowed("There is no further stage to ask for.")
    if refusal := ended_as(at.case, stage, "lapsed"):
        return refusal
    if at.case.late_reply:
        return AlreadyDone("You have already asked for this.")
    return None


def _against_deciding(at: Situation, by: str, stage: str) -> Refused | None:
    role = at.procedure.late_replies.role
    if refusal := may_decide(at.case, by, at.procedure, (role,)) or still_on(at.case, stage):
        return refusal
    if at.case.late_reply == "asked":
        return None
    if at.case.late_reply:
        return AlreadyDone("It has been decided.")
    return NotNow("The complainant has not asked for this.")


def _asked_to_decide(asking: Asking) -> DecideLateReply:
    accepted = asking.says_yes("Choose whether the late reply will be accepted.")
    return DecideLateReply(by=asking.by, stage=asking.stage, accepted=accepted, reason=asking.wrote("reason"))


ASK_LATE = Act(
    name="ask-late",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_asking,
    asked=lambda asking: AskLate(by=asking.by, stage=asking.stage, reasons=asking.wrote("reasons")),
    choice="action",
    shows=None,
    scenes={"ask-late": writing("reasons")},
)
DECIDE_LATE_REPLY = Act(
    name="late-reply",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_deciding,
    asked=_asked_to_decide,
    choice="action",
    shows=None,
    scenes={"late-reply": deciding()},
)
ACTS = (ASK_LATE, DECIDE_LATE_REPLY)
