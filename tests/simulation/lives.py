"""Whole lives of cases, from the form to the tombstone: the main path, and whatever a seed draws."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from adapters import procedures
from domain.case import Case
from tests.simulation.faults import Drawn, Kind, NoFaults, Planned
from tests.simulation.invariants import Watch
from tests.simulation.peek import case_of, rules
from tests.simulation.people import PAUSES, Town, filled, submission
from tests.simulation.world import DAY, HOUR, MINUTE, World, installed

MAIN = "leadership-east"
LONGEST = 80
"""Pauses in a life, after which a case that nobody can work on any more is left as it is."""
START = datetime(2026, 11, 2, 10, tzinfo=UTC)


def main_path(
    faults: NoFaults,
    *,
    organisation: str = MAIN,
    climbs: bool = False,
    seed: int = 1,
    with_first_links: bool = False,
) -> tuple[World, Watch]:
    """One complaint's whole life, in which everybody does what comes next and nothing else: sent in, acknowledged,
    answered, accepted (or taken up every stage), closed, kept, announced, destroyed."""
    world = World(seed, faults=faults, start=START)
    town = Town(world, Random(f"people {seed}"))
    town.with_first_links = with_first_links
    watch = Watch(world, town)
    with installed(world):
        world.sweep()
        world.run(world.now + MINUTE)
        one = submission(organisation, Random(f"form {seed}"), today=world.utc().date(), number=1)
        town.submitted.append(one)
        ref = town.submit(one)
        for _ in range(40):
            world.run(world.now + 2 * HOUR)
            if world.now - world.calm_since > HOUR:
                watch.at_rest()
            case = case_of(world.table, ref) if ref else None
            if case is None or not case.is_open:
                break
            onward(town, ref, case, climbs=climbs)
        finish(world, watch)
    return world, watch


class Life:
    """A world with some cases of any of the procedures, and people who do whatever comes to their mind, in whatever
    order, while things go wrong now and then. All of it follows from the seed.

    `plan` replaces the faults that the seed draws; `idle` are turns of people that are left out: so a history that
    violates something is made smaller."""

    def __init__(
        self, seed: int, *, plan: Mapping[int, Kind] | None = None, idle: frozenset[int] = frozenset()
    ) -> None:
        self.random = Random(f"life {seed}")
        rate = self.random.choice((25, 60, 150, 400))
        faults = Drawn(Random(f"faults {seed}"), one_in=rate) if plan is None else Planned(plan)
        start = datetime(2026, 4, 1, 6, tzinfo=UTC) + timedelta(minutes=self.random.randrange(300 * 24 * 60))
        self.world = World(seed, faults=faults, start=start)
        self.town = Town(self.world, Random(f"people {seed}"), idle=idle)
        self.watch = Watch(self.world, self.town)
        self.acts_left = self.random.choice((0, 1, 3, 6, 10))

    def live(self) -> Watch:
        """The whole of it; with what was found on the way."""
        with installed(self.world):
            self._begin()
            for _ in range(LONGEST):
                if self.watch.violations or not self._goes_on():
                    break
            if not self.watch.violations:
                settle(self.world, self.watch)
                self._let_go()
        return self.watch

    def _begin(self) -> None:
        world, town, random = self.world, self.town, self.random
        world.sweep()
        world.run(world.now + MINUTE)
        known = procedures.served_procedures({})
        for number in range(random.choice((1, 1, 1, 1, 2, 3))):
            one = submission(random.choice(known), random, today=world.utc().date(), number=number)
            town.submitted.append(one)
            town.submit(one)
            if random.random() < 0.1:
                town.send(one)

    def _open(self) -> list[str]:
        found = []
        for ref in self.watch.refs():
            case = case_of(self.world.table, ref)
            if case is not None and (case.is_open or case.is_asked):
                found.append(ref)
        return found

    def _goes_on(self) -> bool:
        """One pause, in which people act; False: every case is closed."""
        world, random = self.world, self.random
        refs = self._open()
        if not refs:
            return False
        self._weather()
        if self.acts_left > 0:
            pause = random.choice(PAUSES)
            for _ in range(random.choice((1, 1, 2, 3))):
                self.acts_left -= 1
                world.after(random.random() * pause, "person", "turn", random.choice(refs), owner="town")
            world.run(world.now + pause)
        else:
            for ref in refs:
                case = case_of(world.table, ref)
                if case is not None:
                    onward(self.town, ref, case, climbs=random.random() < 0.4)
            world.run(world.now + random.choice((HOUR, HOUR, 20 * DAY)))
        self._check()
        return True

    def _can_go(self, refs: list[str]) -> bool:
        cases = [case_of(self.world.table, ref) for ref in refs]
        return any(case is not None and not case.is_open for case in cases)

    def _weather(self) -> None:
        if self.random.random() < 0.2:
            self.world.faults.are_on = not self.world.faults.are_on

    def _check(self) -> None:
        if self.world.now - self.world.calm_since > HOUR:
            self.watch.at_rest()

    def _let_go(self) -> None:
        """The years pass; some cases are held, and let go."""
        world, random, watch = self.world, self.random, self.watch
        turns = 0
        for _ in range(120):
            if watch.violations:
                return
            left = [ref for ref in watch.refs() if case_of(world.table, ref) is not None]
            if not left or (world.next_at == float("inf") and not self._can_go(left)):
                break
            self._weather()
            moment = world.next_at
            for ref in left:
                case = case_of(world.table, ref)
                if case is None:
                    continue
                if turns < 3 and random.random() < 0.15:
                    turns += 1
                    world.after(random.random() * 20 * DAY, "person", "turn", ref, owner="town")
                elif (case.holds or case.is_open or case.is_asked) and random.random() < 0.5:
                    onward(self.town, ref, case, climbs=False)
            if moment == float("inf"):
                moment = world.now + 10 * DAY
            world.run(max(world.now, moment) + HOUR)
            self._check()
        settle(world, watch)
        if watch.violations:
            return
        world.run(world.now + 40 * DAY)
        settle(world, watch)
        watch.end()


def onward(town: Town, ref: str, case: Case, *, climbs: bool) -> None:
    """Somebody does what moves the case on, if anybody can."""
    wanted = (
        "lateness",
        "write",
        "consent",
        "assign",
        "acknowledge",
        "external-answer",
        "consider",
        "respond",
        "approve",
        "reply",
    )
    procedure = rules(case)[0]
    is_assigned = len(case.current.reviewers) >= procedure.stage(case.current.stage).review.count
    able = [
        (wanted.index(action), number, person, secret, action)
        for number, (person, secret, action) in enumerate(town.choices(ref))
        if action in wanted and not (action == "assign" and is_assigned)
    ]
    if not able:
        return
    _, _, person, secret, action = min(able)
    fields = filled(action, case, person, Random(1), now=town.world.utc().date())
    if action == "reply":
        fields["answer"] = "escalate" if climbs else "satisfied"
    if action in ("approve", "lateness", "late-reply", "consider"):
        fields["decision"] = "approve" if action == "approve" else "decline"
    town.act(ref, person, secret, action, fields, stage=case.current.stage)


def finish(world: World, watch: Watch) -> None:
    """What is left is kept for its years and destroyed; faults stop, and everything comes to rest."""
    for _ in range(200):
        if not any(case_of(world.table, ref) for ref in watch.refs()) or world.next_at == float("inf"):
            break
        world.run(world.next_at + HOUR)
        if world.now - world.calm_since > 0.9 * HOUR:
            watch.at_rest()
    settle(world, watch)
    world.run(world.now + 40 * DAY)
    settle(world, watch)
    watch.end()


def settle(world: World, watch: Watch) -> None:
    """Faults stop, and two sweeps later everything has come to rest."""
    world.faults.are_on = False
    world.stream_stopped_until = 0.0
    world.schedules_missed_until = 0.0
    world.run(world.now + 12 * MINUTE)
    watch.at_rest()
