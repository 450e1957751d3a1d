"""Live whole lives until the time is up, and say what came of it.

    python -m tests.simulation.soak [--seed N] [--seconds N] [--histories N] [--replay N]

`make soak` calls it. A seed is one world with one to three cases; each case is a history. Exit code 1 where anything
was violated: then the first seeds that did are made smaller, and the command that replays each is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.faults import Kind
from tests.simulation.ground import prepare, spread
from tests.simulation.lives import Life

SEEDS = Path(__file__).parent / "seeds.json"
AT_ONCE = 20
"""Seeds that a process is given at a time."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of some seeds."""

    seeds: int
    histories: int
    destroyed: int
    faults: int
    violated: tuple[tuple[int, str], ...]


def lived(seeds: range) -> Tally:
    """The lives of these seeds."""
    histories = destroyed = faults = 0
    violated = []
    for seed in seeds:
        life = Life(seed)
        found = violation(life)
        histories += len(life.watch.accounts)
        destroyed += sum(account.destroyed for account in life.watch.accounts.values())
        faults += len(life.world.faults.injected)
        if found:
            violated.append((seed, found))
    return Tally(len(seeds), histories, destroyed, faults, tuple(violated))


def violation(life: Life) -> str:
    """What a life violated first; empty: nothing."""
    try:
        watch = life.live()
    except AssertionError as error:
        return str(error).partition("\n")[0][:200]
    return str(watch.violations[0]) if watch.violations else ""


def smaller(seed: int) -> tuple[dict[int, Kind], list[int]]:
    """The faults of a seed's life, and the turns of people that are left out, as few faults and as many turns as still
    violate something."""
    life = Life(seed)
    violation(life)
    plan: dict[int, Kind] = {one.number: one.kind for one in life.world.faults.injected}
    idle: set[int] = set()
    if not violation(Life(seed, plan=plan)):
        return plan, []
    for number in sorted(plan, reverse=True):
        fewer = {one: kind for one, kind in plan.items() if one != number}
        if violation(Life(seed, plan=fewer)):
            plan = fewer
    for turn in range(life.town.turns, 0, -1):
        if violation(Life(seed, plan=plan, idle=frozenset(idle | {turn}))):
            idle.add(turn)
    return plan, sorted(idle)


def kept() -> list[dict[str, object]]:
    """The seeds that once violated something, with what was wrong."""
    found: list[dict[str, object]] = json.loads(SEEDS.read_text(encoding="utf-8"))
    return found


def _pieces(first: int, until: float, most: int) -> Iterator[range]:
    """Seeds, as long as there is time."""
    begun = 0
    while time.monotonic() < until and begun < most:
        yield range(first + begun, first + begun + AT_ONCE)
        begun += AT_ONCE


def main() -> int:
    parser = argparse.ArgumentParser(description="Whole lives of cases on an AWS that fails on purpose.")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--seconds", type=float, default=60, help="how long (60)")
    parser.add_argument("--replay", type=int, help="live this one seed again, and show what goes wrong")
    wanted = parser.parse_args()
    prepare()
    if wanted.replay is not None:
        return _replay(wanted.replay)
    start = time.monotonic()
    seeds = histories = destroyed = faults = 0
    violated: list[tuple[int, str]] = []
    shown = start
    for tally in _spread_while(wanted.seed, start + wanted.seconds):
        seeds += tally.seeds
        histories += tally.histories
        destroyed += tally.destroyed
        faults += tally.faults
        violated += tally.violated
        for seed, found in tally.violated:
            print(f"seed {seed}: {found}\n    .venv/bin/python -m tests.simulation.soak --replay {seed}")
        if time.monotonic() - shown > 5:
            shown = time.monotonic()
            print(f"{shown - start:6.0f} s  {histories:,} histories, {faults:,} faults", file=sys.stderr)
    for seed, _ in sorted(violated)[:3]:
        plan, idle = smaller(seed)
        print(f"seed {seed}, made smaller: faults {plan}, turns left out {idle}")
    seconds = time.monotonic() - start
    print(
        f"{histories:,} histories ({destroyed:,} to the tombstone) of {seeds:,} worlds in {seconds:.0f} s "
        f"({histories / seconds:.0f} a second), {faults:,} faults injected, {len(violated)} violations, "
        f"seed {wanted.seed}"
    )
    return 1 if violated else 0


def _spread_while(first: int, until: float) -> Iterator[Tally]:
    """The pool takes pieces faster than it does them, so they are given out in rounds."""
    import multiprocessing
    import os

    prepare()
    with multiprocessing.get_context("fork").Pool(os.cpu_count() or 2) as pool:
        for pieces in _rounds(_pieces(first, until, sys.maxsize), 2 * (os.cpu_count() or 2)):
            yield from pool.imap_unordered(lived, pieces)


def _rounds(pieces: Iterator[range], count: int) -> Iterator[list[range]]:
    taken: list[range] = []
    for piece in pieces:
        taken.append(piece)
        if len(taken) == count:
            yield taken
            taken = []
    if taken:
        yield taken


def _replay(seed: int) -> int:
    life = Life(seed)
    found = violation(life)
    for fault in life.world.faults.injected:
        at = life.world.utc(fault.at - life.world.now)
        print(f"{at}  {fault.number:5} {fault.kind} at {fault.place}, {fault.function}")
    for act in life.town.acts:
        print(
            f"{life.world.utc(act.began - life.world.now)}  {act.ref} {act.person}: {act.action}: {act.status}"
        )
    print(found or "nothing is violated")
    return 1 if found else 0


__all__ = ["kept", "lived", "smaller", "spread", "violation"]

if __name__ == "__main__":
    sys.exit(main())
