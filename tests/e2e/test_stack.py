"""The local stack itself: what a person who runs it relies on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.clock import Pace
from local.clockwork import CannotMove, later
from local.stack import ROOT, LocalStack, is_running
from tests.e2e.conftest import StartStack

pytestmark = pytest.mark.e2e

SENDER = "complaints@dueprocess.example"


def status_of(url: str) -> int:
    """The status with which a GET is answered."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code


def send(stack: LocalStack, to: str, subject: str) -> None:
    """Send a mail through SES as the application does."""
    stack.client("sesv2").send_email(
        FromEmailAddress=f'"An organisation" <{SENDER}>',
        Destination={"ToAddresses": [to]},
        ReplyToAddresses=["office@organisation.example"],
        ConfigurationSetName=stack.resources()["MailConfiguration"],
        EmailTags=[{"Name": "case", "Value": "XX-0000-0000"}, {"Name": "person", "Value": "somebody"}],
        Content={
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": "Here: https://one.example/l/a – soon.", "Charset": "UTF-8"},
                    "Html": {"Data": '<p><a href="https://one.example/l/b?c=1&amp;d=2">Here</a></p>'},
                },
            }
        },
    )


def test_what_people_open_answers(stack: LocalStack) -> None:
    """The application's start page and every local page answer on one address."""
    paths = ("/", "/local/", "/local/outbox", "/local/clock", "/local/worklist")
    assert dict.fromkeys(paths, 200) == {path: status_of(stack.base_url + path) for path in paths}


