"""The two state machines, run by moto's interpreter of the Amazon States Language.

Their tasks are answered in this process by small functions that stand for the Lambda functions: they keep to the
shapes of `handlers.alarm` and `handlers.retention`, and fail when a test says so. All waits lie in the past, and
what is tried again is tried again at once: when a `Wait` or a `Retry` ends is the interpreter's to know.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import boto3
import botocore.session
import pytest
import yaml
from botocore.awsrequest import AWSResponse
from moto import mock_aws

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
HANDLERS = ROOT / "src/handlers"
FUNCTION = "arn:aws:lambda:eu-west-2:123456789012:function:stands-in"
ROLE = "arn:aws:iam::123456789012:role/machine"
PAST = "2026-03-05T00:00:00Z"

Task = Callable[[dict[str, Any]], Any]


@dataclass
class Interpreter:
    """Runs definitions, and gives what their tasks are called with to `task`."""

    task: Task = field(default=lambda event: {})
    calls: list[dict[str, Any]] = field(default_factory=list)

    def run(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """Run `<name>.asl.yaml` to its end; the description of the execution, `output` read."""
        states = boto3.client("stepfunctions", region_name="eu-west-2")
        machine = states.create_state_machine(
            name=name, definition=json.dumps(definition(name)), roleArn=ROLE
        )
        execution = states.start_execution(
            stateMachineArn=machine["stateMachineArn"], name="run", input=json.dumps(given)
        )
        # The interpreter works in threads of its own and offers nothing to wait for.
        pause, give_up = threading.Event(), time.monotonic() + 30
        while True:
            ended: dict[str, Any] = states.describe_execution(executionArn=execution["executionArn"])
            if ended["status"] != "RUNNING" or time.monotonic() > give_up:
                break
            pause.wait(0.01)
        return {**ended, "output": json.loads(ended.get("output", "null"))}

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        """Answer a call of Lambda's Invoke as Lambda does, failures in the payload too."""
        assert unquote(request.url).endswith(f"/functions/{FUNCTION}/invocations")
        event = json.loads(request.body)
        self.calls.append(event)
        headers = {}
        try:
            payload = self.task(event)
        except RuntimeError as error:
            headers["X-Amz-Function-Error"] = "Unhandled"
            payload = {"errorType": "RuntimeError", "errorMessage": str(error)}
        return AWSResponse(request.url, 200, headers, Raw(json.dumps(payload).encode()))


class Raw(BytesIO):
    """A body as urllib3 hands it to botocore."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def definition(name: str) -> Any:
    """The definition as it is deployed, but for retries, which come at once and only once."""
    text = (HANDLERS / f"{name}.asl.yaml").read_text(encoding="utf-8")
    substitutions = {"alarm": "${AlarmFunctionArn}", "retention": "${RetentionFunctionArn}"}
    states = yaml.safe_load(text.replace(substitutions[name], FUNCTION))

    def hurry(node: Any) -> None:
        if isinstance(node, dict):
            for retrier in node.get("Retry", ()):
                retrier |= {"IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 1, "MaxDelaySeconds": 2}
            for value in node.values():
                hurry(value)
        elif isinstance(node, list):
            for value in node:
                hurry(value)

    hurry(states)
    return states


@pytest.fixture
def interpreter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Interpreter]:
    # moto compares a Wait's timestamp with local time.
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    interpreter = Interpreter()
    session = botocore.session.Session()
    # moto's interpreter calls Lambda through boto3's default session, and moto's own Lambda needs containers.
    session.register("before-send.lambda.Invoke", interpreter.answer)
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session(botocore_session=session))
        yield interpreter
    monkeypatch.undo()
    time.tzset()


def retention(
    *refs: str, stopped: tuple[str, ...] = (), failing: tuple[tuple[str, str], ...] = (), times: int = 99
) -> Task:
    """Stands for `handlers.retention` with these due cases: `stopped` are not to be announced; `failing` are pairs
    of a task and a reference that fail as many `times`."""
    failed: dict[tuple[str, str], int] = {}

    def task(event: dict[str, Any]) -> dict[str, Any]:
        if event["task"] == "find":
            return {"cases": [{"ref": ref} for ref in refs]}
        ref = event["ref"]
        this = (event["task"], ref)
        if this in failing and failed.get(this, 0) < times:
            failed[this] = failed.get(this, 0) + 1
            raise RuntimeError("no luck")
        if event["task"] == "announce":
            proceed = ref not in stopped
            return {"ref": ref, "proceed": proceed, "wait_until": PAST if proceed else ""}
        return {"ref": ref, "destroyed": True}

    return task


def calls_of(interpreter: Interpreter, task: str) -> list[str]:
    return sorted(call["ref"] for call in interpreter.calls if call["task"] == task)


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"events/{name}.json").read_text(encoding="utf-8"))
    return found


def test_an_alarm_wakes_its_case_once_when_its_time_has_come(interpreter: Interpreter) -> None:
    """An alarm gives the function exactly what it was started with, and ends."""
    given = event("alarm-wake")
    ended = interpreter.run("alarm", given)
    assert ended["status"] == "SUCCEEDED"
    assert interpreter.calls == [given]


def test_an_alarm_holds_nothing_but_what_it_was_started_with(interpreter: Interpreter) -> None:
    """What the function answers does not stay in the execution's history as its output."""
    interpreter.task = lambda event: {"anything": "else"}
    given = event("alarm-wake")
    assert interpreter.run("alarm", given)["output"] == given


