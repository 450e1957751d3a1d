"""Mediation between the complainant and the person concerned: offered, accepted or declined, and held. It stands beside
the procedure, which goes on meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from domain.act import Act, FilledIn, Scene, Shows, Traits, nobody, somebody, typed_day, writing
from domain.calendars import to_london
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.days import wanted
from domain.errors import AlreadyDone, NotAllowed, NotNow, NotYours, Refused
from domain.event import Contents, StageEvent, Telling, Tells
from domain.exchanges import MediationRecord
from domain.form import Asking
from domain.frozen import replace
from domain.hearing import PLAYED, against_day, came_at, heard, played
from domain.procedure import Route
from domain.rights import looks_after, open_at
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require


class MediationOffered(StageEvent):
    """The complainant was offered mediation; `offer` is content and the offer's id."""

    offer: str

    wrote = ("offer", "offer")

    def after(self, case: Case) -> Case:
        offered = MediationRecord(id=self.offer, by=self.by, at=self.at)
        return replace(case, mediations=(*case.mediations, offered))

    def tells(self, telling: Telling) -> Tells:
        return (
            *telling.complainant("mediation", content=self.offer),
            *telling.news_to_others(*telling.handling),
            *telling.done,
        )


class MediationAnswered(StageEvent):
    """The complainant accepted or declined; `answer` is content, empty where they said no more than that. `route`: how
    they answered; `received_at`: when, where that was before it was entered."""

    accepted: bool
    answer: str
    route: Route = "web"
    received_at: datetime | None = None

    wrote = ("answer", "answer")

    def after(self, case: Case) -> Case:
        answered = _newest(case, accepted=self.accepted, answer=self.answer)
        return answered.waiting("mediation", still=self.accepted, at=self.received_at or self.at)

    def tells(self, telling: Telling) -> Tells:
        offered_by = telling.case.mediations[-1].by
        return (*telling.news_to_others(offered_by, *telling.handling), *telling.done)


class MediationEnded(StageEvent):
    """The mediation was held on a day, or comes to nothing (None); `note` is content, which the complainant is told."""

    held_on: date | None
    note: str

    wrote = ("note", "note")

    def after(self, case: Case) -> Case:
        ended = _newest(case, ended_at=self.at, held_on=self.held_on, note=self.note)
        return ended.waiting("mediation", still=False, at=self.at)

    def tells(self, telling: Telling) -> Tells:
        return (
            *telling.complainant("mediation", content=self.note),
            *telling.news_to_others(*telling.handling, *telling.coordinators),
            *telling.done,
        )


def _newest(case: Case, **happened: Any) -> Case:
    """Return the same but for these fields of the newest offer."""
    newest = replace(case.mediations[-1], **happened)
    return replace(case, mediations=(*case.mediations[:-1], newest))


class OfferMediation(StageCommand):
    """`offer.words["offer"]`: what is offered and who would take part; the complainant reads it."""

    offer: Writing

    def decide(self, at: Situation) -> Events:
        at.require(OFFER, self.by, self.stage)
        self.offer.require(offer="Write what you are offering. The complainant will read it.")
        return (MediationOffered(at=at.now, by=self.by, stage=self.stage, offer=self.offer.id),)


class AnswerMediation(StageCommand):
    """`answer.words["answer"]`: what the complainant says to it, which nobody has to. `route` and `received_on`: how
    and on which day staff heard it who enter it."""

    accepted: bool
    answer: Writing | None = None
    route: Route = "web"
    received_on: date | None = None

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: it came on a day on which it cannot have come."""
        at.require(ANSWER if self.by == COMPLAINANT else ENTER_ANSWER, self.by, self.stage)
        offered_at = at.case.mediations[-1].at
        came = came_at(self, since=offered_at, what="mediation was offered", now=at.now)
        return (
            MediationAnswered(
                at=at.now,
                by=self.by,
                stage=self.stage,
                accepted=self.accepted,
                answer=self.answer.id if self.answer is not None else "",
                route=self.route,
                received_at=came,
            ),
        )


class EndMediation(StageCommand):
    """`held_on`: when it was held; None: it will not be. `note.words["note"]`: what came of it; the complainant reads
    it."""

    held_on: date | None
    note: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: no note, or a day that lies ahead or before the offer."""
        at.require(HELD, self.by, self.stage)
        missing = self.note.missing(note="Write what came of it. The complainant will read it.")
        if self.held_on is not None:
            offered_at = at.case.mediations[-1].at
            missing += against_day(
                "held_on", self.held_on, since=offered_at, what="mediation was offered", now=at.now
            )
        require(missing)
        return (
            MediationEnded(at=at.now, by=self.by, stage=self.stage, held_on=self.held_on, note=self.note.id),
        )


