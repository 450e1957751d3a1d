"""Who is involved in the matter neither reviews nor decides: refused when assigned, and again when acting."""

from __future__ import annotations

import pytest

from domain.case import COMPLAINANT
from domain.people import candidates
from tests.integration.desk import CREATIVE, IN_FULL, LEADERSHIP, OUTCOME, Desk, Read

SCITT: tuple[str, dict[str, str]] = ("ashton-on-mersey-scitt", {})


def involve(desk: Desk, by: str, person: str) -> None:
    desk.act(by, "involve", involved=person, reason="The canary names this person.")


@pytest.fixture
def creative(desk: Desk) -> Desk:
    """Acknowledged; nobody is assigned."""
    desk.open(*CREATIVE)
    desk.act(desk.coordinator(), "acknowledge", confirm="yes")
    return desk


@pytest.mark.clause("CA-12", "AOM-04")
@pytest.mark.parametrize("organisation", [CREATIVE, SCITT])
def test_an_involved_person_cannot_be_assigned(desk: Desk, organisation: tuple[str, dict[str, str]]) -> None:
    """The coordinator is no longer offered who is marked as involved, and is refused who names them all the same."""
    desk.open(*organisation)
    coordinator, person = desk.coordinator(), desk.reviewer()
    involve(desk, coordinator, person)
    secret = desk.secret(coordinator)
    page = Read(desk.get(secret)["body"])
    if "assign" in page.forms:
        assert person not in page.forms["assign"].choices["reviewers"]
    before = desk.facts()
    answer = desk.post(secret, {"action": "assign", "reviewers": person})
    assert answer["statusCode"] == 422
    assert (
        "Someone who was involved in what happened cannot review the complaint." in Read(answer["body"]).text
    )
    assert before == desk.facts()


@pytest.mark.clause("CA-12", "AOM-04")
@pytest.mark.parametrize("organisation", [CREATIVE, SCITT])
def test_an_assigned_person_who_is_marked_can_no_longer_act(
    desk: Desk,
    organisation: tuple[str, dict[str, str]],
) -> None:
    """The assignment is lost at once, the old link refuses, and the case goes to somebody else."""
    desk.open(*organisation)
    coordinator, person = desk.coordinator(), desk.reviewer(0)
    if organisation is CREATIVE:
        desk.act(coordinator, "acknowledge", confirm="yes")
    desk.act(coordinator, "assign", reviewers=person)
    secret = desk.secret(person)
    involve(desk, coordinator, person)
    assert person not in desk.case().current.reviewers
    answer = desk.post(secret, {"action": "respond", **OUTCOME})
    assert answer["statusCode"] == 403
    assert "OutcomeRecorded" not in desk.facts()
    other = candidates(desk.case(), desk.procedure())[-1].id
    told = desk.told(person, "case-news")
    assert "no longer" in told or "have ended" in told
    if other not in desk.case().current.reviewers:
        assert "can no longer deal with it" in desk.office.text_to(desk.address(coordinator), "reassign")
        desk.act(coordinator, "assign", reviewers=other)
    desk.act(other, "respond", **IN_FULL if organisation is SCITT else OUTCOME)
    assert "OutcomeSent" in desk.facts()


@pytest.mark.clause("CA-12")
def test_a_reviewer_says_so_themselves(creative: Desk) -> None:
    """From the own link and of oneself only; those who work on the case read how."""
    person = creative.reviewer()
    creative.act(creative.coordinator(), "assign", reviewers=person)
    secret = creative.secret(person)
    page = Read(creative.get(secret)["body"])
    assert page.forms["involve"].choices["involved"] == [person]
    refused = creative.post(
        secret, {"action": "involve", "involved": creative.reviewer(1), "reason": "Not this one."}
    )
    assert refused["statusCode"] == 422
    involve(creative, person, person)
    assert creative.case().current.reviewers == () or person not in creative.case().current.reviewers
    page = Read(creative.get(creative.secret(creative.coordinator()))["body"])
    assert "The canary names this person." in page.text


@pytest.mark.clause("AOM-04")
@pytest.mark.parametrize(
    ("involved", "able"),
    [
        # A tutor is no manager of a tutor.
        ("course-tutor-primary", {"course-leader", "scitt-manager"}),
        # Whoever works beside them in the management team is a peer.
        ("scitt-manager", {"director-primary"}),
        # A tutor does not look into what their director did.
        ("director-primary", {"course-leader", "scitt-manager"}),
    ],
)
def test_a_manager_who_is_no_peer_looks_into_it(desk: Desk, involved: str, able: set[str]) -> None:
    """From the first step on nobody else can be chosen, and a reviewer who was chosen before it was known loses the
    case."""
    desk.open(*SCITT)
    desk.act(desk.coordinator(), "assign", reviewers="course-tutor-secondary")
    involve(desk, desk.coordinator(), involved)
    assert {person.id for person in candidates(desk.case(), desk.procedure())} == able
    assert "course-tutor-secondary" not in desk.case().current.reviewers
    if not desk.case().current.reviewers:
        form = Read(desk.get(desk.secret(desk.coordinator()))["body"]).forms["assign"]
        assert set(form.choices["reviewers"]) == able
        refused = desk.post(
            desk.secret(desk.coordinator()), {"action": "assign", "reviewers": "course-tutor-secondary"}
        )
        assert refused["statusCode"] == 422


