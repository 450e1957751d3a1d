"""Outcomes: what a response has to say before it is sent, and what reaches the complainant."""

from __future__ import annotations

import pytest

from domain.case import COMPLAINANT
from tests.integration.desk import (
    ALLIANCE,
    ANSWERS,
    CREATIVE,
    DYNAMIC,
    EVIDENCE,
    IN_FULL,
    OUTCOME,
    SCITT,
    Desk,
    Read,
    at_the_reviewer,
    refused,
)


class TestWhatIsMissing:
    @pytest.mark.clause("AOM-08")
    @pytest.mark.parametrize(
        "left_out",
        ["conclusion_1", "conclusion_2", "reasons_1", "reasons_2", "evidence_1", "evidence_2", "response"],
    )
    def test_a_point_without_its_answer_keeps_the_response_back(self, desk: Desk, left_out: str) -> None:
        """A response that leaves a point without conclusion, reasons or evidence is not sent; the page says which."""
        reviewer = at_the_reviewer(desk, SCITT)
        fields = {name: value for name, value in IN_FULL.items() if name != left_out}
        page = refused(desk, reviewer, "respond", **fields)
        assert f"respond.{left_out}" in page.fragments
        assert "OutcomeSent" not in desk.facts()
        assert not desk.office.mails_to(desk.address(COMPLAINANT), "outcome")

    @pytest.mark.clause("AOM-08", "AOM-10")
    def test_in_full_it_is_sent_with_evidence_and_remedies(self, desk: Desk) -> None:
        """The answer on each point has its evidence, and the response names the remedies that were chosen."""
        reviewer = at_the_reviewer(desk, SCITT)
        chosen = ["explanation", "apology", "steps-taken"]
        words = {
            "remedy_apology": "We are sorry for the lost day.",
            "remedy_steps-taken": "Rooms are checked.",
        }
        desk.act(reviewer, "respond", **IN_FULL | words | {"remedies": chosen})
        said = desk.told(COMPLAINANT, "outcome")
        assert "The evidence: The register of 26 October." in said
        assert "The evidence: Two letters." in said
        assert "An explanation: Above, we have explained what happened and why." in said
        assert "An apology: We are sorry for the lost day." in said
        assert "does not happen again: Rooms are checked." in said
        assert "review our policies" not in said
        shown = Read(desk.get(desk.secret(COMPLAINANT))["body"]).text
        assert "We are sorry for the lost day." in shown

    @pytest.mark.clause("AOM-10")
    def test_without_a_remedy_it_is_not_sent(self, desk: Desk) -> None:
        """Redress is one or more of the four that the policy lists, or the statement that there is none; nothing is
        chosen for the reviewer."""
        reviewer = at_the_reviewer(desk, SCITT)
        offered = Read(desk.get(desk.secret(reviewer))["body"])
        assert ["explanation", "apology", "steps-taken", "policies-reviewed", "none"] == offered.forms[
            "respond"
        ].choices["remedies"]
        assert offered.checked == []
        page = refused(desk, reviewer, "respond", **OUTCOME, **EVIDENCE)
        assert "respond.remedies" in page.fragments

    @pytest.mark.clause("AOM-10")
    def test_where_redress_is_not_appropriate_the_response_says_so(self, desk: Desk) -> None:
        """The complainant reads that none is offered; it is not said beside something that is."""
        reviewer = at_the_reviewer(desk, SCITT)
        page = refused(desk, reviewer, "respond", **IN_FULL | {"remedies": ["apology", "none"]})
        assert "respond.remedies" in page.fragments
        desk.act(reviewer, "respond", **IN_FULL | {"remedies": "none"})
        told = desk.told(COMPLAINANT, "outcome")
        assert "We do not offer redress." in told
        assert "We apologise" not in told

    @pytest.mark.clause("AOM-10")
    def test_a_remedy_without_words_is_not_sent(self, desk: Desk) -> None:
        """A remedy that only the reviewer can put into words needs them; the page says which."""
        reviewer = at_the_reviewer(desk, SCITT)
        page = refused(desk, reviewer, "respond", **IN_FULL | {"remedies": ["apology", "steps-taken"]})
        assert page.fragments.count("respond.remedy_steps-taken") == 1

    def test_a_remedy_that_is_not_on_the_list_is_refused(self, desk: Desk) -> None:
        """Nobody can name a remedy that the procedure does not have."""
        reviewer = at_the_reviewer(desk, SCITT)
        page = refused(desk, reviewer, "respond", **IN_FULL | {"remedies": ["apology", "money"]})
        assert "respond.remedies" in page.fragments

    @pytest.mark.clause("DT-06")
    @pytest.mark.parametrize("left_out", ["conclusion_1", "reasons_1", "response"])
    def test_the_full_reply_needs_outcome_and_action(self, desk: Desk, left_out: str) -> None:
        """Without its outcome and the action to be taken a reply does not go out."""
        reviewer = at_the_reviewer(desk, DYNAMIC)
        page = refused(
            desk, reviewer, "respond", **{name: text for name, text in OUTCOME.items() if name != left_out}
        )
        assert f"respond.{left_out}" in page.fragments


