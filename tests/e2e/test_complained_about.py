"""A complaint about each role at each organisation, of which nobody who has that role hears. `make years` lives it;
tests/integration/test_nothing_reaches_them.py holds the same without a stack, for each role of each procedure."""

from __future__ import annotations

from uuid import uuid4

import pytest

from adapters.procedures import load
from local.stack import LocalStack
from tests.e2e.people import Town
from tests.e2e.test_lives import BESIDE, ORGANISATIONS, Life

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def named(stack: LocalStack) -> dict[tuple[str, str], str]:
    """For each role that somebody has at each organisation, a complaint about it; nobody acts for five days."""
    town, cases = Town(stack), {}
    for organisation in (*ORGANISATIONS, BESIDE):
        for role in load(organisation).roles_held:
            life = Life(town, organisation, key=str(uuid4()))
            life.begin(complained_about=[role.id])
            cases[organisation, role.id] = life.ref
    town.settle()
    town.stack.advance(by="5 days")
    town.settle()
    return cases


@pytest.mark.parametrize("organisation", [*ORGANISATIONS, BESIDE])
def test_whoever_is_complained_about_hears_nothing(
    stack: LocalStack, named: dict[tuple[str, str], str], organisation: str
) -> None:
    """Those who have the role get no mail about the case, whatever date passes, and somebody else does."""
    rules, town = load(organisation), Town(stack)
    staff = {person.email for person in rules.people}
    for role in rules.roles_held:
        holders = {person.email for person in rules.holders(role.id)}
        ref = named[organisation, role.id]
        mails = [mail for mail in town.mails() if ref in mail["subject"] + mail["text"]]
        heard = {address for mail in mails for address in mail["to"]}
        assert not heard & holders, role
        assert heard & staff, role
