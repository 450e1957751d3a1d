"""What cannot be delivered: tried for a day, given up, told of, and put back."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from click.testing import CliRunner

from adapters import procedures
from adapters.cases.execute import execute
from adapters.people.directory import change_directory
from adapters.post.delivery import GIVE_UP_AFTER
from cli.given_up import Deployment, NotPutBack, find, settle, steps
from cli.main import app
from cli.replay import NEEDED
from cli.replay import put_back as replay_in
from domain.acts.assignment import AssignReviewers
from domain.directory import RemovePerson
from handlers import mail_events, sweep
from tests.integration.deployment import Context
from tests.integration.deployment import Deployment as Deployed
from tests.integration.office import TABLE

FOREVER = datetime(2999, 1, 1, tzinfo=UTC)
SWEEP = "stack-SweepFunction"
MAIL_EVENTS = "stack-MailEventsFunction"


class Functions:
    """Stands in for Lambda: runs the handlers here, and answers with their errors as Lambda does."""

    def __init__(self) -> None:
        self.invoked: list[str] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.invoked.append(FunctionName)
        handlers = {SWEEP: sweep.handler, MAIL_EVENTS: mail_events.handler}
        try:
            said = handlers[FunctionName](json.loads(Payload), Context())
        except Exception as error:  # noqa: BLE001 - its words can hold an address
            failed = json.dumps({"errorType": type(error).__name__}).encode()
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(failed)}
        return {"Payload": io.BytesIO(json.dumps(said).encode())}


@pytest.fixture
def functions() -> Functions:
    return Functions()


def _without_waiting(params: dict[str, Any], **_: Any) -> dict[str, Any]:
    return params | {"WaitTimeSeconds": 0}


@pytest.fixture
def stack(deployment: Deployed, functions: Functions) -> Deployment:
    """What `replay` knows of the deployment: its table and functions, and queues and machines beside them."""
    queues, machines = boto3.client("sqs"), boto3.client("stepfunctions")
    # Here a queue has one server, and an empty one need not be waited for.
    queues.meta.events.register("provide-client-params.sqs.ReceiveMessage", _without_waiting)
    retention = machines.create_state_machine(
        name="retention",
        definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::123456789012:role/retention",
    )["stateMachineArn"]
    return Deployment(
        resources={
            "CasesTable": TABLE,
            "AlarmMachine": deployment.office.site.settings.alarm_machine_arn,
            "RetentionMachine": retention,
            "SweepFunction": SWEEP,
            "MailEventsFunction": MAIL_EVENTS,
            **{
                name: queues.create_queue(QueueName=name)["QueueUrl"]
                for name in NEEDED
                if name.endswith("Queue")
            },
        },
        dynamodb=deployment.office.client,
        functions=functions,
        queues=queues,
        machines=machines,
    )


def tell(stack: Deployment, queue: str, body: Any, **attributes: str) -> None:
    """Put a message into a dead-letter queue."""
    stack.queues.send_message(
        QueueUrl=stack.resources[queue],
        MessageBody=json.dumps(body),
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    )


def waiting_in(stack: Deployment, queue: str) -> int:
    """How many messages a queue holds, withheld or not."""
    counted = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    answer = stack.queues.get_queue_attributes(QueueUrl=stack.resources[queue], AttributeNames=list(counted))
    return sum(int(answer["Attributes"][one]) for one in counted)


def put_back(stack: Deployment) -> list[str]:
    """Do every step, as the command does; answers with what failed."""
    failed = []
    for step in steps(find(stack), stack):
        try:
            step.do()
        except NotPutBack as error:
            failed.append(str(error))
            continue
        for message in step.messages:
            settle(message, stack)
    return failed


def replayed(stack: Deployment, *, dry_run: bool, yes: bool) -> bool:
    return replay_in(stack, stack="staging", dry_run=dry_run, yes=yes)


def poison(deployed: Deployed, *, tries: int = 0) -> str:
    """Make one of the case's effects one that nothing can deliver; answers with its id."""
    effect_id = deployed.waiting()[0]
    change(deployed, effect_id, "Odd", tries=tries)
    return effect_id


