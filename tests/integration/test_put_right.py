"""What went wrong is put right from the pages of a case: the people of it are reached, heard and told."""

from __future__ import annotations

import re

from adapters.cases.execute import execute
from domain.acts.bounces import RecordBounce
from domain.case import COMPLAINANT
from tests.integration import papers
from tests.integration.desk import ANSWERS, LEADERSHIP, OUTCOME, WORDS, Desk, Read, at_the_reviewer, refused

OLD = str(ANSWERS["email"])
NEW = "canary@moved.example"
REACHED = {
    "whose": "same",
    "name": "Canary Complainant",
    "email": NEW,
    "telephone": "07700 900123",
    "address": "2 Canary Mews",
    "reason": "They called about a canary.",
}


def answered(desk: Desk) -> str:
    """A case whose outcome has been sent; the reviewer's id."""
    reviewer = at_the_reviewer(desk, LEADERSHIP)
    desk.act(reviewer, "respond", **OUTCOME)
    return reviewer


class TestAnotherAddress:
    def test_is_where_everything_goes_from_then_on(self, desk: Desk) -> None:
        """The form shows what is known; the complainant is told at the new address, with a link that works, and the
        old address's link does not."""
        reviewer = answered(desk)
        theirs = desk.secret(COMPLAINANT)
        form = Read(desk.get(desk.secret(reviewer))["body"]).forms["contact-details"]
        assert (form.texts["email"], form.texts["address"]) == (OLD, ANSWERS["address"])

        desk.act(reviewer, "contact-details", **REACHED)
        assert "We will send our emails to this address." in desk.office.text_to(NEW, "contact-details")
        gone = desk.get(theirs)
        assert gone["statusCode"] == 410
        page = Read(gone["body"]).text
        assert "This link no longer works" in page
        assert "canary" not in page.lower()
        assert desk.post(theirs, {"action": "reply", "answer": "satisfied"})["statusCode"] == 410

        found = re.search(r"/l/(\S+)", desk.office.text_to(NEW, "contact-details"))
        assert found is not None
        assert "The outcome of your complaint" in Read(desk.get(found[1])["body"]).text

    def test_gets_the_new_link_that_an_old_one_asks_for(self, desk: Desk) -> None:
        """Whoever holds the old link can have a new one sent, which goes to the new address."""
        reviewer = answered(desk)
        theirs = desk.secret(COMPLAINANT)
        desk.act(reviewer, "contact-details", **REACHED)
        assert desk.fresh(theirs)["statusCode"] == 200
        desk.office.deliver_all()
        assert desk.office.mails_to(OLD, "fresh-link") == []
        assert len(desk.office.mails_to(NEW, "fresh-link")) == 1

    def test_stands_in_the_history_beside_the_old_one(self, desk: Desk) -> None:
        """Staff read what it was, what it is and why, on the page and in the archive; the mails have none of it."""
        reviewer = answered(desk)
        desk.act(reviewer, "contact-details", **REACHED)
        said = f"Email address: {NEW} (before: {OLD})"
        page = Read(desk.get(desk.secret(reviewer))["body"]).text
        assert said in page
        assert "They called about a canary." in page
        with papers.export(desk, desk.coordinator(), reason="An inspection") as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".html"))
            assert said in Read(archive.read(name).decode()).text
        assert "canary" not in desk.told(reviewer, "done").lower()
        assert "canary" not in desk.told(desk.coordinator(), "case-news").lower()

    def test_that_is_none_is_said_at_its_field(self, desk: Desk) -> None:
        """Nothing is changed, and what was typed is kept."""
        page = refused(desk, answered(desk), "contact-details", **REACHED | {"email": "nowhere"})
        assert "Enter an email address in the correct format" in page.text
        assert page.forms["contact-details"].texts["email"] == "nowhere"

    def test_is_the_post_where_emails_are_not_wanted(self, desk: Desk) -> None:
        """From then on the office is asked to post, and the letter is for the new address."""
        reviewer = answered(desk)
        desk.act(reviewer, "contact-details", **REACHED | {"letters": "yes"})
        desk.office.deliver_all()
        assert desk.office.mails_to(NEW) == []
        (letter,) = desk.case().letters
        assert letter.notice == "contact-details"
        printed = papers.ask(desk.secret(reviewer), "letter", letter.id)
        assert "2 Canary Mews" in Read(printed["body"]).text


class TestAMessageSentAgain:
    def test_is_the_same_with_a_link_that_works(self, desk: Desk) -> None:
        """The outcome that went to the wrong address goes to the right one, as it was, and can be replied to."""
        reviewer = answered(desk)
        desk.act(reviewer, "contact-details", **REACHED)
        form = Read(desk.get(desk.secret(reviewer))["body"]).forms["send-again"]
        notices = {
            letter: papers.ask(desk.secret(reviewer), "letter", letter) for letter in form.choices["message"]
        }
        outcome = next(name for name, page in notices.items() if "The outcome" in Read(page["body"]).text)
        desk.act(reviewer, "send-again", message=outcome)
        again = desk.office.text_to(NEW, "sent-again")
        assert "We are sending you this message again." in again
        assert "Because the first." in again
        found = re.search(r"/l/(\S+)", again)
        assert found is not None
        assert desk.post(found[1], {"action": "reply", "answer": "satisfied"})["statusCode"] == 200

    def test_is_one_of_those_that_were_sent(self, desk: Desk) -> None:
        """What was never sent cannot be sent again."""
        page = refused(desk, answered(desk), "send-again", message="000099-0")
        assert "Choose the message that you want to send again." in page.text

    def test_is_sent_again_after_the_closure_without_a_look_at_the_complaint(self, desk: Desk) -> None:
        """That the case is closed did not arrive: the office corrects the address and sends it again from a page that
        shows nothing of what was written about the complaint."""
        answered(desk)
        desk.act(COMPLAINANT, "reply", answer="satisfied")
        office = desk.coordinator()
        desk.office.deliver_all()
        execute(desk.ref, RecordBounce(person=COMPLAINANT, notice="closure"), site=desk.office.site)
        page = Read(desk.get(desk.secret(office, "case-news"))["body"])
        assert WORDS not in page.text
        desk.act(office, "contact-details", **REACHED)
        page = Read(desk.get(desk.secret(office))["body"])
        assert "contact-details" not in page.forms
        newest = page.forms["send-again"].choices["message"][1]
        desk.act(office, "send-again", message=newest)
        assert "We closed your complaint" in desk.office.text_to(NEW, "sent-again")
