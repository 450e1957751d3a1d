"""Acting from links: the pages that staff and complainants see, and what a press of their buttons does."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from adapters.cases.erasure import destroy
from adapters.cases.execute import execute
from adapters.people.links import hash_of
from domain.acts.outcome import RecordOutcome
from domain.acts.retention import AnnounceDeletion
from domain.acts.waking import Wake
from domain.case import COMPLAINANT, Finding
from domain.words import Writing
from handlers import links, wiring
from tests.browser.gateway import gateway_routes
from tests.integration.desk import (
    ALLIANCE,
    ANSWERS,
    CREATIVE,
    EXAMPLE,
    LEADERSHIP,
    NAME,
    OUTCOME,
    WORDS,
    Desk,
    Read,
    close,
)
from tests.integration.office import answers_lost
from tests.rules import ACTIONS

EVENTS = Path(__file__).parents[2] / "events"
TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@pytest.fixture
def recorded(desk: Desk) -> Desk:
    """An outcome waits for approval."""
    desk.open(*ALLIANCE)
    desk.act(desk.reviewer(), "respond", **OUTCOME)
    return desk


class TestReading:
    def test_changes_nothing(self, answered: Desk) -> None:
        """However often a page is fetched, and by whatever, no item in the table differs."""
        people = (answered.coordinator(), answered.reviewer(), COMPLAINANT)
        secrets = [answered.secret(person) for person in people]
        before = answered.office.items()
        for secret in secrets * 2:
            assert answered.get(secret)["statusCode"] == 200
        assert before == answered.office.items()

    def test_shows_staff_what_the_complainant_wrote(self, leadership: Desk) -> None:
        """Whoever works on a case reads the complaint, and first what makes it easier for the complainant."""
        page = Read(leadership.get(leadership.secret(leadership.coordinator()))["body"])
        for written in (NAME, WORDS, *ANSWERS["aspects"], ANSWERS["outcome_sought"]):
            assert written in page.text
        assert page.text.index(ANSWERS["adjustments"]) < page.text.index(WORDS)
        assert "<b>twice</b>" not in page.html
        assert "<b>twice</b>" in page.text

    def test_explains_the_dates(self, leadership: Desk) -> None:
        """A date on the page says how it was counted, and where the policy says so."""
        page = Read(leadership.get(leadership.secret(leadership.coordinator()))["body"])
        assert (
            "by the end of Thursday 5 November 2026 : 3 working days after Monday 2 November 2026"
            in page.text
        )
        assert "Complaints handling policy: 1" in page.text

    def test_tells_what_happened_and_the_earlier_answers(self, answered: Desk) -> None:
        """At the next stage the reviewer reads the first answer, and why the complainant went on."""
        answered.act(COMPLAINANT, "reply", answer="escalate", reasons="The canary is not content.")
        page = Read(answered.get(answered.secret(answered.reviewer()))["body"])
        for said in (
            "We are sorry.",
            "Because the first.",
            "The canary is not content.",
            "recorded an outcome",
        ):
            assert said in page.text

    def test_shows_the_complainant_the_answer_again(self, answered: Desk) -> None:
        """The complainant's page has conclusions, reasons and response, and what can be done next by when."""
        page = Read(answered.get(answered.secret(COMPLAINANT))["body"])
        for said in ("Upheld", "Because the second.", "We are sorry.", "Stage 2: the Director"):
            assert said in page.text
        assert "by the end of Monday 16 November 2026" in page.text

    def test_of_the_keeper_shows_dates_only(self, answered: Desk) -> None:
        """Who decides how long a case is kept sees its reference and dates, and no word of the complaint."""
        close(answered)
        answered.at(datetime(2031, 11, 3, 9, tzinfo=UTC))
        execute(answered.ref, AnnounceDeletion(), site=answered.office.site)
        keeper = answered.holder(answered.procedure().retention.told)
        page = Read(answered.get(answered.secret(keeper))["body"])
        assert answered.ref in page.text
        assert "From midnight at the start of Tuesday 18 November 2031" in page.text
        assert "canary" not in page.html.lower()


