"""The complainant's answer to an outcome: content with it, or on to the next stage. Staff enter what they told them in
another way, also after silence has closed the case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, assert_never

from domain.act import Act, FilledIn, Scene, Traits, nobody, somebody
from domain.acts.closure import close
from domain.acts.kind import begin_next
from domain.acts.late_reply import ASK_LATE, CaseReopened, LateReplyAsked
from domain.acts.stages import ComplaintEscalated
from domain.acts.taking_up import against_its_age
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import CaseClosed, FieldProblem, NotNow, NotYours, Refused, UnknownChoice
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.hearing import PLAYED, came_at, heard, played
from domain.procedure import Route
from domain.rights import looks_after, open_at
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require, says


class ComplainantSatisfied(StageEvent):
    """The complainant is content with the outcome. `route`: how they said so; `received_at`: when, where that was
    before it was entered."""

    route: Route = "web"
    received_at: datetime | None = None

    def after(self, case: Case) -> Case:
        return case.on_stage(replied_at=self.received_at or self.at)

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class ComplainantDissatisfied(StageEvent):
    """The complainant is not satisfied, and the ladder has no further stage; `reasons` is content or empty. `route`
    and `received_at` as for `ComplainantSatisfied`."""

    reasons: str
    route: Route = "web"
    received_at: datetime | None = None

    wrote = ("reasons", "reasons")

    def after(self, case: Case) -> Case:
        return case.on_stage(replied_at=self.received_at or self.at)

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class Reply(StageCommand):
    """The complainant's answer to an outcome. `reasons.words`: `reasons`, and `sought`, which resolution is sought
    now; both may be left out. `aspects`: the numbers of those that go on to the next stage; empty: all. `route` and
    `received_on`: how and on which day staff heard it who enter it."""

    answer: Literal["satisfied", "escalate"]
    reasons: Writing | None = None
    aspects: tuple[int, ...] = ()
    route: Route = "web"
    received_on: date | None = None

    def decide(self, at: Situation) -> Events:
        """Return what happens. What came before silence closed the case opens it again; what came later is for a
        person to decide on. Incomplete: it goes on to the next stage without the reasons that the procedure asks for,
        or came on a day on which it cannot have come. UnknownChoice: with an aspect that this stage has not
        answered."""
        at.require(REPLY if self.by == COMPLAINANT else ENTER_REPLY, self.by, self.stage)
        sent_at = at.case.current.responded_at or at.now
        came = came_at(self, since=sent_at, what="the outcome was sent", now=at.now)
        if at.case.closed_at is None:
            return self._replied(at, came)
        if came is None or came >= at.case.closed_at:
            return self._asked_late(at, came)
        if self.answer == "satisfied" and at.case.late_reply == "asked":
            sentence = "They have asked for the next stage since. That has to be decided on first."
            require([FieldProblem("answer", sentence)])
        reopened = CaseReopened(at=at.now, by=self.by, stage=self.stage)
        return (reopened, *self._replied(at.then(reopened), came))

    def _replied(self, at: Situation, came: datetime | None) -> Events:
        match self.answer:
            case "satisfied":
                satisfied = ComplainantSatisfied(
                    at=at.now, by=self.by, stage=self.stage, route=self.route, received_at=came
                )
                return (satisfied, *close(at, "satisfied"))
            case "escalate" if at.stage.next:
                return self._goes_on(at, came)
            case "escalate":
                dissatisfied = ComplainantDissatisfied(
                    at=at.now,
                    by=self.by,
                    stage=self.stage,
                    reasons=self._reasons,
                    route=self.route,
                    received_at=came,
                )
                return (dissatisfied, *close(at, "exhausted"))
            case _:
                assert_never(self.answer)

    @property
    def _reasons(self) -> str:
        return self.reasons.id if self.reasons is not None else ""

    def _goes_on(self, at: Situation, came: datetime | None) -> Events:
        if at.stage.reasons_to_go_on == "required" and not says(self.reasons, "reasons"):
            require([FieldProblem("reasons", "Tell us why you are not satisfied.")])
        going_on = tuple(sorted(set(self.aspects))) or at.case.points
        if set(going_on) - set(at.case.points):
            raise UnknownChoice(
                "Only points that this stage has dealt with can go on to the next stage.", field="points"
            )
        escalated = ComplaintEscalated(
            at=at.now,
            by=self.by,
            stage=self.stage,
            to_stage=at.next_stage.id if at.next_stage is not None else "",
            reasons=self._reasons,
            aspects=() if len(going_on) == at.case.aspects else going_on,
            route=self.route,
            received_at=came,
        )
        return (escalated, *begin_next(at.then(escalated), by=self.by, came=came))

    def _asked_late(self, at: Situation, came: datetime | None) -> Events:
        """Return the wish to go on that came after the silence: as the complainant would ask for it themselves."""
        if self.answer == "satisfied":
            sentence = "The case was closed before this. A reply that they are satisfied changes nothing now."
            require([FieldProblem("answer", sentence)])
        if at.case.late_reply:
            require([FieldProblem("answer", "The next stage has already been asked for.")])
        if at.refusal(ASK_LATE, COMPLAINANT, self.stage) is not None:
            sentence = "This came after the case was closed, and there is no further stage to go on to."
            require([FieldProblem("received", sentence)])
        if self.reasons is None or not self.reasons.says("reasons"):
            require([FieldProblem("reasons", "Write why they are not satisfied, and why they reply now.")])
        return (
            LateReplyAsked(
                at=at.now,
                by=self.by,
                stage=self.stage,
                reasons=self._reasons,
                route=self.route,
                received_at=came,
            ),
        )


def _against_replying(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can answer.")
    return _can_be_answered(at.case, stage)


def _against_entering(at: Situation, by: str, stage: str) -> Refused | None:
    """Let staff enter what the complainant told them by telephone, by letter or in any other way. Also when silence has
    closed the case since: it may have come before."""
    case = at.case
    if refusal := looks_after(case, by, at.procedure):
        return refusal
    if not case.is_open and case.ended == "lapsed" and case.current.stage == stage:
        return against_its_age(at)
    return _can_be_answered(case, stage)


def _can_be_answered(case: Case, stage: str) -> Refused | None:
    if not case.is_open and case.ended == "lapsed":
        return CaseClosed("The time limit for a reply has passed and the case is closed.")
    if refusal := open_at(case, stage):
        return refusal
    if case.current.responded_at is None:
        return NotNow("There is no outcome to reply to yet.")
    return None


def _reply(asking: Asking, sentence: str) -> Reply:
    answer = asking.choice("answer", ("satisfied", "escalate"), sentence)
    return Reply(
        by=asking.by,
        stage=asking.stage,
        answer="satisfied" if answer == "satisfied" else "escalate",
        reasons=asking.if_wrote("reasons", "sought"),
        aspects=tuple(int(point) for point in asking.chosen("points") if point.isdecimal()),
        **heard(asking),
    )


def _played(step: Step, at: Situation) -> FilledIn:
    needs_reasons = step.answer == "escalate" and at.stage.reasons_to_go_on == "required"
    return {
        "answer": step.answer or "",
        "reasons": step.words if needs_reasons else step.text,
        "sought": step.sought,
    }


REPLY = Act(
    name="reply",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_replying,
    asked=lambda asking: _reply(asking, "Choose whether you are satisfied."),
    choice="action",
    shows=None,
    scenes={"reply": Scene(needs=("answer",), knows=("text", "sought"), fills=_played, by=None)},
)


def _played_by_staff(step: Step, at: Situation) -> FilledIn:
    return {**_played(step, at), **played(step, at)}


ENTER_REPLY = Act(
    name="enter-reply",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_entering,
    asked=lambda asking: _reply(asking, "Choose whether the complainant is satisfied."),
    choice="action",
    shows=None,
    scenes={
        "enter-reply": Scene(
            needs=("answer",), knows=("text", "sought", *PLAYED), fills=_played_by_staff, by=None
        )
    },
)
ACTS = (REPLY, ENTER_REPLY)
