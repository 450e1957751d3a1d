"""After the closure: an attempt to reopen what went through every stage."""

from __future__ import annotations

import pytest

from domain.acts.retention import due_for_deletion_at
from domain.case import COMPLAINANT
from tests.integration.desk import IN_FULL, SCITT, Desk, Read, to_stage


@pytest.fixture
def exhausted(desk: Desk) -> Desk:
    """Through every stage, and closed."""
    desk.open(*SCITT)
    to_stage(desk, 4)
    first, second = desk.case().current.reviewers
    desk.act(first, "respond", **IN_FULL)
    desk.act(second, "approve", decision="approve")
    desk.act(COMPLAINANT, "reply", answer="escalate")
    assert desk.case().ended == "exhausted"
    return desk


@pytest.mark.clause("AOM-11")
@pytest.mark.parametrize("role", ["accounting-officer", "strategic-board-chair"])
def test_an_attempt_to_reopen_is_answered_with_the_letter(exhausted: Desk, role: str) -> None:
    """The complainant asks from the closure's link; the Accounting Officer or the Chair confirms from theirs, and
    the letter says that the procedure is exhausted, in that person's name and with the signpost."""
    assert "ask us to reopen it" in exhausted.office.text_to(exhausted.address(COMPLAINANT), "closure")
    exhausted.act(COMPLAINANT, "reopen", reasons="There is a new canary.")
    assert not exhausted.case().is_open
    assert due_for_deletion_at(exhausted.case()) is None
    writer = exhausted.holder(role)
    page = Read(exhausted.get(exhausted.secret(writer))["body"])
    assert "There is a new canary." in page.text
    assert exhausted.office.mails_to(exhausted.address(COMPLAINANT), "decision") == []
    exhausted.act(writer, "exhausted", confirm="yes")
    person = exhausted.procedure().person(writer)
    assert person is not None
    letter = exhausted.office.text_to(exhausted.address(COMPLAINANT), "decision")
    for said in ("The procedure is exhausted, and the matter is closed.", person.name, "oiahe.org.uk"):
        assert said in letter
    assert due_for_deletion_at(exhausted.case()) is not None


@pytest.mark.clause("AOM-11")
def test_nobody_else_confirms_the_letter_and_nobody_twice(exhausted: Desk) -> None:
    """The coordinator cannot; the second of two persons is told that it is done; the complainant asks once."""
    exhausted.act(COMPLAINANT, "reopen", reasons="There is a new canary.")
    officer, chair = exhausted.holder("accounting-officer"), exhausted.holder("strategic-board-chair")
    first, second = exhausted.secret(officer), exhausted.secret(chair)
    form = {"action": "exhausted", "confirm": "yes"}
    assert exhausted.post(first, form)["statusCode"] == 200
    assert exhausted.post(second, form)["statusCode"] == 409
    again = exhausted.post(
        exhausted.secret(COMPLAINANT, "closure"), {"action": "reopen", "reasons": "Again."}
    )
    assert again["statusCode"] == 409
    assert exhausted.facts().count("ExhaustionConfirmed") == 1
