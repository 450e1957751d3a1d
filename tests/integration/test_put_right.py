"""What went wrong is put right from the pages of a case: the people of it are reached, heard and told."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from adapters.cases.execute import execute
from adapters.cases.rules import situation_of
from domain.acts.acknowledgement import Acknowledge
from domain.acts.bounces import RecordBounce
from domain.acts.kind import ChangeKind
from domain.acts.waking import Wake
from domain.calendars import LONDON
from domain.case import COMPLAINANT
from domain.situation import Situation
from domain.words import Writing
from tests.integration import papers
from tests.integration.desk import (
    ANSWERS,
    CREATIVE,
    LEADERSHIP,
    OUTCOME,
    WORDS,
    Desk,
    Read,
    at_the_reviewer,
    refused,
)

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


class TestAReplyByTelephone:
    def test_in_the_last_hour_is_heard_although_the_case_closed_overnight(self, desk: Desk) -> None:
        """Somebody calls on the last evening and the office enters it the next day: the case goes on."""
        answered(desk)
        reply_by = next(one for one in situation_at(desk).deadlines if one.rule.name == "reply")
        evening = datetime.combine(reply_by.due.due, time(23, 30), LONDON)
        silence(desk)
        assert desk.case().ended == "lapsed"
        office = desk.coordinator()
        page = Read(desk.get(desk.secret(office), act="enter-reply")["body"])
        assert "If the complainant told you before that, enter it" in page.text
        answer = desk.act(
            office, "enter-reply", answer="escalate", reasons="A canary call.", **told_on(evening.date())
        )
        assert "The case will go on" in Read(answer["body"]).text
        assert (desk.case().is_open, desk.case().current.stage) == (True, "stage-2")
        history = Read(desk.get(desk.secret(office))["body"]).text
        assert "They told us by telephone on" in history
        assert "A canary call." in history
        assert "Stage 2" in desk.told(COMPLAINANT, "escalation")

    def test_is_part_of_the_complainants_copy(self, desk: Desk) -> None:
        """What they said in another way is theirs as what they wrote is."""
        answered(desk)
        office = desk.coordinator()
        today = desk.office.clock.now().date()
        desk.act(office, "enter-reply", answer="escalate", reasons="A canary call.", **told_on(today))
        with papers.export(desk, COMPLAINANT, confirm="yes") as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".html"))
            assert "A canary call." in Read(archive.read(name).decode()).text

    def test_says_how_and_when(self, desk: Desk) -> None:
        """Without it nothing is entered, and what was typed is kept."""
        answered(desk)
        again = refused(desk, desk.coordinator(), "enter-reply", answer="escalate", reasons="A canary call.")
        assert "Choose how they told you." in again.text
        assert again.forms["enter-reply"].texts["reasons"].strip() == "A canary call."

    def test_answers_a_question_too(self, desk: Desk) -> None:
        """The form shows each question that waits, and the answer is the complainant's."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        desk.act(reviewer, "ask", question="Which canary?")
        form = Read(desk.get(desk.secret(reviewer))["body"]).forms["enter-answer"]
        (asked,) = (name for name in form.texts if name.startswith("answer_"))
        today = desk.office.clock.now().date()
        desk.act(reviewer, "enter-answer", **{asked: "The yellow one."}, **told_on(today))
        assert "The yellow one." in Read(desk.get(desk.secret(COMPLAINANT))["body"]).text


def told_on(day: date) -> dict[str, str]:
    return {
        "route": "telephone",
        "received.day": str(day.day),
        "received.month": str(day.month),
        "received.year": str(day.year),
    }


def situation_at(desk: Desk) -> Situation:
    return situation_of(desk.case(), now=desk.office.clock.now())


def silence(desk: Desk) -> None:
    """Let time pass until nobody replied in time."""
    while desk.case().is_open:
        desk.at(situation_at(desk).wakes[0].at)
        execute(desk.ref, Wake(), site=desk.office.site)
    desk.office.deliver_all()