def test_an_alarm_whose_function_fails_tries_again(interpreter: Interpreter) -> None:
    """A failure that passes costs nothing but time."""
    luck = iter([RuntimeError("no luck"), None])

    def task(event: dict[str, Any]) -> dict[str, Any]:
        error = next(luck)
        if error is not None:
            raise error
        return {}

    interpreter.task = task
    assert interpreter.run("alarm", event("alarm-wake"))["status"] == "SUCCEEDED"
    assert len(interpreter.calls) == 2


def test_an_alarm_whose_function_goes_on_failing_is_seen(interpreter: Interpreter) -> None:
    """An alarm that could not wake its case ends as failed, which CloudWatch counts."""

    def task(event: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("no luck")

    interpreter.task = task
    assert interpreter.run("alarm", event("alarm-wake"))["status"] == "FAILED"


def test_every_due_case_is_announced_and_destroyed(interpreter: Interpreter) -> None:
    """A run takes all that is due, whatever day it became due."""
    refs = ["LE-AAAA-2222", "LE-BBBB-3333", "LE-CCCC-4444"]
    interpreter.task = retention(*refs)
    ended = interpreter.run("retention", event("retention-daily"))
    assert ended["status"] == "SUCCEEDED"
    assert calls_of(interpreter, "announce") == refs
    assert calls_of(interpreter, "destroy") == refs


def test_a_day_without_due_cases_ends_well(interpreter: Interpreter) -> None:
    """Most days have nothing to destroy."""
    interpreter.task = retention()
    ended = interpreter.run("retention", event("retention-daily"))
    assert ended["status"] == "SUCCEEDED"
    assert interpreter.calls == [{"task": "find"}]


def test_a_case_that_may_not_be_announced_is_left_alone(interpreter: Interpreter) -> None:
    """Where the guard refuses the announcement, nothing is destroyed, and that is no failure."""
    interpreter.task = retention("LE-AAAA-2222", "LE-BBBB-3333", stopped=("LE-AAAA-2222",))
    ended = interpreter.run("retention", event("retention-daily"))
    assert ended["status"] == "SUCCEEDED"
    assert calls_of(interpreter, "destroy") == ["LE-BBBB-3333"]


def test_a_case_that_is_held_at_the_last_moment_is_no_failure(interpreter: Interpreter) -> None:
    """What the guard refuses at the end of the notice was refused rightly."""
    announced = retention("LE-AAAA-2222")
    interpreter.task = lambda event: (
        {"ref": event["ref"], "destroyed": False} if event["task"] == "destroy" else announced(event)
    )
    assert interpreter.run("retention", event("retention-daily"))["status"] == "SUCCEEDED"


@pytest.mark.parametrize("task", ["announce", "destroy"])
def test_a_case_that_fails_stops_no_other_and_is_seen(interpreter: Interpreter, task: str) -> None:
    """The other cases are destroyed, and the execution ends as failed so that somebody is told."""
    refs = ["LE-AAAA-2222", "LE-BBBB-3333", "LE-CCCC-4444"]
    interpreter.task = retention(*refs, failing=((task, refs[1]),))
    ended = interpreter.run("retention", event("retention-daily"))
    assert (ended["status"], ended["error"]) == ("FAILED", "CasesLeft")
    destroyed = [refs[0], refs[2]] if task == "announce" else [refs[0], refs[1], refs[1], refs[2]]
    assert calls_of(interpreter, "destroy") == destroyed


@pytest.mark.parametrize("task", ["announce", "destroy"])
def test_a_case_that_fails_once_is_tried_again(interpreter: Interpreter, task: str) -> None:
    """A failure that passes leaves no trace."""
    interpreter.task = retention("LE-AAAA-2222", failing=((task, "LE-AAAA-2222"),), times=1)
    assert interpreter.run("retention", event("retention-daily"))["status"] == "SUCCEEDED"
    assert calls_of(interpreter, "destroy")[-1] == "LE-AAAA-2222"


def test_every_task_tries_again_with_growing_and_scattered_pauses() -> None:
    """Many alarms end at the same midnight: what is tried again has backoff, a limit and jitter."""

    def tasks(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if node.get("Type") == "Task":
                yield node
            for value in node.values():
                yield from tasks(value)

    found = [
        task
        for name in ("alarm", "retention")
        for task in tasks(yaml.safe_load((HANDLERS / f"{name}.asl.yaml").read_text(encoding="utf-8")))
    ]
    assert len(found) == 4
    for task in found:
        (retrier,) = task["Retry"]
        assert retrier["ErrorEquals"] == ["States.ALL"]
        assert retrier["BackoffRate"] > 1
        assert retrier["JitterStrategy"] == "FULL"
        assert retrier["MaxDelaySeconds"] <= 300
        assert task["TimeoutSeconds"] <= 150
