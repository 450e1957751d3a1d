"""What grows with the number of cases: a small size of bench/scale.py."""

from __future__ import annotations

from dataclasses import replace

from bench.scale import measured, wrong_with
from tests.simulation.ground import prepare


def test_what_people_and_sweeps_wait_for_does_not_grow() -> None:
    """With four times as many cases, open and kept, a page, an idle sweep, a form, what is due and the retention run's
    list cost the same, and a round through all cases costs each of them the same; more of one is noticed."""
    prepare()
    few, many = measured(60, due=20), measured(240, due=20)
    assert wrong_with(few, many, 4) == []
    for name, cost in many.items():
        more = {**many, name: replace(cost, read=cost.read * 4 + 10)}
        assert [name in sentence for sentence in wrong_with(few, more, 4)] == [True]
