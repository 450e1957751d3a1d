"""Whoever runs `dueprocess replay`: the dead-letter queues, and the clients that the command has.

The command's own code runs on them. What it may do is what docs/repair.md says that its credentials need.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cli.given_up import Deployment
from tests.simulation import deployment
from tests.simulation.deployment import ARN, TABLE, Async, Function, Permission
from tests.simulation.dynamodb import EXCEPTIONS
from tests.simulation.expressions import NotSimulated
from tests.simulation.times import DAY

if TYPE_CHECKING:
    from tests.simulation.world import World

REDRIVABLE_FOR = 14 * DAY
RESOURCES: Mapping[str, str] = {
    "CasesTable": TABLE,
    "AlarmMachine": f"{ARN}AlarmMachine",
    "RetentionMachine": f"{ARN}RetentionMachine",
    "SweepFunction": "SweepFunction",
    "MailEventsFunction": "MailEventsFunction",
    "UndeliveredEffectsQueue": "UndeliveredEffectsQueue",
    "FailedInvocationsQueue": "FailedInvocationsQueue",
    "MissedSchedulesQueue": "MissedSchedulesQueue",
    "UndeliveredMailEventsQueue": "UndeliveredMailEventsQueue",
}

OPERATOR = Function(
    name="replay",
    module="cli.replay",
    timeout=3600.0,
    memory=0.0,
    environment={},
    permissions=(
        Permission(
            frozenset(["dynamodb:GetItem", "dynamodb:UpdateItem"]), "CasesTable", ("CASE#*", "STAFF#*")
        ),
        Permission(frozenset(["dynamodb:Query"]), "CasesTable/index/due", ()),
        Permission(frozenset(["states:StartExecution"]), "RetentionMachine", ()),
    ),
    invoked=Async(retries=0, age=0.0, queue=""),
    stream=None,
)
"""The command, as if it were a function: somebody's own process, in which calls fail as in any."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a dead-letter queue. `seen` is how often it was received: each time it has another receipt."""

    queue: str
    id: str
    body: str
    attributes: Mapping[str, str]
    sent_at: float
    hidden_until: float = 0.0
    seen: int = field(default=0)

    @property
    def receipt(self) -> str:
        return f"{self.id}.{self.seen}"


def of_invocation(function: str, event: Any, at: datetime) -> dict[str, Any]:
    """What Lambda tells of an asynchronous invocation that failed for good."""
    arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{function}:$LATEST"
    return {
        "version": "1.0",
        "timestamp": at.isoformat(),
        "requestContext": {"functionArn": arn, "condition": "RetriesExhausted"},
        "requestPayload": event,
    }


