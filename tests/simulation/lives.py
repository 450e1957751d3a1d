"""Whole lives of cases, from the form to the tombstone: the main path, and whatever a seed draws."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from domain.case import Case
from tests.simulation.faults import NoFaults
from tests.simulation.invariants import Watch
from tests.simulation.peek import case_of
from tests.simulation.people import Town, filled, submission
from tests.simulation.world import DAY, HOUR, MINUTE, World, installed

MAIN = "leadership-east"
START = datetime(2026, 11, 2, 10, tzinfo=UTC)


def main_path(
    faults: NoFaults, *, organisation: str = MAIN, climbs: bool = False, seed: int = 1
) -> tuple[World, Watch]:
    """One complaint's whole life, in which everybody does what comes next and nothing else: sent in, acknowledged,
    answered, accepted (or taken up every stage), closed, kept, announced, destroyed."""
    world = World(seed, faults=faults, start=START)
    town = Town(world, Random(f"people {seed}"))
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


def onward(town: Town, ref: str, case: Case, *, climbs: bool) -> None:
    """Somebody does what moves the case on, if anybody can."""
    wanted = (
        "lateness",
        "assign",
        "acknowledge",
        "external-answer",
        "consider",
        "respond",
        "approve",
        "reply",
    )
    for action in wanted:
        if action == "assign" and case.current.reviewers:
            continue
        for person, secret, able in town.choices(ref):
            if able != action:
                continue
            fields = filled(action, case, person, Random(1), now=town.world.utc().date())
            if action == "reply":
                fields["answer"] = "escalate" if climbs else "satisfied"
            if action in ("approve", "lateness"):
                fields["decision"] = "approve" if action == "approve" else "accept"
            town.act(ref, person, secret, action, fields, stage=case.current.stage)
            return


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
