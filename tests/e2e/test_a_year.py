"""Nobody does anything for a year at any organisation, and then somebody does, on the local stack.

`make years` runs it: the clock stops at every date that passes, so that it takes some minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from adapters.procedures import load
from local.stack import LocalStack
from tests.e2e.people import Town, get
from tests.e2e.test_lives import BESIDE, ORGANISATIONS, Life

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3600)]

A_YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Life]]:
    """A complaint at each organisation, a year after which nobody has done anything."""
    stack = LocalStack(tmp_path_factory.mktemp("year"))
    stack.start()
    try:
        town = Town(stack)
        lives = {one: Life(town, one) for one in (*ORGANISATIONS, BESIDE)}
        for life in lives.values():
            life.begin()
        town.settle()
        began = stack.now()
        while stack.now() < began + A_YEAR:
            stack.advance(to="next")
            town.settle()
        yield lives
    finally:
        stack.stop()


@pytest.mark.parametrize("organisation", [*ORGANISATIONS, BESIDE])
def test_everybody_is_told_again_and_it_can_still_be_answered(
    lives: dict[str, Life], organisation: str
) -> None:
    """Whoever is over them hears of it every four weeks at least, the complainant too; no page promises what is past;
    somebody takes it up, and every stage is gone through."""
    life, rules = lives[organisation], load(organisation)
    over = {person.email for person in rules.holders(rules.escalates_to)}
    for address in over:
        told = [mail for mail in life.town.mails(address) if life.ref in mail["subject"]]
        assert len(told) >= 12, address
    apologies = [mail for mail in life.town.mails(life.complainant) if "missed" in mail["subject"]]
    assert len(apologies) >= 10
    own = next(link for address, link, _ in life.town.doors(life.ref) if address == life.complainant)
    page = get(own).text
    assert "We missed a date" in page
    assert "We will send you the outcome" not in page
    life.climb()
    assert "respond" in life.acts


def test_and_in_the_end_it_is_destroyed(lives: dict[str, Life]) -> None:
    """Silence ends the last stage, five years pass, and nothing is left of any of them."""
    town = next(iter(lives.values())).town
    while town.is_due("wake") or town.is_due("delete"):
        town.stack.try_to_advance(to="next")
        town.settle()
    assert town.stack.worklist() == []
    for life in lives.values():
        assert [
            mail for mail in town.mails() if life.ref in mail["subject"] and "certificate" in mail["subject"]
        ]