@pytest.mark.clause("AOM-04")
def test_at_the_next_stage_it_is_a_manager_who_has_not_looked_into_it(desk: Desk) -> None:
    """A complaint about one of the management team goes from the Director to the board, and not to the other one of
    the team."""
    desk.open(*SCITT)
    involve(desk, desk.coordinator(), "scitt-manager")
    assert desk.case().current.reviewers == ("director-primary",)
    desk.act("director-primary", "respond", **IN_FULL)
    desk.act(COMPLAINANT, "reply", answer="escalate")
    board = {person.id for person in desk.procedure().holders("strategic-board")}
    assert {person.id for person in candidates(desk.case(), desk.procedure())} == board


@pytest.mark.clause("AOM-04")
def test_a_complaint_about_the_director_goes_round_the_director(desk: Desk) -> None:
    """Where everybody in a stage's role is involved, the role that the procedure names beside it reviews."""
    desk.open(*SCITT)
    director = desk.holder("director")
    involve(desk, desk.coordinator(), director)
    for _ in range(2):
        if not desk.case().current.reviewers:
            able = candidates(desk.case(), desk.procedure())
            desk.act(desk.coordinator(), "assign", reviewers=able[0].id)
        desk.act(desk.case().current.reviewers[0], "respond", **IN_FULL)
        desk.act(COMPLAINANT, "reply", answer="escalate")
    assert desk.case().current.stage == "director"
    assert desk.case().current.reviewers == ()
    board = desk.holder("strategic-board")
    form = Read(desk.get(desk.secret(desk.coordinator()))["body"]).forms["assign"]
    assert director not in form.choices["reviewers"]
    desk.act(desk.coordinator(), "assign", reviewers=board)
    desk.act(board, "respond", **IN_FULL)
    assert desk.case().current.responded_at is not None


def test_without_conflict_the_role_itself_reviews(desk: Desk) -> None:
    """The alternative is for conflicts only."""
    desk.open(*LEADERSHIP)
    desk.act(desk.coordinator(), "acknowledge", confirm="yes")
    desk.act(desk.coordinator(), "assign", reviewers=desk.reviewer())
    desk.act(desk.case().current.reviewers[0], "respond", **OUTCOME)
    desk.act(COMPLAINANT, "reply", answer="escalate")
    assert desk.case().current.reviewers == (desk.holder("director"),)


@pytest.fixture
def second_stage(creative: Desk) -> Desk:
    """At stage two, acknowledged."""
    creative.act(creative.coordinator(), "assign", reviewers=creative.reviewer())
    creative.act(creative.case().current.reviewers[0], "respond", **OUTCOME)
    creative.act(COMPLAINANT, "reply", answer="escalate")
    creative.act(creative.coordinator(), "acknowledge", confirm="yes")
    return creative


@pytest.mark.clause("CA-15")
def test_stage_two_needs_two_named_members(second_stage: Desk) -> None:
    """One reviewer alone is not enough, and the page says how many there have to be."""
    coordinator = second_stage.coordinator()
    secret = second_stage.secret(coordinator)
    answer = second_stage.post(secret, {"action": "assign", "reviewers": second_stage.reviewer()})
    assert answer["statusCode"] == 422
    assert "Choose 2 reviewers for this stage." in Read(answer["body"]).text
    second_stage.act(coordinator, "assign", reviewers=[second_stage.reviewer(0), second_stage.reviewer(1)])
    assert len(second_stage.case().current.reviewers) == 2


@pytest.mark.clause("CA-15")
def test_whoever_was_involved_in_stage_one_is_not_offered_at_stage_two(second_stage: Desk) -> None:
    """A member of the senior management team who was involved in what happened cannot be named."""
    coordinator, member = second_stage.coordinator(), second_stage.reviewer()
    involve(second_stage, coordinator, member)
    # Two are left, so that there is no choice to make.
    assert member not in second_stage.case().current.reviewers
    assert len(second_stage.case().current.reviewers) == 2
    answer = second_stage.post(
        second_stage.secret(coordinator),
        {"action": "assign", "reviewers": [member, second_stage.reviewer(1)]},
    )
    assert answer["statusCode"] == 422


@pytest.mark.clause("CA-15")
def test_both_have_to_agree_and_can_disagree(second_stage: Desk) -> None:
    """What one recorded waits for the other, who can return it with a reason; sent is what both agree on."""
    first, second = second_stage.reviewer(0), second_stage.reviewer(1)
    second_stage.act(second_stage.coordinator(), "assign", reviewers=[first, second])
    second_stage.act(first, "respond", **OUTCOME)
    assert second_stage.facts().count("OutcomeSent") == 1
    page = Read(second_stage.get(second_stage.secret(second))["body"])
    assert "recorded this. It has not been sent yet." in page.text
    second_stage.act(second, "approve", decision="return", reason="Point 2 is upheld in my view.")
    assert second_stage.facts().count("OutcomeSent") == 1
    page = Read(second_stage.get(second_stage.secret(first))["body"])
    assert "Point 2 is upheld in my view." in page.text
    second_stage.act(first, "respond", **{**OUTCOME, "conclusion_2": "upheld"})
    second_stage.act(second, "approve", decision="approve")
    assert second_stage.facts().count("OutcomeSent") == 2
