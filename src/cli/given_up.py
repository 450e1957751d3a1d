"""What a deployment has given up, and how each kind of it is put back to what failed.

Nothing here is lost by a second try: effects are harmless when repeated, a case that is woken looks afresh at what is
due, a bounce is recorded once. So whatever is in doubt is put back, and a message is deleted only after what it stands
for was done.

One sweep does what any number of messages about sweeps, schedules and the stream's batches ask for, because it looks
for all that is undelivered in the table, and for batches makes all lists again; the same holds for the daily retention
run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from adapters.cases.store import CaseStore
from adapters.cases.stored import Undelivered

QUEUES: Final[Mapping[str, str]] = {
    "UndeliveredEffectsQueue": "Batches of the stream that were not delivered or followed",
    "FailedInvocationsQueue": "Invocations that failed",
    "MissedSchedulesQueue": "Schedules that could not start anything",
    "UndeliveredMailEventsQueue": "Reports on emails that were not recorded",
}
"""The dead-letter queues by their ids in template.yaml, and what the messages of each are."""

WITHHELD_FOR: Final = 900
"""Seconds for which nobody else is shown a message that is being put back. A sweep takes up to 240."""

MOST: Final = 1000
"""Effects that are put back in one run; a second run puts back the next ones."""

MOST_SWEEPS: Final = 50
"""One sweep does 2,000 cases and 2,000 effects at most."""

REDRIVABLE: Final = ("FAILED", "TIMED_OUT")
"""What somebody stopped by hand (`ABORTED`) was meant to end."""

FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


class NotPutBack(Exception):
    """What was tried has failed again; `str()` says how. It stays where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A stack's resources, by their ids in template.yaml, and boto3's clients for them."""

    resources: Mapping[str, str]
    dynamodb: Any
    functions: Any
    queues: Any
    machines: Any

    @property
    def store(self) -> CaseStore:
        return CaseStore(client=self.dynamodb, table=self.resources["CasesTable"])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message of a dead-letter queue. `receipt` is what it is deleted by."""

    queue: str
    receipt: str
    body: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """All that waits to be put back. `alarms` are the ARNs of executions that can be redriven; `retention` is the name
    of the last retention run, if that failed."""

    effects: tuple[Undelivered, ...] = ()
    messages: tuple[DeadLetter, ...] = ()
    alarms: tuple[str, ...] = ()
    retention: str = ""

    def __bool__(self) -> bool:
        return bool(self.effects or self.messages or self.alarms or self.retention)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One thing to do: `what` says it in words, `do` does it (NotPutBack: it fails), `messages` are deleted
    afterwards."""

    what: str
    do: Callable[[], None]
    messages: tuple[DeadLetter, ...] = field(default=())


def find(deployment: Deployment) -> GivenUp:
    """Return everything that was given up. The messages are withheld from others until `release`, or for a quarter of
    an hour."""
    return GivenUp(
        effects=tuple(_effects(deployment.store)),
        messages=tuple(message for queue in QUEUES for message in _messages(queue, deployment)),
        alarms=tuple(_failed_alarms(deployment)),
        retention=_failed_retention(deployment),
    )


def steps(given_up: GivenUp, deployment: Deployment) -> Iterator[Repair]:
    """Yield what puts it all back, in this order: what the sweep has to find comes before the sweep."""
    for effect in given_up.effects:
        yield Repair(
            what=f"{effect.ref} {effect.id}: back into the outbox",
            do=lambda effect=effect: deployment.store.take_up(effect),  # type: ignore[misc]
        )
    for arn in given_up.alarms:
        yield Repair(
            what=f"{arn.rpartition(':')[2]}: redriven",
            do=lambda arn=arn: _redrive(arn, deployment),  # type: ignore[misc]
        )
    for_sweep: list[DeadLetter] = []
    for_retention: list[DeadLetter] = []
    for message in given_up.messages:
        match message.queue:
            case "UndeliveredMailEventsQueue":
                yield _reported_again(message, deployment)
            case "FailedInvocationsQueue" if not _is_of_sweep(message, deployment):
                yield _invoked_again(message, deployment)
            case "MissedSchedulesQueue" if _is_for_retention(message, deployment):
                for_retention.append(message)
            case _:
                for_sweep.append(message)
    if for_retention or given_up.retention:
        yield Repair(
            what="a retention run: started",
            do=lambda: _start_retention(deployment),
            messages=tuple(for_retention),
        )
    if for_sweep or given_up.effects:
        lists_anew = any(message.queue == "UndeliveredEffectsQueue" for message in for_sweep)
        yield Repair(
            what="a sweep: done",
            do=lambda: sweeps_done(
                deployment.resources["SweepFunction"], deployment.functions, lists_anew=lists_anew
            ),
            messages=tuple(for_sweep),
        )


def settle(message: DeadLetter, deployment: Deployment) -> None:
    """Delete a message: what it stands for was done."""
    deployment.queues.delete_message(
        QueueUrl=deployment.resources[message.queue], ReceiptHandle=message.receipt
    )


def release(message: DeadLetter, deployment: Deployment) -> None:
    """Show a message to others again."""
    deployment.queues.change_message_visibility(
        QueueUrl=deployment.resources[message.queue], ReceiptHandle=message.receipt, VisibilityTimeout=0
    )


def about(message: DeadLetter) -> str:
    """Return what a message is about, in a few words, with the case's reference where it has one, and nothing
    personal."""
    try:
        body = json.loads(message.body)
        match message.queue:
            case "UndeliveredEffectsQueue":
                batch = body["DDBStreamBatchInfo"]
                return f"{batch['batchSize']} records of {batch['approximateArrivalOfFirstRecord']}"
            case "FailedInvocationsQueue":
                return f"{_function_of(body)}, {body['timestamp']}"
            case "UndeliveredMailEventsQueue":
                report = json.loads(_sns_records(body)[0]["Sns"]["Message"])
                return f"{report['eventType']}, {report['mail'].get('tags', {}).get('case', ['no case'])[0]}"
            case _:
                return message.attributes.get("SCHEDULE_ARN", "").rpartition("/")[2] or "a schedule"
    except (KeyError, IndexError, TypeError, ValueError):
        return "of an unknown kind"


# Finding it.


def _effects(store: CaseStore) -> Iterator[Undelivered]:
    for entry in store.due("given-up", FOREVER, limit=MOST):
        # The index can be behind.
        effect = store.waiting(entry["PK"], entry["SK"])
        if effect is not None:
            yield effect


def _messages(queue: str, deployment: Deployment) -> Iterator[DeadLetter]:
    seen: set[str] = set()
    while True:
        answer = deployment.queues.receive_message(
            QueueUrl=deployment.resources[queue],
            MaxNumberOfMessages=10,
            VisibilityTimeout=WITHHELD_FOR,
            # Long enough for SQS to ask all of its servers.
            WaitTimeSeconds=1,
            MessageAttributeNames=["All"],
        )
        found = [message for message in answer.get("Messages", ()) if message["MessageId"] not in seen]
        if not found:
            return
        for message in found:
            seen.add(message["MessageId"])
            attributes = message.get("MessageAttributes", {}).items()
            yield DeadLetter(
                queue=queue,
                receipt=message["ReceiptHandle"],
                body=message["Body"],
                attributes={name: value.get("StringValue", "") for name, value in attributes},
            )


def _failed_alarms(deployment: Deployment) -> Iterator[str]:
    """Yield what failed long ago cannot be redriven, and need not be: the sweep has woken the case since."""
    pages = deployment.machines.get_paginator("list_executions")
    for status in REDRIVABLE:
        for page in pages.paginate(stateMachineArn=deployment.resources["AlarmMachine"], statusFilter=status):
            for execution in page["executions"]:
                described = deployment.machines.describe_execution(executionArn=execution["executionArn"])
                if described.get("redriveStatus") == "REDRIVABLE":
                    yield execution["executionArn"]


def _failed_retention(deployment: Deployment) -> str:
    """Return the newest run if it failed; empty: it did not. A newer run does what a failed one left."""
    answer = deployment.machines.list_executions(
        stateMachineArn=deployment.resources["RetentionMachine"], maxResults=1
    )
    failed = [
        execution["name"] for execution in answer["executions"][:1] if execution["status"] in REDRIVABLE
    ]
    return failed[0] if failed else ""


# Putting it back.


def _redrive(arn: str, deployment: Deployment) -> None:
    try:
        deployment.machines.redrive_execution(executionArn=arn)
    except deployment.machines.exceptions.ExecutionNotRedrivable as error:
        raise NotPutBack("Step Functions no longer redrives it. The sweep has woken the case.") from error


def _start_retention(deployment: Deployment) -> None:
    deployment.machines.start_execution(stateMachineArn=deployment.resources["RetentionMachine"])


def sweeps_done(sweep: str, functions: Any, *, lists_anew: bool) -> None:
    """Have sweeps done until nothing is left for another. `functions`: boto3's client for Lambda. `lists_anew`: the
    lists of what waits for whom are made again from the cases that there are.

    NotPutBack: one failed, or so many were not enough."""
    source = "dueprocess.rebuild" if lists_anew else "dueprocess.replay"
    for _ in range(MOST_SWEEPS):
        if not _invoke(sweep, {"source": source}, functions).get("left"):
            return
        source = "dueprocess.replay"
    raise NotPutBack("The sweeps have not finished. Run this again.")


def _reported_again(message: DeadLetter, deployment: Deployment) -> Repair:
    def report() -> None:
        try:
            records = _sns_records(json.loads(message.body))
        except (KeyError, TypeError, ValueError) as error:
            raise NotPutBack("It is not a report on an email.") from error
        _invoke(deployment.resources["MailEventsFunction"], {"Records": records}, deployment.functions)

    return Repair(what=f"{about(message)}: recorded", do=report, messages=(message,))


def _invoked_again(message: DeadLetter, deployment: Deployment) -> Repair:
    def invoke() -> None:
        try:
            body = json.loads(message.body)
            function, event = _function_of(body), body["requestPayload"]
        except (KeyError, TypeError, ValueError) as error:
            raise NotPutBack("It does not say what failed.") from error
        _invoke(function, event, deployment.functions)

    return Repair(what=f"{about(message)}: invoked again", do=invoke, messages=(message,))


def _invoke(function: str, event: Any, functions: Any) -> dict[str, Any]:
    answer = functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    said = answer["Payload"].read()
    if answer.get("FunctionError"):
        kind = _plain(said).get("errorType", "an error")
        raise NotPutBack(f"{function} failed with {kind}. See its log.")
    return _plain(said)


def _plain(said: bytes) -> dict[str, Any]:
    try:
        read = json.loads(said)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _is_of_sweep(message: DeadLetter, deployment: Deployment) -> bool:
    try:
        return _function_of(json.loads(message.body)) == deployment.resources["SweepFunction"]
    except (KeyError, TypeError, ValueError):
        return False


def _is_for_retention(message: DeadLetter, deployment: Deployment) -> bool:
    return message.attributes.get("TARGET_ARN", "") == deployment.resources["RetentionMachine"]


def _function_of(record: Mapping[str, Any]) -> str:
    """Return the name of the function in what Lambda tells of an invocation that failed."""
    arn: str = record["requestContext"]["functionArn"]
    return arn.split(":")[6]


def _sns_records(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return SNS records as a function gets them: from what Lambda tells of an invocation that failed, or from a
    notification that SNS could not hand over."""
    if "requestPayload" in body:
        records: list[dict[str, Any]] = body["requestPayload"]["Records"]
        return records
    return [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {**body, "Message": body["Message"]}}]
