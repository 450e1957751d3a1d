"""Machines that stop in the middle."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from local.emulator import SAVE_EVERY
from tests.e2e.conftest import StartStack
from tests.e2e.people import Town, get
from tests.e2e.test_lives import OUTCOME, Life

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.mark.parametrize("how", ["ended", "killed"])
def test_a_restart_in_the_middle_loses_nothing(start_stack: StartStack, how: str) -> None:
    """Mails, links, dates and what was decided outlive the stack, and the case goes on where it was."""
    stack = start_stack()
    life = Life(Town(stack), "leadership-east")
    life.begin()
    life.town.settle()
    office = [(link, forms) for _, link, forms in life.town.doors(life.ref) if "assign" in forms]
    life.act("assign", office[0][1]["assign"])
    life.town.settle()
    before = (stack.worklist(), [mail["id"] for mail in life.town.mails()])
    assert stack.eventually(lambda: stack.clock()["waits"]), "an alarm waits"

    if how == "ended":
        stack.restart()
    else:
        # What a killed process may lose is what it did since the last save.
        enough, done_at = timedelta(seconds=2 * SAVE_EVERY), stack.now()
        assert stack.eventually(lambda: stack.now() - done_at > enough)
        stack.kill()
        stack.start()

    assert before == (stack.worklist(), [mail["id"] for mail in life.town.mails()])
    assert get(office[0][0]).status == 200, "a link from before works"
    again = life.town.submit(life.organisation, life.answers, form="complaint", key="life-leadership-east")
    assert (201, life.ref) == (again.status, json.loads(again.text)["reference"])
    stack.advance(to="next")
    life.town.settle()
    assert stack.mail("programmes.manager@leadership-east.example", "is due"), "the reminder still comes"
    if how == "killed":
        while "respond" not in life.acts:
            action, form = life.next_act()
            assert form is not None
            life.act(action, form)
            life.town.settle()
        assert 1 == len(life.mails(OUTCOME)), "the case goes on"
