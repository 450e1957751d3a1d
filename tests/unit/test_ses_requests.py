"""What SES is asked to send: addresses and headers of a mail, and nothing that SES or a mailbox would refuse."""

from __future__ import annotations

from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from adapters.post.mail import request_of
from adapters.post.messages import Message
from adapters.settings import Settings, settings_from
from domain.procedure import Procedure
from tests.unit.invented import PROCEDURE, REF
from tests.unit.mail_samples import samples

SENDER = "complaints@organisation.example"
SETTINGS: Settings = settings_from({"TABLE": "cases", "SENDER": SENDER, "CONFIGURATION_SET": "mails"})
ABOUT_A_CASE = {name: one for name, one in samples().items() if one.thread}
NAMES = (
    "East Coast College",
    "Sgiliau Tŷ Gwyn – Gogledd",
    'The "Old" School, Hill & Dale',
    "Colegau Gwyddoniaeth a Thechnoleg Môn, Dwyfor, Meirionnydd a Glannau’r Fenai gyda’i Gilydd " * 2 + "Cyf",
)


def asked(message: Message, procedure: Procedure = PROCEDURE) -> dict[str, Any]:
    return request_of(message, procedure, letter="000001-0", settings=SETTINGS)


def headers(message: Message) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in asked(message)["Content"]["Simple"]["Headers"]}


@pytest.mark.parametrize("name", NAMES)
def test_the_senders_name_is_written_as_mail_can_carry_it(name: str) -> None:
    """SES takes names in ASCII, or encoded; whoever reads the mail sees the organisation's own."""
    sender = asked(samples()["receipt.plain"], replace(PROCEDURE, organisation=name))["FromEmailAddress"]
    assert sender.isascii()
    assert "\n" not in sender
    assert all(len(word) <= 75 for word in sender.split() if word.startswith("=?"))
    shown, address = parseaddr(sender)
    assert (str(make_header(decode_header(shown))), address) == (name, SENDER)


def test_no_mail_is_answered_by_a_machine() -> None:
    """Whoever is away does not send their notice of it to the office for each mail that we send."""
    assert {headers(mail)["Auto-Submitted"] for mail in samples().values()} == {"auto-generated"}


def test_mails_about_one_case_stand_together() -> None:
    """All mails about a case name the same mail before them, so that a mailbox shows them as one conversation; those
    about another case, or about none, do not."""
    assert len(ABOUT_A_CASE) > 50
    for mail in ABOUT_A_CASE.values():
        found = headers(mail)
        assert found["References"] == found["In-Reply-To"] == f"<{mail.thread}@organisation.example>"
    (one, *_) = ABOUT_A_CASE.values()
    assert headers(one) == headers(replace(one, to=replace(one.to, email="somebody.else@home.example")))
    assert "References" not in headers(samples()["staff-link.plain"])


def test_a_conversation_tells_nothing() -> None:
    """What a mail names as the one before it holds no reference and no name."""
    for mail in ABOUT_A_CASE.values():
        assert len(mail.thread) == 32
        assert set(mail.thread) <= set("0123456789abcdef")
        assert REF not in headers(mail)["References"]


def test_ses_takes_every_mail() -> None:
    """Each request has the parts that SES knows, and headers as it takes them."""
    shape = get_session().get_service_model("sesv2").operation_model("SendEmail").input_shape
    for name, mail in samples().items():
        request = asked(mail)
        report = ParamValidator().validate(request, shape)
        assert not report.has_errors(), (name, report.generate_report())
        for header in request["Content"]["Simple"]["Headers"]:
            value = header["Value"]
            assert value.isascii(), name
            assert value.isprintable(), name
            assert len(header["Name"] + value) <= 996, name
