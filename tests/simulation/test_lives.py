"""Whole lives of several cases of all procedures, with people acting and things going wrong at random."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from itertools import count
from random import Random

import pytest

from tests.simulation.deployment import ROOT
from tests.simulation.faults import NoFaults, Planned
from tests.simulation.installation import installed
from tests.simulation.lives import Life, MainPath, named
from tests.simulation.mutants import MUTANTS, applied
from tests.simulation.people import Town, submission
from tests.simulation.soak import INTERRUPTED, Tally, kept, lived, violation
from tests.simulation.times import MINUTE
from tests.simulation.trees import grown, history
from tests.simulation.world import World

HISTORIES = int(os.environ.get("HISTORIES", "600"))
"""How many whole lives `make test` has lived."""
FIRST_SEED = 1_000_000
PARTS = 10
"""For as many processes as there are."""


@pytest.mark.parametrize("kept_seed", kept(), ids=lambda one: one["life"])
def test_a_life_that_found_a_mistake_finds_it_again_and_nothing_else(kept_seed: dict[str, str]) -> None:
    """The mistake was put right. Where lives are drawn otherwise, another one has to be kept that finds it."""
    assert not violation(named(kept_seed["life"]))
    (mistake,) = (one for one in MUTANTS if one.name == kept_seed["mistake"])
    with applied(mistake):
        assert violation(named(kept_seed["life"]))


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_random_life_violates_anything(part: int) -> None:
    """As many histories as the environment's HISTORIES says, from seeds that are the same each time."""
    tallies: list[Tally] = []
    histories = 0
    for seed in count(FIRST_SEED + part, PARTS):
        if histories >= HISTORIES / PARTS:
            break
        tallies.append(lived(seed))
        histories += tallies[-1].histories
    assert not [one for tally in tallies for one in tally.violated][:5]
    assert sum(tally.faults for tally in tallies) > histories / 2
    assert sum(tally.destroyed for tally in tallies) > histories / 2


def test_a_life_that_branches_off_is_what_it_is_when_it_is_lived_alone() -> None:
    """A copy of a world goes on as the world itself: lives that were lived from a copy, by their names from their
    beginning."""
    lives = [life for seed in (2, 5) for life in grown(seed, depth=4)]
    assert len({history(life) for life in lives}) > len(lives) / 2
    for life in lives[1::3]:
        alone = named(life.name)
        alone.live()
        assert history(alone) == history(life), life.name


def test_a_seed_lives_the_same_life_again() -> None:
    """The same mails, acts and faults, in this process and in another one whose sets have another order."""
    script = (
        "import sys, json; from tests.simulation.ground import prepare; prepare();"
        "from tests.simulation.lives import Life; life = Life(3); life.live();"
        "print(json.dumps([len(life.world.mails), [m.subject for m in life.world.mails],"
        "[(a.action, a.status) for a in life.town.acts], life.world.faults.points]))"
    )
    ran = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for hash_seed in ("1", "2")
    ]
    found = [json.loads(one.communicate(timeout=120)[0]) for one in ran]
    assert found[0] == found[1]
    assert found[0][0] > 5


def test_what_a_seed_drew_is_replayed_by_its_plan() -> None:
    """The faults by the numbers of their points make the same history, which is how it can be made smaller."""
    drawn = Life(12)
    drawn.live()
    plan = {one.number: one.kind for one in drawn.world.faults.injected}
    assert plan
    planned = Life(12, plan=plan)
    planned.live()
    assert [mail.subject for mail in drawn.world.mails] == [mail.subject for mail in planned.world.mails]
    assert plan == {one.number: one.kind for one in planned.world.faults.injected}


def test_a_life_that_breaks_off_is_told_and_ends_no_soak(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of the simulation itself stops the one life, with its name and the place."""

    def breaks(_: Life) -> str:
        raise KeyError("somewhere")

    monkeypatch.setattr(Life, "_years", breaks)
    tally = lived(5)
    assert len(tally.violated) == tally.lives
    name, found = tally.violated[0]
    assert name == "5"
    assert found.startswith("the simulation itself goes on: ")
    assert "KeyError: 'somewhere'" in found


def test_a_soak_that_is_interrupted_says_what_came_of_it() -> None:
    """Ctrl-C goes to all its processes, as in a terminal."""
    # A shell has what it runs in the background ignore it, and so would what is begun here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    soak = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.simulation.soak", "--seed", "7"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert soak.stderr is not None
    assert " histories, " in soak.stderr.readline()
    os.killpg(soak.pid, signal.SIGINT)
    said, errors = soak.communicate(timeout=120)
    assert soak.returncode == INTERRUPTED
    assert " violations, seed 7" in said
    assert "Traceback" not in errors


def test_a_person_gets_a_page_also_where_the_table_does_not_answer() -> None:
    """A timeout has no response to look into; the page says that something went wrong here."""
    world = World(1, start=datetime(2026, 11, 2, 10, tzinfo=UTC))
    town = Town(world, Random(1))
    with installed(world):
        town.submit(submission("leadership-east", Random(1), today=world.utc().date(), number=1))
        world.run(world.now + MINUTE)
        (secret, *_) = next(iter(town.links.values()))
        points = world.faults.points
        # The invocation is the next point, and its first call the one after.
        world.faults = Planned({points + 2: "timed-out"})
        world.faults.points = points
        answer = town.look(secret)
    assert answer["statusCode"] == 500
    assert "<h1" in answer["body"]


def test_calls_for_each_act_are_few() -> None:
    """Sending a form in reads who works here today and is one transaction; a click is one read and one transaction; a
    stale alarm reads once and writes nothing. Whoever writes what somebody said reads the secret, once a start."""
    course = MainPath(NoFaults())
    course.live()
    by_function: dict[str, list[list[str]]] = {}
    for name, found in course.world.calls:
        calls = [call.partition(".")[2] for call in found]
        if name in ("FormsFunction", "ApiFunction", "LinksFunction"):
            assert calls.count("get_parameter") <= 1
            calls = [call for call in calls if call != "get_parameter"]
        by_function.setdefault(name, []).append(calls)
    sent_in = by_function.get("FormsFunction", []) + by_function.get("ApiFunction", [])
    assert [["get_item", "transact_write_items"]] == sent_in
    for calls in by_function["LinksFunction"]:
        assert calls == ["batch_get_item", "transact_write_items"]
    stale = [calls for calls in by_function["AlarmFunction"] if "transact_write_items" not in calls]
    assert stale
    assert all(calls == ["get_item"] for calls in stale)
