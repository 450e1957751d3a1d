"""Help from outside: the case stays open until it has answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.cases.execute import execute
from domain.acts.retention import AnnounceDeletion
from domain.case import COMPLAINANT
from domain.errors import DeletionRefused
from tests.integration.desk import ASKED, CREATIVE, OUTCOME, Desk, Read, to_stage


@pytest.fixture
def board(desk: Desk) -> Desk:
    """The case lies with the board."""
    desk.open(*CREATIVE)
    return to_stage(desk, 3)


@pytest.mark.clause("CA-18")
def test_the_case_stays_open_until_the_help_has_answered(board: Desk) -> None:
    """The board opts for help from its link; the complainant is told whom, why and the new date; no outcome goes out
    before the answer is on record, and nothing is destroyed."""
    member = board.case().current.reviewers[0]
    board.act(member, "external", **ASKED)
    told = board.office.text_to(board.address(COMPLAINANT), "external-assistance")
    for said in (ASKED["whom"], ASKED["why"], "Friday 26 February 2027", "will stay open"):
        assert said in told
    secret = board.secret(member)
    page = Read(board.get(secret)["body"])
    assert "respond" not in page.forms
    assert "Friday 26 February 2027" in page.text
    sent = board.facts().count("OutcomeSent")
    refused = board.post(secret, {"action": "respond", **OUTCOME})
    assert refused["statusCode"] in (403, 409)
    assert board.facts().count("OutcomeSent") == sent
    board.at(datetime(2026, 12, 15, 10, tzinfo=UTC))
    assert board.case().is_open
    with pytest.raises(DeletionRefused):
        execute(board.ref, AnnounceDeletion(), site=board.office.site)
    board.act(member, "external-answer", answer="They side with the canary.")
    page = Read(board.get(board.secret(member))["body"])
    assert "They side with the canary." in page.text
    board.act(member, "respond", **OUTCOME)
    assert board.facts().count("OutcomeSent") == sent + 1


@pytest.mark.clause("CA-18")
def test_without_help_from_outside_the_boards_decision_is_final(board: Desk) -> None:
    """The board decides by itself; there is no further stage, and the complainant reads so."""
    board.act(board.case().current.reviewers[0], "respond", **OUTCOME)
    assert "The board's decision is final." in board.office.text_to(board.address(COMPLAINANT), "outcome")
    board.act(COMPLAINANT, "reply", answer="escalate")
    assert board.case().ended == "exhausted"


def test_it_is_offered_where_the_procedure_provides_for_it(desk: Desk) -> None:
    """The first stage has no such help."""
    desk.open(*CREATIVE)
    to_stage(desk, 1)
    secret = desk.secret(desk.case().current.reviewers[0])
    assert "external" not in Read(desk.get(secret)["body"]).forms
    assert desk.post(secret, {"action": "external", **ASKED})["statusCode"] == 403
