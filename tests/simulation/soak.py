"""Live whole lives until the time is up, and say what came of it.

    python -m tests.simulation.soak [--seed N] [--seconds N] [--histories N] [--pairs] [--replay NAME]

`make soak` calls it. A seed is one world with one to three cases, and the lives that branch off its own (see
trees.py); a life is a history where nothing else that was lived is like it. Before them come all faults on the main
path and all pairs of them, where they are asked for or where there is time for them. Exit code 1 where anything was
violated: then the first lives that did are made smaller, and the command that replays each is printed. Ctrl-C ends it
early: it says what came of it so far.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.simulation.faults import Kind
from tests.simulation.ground import prepare, spread
from tests.simulation.lives import Life, named
from tests.simulation.trees import enumerated, grown, history, in_pairs, violating

SEEDS = Path(__file__).parent / "seeds.json"
INTERRUPTED = 130
"""The exit code of what was ended by Ctrl-C."""
EVERY = 5
"""Seconds from one line to the next that says how far it has come."""
LONG = 3600
"""Who has as many seconds gets the faults on the main path and their pairs too."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a seed: how many lives, how many of them were unlike any other, how many of these ended with every
    case destroyed, how often something went wrong (counted once where lives share it), and what was violated in the
    life of which name."""

    lives: int
    histories: int
    destroyed: int
    faults: int
    violated: tuple[tuple[str, str], ...]


def lived(seed: int) -> Tally:
    """The lives of a seed."""
    lives = destroyed = faults = 0
    violated = []
    seen = set()
    for life in grown(seed):
        lives += 1
        faults += len(life.world.faults.injected) - life.inherited
        if (known := history(life)) not in seen:
            seen.add(known)
            destroyed += all(account.destroyed for account in life.watch.accounts.values())
        if life.watch.violations:
            violated.append((life.name, str(life.watch.violations[0])))
    return Tally(lives, len(seen), destroyed, faults, tuple(violated))


def violation(life: Life) -> str:
    """What a life violates first; empty: nothing."""
    watch = life.live()
    return str(watch.violations[0]) if watch.violations else ""


def smaller(name: str) -> tuple[dict[int, Kind], list[int]]:
    """The faults of a life, and the turns of people that are left out, as few faults and as many turns as still violate
    something."""
    life = named(name)
    violation(life)
    plan: dict[int, Kind] = {one.number: one.kind for one in life.world.faults.injected}
    idle: set[int] = set()
    if not violation(named(name, plan=plan)):
        return plan, []
    for number in sorted(plan, reverse=True):
        fewer = {one: kind for one, kind in plan.items() if one != number}
        if violation(named(name, plan=fewer)):
            plan = fewer
    for turn in range(life.town.turns, 0, -1):
        if violation(named(name, plan=plan, idle=frozenset(idle | {turn}))):
            idle.add(turn)
    return plan, sorted(idle)


def kept() -> list[dict[str, str]]:
    """The lives that once violated something, by their names, with the mistake (of `mutants`) that they found."""
    found: list[dict[str, str]] = json.loads(SEEDS.read_text(encoding="utf-8"))
    return found


def soaked(first: int, *, seconds: float = float("inf"), histories: float = float("inf")) -> Iterator[Tally]:
    """Lives from the seed `first` on, on all cores, until the time is up or as many histories were lived."""
    prepare()
    gc.collect()
    gc.freeze()
    cores = os.cpu_count() or 2
    until, lived_so_far = time.monotonic() + seconds, 0
    seeds = count(first)
    with ProcessPoolExecutor(
        cores,
        multiprocessing.get_context("fork"),
        # Ctrl-C is for this process, which lets the others finish what they have begun.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        under_way = {pool.submit(lived, next(seeds)) for _ in range(cores + 1)}
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for one in done:
                tally = one.result()
                lived_so_far += tally.histories
                yield tally
                if time.monotonic() < until and lived_so_far < histories:
                    under_way.add(pool.submit(lived, next(seeds)))


def main() -> int:
    parser = argparse.ArgumentParser(description="Whole lives of cases on an AWS that fails on purpose.")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (0)")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="how long; for ever where nothing is said"
    )
    parser.add_argument("--histories", type=float, default=float("inf"), help="how many, and then no more")
    parser.add_argument(
        "--pairs", action="store_true", help="all faults on the main path first, and all pairs"
    )
    parser.add_argument("--replay", help="live this one life again, and show what goes wrong")
    wanted = parser.parse_args()
    if wanted.replay is not None:
        prepare()
        return _replay(wanted.replay)
    try:
        has_pairs = wanted.pairs or LONG <= wanted.seconds < float("inf")
        violations = _try_singles() + _try_pairs() if has_pairs else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return _live(wanted.seed, seconds=wanted.seconds, histories=wanted.histories) or min(violations, 1)


def _try_singles() -> int:
    """All faults on the main path, one by one; how many violated something."""
    start = time.monotonic()
    prepare()
    faults = enumerated().those()
    found = violating(faults)
    for plan, rules in found:
        print(f"main path with {plan}: {rules[0]}")
    print(
        f"{len(faults):,} faults on the main path in {time.monotonic() - start:.0f} s, {len(found)} violations"
    )
    return len(found)


def _try_pairs() -> int:
    """All pairs of faults on the main path; how many violated something."""
    start = shown = time.monotonic()
    tried = violations = 0
    # Before there are other processes, which have the path then.
    prepare()
    firsts = enumerated().firsts()
    for number, found in enumerate(spread(in_pairs, firsts), start=1):
        tried += len(found)
        for plan, rules in found:
            if rules:
                violations += 1
                print(f"main path with {plan}: {rules[0]}")
        if time.monotonic() - shown > EVERY:
            shown = time.monotonic()
            print(
                f"{shown - start:6.0f} s  {number} of {len(firsts)} faults, with others after them",
                file=sys.stderr,
            )
    seconds = time.monotonic() - start
    print(f"{tried:,} pairs of faults on the main path in {seconds:.0f} s, {violations} violations")
    return violations


def _live(seed: int, *, seconds: float, histories: float) -> int:
    """Lives from a seed on, as they are counted; the exit code."""
    start = time.monotonic()
    shown = start - EVERY
    seeds = lives = different = destroyed = faults = 0
    violated: list[tuple[str, str]] = []
    interrupted = False
    try:
        for tally in soaked(seed, seconds=seconds, histories=histories):
            seeds += 1
            lives += tally.lives
            different += tally.histories
            destroyed += tally.destroyed
            faults += tally.faults
            violated += tally.violated
            for name, found in tally.violated:
                print(f"{name}: {found}\n    .venv/bin/python -m tests.simulation.soak --replay {name}")
            if time.monotonic() - shown > EVERY:
                shown = time.monotonic()
                print(f"{shown - start:6.0f} s  {different:,} histories, {faults:,} faults", file=sys.stderr)
    except KeyboardInterrupt:
        interrupted = True
    for name, _ in sorted(violated, key=lambda one: len(one[0]))[:3]:
        plan, idle = smaller(name)
        print(f"{name}, made smaller: faults {plan}, turns left out {idle}")
    seconds = time.monotonic() - start
    print(
        f"{different:,} histories ({destroyed:,} to the last tombstone) of {seeds:,} worlds in {seconds:.0f} s "
        f"({different / seconds:.0f} a second), {lives - different:,} more like one of them, "
        f"{faults:,} faults injected, {len(violated)} violations, seed {seed}"
    )
    if violated:
        return 1
    return INTERRUPTED if interrupted else 0


def _replay(name: str) -> int:
    life = named(name)
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


__all__ = ["kept", "lived", "smaller", "soaked", "violation"]

if __name__ == "__main__":
    sys.exit(main())
