"""Time that passes by itself."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import StartStack
from tests.e2e.people import Town
from tests.e2e.test_lives import A_KEY, CANARY, Life, everything_stored

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def test_alarms_fire_by_themselves_on_a_fast_clock(start_stack: StartStack) -> None:
    """Nobody moves the clock: reminder, breach, silence, closure and destruction come from the waits of Step
    Functions alone, and the sweep finds nothing that they missed."""
    stack = start_stack(speed=100_000)
    life = Life(Town(stack), "ashton-on-mersey-scitt")
    life.begin()
    assert stack.eventually(lambda: stack.worklist()[0]["breached"], within=60), "no breach came by itself"
    life.town.settle()
    doors = [forms for _, _, forms in life.town.doors(life.ref)]
    for action in ("acknowledge", "assign"):
        able = [forms for forms in doors if action in forms]
        if able and not any("respond" in forms for forms in doors):
            life.act(action, able[0][action])
    life.town.settle()
    (respond,) = [forms["respond"] for _, _, forms in life.town.doors(life.ref) if "respond" in forms]
    life.act("respond", respond)
    assert stack.eventually(lambda: not stack.worklist(), within=90), "silence did not close the case"
    life.town.settle()
    subjects = [mail["subject"] for mail in life.town.mails(life.complainant)]
    assert stack.mail(life.complainant, "closed"), subjects
    assert A_KEY in everything_stored(stack)
    swept = re.findall(r'"MissedAlarms":\[([\d.]+)\]', stack.log("SweepFunction"))
    assert not any(float(woken) for woken in swept), "an alarm was missed"

    stack.restart(speed=24_000_000)
    assert stack.eventually(lambda: not stack.clock()["due"], within=120), stack.clock()
    stored = everything_stored(stack)
    assert A_KEY not in stored
    assert CANARY not in stored
    assert life.complainant not in stored
    statuses = {
        execution["name"]: execution["status"]
        for execution in stack.client("stepfunctions").list_executions(
            stateMachineArn=stack.resources()["RetentionMachine"]
        )["executions"]
    }
    assert "SUCCEEDED" in statuses.values(), statuses
