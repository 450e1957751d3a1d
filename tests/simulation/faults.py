"""What goes wrong, and when.

Every point at which something can go wrong has a number: each call of a client, each delivery of the stream, each
schedule, each invocation. A plan says for a number what happens there, so that what a seed drew can be replayed,
and made smaller, by its numbers alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeVar

Kind = Literal[
    "",
    # at a call of a client
    "killed-before",
    "killed-after",
    "timed-out",
    "applied-timed-out",
    "throttled",
    "retried",
    "conflict",
    "partial",
    "slow",
    "raced",
    "stale",
    "refused",
    "bounced",
    "unwanted",
    # at a delivery of the stream, an asynchronous invocation or a schedule
    "late",
    "stopped",
    "duplicated",
    "missed",
    "missed-for-days",
    # at the start of an execution
    "aborted",
    # at an invocation; at the upload of a file (some of those above)
    "clock-ahead",
    "clock-behind",
]

EVERYWHERE: tuple[Kind, ...] = (
    "killed-before",
    "killed-after",
    "timed-out",
    "applied-timed-out",
    "throttled",
    "retried",
    "slow",
    "raced",
)
OF_CALLS: Mapping[str, tuple[Kind, ...]] = {
    "dynamodb.transact_write_items": (*EVERYWHERE, "conflict"),
    "dynamodb.batch_write_item": (*EVERYWHERE, "partial"),
    "dynamodb.batch_get_item": (*EVERYWHERE, "partial"),
    "dynamodb.query index": (*EVERYWHERE, "stale"),
    "s3.get_object": (*EVERYWHERE, "partial"),
    "s3.delete_objects": (*EVERYWHERE, "partial"),
    "sesv2.send_email": (*EVERYWHERE, "refused", "bounced", "unwanted"),
}
OF_PLACES: Mapping[str, tuple[Kind, ...]] = {
    "stream": ("late", "stopped", "duplicated"),
    "async": ("late", "duplicated"),
    "schedule": ("missed", "missed-for-days"),
    "execution": ("aborted",),
    "invocation": ("clock-ahead", "clock-behind"),
    "upload": ("timed-out", "applied-timed-out", "late", "duplicated"),
}


def possible(place: str) -> tuple[Kind, ...]:
    """What can go wrong at a place: a call by its service and operation, or one of `OF_PLACES`."""
    return OF_PLACES.get(place) or OF_CALLS.get(place, EVERYWHERE)


Own = TypeVar("Own", bound="NoFaults")


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault that happened."""

    number: int
    kind: Kind
    place: str
    function: str
    at: float


class NoFaults:
    """Everything goes well. Counts the points at which something could have gone wrong."""

    def __init__(self) -> None:
        self.points = 0
        self.places: list[tuple[str, str]] = []
        self.injected: list[Injected] = []
        self.are_on = True
        self.now: Callable[[], float] = lambda: 0.0

    def at(self, place: str, function: str) -> Kind:
        """What goes wrong at this point, which is the next one; empty: nothing."""
        self.points += 1
        kind = self.choose(place) if self.are_on else ""
        if kind:
            self.injected.append(Injected(self.points, kind, place, function, self.now()))
        return kind

    def choose(self, place: str) -> Kind:
        return ""

    def copied(self: Own) -> Own:
        """The same, for the copy of a world."""
        new = copy.copy(self)
        new.places, new.injected = [*self.places], [*self.injected]
        new.now = lambda: 0.0
        return new


class Recorded(NoFaults):
    """As NoFaults, and keeps every point with the function that was running."""

    def at(self, place: str, function: str) -> Kind:
        if self.are_on:
            self.places.append((place, function))
        else:
            self.places.append(("", function))
        return super().at(place, function)


class Planned(Recorded):
    """These faults, by the numbers of their points."""

    def __init__(self, plan: Mapping[int, Kind]) -> None:
        super().__init__()
        self.plan = plan

    def choose(self, place: str) -> Kind:
        kind = self.plan.get(self.points, "")
        return kind if kind in possible(place) else ""


class Drawn(NoFaults):
    """Faults at random: one point in `one_in` has one while they are on."""

    def __init__(self, random: Random, *, one_in: float) -> None:
        super().__init__()
        self.draw_from(random, one_in=one_in)

    def draw_from(self, random: Random, *, one_in: float, first: int = 0) -> None:
        """Draw from here on from this; and let something go wrong at the point with the number `first`."""
        self._random = random
        self._rate = 1 / one_in
        self._first = first

    def choose(self, place: str) -> Kind:
        if self.points == self._first:
            return self._random.choice(possible(place))
        if self._random.random() >= self._rate:
            return ""
        return self._random.choice(possible(place))
