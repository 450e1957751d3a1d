"""What 1,000 complaints cost over their whole lives stays within what docs/decisions/0017 says."""

from __future__ import annotations

import pytest

from adapters.procedures import served
from tests.simulation.bill import CEILINGS, LIVES, Life, bill, budget, by_budget, least, lived, mean, standing


@pytest.mark.parametrize("life", LIVES)
def test_a_thousand_complaints_cost_no_more_than_is_promised(life: Life) -> None:
    """The mean over the organisations, at the list prices of bench/prices.toml."""
    dollars = 1000 * sum(mean([bill(lived(organisation, life)) for organisation in served({})]).values())
    assert CEILINGS[life] / 2 < dollars <= CEILINGS[life]


def test_the_lines_of_the_budget_hold_the_whole_bill() -> None:
    """Nothing is left out of the comparison, and the budget is the one that was reckoned."""
    one = bill(lived("leadership-east", "in time"))
    assert pytest.approx(sum(one.values())) == sum(by_budget(one).values())
    assert pytest.approx(1.33) == 1000 * sum(budget().values())


def test_the_budget_is_below_what_the_procedures_ask_for() -> None:
    """Were it not, there would be something left to save: docs/decisions/0017 says what it would have to be."""
    worlds = [lived(organisation, "in time") for organisation in served({})]
    assert sum(budget().values()) < least(worlds) < sum(mean([bill(world) for world in worlds]).values())


def test_what_runs_without_a_case_costs_less_than_ten_cents_a_month() -> None:
    """A sweep every five minutes and a retention run a day, before the free allowance."""
    assert 0 < sum(standing(years=1 / 12).values()) < 0.10
