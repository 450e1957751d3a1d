"""Whoever was complained about is told the end: once, by a person who decides whom and with which words. Nothing goes
by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.act import Act, FilledIn, Scene, Shows, Traits, nobody, nothing
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotNow, Refused, UnknownChoice
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.people import ids
from domain.procedure import Person
from domain.rights import looks_after, unconfirmed
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing


class InvolvedTold(StageEvent):
    """The `persons`, who were involved in what happened, were told that it has ended; `message` is content, which they
    are told with it."""

    persons: tuple[str, ...]
    message: str

    wrote = ("message", "message")

    def after(self, case: Case) -> Case:
        return replace(case, told_of_end=(*case.told_of_end, *self.persons))

    def tells(self, telling: Telling) -> Tells:
        told = telling.last_word("told-of-end", *self.persons, about="InvolvedTold", content=self.message)
        return (*told, *telling.done)


class TellInvolved(StageCommand):
    """`persons`: whom. `message.words["message"]`: what they are told."""

    persons: tuple[str, ...]
    message: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. UnknownChoice: nobody, or somebody who was not involved or has been told. Incomplete: no
        message."""
        at.require(TELL_INVOLVED, self.by, self.stage)
        persons = tuple(dict.fromkeys(self.persons))
        if not persons or set(persons) - set(ids(untold(at))):
            raise UnknownChoice("Choose people who were involved and have not been told.", field="persons")
        self.message.require(message="Write what they are told.")
        return (
            InvolvedTold(at=at.now, by=self.by, stage=self.stage, persons=persons, message=self.message.id),
        )


def untold(at: Situation) -> tuple[Person, ...]:
    """Return the people of the directory who were involved in what happened, and have not been told that it has
    ended."""
    return tuple(
        person
        for person in at.procedure.people
        if at.case.is_barred(person.id) and person.id not in at.case.told_of_end
    )


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it after the end to whoever coordinates cases, once for each person."""
    case = at.case
    if case.is_open:
        return NotNow("This is for when the case has ended.")
    if refusal := looks_after(case, by, at.procedure) or unconfirmed(case):
        return refusal
    if untold(at):
        return None
    if case.told_of_end:
        return AlreadyDone("The people who were involved have already been told.")
    return NotNow("Nobody in the directory was involved in what happened.")


def _asked(asking: Asking) -> TellInvolved:
    persons = tuple(asking.chosen("persons"))
    if not persons:
        asking.refuse("persons", "Choose who will be told.")
    return TellInvolved(by=asking.by, stage=asking.stage, persons=persons, message=asking.wrote("message"))


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    return {"people": [(person.id, person.name) for person in untold(at)]}


def _played(step: Step, at: Situation) -> FilledIn:
    persons = step.involved or ids(untold(at))
    return {"persons": list(persons), "message": step.words}


TELL_INVOLVED = Act(
    name="tell-involved",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=False),
    against=_against,
    asked=_asked,
    choice="persons",
    shows=Shows(reads=nothing, gives=_gives),
    scenes={"tell-involved": Scene(needs=(), knows=("involved", "text"), fills=_played, by=None)},
)
ACTS = (TELL_INVOLVED,)
