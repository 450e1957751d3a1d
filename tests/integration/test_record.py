"""What is put on record while a case is worked on, as those concerned do it: from their links and their mails."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.case import COMPLAINANT
from tests.browser.gateway import call, functions_given
from tests.integration.desk import ALLIANCE, ANSWERS, CREATIVE, DYNAMIC, LEADERSHIP, OUTCOME, Desk, Read
from tests.integration.office import KEYS, SECRET, TABLE

SAID = "The canary sang of it"
"""What nobody's log, event, subject or mail to staff may hold."""


@pytest.fixture
def alliance(desk: Desk) -> Desk:
    desk.open(*ALLIANCE)
    return desk


@pytest.fixture
def leadership(desk: Desk) -> Desk:
    """The first stage is being looked into."""
    desk.open(*LEADERSHIP)
    desk.act(desk.coordinator(), "acknowledge", confirm="yes")
    desk.act(desk.coordinator(), "assign", reviewers=desk.reviewer())
    return desk


def page_of(desk: Desk, person: str) -> Read:
    """What this person's latest link shows."""
    return Read(desk.get(desk.secret(person))["body"])


def keeps_words_in_contents_only(desk: Desk, words: str) -> None:
    """No event, no effect, no mail to staff and no subject has the words."""
    desk.office.deliver_all()
    for item in desk.office.items():
        if "CONTENT#" not in item["SK"]["S"]:
            assert words not in str(item)
    for mail in desk.office.mail.sent:
        assert words not in mail["Content"]["Simple"]["Subject"]["Data"]
        if ANSWERS["email"] not in mail["Destination"]["ToAddresses"]:
            assert words not in str(mail["Content"])


