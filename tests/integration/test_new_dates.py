"""When an answer takes longer: the complainant hears why, by when, from whom and what comes next, and the new date
counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from adapters.cases.rules import rules_of
from domain.case import COMPLAINANT
from domain.deadlines import deadlines
from tests.integration.desk import ALLIANCE, CREATIVE, DYNAMIC, SCITT, Desk, Read, to_stage

MESSAGE = "Two witnesses are away until Monday. The canary's tutor is asked next, and then we write to you."


def running(desk: Desk) -> date:
    procedure, calendar = rules_of(desk.case())
    found = {one.rule.name: one for one in deadlines(desk.case(), procedure, calendar)}
    return found["respond"].due.due


@pytest.mark.parametrize(
    ("organisation", "stage", "first_date"),
    [
        pytest.param(SCITT, 1, date(2026, 11, 16), marks=pytest.mark.clause("AOM-12")),
        pytest.param(SCITT, 2, date(2026, 11, 23), marks=pytest.mark.clause("AOM-12")),
        pytest.param(SCITT, 3, date(2026, 11, 23), marks=pytest.mark.clause("AOM-12")),
        pytest.param(SCITT, 4, date(2026, 12, 14), marks=pytest.mark.clause("AOM-12")),
        pytest.param(ALLIANCE, 1, date(2026, 12, 14), marks=pytest.mark.clause("AFL-14")),
        pytest.param(CREATIVE, 1, date(2026, 11, 30), marks=pytest.mark.clause("CA-13")),
        pytest.param(CREATIVE, 2, date(2026, 11, 30), marks=pytest.mark.clause("CA-16")),
        pytest.param(CREATIVE, 3, date(2026, 12, 28), marks=pytest.mark.clause("CA-17")),
        pytest.param(DYNAMIC, 1, date(2026, 11, 4), marks=pytest.mark.clause("DT-09")),
        pytest.param(DYNAMIC, 2, date(2026, 11, 16), marks=pytest.mark.clause("DT-09")),
        pytest.param(DYNAMIC, 3, date(2026, 11, 30), marks=pytest.mark.clause("DT-09")),
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
            "who": "The office.",
            "next": "We write to you.",
            "respond_by.day": str(day.day),
            "respond_by.month": str(day.month),
            "respond_by.year": str(day.year),
        }

    secret = desk.secret(reviewer)
    refused = desk.post(secret, {"action": "interim", **typed(first_date)})
    assert refused["statusCode"] == 422
    assert "Enter a date later than" in Read(refused["body"]).text
    desk.act(reviewer, "interim", **typed(later))
    told = desk.office.text_to(desk.address(COMPLAINANT), "interim-response")
    person = desk.procedure().person(reviewer)
    assert person is not None
    for said in (
        MESSAGE,
        "Who is doing this: The office.",
        "What will happen next: We write to you.",
        f"{later.day} {later:%B %Y}",
        person.name,
    ):
        assert said in told
    assert running(desk) == later
    assert "with-new-date" in {
        rule.extension
        for rule in desk.procedure().stage(desk.case().current.stage).deadlines
        if rule.extension_source
    }


def test_each_new_date_is_seen_by_those_above(desk: Desk) -> None:
    """Those whom breaches go to hear of the first, and that the second is not the first."""
    desk.open(*DYNAMIC)
    to_stage(desk, 1)
    reviewer = desk.case().current.reviewers[0]
    over = [desk.address(person.id) for person in desk.procedure().holders(desk.procedure().escalates_to)]
    parts = {"message": MESSAGE, "who": "The office.", "next": "We write to you."}
    heard = []
    for day in ("20", "27"):
        date_typed = {"respond_by.day": day, "respond_by.month": "11", "respond_by.year": "2026"}
        desk.act(reviewer, "interim", **parts, **date_typed)
        desk.office.deliver_all()
        heard.append(
            [
                mail["Content"]["Simple"]["Subject"]["Data"]
                for address in over
                for mail in desk.office.mails_to(address, "case-news")
                if "new date has been given" in mail["Content"]["Simple"]["Subject"]["Data"]
            ]
        )
    assert [len(subjects) for subjects in heard] == [len(over), 2 * len(over)]
    assert "a new date has been given" in heard[0][0]
    assert "another new date has been given" in heard[1][1]
