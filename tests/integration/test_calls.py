"""How often each act asks the database: what a person waits for, and what is paid for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters import procedures
from adapters.cases.execute import execute
from adapters.cases.submission import submit
from adapters.cases.table import READS, NotRead
from adapters.people.directory import directory_of
from adapters.people.links import fingerprint, mint
from domain.acts.acknowledgement import Acknowledge
from domain.case import COMPLAINANT
from handlers import alarm, wiring
from tests.integration.desk import ANSWERS, LEADERSHIP, Desk, Read
from tests.integration.office import Office, calls_of
from tests.rules import ACTIONS

CLICK = ["BatchGetItem", "TransactWriteItems"]


class Leaving:
    """A client of which DynamoDB leaves part of what it is asked for unread, `times` in a row."""

    def __init__(self, client: Any, times: int) -> None:
        self.client, self.times, self.asked = client, times, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803 - botocore's name
        self.asked += 1
        if self.asked > self.times:
            return self.client.batch_get_item(RequestItems=RequestItems)
        # The first table's first; the last of all is answered with nothing at all.
        (table, request), *others = RequestItems.items()
        first, *rest = request["Keys"]
        answer = self.client.batch_get_item(RequestItems={table: {**request, "Keys": [first]}})
        left = dict(others) | ({table: {**request, "Keys": rest}} if rest else {})
        if not left:
            answer["Responses"] = {}
            left = RequestItems
        return {**answer, "UnprocessedKeys": left}


def test_a_submission_is_one_transaction_and_no_read(office: Office) -> None:
    """Events, state, contents, effects and the key go in at once, and nothing is asked before: who is there was asked
    for within this minute."""
    directory_of(procedures.load(LEADERSHIP[0]), site=office.site)
    with calls_of(office.client) as calls:
        submit(LEADERSHIP[0], "complaint", ANSWERS | LEADERSHIP[1], key="k", by=COMPLAINANT, site=office.site)
    assert ["TransactWriteItems"] == calls


def test_the_same_submission_again_is_one_read_more(office: Office) -> None:
    """Only who presses twice waits for the first answer to be read."""
    answers = ANSWERS | LEADERSHIP[1]
    first = submit(LEADERSHIP[0], "complaint", answers, key="k", by=COMPLAINANT, site=office.site)
    with calls_of(office.client) as calls:
        again = submit(LEADERSHIP[0], "complaint", answers, key="k", by=COMPLAINANT, site=office.site)
    assert ["TransactWriteItems", "GetItem"] == calls
    assert (first.reference, True) == (again.reference, again.repeated)


def test_a_click_is_one_read_and_one_transaction(leadership: Desk) -> None:
    """Link and case are read together, and what was decided is stored at once."""
    secret = leadership.secret(leadership.coordinator())
    with calls_of(wiring.client("dynamodb")) as calls:
        answer = leadership.post(secret, {"action": "acknowledge", "confirm": "yes"})
    assert 200 == answer["statusCode"]
    assert CLICK == calls


def test_a_click_on_what_was_written_before_reads_nothing_more(leadership: Desk) -> None:
    """The second note, like the first, is known to be new without reading the others; the same one again is not
    stored."""
    secret = leadership.secret(leadership.coordinator())
    for text in ("The first.", "The second."):
        note = {"action": "note", "kind": "call-reached", "text": text}
        with calls_of(wiring.client("dynamodb")) as calls:
            assert 200 == leadership.post(secret, note)["statusCode"]
        assert CLICK == calls
    answer = leadership.post(secret, {"action": "note", "kind": "call-reached", "text": "The first."})
    assert 409 == answer["statusCode"]
    assert "already been recorded in the same words" in Read(answer["body"]).text
    assert 2 == leadership.facts().count("NoteAdded")


def test_a_click_that_can_do_nothing_writes_nothing(leadership: Desk) -> None:
    """A link that is not for what is asked, or a second press: no transaction is begun."""
    secret = leadership.secret(leadership.coordinator())
    leadership.post(secret, {"action": "acknowledge", "confirm": "yes"})
    for action in ("acknowledge", "reply", "approve"):
        with calls_of(wiring.client("dynamodb")) as calls:
            answer = leadership.post(secret, {"action": action, "confirm": "yes"})
        assert answer["statusCode"] in (403, 409), action
        assert "TransactWriteItems" not in calls, action


def test_what_is_no_link_is_not_looked_up(leadership: Desk) -> None:
    """An address that nobody was ever given costs no read."""
    secret = leadership.secret(leadership.coordinator())
    for guess in (
        "x",
        secret.partition(".")[2],
        f"{leadership.ref}.",
        secret.lower(),
        f"{secret}x",
        f"x{secret}",
    ):
        with calls_of(wiring.client("dynamodb")) as calls:
            assert 404 == leadership.get(guess)["statusCode"], guess
        assert [] == calls, guess


def test_a_secret_is_not_good_for_another_case(leadership: Desk) -> None:
    """The reference in an address opens nothing by itself, nor beside another case's random part."""
    secret = leadership.secret(leadership.coordinator())
    receipt = submit(
        LEADERSHIP[0],
        "complaint",
        ANSWERS | LEADERSHIP[1],
        key="another",
        by=COMPLAINANT,
        site=leadership.office.site,
    )
    assert receipt.reference != leadership.ref
    assert 404 == leadership.get(secret.replace(leadership.ref, receipt.reference))["statusCode"]