def test_unknown_paths(stack: LocalStack) -> None:
    """What neither the application nor the local pages know is not found."""
    for path in (
        "/no-such-organisation",
        "/no/such/route/at/all",
        "/local/no-such-page",
        "/local/outbox/x.html",
    ):
        assert status_of(stack.base_url + path) == 404, path


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/leadership-east/complaint", 200),
        ("HEAD", "/no/such/route/at/all", 404),
        ("DELETE", "/leadership-east/complaint", 405),
        ("GET", "/api/v1/leadership-east/cases", 405),
        ("GET", "/leadership-east/complaint/", 200),
    ],
)
def test_every_request_reaches_a_function(stack: LocalStack, method: str, path: str, status: int) -> None:
    """The gateway hands on every method of every path, and paths that no route takes; a slash too many leads on."""
    request = urllib.request.Request(stack.base_url + path, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            found, kind, body = answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        found, kind, body = error.code, error.headers["Content-Type"], error.read()
    assert found == status
    assert kind == ("application/problem+json" if path.startswith("/api/") else "text/html; charset=utf-8")
    assert bool(body) == (method != "HEAD")


def test_local_routes_are_not_deployed() -> None:
    """No route of the deployed template begins with what the local stack takes for itself."""
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    routes = re.findall(r"\bPath:\s*[\"']?(/[^\"'\s,}]*)", template)
    assert "/" in routes
    assert [] == [route for route in routes if route.startswith("/local")]


def test_mail_survives_a_kill(stack: LocalStack) -> None:
    """A mail that was accepted is in the outbox as it was sent, though every process is killed right away."""
    to = "kept@home.example"
    send(stack, to, "Kept – as it was")
    stack.kill()
    stack.start()
    mail = stack.mail(to)
    assert mail["subject"] == "Kept – as it was"
    assert mail["text"].strip() == "Here: https://one.example/l/a – soon."
    assert mail["links"] == ["https://one.example/l/a", "https://one.example/l/b?c=1&d=2"]
    assert mail["reply_to"] == ["office@organisation.example"]
    assert mail["tags"] == {"case": "XX-0000-0000", "person": "somebody"}


def test_data_survives_a_kill(stack: LocalStack) -> None:
    """What was stored is there again though every process is killed right away, and what was deleted is not."""
    table = stack.resources()["CasesTable"]
    key = {"PK": {"S": "KEPT#1"}, "SK": {"S": "KEPT"}}
    gone = {"PK": {"S": "GONE#1"}, "SK": {"S": "GONE"}}
    for item in (key, gone):
        stack.client("dynamodb").put_item(TableName=table, Item=item)
    stack.client("dynamodb").delete_item(TableName=table, Key=gone)
    stack.kill()
    stack.start()
    assert stack.client("dynamodb").get_item(TableName=table, Key=key)["Item"] == key
    assert "Item" not in stack.client("dynamodb").get_item(TableName=table, Key=gone)


def test_killed_as_soon_as_it_serves(start_stack: StartStack) -> None:
    """What was deployed a moment ago is there after a kill, all of it."""
    stack = start_stack()
    stack.kill()
    stack.start()
    assert status_of(stack.base_url) == 200
    assert [] == stack.worklist()


def test_deploying_again_changes_nothing(stack: LocalStack) -> None:
    """A restart goes on with the same resources."""
    before = stack.resources()
    stack.restart()
    assert before == stack.resources()


def test_clock_moves_forward_only(stack: LocalStack) -> None:
    """The clock moves by what is asked, goes on from there after a restart, and never goes back."""
    before = stack.now()
    stack.advance("3 days 2h")
    moved = stack.now()
    assert timedelta(days=3, hours=2) <= moved - before < timedelta(days=3, hours=2, minutes=5)
    stack.restart()
    assert stack.now() >= moved
    refused = stack.try_to_advance(to="2020-01-01T09:00")
    assert "only goes forward" in refused["error"]


def test_reading_moves_nothing(stack: LocalStack) -> None:
    """A GET of the address that moves the clock is refused."""
    assert status_of(f"{stack.base_url}/local/clock/advance?by=1+day") == 405


def test_waits_follow_the_clock(stack: LocalStack) -> None:
    """A wait of Step Functions ends when the clock is moved past what it waits for."""
    machines = stack.client("stepfunctions")
    at = (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    alarm = {"ref": "XX-0000-0000", "deadline": "stage/deadline", "version": 1, "at": at}
    started = machines.start_execution(
        stateMachineArn=stack.resources()["AlarmMachine"], input=json.dumps(alarm)
    )["executionArn"]

    def status() -> Any:
        return machines.describe_execution(executionArn=started)["status"]

    assert stack.eventually(lambda: stack.clock()["waits"])
    stack.advance("19 days")
    assert status() == "RUNNING"
    stack.advance("2 days")
    assert status() == "SUCCEEDED"


def test_bounces_are_reported(stack: LocalStack) -> None:
    """A mail to somebody whose mails bounce reaches the function that records bounces, as the template wires it."""
    before = stack.log("MailEventsFunction").count(" in ")
    send(stack, "bounce@home.example", "Comes back")
    assert stack.eventually(lambda: stack.log("MailEventsFunction").count(" in ") > before)


def test_taken_port(stack: LocalStack, tmp_path: Path) -> None:
    """A start on a port in use ends with exit code 3 and says which port."""
    other = LocalStack(tmp_path / "other", port=stack.port)
    ended = subprocess.run(other.command(), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3
    assert str(stack.port) in ended.stderr
    assert "Traceback" not in ended.stderr


def test_taken_data(stack: LocalStack) -> None:
    """A second stack on the same data folder ends with exit code 3 and names the folder."""
    other = LocalStack(stack.data)
    ended = subprocess.run(other.command(), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3
    assert str(stack.data) in ended.stderr


def test_ends_in_peace(stack: LocalStack) -> None:
    """Ctrl-C ends every process, with exit code 0."""
    processes = stack.processes()
    try:
        assert stack.stop() == 0
        assert [] == [name for name, pid in processes.items() if is_running(pid)]
    finally:
        stack.start()


def test_nothing_outlives_its_parent(stack: LocalStack) -> None:
    """When the command is killed, which tells nobody, its processes end."""
    processes = stack.processes()
    os.kill(processes["up"], signal.SIGKILL)
    try:
        assert stack.eventually(lambda: not any(is_running(pid) for pid in processes.values()))
    finally:
        stack.reap()
        stack.start()


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("3 days", "2028-03-03T10:00:00+00:00"),
        ("PT36H", "2028-03-01T22:00:00+00:00"),
        ("2h", "2028-02-29T12:00:00+00:00"),
        ("1 month", "2028-03-29T10:00:00+00:00"),
        ("5 years", "2033-02-28T10:00:00+00:00"),
        ("P1Y2M3DT4H", "2029-05-02T14:00:00+00:00"),
    ],
)
def test_durations(duration: str, expected: str) -> None:
    """Durations are read as people and ISO 8601 write them; months and years count in the calendar."""
    leap_day = datetime(2028, 2, 29, 10, tzinfo=UTC)
    assert expected == later(leap_day, duration).isoformat()


@pytest.mark.parametrize("duration", ["", "soon", "3", "3 fortnights", "P", "99999 years"])
def test_durations_that_are_none(duration: str) -> None:
    """What is no duration is refused with a sentence."""
    with pytest.raises(CannotMove):
        later(datetime(2028, 2, 29, 10, tzinfo=UTC), duration)


def test_pace_is_a_round_trip() -> None:
    """The wall instant of a domain instant is the one at which the clock shows it, and a file holds it all."""
    start = datetime(2027, 1, 1, tzinfo=UTC)
    pace = Pace.from_json(Pace(start + timedelta(days=400), start, 1000.0).to_json())
    instant = start + timedelta(days=500)
    assert pace.domain_at(pace.wall_at(instant)) == instant
    assert pace.wall_at(instant) - start == timedelta(days=100) / 1000
