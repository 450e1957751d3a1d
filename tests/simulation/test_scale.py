"""What grows with the number of cases: a small size of bench/scale.py."""

from __future__ import annotations

from dataclasses import replace

from bench.scale import destroyed, measured, wrong_with
from handlers.retention import AT_MOST
from tests.simulation.ground import prepare
from tests.simulation.stepfunctions import MOST_EVENTS


def test_what_people_and_sweeps_wait_for_does_not_grow() -> None:
    """With four times as many cases, open and kept, a page, an idle sweep, a form, what is due and the retention run's
    list cost the same, and a round through all cases costs each of them the same; more of one is noticed."""
    prepare()
    few, many = measured(60, due=20), measured(240, due=20)
    assert wrong_with(few, many, 4) == []
    for name, cost in many.items():
        more = {**many, name: replace(cost, read=cost.read * 4 + 10)}
        assert [name in sentence for sentence in wrong_with(few, more, 4)] == [True]


def test_a_retention_run_has_room_for_as_many_cases_as_it_takes() -> None:
    """Also where each task has to be tried a second time, the history of the execution is not full."""
    prepare()
    (_, few), (_, more) = destroyed(10), destroyed(20)
    each, twice = (more - few) // 10, 2 * 3
    assert few + (AT_MOST - 10) * (each + twice) < MOST_EVENTS