class TestTheCase:
    """What those see first who work on a case."""

    def test_what_is_asked_stands_on_it_and_everything_else_on_a_page_of_its_own(
        self, leadership: Desk
    ) -> None:
        """One form, of what waits for this person; each of the others is named, and led to, and comes back with what is
        wrong with it."""
        secret = leadership.secret(leadership.coordinator())
        page = Read(leadership.get(secret)["body"])
        (first,) = page.forms.here
        assert first in ("acknowledge", "assign")
        assert {"note", "link-case"} <= set(page.forms.behind)
        assert first not in page.forms.behind
        other = page.forms.page("note")
        assert list(other.forms.here) == ["note"]
        assert "canary" in other.text.lower(), "what the complainant wrote stands beside it"
        again = Read(leadership.post(secret, other.forms["note"].hidden)["body"])
        assert list(again.forms.here) == ["note"]
        assert "There is a problem" in again.text

    def test_what_cannot_be_done_any_more_is_said_with_the_case(self, leadership: Desk) -> None:
        """Whoever opens the page of an act too late reads why, and what there is to do now."""
        office = leadership.coordinator()
        leadership.act(office, "acknowledge", confirm="yes")
        page = Read(leadership.get(leadership.secret(office), act="acknowledge")["body"])
        assert "already been acknowledged" in page.text
        assert "acknowledge" not in page.forms
        assert "note" in page.forms
        assert Read(leadership.get(leadership.secret(office), act="no-such-act")["body"]).forms.here

    def test_a_closed_case_promises_nothing(self, desk: Desk) -> None:
        """It has neither dates that are still to be kept, nor a decision that nobody has to take."""
        slug, more = CREATIVE
        desk.open(slug, {**more, "incident_date": "2026-09-01", "people_involved": "My tutor."})
        desk.act(COMPLAINANT, "withdraw", confirm="yes")
        page = Read(desk.get(desk.secret(desk.coordinator()))["body"]).text
        assert "Closed on Monday 2 November 2026." in page
        assert "came after the time limit" in page
        for promise in ("Acknowledge it", "Send the outcome", "A person has to decide"):
            assert promise not in page


