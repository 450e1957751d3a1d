"""When an answer takes longer: the complainant hears why, by when, from whom and what comes next, and the new date
counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from adapters.cases.rules import rules_of
from domain.deadlines import deadlines
from domain.events import COMPLAINANT
from tests.integration.test_conflict_of_interest import SCITT
from tests.integration.test_late_complaints import DYNAMIC, text_of
from tests.integration.test_links import CREATIVE, OUTCOME, Desk, Read, desk  # noqa: F401
from tests.integration.test_outcomes import IN_FULL

MESSAGE = "Two witnesses are away until Monday. The canary's tutor is asked next, and then we write to you."


def to_stage(desk: Desk, number: int) -> Desk:
    """The case, come to the stage of that number, acknowledged and assigned."""
    for visited in range(1, number + 1):
        coordinator = desk.coordinator()
        if desk.case().current.acknowledged_at is None:
            desk.act(coordinator, "acknowledge", confirm="yes")
        stage = desk.procedure().stage(desk.case().current.stage)
        if not desk.case().current.reviewers:
            chosen = [desk.reviewer(one) for one in range(stage.review.count)]
            desk.act(coordinator, "assign", reviewers=chosen)
        if visited < number:
            first, *others = desk.case().current.reviewers
            in_full = desk.procedure().evidence == "required"
            desk.act(first, "respond", **IN_FULL if in_full else OUTCOME)
            for other in others:
                desk.act(other, "approve", decision="approve")
            desk.act(COMPLAINANT, "reply", answer="escalate")
    return desk


def running(desk: Desk) -> date:
    procedure, calendar = rules_of(desk.case())
    found = {one.rule.name: one for one in deadlines(desk.case(), procedure, calendar)}
    return found["respond"].due.due


@pytest.mark.parametrize(
    ("organisation", "stage", "first_date"),
    [
        pytest.param(SCITT, 1, date(2026, 11, 5), marks=pytest.mark.clause("AOM-12")),
        pytest.param(CREATIVE, 1, date(2026, 11, 30), marks=pytest.mark.clause("CA-13")),
        pytest.param(CREATIVE, 2, date(2026, 11, 30), marks=pytest.mark.clause("CA-16")),
        pytest.param(CREATIVE, 3, date(2026, 12, 28), marks=pytest.mark.clause("CA-17")),
        pytest.param(DYNAMIC, 1, date(2026, 11, 4), marks=pytest.mark.clause("DT-09")),
    ],
)
def test_a_new_date_is_given_with_its_reason(
    desk: Desk,
    organisation: tuple[str, dict[str, str]],
    stage: int,
    first_date: date,
) -> None:
    """The reviewer gives it from the link; the complainant is told all of it; from then on it is the date that
    counts, and an earlier one is refused."""
    desk.open(*organisation)
    to_stage(desk, stage)
    assert running(desk) == first_date
    reviewer = desk.case().current.reviewers[0]
    later = first_date + timedelta(days=21)

    def typed(day: date) -> dict[str, str]:
        return {
            "message": MESSAGE,
            "respond_by.day": str(day.day),
            "respond_by.month": str(day.month),
            "respond_by.year": str(day.year),
        }

    secret = desk.secret(reviewer)
    refused = desk.post(secret, {"action": "interim", **typed(first_date)})
    assert refused["statusCode"] == 422
    assert "has to be later" in Read(refused["body"]).text
    desk.act(reviewer, "interim", **typed(later))
    told = text_of(desk.office, desk.address(COMPLAINANT), "interim-response")
    person = desk.procedure().person(reviewer)
    assert person is not None
    for said in (MESSAGE, f"{later.day} {later:%B %Y}", person.name):
        assert said in told
    assert running(desk) == later
    assert "with-new-date" in {
        rule.extension
        for rule in desk.procedure().stage(desk.case().current.stage).deadlines
        if rule.extension_source
    }
