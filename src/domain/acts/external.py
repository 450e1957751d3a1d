"""Help from outside that the reviewers ask for: the case stays open until it has answered."""

from __future__ import annotations

from datetime import date

from domain.act import Act, Scene, Traits, nobody, somebody, typed_day, writing
from domain.acts.new_date import reminded_afresh
from domain.calendars import spell_day, to_london
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, FieldProblem, NotAllowed, NotNow, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.rights import answered, open_at, reviews, without_consent
from domain.situation import Situation
from domain.words import Writing, require

_WHOM = "Write who you are asking for help."


class ExternalAssistanceSought(StageEvent):
    """The reviewers asked somebody outside for help; until that has answered, the case stays open. `details` is
    content (whom, and why), `respond_by` the new last day, which the complainant is told."""

    details: str
    respond_by: date

    wrote = ("details", "whom", "why")

    def after(self, case: Case) -> Case:
        sought = case.on_stage(external="open", external_details=self.details, respond_by=self.respond_by)
        return reminded_afresh(sought, self.stage)

    def tells(self, telling: Telling) -> Tells:
        return (
            *telling.complainant("external-assistance"),
            *telling.news(*telling.coordinators),
            *telling.done,
        )


class ExternalAnswerRecorded(StageEvent):
    """The outside help has answered; `answer` is content."""

    answer: str

    wrote = ("answer", "answer")

    def after(self, case: Case) -> Case:
        return case.on_stage(external="answered")

    def tells(self, telling: Telling) -> Tells:
        return (*telling.news_to_others(*telling.reviewers, *telling.coordinators), *telling.done)


class SeekExternalAssistance(StageCommand):
    """`details.words`: `whom` and `why`. The complainant reads them, with the new last day."""

    respond_by: date
    details: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: not said whom or why, or a new date that is not later than the one that it
        replaces."""
        at.require(SEEK_HELP, self.by, self.stage)
        missing = self.details.missing(whom=_WHOM, why="Write why you need help from outside.")
        running = [
            deadline.due.due
            for deadline in at.deadlines
            if deadline.rule.name == "respond" and deadline.is_known
        ]
        latest = max((*running, to_london(at.now).date()))
        if self.respond_by <= latest:
            missing.append(FieldProblem("respond_by", f"Enter a date later than {spell_day(latest)}."))
        require(missing)
        return (
            ExternalAssistanceSought(
                at=at.now,
                by=self.by,
                stage=self.stage,
                details=self.details.id,
                respond_by=self.respond_by,
            ),
        )


class RecordExternalAnswer(StageCommand):
    """`answer.words["answer"]`: what the outside help said."""

    answer: Writing

    def decide(self, at: Situation) -> Events:
        at.require(RECORD_ANSWER, self.by, self.stage)
        self.answer.require(answer="Write what they answered.")
        return (ExternalAnswerRecorded(at=at.now, by=self.by, stage=self.stage, answer=self.answer.id),)


def _against_seeking(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := (open_at(at.case, stage) or reviews(at.case, by) or without_consent(at.case, at.procedure)):
        return refusal
    if not at.stage.external_assistance:
        return NotAllowed("This procedure does not allow help from outside at this stage.")
    if refusal := answered(at.case):
        return refusal
    if at.case.current.external:
        return AlreadyDone("Someone outside has already been asked for help.")
    return None


def _against_recording(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage) or reviews(at.case, by):
        return refusal
    if at.case.current.external == "answered":
        return AlreadyDone("The answer from outside has already been recorded.")
    if at.case.current.external != "open":
        return NotNow("No one outside has been asked for help.")
    return None


def _asked_to_seek(asking: Asking) -> SeekExternalAssistance:
    respond_by = asking.new_date(whom=_WHOM)
    return SeekExternalAssistance(
        by=asking.by, stage=asking.stage, respond_by=respond_by, details=asking.wrote("whom", "why")
    )


SEEK_HELP = Act(
    name="external",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_seeking,
    asked=_asked_to_seek,
    choice="action",
    shows=None,
    scenes={
        "external": Scene(
            needs=("respond_by",),
            knows=("whom", "text"),
            fills=lambda step, at: {
                "whom": step.whom or "Somebody outside.",
                "why": step.words,
                **typed_day("respond_by", step.respond_by),
            },
            by=None,
        )
    },
)
RECORD_ANSWER = Act(
    name="external-answer",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_recording,
    asked=lambda asking: RecordExternalAnswer(
        by=asking.by, stage=asking.stage, answer=asking.wrote("answer")
    ),
    choice="action",
    shows=None,
    scenes={"external-answer": writing("answer")},
)
ACTS = (SEEK_HELP, RECORD_ANSWER)