class TestCallsAndMeetings:
    @pytest.mark.clause("AFL-10")
    def test_call_attempts_are_recorded_with_what_was_resolved(self, alliance: Desk) -> None:
        """The Director sees that a call is to be made, notes an attempt and then the call, and both stay."""
        director = alliance.reviewer()
        assert "No conversation is on record yet." in page_of(alliance, director).text
        alliance.act(director, "note", kind="call-not-reached")
        assert "No conversation is on record yet." in page_of(alliance, director).text
        alliance.act(director, "note", kind="call-reached", text=f"{SAID}: the first point is settled.")
        page = page_of(alliance, director)
        assert "called the complainant and did not reach them." in page.text
        assert "called the complainant and reached them." in page.text
        assert f"{SAID}: the first point is settled." in page.text
        assert "No conversation is on record yet." not in page.text
        keeps_words_in_contents_only(alliance, SAID)

    @pytest.mark.clause("LE-08")
    def test_the_directors_meeting_is_arranged_held_and_noted(self, leadership: Desk) -> None:
        """The Director is asked for a meeting, the complainant gets time and place, and what was said is kept."""
        leadership.act(leadership.reviewer(), "respond", **OUTCOME)
        leadership.act(COMPLAINANT, "reply", answer="escalate")
        leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
        director = leadership.reviewer()
        assert "No conversation is on record yet." in page_of(leadership, director).text
        when = "Friday 13 November 2026, 2pm, room 4"
        unsaid = {"action": "note", "kind": "meeting-arranged", "when": "", "text": "About our proposal."}
        assert leadership.post(leadership.secret(director), unsaid)["statusCode"] == 422
        leadership.act(director, "note", kind="meeting-arranged", when=when, text="About our proposal.")
        assert when in leadership.told(COMPLAINANT, "meeting")
        leadership.act(director, "note", kind="meeting-held", companion="nobody", text=f"{SAID}.")
        page = page_of(leadership, director)
        for said in (
            "arranged a meeting with the complainant.",
            when,
            "met the complainant; nobody came",
            SAID,
        ):
            assert said in page.text
        keeps_words_in_contents_only(leadership, SAID)
        keeps_words_in_contents_only(leadership, "room 4")

    @pytest.mark.clause("LE-08")
    def test_a_call_does_where_no_meeting_is_possible(self, leadership: Desk) -> None:
        """A call that reached the complainant is a conversation as well."""
        leadership.act(leadership.reviewer(), "respond", **OUTCOME)
        leadership.act(COMPLAINANT, "reply", answer="escalate")
        director = leadership.reviewer()
        leadership.act(director, "note", kind="call-reached", text="We talked about the proposal.")
        assert "No conversation is on record yet." not in page_of(leadership, director).text

    @pytest.mark.clause("AFL-10")
    def test_no_outcome_before_the_director_tried_to_call_or_said_why_not(self, alliance: Desk) -> None:
        """Without an attempt on record the outcome comes back, with what was typed; a call that reached nobody is
        enough, and so is the reason why there was none. That the office called is not."""
        director = alliance.reviewer()
        silent = OUTCOME | {"no_conversation": ""}
        alliance.act(alliance.coordinator(), "note", kind="call-not-reached")
        answer = alliance.post(alliance.secret(director), {"action": "respond", **silent})
        assert answer["statusCode"] == 422
        page = Read(answer["body"])
        assert "Record that you tried to call the complainant, or write why you did not." in page.text
        assert page.forms["respond"].texts["response"] == OUTCOME["response"]
        alliance.act(director, "note", kind="call-not-reached")
        alliance.act(director, "respond", **silent)
        assert alliance.case().current.awaits_approval

    @pytest.mark.clause("AFL-10")
    def test_why_there_was_no_call_stays_on_record(self, alliance: Desk) -> None:
        """The reason is asked for with the outcome, and stands in the history; the complainant does not get it."""
        director = alliance.reviewer()
        alliance.act(director, "respond", **OUTCOME | {"no_conversation": f"{SAID}."})
        page = page_of(alliance, alliance.coordinator())
        assert "did not speak with the complainant, and said why." in page.text
        assert f"{SAID}." in page.text
        assert "no_conversation" not in page_of(alliance, director).ids
        keeps_words_in_contents_only(alliance, SAID)

    @pytest.mark.clause("LE-08")
    def test_no_outcome_before_the_director_met_the_complainant_or_said_why_not(
        self, leadership: Desk
    ) -> None:
        """An offer, an arranged meeting and a call that reached nobody are not enough: the meeting is held, or the
        Director says why it was not."""
        leadership.act(leadership.reviewer(), "respond", **OUTCOME)
        leadership.act(COMPLAINANT, "reply", answer="escalate")
        leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
        director, silent = leadership.reviewer(), OUTCOME | {"no_conversation": ""}
        leadership.act(director, "note", kind="meeting-offered", text="Would you like to meet me?")
        leadership.act(director, "note", kind="meeting-arranged", when="On Friday", text="To talk.")
        leadership.act(director, "note", kind="call-not-reached")
        answer = leadership.post(leadership.secret(director), {"action": "respond", **silent})
        assert answer["statusCode"] == 422
        asked = "Record the meeting or the call with the complainant, or write why there was none."
        assert asked in Read(answer["body"]).text
        leadership.act(director, "note", kind="meeting-held", companion="nobody", text="We talked.")
        leadership.act(director, "respond", **silent)
        assert leadership.case().current.responded_at is not None

    @pytest.mark.clause("LE-08")
    def test_a_meeting_is_offered_and_the_complainant_answers(self, leadership: Desk) -> None:
        """The offer reaches the complainant, who answers it from their page; the Director hears of it."""
        leadership.act(leadership.reviewer(), "respond", **OUTCOME)
        leadership.act(COMPLAINANT, "reply", answer="escalate")
        leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
        director = leadership.reviewer()
        offer = "Would you like to meet me next week?"
        leadership.act(director, "note", kind="meeting-offered", text=offer)
        assert offer in leadership.told(COMPLAINANT, "question")
        form = page_of(leadership, COMPLAINANT).forms["answer"]
        (field,) = form.texts
        leadership.act(COMPLAINANT, "answer", **{field: "Thursday suits me."})
        page = page_of(leadership, director)
        assert "offered the complainant a meeting or a call." in page.text
        assert "Thursday suits me." in page.text

    @pytest.mark.clause("LE-08")
    def test_the_complainant_reads_that_the_director_will_offer_a_meeting(self, leadership: Desk) -> None:
        """Who goes on to the Director is told that they will meet or talk."""
        leadership.act(leadership.reviewer(), "respond", **OUTCOME)
        leadership.act(COMPLAINANT, "reply", answer="escalate")
        assert "The Director meets you, or calls you" in leadership.told(COMPLAINANT, "escalation")

    @pytest.mark.clause("DT-11")
    def test_brief_notes_and_every_written_response_stay_with_the_case(self, desk: Desk) -> None:
        """Notes of a meeting and of a call stand in the history, beside the response as it was written."""
        desk.open(*DYNAMIC)
        coordinator = desk.coordinator()
        if not desk.case().current.reviewers:
            desk.act(coordinator, "assign", reviewers=desk.reviewer())
        if desk.case().current.acknowledged_at is None:
            desk.act(coordinator, "acknowledge", confirm="yes")
        reviewer = desk.case().current.reviewers[0]
        desk.act(reviewer, "note", kind="meeting-held", companion="nobody", text="We met in the workshop.")
        desk.act(coordinator, "note", kind="call-reached", text="They asked when the answer comes.")
        desk.act(reviewer, "respond", **OUTCOME)
        if desk.case().current.awaits_approval:
            approval = desk.procedure().stage(desk.case().current.stage).approval
            assert approval is not None
            desk.act(desk.holder(approval.role), "approve", decision="approve")
        page = page_of(desk, coordinator)
        for said in (
            "We met in the workshop.",
            "They asked when the answer comes.",
            OUTCOME["response"],
            OUTCOME["reasons_1"],
        ):
            assert said in page.text

    @pytest.mark.clause("CA-08")
    @pytest.mark.parametrize("companion", ["friend", "representative"])
    def test_who_comes_with_the_complainant_is_recorded(self, desk: Desk, companion: str) -> None:
        """The invitation says that somebody may come along; who did, be it nobody, has to be said, and stands in the
        history."""
        desk.open(*CREATIVE)
        reviewer = desk.reviewer()
        desk.act(desk.coordinator(), "assign", reviewers=reviewer)
        desk.act(reviewer, "note", kind="meeting-arranged", when="Monday, 3pm", text="To hear both sides.")
        assert "You can bring a friend or a representative." in desk.told(COMPLAINANT, "meeting")
        held = {"kind": "meeting-held", "text": "Both sides were heard."}
        unsaid = desk.post(desk.secret(reviewer), {"action": "note", **held})
        assert "Choose who came with the complainant." in Read(unsaid["body"]).text
        desk.act(reviewer, "note", **held, companion=companion)
        assert f"met the complainant; a {companion} came with them." in page_of(desk, reviewer).text

    def test_a_second_click_notes_nothing_twice(self, alliance: Desk) -> None:
        """The same words from the same person are on record once."""
        secret = alliance.secret(alliance.reviewer())
        form = {"action": "note", "kind": "note", "text": "They wrote."}
        assert [200, 409] == [alliance.post(secret, form)["statusCode"] for _ in range(2)]
        assert 1 == alliance.facts().count("NoteAdded")

    def test_are_for_those_who_work_on_the_case(self, alliance: Desk) -> None:
        """The complainant's page has neither notes nor a form for them."""
        alliance.act(alliance.reviewer(), "note", kind="note", text=SAID)
        page = page_of(alliance, COMPLAINANT)
        assert SAID not in page.text
        assert "note" not in page.forms
        answer = alliance.post(alliance.secret(COMPLAINANT), {"action": "note", "kind": "note", "text": "x"})
        assert answer["statusCode"] == 403


