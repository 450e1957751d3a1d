"""`dueprocess replay`, `doctor`, `cases` and `restore` against the local stack: what was given up goes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest

from adapters.cases.table import shard_of
from domain.calendars import LONDON
from local.account import CREDENTIALS, REGION
from local.deploy import STACK
from local.stack import ROOT, LocalStack
from tests.e2e.people import Town
from tests.e2e.test_kills import Person, confirmations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def replay(stack: LocalStack, *options: str, name: str = STACK, command: str = "replay") -> tuple[int, str]:
    """Run the command as people do; its exit code, and what it said."""
    running = json.loads((stack.data / "running.json").read_text(encoding="utf-8"))
    words = ["--stack", name, "--region", REGION, "--endpoint-url", running["emulator"], *options]
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "cli.main", command, *words],
        cwd=ROOT,
        env={**os.environ, **{key.upper(): value for key, value in CREDENTIALS.items()}},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout + ended.stderr


def give_up(stack: LocalStack, ref: str) -> str:
    """Have the first mail of a case stand as if no sweep of a day could deliver it; answers with the effect's id."""
    client, table = stack.client("dynamodb"), stack.resources()["CasesTable"]
    answer = client.query(
        TableName=table,
        KeyConditionExpression="PK = :pk AND begins_with(SK, :sk)",
        ExpressionAttributeValues={":pk": {"S": f"CASE#{ref}"}, ":sk": {"S": "OUTBOX#"}},
    )
    item: dict[str, Any] = next(one for one in answer["Items"] if one["effect"]["M"]["type"]["S"] == "Tell")
    del item["delivered_at"], item["receipt"]
    # It is not new, so the stream does not bring it.
    given_up = {"S": f"given-up#{shard_of(ref)}"}
    waiting = {"ref": {"S": ref}, "due_shard": given_up, "due_at": {"S": "2026-01-01T00:00:00Z"}}
    client.put_item(TableName=table, Item={**item, **waiting})
    return str(item["SK"]["S"])


def test_what_was_given_up_goes_out(stack: LocalStack) -> None:
    """A mail that was given up, and messages of each queue that the sweep answers for: listed, put back, gone."""
    town = Town(stack)
    person = Person(town, "given-up")
    person.ref = person.ask().json()["reference"]
    town.settle()
    effect = give_up(stack, person.ref)
    mails = len(stack.outbox())
    queues = stack.client("sqs")
    sweep = {"requestContext": {"functionArn": f"a:b:c:d:e:function:{stack.resources()['SweepFunction']}"}}
    for queue, body in (
        ("UndeliveredEffectsQueue", {"DDBStreamBatchInfo": {"batchSize": 1}}),
        ("FailedInvocationsQueue", {**sweep, "timestamp": "now", "requestPayload": {}}),
        ("MissedSchedulesQueue", {}),
    ):
        queues.send_message(QueueUrl=stack.resources()[queue], MessageBody=json.dumps(body))

    code, said = replay(stack, "--dry-run")
    assert 1 == code
    assert f"{person.ref} {effect}" in said
    for queue in ("UndeliveredEffectsQueue", "FailedInvocationsQueue", "MissedSchedulesQueue"):
        assert f"({queue}): 1" in said
    assert mails == len(stack.outbox())
    code, said = replay(stack, command="doctor")
    assert 1 == code, said
    assert "1 mails or alarms, 1 in UndeliveredEffectsQueue, 1 in FailedInvocationsQueue" in said

    code, said = replay(stack, "--yes")
    assert 0 == code, said
    assert mails + 1 == len(stack.outbox())
    assert confirmations(town, person)
    assert (0, f"Nothing has been given up in {STACK}.\n") == replay(stack)
    _, said = replay(stack, command="doctor")
    assert "ok     Nothing has been given up" in said
    for about in (
        "The stack is deployed",
        "No alarm is ringing",
        "The sweep and the retention run are scheduled",
    ):
        assert f"ok     {about}" in said, said
    assert "Nobody is. Deploy with an AlarmEmail." in said

    assert "ok     What people write can be sealed and opened" not in said, (
        "its keys can be restored for longer"
    )
    code, said = replay(stack, command="seal")
    assert code == 0, said
    code, said = replay(stack, command="cases")
    assert (code, person.ref in said) == (0, True)
    code, said = replay(stack, person.ref, command="cases")
    assert (code, "ComplaintSubmitted" in said, person.email in said) == (0, True, False)


def test_a_case_is_compared_with_the_table_of_then(stack: LocalStack) -> None:
    """The emulator takes each call: the table is restored, read and deleted. It copies the present table, so what a
    restore brings back is shown in tests/integration/test_restore.py."""
    person = Person(Town(stack), "restored")
    person.ref = person.ask().json()["reference"]
    at = f"{datetime.now(LONDON):%Y-%m-%dT%H:%M:%S}"
    before = stack.client("dynamodb").list_tables()["TableNames"]
    code, said = replay(stack, person.ref, "--at", at, "--yes", command="restore")
    assert 0 == code, said
    assert f"{person.ref}: nothing is missing" in said
    assert before == stack.client("dynamodb").list_tables()["TableNames"]


def test_no_such_stack(stack: LocalStack) -> None:
    """A name that is none ends with exit code 2, and says which."""
    code, said = replay(stack, name="dueprocess-elsewhere")
    assert 2 == code
    assert "dueprocess-elsewhere" in said