class TestConclusions:
    @pytest.mark.clause("AFL-12")
    def test_every_aspect_gets_one_of_three_conclusions(self, desk: Desk) -> None:
        """Upheld, not upheld, or no decision could be reached; an aspect without one, or without its reasons, keeps the
        response back, and so does a response that is empty."""
        reviewer = at_the_reviewer(desk, ALLIANCE)
        form = Read(desk.get(desk.secret(reviewer))["body"]).forms["respond"]
        for number in (1, 2):
            assert form.choices[f"conclusion_{number}"] == ["upheld", "not-upheld", "no-decision"]
        for lacking in ("conclusion_2", "reasons_2", "response"):
            page = refused(desk, reviewer, "respond", **OUTCOME | {lacking: ""})
            assert f"respond.{lacking}" in page.fragments

    @pytest.mark.clause("AFL-12", "AFL-13")
    def test_no_decision_needs_its_explanation(self, desk: Desk) -> None:
        """'No decision could be reached' without an explanation is not sent; with it the complainant reads it."""
        reviewer = at_the_reviewer(desk, ALLIANCE)
        undecided = OUTCOME | {"conclusion_2": "no-decision"}
        page = refused(desk, reviewer, "respond", **undecided)
        assert "respond.explanation_2" in page.fragments
        assert "respond.explanation_1" not in page.fragments
        desk.act(
            reviewer, "respond", **undecided, explanation_2="Both accounts conflict; nobody else was there."
        )
        approver = desk.holder("executive-team")
        shown = Read(desk.get(desk.secret(approver, "approval-request"))["body"])
        assert "Both accounts conflict; nobody else was there." in shown.text
        desk.act(approver, "approve", decision="approve")
        said = desk.told(COMPLAINANT, "outcome")
        assert "Our conclusion: No decision could be reached" in said
        assert "Both accounts conflict; nobody else was there." in said

    @pytest.mark.clause("AFL-13")
    def test_an_explanation_comes_back_with_a_returned_outcome(self, desk: Desk) -> None:
        """What was written is not typed again when an approver wants something changed."""
        reviewer = at_the_reviewer(desk, ALLIANCE)
        texts = {"conclusion_2": "no-decision", "explanation_2": "Both accounts conflict."}
        desk.act(reviewer, "respond", **OUTCOME | texts)
        desk.act(desk.holder("executive-team"), "approve", decision="return", reason="Say who was asked.")
        form = Read(desk.get(desk.secret(reviewer))["body"]).forms["respond"]
        assert form.texts["explanation_2"].strip() == "Both accounts conflict."

    def test_partly_upheld_says_which_part(self, desk: Desk) -> None:
        """Upheld in part exists where the policy does not rule it out, and says which part."""
        reviewer = at_the_reviewer(desk, CREATIVE)
        page = refused(desk, reviewer, "respond", **OUTCOME | {"conclusion_1": "partly-upheld"})
        assert "respond.explanation_1" in page.fragments


class TestTheResponse:
    @pytest.mark.clause("DT-06")
    def test_gives_outcome_action_and_whom_to_contact_next(self, desk: Desk) -> None:
        """The full reply has the decision on each point, what is done, and to whom one can go on."""
        desk.act(at_the_reviewer(desk, DYNAMIC), "respond", **OUTCOME)
        said = desk.told(COMPLAINANT, "outcome")
        stage = desk.procedure().stage(desk.case().current.stage)
        following = desk.procedure().stage(stage.next)
        for words in (
            "Our conclusion: Upheld",
            "Our conclusion: Not upheld",
            "WHAT WE WILL DO We are sorry.",
        ):
            assert words in said
        assert "you can ask for the next stage" in said
        assert f"{following.title}. {' '.join(following.about.split())}" in said
        assert desk.procedure().contact.email in said

    @pytest.mark.clause("CA-14")
    def test_gives_findings_actions_and_rationale(self, desk: Desk) -> None:
        """The detailed response has a finding and its reasons on each point, and what is done; a case that is
        settled by it is recorded and closed."""
        reviewer = at_the_reviewer(desk, CREATIVE)
        desk.says_it_was_them()
        desk.act(reviewer, "respond", **OUTCOME)
        said = desk.told(COMPLAINANT, "outcome")
        for aspect, conclusion, reasons in (
            (ANSWERS["aspects"][0], "Upheld", "Because the first."),
            (ANSWERS["aspects"][1], "Not upheld", "Because the second."),
        ):
            assert f"What you wrote: {aspect} Our conclusion: {conclusion} {reasons}" in said
        assert "WHAT WE WILL DO We are sorry." in said
        desk.act(COMPLAINANT, "reply", answer="satisfied")
        assert desk.facts()[-2:] == ["ComplainantSatisfied", "CaseEnded"]

    @pytest.mark.clause("CA-14")
    @pytest.mark.parametrize("left_out", ["conclusion_2", "reasons_2", "response"])
    def test_without_one_of_them_is_not_sent(self, desk: Desk, left_out: str) -> None:
        """Finding, rationale and action: the page names the one that is missing."""
        reviewer = at_the_reviewer(desk, CREATIVE)
        fields = {name: text for name, text in OUTCOME.items() if name != left_out}
        assert f"respond.{left_out}" in refused(desk, reviewer, "respond", **fields).fragments
