"""Many whole lives that begin alike: what they share is lived once.

A course is lived to its end, and copied before each thing that happens by itself. From any of these copies it can be
lived otherwise; that life is whole, and looked at in every step, as if it had been lived alone. Tests hold such lives
against lives that were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from hashlib import sha256
from random import Random
from typing import Any, TypeVar

from tests.simulation.faults import Kind, Planned, possible
from tests.simulation.ground import spread
from tests.simulation.installation import installed
from tests.simulation.lives import Course, Life, MainPath, Turn

DEPTH = 4
DEPTH_OF_PICKY = 2
Own = TypeVar("Own", bound=Course)
Found = tuple[dict[int, Kind], list[str]]
"""The faults of a life, by the numbers of their points, and what they violated."""


def kept_alive(course: Own) -> list[Own]:
    """Live a course to its end; copies of it from before each step in which something could go wrong."""
    kept: list[Own] = []
    before = course.copied()
    with installed(course.world):
        is_going = True
        while is_going:
            is_going = course.step()
            if course.points > before.points:
                kept.append(before)
                if is_going:
                    before = course.copied()
    return kept


def grown(seed: int, *, depth: int = DEPTH) -> Iterator[Life]:
    """Lives of a seed, 2**depth of them: its own, and those that go another way after half of it, after three quarters,
    seven eighths and so on, with something going wrong there; and of each of these those that go another way after half
    of what is left, and so on. Fewer where one violates something."""
    life = Life(seed)
    # Hundreds of sweeps, all alike, try what SES does not take.
    yield from _grown(life, min(depth, DEPTH_OF_PICKY) if life.is_picky else depth, Random(f"turns {seed}"))


def _grown(life: Life, depth: int, random: Random) -> Iterator[Life]:
    if not depth:
        life.live()
        yield life
        return
    kept = kept_alive(life)
    yield life
    if life.watch.violations or len(kept) < 2:
        return
    # What happens in the last of these steps can be the rest that comes when faults have stopped.
    *able, last = kept
    first = able[0].worked
    for halvings in range(1, depth + 1):
        wanted = life.worked - (life.worked - first) / 2**halvings
        place = max(number for number, one in enumerate(able) if one.worked <= wanted)
        following = able[place + 1] if place + 1 < len(able) else last
        turn = Turn(able[place].steps, random.randint(1, following.points - able[place].points))
        yield from _grown(able[place].branch(turn), depth - halvings, random)


def history(life: Life) -> bytes:
    """What happened in a life, as a hash: what went wrong and where, what people did and were answered, what they were
    sent and when, and what became of their cases. Two lives in which the same happened have the same."""
    told = (
        life.seed,
        [(one.number, one.kind) for one in life.world.faults.injected],
        [(act.began, act.ref, act.person, act.action, act.status) for act in life.town.acts],
        [(mail.at, mail.ref, mail.person, mail.notice) for mail in life.world.mails],
        [(account.ref, account.head, account.destroyed) for account in life.watch.accounts.values()],
    )
    return sha256(repr(told).encode()).digest()


class Enumeration:
    """A main path, and the same with faults at some of its points."""

    def __init__(self, course: MainPath) -> None:
        self.course = course
        self.kept = kept_alive(course)

    def possible(self, *, after: int = 0) -> Iterator[tuple[int, str, str, Kind]]:
        """Everything that can go wrong after a point: its number, the function, the place, and the kind."""
        for number, (place, function) in enumerate(self.course.world.faults.places[after:], after + 1):
            for kind in possible(place) if place else ():
                yield number, function, place, kind

    def those(
        self, *, functions: Collection[str] = (), kinds: Collection[Kind] = ()
    ) -> list[tuple[int, Kind]]:
        """Everything that can go wrong, by the numbers of points: in these functions, and of these kinds. Where none is
        named, in all and of all."""
        return [
            (number, kind)
            for number, function, _, kind in self.possible()
            if (not functions or function in functions) and (not kinds or kind in kinds)
        ]

    def firsts(self, *, after: int = 0) -> list[tuple[int, Kind]]:
        """Of everything that can go wrong at a place of a function, the first time that it can, after a point."""
        found: dict[tuple[str, str, Kind], int] = {}
        for number, function, place, kind in self.possible(after=after):
            found.setdefault((function, place, kind), number)
        return [(number, kind) for (_, _, kind), number in found.items()]

    def sampled(self, *, every: int, functions: Collection[str] = ()) -> list[tuple[int, Kind]]:
        """Of everything that can go wrong: at each place of a function the first time, and every so manieth of the
        rest, which goes wrong where the same has gone wrong before. Where functions are named, in these."""
        those = self.those(functions=functions)
        firsts = set(self.firsts())
        rest = [one for one in those if one not in firsts]
        return sorted({*(one for one in those if one in firsts), *rest[::every]})

    def with_fault(self, number: int, kind: Kind) -> MainPath:
        """The path up to the point, at which this goes wrong too; it is not lived yet from there."""
        before = next(one for one in reversed(self.kept) if one.points < number)
        return before.resumed({**before.planned.plan, number: kind})


@cache
def enumerated(**way: Any) -> Enumeration:
    """A main path of this way, lived once in a process."""
    return Enumeration(MainPath(Planned({}), **way))


def violating(faults: Iterable[tuple[int, Kind]], **way: Any) -> list[Found]:
    """Live a main path with each of these faults, on all cores; what went wrong and what was violated, where it was."""
    # Before there are other processes, which have it then.
    enumerated(**way)
    return [found for found in spread(partial(_lived, way), faults) if found[1]]


def in_pairs(fault: tuple[int, Kind], *, every: int = 1) -> list[Found]:
    """What was violated on the main path with this fault and one more, for each place of a function and each kind the
    first time that it can happen afterwards, or every so manieth of these."""
    number, kind = fault
    first = Enumeration(enumerated().with_fault(number, kind))
    found = []
    for second in first.firsts(after=number)[number % every :: every]:
        course = first.with_fault(*second)
        course.live()
        found.append(told(course))
    return found


def told(course: MainPath) -> Found:
    """What went wrong on a path, and what was violated."""
    return dict(course.planned.plan), [str(one) for one in course.watch.violations]


def _lived(way: Mapping[str, Any], fault: tuple[int, Kind]) -> Found:
    course = enumerated(**way).with_fault(*fault)
    course.live()
    return told(course)
