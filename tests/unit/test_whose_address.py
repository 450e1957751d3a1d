"""To an address that somebody typed into a form goes nothing that was typed there, until whoever reads what arrives has
acted, or staff have checked it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

import pytest

from adapters.post.messages import Message
from domain.acts.contact_details import CorrectContactDetails
from domain.acts.copies import ExportCase
from domain.acts.intake import ComplaintSubmitted, SubmitComplaint
from domain.acts.scope import DeclineNotCovered
from domain.acts.sending_again import SendAgain
from domain.acts.whose_address import ConfirmAddress, SayWhoseAddress
from domain.acts.written_form import SendWrittenForm
from domain.case import COMPLAINANT, Case, evolve
from domain.errors import AlreadyDone, Incomplete, NotNow
from tests.unit.invented import TAKEN_DOWN
from tests.unit.mail_samples import ANSWERS, CHOSEN, Life

OWN_WORDS: Final = (
    *(str(answer) for name, answer in ANSWERS.items() if name not in (*CHOSEN, "aspects", "email")),
    *ANSWERS["aspects"],
    "Marguerite",
    "Quill",
    "caught fire twice",
)


def case_of(life: Life) -> Case:
    assert life.case is not None
    return life.case


def repeats(mail: Message) -> bool:
    """Whether a mail says anything that came in by the form."""
    said = f"{mail.subject}{mail.text}{mail.html}{mail.letter}"
    return any(word in said for word in OWN_WORDS)


def answered_unknown() -> Life:
    life = Life(known=False).submit().acknowledge("2026-04-01T10:15").assign("2026-04-01T10:20", "manager-1")
    return life.record("2026-04-16T12:00", "manager-1")


def test_no_mail_repeats_what_was_typed_before_somebody_acted() -> None:
    """From the receipt to the outcome and what is sent again; what staff wrote goes out as ever."""
    life = Life(known=False).submit()
    told = [life.mail("receipt")]
    told.append(life.acknowledge("2026-04-01T10:15").mail("acknowledgement"))
    life.assign("2026-04-01T10:20", "manager-1")
    declined = deepcopy(life)
    why = {"reason": "It is for the landlord.", "goes_to": "The landlord"}
    declined.act("2026-04-02T12:00", "manager-1", DeclineNotCovered, points=(2,), why=why)
    told.append(declined.mail("not-covered"))
    outcome = life.record("2026-04-16T12:00", "manager-1").mail("outcome")
    told.append(outcome)
    assert not [mail.notice for mail in told if repeats(mail)]
    assert "Hello," in outcome.text
    assert "The logbook shows the first report" in outcome.text
    assert "We apologise." in outcome.text
    assert all("act=whose-address" in mail.text and "act=whose-address" in mail.html for mail in told)


def test_what_was_sent_before_is_not_repeated_to_an_address_that_nobody_knows() -> None:
    """An outcome that went to the complainant's own address, and is sent again to a corrected one."""
    life = Life().submit().acknowledge("2026-04-01T10:15").assign("2026-04-01T10:20", "manager-1")
    sent = life.record("2026-04-16T12:00", "manager-1").mail("outcome")
    assert repeats(sent)
    life.known = False
    correct(life, {"email": "other@home.example"})
    life.contents["letter-000006-0"] = {
        "notice": "outcome",
        "to_address": ANSWERS["email"],
        "at": "2026-04-16T12:00:00+00:00",
        "subject": sent.subject,
        "heading": sent.heading,
        "body": sent.letter,
    }
    life.act("2026-04-18T09:00", "office-1", SendAgain, message="000006-0", notice="outcome")
    again = life.mail("sent-again")
    assert not repeats(again)
    assert "You can read it on your page." in again.text


@pytest.mark.parametrize("act", ["says-so", "takes-a-copy", "replies"])
def test_acting_from_a_link_shows_whose_address_it_is(act: str) -> None:
    """Whatever is done from a link that went there, the next mail can say what was written."""
    life = answered_unknown()
    assert case_of(life).address == "to-confirm"
    match act:
        case "says-so":
            life.act("2026-04-17T09:00", COMPLAINANT, SayWhoseAddress, mine=True)
        case "takes-a-copy":
            life.do("2026-04-17T09:00", ExportCase(by=COMPLAINANT, reason=life.write()))
        case _:
            life.reply("2026-04-17T09:00", "escalate")
    assert case_of(life).address == "confirmed"
    assert repeats(life.shows_told("acknowledgement", COMPLAINANT, "ComplaintAcknowledged").mail)


def test_what_staff_do_shows_nothing_of_the_kind() -> None:
    """Nor does what happens by itself."""
    assert case_of(answered_unknown().wake("2026-05-20T08:00")).address == "to-confirm"


