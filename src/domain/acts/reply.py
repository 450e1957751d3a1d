"""The complainant's answer to an outcome: content with it, or on to the next stage. Staff enter it for somebody who has
no email address."""

from __future__ import annotations

from typing import Literal, assert_never

from domain.act import Act, FilledIn, Scene, Traits, nobody, somebody
from domain.acts.closure import close
from domain.acts.stages import ComplaintEscalated, stage_begins
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import CaseClosed, FieldProblem, NotNow, NotYours, Refused, UnknownChoice
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.rights import open_at, works_on
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require, says


class ComplainantSatisfied(StageEvent):
    def after(self, case: Case) -> Case:
        return case.on_stage(replied_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class ComplainantDissatisfied(StageEvent):
    """The complainant is not satisfied, and the ladder has no further stage; `reasons` is content or empty."""

    reasons: str

    wrote = ("reasons", "reasons")

    def after(self, case: Case) -> Case:
        return case.on_stage(replied_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class Reply(StageCommand):
    """The complainant's answer to an outcome. `reasons.words`: `reasons`, and `sought`, which resolution is sought
    now; both may be left out. `aspects`: the numbers of those that go on to the next stage; empty: all."""

    answer: Literal["satisfied", "escalate"]
    reasons: Writing | None = None
    aspects: tuple[int, ...] = ()

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: it goes on to the next stage without the reasons that the procedure asks
        for. UnknownChoice: with an aspect that this stage has not answered."""
        at.require(REPLY if self.by == COMPLAINANT else ENTER_REPLY, self.by, self.stage)
        reasons = self.reasons.id if self.reasons is not None else ""
        match self.answer:
            case "satisfied":
                satisfied = ComplainantSatisfied(at=at.now, by=self.by, stage=self.stage)
                return (satisfied, *close(at, "satisfied"))
            case "escalate" if at.stage.next:
                return self._goes_on(at, reasons)
            case "escalate":
                dissatisfied = ComplainantDissatisfied(
                    at=at.now, by=self.by, stage=self.stage, reasons=reasons
                )
                return (dissatisfied, *close(at, "exhausted"))
            case _:
                assert_never(self.answer)

    def _goes_on(self, at: Situation, reasons: str) -> Events:
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
            to_stage=at.stage.next,
            reasons=reasons,
            aspects=() if len(going_on) == at.case.aspects else going_on,
        )
        return (escalated, *stage_begins(at.then(escalated)))


def _against_replying(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can answer.")
    return _can_be_answered(at.case, stage)


def _against_entering(at: Situation, by: str, stage: str) -> Refused | None:
    """Let staff enter what the complainant answered by letter or telephone: whoever has no email address gets no link
    to answer with."""
    if not at.case.by_letter:
        return NotYours("The complainant has their own link to reply with.")
    return works_on(at.case, by, at.procedure) or _can_be_answered(at.case, stage)


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
ENTER_REPLY = Act(
    name="enter-reply",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_entering,
    asked=lambda asking: _reply(asking, "Choose whether the complainant is satisfied."),
    choice="action",
    shows=None,
    scenes={"enter-reply": Scene(needs=("answer",), knows=("text", "sought"), fills=_played, by=None)},
)
ACTS = (REPLY, ENTER_REPLY)