class TestQuestions:
    @pytest.mark.clause("LE-05")
    def test_are_asked_answered_and_kept(self, leadership: Desk) -> None:
        """The reviewer asks twice, the complainant answers from the mail's link, and the reviewer reads both."""
        reviewer = leadership.reviewer()
        leadership.act(reviewer, "ask", question="Which day was it?")
        leadership.act(reviewer, "ask", question="Who else was there?")
        mail = leadership.office.mails_to(leadership.address(COMPLAINANT), "question")[0]
        assert "Which day was it?" in mail["Content"]["Simple"]["Body"]["Text"]["Data"]
        form = page_of(leadership, COMPLAINANT).forms["answer"]
        first, second = form.texts
        leadership.act(COMPLAINANT, "answer", **{first: f"{SAID} on Monday."})
        assert "has answered a question" in leadership.told(reviewer, "case-news")
        page = page_of(leadership, COMPLAINANT)
        assert [second] == list(page.forms["answer"].texts)
        assert f"{SAID} on Monday." in page.text
        leadership.act(COMPLAINANT, "answer", **{second: "Nobody."})
        read = page_of(leadership, reviewer).text
        for said in ("Which day was it?", f"{SAID} on Monday.", "Who else was there?", "Nobody."):
            assert said in read
        keeps_words_in_contents_only(leadership, SAID)
        keeps_words_in_contents_only(leadership, "Which day was it?")

    def test_page_holds_nothing_else_that_the_complaint_told(self, leadership: Desk) -> None:
        """Behind the link of a question stand the question and the dates, not the complaint."""
        leadership.act(leadership.reviewer(), "ask", question="Which day was it?")
        assert "canary" not in page_of(leadership, COMPLAINANT).html.lower()

    def test_lapse_when_the_outcome_is_sent(self, leadership: Desk) -> None:
        """Whoever answers too late is told kindly, and nothing is stored."""
        reviewer = leadership.reviewer()
        leadership.act(reviewer, "ask", question="Which day was it?")
        secret = leadership.secret(COMPLAINANT, "question")
        form = Read(leadership.get(secret)["body"]).forms["answer"]
        leadership.act(reviewer, "respond", **OUTCOME)
        facts = leadership.facts()
        answer = leadership.post(secret, form.hidden, **dict.fromkeys(form.texts, "Monday."))
        assert answer["statusCode"] == 409
        assert "you do not need to answer our questions any more" in Read(answer["body"]).text
        assert facts == leadership.facts()
        read = page_of(leadership, leadership.coordinator()).text
        assert "asked the complainant a question; it was not answered before the outcome was sent." in read

    def test_that_are_open_are_pointed_out_before_the_outcome(self, leadership: Desk) -> None:
        """The reviewer reads beside the outcome's form that an answer is still awaited."""
        leadership.act(leadership.reviewer(), "ask", question="Which day was it?")
        read = page_of(leadership, leadership.reviewer()).text
        assert "The complainant has not answered your question yet." in read

    def test_without_an_answer_lead_back_to_the_field(self, leadership: Desk) -> None:
        """An empty answer names the field that it lacks."""
        leadership.act(leadership.reviewer(), "ask", question="Which day was it?")
        secret = leadership.secret(COMPLAINANT)
        form = Read(leadership.get(secret)["body"]).forms["answer"]
        answer = leadership.post(secret, form.hidden, **dict.fromkeys(form.texts, " "))
        page = Read(answer["body"])
        assert answer["statusCode"] == 422
        assert set(page.fragments) <= set(page.ids)
        assert "Answer at least one question." in page.text


