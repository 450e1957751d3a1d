"""Telling the complainant what has been done and what is planned, as soon and as often as the procedure asks for."""

from __future__ import annotations

from domain.act import Act, Standing, Traits, somebody, writing
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import NotAllowed, Refused
from domain.event import StageEvent, Telling, Tells
from domain.rights import reviewing, without_consent
from domain.situation import Situation
from domain.words import Writing


class ProgressReported(StageEvent):
    """The complainant was told how it is going; `message` is content."""

    message: str

    wrote = ("message", "message")

    def after(self, case: Case) -> Case:
        return case.on_stage(progress=self.message, progress_at=self.at).with_first_response(self.at)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("progress", content=self.message), *telling.done)


class ReportProgress(StageCommand):
    """`message.words["message"]`: what has been done, and what comes next."""

    message: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: the message is empty."""
        at.require(REPORT_PROGRESS, self.by, self.stage)
        self.message.require(message="Write what has been done and what will happen next.")
        return (ProgressReported(at=at.now, by=self.by, stage=self.stage, message=self.message.id),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := reviewing(at.case, by, stage) or without_consent(at.case, at.procedure):
        return refusal
    if not any(rule.name in ("progress", "first-response") for rule in at.stage.deadlines):
        return NotAllowed("This procedure does not ask for progress reports at this stage.")
    return None


_SAID = Standing(
    sentence="The complainant has already been told this.", ids=lambda case: (case.current.progress,)
)

REPORT_PROGRESS = Act(
    name="progress",
    whose="staff",
    traits=Traits(again=_SAID, waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=lambda asking: ReportProgress(by=asking.by, stage=asking.stage, message=asking.wrote("message")),
    choice="action",
    shows=None,
    scenes={"progress": writing("message")},
)
ACTS = (REPORT_PROGRESS,)