class TestAWithdrawal:
    def test_is_the_complainants_to_make_from_their_page(self, desk: Desk) -> None:
        """A box has to be ticked; the case is closed, everybody is told, and nobody has to say why."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        page = refused(desk, COMPLAINANT, "withdraw")
        assert "Tick the box to confirm that you want to withdraw it." in page.text
        answer = desk.act(COMPLAINANT, "withdraw", confirm="yes", reason="A canary reason.")
        assert "You have withdrawn your complaint" in Read(answer["body"]).text
        assert (desk.case().is_open, desk.case().ended) == (False, "withdrawn")
        assert "You told us that you no longer want us to deal with it." in desk.told(COMPLAINANT, "closure")
        later = Read(desk.get(desk.secret(COMPLAINANT))["body"]).text
        assert "You withdrew your complaint. If you change your mind" in later
        assert "as soon as there is news" not in later
        for person in (reviewer, desk.coordinator()):
            assert "the complainant has withdrawn it" in desk.told(person, "case-news")
        assert "canary" not in desk.told(reviewer, "case-news").lower()

    def test_is_there_while_an_outcome_waits_for_the_reply(self, desk: Desk) -> None:
        """The page of the outcome offers it too."""
        answered(desk)
        desk.act(COMPLAINANT, "withdraw", confirm="yes")
        assert desk.case().ended == "withdrawn"

    def test_leaves_what_must_be_looked_into_to_somebody(self, desk: Desk) -> None:
        """The office enters it for somebody who called; whoever is in charge reads what it is and records what came of
        it."""
        at_the_reviewer(desk, LEADERSHIP)
        office = desk.coordinator()
        today = desk.office.clock.now().date()
        desk.act(office, "enter-withdrawal", look_into="Who else saw the canary.", **told_on(today))
        over = desk.holder(desk.procedure().escalates_to)
        news = desk.told(over, "case-news")
        assert "something in it still has to be looked into" in news
        assert "canary" not in news.lower()
        page = Read(desk.get(desk.secret(over))["body"]).text
        assert "Who else saw the canary." in page
        desk.act(over, "looked-into", note="Nobody did.")
        assert desk.facts()[-1] == "LookedInto"

    def test_can_be_followed_by_what_must_be_looked_into(self, desk: Desk) -> None:
        """Where the complainant withdrew by themselves the office can still say so."""
        at_the_reviewer(desk, LEADERSHIP)
        desk.act(COMPLAINANT, "withdraw", confirm="yes")
        office = desk.coordinator()
        page = Read(desk.get(desk.secret(office))["body"])
        assert WORDS not in page.text
        desk.act(office, "look-into", look_into="Who else saw the canary.")
        assert WORDS in Read(desk.get(desk.secret(office))["body"]).text


class TestACaseTakenUpAgain:
    def test_goes_on_and_everybody_is_told(self, desk: Desk) -> None:
        """The office opens a withdrawn case again from a page without its words; the complainant reads why and when
        the outcome comes, and the reviewer goes on."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        desk.act(COMPLAINANT, "withdraw", confirm="yes")
        office = desk.coordinator()
        page = Read(desk.get(desk.secret(office, "case-news"))["body"])
        assert WORDS not in page.text
        assert "You can reopen this case until the end of" in page.text
        answer = desk.act(office, "take-up", reason="The canary called again.")
        assert "The case is open again" in Read(answer["body"]).text
        mail = desk.told(COMPLAINANT, "reopened")
        assert "The canary called again." in mail
        assert "We will send you the outcome by" in mail
        news = desk.told(reviewer, "case-news")
        assert "is open again" in news
        assert "canary" not in news.lower()
        desk.act(reviewer, "respond", **OUTCOME)

    def test_after_silence_can_be_replied_to(self, desk: Desk) -> None:
        """The complainant gets another link and the whole time for a reply."""
        answered(desk)
        silence(desk)
        desk.act(desk.coordinator(), "take-up", reason="The canary was ill.")
        assert "Please tell us whether you are satisfied by" in desk.told(COMPLAINANT, "reopened")
        desk.act(COMPLAINANT, "reply", answer="escalate")
        assert desk.case().current.stage == "stage-2"

    def test_has_a_reason(self, desk: Desk) -> None:
        """It is asked for, and nothing happens without."""
        at_the_reviewer(desk, LEADERSHIP)
        desk.act(COMPLAINANT, "withdraw", confirm="yes")
        page = refused(desk, desk.coordinator(), "take-up", reason=" ")
        assert "Write why you are reopening the case." in page.text


class TestWhatIsNotCovered:
    def test_is_declined_point_by_point(self, desk: Desk) -> None:
        """The complainant reads which point, why and where it can be taken; the outcome asks about the rest alone."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        desk.says_it_was_them()
        why = {"reason": "A canary matter.", "goes_to": "The canary council."}
        desk.act(reviewer, "decline", what="points", points="2", **why)
        mail = desk.told(COMPLAINANT, "not-covered")
        for said in ("The canary's second point", "A canary matter.", "The canary council."):
            assert said in mail
        assert "The canary's first point" not in mail
        page = Read(desk.get(desk.secret(reviewer))["body"])
        assert "Point 2 was declined" in page.text
        assert "conclusion_1" in page.forms["respond"].choices
        assert "conclusion_2" not in page.forms["respond"].choices
        first = {name: text for name, text in OUTCOME.items() if not name.endswith("_2")}
        desk.act(reviewer, "respond", **first)
        assert desk.case().current.responded_at is not None
        with papers.export(desk, desk.coordinator(), reason="An inspection") as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".html"))
            assert "declined point 2" in Read(archive.read(name).decode()).text

    def test_is_declined_as_a_whole_with_a_place_of_the_procedure(self, desk: Desk) -> None:
        """Where the procedure names a place it can be chosen; the case is closed."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        form = Read(desk.get(desk.secret(reviewer))["body"]).forms["decline"]
        places = form.choices.get("place", ["elsewhere"])
        where = {"goes_to": "The canary council."} if places == ["elsewhere"] else {"place": places[0]}
        desk.act(reviewer, "decline", what="whole", reason="A canary matter.", **where)
        assert desk.case().ended == "not-covered"
        assert "We have closed your complaint." in desk.told(COMPLAINANT, "not-covered")

    def test_says_what_is_missing(self, desk: Desk) -> None:
        """Without a choice, a reason and a place nothing happens."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        page = refused(desk, reviewer, "decline", what="points", reason="A canary matter.")
        assert "Choose the points that are not covered." in page.text


class TestAnotherKind:
    def test_what_waits_to_be_sent_still_goes_out(self, desk: Desk) -> None:
        """While the post stood still it was acknowledged, and became a concern, which is on no stage of a complaint."""
        desk.open(*CREATIVE)
        site, office, stage = desk.office.site, desk.coordinator(), desk.case().current.stage
        execute(desk.ref, Acknowledge(by=office, stage=stage), site=site)
        why = Writing("why", {"reason": "It is a question about canaries."})
        execute(desk.ref, ChangeKind(by=office, stage=stage, kind="concern", reason=why), site=site)
        assert desk.case().current.stage != stage
        desk.office.deliver_all()
        for notice in ("acknowledgement", "kind-changed"):
            assert desk.told(COMPLAINANT, notice)