class TestPages:
    """Every page on which something can be done."""

    def test_preselect_nothing_and_do_nothing_by_themselves(self, desk: Desk) -> None:
        """No choice is made on any page, and pressing its buttons as they are is refused and stores nothing."""
        seen: set[str] = set()
        for person in self._walk(desk):
            secret = desk.secret(person)
            page = Read(desk.get(secret)["body"])
            assert page.checked == []
            for action, form in page.forms.items():
                seen.add(action)
                assert (form.target, form.method) == (f"/l/{secret}", "post")
                before = desk.office.items()
                answer = desk.post(secret, {**form.hidden, **form.texts})
                assert (action, answer["statusCode"]) == (action, 422)
                assert before == desk.office.items()
        # The others are offered on cases of another kind, and tested with what they are for.
        elsewhere = {"answer", "add", "consider", "complete", "progress", "aspects", "lessons"}
        elsewhere |= {
            "ask-form",
            "write",
            "written",
            "without-form",
            "consent",
            "follow-up",
            "enter-reply",
            "read",
        }
        elsewhere |= {
            "enter-answer",
            "enter-information",
            "enter-reopen",
            "look-into",
            "looked-into",
            "take-up",
        }
        # A document has a page of its own, and a letter is posted where it has to be.
        elsewhere |= {"document", "posted", "confirm-involved", "unlink-case"}
        elsewhere |= {
            "lateness",
            "external",
            "external-answer",
            "ask-late",
            "late-reply",
            "reopen",
            "exhausted",
            "skip",
            "completion",
        }
        elsewhere |= {"offer-mediation", "answer-mediation", "enter-mediation", "mediation-held"}
        elsewhere |= {"decide-limit", "review-limit", "tell-involved"}
        assert seen == set(ACTIONS) - elsewhere

    def test_have_ids_that_are_unique_and_errors_that_lead_to_them(self, desk: Desk) -> None:
        """Each link of an error summary leads to a field of the page, and no id stands twice."""
        for person in self._walk(desk):
            secret = desk.secret(person)
            for form in Read(desk.get(secret)["body"]).forms.values():
                page = Read(desk.post(secret, {**form.hidden, **form.texts})["body"])
                assert "There is a problem" in page.text
                assert len(page.ids) == len(set(page.ids))
                assert set(page.fragments) <= set(page.ids)

    def test_do_not_lead_out_or_stay_in_caches(self, desk: Desk) -> None:
        """Every answer keeps the link out of referrers, caches and search engines, and lets no script run but the one
        that sends what was typed again."""
        desk.open(*LEADERSHIP)
        secret = desk.secret(desk.coordinator())
        answers = (
            desk.get(secret),
            desk.post(secret, {"action": "acknowledge", "confirm": "yes"}),
            desk.post(secret, {"action": "acknowledge", "confirm": "yes"}),
            desk.get("x"),
            desk.fresh(secret),
        )
        for answer in answers:
            headers = answer["headers"]
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"
            assert "noindex" in headers["X-Robots-Tag"]
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            scripts = re.findall(r"<script>(.*?)</script>", answer["body"], re.DOTALL)
            assert len(scripts) == answer["body"].count("<script") == ("script-src" in policy)
            for script in scripts:
                digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
                assert f"script-src 'sha256-{digest}'; connect-src 'self';" in policy

    @staticmethod
    def _walk(desk: Desk) -> Iterator[str]:
        """The persons whose move it is, from the first page of a case to the last."""
        desk.open(*CREATIVE)
        yield desk.coordinator()
        reviewer = desk.reviewer()
        desk.act(desk.coordinator(), "acknowledge", confirm="yes")
        desk.act(desk.coordinator(), "assign", reviewers=reviewer)
        yield reviewer
        desk.act(reviewer, "respond", **OUTCOME)
        yield COMPLAINANT
        desk.act(COMPLAINANT, "reply", answer="escalate")
        desk.act(desk.coordinator(), "acknowledge", confirm="yes")
        first, second = desk.reviewer(0), desk.reviewer(1)
        desk.act(desk.coordinator(), "assign", reviewers=[first, second])
        desk.act(first, "respond", **OUTCOME)
        yield second
        desk.act(second, "approve", decision="approve")
        close(desk)
        keeper = desk.holder(desk.procedure().retention.told)
        desk.at(datetime(2031, 11, 3, 9, tzinfo=UTC))
        execute(desk.ref, AnnounceDeletion(), site=desk.office.site)
        desk.act(keeper, "hold", reason="A claim")
        yield keeper


