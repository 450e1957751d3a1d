"""What follows from a request, an alarm or a sweep can be followed by one id, through all functions, to the mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest

from adapters.cases.attributes import to_attributes
from handlers import alarm, api, figures, forms, outbox, sweep
from tests.integration.deployment import Context, Deployment

REQUEST = "KxT4yhMyLPEEJ1w="
"""The gateway's id of the sample requests."""


class Invocation(Context):
    """One invocation, as Lambda tells it."""

    def __init__(self, aws_request_id: str) -> None:
        self.aws_request_id = aws_request_id


@contextmanager
def background_log() -> Iterator[StringIO]:
    """What the functions that nobody waits for write meanwhile. A logger keeps the stream that it was made with."""
    log = StringIO()
    before = [(one, one.logger.registered_handler.setStream(log)) for one in (outbox, sweep)]
    try:
        yield log
    finally:
        for module, stream in before:
            module.logger.registered_handler.setStream(stream)


def ids(lines: str) -> set[str]:
    """Under which ids the lines of a log stand; each has to have one."""
    return {json.loads(line)["correlation_id"] for line in lines.splitlines()}


def effects(deployment: Deployment, *, but_for: set[str] = frozenset()) -> dict[str, dict[str, Any]]:  # type: ignore[assignment]
    """The effects in the outbox that were not there before, by partition and sort key."""
    found = [item for item in deployment.office.items() if item["SK"]["S"].startswith("OUTBOX#")]
    return {name: item for item in found if (name := f"{item['PK']['S']} {item['SK']['S']}") not in but_for}


def delivered(found: dict[str, dict[str, Any]]) -> str:
    """What the outbox's function writes when the stream brings it these effects."""
    records = [
        {
            "eventName": "INSERT",
            "eventID": str(number),
            "dynamodb": {"Keys": {"PK": item["PK"], "SK": item["SK"]}, "SequenceNumber": str(number)},
        }
        for number, item in enumerate(found.values())
    ]
    with background_log() as log:
        assert outbox.handler({"Records": records}, Invocation("outbox-1")) == {"batchItemFailures": []}
    return log.getvalue()


@pytest.mark.parametrize(("module", "name"), [(api, "api-submit"), (forms, "forms-submit")])
def test_a_form_can_be_followed_to_its_mails(
    deployment: Deployment, capsys: pytest.CaptureFixture[str], module: Any, name: str
) -> None:
    """The gateway's id of the request stands in the lines of the function that took it, with each effect, and in the
    lines about its delivery."""
    before = set(effects(deployment))
    assert module.handler(deployment.event(name), Invocation("form-1"))["statusCode"] in (200, 201)
    lines = capsys.readouterr().out
    found = effects(deployment, but_for=before)
    assert ids(lines) == {REQUEST}
    assert [item["correlation"] for item in found.values()] == [{"S": REQUEST}] * len(found)
    assert any(item["effect"]["M"]["type"]["S"] == "Tell" for item in found.values())
    assert ids(delivered(found)) == {REQUEST}


def test_an_alarm_can_be_followed_to_its_mails(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an alarm leads to stands under the id of its own invocation, and not under that of the complaint."""
    before = set(effects(deployment))
    deployment.at(datetime(2026, 11, 4, 9, 0, 1, tzinfo=UTC))
    alarm.handler(deployment.event("alarm-wake"), Invocation("alarm-1"))
    found = effects(deployment, but_for=before)
    assert found
    assert ids(capsys.readouterr().out) == {"alarm-1"}
    assert {item["correlation"]["S"] for item in found.values()} == {"alarm-1"}
    assert ids(delivered(found)) == {"alarm-1"}


def test_a_batch_keeps_apart_what_follows_from_what(deployment: Deployment) -> None:
    """Effects of two requests in one batch are each told of under their own id; one that was stored before there were
    ids is told of under that of the batch."""
    first, second = deployment.event("api-submit"), deployment.event("api-submit")
    second["requestContext"]["requestId"] = "another"
    second["headers"]["idempotency-key"] = "another"
    before = set(effects(deployment))
    for event in (first, second):
        api.handler(event, Invocation("api-1"))
    found = effects(deployment, but_for=before)
    old = next(iter(found.values()))
    deployment.office.client.update_item(
        TableName="cases", Key={"PK": old["PK"], "SK": old["SK"]}, UpdateExpression="REMOVE correlation"
    )
    told = {(line["ref"], line["correlation_id"]) for line in map(json.loads, delivered(found).splitlines())}
    by_ref = {item["ref"]["S"]: item["correlation"]["S"] for item in found.values()}
    assert told == {*by_ref.items(), (old["ref"]["S"], "outbox-1")}


def test_a_sweep_tells_of_each_effect_under_its_own_id(deployment: Deployment) -> None:
    """What the stream left is delivered under the id of what it follows from."""
    before = set(effects(deployment))
    api.handler(deployment.event("api-submit"), Invocation("api-1"))
    lost = effects(deployment, but_for=before)
    for item in lost.values():
        deployment.office.client.update_item(
            TableName="cases",
            Key={"PK": item["PK"], "SK": item["SK"]},
            UpdateExpression="SET effect = :nothing",
            ExpressionAttributeValues={":nothing": {"M": {"type": {"S": "Nothing"}}}},
        )
    deployment.at(datetime(2026, 11, 2, 10, 10, tzinfo=UTC))
    with background_log() as log, pytest.raises(sweep.SweepIncomplete):
        sweep.handler({}, Invocation("sweep-1"))
    failed = [line for line in map(json.loads, log.getvalue().splitlines()) if "effect" in line]
    assert {line["correlation_id"] for line in failed} == {REQUEST}


def test_what_happened_is_counted_from_the_stream(
    deployment: Deployment, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that begins counts by its kind and the way it came, once for each record, under its procedure alone."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "complaints")
    event = deployment.event("figures-happened")
    (record,) = event["Records"]
    (stored,) = deployment.office.site.store.events(deployment.ref)
    record["dynamodb"]["NewImage"]["fact"] = to_attributes({"fact": stored["fact"]})["fact"]
    assert figures.handler(event, Invocation("figures-1")) == {"batchItemFailures": []}
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [{name: value for name, value in one.items() if name != "_aws"} for one in metrics] == [
        {"procedure": "leadership-east", "ComplaintsOpened": [1.0], "CameByForm": [1.0]}
    ]