def form_text(organisation: str, tmp_path: Path) -> str:
    clock = tmp_path / "clock.json"
    with functions_given(clock, table=TABLE, keys=KEYS, secret=SECRET):
        return call("GET", f"/{organisation}/complaint").page.text


class TestDisclosure:
    @pytest.mark.clause("AFL-04")
    def test_of_identity_is_on_record_with_its_reason(self, alliance: Desk) -> None:
        """The Director reads when it is allowed, and records to whom and why."""
        director = alliance.reviewer()
        asked = Read(alliance.get(alliance.secret(director), act="disclose")["body"])
        allowed = "only where it cannot be looked into without that person's answer"
        assert allowed in asked.text.replace("’", "'")
        told = {"what": "identity", "to": "The facilitator", "reason": f"{SAID}; nobody else can answer."}
        alliance.act(director, "disclose", **told)
        page = page_of(alliance, director)
        for said in ("the complainant’s identity was passed on, who to, and why.", "The facilitator", SAID):
            assert said in page.text
        assert alliance.office.mails_to(alliance.address(COMPLAINANT), "disclosure") == []
        keeps_words_in_contents_only(alliance, SAID)

    @pytest.mark.clause("AFL-04")
    def test_without_a_reason_is_refused(self, alliance: Desk) -> None:
        """Nothing is recorded as passed on without saying to whom and why."""
        facts = alliance.facts()
        answer = alliance.post(
            alliance.secret(alliance.reviewer()),
            {"action": "disclose", "what": "identity", "to": "", "reason": ""},
        )
        assert answer["statusCode"] == 422
        assert "Write why it cannot be avoided." in Read(answer["body"]).text
        assert facts == alliance.facts()

    @pytest.mark.clause("AFL-04")
    def test_is_told_of_beforehand_on_the_form(self, desk: Desk, tmp_path: Path) -> None:
        """Both forms say when a name is passed on, and that an access-to-information request can bring it out."""
        said = form_text("alliance-for-learning", tmp_path)
        assert "who you are only if we cannot look into it without that person's answer" in said
        assert (
            "We cannot promise to keep your name out of an answer to an access-to-information request."
            in said
        )

    @pytest.mark.clause("DT-14")
    def test_breaking_confidentiality_is_recorded_and_told(self, desk: Desk, tmp_path: Path) -> None:
        """The complainant reads beforehand that it can happen, and when it does, to whom and why; without a reason
        nothing is recorded."""
        assert "If we ever have to tell somebody else, we record why, and we tell you." in form_text(
            "dynamic-training", tmp_path
        )
        desk.open(*DYNAMIC)
        coordinator = desk.coordinator()
        told = {"what": "confidence", "to": "The local authority", "reason": f"{SAID}: somebody was at risk."}
        unreasoned = {"action": "disclose", **told, "reason": ""}
        assert desk.post(desk.secret(coordinator), unreasoned)["statusCode"] == 422
        desk.act(coordinator, "disclose", **told)
        mail = desk.told(COMPLAINANT, "disclosure")
        assert "The local authority" in mail
        assert f"{SAID}: somebody was at risk." in mail
        assert "something told in confidence was passed on" in page_of(desk, coordinator).text
        keeps_words_in_contents_only(desk, SAID)