class TestActing:
    def test_leads_from_the_first_link_to_the_closure(self, answered: Desk) -> None:
        """Acknowledged, assigned, answered and accepted: each from a link, each told as done."""
        page = Read(answered.act(COMPLAINANT, "reply", answer="satisfied")["body"])
        assert "Thank you" in page.text
        assert answered.case().ended == "satisfied"
        assert [fact for fact in answered.facts() if "Remind" not in fact] == [
            "ComplaintSubmitted",
            "ComplaintAcknowledged",
            "ReviewerAssigned",
            "OutcomeRecorded",
            "OutcomeSent",
            "ComplainantSatisfied",
            "CaseEnded",
        ]

    def test_a_second_time_is_told_kindly(self, leadership: Desk) -> None:
        """A button that was pressed twice did it once, and the page says so."""
        secret = leadership.secret(leadership.coordinator())
        form = {"action": "acknowledge", "confirm": "yes"}
        assert leadership.post(secret, form)["statusCode"] == 200
        facts = leadership.facts()
        again = leadership.post(secret, form)
        assert again["statusCode"] == 409
        assert "This complaint has already been acknowledged." in Read(again["body"]).text
        assert facts == leadership.facts()

    def test_an_answer_that_got_lost_is_not_taken_for_a_failure(self, leadership: Desk) -> None:
        """The page does not claim that nothing was stored, and a second try stores no more."""
        secret = leadership.secret(leadership.coordinator())
        form = {"action": "acknowledge", "confirm": "yes"}
        with answers_lost(wiring.client("dynamodb")):
            lost = leadership.post(secret, form)
        assert lost["statusCode"] == 503
        page = Read(lost["body"])
        assert "we do not know whether it was saved" in page.text
        assert "Nothing has been changed" not in page.text
        facts = leadership.facts()
        again = leadership.post(secret, form)
        assert again["statusCode"] == 409
        assert facts == leadership.facts()

    def test_a_reply_after_the_closure_says_what_is_true_now(self, answered: Desk) -> None:
        """Who answers twice is told that the case is closed."""
        secret = answered.secret(COMPLAINANT)
        answered.post(secret, {"action": "reply", "answer": "satisfied"})
        again = answered.post(secret, {"action": "reply", "answer": "escalate"})
        assert again["statusCode"] == 409
        page = Read(again["body"])
        assert "We received your reply at 10am on Monday 2 November 2026. Thank you." in page.text
        assert "Closed on Monday 2 November 2026" in page.text

    def test_without_a_choice_asks_for_it(self, leadership: Desk) -> None:
        """No action, an unknown one and two at once are refused without a trace."""
        secret, facts = leadership.secret(leadership.coordinator()), leadership.facts()
        for form in ({}, {"action": "destroy"}, {"action": ["acknowledge", "assign"], "confirm": "yes"}):
            assert leadership.post(secret, form)["statusCode"] == 422
        assert facts == leadership.facts()

    def test_incomplete_keeps_what_was_typed(self, leadership: Desk) -> None:
        """An outcome that lacks something names each gap and loses neither texts nor choices."""
        leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
        leadership.act(leadership.coordinator(), "assign", reviewers=leadership.reviewer())
        secret = leadership.secret(leadership.reviewer())
        partly = {
            "action": "respond",
            "conclusion_1": "upheld",
            "reasons_2": "Half\r\nwritten <&>",
            "response": " ",
        }
        answer = leadership.post(secret, partly)
        page = Read(answer["body"])
        assert answer["statusCode"] == 422
        for gap in ("reasons for your conclusion on point 1", "conclusion on point 2", "proposed resolution"):
            assert gap in page.text
        assert page.checked == ["conclusion_1"]
        assert page.forms["respond"].texts["reasons_2"].splitlines() == ["Half", "written <&>"]

    def test_what_cannot_be_printed_is_named(self, leadership: Desk) -> None:
        """A control character is refused at its field, before anything is stored."""
        leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
        leadership.act(leadership.coordinator(), "assign", reviewers=leadership.reviewer())
        secret = leadership.secret(leadership.reviewer())
        before = leadership.office.items()
        answer = leadership.post(secret, {"action": "respond", **OUTCOME, "response": "Bell\x07"})
        assert answer["statusCode"] == 422
        assert "Remove the characters that cannot be printed." in Read(answer["body"]).text
        assert before == leadership.office.items()

    def test_with_another_persons_link_is_not_possible(self, answered: Desk) -> None:
        """A link does what it was sent for, and nothing that its holder may do elsewhere."""
        answer = answered.post(answered.secret(COMPLAINANT), {"action": "assign", "reviewers": "director"})
        assert answer["statusCode"] == 403

    def test_ends_with_the_reassignment(self, leadership: Desk) -> None:
        """Who is no longer the reviewer can neither act nor read on."""
        leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
        first, second = leadership.reviewer(0), leadership.reviewer(1)
        leadership.act(leadership.coordinator(), "assign", reviewers=first)
        secret = leadership.secret(first)
        leadership.act(leadership.coordinator(), "assign", reviewers=second)
        page = Read(leadership.get(secret)["body"])
        assert "assigned to somebody else" in page.text
        assert "canary" not in page.html.lower()
        assert leadership.post(secret, {"action": "respond", **OUTCOME})["statusCode"] == 403

    def test_somebody_who_cannot_review_is_refused(self, leadership: Desk) -> None:
        """A person who lacks the stage's role is no choice, whatever the form says."""
        secret = leadership.secret(leadership.coordinator())
        answer = leadership.post(secret, {"action": "assign", "reviewers": leadership.coordinator()})
        assert answer["statusCode"] == 422
        assert leadership.case().current.reviewers == ()

    def test_logs_nothing_personal(self, leadership: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        """What is logged names the case, and neither the secret nor anything that anybody wrote."""
        secret = leadership.secret(leadership.coordinator())
        leadership.post(secret, {"action": "acknowledge", "confirm": "yes", "note": WORDS})
        leadership.post(secret, {"action": "assign", "reviewers": WORDS})
        logged = "".join(capsys.readouterr())
        assert leadership.ref in logged
        assert secret not in logged
        assert "canary" not in logged.lower()


class TestApproval:
    def test_sends_the_outcome(self, recorded: Desk) -> None:
        """The approver reads what was recorded; approving it sends it."""
        approver = recorded.holder("executive-team")
        page = Read(recorded.get(recorded.secret(approver))["body"])
        assert "Because the first." in page.text
        recorded.act(approver, "approve", decision="approve")
        assert recorded.case().current.responded_at is not None

    def test_returned_comes_back_with_reason_and_texts(self, recorded: Desk) -> None:
        """The reviewer reads what has to change and finds the texts, but chooses the conclusions again."""
        approver = recorded.holder("executive-team")
        recorded.act(approver, "approve", decision="return", reason="Say whom you asked.")
        page = Read(recorded.get(recorded.secret(recorded.reviewer()))["body"])
        assert "Say whom you asked." in page.text
        assert page.forms["respond"].texts["reasons_2"].strip() == "Because the second."
        assert page.checked == []

    def test_returning_without_a_reason_is_refused(self, recorded: Desk) -> None:
        """Nobody gets an outcome back without being told why."""
        secret = recorded.secret(recorded.holder("executive-team"))
        form = Read(recorded.get(secret)["body"]).forms["approve"]
        answer = recorded.post(secret, form.hidden, decision="return", reason="  ")
        assert answer["statusCode"] == 422
        assert Read(answer["body"]).checked == ["decision"]

    def test_is_of_what_was_read(self, recorded: Desk) -> None:
        """An outcome that changed since the page was opened is not approved by it."""
        first, second = (recorded.holder("executive-team", number) for number in (0, 1))
        secret = recorded.secret(first)
        read = Read(recorded.get(secret)["body"]).forms["approve"].hidden
        recorded.act(second, "approve", decision="return", reason="Change it.")
        execute(
            recorded.ref,
            RecordOutcome(
                by=recorded.reviewer(),
                stage=recorded.case().current.stage,
                findings=(Finding(aspect=1, conclusion="upheld"), Finding(aspect=2, conclusion="upheld")),
                wording=Writing("another", {"reasons": ["Changed.", "Changed."], "response": "Changed."}),
            ),
            site=recorded.office.site,
        )
        answer = recorded.post(secret, read, decision="approve")
        assert answer["statusCode"] == 409
        assert "changed since you opened it" in Read(answer["body"]).text
        assert recorded.case().current.responded_at is None


class TestInterimResponse:
    @pytest.fixture
    def reviewer(self, desk: Desk) -> str:
        desk.open(*CREATIVE)
        reviewer = desk.reviewer()
        desk.act(desk.coordinator(), "assign", reviewers=reviewer)
        return reviewer

    def test_gives_a_new_date_once(self, desk: Desk, reviewer: str) -> None:
        """The date counts from then on, and a second press of the button is told kindly."""
        secret = desk.secret(reviewer)
        form = {
            "action": "interim",
            "message": "We wait for the canary.",
            "who": "I do.",
            "next": "We write.",
        }
        form |= {"respond_by.day": "15", "respond_by.month": "12", "respond_by.year": "2026"}
        assert desk.post(secret, form)["statusCode"] == 200
        assert "2026-12-15" == str(desk.case().current.respond_by)
        assert desk.post(secret, form)["statusCode"] == 409
        assert desk.facts().count("InterimResponseSent") == 1

    @pytest.mark.parametrize("day", ["31", "0", "²", "x", ""])
    def test_refuses_what_is_no_date(self, desk: Desk, reviewer: str, day: str) -> None:
        """A day that the month does not have, or that is no number, is named and kept."""
        form = {
            "action": "interim",
            "message": "We wait.",
            "who": "The office.",
            "next": "We write.",
            "respond_by.day": day,
        }
        form |= {"respond_by.month": "11", "respond_by.year": "2026"}
        answer = desk.post(desk.secret(reviewer), form)
        page = Read(answer["body"])
        assert answer["statusCode"] == 422
        assert page.forms["interim"].texts["respond_by.day"] == day
        assert page.forms["interim"].texts["message"] == "We wait."

    def test_refuses_an_earlier_date(self, desk: Desk, reviewer: str) -> None:
        """The new date is later than the one that it replaces."""
        form = {
            "action": "interim",
            "message": "We wait.",
            "who": "The office.",
            "next": "We write.",
            "respond_by.day": "3",
        }
        form |= {"respond_by.month": "11", "respond_by.year": "2026"}
        answer = desk.post(desk.secret(reviewer), form)
        assert answer["statusCode"] == 422
        assert "Enter a date later than" in Read(answer["body"]).text


class TestKeeping:
    @pytest.fixture
    def keeper(self, answered: Desk) -> str:
        close(answered)
        answered.at(datetime(2031, 11, 3, 9, tzinfo=UTC))
        execute(answered.ref, AnnounceDeletion(), site=answered.office.site)
        return answered.holder(answered.procedure().retention.told)

    def test_places_and_lifts_a_hold(self, answered: Desk, keeper: str) -> None:
        """A hold is placed with a reason, shown with it, and lifted by choosing it."""
        answered.act(keeper, "hold", reason="A claim")
        secret = answered.secret(keeper)
        page = Read(answered.get(secret)["body"])
        assert "A claim" in page.text
        (hold,) = page.forms["lift"].choices["hold"]
        answered.act(keeper, "lift", hold=hold)
        assert answered.case().holds == ()

    def test_holds_once_for_one_reason(self, answered: Desk, keeper: str) -> None:
        """A second press of the button places no second hold."""
        secret = answered.secret(keeper)
        assert answered.post(secret, {"action": "hold", "reason": "A claim"})["statusCode"] == 200
        assert answered.post(secret, {"action": "hold", "reason": "A claim "})["statusCode"] == 409
        assert len(answered.case().holds) == 1

    def test_of_a_destroyed_case_is_over(self, answered: Desk, keeper: str) -> None:
        """When a case is destroyed its links are, and the page says nothing of it."""
        secret = answered.secret(keeper)
        answered.at(datetime(2031, 12, 1, 9, tzinfo=UTC))
        destroy(answered.ref, site=answered.office.site, s3=answered.office.s3)
        answer = answered.get(secret)
        assert answer["statusCode"] == 404
        assert answered.ref not in answer["body"]


class TestExpiry:
    def test_offers_a_fresh_link(self, leadership: Desk) -> None:
        """An expired link shows nothing of the case and does nothing, but sends a fresh one on request."""
        secret = leadership.secret(leadership.coordinator())
        leadership.at(leadership.office.clock.now() + timedelta(days=61))
        page = Read(leadership.get(secret)["body"])
        assert leadership.get(secret)["statusCode"] == 410
        assert page.forms["fresh"].target == f"/l/{secret}/fresh"
        assert leadership.ref not in page.html.replace(secret, "")
        answer = leadership.post(secret, {"action": "acknowledge", "confirm": "yes"})
        assert answer["statusCode"] == 410
        assert "ComplaintAcknowledged" not in leadership.facts()

    def test_sends_a_fresh_link_to_the_registered_address(self, leadership: Desk) -> None:
        """The fresh link goes to the person that the old one was for, works, and is sent once in a while."""
        coordinator = leadership.coordinator()
        old = leadership.secret(coordinator)
        leadership.at(leadership.office.clock.now() + timedelta(days=61))
        sent = len(leadership.office.mail.sent)
        assert "on its way" in Read(leadership.fresh(old)["body"]).text
        assert "on its way" not in Read(leadership.fresh(old)["body"]).text
        new = leadership.secret(coordinator, "fresh-link")
        (mail,) = leadership.office.mail.sent[sent:]
        assert mail["Destination"]["ToAddresses"] == [leadership.address(coordinator)]
        assert new != old
        assert "acknowledge" in Read(leadership.get(new)["body"]).forms

    def test_is_not_needed_where_the_next_step_is_on_the_same_stage(self, leadership: Desk) -> None:
        """A link with which its person acknowledged offers what comes after it."""
        leadership.act(leadership.coordinator(), "assign", reviewers=leadership.reviewer())
        secret = leadership.secret(leadership.reviewer())
        leadership.post(secret, {"action": "acknowledge", "confirm": "yes"})
        page = Read(leadership.get(secret)["body"])
        assert "respond" in page.forms
        assert "acknowledge" not in page.forms

    def test_of_unknown_links_tells_nothing(self, leadership: Desk) -> None:
        """A secret that was never made is not found, whatever is done with it, and nothing is stored."""
        before = leadership.office.items()
        for secret in (EXAMPLE, "short", "", "../../etc", "x" * 5000):
            assert leadership.get(secret)["statusCode"] == 404
            assert leadership.post(secret, {"action": "acknowledge", "confirm": "yes"})["statusCode"] == 404
            assert leadership.fresh(secret)["statusCode"] == 404
        assert before == leadership.office.items()

    def test_by_lapse_says_that_the_time_is_over(self, answered: Desk) -> None:
        """Who answers after silence has closed the case is told so, and can write or call."""
        secret = answered.secret(COMPLAINANT)
        for days in (10, 20):
            answered.at(answered.office.clock.now() + timedelta(days=days))
            execute(answered.ref, Wake(), site=answered.office.site)
        answer = answered.post(secret, {"action": "reply", "answer": "escalate"})
        page = Read(answer["body"])
        assert answer["statusCode"] == 409
        assert "The time limit for a reply has passed" in page.text
        assert answered.procedure().contact.email in page.text


def test_secrets_are_stored_nowhere(leadership: Desk) -> None:
    """The table knows a link by its hash alone."""
    secret = leadership.secret(leadership.coordinator())
    stored = json.dumps(leadership.office.items(), default=str)
    assert hash_of(secret) in stored
    assert secret not in stored


def test_routes_are_those_of_the_template() -> None:
    """The function answers what the gateway sends it, and no more."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("!", lambda loader, suffix, node: str(node.value))
    resources = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=Loader)["Resources"]
    events = [one["Properties"] for one in resources["LinksFunction"]["Properties"]["Events"].values()]
    assert {f"{one['Method']} {one['Path']}" for one in events} == gateway_routes(links.ROUTES)
