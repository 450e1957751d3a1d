"""What is asked of a case: every way in becomes a command, which decides what happens or refuses.

`by` is the id of a person in the organisation's directory, `COMPLAINANT` or `SYSTEM`. What a person wrote
comes as a `Writing`: its id goes into the event, its words are stored as content of the case. `stage` is the
stage that the person was looking at; a case that has moved on refuses.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import fields
from typing import ClassVar

from domain.case import SYSTEM
from domain.errors import CaseClosed, UnknownCase
from domain.event import Event
from domain.frozen import Frozen
from domain.rights import has_left
from domain.situation import Outset, Situation
from domain.words import Writing

Events = tuple[Event, ...]


class Command(Frozen):
    """What every command can be asked."""

    is_for_erasure_too: ClassVar[bool] = False
    """Whether it has a meaning for a case that is being destroyed."""

    @abstractmethod
    def decide(self, at: Situation) -> Events:
        """Return the events that it leads to. Refused: see `domain.errors`."""

    def begin(self, outset: Outset) -> Events:
        """Return the events with which a case begins. UnknownCase: it needs one that is there."""
        raise UnknownCase("There is no such case.")


class StageCommand(Command):
    """What a person asks for on a stage that they looked at."""

    by: str
    stage: str


def decide(at: Situation | Outset, command: Command) -> Events:
    """Return the events that `command` leads to: the one way in.

    Refused: see `domain.errors`. BeyondHorizon: a date would lie where the calendar knows no holidays.
    An empty answer means that there is nothing to do, which only alarms, bounces and the retention run can meet."""
    if isinstance(at, Outset):
        return command.begin(at)
    if at.case.erasing and not command.is_for_erasure_too:
        raise CaseClosed("This case is being destroyed.")
    events = command.decide(at)
    # What stands against the act itself is said first; what a person who has left was free to do ends here.
    if refusal := has_left(getattr(command, "by", SYSTEM), at.procedure):
        raise refusal
    return events


def writings(command: Command) -> tuple[Writing, ...]:
    """Return everything that a person wrote in this command."""
    values = (getattr(command, field.name) for field in fields(command))
    return tuple(value for value in values if isinstance(value, Writing))