class TestPrivacyNotice:
    @pytest.mark.clause("AFL-15")
    def test_says_with_whom_a_complaint_is_shared(self, desk: Desk, tmp_path: Path) -> None:
        """Only the people complained about, and staff or contractors who need it."""
        said = form_text("alliance-for-learning", tmp_path)
        assert (
            "We share it only with the people you complain about, and with staff or contractors who need it to deal"
            " with your complaint." in said
        )

    @pytest.mark.clause("AFL-15")
    def test_is_kept_nobody_else_reads_the_case(self, alliance: Desk) -> None:
        """Whoever neither coordinates nor reviews, approves or keeps gets no mail that could open the case."""
        alliance.act(alliance.reviewer(), "note", kind="note", text="A note.")
        alliance.office.deliver_all()
        handling = {
            alliance.address(person) for person in (COMPLAINANT, alliance.reviewer(), alliance.coordinator())
        }
        reached = {one for mail in alliance.office.mail.sent for one in mail["Destination"]["ToAddresses"]}
        assert reached <= handling

    @pytest.mark.clause("AFL-17")
    def test_names_whom_to_ask_about_data(self, desk: Desk, tmp_path: Path) -> None:
        """First the data protection officer, then the Information Commissioner's Office, with our number there."""
        said = form_text("alliance-for-learning", tmp_path)
        first, then = said.index("data.protection@alliance-for-learning.example"), said.index("ico.org.uk")
        assert first < then < said.index("registered under number Z0000000")