def of_batch(function: str, record: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What Lambda tells of records of a stream that it has given up: which, and nothing of what they hold."""
    number = record["dynamodb"]["SequenceNumber"]
    arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{function}"
    return {
        "version": "1.0",
        "timestamp": at.isoformat(),
        "requestContext": {"functionArn": arn, "condition": "RetryAttemptsExhausted"},
        "DDBStreamBatchInfo": {
            "startSequenceNumber": number,
            "endSequenceNumber": number,
            "approximateArrivalOfFirstRecord": at.isoformat(),
            "batchSize": 1,
        },
    }


def deployment_of(world: World) -> Deployment:
    """What the command knows of a simulated deployment."""
    return Deployment(
        resources=RESOURCES,
        dynamodb=world.clients["dynamodb"],
        functions=Functions(world),
        queues=Queues(world),
        machines=Machines(world),
    )


class _Client:
    def __init__(self, world: World) -> None:
        self.world = world
        self.exceptions = EXCEPTIONS

    def __getattr__(self, name: str) -> Any:
        raise NotSimulated(f"{type(self).__name__}.{name} of whoever repairs")


class Functions(_Client):
    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        def apply() -> dict[str, Any]:
            outcome = self.world.invoke(FunctionName, json.loads(Payload))
            if outcome.error:
                failed = json.dumps({"errorType": outcome.error}).encode()
                return {"FunctionError": "Unhandled", "Payload": io.BytesIO(failed)}
            return {"Payload": io.BytesIO(json.dumps(outcome.answer).encode())}

        answer: dict[str, Any] = self.world.call("lambda.invoke", apply, throttled="TooManyRequestsException")
        return answer


class Queues(_Client):
    def receive_message(
        self,
        *,
        QueueUrl: str,
        MaxNumberOfMessages: int,
        VisibilityTimeout: int,
        WaitTimeSeconds: int,
        MessageAttributeNames: list[str],
    ) -> dict[str, Any]:
        def apply() -> dict[str, Any]:
            world = self.world
            kept = tuple(
                one
                for one in world.dead_letters
                if one.sent_at + deployment.kept_for()[one.queue] > world.now
            )
            able = [one for one in kept if one.queue == QueueUrl and one.hidden_until <= world.now]
            taken = {
                one.id: replace(one, hidden_until=world.now + VisibilityTimeout, seen=one.seen + 1)
                for one in able[:MaxNumberOfMessages]
            }
            world.dead_letters = tuple(taken.get(one.id, one) for one in kept)
            return {"Messages": [_received(one) for one in taken.values()]} if taken else {}

        answer: dict[str, Any] = self.world.call("sqs.receive_message", apply, throttled="RequestThrottled")
        return answer

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:
        def apply() -> None:
            self.world.dead_letters = tuple(
                one
                for one in self.world.dead_letters
                if (one.queue, one.receipt) != (QueueUrl, ReceiptHandle)
            )

        self.world.call("sqs.delete_message", apply, throttled="RequestThrottled")

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:
        def apply() -> None:
            self.world.dead_letters = tuple(
                replace(one, hidden_until=self.world.now + VisibilityTimeout)
                if (one.queue, one.receipt) == (QueueUrl, ReceiptHandle)
                else one
                for one in self.world.dead_letters
            )

        self.world.call("sqs.change_message_visibility", apply, throttled="RequestThrottled")


class Machines(_Client):
    def get_paginator(self, operation: str) -> Any:
        if operation != "list_executions":
            raise NotSimulated(f"a paginator of {operation}")
        return _Pages(self)

    def list_executions(self, *, stateMachineArn: str, maxResults: int = 1000, statusFilter: str = "") -> Any:
        """The newest first."""

        def apply() -> dict[str, Any]:
            machine = stateMachineArn.rpartition(":")[2]
            found = [
                one
                for one in reversed(self.world.executions.values())
                if one.machine == machine and statusFilter in ("", one.status)
            ]
            found.sort(key=lambda one: -one.started)
            listed = [
                {"executionArn": f"{stateMachineArn}:{one.name}", "name": one.name, "status": one.status}
                for one in found[:maxResults]
            ]
            return {"executions": listed}

        return self.world.call("states.list_executions", apply, throttled="ThrottlingException")

    def describe_execution(self, *, executionArn: str) -> Any:
        def apply() -> dict[str, Any]:
            return {
                "redriveStatus": "REDRIVABLE" if self._can_be_redriven(executionArn) else "NOT_REDRIVABLE"
            }

        return self.world.call("states.describe_execution", apply, throttled="ThrottlingException")

    def redrive_execution(self, *, executionArn: str) -> None:
        def apply() -> None:
            if not self._can_be_redriven(executionArn):
                raise EXCEPTIONS.error("ExecutionNotRedrivable", "It is not redrivable", "RedriveExecution")
            machine, name = executionArn.split(":")[-2:]
            self.world.redrive(machine, name)

        self.world.call("states.redrive_execution", apply, throttled="ThrottlingException")

    def start_execution(self, *, stateMachineArn: str) -> None:
        def apply() -> None:
            world = self.world
            world.start_execution(stateMachineArn.rpartition(":")[2], f"by-hand-{world.now:.3f}", "{}")

        self.world.call("states.start_execution", apply, throttled="ThrottlingException")

    def _can_be_redriven(self, arn: str) -> bool:
        machine, name = arn.split(":")[-2:]
        found = self.world.executions[machine, name]
        return found.status in ("FAILED", "TIMED_OUT") and self.world.now - found.ended < REDRIVABLE_FOR


class _Pages:
    def __init__(self, machines: Machines) -> None:
        self._machines = machines

    def paginate(self, **asked: Any) -> Iterator[Any]:
        yield self._machines.list_executions(**asked)


@lru_cache(maxsize=256)
def _attributes(given: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return {name: {"DataType": "String", "StringValue": value} for name, value in given}


def _received(one: Message) -> dict[str, Any]:
    return {
        "MessageId": one.id,
        "ReceiptHandle": one.receipt,
        "Body": one.body,
        "MessageAttributes": _attributes(tuple(one.attributes.items())),
    }
