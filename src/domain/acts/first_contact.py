"""What was said and done when something was first raised, and whether the person was content with it."""

from __future__ import annotations

from typing import get_args

from domain.act import Act, FilledIn, Scene, Traits, nobody
from domain.acts.closure import close
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, FieldProblem, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.notekinds import Contentment
from domain.rights import open_at, works_on
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require


class FirstContactLogged(StageEvent):
    """What was said and done when it was first raised; `log` is content. `settled`: nothing is left to do."""

    log: str
    content: Contentment
    settled: bool

    wrote = ("log", "done")

    def after(self, case: Case) -> Case:
        logged = replace(case, contact=self.content)
        # Who was asked whether they are content was told what was done.
        return logged if self.content == "not-asked" else logged.with_first_response(self.at)

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class LogFirstContact(StageCommand):
    """`log.words["done"]`: what was said and done when it was first raised."""

    log: Writing
    content: Contentment
    settled: bool = False

    def decide(self, at: Situation) -> Events:
        """Return what happens; a concern that is settled closes with it. Incomplete: nothing is said of what was
        done, or what is settled is no concern, or the person is not content."""
        at.require(LOG_FIRST_CONTACT, self.by, self.stage)
        missing = self.log.missing(done="Write what was said and done.")
        if self.settled:
            missing += against_settling(at.case.kind, self.content)
        require(missing)
        logged = FirstContactLogged(
            at=at.now,
            by=self.by,
            stage=self.stage,
            log=self.log.id,
            content=self.content,
            settled=self.settled,
        )
        return (logged,) if not self.settled else (logged, *close(at.then(logged), "settled"))


def against_settling(kind: str, content: Contentment) -> list[FieldProblem]:
    """Return what stands against taking something for settled at once."""
    if kind != "concern":
        sentence = "Only a concern can be settled straight away. A complaint needs an outcome."
        return [FieldProblem("settled", sentence)]
    if content != "yes":
        sentence = "You can only settle this if the person is content with what was done."
        return [FieldProblem("content", sentence)]
    return []


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it once, on the first stage, as long as there is no answer."""
    if refusal := open_at(at.case, stage) or works_on(at.case, by, at.procedure):
        return refusal
    if at.case.contact:
        return AlreadyDone("The first contact has already been recorded.")
    if len(at.case.stages) > 1 or at.case.current.responded_at is not None:
        return AlreadyDone("An outcome has already been sent in this case. Add a note instead.")
    return None


def _asked(asking: Asking) -> LogFirstContact:
    content: Contentment = asking.word(
        "content", get_args(Contentment), "Choose whether the person is content with what was done."
    )
    return LogFirstContact(
        by=asking.by,
        stage=asking.stage,
        log=asking.wrote("done"),
        content=content,
        settled=asking.text("settled") == "yes",
    )


def _played(step: Step, at: Situation) -> FilledIn:
    return {
        "done": step.words,
        "content": step.content or "not-asked",
        "settled": "yes" if step.settled else "",
    }


LOG_FIRST_CONTACT = Act(
    name="contact",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={"contact": Scene(needs=(), knows=("text", "content", "settled"), fills=_played, by=None)},
)
ACTS = (LOG_FIRST_CONTACT,)