class TestLateInformation:
    @pytest.mark.clause("AFL-09")
    @pytest.mark.parametrize(
        ("decision", "told"),
        [("accept", "We will take it into account."), ("decline", "We will not consider it.")],
    )
    def test_is_accepted_or_declined_with_a_reason(self, alliance: Desk, decision: str, told: str) -> None:
        """From the acknowledgement's link to the decision: the Director has to decide, and the complainant is told."""
        director = alliance.reviewer()
        secret = alliance.secret(COMPLAINANT, "acknowledgement")
        page = Read(alliance.get(secret)["body"])
        assert "normally not considered, unless it is new" in page.text
        added = {"action": "add", "information": f"{SAID} once more."}
        assert alliance.post(secret, added)["statusCode"] == 200
        assert "Please decide whether to consider it" in alliance.told(director, "case-news")
        page = page_of(alliance, director)
        assert f"{SAID} once more." in page.text
        refused = alliance.post(alliance.secret(director), {"action": "respond", **OUTCOME})
        assert refused["statusCode"] == 422
        (information,) = page.forms["consider"].choices["information"]
        alliance.act(
            director, "consider", information=information, decision=decision, reason="The reason is this."
        )
        mail = alliance.told(COMPLAINANT, "information-considered")
        for said in (f"{SAID} once more.", told, "The reason is this."):
            assert said in mail
        alliance.act(director, "respond", **OUTCOME)
        keeps_words_in_contents_only(alliance, SAID)

    @pytest.mark.clause("AFL-09")
    def test_without_a_reason_is_not_decided(self, alliance: Desk) -> None:
        """A decision without choice or reason is refused, field by field."""
        director = alliance.reviewer()
        alliance.act(COMPLAINANT, "add", information="One thing more.")
        form = page_of(alliance, director).forms["consider"]
        (information,) = form.choices["information"]
        for typed in (
            {},
            {"information": information},
            {"information": information, "decision": "accept", "reason": " "},
        ):
            answer = alliance.post(alliance.secret(director), form.hidden, **typed)
            assert answer["statusCode"] == 422
        assert "InformationConsidered" not in alliance.facts()

    @pytest.mark.clause("AFL-09")
    def test_is_told_of_beforehand_on_the_form(self, desk: Desk, tmp_path: Path) -> None:
        """The form asks for everything now, and says what becomes of the rest."""
        assert "What arrives later is normally not considered, unless it is new." in form_text(
            "alliance-for-learning", tmp_path
        )

    def test_pages_preselect_nothing_and_have_unique_ids(self, alliance: Desk) -> None:
        """The pages that ask for an answer or a decision make no choice of their own."""
        director = alliance.reviewer()
        alliance.act(COMPLAINANT, "add", information="One thing more.")
        alliance.act(COMPLAINANT, "add", information="And another.")
        alliance.act(director, "ask", question="Which?")
        alliance.act(director, "ask", question="And when?")
        for person in (director, COMPLAINANT):
            secret = alliance.secret(person)
            page = Read(alliance.get(secret)["body"])
            assert page.checked == []
            for form in page.forms.values():
                before = alliance.office.items()
                answer = alliance.post(secret, {**form.hidden, **form.texts})
                assert answer["statusCode"] == 422
                again = Read(answer["body"])
                assert len(again.ids) == len(set(again.ids))
                assert set(again.fragments) <= set(again.ids)
                assert before == alliance.office.items()