def _against_offering(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it to whoever works on the case, as often as the last offer has come to an end."""
    if refusal := open_at(at.case, stage):
        return refusal
    if at.procedure.mediation is None:
        return NotAllowed("This procedure does not offer mediation.")
    if refusal := looks_after(at.case, by, at.procedure):
        return refusal
    if _is_offered(at.case) or at.case.waits_for_mediation:
        return AlreadyDone("Mediation has already been offered.")
    return None


def _against_answering(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can answer.")
    return _can_be_answered(at, stage)


def _against_entering(at: Situation, by: str, stage: str) -> Refused | None:
    return looks_after(at.case, by, at.procedure) or _can_be_answered(at, stage)


def _can_be_answered(at: Situation, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage):
        return refusal
    if _is_offered(at.case):
        return None
    if at.case.mediations:
        return AlreadyDone("The offer of mediation has already been answered.")
    return NotNow("No mediation has been offered.")


def _against_ending(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage) or looks_after(at.case, by, at.procedure):
        return refusal
    if at.case.waits_for_mediation:
        return None
    if at.case.mediations and at.case.mediations[-1].ended_at is not None:
        return AlreadyDone("What came of the mediation has already been recorded.")
    return NotNow("The complainant has not accepted mediation.")


def _is_offered(case: Case) -> bool:
    """Return whether an offer waits for the complainant's answer."""
    return bool(case.mediations) and case.mediations[-1].accepted is None


def _offered(at: Situation, by: str) -> tuple[str, ...]:
    return (at.case.mediations[-1].id,)


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, object]:
    return {"offer": str(contents.get(at.case.mediations[-1].id, {}).get("offer", ""))}


def _asked_to_answer(asking: Asking) -> AnswerMediation:
    return AnswerMediation(
        by=asking.by,
        stage=asking.stage,
        accepted=asking.says_yes("Choose whether mediation is accepted or declined."),
        answer=asking.if_wrote("answer"),
        **heard(asking),
    )


def _asked_to_end(asking: Asking) -> EndMediation:
    held = asking.choice("held", ("yes", "no"), "Choose whether the mediation took place.") == "yes"
    held_on = asking.day("held_on") if held else None
    if held and held_on is None:
        asking.refuse("held_on", wanted("the date of the mediation"))
    return EndMediation(by=asking.by, stage=asking.stage, held_on=held_on, note=asking.wrote("note"))


def _played_answer(step: Step, at: Situation) -> FilledIn:
    return {"decision": step.decision or "", "answer": step.text}


def _played_by_staff(step: Step, at: Situation) -> FilledIn:
    return {**_played_answer(step, at), **played(step, at)}


def _played_end(step: Step, at: Situation) -> FilledIn:
    day = step.on or to_london(at.now).date()
    held_on = typed_day("held_on", day) if step.held == "yes" else {}
    return {"held": step.held or "", "note": step.words, **held_on}


OFFER = Act(
    name="offer-mediation",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_offering,
    asked=lambda asking: OfferMediation(by=asking.by, stage=asking.stage, offer=asking.wrote("offer")),
    choice="action",
    shows=None,
    scenes={"offer-mediation": writing("offer")},
)
ANSWER = Act(
    name="answer-mediation",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_answering,
    asked=_asked_to_answer,
    choice="decision",
    shows=None,
    scenes={"answer-mediation": Scene(needs=("decision",), knows=("text",), fills=_played_answer, by=None)},
)
ENTER_ANSWER = Act(
    name="enter-mediation",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_entering,
    asked=_asked_to_answer,
    choice="decision",
    shows=Shows(reads=_offered, gives=_gives),
    scenes={
        "enter-mediation": Scene(
            needs=("decision",), knows=("text", *PLAYED), fills=_played_by_staff, by=None
        )
    },
)
HELD = Act(
    name="mediation-held",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_ending,
    asked=_asked_to_end,
    choice="held",
    shows=None,
    scenes={"mediation-held": Scene(needs=("held",), knows=("on", "text"), fills=_played_end, by=None)},
)
ACTS = (OFFER, ANSWER, ENTER_ANSWER, HELD)
