"""After the closure: an attempt to reopen what went through every stage."""

from __future__ import annotations

import pytest

from domain.acts.retention import due_for_deletion_at
from domain.case import COMPLAINANT
from tests.integration.desk import IN_FULL, SCITT, Desk, Read, to_stage
from tests.integration.test_put_right import silence


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
@pytest.mark.parametrize("how", ["silence", "satisfied"])
@pytest.mark.parametrize("route", ["web", "telephone", "letter"])
def test_who_comes_back_after_the_last_stage_is_answered_too(desk: Desk, how: str, route: str) -> None:
    """Who said nothing after the appeal, or was content then, and comes back with the same matter, by whatever route,
    gets the letter as well."""
    desk.open(*SCITT)
    to_stage(desk, 4)
    first, second = desk.case().current.reviewers
    desk.act(first, "respond", **IN_FULL)
    desk.act(second, "approve", decision="approve")
    if how == "satisfied":
        desk.act(COMPLAINANT, "reply", answer="satisfied")
    else:
        silence(desk)
    assert not desk.case().is_open
    why = {"reasons": "There is a new canary."}
    if route == "web":
        desk.act(COMPLAINANT, "reopen", **why)
    else:
        today = desk.office.clock.now()
        day = {"received.day": today.day, "received.month": today.month, "received.year": today.year}
        desk.act(desk.coordinator(), "enter-reopen", route=route, **why, **day)
    desk.act(desk.holder("accounting-officer"), "exhausted", confirm="yes")
    assert "The procedure is exhausted, and the matter is closed." in desk.told(COMPLAINANT, "decision")


@pytest.mark.clause("AOM-11")
def test_an_earlier_silence_is_not_the_end_of_the_procedure(desk: Desk) -> None:
    """Who said nothing at the first stage can still ask for the next one: there is no such letter yet."""
    desk.open(*SCITT)
    to_stage(desk, 1)
    desk.act(desk.case().current.reviewers[0], "respond", **IN_FULL)
    silence(desk)
    assert "reopen" not in Read(desk.get(desk.secret(COMPLAINANT, "closure"))["body"]).forms


@pytest.mark.clause("AOM-11")
def test_nobody_else_confirms_the_letter_and_nobody_twice(exhausted: Desk) -> None:
    """The coordinator cannot; the second of two persons is told that it is done; the complainant asks once."""
    exhausted.act(COMPLAINANT, "reopen", reasons="There is a new canary.")
    officer, chair = exhausted.holder("accounting-officer"), exhausted.holder("strategic-board-chair")
    first, second = exhausted.secret(officer), exhausted.secret(chair)
    form = {"action": "exhausted", "confirm": "yes"}
    assert exhausted.post(exhausted.secret(exhausted.coordinator()), form)["statusCode"] == 403
    assert exhausted.post(first, form)["statusCode"] == 200
    assert exhausted.post(second, form)["statusCode"] == 409
    again = exhausted.post(
        exhausted.secret(COMPLAINANT, "closure"), {"action": "reopen", "reasons": "Again."}
    )
    assert again["statusCode"] == 409
    assert exhausted.facts().count("ExhaustionConfirmed") == 1
