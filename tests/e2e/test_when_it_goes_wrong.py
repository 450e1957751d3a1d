"""What goes wrong with people, addresses and dates, lived through on the local stack, through mails and pages alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from local.stack import LocalStack
from tests.e2e.people import Town, get
from tests.e2e.test_lives import OUTCOME, Life

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LEADERSHIP = "leadership-east"
OFFICE = "programmes.office@leadership-east.example"
DIRECTOR = "director@leadership-east.example"
BOUNCES = "bounce+quagmire@complainant.example"
MOVED = "quagmire@moved.example"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    stack = LocalStack(tmp_path_factory.mktemp("wrong"))
    stack.start()
    try:
        yield Town(stack)
    finally:
        stack.stop()


def begun(town: Town, organisation: str, **answers: Any) -> Life:
    life = Life(town, organisation, key=str(uuid4()))
    life.begin(**answers)
    town.settle()
    return life


def answered(life: Life) -> Life:
    """With its first outcome sent."""
    while "respond" not in life.acts:
        action, form = life.next_act()
        assert form is not None
        life.act(action, form)
        life.town.settle()
    return life


def door(life: Life, address: str) -> str:
    """The newest link to the case of whoever has this address."""
    return next(link for whom, link, _ in life.town.doors(life.ref) if whom == address)


def do(life: Life, address: str, action: str, /, **choices: Any) -> str:
    """Do it by the newest link of whoever has this address; the page that comes of it."""
    answer = life.town.act(door(life, address), action, **choices)
    assert answer.status == 200, answer.text
    life.town.settle()
    return answer.text


def told(town: Town, address: str, ref: str, words: str) -> list[dict[str, Any]]:
    return [mail for mail in town.mails(address) if ref in mail["subject"] and words in mail["subject"]]


def by_telephone(day: date) -> dict[str, str]:
    return {
        "route": "telephone",
        "received.day": str(day.day),
        "received.month": str(day.month),
        "received.year": str(day.year),
    }


def test_an_outcome_that_bounces_is_sent_again_and_answered_by_telephone_in_the_last_hour(town: Town) -> None:
    """The office corrects the address, and the outcome arrives; what the complainant says on the last evening is
    entered when silence has closed the case, and the case goes on."""
    life = answered(begun(town, LEADERSHIP, email=BOUNCES))
    reached = {"whose": "same", "name": "Zoë", "email": MOVED, "telephone": "", "address": ""}
    do(life, OFFICE, "contact-details", **reached, reason="They called.", how="They spelled it out.")
    outcome = life.town.doors(life.ref)
    messages = next(forms["send-again"].offered["message"] for whom, _, forms in outcome if whom == OFFICE)
    for message in messages:
        do(life, OFFICE, "send-again", message=message)
    again = [mail for mail in town.mails(MOVED) if OUTCOME in mail["text"]]
    assert again
    (last_day,) = set(re.findall(r"by the end of (\w+ \d+ \w+ \d{4})", again[-1]["text"].replace("\n", " ")))
    assert get(again[-1]["links"][0]).status == 200

    while not told(town, MOVED, life.ref, "is closed"):
        town.stack.advance(to="next")
        town.settle()
    answered_on = datetime.strptime(last_day, "%A %d %B %Y").replace(tzinfo=UTC).date()
    do(life, OFFICE, "enter-reply", answer="escalate", reasons="Too late.", **by_telephone(answered_on))
    assert told(town, MOVED, life.ref, "going on to the next stage")


def test_a_case_is_withdrawn_and_taken_up_again(town: Town) -> None:
    """From the complainant's own page; the office opens it again, and it is answered."""
    life = begun(town, LEADERSHIP)
    do(life, life.complainant, "withdraw", confirm="yes", reason="It was settled.")
    assert told(town, life.complainant, life.ref, "is closed")
    do(life, OFFICE, "take-up", reason="It was not settled.")
    answered(life)
    assert life.mails(OUTCOME)


def test_what_was_recorded_wrongly_is_corrected(town: Town) -> None:
    """The complainant is told, and the case page has both."""
    life = begun(town, LEADERSHIP, incident_date="2026-11-16")
    right = {"incident_date.day": "9", "incident_date.month": "11", "incident_date.year": "2026"}
    do(life, OFFICE, "correct", **right, reason="They called: it was a week earlier.")
    (mail,) = [mail for mail in town.mails(life.complainant) if "They called" in mail["text"]]
    assert "9 November 2026" in mail["text"]
    page = get(door(life, OFFICE)).text
    assert "9 November 2026" in page
    assert "16 November 2026" in page


def test_what_was_sent_twice_goes_on_once(town: Town) -> None:
    """The second closes in favour of the first, on whose page stands what was told in it; the complainant hears why."""
    life, again = begun(town, LEADERSHIP), begun(town, LEADERSHIP, account="Quagmire: and nobody called.")
    do(again, OFFICE, "duplicate", reference=life.ref, reason="You sent the form a second time.")
    (mail,) = told(town, life.complainant, again.ref, "")[-1:]
    assert life.ref in mail["text"]
    assert "You sent the form a second time." in mail["text"]
    assert "Quagmire: and nobody called." in get(door(life, OFFICE)).text
    assert not [case for case in town.stack.worklist() if case["ref"] == again.ref]
