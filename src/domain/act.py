"""What a person can do in a case: everything that is true of one act, said in one place.

An `Act` has no defaults, so that the type checker asks for every part. What is about *all* acts (what is offered, the
worklist, the history, scenarios) asks these parts, and keeps no list of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from domain.case import Case
from domain.command import Command
from domain.errors import Refused
from domain.event import Contents
from domain.form import Asking
from domain.frozen import Frozen
from domain.procedure import Form
from domain.situation import Situation

if TYPE_CHECKING:
    # Only what plays scenarios knows what a step is: no function waits for it.
    from domain.step import Step

FilledIn = Mapping[str, str | list[str]]
"""What is filled in, by the name of the field."""


class Standing(Frozen):
    """Said once for as long as it is true: `ids` are those of what was written with the act and still holds."""

    sentence: str
    """Why a second click with the same words is refused."""
    ids: Callable[[Case], tuple[str, ...]]


class Shows(Frozen):
    """What the act's form shows besides what is true of every case: who can be chosen, what waits."""

    reads: Callable[[Situation, str], tuple[str, ...]]
    """The ids of the contents that it takes."""
    gives: Callable[[Situation, str, Contents], Mapping[str, Any]]
    """What its template is given, for a person, with the contents that were read."""
    questions: Callable[[Situation, str], Form] | None = None
    """One of the procedure's own forms, where the act asks for that."""


class Scene(Frozen):
    """How the act is played in a scenario: the keys that a step needs, those that it can have besides, what of the
    act's form they fill in, and who does it where the step does not say. None: the first person who can."""

    needs: tuple[str, ...]
    knows: tuple[str, ...]
    fills: Callable[[Step, Situation], FilledIn]
    by: Callable[[Situation], str] | None


class Traits(Frozen):
    """What lists of all acts go by."""

    again: Literal["as-often", "once"] | Standing
    """What a second click with the same words is: another of the same, or no more than the first."""
    waits_for: Callable[[Situation, str], bool]
    """Whether a case in which the person can do it waits for the person."""
    about: Literal["complaint", "people", "keeping", "afterwards"]
    """What it is about: the complaint itself, which whoever does it reads; who is involved in it; how long the case is
    kept; or what is left to do besides."""
    stands_alone: bool
    """Whether a page is worth showing for it alone."""


class Act(Frozen):
    """One act. `against` says what stands against a person doing it who looked at a stage; `asked` makes the command
    of its filled-in form."""

    name: str
    """In addresses, links and forms; stored with links, so that it never changes."""
    whose: Literal["complainant", "staff", "anybody"]
    traits: Traits
    against: Callable[[Situation, str, str], Refused | None]
    asked: Callable[[Asking], Command]
    """Unprocessable, InvalidAnswers: the form lacks something."""
    choice: str
    """The field that a choice which cannot be taken is said at."""
    shows: Shows | None
    scenes: Mapping[str, Scene]
    """How it is played, by the names of a scenario's steps."""

    @property
    def is_complainants(self) -> bool:
        return self.whose != "staff"

    @property
    def is_staffs(self) -> bool:
        return self.whose != "complainant"


def somebody(at: Situation, by: str) -> bool:
    """Say that a case waits for whoever can do this."""
    return True


def nothing(at: Situation, by: str) -> tuple[str, ...]:
    """Say that the form takes no contents."""
    return ()


def nobody(at: Situation, by: str) -> bool:
    """Say that a case waits for nobody because this can be done."""
    return False


def writing(name: str) -> Scene:
    """Play the act by writing something."""
    return Scene(needs=(), knows=("text",), fills=lambda step, at: {name: step.words}, by=None)


def confirming() -> Scene:
    """Play the act by ticking its box."""
    return Scene(needs=(), knows=(), fills=lambda step, at: {"confirm": "yes"}, by=None)


def deciding() -> Scene:
    """Play the act by a decision and its reason."""
    return Scene(
        needs=("decision",),
        knows=("text",),
        fills=lambda step, at: {"decision": step.decision or "", "reason": step.words},
        by=None,
    )


def typed_day(name: str, day: date | None) -> dict[str, str]:
    """Return a day as it is typed into three boxes; nothing where there is none."""
    if day is None:
        return {}
    return {f"{name}.year": str(day.year), f"{name}.month": str(day.month), f"{name}.day": str(day.day)}
