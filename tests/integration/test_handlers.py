"""The functions behind the pages, called with the sample events that stand for their triggers."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.cases.execute import execute
from adapters.cases.rules import rules_of
from adapters.cases.submission import submit
from domain.acts.acknowledgement import Acknowledge
from domain.acts.assignment import AssignReviewers
from domain.acts.outcome import RecordOutcome
from domain.acts.reply import Reply
from domain.case import COMPLAINANT, Finding
from domain.words import Writing
from handlers import alarm, mail_events, outbox, retention, sweep, wiring
from handlers.failures import Failed
from handlers.log import PowertoolsShape
from handlers.log import logger as log_of_those_waited_for
from tests.integration.deployment import ANSWERS, Context, Deployment
from tests.integration.office import TABLE

EVENTS = Path(__file__).parents[2] / "events"


def close(deployment: Deployment) -> None:
    """Bring the case to its end through the automatic part of the domain and two acts."""
    site, ref = deployment.office.site, deployment.ref
    procedure, _ = rules_of(deployment.case())
    stage = deployment.case().current.stage
    coordinator = procedure.holders(procedure.coordinator)[0].id
    reviewer = procedure.holders(procedure.stage(stage).review.role)[0].id
    if not deployment.case().current.reviewers:
        execute(ref, AssignReviewers(by=coordinator, stage=stage, reviewers=(reviewer,)), site=site)
    execute(ref, Acknowledge(by=coordinator, stage=stage), site=site)
    wording = Writing("outcome", {"reasons": ["Because."], "response": "Sorry."})
    findings = (Finding(aspect=1, conclusion=procedure.conclusions[0].id),)
    execute(ref, RecordOutcome(by=reviewer, stage=stage, findings=findings, wording=wording), site=site)
    execute(ref, Reply(by=COMPLAINANT, stage=stage, answer="satisfied"), site=site)


class TestAlarm:
    def test_it_reminds_when_it_is_time(self, deployment: Deployment) -> None:
        """The alarm of the acknowledgement reminds on the last working day but one at nine."""
        event = deployment.event("alarm-wake")
        deployment.at(datetime(2026, 11, 4, 9, 0, 1, tzinfo=UTC))
        answer = alarm.handler(event, Context())
        assert {"ref": deployment.ref, "version": deployment.case().version} == answer
        assert "DeadlineReminded" == deployment.facts()[-1]

    def test_a_stale_one_answers_without_a_write(self, deployment: Deployment) -> None:
        """Too early, too late, or of a case that is gone: no item changes."""
        before = deployment.office.items()
        alarm.handler(deployment.event("alarm-wake"), Context())
        alarm.handler({**deployment.event("alarm-wake"), "ref": "LE-0000-0000"}, Context())
        assert before == deployment.office.items()


class TestOutbox:
    def test_it_delivers_what_the_stream_brings(self, deployment: Deployment) -> None:
        """Two records of a batch are delivered and leave the outbox."""
        event = deployment.event("outbox-stored")
        delivered = {record["dynamodb"]["Keys"]["SK"]["S"] for record in event["Records"]}
        before = set(deployment.waiting())
        assert {"batchItemFailures": []} == outbox.handler(event, Context())
        assert before - delivered == set(deployment.waiting())

    def test_one_failure_does_not_hold_up_the_others(self, deployment: Deployment) -> None:
        """Only the record that failed is reported; the others are delivered."""
        event = deployment.event("outbox-stored")
        keys = event["Records"][0]["dynamodb"]["Keys"]
        deployment.office.client.update_item(
            TableName=TABLE,
            Key=keys,
            UpdateExpression="SET effect.#type = :odd",
            ExpressionAttributeNames={"#type": "type"},
            ExpressionAttributeValues={":odd": {"S": "Odd"}},
        )
        answer = outbox.handler(event, Context())
        (failure,) = answer["batchItemFailures"]
        assert event["Records"][0]["dynamodb"]["SequenceNumber"] == failure["itemIdentifier"]
        last = event["Records"][-1]["dynamodb"]["Keys"]["SK"]["S"]
        assert last not in deployment.waiting()


class TestSweep:
    def test_it_fires_what_an_alarm_missed_and_delivers_what_the_stream_left(
        self, deployment: Deployment
    ) -> None:
        """With no alarm and no stream at all, the sweep alone records the breach and empties the outbox."""
        deployment.at(datetime(2026, 11, 6, 0, 3, tzinfo=UTC))
        answer = sweep.handler(deployment.event("sweep-schedule"), Context())
        assert 1 == answer["woken"]
        assert "DeadlineBreached" == deployment.facts()[-1]
        deployment.at(datetime(2026, 11, 6, 0, 8, tzinfo=UTC))
        sweep.handler(deployment.event("sweep-schedule"), Context())
        assert [] == deployment.waiting()

    def test_a_case_that_fails_does_not_hold_up_the_others(self, deployment: Deployment) -> None:
        """The others are woken, and the function fails so that somebody is told."""
        office = deployment.office
        second = submit("leadership-east", "complaint", ANSWERS, key="2", by=COMPLAINANT, site=office.site)
        office.client.update_item(
            TableName=TABLE,
            Key={"PK": {"S": f"CASE#{deployment.ref}"}, "SK": {"S": "STATE"}},
            UpdateExpression="SET #case.procedure_version = :odd",
            ExpressionAttributeNames={"#case": "case"},
            ExpressionAttributeValues={":odd": {"N": "999"}},
        )
        deployment.at(datetime(2026, 11, 6, 0, 0, 1, tzinfo=UTC))
        with pytest.raises(sweep.SweepIncomplete):
            sweep.handler(deployment.event("sweep-schedule"), Context())
        woken = [row["fact"]["type"] for row in office.site.store.events(second.reference)]
        assert "DeadlineBreached" == woken[-1]


class TestRetention:
    def test_find_announce_destroy(self, deployment: Deployment) -> None:
        """The three tasks in their order, five years and the notice later, leave a tombstone."""
        close(deployment)
        assert {"cases": []} == retention.handler(deployment.event("retention-find"), Context())
        deployment.at(datetime(2031, 11, 4, 2, 0, tzinfo=UTC))
        found = retention.handler(deployment.event("retention-find"), Context())
        assert {"cases": [{"ref": deployment.ref}]} == found
        answer = retention.handler(deployment.event("retention-announce"), Context())
        assert answer["proceed"]
        assert not retention.handler(deployment.event("retention-destroy"), Context())["destroyed"]
        deployment.at(datetime(2031, 11, 19, 0, 0, 1, tzinfo=UTC))
        assert retention.handler(deployment.event("retention-destroy"), Context())["destroyed"]
        assert {"cases": []} == retention.handler(deployment.event("retention-find"), Context())
        assert deployment.office.site.store.load(deployment.ref) is None

    def test_an_open_case_is_neither_announced_nor_destroyed(self, deployment: Deployment) -> None:
        """Asked about a case that is open, the tasks answer no and write nothing."""
        before = deployment.office.items()
        assert not retention.handler(deployment.event("retention-announce"), Context())["proceed"]
        assert not retention.handler(deployment.event("retention-destroy"), Context())["destroyed"]
        assert before == deployment.office.items()


class TestMailEvents:
    @pytest.mark.parametrize("name", ["mail-events-bounce", "mail-events-complaint"])
    def test_a_notice_that_did_not_arrive_is_on_the_case(self, deployment: Deployment, name: str) -> None:
        """A permanent bounce, or a report as unwanted, becomes a fact of the case, once."""
        for _ in range(2):
            mail_events.handler(deployment.event(name), Context())
        assert 1 == deployment.facts().count("NoticeBounced")
        assert (COMPLAINANT,) == deployment.case().unreachable

    @pytest.mark.parametrize(
        "report",
        [
            {"eventType": "Bounce", "bounce": {"bounceType": "Transient", "bounceSubType": "MailboxFull"}},
            {
                "eventType": "Bounce",
                "bounce": {"bounceType": "Transient", "bounceSubType": "ContentRejected"},
            },
            {
                "eventType": "Bounce",
                "bounce": {"bounceType": "Undetermined", "bounceSubType": "Undetermined"},
            },
            {"eventType": "Reject", "reject": {"reason": "Bad content"}},
            {"eventType": "BOUNCE", "bounce": {"bounceType": "Permanent", "bounceSubType": "NoEmail"}},
            {
                "eventType": "Bounce",
                "bounce": {
                    "bounceType": "Transient",
                    "bounceSubType": "General",
                    "bouncedRecipients": [{"action": "failed", "status": "4.4.7"}],
                },
            },
        ],
        ids=lambda report: (
            " ".join(map(str, report.get("bounce", report["eventType"]).values()))
            if "bounce" in report
            else report["eventType"]
        ),
    )
    def test_every_final_failure_counts(self, deployment: Deployment, report: dict[str, Any]) -> None:
        """SES reports a bounce when it has stopped trying, whatever the reason is called."""
        assert {"recorded": 1} == mail_events.handler(reported(deployment, report), Context())
        assert (COMPLAINANT,) == deployment.case().unreachable

    @pytest.mark.parametrize(
        "report",
        [
            {"eventType": "DeliveryDelay", "deliveryDelay": {"delayType": "MailboxFull"}},
            {"eventType": "Delivery", "delivery": {}},
            {
                "eventType": "Bounce",
                "bounce": {
                    "bounceType": "Transient",
                    "bounceSubType": "General",
                    "bouncedRecipients": [{"emailAddress": "participant@home.example"}],
                },
            },
        ],
        ids=["a delay", "a delivery", "out of the office"],
    )
    def test_what_is_no_failure_does_not(self, deployment: Deployment, report: dict[str, Any]) -> None:
        """What is still on its way, what arrived, and the answer of somebody who is out of the office."""
        assert {"recorded": 0} == mail_events.handler(reported(deployment, report), Context())
        assert "NoticeBounced" not in deployment.facts()

    def test_each_notice_that_failed_is_known(self, deployment: Deployment) -> None:
        """A second failure says more: by notice and person, each once."""
        for letter in ("000001-0", "000001-0", "000007-0"):
            event = deployment.event("mail-events-bounce")
            sns = event["Records"][0]["Sns"]
            report = json.loads(sns["Message"])
            report["mail"]["tags"]["letter"] = [letter]
            sns["Message"] = json.dumps(report)
            mail_events.handler(event, Context())
        assert ["000001-0", "000007-0"] == [failed.letter for failed in deployment.case().failed]


def reported(deployment: Deployment, report: dict[str, Any]) -> dict[str, Any]:
    """The event with which SNS hands over a report about the mail of the sample event."""
    event = deployment.event("mail-events-bounce")
    sns = event["Records"][0]["Sns"]
    sns["Message"] = json.dumps({**report, "mail": json.loads(sns["Message"])["mail"]})
    return event


@contextmanager
def logged() -> Iterator[StringIO]:
    """What the functions write into their logs meanwhile."""
    log = StringIO()
    own, written = log_of_those_waited_for, logging.StreamHandler(log)
    written.setFormatter(PowertoolsShape())
    own.addHandler(written)
    before = [
        (module, module.logger.registered_handler.setStream(log))
        for module in (sweep, mail_events, outbox, retention)
    ]
    try:
        yield log
    finally:
        own.removeHandler(written)
        for module, stream in before:
            module.logger.registered_handler.setStream(stream)


@contextmanager
def refused(service: str, operation: str, text: str) -> Iterator[None]:
    """Meanwhile the functions' client of a service gets `text` as the answer to an operation, with a 400."""
    error = {"Code": "MessageRejected", "Message": text}
    events = wiring.client(service).meta.events

    def refuse(**_: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
        return SimpleNamespace(status_code=400), {"Error": error, "ResponseMetadata": {}}

    events.register(f"before-call.*.{operation}", refuse)
    try:
        yield
    finally:
        events.unregister(f"before-call.*.{operation}", refuse)


class TestLogs:
    """What fails is logged by kind and place: the words of an error can hold an address, or what somebody wrote."""

    def test_of_a_whole_case_hold_no_personal_data(self, deployment: Deployment) -> None:
        """A whole case through the functions leaves references, and nothing that anybody wrote or is."""
        with logged() as log:
            outbox.handler(deployment.event("outbox-stored"), Context())
            close(deployment)
            deployment.at(datetime(2026, 11, 20, tzinfo=UTC))
            sweep.handler(deployment.event("sweep-schedule"), Context())
            mail_events.handler(deployment.event("mail-events-bounce"), Context())
        assert deployment.ref in log.getvalue()
        assert "canary" not in log.getvalue().lower()

    def test_of_mails_that_were_refused_hold_no_address(self, deployment: Deployment) -> None:
        """SES names the address when it refuses a mail; the log says that it did, and where in the code."""
        with (
            refused("sesv2", "SendEmail", f"Email address is not verified: {ANSWERS['email']}"),
            logged() as log,
        ):
            assert outbox.handler(deployment.event("outbox-stored"), Context())["batchItemFailures"]
            deployment.at(datetime(2026, 11, 6, 0, 3, tzinfo=UTC))
            with pytest.raises(sweep.SweepIncomplete) as ended:
                sweep.handler(deployment.event("sweep-schedule"), Context())
        assert "MessageRejected" in log.getvalue()
        assert "delivery.py" in log.getvalue()
        assert "canary" not in f"{log.getvalue()} {ended.value}".lower()

    @pytest.mark.filterwarnings("ignore:No application metrics")
    @pytest.mark.parametrize(
        ("module", "event"),
        [
            (alarm, "alarm-wake"),
            (mail_events, "mail-events-bounce"),
            (retention, "retention-announce"),
            (retention, "retention-destroy"),
            (retention, "retention-find"),
            (sweep, "sweep-schedule"),
        ],
        ids=lambda one: one if isinstance(one, str) else one.__name__,
    )
    def test_of_what_a_function_ends_with_hold_no_words(
        self, deployment: Deployment, module: Any, event: str
    ) -> None:
        """Lambda logs the text of the error that a function ends with, and Step Functions keeps it for 90 days."""
        said = "It did not like what Canary Complainant wrote."
        refusals = refused("dynamodb", "GetItem", said), refused("dynamodb", "Query", said)
        with refusals[0], refusals[1], logged() as log, pytest.raises(Failed) as ended:
            module.handler(deployment.event(event), Context())
        assert "MessageRejected" in log.getvalue()
        assert "canary" not in f"{log.getvalue()} {ended.value}".lower()