def test_a_stale_alarm_is_one_read_and_no_write(leadership: Desk) -> None:
    """Nothing is due: the case is read, and that is all."""
    at = datetime(2026, 11, 2, 10, 0, tzinfo=UTC).isoformat()
    event = {"ref": leadership.ref, "deadline": "stage-1/acknowledge", "version": 1, "at": at}
    with calls_of(wiring.client("dynamodb")) as calls:
        alarm.handler(event, None)
    assert ["GetItem"] == calls


def test_what_is_left_unread_is_asked_for_again(leadership: Desk) -> None:
    """Part of an answer is no answer: the rest is asked for, and the link works."""
    from adapters.people.links import find

    secret = leadership.secret(leadership.coordinator())
    client = Leaving(leadership.office.client, times=2)
    leadership.office.meter(client)
    found = find(secret, leadership.office.site)
    assert found is not None
    link, stored = found
    assert stored is not None
    assert (leadership.ref, leadership.ref) == (link.ref, stored.case.ref)
    assert 3 == client.asked


def test_what_stays_unread_is_an_error_and_no_empty_answer(leadership: Desk) -> None:
    """A table without capacity is not taken for one without the link."""
    from adapters.people.links import find

    secret = leadership.secret(leadership.coordinator())
    client = Leaving(leadership.office.client, times=1000)
    leadership.office.meter(client)
    with pytest.raises(NotRead):
        find(secret, leadership.office.site)
    assert READS == client.asked


def test_a_decision_on_what_was_read_before_is_made_again_after_a_lost_race(office: Office) -> None:
    """What the click had read is out of date: the transaction fails, and the case is read and decided on afresh."""
    receipt = submit(
        LEADERSHIP[0], "complaint", ANSWERS | LEADERSHIP[1], key="k", by=COMPLAINANT, site=office.site
    )
    before = office.site.store.load(receipt.reference)
    assert before is not None
    from adapters.cases.rules import rules_of
    from domain.errors import AlreadyDone

    procedure, _ = rules_of(before.case)
    by = procedure.holders(procedure.coordinator)[0].id
    acknowledge = Acknowledge(by=by, stage=before.case.current.stage)
    execute(receipt.reference, acknowledge, site=office.site)
    with calls_of(office.client) as calls, pytest.raises(AlreadyDone):
        execute(receipt.reference, acknowledge, site=office.site, read=before)
    assert ["TransactWriteItems", "GetItem"] == calls


def test_fingerprints_tell_acts_words_and_links_apart(office: Office) -> None:
    """The same words of the same act from the same link, and nothing else, have the same fingerprint."""
    receipt = submit(
        LEADERSHIP[0], "complaint", ANSWERS | LEADERSHIP[1], key="k", by=COMPLAINANT, site=office.site
    )
    one, two = (
        mint(
            ref=receipt.reference,
            person="x",
            stage="stage-1",
            sent_for=ACTIONS[0],
            sent_to="",
            site=office.site,
        )
        for _ in range(2)
    )
    words = {"text": "Said.", "when": "today"}
    known = fingerprint(one, "note", words)
    assert known == fingerprint(one, "note", dict(reversed(words.items())))
    others = [
        fingerprint(two, "note", words),
        fingerprint(one, "ask", words),
        fingerprint(one, "note", {**words, "text": "Said"}),
    ]
    assert known not in others
    assert 3 == len(set(others))
