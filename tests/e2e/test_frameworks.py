"""The two procedures that are written from published frameworks, lived through on a stack that serves them alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from authoring.bundle import build_local
from local.stack import ROOT, LocalStack
from tests.e2e.people import Town
from tests.e2e.test_lives import (
    LETTER,
    OUTCOME,
    UNDERSTOOD,
    Life,
    Lived,
    everything_stored,
    require_that_nothing_is_left,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

COUNCIL, UNIVERSITY = "fenmoor-council", "ridgeway-university"
"""Two invented organisations that live by published frameworks. Only the tests know them."""


@pytest.fixture(scope="module")
def by_frameworks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The same at the two organisations that live by published frameworks, on a stack that serves them alone."""
    folder = tmp_path_factory.mktemp("frameworks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROCEDURES", str(ROOT / "tests" / "procedures"))
        build_local(folder / "bundle")
    stack = LocalStack(folder / "stack", bundle=folder / "bundle")
    stack.start()
    try:
        town = Town(stack)
        lives = {one: Life(town, one) for one in (COUNCIL, UNIVERSITY)}
        for life in lives.values():
            life.begin()
            life.climb()
        before = everything_stored(stack)
        for _ in range(24):
            if town.is_due("delete"):
                stack.try_to_advance(to="next")
                town.settle()
        town.settle()
        yield Lived(lives, before, [], everything_stored(stack), [])
    finally:
        stack.stop()


def test_a_council_s_two_stages_are_lived_through(by_frameworks: Lived) -> None:
    """Each acknowledgement says how the complaint is understood, each outcome names the Ombudsman, and six years later
    nothing is left."""
    life = by_frameworks.lives[COUNCIL]
    answered = life.mails(OUTCOME)
    assert life.gone_on == 1
    assert len(answered) == len(life.mails(UNDERSTOOD)) == 2
    assert all("The Ombudsman for Local Services" in mail["text"] for mail in answered)
    require_that_nothing_is_left(by_frameworks, life)


def test_a_university_s_last_letter_is_lived_through(by_frameworks: Lived) -> None:
    """Three stages, the end, the letter that is owed after it with where a student can turn, and nothing left six years
    later."""
    life = by_frameworks.lives[UNIVERSITY]
    (letter,) = life.mails(LETTER)
    assert (life.gone_on, len(life.mails(OUTCOME))) == (2, 3)
    assert life.acts[-1] == "completion"
    assert letter["subject"].endswith("Completion of Procedures letter")
    assert "The Adjudicator for Students" in letter["text"]
    assert "The Admissions Ombudsman" not in letter["text"]
    require_that_nothing_is_left(by_frameworks, life)
