"""The letter that the procedure owes the complainant after the closure: written by a person, by a date, and chased as
other dates are."""

from __future__ import annotations

from domain.act import Act, Traits, somebody, writing
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, NotNow, Refused
from domain.event import StageEvent, Telling, Tells
from domain.frozen import replace
from domain.rights import may_decide, still_on
from domain.situation import Situation
from domain.words import Writing


class CompletionSent(StageEvent):
    """The complainant was sent the letter that was owed after the closure; `letter` is content."""

    letter: str

    wrote = ("letter", "letter")

    def after(self, case: Case) -> Case:
        return replace(case, completion=self.letter, completion_sent_at=self.at, owes_letter=False)

    def tells(self, telling: Telling) -> Tells:
        return (
            *telling.complainant("completion", content=self.letter),
            *telling.news_to_others(*telling.coordinators),
            *telling.done,
        )


class SendCompletion(StageCommand):
    """`letter.words["letter"]`: what the complaint was about, and what was decided on it."""

    letter: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: the letter says nothing."""
        at.require(SEND_COMPLETION, self.by, self.stage)
        self.letter.require(letter="Write what the complaint was about and what was decided.")
        return (CompletionSent(at=at.now, by=self.by, stage=self.stage, letter=self.letter.id),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    rule = at.procedure.completion
    if rule is None:
        return NotAllowed("This procedure does not have such a letter.")
    if refusal := may_decide(at.case, by, at.procedure, rule.letter_from) or still_on(at.case, stage):
        return refusal
    if at.case.owes_letter:
        return None
    if at.case.completion and not at.case.is_open:
        return AlreadyDone("The letter has already been sent.")
    return NotNow("The procedure does not ask for this letter at the moment.")


SEND_COMPLETION = Act(
    name="completion",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=lambda asking: SendCompletion(by=asking.by, stage=asking.stage, letter=asking.wrote("letter")),
    choice="action",
    shows=None,
    scenes={"completion": writing("letter")},
)
ACTS = (SEND_COMPLETION,)
