"""What was learned, and which resolution is sought at each stage."""

from __future__ import annotations

from typing import Any

import pytest

from domain.case import COMPLAINANT
from domain.people import candidates
from tests.integration.desk import (
    ALLIANCE,
    ANSWERS,
    IN_FULL,
    LEADERSHIP,
    OUTCOME,
    SCITT,
    Desk,
    Read,
    at_the_reviewer,
    refused,
)

LEARNED = "Rooms are checked on the evening before."
SOUGHT = "Only that the day is repeated."


class TestLessons:
    @pytest.mark.clause("AFL-03")
    @pytest.mark.parametrize("conclusion", ["upheld", "not-upheld"])
    def test_are_recorded_with_the_outcome_whatever_it_is(self, desk: Desk, conclusion: str) -> None:
        """The approver reads what was learned; the complainant's answer does not hold it."""
        reviewer = at_the_reviewer(desk, ALLIANCE)
        outcome = OUTCOME | {"conclusion_1": conclusion, "conclusion_2": conclusion}
        desk.act(reviewer, "respond", **outcome, lessons=LEARNED)
        approver = desk.holder("executive-team")
        assert LEARNED in Read(desk.get(desk.secret(approver))["body"]).text
        desk.act(approver, "approve", decision="approve")
        assert len(desk.case().lessons) == 1
        assert LEARNED not in desk.told(COMPLAINANT, "outcome")
        assert LEARNED not in Read(desk.get(desk.secret(COMPLAINANT))["body"]).text

    @pytest.mark.clause("AFL-03")
    def test_are_recorded_after_the_closure(self, desk: Desk) -> None:
        """Who dealt with the case records it later, from a page that does not show the complaint."""
        reviewer = at_the_reviewer(desk, ALLIANCE)
        desk.act(reviewer, "respond", **OUTCOME)
        desk.act(desk.holder("executive-team"), "approve", decision="approve")
        desk.act(COMPLAINANT, "reply", answer="satisfied")
        secret = desk.secret(reviewer, "case-news")
        page = Read(desk.get(secret)["body"])
        assert "canary" not in page.text.lower()
        desk.act(reviewer, "lessons", lessons=LEARNED)
        assert desk.facts()[-1] == "LessonsRecorded"
        said = desk.office.site.store.contents(desk.ref, desk.case().lessons)
        assert [LEARNED] == [words["lessons"] for words in said.values()]
        again = desk.post(secret, page.forms["lessons"].hidden, lessons=LEARNED)
        assert again["statusCode"] == 409

    def test_without_words_are_refused(self, desk: Desk) -> None:
        """Nothing is not recorded as something."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        desk.act(reviewer, "respond", **OUTCOME)
        assert "lessons.lessons" in refused(desk, reviewer, "lessons", lessons=" ").fragments


class TestResolutionSought:
    @pytest.mark.clause("AOM-09", "LE-11")
    @pytest.mark.parametrize(
        ("organisation", "outcome"), [(LEADERSHIP, OUTCOME), (SCITT, IN_FULL)], ids=["leadership", "ashton"]
    )
    def test_is_asked_at_the_next_stage_and_shown_to_who_reviews_it(
        self, desk: Desk, organisation: tuple[str, dict[str, Any]], outcome: dict[str, str]
    ) -> None:
        """The form asks at first, the reply asks again, and the next stage reads what is sought now."""
        desk_form = at_the_reviewer(desk, organisation)
        form = desk.procedure().form("complaint")
        assert form is not None
        assert "outcome_sought" in [question.id for question in form.fields]
        first = Read(desk.get(desk.secret(desk_form))["body"]).text
        assert ANSWERS["outcome_sought"] in first
        desk.act(desk_form, "respond", **outcome)
        page = Read(desk.get(desk.secret(COMPLAINANT))["body"])
        assert "What would you like to happen?" in page.text
        desk.act(COMPLAINANT, "reply", answer="escalate", sought=SOUGHT)
        assigned = desk.case().current.reviewers or (desk.coordinator(),)
        text = Read(desk.get(desk.secret(assigned[0]))["body"]).text
        assert f"What they would like to happen now {SOUGHT}" in text

    @pytest.mark.clause("AOM-09", "LE-11")
    def test_stays_what_it_was_where_nothing_else_is_said(self, desk: Desk) -> None:
        """An empty answer leaves the resolution that was sought before on record for the next stage."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        desk.act(reviewer, "respond", **OUTCOME)
        desk.act(COMPLAINANT, "reply", answer="escalate")
        assigned = desk.case().current.reviewers or (desk.coordinator(),)
        text = Read(desk.get(desk.secret(assigned[0]))["body"]).text
        assert f"What they would like to happen now {ANSWERS['outcome_sought']}" in text


class TestWhichPointsGoOn:
    def test_only_the_chosen_ones_are_answered_at_the_next_stage(self, desk: Desk) -> None:
        """The complainant takes one point of two on; the next stage is asked about that one, and no other."""
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        desk.act(reviewer, "respond", **OUTCOME)
        assert (
            "Which points should go on to the next stage?"
            in Read(desk.get(desk.secret(COMPLAINANT))["body"]).text
        )
        desk.act(COMPLAINANT, "reply", answer="escalate", points="2")
        assert (desk.case().aspects, desk.case().points) == (2, (2,))
        if not desk.case().current.reviewers:
            chosen = candidates(desk.case(), desk.procedure())[0].id
            desk.act(desk.coordinator(), "assign", reviewers=chosen)
        following = desk.case().current.reviewers[0]
        if desk.case().current.acknowledged_at is None:
            desk.act(following, "acknowledge", confirm="yes")
        page = Read(desk.get(desk.secret(following))["body"])
        assert "The complainant took only point 2 on to this stage." in page.text
        assert "on point 2." in page.text
        assert {"respond.conclusion_2", "respond.reasons_2"} <= set(page.ids)
        assert not {"respond.conclusion_1", "respond.reasons_1"} & set(page.ids)
        desk.act(
            following, "respond", **{name: text for name, text in OUTCOME.items() if not name.endswith("_1")}
        )
        assert [finding.aspect for finding in desk.case().current.findings] == [2]
        desk.office.deliver_all()
        answered = desk.office.mails_to(ANSWERS["email"], "outcome")[-1]["Content"]["Simple"]["Body"]["Text"][
            "Data"
        ]
        assert "POINT 1" not in answered.upper()

    def test_a_point_that_there_is_not_is_refused(self, desk: Desk) -> None:
        reviewer = at_the_reviewer(desk, LEADERSHIP)
        desk.act(reviewer, "respond", **OUTCOME)
        secret = desk.secret(COMPLAINANT)
        page = Read(desk.get(secret)["body"])
        answer = desk.post(secret, page.forms["reply"].hidden, answer="escalate", points="7")
        assert answer["statusCode"] == 422
        assert desk.case().current.stage == "stage-1"
