"""An outcome that waits for something and for an approval: the page says beforehand what stands in the way, and offers
what is accepted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.conftest import Serve
from tests.integration.desk import ALLIANCE, ASKED, OUTCOME, Desk, Form, Read
from tests.integration.town import Town

CONSENT = "the complainant's consent has to be recorded."
SCITT = "ashton-on-mersey-scitt"
SCITT_OFFICE = "course.administrator@ashton-on-mersey-scitt.example"
SEVENTH = Path(__file__).parents[1] / "procedures"
BOTH = {"decision": ["approve", "return"]}
"""What the form offers where nothing stands in the way."""
RETURN = {"decision": ["return"]}


@pytest.fixture
def represented(desk: Desk) -> Desk:
    """An outcome waits for its approval, and the complainant's consent is not on record."""
    slug, answers = ALLIANCE
    desk.open(slug, {**answers, "represented": "acting", "representative": "Her sister"})
    desk.act(desk.reviewer(), "respond", **OUTCOME)
    return desk


@pytest.fixture
def college(desk: Desk, tmp_path: Path, serve: Serve) -> Town:
    """A deployment of an organisation whose panel of three, who all have to agree, can ask for help from outside."""
    shutil.copytree(SEVENTH, tmp_path / "procedures")
    file = tmp_path / "procedures" / "northern-isles-college.yaml"
    agreed = "    approval: {by: fellow-reviewers, source: section 6}\n"
    text = file.read_text(encoding="utf-8")
    assert text.count(agreed) == 1
    file.write_text(text.replace(agreed, f"{agreed}    external_assistance: true\n"), encoding="utf-8")
    serve(tmp_path / "procedures")
    return Town(desk)


def shown(desk: Desk, approver: str) -> tuple[str, Read, Form]:
    """The approver's page: the secret that leads to it, and its form."""
    secret = desk.secret(approver)
    page = Read(desk.get(secret)["body"])
    return secret, page, page.forms["approve"]


def test_the_page_says_why_it_cannot_be_approved_and_offers_to_return_it(represented: Desk) -> None:
    """The reason and what has to happen first stand there in the words of the refusal; the outcome can be read; the
    one choice is to return it, and it is not made."""
    _, page, form = shown(represented, represented.holder("executive-team"))
    assert "It cannot be approved yet. Someone is acting for the complainant." in page.text
    assert CONSENT in page.text
    assert form.choices == RETURN
    assert page.checked == []
    assert "Return the outcome" in page.text
    assert "I approve it" not in page.text
    assert "Because the first." in page.text
    assert len(page.ids) == len(set(page.ids))
    assert set(page.fragments) <= set(page.ids)


def test_who_makes_no_choice_is_asked_for_the_one_there_is(represented: Desk) -> None:
    """Pressed as it is, the form comes back with what to do, and nothing is stored."""
    secret, _, form = shown(represented, represented.holder("executive-team"))
    before = represented.office.items()
    answer = represented.post(secret, form.hidden, reason="Say whom you asked.")
    assert answer["statusCode"] == 422
    page = Read(answer["body"])
    assert "Tick the box to return the outcome." in page.text
    assert page.forms["approve"].texts["reason"] == "Say whom you asked."
    assert set(page.fragments) <= set(page.ids)
    assert before == represented.office.items()


def test_it_can_be_returned_meanwhile(represented: Desk) -> None:
    """The reviewer gets it back with the reason."""
    approver = represented.holder("executive-team")
    represented.act(approver, "approve", decision="return", reason="Say whom you asked.")
    page = Read(represented.get(represented.secret(represented.reviewer()))["body"])
    assert "Say whom you asked." in page.text
    assert "respond" in page.forms


def test_an_approval_from_an_older_page_is_refused_with_the_same_reason(represented: Desk) -> None:
    """Nothing is stored."""
    secret, _, form = shown(represented, represented.holder("executive-team"))
    before = represented.office.items()
    answer = represented.post(secret, form.hidden, decision="approve")
    assert answer["statusCode"] == 409
    page = Read(answer["body"])
    assert CONSENT in page.text
    assert page.forms["approve"].choices == RETURN
    assert before == represented.office.items()


def test_the_page_is_as_ever_once_nothing_stands_in_the_way(represented: Desk) -> None:
    """With the consent on record both can be chosen, and the approval sends the outcome."""
    represented.act(represented.reviewer(), "consent", consent="Told me so on the telephone.")
    approver = represented.holder("executive-team")
    _, page, form = shown(represented, approver)
    assert form.choices == BOTH
    assert "Approve the outcome, or return it" in page.text
    assert "cannot be approved yet" not in page.text
    represented.act(approver, "approve", decision="approve")
    assert represented.case().current.responded_at is not None


def test_what_is_asked_for_in_writing_meanwhile_holds_the_approval(town: Town) -> None:
    """The outcome was recorded when the form was asked for: the second member of the board is told that it has to be
    there first."""
    town.enter(SCITT, SCITT_OFFICE, kind="complaint", outcome_sought="An apology")
    for _ in range(3):
        town.answer()
        town.reply("escalate")
    town.begin_stage()
    first, second = town.desk.case().current.reviewers
    town.act(first, "respond", **town.outcome())
    assert shown(town.desk, second)[2].choices == BOTH
    town.act(first, "ask-form", reason="The dates matter.")
    _, page, form = shown(town.desk, second)
    assert "the complaint has to be in writing." in page.text
    assert form.choices == RETURN
    town.act(town.desk.coordinator(), "without-form", decision="go-on", reason="It is clear enough.")
    assert shown(town.desk, second)[2].choices == BOTH
    town.act(second, "approve", decision="approve")
    assert town.desk.case().current.responded_at is not None


def test_of_several_approvals_only_the_one_that_sends_it_waits(college: Town) -> None:
    """Of a panel of three the first can agree while the answer from outside is missing, the last cannot; then it
    can."""
    college.complain("northern-isles-college")
    college.answer()
    college.reply("escalate", reasons="It is not settled.")
    college.assign("panel-chair", "panel-learner", "panel-parent")
    college.acknowledge()
    college.act("panel-chair", "respond", **college.outcome(remedies="apology"))
    college.act("panel-chair", "external", **ASKED)
    for member in ("panel-learner", "panel-parent"):
        assert shown(college.desk, member)[2].choices == BOTH
    college.act("panel-learner", "approve", decision="approve")
    _, page, form = shown(college.desk, "panel-parent")
    assert "the answer from outside has to be recorded." in page.text
    assert form.choices == RETURN
    sent = college.desk.facts().count("OutcomeSent")
    college.act("panel-chair", "external-answer", answer="They side with the complainant.")
    assert shown(college.desk, "panel-parent")[2].choices == BOTH
    college.act("panel-parent", "approve", decision="approve")
    assert college.desk.facts().count("OutcomeSent") == sent + 1