def change(deployed: Deployed, effect_id: str, kind: str, *, tries: int, partition: str = "") -> None:
    deployed.office.client.update_item(
        TableName=TABLE,
        Key={"PK": {"S": partition or f"CASE#{deployed.ref}"}, "SK": {"S": effect_id}},
        UpdateExpression="SET effect.#type = :kind, tries = :tries",
        ExpressionAttributeNames={"#type": "type"},
        ExpressionAttributeValues={":kind": {"S": kind}, ":tries": {"N": str(tries)}},
    )


def kind_of(deployed: Deployed, effect_id: str) -> str:
    found = deployed.office.site.store.undelivered(deployed.ref, effect_id)
    assert found is not None
    return str(found.effect["type"])


def given_up(deployed: Deployed) -> list[str]:
    return [entry["SK"] for entry in deployed.office.site.store.due("given-up", FOREVER, limit=10)]


class TestTheSweep:
    def test_puts_what_fails_behind_all_others(self, deployment: Deployed) -> None:
        """One that fails is noted and tried last from now on; the others are delivered by the same sweep."""
        odd = poison(deployment)
        now = deployment.office.clock.now() + timedelta(minutes=10)
        deployment.at(now)
        with pytest.raises(sweep.SweepIncomplete):
            sweep.handler({}, Context())
        assert [odd] == deployment.waiting()
        (entry,) = deployment.office.site.store.due("outbox", FOREVER, limit=10)
        assert datetime.fromisoformat(entry["due_at"]) >= now
        left = deployment.office.site.store.undelivered(deployment.ref, odd)
        assert left is not None
        assert 1 == left.tries

    def test_gives_up_after_a_day(self, deployment: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
        """What failed in every sweep of a day is tried no more, and counted by each sweep from then on."""
        assert GIVE_UP_AFTER * timedelta(minutes=5) == timedelta(days=1)
        odd = poison(deployment, tries=GIVE_UP_AFTER - 2)
        for minutes in (10, 15):
            assert [] == given_up(deployment)
            deployment.at(deployment.office.clock.now() + timedelta(minutes=minutes))
            with pytest.raises(sweep.SweepIncomplete):
                sweep.handler({}, Context())
        assert ([], [odd]) == (deployment.waiting(), given_up(deployment))
        capsys.readouterr()
        deployment.at(deployment.office.clock.now() + timedelta(minutes=20))
        assert {"woken": 0, "delivered": 0, "given_up": 1, "left": 0} == sweep.handler({}, Context())
        assert '"GivenUp":[1.0]' in capsys.readouterr().out

    def test_says_when_some_are_left(self, deployment: Deployed) -> None:
        """A sweep that runs out of time says so, and whoever asked for it can ask again."""

        class Late(Context):
            def get_remaining_time_in_millis(self) -> int:
                return 9_000

        deployment.at(deployment.office.clock.now() + timedelta(minutes=10))
        assert 1 == sweep.handler({}, Late())["left"]
        assert 0 == sweep.handler({}, Context())["left"]


class TestPuttingBack:
    def test_what_was_given_up_is_delivered(self, deployment: Deployed, stack: Deployment) -> None:
        """Once the reason is mended it goes out, and is given up no more; a second run finds nothing."""
        kind = kind_of(deployment, deployment.waiting()[0])
        odd = poison(deployment, tries=GIVE_UP_AFTER - 1)
        deployment.at(deployment.office.clock.now() + timedelta(minutes=10))
        with pytest.raises(sweep.SweepIncomplete):
            sweep.handler({}, Context())
        assert [odd] == [one.id for one in find(stack).effects]
        change(deployment, odd, kind, tries=GIVE_UP_AFTER)
        deployment.at(deployment.office.clock.now() + timedelta(minutes=20))
        assert [] == put_back(stack)
        assert ([], []) == (deployment.waiting(), given_up(deployment))
        assert not find(stack)

    def test_what_is_in_no_case_is_put_off_given_up_and_put_back_too(
        self,
        deployment: Deployed,
        stack: Deployment,
    ) -> None:
        """The list of the cases of somebody who has left stands with the organisation, and goes the way of all."""
        site, now = deployment.office.site, deployment.office.clock.now()
        stage, leaver = deployment.case().current.stage, "programmes-manager-primary"
        by = "programmes-office-primary"
        execute(deployment.ref, AssignReviewers(by=by, stage=stage, reviewers=(leaver,)), site=site)
        change_directory(
            procedures.load("leadership-east"), RemovePerson(person=leaver), by=by, version=0, site=site
        )
        deployment.at(now + timedelta(minutes=10))
        sweep.handler({}, Context())
        (message,) = deployment.waiting()
        assert message.startswith("OUTBOX#LEFT#")
        place = {"partition": "STAFF#leadership-east"}
        change(deployment, message, "Odd", tries=GIVE_UP_AFTER - 2, **place)
        for minutes, given in ((20, []), (30, [message])):
            deployment.at(now + timedelta(minutes=minutes))
            with pytest.raises(sweep.SweepIncomplete):
                sweep.handler({}, Context())
            assert given == given_up(deployment)
        assert [message] == [one.id for one in find(stack).effects]
        change(deployment, message, "TellOfDeparture", tries=GIVE_UP_AFTER, **place)
        deployment.at(now + timedelta(minutes=40))
        assert [] == put_back(stack)
        assert ([], []) == (deployment.waiting(), given_up(deployment))
        assert not find(stack)

    def test_what_fails_again_is_said_and_tried_for_another_day(
        self,
        deployment: Deployed,
        stack: Deployment,
    ) -> None:
        """Putting back what is still broken does not hide it."""
        odd = poison(deployment, tries=GIVE_UP_AFTER - 1)
        deployment.at(deployment.office.clock.now() + timedelta(minutes=10))
        with pytest.raises(sweep.SweepIncomplete):
            sweep.handler({}, Context())
        deployment.at(deployment.office.clock.now() + timedelta(minutes=20))
        assert [f"{SWEEP} failed with SweepIncomplete. See its log."] == put_back(stack)
        assert [odd] == deployment.waiting()
        left = deployment.office.site.store.undelivered(deployment.ref, odd)
        assert left is not None
        assert 1 == left.tries

    def test_what_was_delivered_meanwhile_stays_so(self, deployment: Deployed, stack: Deployment) -> None:
        """An effect that somebody delivered between the look and the deed does not come back."""
        poison(deployment, tries=GIVE_UP_AFTER - 1)
        deployment.at(deployment.office.clock.now() + timedelta(minutes=10))
        with pytest.raises(sweep.SweepIncomplete):
            sweep.handler({}, Context())
        (effect,) = find(stack).effects
        store = deployment.office.site.store
        store.mark_delivered(effect, at=deployment.office.clock.now(), receipt="by hand")
        store.take_up(effect)
        assert ([], []) == (deployment.waiting(), given_up(deployment))

    def test_batches_of_the_stream(
        self,
        deployment: Deployed,
        stack: Deployment,
        functions: Functions,
    ) -> None:
        """One sweep delivers what any number of batches held, and their messages go."""
        for _ in range(12):
            tell(stack, "UndeliveredEffectsQueue", {"DDBStreamBatchInfo": {"batchSize": 10}})
        deployment.at(deployment.office.clock.now() + timedelta(minutes=10))
        assert [] == put_back(stack)
        assert [] == deployment.waiting()
        assert [SWEEP] == functions.invoked
        assert 0 == waiting_in(stack, "UndeliveredEffectsQueue")

    @pytest.mark.parametrize("from_sns", [True, False])
    def test_reports_on_mails(self, deployment: Deployed, stack: Deployment, from_sns: bool) -> None:
        """A bounce that was not recorded is, once, whichever of SNS and Lambda gave it up."""
        event = deployment.event("mail-events-bounce")
        record = {
            "requestContext": {
                "functionArn": f"arn:aws:lambda:eu-west-2:123456789012:function:{MAIL_EVENTS}"
            },
            "requestPayload": event,
        }
        for _ in range(2):
            tell(stack, "UndeliveredMailEventsQueue", event["Records"][0]["Sns"] if from_sns else record)
        assert [] == put_back(stack)
        assert 1 == deployment.facts().count("NoticeBounced")
        assert 0 == waiting_in(stack, "UndeliveredMailEventsQueue")

    def test_failed_sweeps_and_missed_schedules(
        self,
        deployment: Deployed,
        stack: Deployment,
        functions: Functions,
    ) -> None:
        """One sweep and one retention run do what several of each have missed."""
        sweeps = f"arn:aws:lambda:eu-west-2:123456789012:function:{SWEEP}"
        record = {"requestContext": {"functionArn": f"{sweeps}:$LATEST"}, "requestPayload": {}}
        for _ in range(3):
            tell(stack, "FailedInvocationsQueue", record)
            tell(stack, "MissedSchedulesQueue", {}, TARGET_ARN=sweeps)
            tell(stack, "MissedSchedulesQueue", {}, TARGET_ARN=stack.resources["RetentionMachine"])
        assert [] == put_back(stack)
        assert [SWEEP] == functions.invoked
        runs = stack.machines.list_executions(stateMachineArn=stack.resources["RetentionMachine"])
        assert 1 == len(runs["executions"])
        assert 0 == waiting_in(stack, "FailedInvocationsQueue") + waiting_in(stack, "MissedSchedulesQueue")

    def test_what_is_not_understood_stays(self, stack: Deployment) -> None:
        """A message that does not say what failed is not deleted for that."""
        tell(stack, "FailedInvocationsQueue", {"requestContext": {"functionArn": "a:b:c:d:e:f:other"}})
        tell(stack, "UndeliveredMailEventsQueue", {"hello": "there"})
        assert 2 == len(put_back(stack))
        assert 1 == waiting_in(stack, "FailedInvocationsQueue")
        assert 1 == waiting_in(stack, "UndeliveredMailEventsQueue")

    def test_failed_alarms_are_redriven(self, stack: Deployment) -> None:
        """Those that Step Functions can redrive; whose time for that is over was woken by the sweep."""
        machines = boto3.client("stepfunctions")
        arns = [f"arn:aws:states:eu-west-2:123456789012:execution:alarm:{name}" for name in ("old", "new")]
        execution = {
            "stateMachineArn": stack.resources["AlarmMachine"],
            "startDate": datetime(2026, 11, 2, tzinfo=UTC),
        }
        with Stubber(machines) as stub:
            for status, found in (("FAILED", arns), ("TIMED_OUT", [])):
                listed = [
                    {**execution, "executionArn": arn, "name": arn.rpartition(":")[2], "status": "FAILED"}
                    for arn in found
                ]
                stub.add_response(
                    "list_executions",
                    {"executions": listed},
                    {"stateMachineArn": stack.resources["AlarmMachine"], "statusFilter": status},
                )
                for arn, redrivable in zip(found, ("NOT_REDRIVABLE", "REDRIVABLE"), strict=False):
                    stub.add_response(
                        "describe_execution",
                        {**execution, "executionArn": arn, "status": "FAILED", "redriveStatus": redrivable},
                        {"executionArn": arn},
                    )
            stub.add_response(
                "list_executions",
                {"executions": []},
                {"stateMachineArn": stack.resources["RetentionMachine"], "maxResults": 1},
            )
            stub.add_response(
                "redrive_execution",
                {"redriveDate": datetime(2026, 11, 3, tzinfo=UTC)},
                {"executionArn": arns[1]},
            )
            assert [] == put_back(replace(stack, machines=machines))
            stub.assert_no_pending_responses()

    def test_a_failed_retention_run_is_run_again(self, stack: Deployment) -> None:
        """Only where the newest one failed: a newer one has done what it left."""
        retention = stack.resources["RetentionMachine"]
        machines = boto3.client("stepfunctions")
        execution = {
            "stateMachineArn": retention,
            "executionArn": f"{retention}:run",
            "name": "run",
            "startDate": datetime(2026, 11, 2, tzinfo=UTC),
        }
        for status, failed in (("FAILED", "run"), ("SUCCEEDED", ""), ("RUNNING", "")):
            with Stubber(machines) as stub:
                for _ in range(2):
                    stub.add_response("list_executions", {"executions": []})
                stub.add_response("list_executions", {"executions": [{**execution, "status": status}]})
                assert failed == find(replace(stack, machines=machines)).retention


class TestTheCommand:
    """What it says and asks. How it finds a stack is tested on the local one, in tests/e2e."""

    def test_nothing_is_given_up(self, stack: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
        """Says so, and that is all."""
        assert replayed(stack, dry_run=False, yes=False)
        assert "Nothing has been given up in staging.\n" == capsys.readouterr().out

    def test_lists_and_asks_before_it_does_anything(
        self,
        deployment: Deployed,
        stack: Deployment,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """With --dry-run, or a no, everything stays and is there for the next run at once."""
        poison(deployment, tries=GIVE_UP_AFTER - 1)
        deployment.at(deployment.office.clock.now() + timedelta(minutes=10))
        with pytest.raises(sweep.SweepIncomplete):
            sweep.handler({}, Context())
        for number in range(12):
            tell(stack, "MissedSchedulesQueue", {}, SCHEDULE_ARN=f"a:schedule/default/staging-{number}")
        tell(stack, "UndeliveredMailEventsQueue", deployment.event("mail-events-bounce")["Records"][0]["Sns"])
        for dry_run, typed in ((True, ""), (False, "n\n")):
            capsys.readouterr()
            monkeypatch.setattr("sys.stdin", io.StringIO(typed))
            assert not replayed(stack, dry_run=dry_run, yes=False)
            said = capsys.readouterr().out
            assert "Emails and alarms that no sweep could deliver within a day: 1" in said
            assert f"{deployment.ref} OUTBOX#000001#0" in said
            assert "Schedules that could not start anything (MissedSchedulesQueue): 12" in said
            assert "staging-" in said
            assert "and 2 more" in said
            assert f"Bounce, {deployment.ref}" in said
            assert "canary" not in said.lower(), "nobody's address"
        assert given_up(deployment)
        assert "NoticeBounced" not in deployment.facts()

    def test_puts_back_and_says_so(self, stack: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
        """Each step is told, and at the end that nothing is left."""
        tell(stack, "MissedSchedulesQueue", {})
        assert replayed(stack, dry_run=False, yes=True)
        assert "done    a sweep: done\n1 done. Nothing is left to put back." in capsys.readouterr().out
        assert 0 == waiting_in(stack, "MissedSchedulesQueue")

    def test_what_fails_is_said_and_stays(
        self, stack: Deployment, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The others are put back all the same; what failed is there for the next run."""
        tell(stack, "FailedInvocationsQueue", "odd")
        tell(stack, "MissedSchedulesQueue", {})
        assert not replayed(stack, dry_run=False, yes=True)
        said = capsys.readouterr()
        assert "It does not say what failed." in said.err
        assert "1 done, 1 failed." in said.out
        assert ["FailedInvocationsQueue"] == [message.queue for message in find(stack).messages]

    def test_nobody_answers(self) -> None:
        """An address that nobody listens on is told in a sentence, with exit code 2."""
        options = ["replay", "--stack", "s", "--region", "eu-west-2", "--endpoint-url", "http://127.0.0.1:9"]
        ended = CliRunner().invoke(app, options, env={"AWS_MAX_ATTEMPTS": "1"})
        assert 2 == ended.exit_code
        assert "AWS could not be reached" in ended.output
