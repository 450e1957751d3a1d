"""Somebody types a stranger's address into a form: what reaches the stranger, and what they can do about it."""

from __future__ import annotations

import json
import re

from domain.case import COMPLAINANT
from tests.integration.desk import ANSWERS, NAME, Desk, Read

STRANGER = str(ANSWERS["email"])


def acknowledged(desk: Desk) -> None:
    """Staff have written to the complainant."""
    desk.act(desk.coordinator(), "acknowledge", confirm="yes")
    desk.office.deliver_all()


def test_the_first_mails_say_nothing_of_what_was_typed(leadership: Desk) -> None:
    """Not in any part of them."""
    acknowledged(leadership)
    mails = leadership.office.mails_to(STRANGER)
    assert len(mails) > 1
    assert not [
        mail for mail in mails if re.search("canary(?!@)", json.dumps(mail["Content"]), re.IGNORECASE)
    ]


def test_whoever_says_that_it_was_them_is_greeted_by_name(leadership: Desk) -> None:
    """The page asks, and nothing is preselected."""
    secret = leadership.secret(COMPLAINANT)
    page = Read(leadership.get(secret, act="whose-address")["body"])
    assert "Did you send this to us?" in page.text
    assert not page.checked
    form = page.forms.here["whose-address"]
    assert leadership.post(secret, form.hidden)["statusCode"] == 422
    assert leadership.case().address == "to-confirm"
    assert leadership.post(secret, form.hidden, answer="yes")["statusCode"] == 200
    acknowledged(leadership)
    assert f"Dear {NAME}" in leadership.told(COMPLAINANT, "acknowledgement")


def test_whoever_says_that_it_was_not_them_is_left_in_peace(leadership: Desk) -> None:
    """Links end, no mail follows, the office is asked, and the case goes on; another address puts it right."""
    secret = leadership.secret(COMPLAINANT)
    form = Read(leadership.get(secret, act="whose-address")["body"]).forms.here["whose-address"]
    done = leadership.post(secret, form.hidden, answer="no")
    assert "We will not write to you again" in Read(done["body"]).text
    leadership.office.deliver_all()
    assert "they did not send us this complaint" in leadership.told(leadership.coordinator(), "case-news")
    before = len(leadership.office.mails_to(STRANGER))
    expired = leadership.get(secret)
    assert expired["statusCode"] == 410
    assert "We no longer write to it" in Read(expired["body"]).text
    assert leadership.fresh(secret)["statusCode"] == 303
    assert leadership.post(secret, {"action": "export"}, confirm="yes")["statusCode"] == 410
    acknowledged(leadership)
    assert len(leadership.office.mails_to(STRANGER)) == before
    assert leadership.case().is_open
    page = Read(leadership.get(leadership.secret(leadership.coordinator()))["body"])
    assert "The email address is someone else" in page.text
    leadership.act(
        leadership.coordinator(),
        "contact-details",
        whose="same",
        name=NAME,
        email="right@complainant.example",
        how="They called.",
        reason="They called.",
    )
    leadership.office.deliver_all()
    assert leadership.case().address == "confirmed"
    assert f"Dear {NAME}" in leadership.office.text_to("right@complainant.example", "contact-details")
