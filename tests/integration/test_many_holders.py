"""A role that many people have: what they are told is too much for the transaction in which it happens."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest

from adapters import procedures
from adapters.cases.attributes import to_attributes
from adapters.cases.submission import submit
from domain.case import COMPLAINANT
from domain.directory import Entry, seeded
from domain.frozen import replace
from domain.records import to_record
from tests.integration.desk import ANSWERS, LEADERSHIP
from tests.integration.office import Office
from tests.integration.town import ADDRESS, OFFICE, SLUG, Town

MANY = 280


def crowd(office: Office, role: str) -> set[str]:
    """Put many people who have the role into the directory; their addresses."""
    directory = seeded(procedures.load(SLUG))
    more = tuple(
        Entry(
            id=f"person-{number}", name="Somebody", email=f"{number}@leadership-east.example", roles=(role,)
        )
        for number in range(MANY)
    )
    directory = replace(directory, version=1, people=(*directory.people, *more))
    item = {"PK": f"DIRECTORY#{SLUG}", "SK": "DIRECTORY", "version": 1, "directory": to_record(directory)}
    office.client.put_item(TableName=office.site.store.table, Item=to_attributes(item))
    return {entry.email for entry in more}


def told(office: Office, notice: str) -> Counter[str]:
    return Counter(
        mail["Destination"]["ToAddresses"][0]
        for mail in office.mail.sent
        if {"Name": "notice", "Value": notice} in mail["EmailTags"]
    )


@pytest.mark.parametrize("role", ["programmes-office", "director"])
def test_the_form_is_open_and_everybody_is_told_once(town: Town, role: str) -> None:
    """Of a complaint, as coordinators or as those who are informed; the complainant has the receipt at once."""
    office = town.desk.office
    addresses = crowd(office, role)
    page = town.complain(SLUG)
    assert town.desk.ref in page.text
    office.deliver_all()
    for mails in (office.mails_to(ADDRESS, "receipt"), office.mails_to(OFFICE, "new-case")):
        assert len(mails) == 1
    sent = told(office, "new-case" if role == "programmes-office" else "case-news")
    assert addresses <= set(sent)
    assert set(sent.values()) == {1}
    assert office.deliver_all() == 0


def test_what_breaks_off_in_between_is_gone_on_with(town: Town) -> None:
    """The first part of the messages was put into the outbox and the second was not: everybody is told once."""
    office = town.desk.office
    addresses = crowd(office, "programmes-office")
    filled = ANSWERS | LEADERSHIP[1]
    submit(SLUG, "complaint", filled, key="key", by=COMPLAINANT, site=office.site)
    (waiting,) = [
        entry
        for entry in office.site.store.due("outbox", office.clock.now(), limit=1000)
        if entry["SK"].endswith("#others")
    ]
    broken: list[int] = []

    def break_off(**_: object) -> None:
        broken.append(len(broken))
        if len(broken) == 2:
            raise ConnectionError

    office.client.meta.events.register("before-call.dynamodb.TransactWriteItems", break_off)
    with suppress(ConnectionError):
        office._deliver(waiting["PK"], waiting["SK"])  # noqa: SLF001 - one effect alone
    office.client.meta.events.unregister("before-call.dynamodb.TransactWriteItems", break_off)
    assert len(broken) == 2
    for _ in range(2):
        office.deliver_all()
    sent = told(office, "new-case")
    assert addresses <= set(sent)
    assert set(sent.values()) == {1}
    assert COMPLAINANT not in sent
