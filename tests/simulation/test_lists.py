"""Lists of what waits for whom, while things go wrong with the stream, the sweep and the directory."""

from __future__ import annotations

from adapters.procedures import served
from tests.simulation.faults import NoFaults
from tests.simulation.lives import Life, MainPath


def test_a_case_is_listed_for_whom_it_waits_all_its_life() -> None:
    """Through every stage, with a reviewer who leaves and another who comes; nothing is left of it in the end."""
    for organisation in served({}):
        course = MainPath(
            NoFaults(), organisation=organisation, climbs=True, with_newcomer=True, keeps_lists=True
        )
        watch = course.live()
        assert not watch.violations
        assert course.world.metered["invocations FiguresFunction"] > 5
        assert all(account.destroyed for account in watch.accounts.values())
        assert not [shard for shard, found in course.world.table.indexes["worklist"].entries.items() if found]


def test_whatever_goes_wrong_the_lists_hold_at_rest() -> None:
    """Random lives: records come twice, late or in another order, functions are killed and throttled, people come into
    the directory, leave it and go away."""
    for seed in range(900, 912):
        life = Life(seed, keeps_lists=True)
        watch = life.live(until_violated=True)
        assert not watch.violations, (seed, watch.violations[:3])
