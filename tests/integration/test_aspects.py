"""The main points that are answered: agreed after the call, confirmed in writing, changed only by a recorded act."""

from __future__ import annotations

from typing import Any

import pytest

from domain.case import COMPLAINANT
from tests.integration.desk import (
    ALLIANCE,
    ANSWERS,
    LEADERSHIP,
    OUTCOME,
    Desk,
    Read,
    at_the_reviewer,
    refused,
)

AGREED = ["Was the room double-booked?", "Who knew of it?", "Why was nobody told?"]
POINTS = {f"aspect_{number}": text for number, text in enumerate(AGREED, start=1)}
THREE: dict[str, Any] = OUTCOME | {"conclusion_3": "upheld", "reasons_3": "Because the third."}


@pytest.mark.clause("AFL-11")
def test_agreed_points_are_confirmed_in_writing_and_answered(desk: Desk) -> None:
    """The complainant gets the agreed points by mail, and the outcome concludes on these and no others."""
    reviewer = at_the_reviewer(desk, ALLIANCE)
    desk.act(reviewer, "aspects", **POINTS, confirm="yes")
    desk.office.deliver_all()
    (mail,) = desk.office.mails_to(desk.address(COMPLAINANT), "aspects-agreed")
    text = mail["Content"]["Simple"]["Body"]["Text"]["Data"]
    for number, point in enumerate(AGREED, start=1):
        assert f"{number}. {point}" in text
    page = refused(desk, reviewer, "respond", **OUTCOME)
    assert {"respond.conclusion_3", "respond.reasons_3"} <= set(page.fragments)
    desk.act(reviewer, "respond", **THREE)
    approver = desk.holder("executive-team")
    assert AGREED[2] in Read(desk.get(desk.secret(approver))["body"]).text
    desk.act(approver, "approve", decision="approve")
    said = desk.told(COMPLAINANT, "outcome")
    assert f"What you wrote: {AGREED[2]}" not in said
    assert f"The point: {AGREED[2]} Our conclusion: Upheld Because the third." in said
    assert ANSWERS["aspects"][0] not in said
    assert AGREED[0] in Read(desk.get(desk.secret(COMPLAINANT))["body"]).text


@pytest.mark.clause("AFL-11")
def test_agreed_points_change_only_by_a_recorded_act(desk: Desk) -> None:
    """Each agreement is an event; both stay on record, and once an outcome is recorded nothing is agreed any more."""
    reviewer = at_the_reviewer(desk, ALLIANCE)
    desk.act(reviewer, "aspects", **POINTS, confirm="yes")
    early = desk.secret(reviewer, "done")
    desk.act(reviewer, "aspects", aspect_1=AGREED[0], aspect_2="Another point.", confirm="yes")
    assert desk.facts().count("AspectsAgreed") == 2
    assert desk.case().aspects == 2
    page = Read(desk.get(desk.secret(reviewer))["body"])
    assert AGREED[2] in page.text, "what was agreed first stays on record"
    desk.act(reviewer, "respond", **OUTCOME)
    answer = desk.post(early, {"action": "aspects", **POINTS, "confirm": "yes"})
    assert answer["statusCode"] == 409
    assert desk.facts().count("AspectsAgreed") == 2


@pytest.mark.clause("AFL-11")
def test_without_a_call_the_written_points_are_answered(desk: Desk) -> None:
    """Where nothing was agreed, the investigation goes on from what was submitted."""
    reviewer = at_the_reviewer(desk, ALLIANCE)
    desk.says_it_was_them()
    desk.act(reviewer, "respond", **OUTCOME)
    desk.act(desk.holder("executive-team"), "approve", decision="approve")
    assert f"What you wrote: {ANSWERS['aspects'][0]}" in desk.told(COMPLAINANT, "outcome")


@pytest.mark.parametrize(
    ("given", "field"), [({"confirm": "yes"}, "aspects.aspect_1"), (POINTS, "aspects.confirm")]
)
def test_nothing_is_agreed_by_accident(desk: Desk, given: dict[str, str], field: str) -> None:
    """Without a point or without the confirmation nothing is stored, and the page names the field."""
    reviewer = at_the_reviewer(desk, ALLIANCE)
    assert field in refused(desk, reviewer, "aspects", **given).fragments


def test_twice_the_same_is_told_kindly(desk: Desk) -> None:
    """A second click sends no second confirmation."""
    reviewer = at_the_reviewer(desk, ALLIANCE)
    secret = desk.secret(reviewer)
    assert desk.post(secret, {"action": "aspects", **POINTS, "confirm": "yes"})["statusCode"] == 200
    again = desk.post(secret, {"action": "aspects", **POINTS, "confirm": "yes"})
    assert again["statusCode"] == 409
    assert desk.facts().count("AspectsAgreed") == 1


def test_other_procedures_answer_what_was_written(desk: Desk) -> None:
    """Where the procedure does not provide for it, the points are not changed."""
    reviewer = at_the_reviewer(desk, LEADERSHIP)
    answer = desk.post(desk.secret(reviewer), {"action": "aspects", **POINTS, "confirm": "yes"})
    assert answer["statusCode"] == 403
