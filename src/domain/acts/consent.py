"""Somebody acts for the complainant: with the complainant's consent, which goes on record."""

from __future__ import annotations

from domain.act import Act, Traits, somebody, writing
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, Refused
from domain.event import StageEvent, Telling, Tells
from domain.frozen import replace
from domain.rights import open_at, works_on
from domain.situation import Situation
from domain.words import Writing


class ConsentRecorded(StageEvent):
    """The complainant consents to somebody acting for them; `consent` is content: how it was given."""

    consent: str

    wrote = ("consent", "consent")

    def after(self, case: Case) -> Case:
        heard = replace(case, consent=self.consent)
        return heard.waiting("consent", still=False, at=self.at)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.done, *telling.news_to_others(*telling.reviewers))


class RecordConsent(StageCommand):
    """`consent.words["consent"]`: when and how the complainant consented, and to what."""

    consent: Writing

    def decide(self, at: Situation) -> Events:
        at.require(RECORD_CONSENT, self.by, self.stage)
        self.consent.require(consent="Write when and how the complainant gave consent.")
        return (ConsentRecorded(at=at.now, by=self.by, stage=self.stage, consent=self.consent.id),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage) or works_on(at.case, by, at.procedure):
        return refusal
    if not at.case.represented:
        return NotAllowed("No one is acting for the complainant in this case.")
    if at.case.consent:
        return AlreadyDone("The complainant's consent has already been recorded.")
    return None


RECORD_CONSENT = Act(
    name="consent",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=lambda asking: RecordConsent(by=asking.by, stage=asking.stage, consent=asking.wrote("consent")),
    choice="action",
    shows=None,
    scenes={"consent": writing("consent")},
)
ACTS = (RECORD_CONSENT,)