class TestThisWasNotMe:
    def test_ends_mails_and_links_and_closes_nothing(self) -> None:
        """The office hears of it; nobody has withdrawn anything."""
        life = answered_unknown()
        before = case_of(life)
        life.act("2026-04-17T09:00", COMPLAINANT, SayWhoseAddress, mine=False)
        now = case_of(life)
        assert now.is_open
        assert COMPLAINANT in now.unreachable
        assert now.link_goes_to(COMPLAINANT) != before.link_goes_to(COMPLAINANT)
        assert [(tell.person, tell.notice) for tell, _ in life.mails] == [("office-1", "case-news")]
        assert "is someone else" in life.mail("case-news").subject
        with pytest.raises(AlreadyDone):
            life.act("2026-04-17T10:00", COMPLAINANT, SayWhoseAddress, mine=True)

    def test_is_put_right_by_another_address(self) -> None:
        """Also by the same one, with new links: those of before stay ended."""
        life = answered_unknown().act("2026-04-17T09:00", COMPLAINANT, SayWhoseAddress, mine=False)
        correct(life, {})
        now = case_of(life)
        assert (now.address, now.unreachable) == ("to-confirm", ())
        assert now.link_goes_to(COMPLAINANT) == now.reached_by
        assert not repeats(life.mail("contact-details"))

    def test_is_put_right_by_staff_who_checked(self) -> None:
        """They say how, the complainant gets a link that works, and those of before stay ended."""
        life = answered_unknown().act("2026-04-17T09:00", COMPLAINANT, SayWhoseAddress, mine=False)
        with pytest.raises(Incomplete):
            life.act("2026-04-17T11:00", "office-1", ConfirmAddress, how={"how": " "})
        life.act("2026-04-17T11:00", "office-1", ConfirmAddress, how={"how": "She called."})
        now = case_of(life)
        assert (now.address, now.unreachable) == ("confirmed", ())
        assert now.link_goes_to(COMPLAINANT) not in ("", "disowned")
        assert "Dear Marguerite" in life.mail("contact-details").text


def correct(life: Life, changed: dict[str, Any], **more: Any) -> Life:
    """Staff change how the complainant is reached."""
    details = {"name": ANSWERS["name"], "email": ANSWERS["email"], "reason": "She called.", **changed}
    return life.act(
        "2026-04-17T12:00",
        "office-1",
        CorrectContactDetails,
        details=details,
        whose="same",
        was=case_of(life).reached_by or case_of(life).answers,
        mailed_to=ANSWERS["email"],
        **more,
    )


def test_a_corrected_address_begins_unknown() -> None:
    """Unless whoever corrects it says how they checked it."""
    life = answered_unknown().act("2026-04-17T09:00", COMPLAINANT, SayWhoseAddress, mine=True)
    other = {"email": "other@home.example"}
    assert case_of(correct(deepcopy(life), other)).address == "to-confirm"
    assert case_of(correct(deepcopy(life), other, checked={"how": "She spelled it."})).address == "confirmed"
    assert case_of(correct(deepcopy(life), {"telephone": "01632 960 001"})).address == "confirmed"


def test_staff_who_enter_a_case_say_how_they_checked_the_address() -> None:
    """Whoever does not say it has entered an address that nobody knows."""
    command = SubmitComplaint(
        organisation="example-college",
        form="complaint",
        answers=Life().write(**ANSWERS),
        aspects=2,
        by="office-1",
        route="telephone",
    )
    checked = Life().write(how="She spelled it.")
    assert case_of(Life(known=False).do("2026-03-30T15:40", command)).address == "to-confirm"
    confirmed = replace(command, checked=checked)
    assert case_of(Life(known=False).do("2026-03-30T15:40", confirmed)).address == "confirmed"
    without = {name: answer for name, answer in ANSWERS.items() if name != "email"}
    by_letter = replace(confirmed, answers=Life().write(**without), by_letter=True)
    life = Life(known=False).do("2026-03-30T15:40", by_letter)
    assert case_of(life).address == ""
    with pytest.raises(NotNow):
        life.act("2026-04-17T11:00", "office-1", ConfirmAddress, how={"how": "She called."})


@pytest.mark.parametrize(
    ("email", "address"), [(ANSWERS["email"], "confirmed"), ("victim@other.example", "to-confirm")]
)
def test_a_form_that_comes_later_with_another_address_shows_nothing_of_it(email: str, address: str) -> None:
    """It was sent from a link to the one of before, which is confirmed; the other is somebody's, and the old link has
    ended, so that nobody can confirm it from there."""
    life = Life(TAKEN_DOWN, known=False)
    taken_down = SubmitComplaint(
        organisation="example-college",
        form="complaint",
        answers=life.write(**ANSWERS),
        aspects=2,
        by="office-1",
        route="telephone",
    )
    life.do("2026-03-30T15:40", taken_down)
    before = case_of(life)
    assert before.waits_for_form
    answers = {**ANSWERS, "email": email}
    life.act(
        "2026-03-31T09:00",
        COMPLAINANT,
        SendWrittenForm,
        answers=answers,
        aspects=2,
        mailed_to=ANSWERS["email"],
    )
    now = case_of(life)
    assert now.address == address
    assert (now.link_goes_to(COMPLAINANT) == before.link_goes_to(COMPLAINANT)) == (address == "confirmed")
    assert repeats(life.mail("written-form")) == (address == "confirmed")


def test_a_case_from_before_goes_on_as_it_was() -> None:
    """Of an event that was stored before this was asked, nothing is to be confirmed."""
    life = Life(known=False).submit()
    event = ComplaintSubmitted(
        at=life.now,
        by=COMPLAINANT,
        stage="first",
        organisation="example-college",
        procedure_version=1,
        form="complaint",
        kind="complaint",
        answers="content-1",
        aspects=2,
        course="",
        incident_on=None,
        late=False,
    )
    life.case = evolve(None, event, ref=case_of(life).ref)
    assert case_of(life).address == ""
    assert repeats(life.acknowledge("2026-04-01T10:15").mail("acknowledgement"))
