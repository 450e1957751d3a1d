"""Cases in the table: one transaction a decision, one case a submission, one path that deletes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters.cases.attributes import to_attributes
from adapters.cases.erasure import destroy
from adapters.cases.execute import append, execute
from adapters.cases.keys import LostRace
from adapters.cases.rules import rules_of, situation_of
from adapters.cases.submission import KeyReused, Receipt, submit
from adapters.people.links import find, hash_of, mint, renew
from adapters.post.delivery import deliver
from domain.acts.acknowledgement import Acknowledge
from domain.acts.assignment import AssignReviewers
from domain.acts.new_date import SendInterimResponse
from domain.acts.outcome import RecordOutcome
from domain.acts.reply import Reply
from domain.acts.retention import AnnounceDeletion, PlaceHold
from domain.acts.waking import Wake
from domain.case import COMPLAINANT, Case, Finding, replay
from domain.command import decide
from domain.errors import DeletionRefused, InvalidAnswers, UnknownCase
from domain.promises import Promise
from domain.records import FIRST_LINK, chained
from domain.registry import bound_to, event_in
from domain.words import Writing
from local.indexes import Indexes
from tests.integration.office import BUCKET, TABLE, Office
from tests.rules import refusal, wakes

ORGANISATION = "leadership-east"

CANARY = "Zyxwvut Canary"

ANSWERS: dict[str, Any] = {
    "name": CANARY,
    "email": "canary@complainant.example",
    "telephone": "07700 900123",
    "address": "1 Canary Row",
    "account": "What the canary saw.",
    "aspects": ["The canary's first point", "The canary's second point"],
    "outcome_sought": "A canary apology",
    "declaration": True,
}


def submitted(office: Office, key: str = "key-1", **changes: Any) -> Receipt:
    return submit(ORGANISATION, "complaint", ANSWERS | changes, key=key, by=COMPLAINANT, site=office.site)


def present(office: Office, ref: str) -> Case:
    stored = office.site.store.load(ref)
    assert stored is not None
    return stored.case


def coordinator(office: Office, ref: str) -> str:
    procedure, _ = rules_of(present(office, ref))
    return procedure.holders(procedure.coordinator)[0].id


def closed(office: Office) -> str:
    """The reference of a case that ended with a satisfied complainant."""
    ref = submitted(office).reference
    case = present(office, ref)
    procedure, _ = rules_of(case)
    stage = case.current.stage
    reviewer = procedure.holders(procedure.stage(stage).review.role)[0].id
    if case.current.reviewers != (reviewer,):
        assign = AssignReviewers(by=coordinator(office, ref), stage=stage, reviewers=(reviewer,))
        execute(ref, assign, site=office.site)
    execute(ref, Acknowledge(by=reviewer, stage=stage), site=office.site)
    findings = tuple(Finding(aspect=n, conclusion=procedure.conclusions[0].id) for n in (1, 2))
    wording = Writing("outcome", {"reasons": [CANARY, CANARY], "response": CANARY})
    execute(
        ref, RecordOutcome(by=reviewer, stage=stage, findings=findings, wording=wording), site=office.site
    )
    execute(ref, Reply(by=COMPLAINANT, stage=stage, answer="satisfied"), site=office.site)
    return ref


class TestSubmission:
    def test_the_same_key_and_body_again_is_the_first_answer(self, office: Office) -> None:
        """A second click opens no second case."""
        first = submitted(office)
        office.clock.advance(timedelta(hours=3))
        again = submitted(office)
        assert (first.reference, first.received_at, first.deadlines) == (
            again.reference,
            again.received_at,
            again.deadlines,
        )
        assert (False, True) == (first.repeated, again.repeated)

    def test_a_first_answer_that_was_stored_long_ago_is_given_again(self, office: Office) -> None:
        """Receipts once told of a date no more than this."""
        first = submitted(office)
        (item,) = (one for one in office.items() if one["SK"]["S"] == "SUBMISSION")
        for promise in item["receipt"]["M"]["deadlines"]["L"]:
            kept = {name: promise["M"][name] for name in ("name", "due", "due_at")}
            promise["M"] = {**kept, "counted": {"S": "5 working days"}}
        office.client.put_item(TableName=TABLE, Item=item)
        again = submitted(office)
        assert again.repeated
        assert [(one.name, one.due, one.due_at) for one in first.deadlines] == [
            (one.name, one.due, one.due_at) for one in again.deadlines
        ]
        assert (
            first.deadlines
            != again.deadlines
            == tuple(Promise(name=one.name, due=one.due, due_at=one.due_at) for one in first.deadlines)
        )

    def test_the_same_key_with_another_body_is_refused(self, office: Office) -> None:
        """A key names one submission."""
        submitted(office)
        before = office.items()
        with pytest.raises(KeyReused):
            submitted(office, account="Something else.")
        assert before == office.items()

    def test_a_key_of_one_organisation_is_free_at_another(self, office: Office) -> None:
        """Organisations that share a deployment do not meet in their keys."""
        submitted(office)
        other = submit(
            "creative-alliance", "complaint", ANSWERS, key="key-1", by=COMPLAINANT, site=office.site
        )
        assert not other.repeated

    def test_what_is_refused_stores_nothing(self, office: Office) -> None:
        """An incident in the future leaves no trace."""
        with pytest.raises(InvalidAnswers):
            submitted(office, incident_date="2026-11-03")
        assert [] == office.items()


class TestOneWrite:
    def test_events_chain_and_replay_to_the_stored_state(self, office: Office) -> None:
        """Each event carries the hash of the one before; all of them make the state that is stored."""
        ref = closed(office)
        stored = office.site.store.load(ref)
        assert stored is not None
        rows = office.site.store.events(ref)
        head = FIRST_LINK
        for row in rows:
            assert head == row["previous"]
            head = chained(row["fact"], head)
            assert head == row["hash"]
        assert stored.head == head
        assert stored.case == replay(ref, [event_in(row["fact"]) for row in rows])

    def test_a_lost_race_writes_nothing(self, office: Office) -> None:
        """What was decided on an old version is not stored, in no part."""
        ref = submitted(office).reference
        old = office.site.store.load(ref)
        assert old is not None
        at = situation_of(old.case, now=office.clock.now())
        command = Acknowledge(by=coordinator(office, ref), stage=old.case.current.stage)
        events = decide(at, command)
        execute(ref, command, site=office.site)
        before = office.items()
        with pytest.raises(LostRace):
            append(old, at, events, command, site=office.site)
        assert before == office.items()

    def test_what_people_wrote_is_content_alone(self, office: Office) -> None:
        """Not in the state, not in an event, not in the outbox, not in a link: personal data has one place."""
        closed(office)
        office.deliver_all()
        elsewhere = [item for item in office.items() if not item["SK"]["S"].startswith("CONTENT#")]
        assert elsewhere
        for item in elsewhere:
            assert "canary" not in json.dumps(item, default=str).lower(), item["SK"]

    def test_a_stale_alarm_writes_nothing(self, office: Office) -> None:
        """Waking a case that has nothing due changes no item."""
        ref = submitted(office).reference
        before = office.items()
        execute(ref, Wake(), site=office.site)
        assert before == office.items()

    def test_the_index_knows_when_the_case_has_to_be_looked_at(self, office: Office) -> None:
        """The sweep finds a case at its next instant and not before."""
        ref = submitted(office).reference
        case = present(office, ref)
        wake = wakes(case, *rules_of(case))[0]
        just_before = wake.at - timedelta(seconds=1)
        assert [] == office.site.store.due("wake", just_before, limit=10)
        assert [ref] == [entry["ref"] for entry in office.site.store.due("wake", wake.at, limit=10)]


class TestDelivery:
    def test_a_repetition_sends_nothing(self, office: Office) -> None:
        """After a delivery the outbox is empty, and delivering again sends nothing."""
        submitted(office)
        assert office.deliver_all() > 0
        sent = len(office.mail.sent)
        assert 0 == office.deliver_all()
        assert sent == len(office.mail.sent)

    def test_what_could_not_be_sent_stays_in_the_outbox(self, office: Office) -> None:
        """First sent, then marked: a refusal of the mail service loses nothing."""
        submitted(office)
        office.mail.refuses = True
        with pytest.raises(ConnectionError):
            office.deliver_all()
        office.mail.refuses = False
        office.deliver_all()
        assert 1 == len(office.mails_to("canary@complainant.example", "receipt"))

    def test_an_interim_response_reaches_the_complainant_with_its_message(self, office: Office) -> None:
        """The new date and what is being done arrive by mail, and the new date is the one that is enforced."""
        receipt = submit("dynamic-training", "complaint", ANSWERS, key="k", by=COMPLAINANT, site=office.site)
        case = present(office, receipt.reference)
        procedure, _ = rules_of(case)
        stage = case.current.stage
        reviewer = procedure.holders(procedure.stage(stage).review.role)[0].id
        if case.current.reviewers != (reviewer,):
            by = coordinator(office, receipt.reference)
            assign = AssignReviewers(by=by, stage=stage, reviewers=(reviewer,))
            execute(receipt.reference, assign, site=office.site)
        message = Writing("interim", {"message": "We are asking the observer for her diary."})
        respond_by = date(2026, 11, 20)
        interim = SendInterimResponse(by=reviewer, stage=stage, respond_by=respond_by, message=message)
        after = execute(receipt.reference, interim, site=office.site)
        office.deliver_all()
        (mail,) = office.mails_to("canary@complainant.example", "interim-response")
        body = mail["Content"]["Simple"]["Body"]["Text"]["Data"]
        assert "asking the observer for her diary" in " ".join(body.split())
        assert "Friday 20 November 2026" in " ".join(body.split())
        assert after.current.respond_by == respond_by

    def test_an_alarm_is_an_execution_without_personal_data(self, office: Office) -> None:
        """Its name reads like a diary, its input holds reference, deadline, version and instant."""
        ref = submitted(office).reference
        office.deliver_all()
        (execution,) = self.executions(office)
        assert f"{ref}.stage-1.acknowledge.1" == execution["name"]
        described = office.courier.stepfunctions.describe_execution(executionArn=execution["executionArn"])
        assert {"ref", "deadline", "version", "at"} == set(json.loads(described["input"]))

    def test_an_alarm_set_twice_is_set_once(self, office: Office) -> None:
        """Delivering the same alarm again, as after a crash before the mark, is harmless."""
        ref = submitted(office).reference
        waiting = [item for item in office.items() if "SetAlarm" in json.dumps(item.get("effect", {}))]
        (item,) = waiting
        for _ in range(2):
            office.client.put_item(TableName=TABLE, Item=item)
            assert deliver(ref, item["SK"]["S"], site=office.site, courier=office.courier)
        assert 1 == len(self.executions(office))

    def executions(self, office: Office) -> list[dict[str, Any]]:
        answer = office.courier.stepfunctions.list_executions(
            stateMachineArn=office.site.settings.alarm_machine_arn
        )
        found: list[dict[str, Any]] = answer["executions"]
        return found


def former_link(office: Office, ref: str, person: str) -> str:
    """A link as it was stored before links lay in their case."""
    secret = f"{ref}.{'a' * 43}"
    item = {
        "PK": f"LINK#{hash_of(secret)}",
        "SK": "LINK",
        "ref": ref,
        "person": person,
        "stage": "stage-1",
        "actions": ["assign", "acknowledge", "what no release knows any more"],
        "expires_at": "2030-01-01T00:00:00.000000Z",
    }
    for one in (item, {"PK": f"CASE#{ref}", "SK": f"LINK#{hash_of(secret)}"}):
        office.client.put_item(TableName=TABLE, Item=to_attributes(one))
    return secret


class TestLinks:
    def test_the_secret_is_stored_nowhere(self, office: Office) -> None:
        """The table knows the hash of a secret and not the secret."""
        ref = submitted(office).reference
        secret = mint(
            ref=ref, person="x", stage="stage-1", sent_for="acknowledge", sent_to="", site=office.site
        )
        assert secret not in json.dumps(office.items(), default=str)
        found = find(secret, office.site)
        assert found is not None
        link, _ = found
        assert (ref, "x", "stage-1", "acknowledge") == (link.ref, link.person, link.stage, link.acts[0])
        assert set(bound_to("x")) == set(link.acts)
        assert find(secret[:-1] + ("A" if secret[-1] != "A" else "B"), office.site) is None

    def test_links_that_were_sent_before_they_lay_in_the_case_still_work(self, office: Office) -> None:
        """A former link is found, with the actions that it names and no others, and renewed."""
        ref = submitted(office).reference
        office.deliver_all()
        by = coordinator(office, ref)
        secret = former_link(office, ref, by)
        found = find(secret, office.site)
        assert found is not None
        link, stored = found
        assert stored is not None
        assert (by, "stage-1", ("assign", "acknowledge")) == (link.person, link.stage, link.acts)
        assert renew(link, office.site)

    def test_a_link_stays_good_while_the_case_moves_on_within_its_stage(self, office: Office) -> None:
        """Who was assigned before the acknowledgement records the outcome from that same link after it."""
        ref = submitted(office).reference
        procedure, _ = rules_of(present(office, ref))
        stage = procedure.stage("stage-1")
        reviewer = procedure.holders(stage.review.role)[0]
        by = coordinator(office, ref)
        execute(ref, AssignReviewers(by=by, stage=stage.id, reviewers=(reviewer.id,)), site=office.site)
        office.deliver_all()
        (mail,) = office.mails_to(reviewer.email, "assignment")
        text = mail["Content"]["Simple"]["Body"]["Text"]["Data"]
        secret = text.partition("/l/")[2].split()[0]
        execute(ref, Acknowledge(by=by, stage=stage.id), site=office.site)
        found = find(secret, office.site)
        assert found is not None
        link, _ = found
        assert "respond" in link.acts
        assert "reply" not in link.acts, "what only the complainant does is not for staff"
        assert (
            refusal("respond", present(office, ref), by=link.person, stage=link.stage, procedure=procedure)
            is None
        )

    def test_a_fresh_link_is_sent_to_the_registered_address_and_not_again_at_once(
        self, office: Office
    ) -> None:
        """Who has an old link can have a new one sent to its owner, but not flood them."""
        ref = submitted(office).reference
        office.deliver_all()
        by = coordinator(office, ref)
        secret = mint(
            ref=ref, person=by, stage="stage-1", sent_for="acknowledge", sent_to="", site=office.site
        )
        found = find(secret, office.site)
        assert found is not None
        link, _ = found
        assert (True, False) == (renew(link, office.site), renew(link, office.site))
        office.deliver_all()
        procedure, _ = rules_of(present(office, ref))
        person = procedure.person(by)
        assert person is not None
        assert 1 == len(office.mails_to(person.email, "fresh-link"))


class TestErasure:
    def announced(self, office: Office, ref: str) -> datetime:
        office.clock.move_to(datetime(2031, 11, 4, 1, 0, tzinfo=UTC))
        destroy_at = execute(ref, AnnounceDeletion(), site=office.site).destroy_at
        assert destroy_at is not None
        return destroy_at

    def test_nothing_is_left_but_the_tombstone(self, office: Office) -> None:
        """After five years and the notice: one item with reference, organisation, dates, hash, and no document."""
        ref = closed(office)
        office.deliver_all()
        former_link(office, ref, coordinator(office, ref))
        for body in (b"one", b"two"):
            office.s3.put_object(Bucket=BUCKET, Key=f"cases/{ref}/recording.ogg", Body=body)
        destroy_at = self.announced(office, ref)
        office.deliver_all()
        before = office.site.store.load(ref)
        assert before is not None
        office.clock.move_to(destroy_at)
        destroy(ref, site=office.site, s3=office.s3)
        office.deliver_all()
        (item,) = office.items()
        tombstone = item["tombstone"]["M"]
        assert {"reference", "organisation", "opened", "closed", "destroyed", "final_hash"} == set(tombstone)
        assert before.head != tombstone["final_hash"]["S"], "the destruction itself is the last event"
        assert "Versions" not in office.s3.list_object_versions(Bucket=BUCKET)
        certificate = office.mail.sent[-1]
        assert {"Name": "notice", "Value": "deletion-certificate"} in certificate["EmailTags"]
        assert "canary" not in json.dumps(certificate).lower()

    def test_twice_is_once(self, office: Office) -> None:
        """A destroyed case is not destroyed again, and nobody acts in it any more."""
        ref = closed(office)
        office.clock.move_to(self.announced(office, ref))
        destroy(ref, site=office.site, s3=office.s3)
        before = office.items()
        destroy(ref, site=office.site, s3=office.s3)
        assert before == office.items()
        with pytest.raises(UnknownCase):
            execute(ref, Wake(), site=office.site)

    def test_an_erasure_that_broke_off_goes_on(self, office: Office) -> None:
        """What was begun stays on the list until only the tombstone is left."""
        ref = closed(office)
        office.clock.move_to(self.announced(office, ref))

        class Broken:
            def get_paginator(self, _: str) -> Any:
                raise ConnectionError("S3 does not answer.")

        with pytest.raises(ConnectionError):
            destroy(ref, site=office.site, s3=Broken())
        assert [ref] == [one["ref"] for one in office.site.store.due("delete", office.clock.now(), limit=5)]
        destroy(ref, site=office.site, s3=office.s3)
        office.deliver_all()
        assert 1 == len(office.items())

    def test_two_at_once_lose_no_certificate(self, office: Office) -> None:
        """While one has begun, another comes to its end: what tells of it goes out all the same."""
        ref = closed(office)
        office.clock.move_to(self.announced(office, ref))
        office.deliver_all()

        class Slow:
            """S3 for a run that is overtaken while it waits for it."""

            def get_paginator(self, name: str) -> Any:
                if name == "list_object_versions" and any("case" in item for item in office.items()):
                    destroy(ref, site=office.site, s3=office.s3)
                return office.s3.get_paginator(name)

        destroy(ref, site=office.site, s3=Slow())
        office.deliver_all()
        certificate = office.mail.sent[-1]
        assert {"Name": "notice", "Value": "deletion-certificate"} in certificate["EmailTags"]
        assert 1 == len(office.items())

    def test_a_hold_stops_it(self, office: Office) -> None:
        """A held case is not on the list, and asking for its destruction all the same deletes nothing."""
        ref = closed(office)
        procedure, _ = rules_of(present(office, ref))
        holder = procedure.holders(procedure.retention.told)[0].id
        destroy_at = self.announced(office, ref)
        reason = Writing("hold", {"reason": "A solicitor's letter."})
        execute(ref, PlaceHold(by=holder, reason=reason), site=office.site)
        office.clock.move_to(destroy_at + timedelta(days=1))
        assert [] == office.site.store.due("delete", office.clock.now(), limit=5)
        assert [] == Indexes(office.client, TABLE).worklist(), "it is closed all the same"
        before = office.items()
        with pytest.raises(DeletionRefused):
            destroy(ref, site=office.site, s3=office.s3)
        assert before == office.items()
