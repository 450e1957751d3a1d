"""What the procedure does not cover is declined after it was taken in, with where it can be taken instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.acts.aspects import AgreeAspects
from domain.acts.closure import CaseEnded
from domain.acts.external import SeekExternalAssistance
from domain.acts.reply import Reply
from domain.acts.retention import due_for_deletion_at
from domain.acts.scope import DeclineNotCovered, FoundNotCovered
from domain.acts.written_form import AskForWrittenForm, SendWrittenForm
from domain.calendars import Limit
from domain.case import COMPLAINANT, Case
from domain.errors import AlreadyDone, CaseClosed, Incomplete, NotAllowed, UnknownChoice
from domain.outcomes import declined_of
from domain.procedure import WrittenForm
from domain.words import Writing
from tests.unit.invented import WITH_MORE, after, case_of, does, looked_into, notices, outcome

OFFICE, MANAGER, BOARD = "office-1", "manager-1", "board-1"
WHY = {"reason": "It is about parking.", "goes_to": "Write to the town council."}


def declined(*points: int, **more: Any) -> DeclineNotCovered:
    plain = DeclineNotCovered(by=MANAGER, stage="first", why=Writing("why", WHY), points=points)
    return replace(plain, **more)


def underway() -> Case:
    return case_of(looked_into())


def test_a_complaint_that_is_not_covered_is_closed_with_where_to_take_it() -> None:
    """The complainant hears it once, with the reason and the place; it is kept like every case."""
    events = does(underway(), declined())
    found, ended = events
    assert isinstance(found, FoundNotCovered)
    assert isinstance(ended, CaseEnded)
    assert ended.how == "not-covered"
    assert "parking" not in repr(events)
    people = notices(underway(), events)
    assert {notice for person, notice in people if person == COMPLAINANT} == {"not-covered"}
    assert {(MANAGER, "done"), (OFFICE, "case-news")} <= people
    assert due_for_deletion_at(after(underway(), declined())) is not None


def test_a_point_that_is_not_covered_goes_no_further_and_the_rest_does() -> None:
    """The outcome concludes on what is left, and what goes on to the next stage is that too."""
    case = after(underway(), declined(2))
    assert (case.is_open, case.points) == (True, (1,))
    assert notices(underway(), does(underway(), declined(2))) == {
        (COMPLAINANT, "not-covered"),
        (OFFICE, "case-news"),
        (MANAGER, "done"),
    }
    case = after(case, outcome(MANAGER, "first", conclusions=("upheld",)))
    assert case.current.responded_at is not None
    assert after(case, Reply(by=COMPLAINANT, stage="first", answer="escalate")).points == (1,)


def test_the_points_of_a_form_that_comes_later_are_its_own() -> None:
    """Which points were declined goes by the numbers of what was written before: the form is answered in full, and the
    outcome still answers the point that was declined."""
    writing = replace(
        WITH_MORE,
        forms=tuple(
            replace(form, written=WrittenForm(remind_after=Limit(5, "working-days"), source="1"))
            for form in WITH_MORE.forms
        ),
    )
    reason = Writing("ask-form", {"reason": "We have only a scrap of paper."})
    asked = AskForWrittenForm(by=OFFICE, stage="first", reason=reason)
    answers = Writing("written", {"name": "Canary"})
    here = SendWrittenForm(by=COMPLAINANT, stage="first", answers=answers, aspects=2)
    case = after(case_of(looked_into(writing, by=OFFICE)), declined(2), asked, here, procedure=writing)
    assert case.points == (1, 2)
    assert [(one.points, one.of) for one in case.declined] == [((2,), "answers")]


def test_a_point_that_is_brought_up_again_is_answered_once() -> None:
    """Where the points are agreed anew, and the declined one is among them, the outcome concludes on it and says
    nothing else of it."""
    case = after(underway(), declined(2))
    contents: dict[str, Mapping[str, Any]] = {"answers": {"aspects": ["One", "Two"]}, "why": WHY}
    assert [point.words for point in declined_of(case, case.current, contents)] == ["Two"]
    agreed = Writing("agreed", {"aspects": ["One, in other words", "Two"]})
    case = after(case, AgreeAspects(by=MANAGER, stage="first", aspects=agreed))
    assert declined_of(case, case.current, contents | {"agreed": agreed.words}) == ()


def test_all_points_are_the_whole() -> None:
    """Nothing is left to conclude on, so that the case is closed."""
    assert [type(event) for event in does(underway(), declined(1, 2))] == [FoundNotCovered, CaseEnded]
    assert [type(event) for event in does(after(underway(), declined(1)), declined(2))] == [
        FoundNotCovered,
        CaseEnded,
    ]


@pytest.mark.parametrize("lacks", ["reason", "goes_to"])
def test_it_says_why_and_where_else(lacks: str) -> None:
    """Nobody is turned away without."""
    with pytest.raises(Incomplete) as refused:
        does(underway(), declined(why=Writing("why", {**WHY, lacks: " "})))
    assert [problem.field for problem in refused.value.missing] == [lacks]


def test_only_points_that_are_there_are_declined() -> None:
    """A point of another stage, or one that was declined before, is none."""
    with pytest.raises(UnknownChoice):
        does(underway(), declined(3))
    with pytest.raises(UnknownChoice):
        does(after(underway(), declined(2)), declined(2))


def test_who_handles_the_case_does_it_before_there_is_an_outcome() -> None:
    """Nobody else; not after the outcome, and not twice."""
    with pytest.raises(NotAllowed):
        does(underway(), declined(by=BOARD))
    with pytest.raises(AlreadyDone):
        does(after(underway(), outcome(MANAGER, "first")), declined())
    with pytest.raises(CaseClosed):
        does(after(underway(), declined()), declined())


def test_help_from_outside_is_not_waited_for_any_more() -> None:
    """Otherwise the case would be kept for an answer that nobody can record."""
    details = Writing("external", {"whom": "An arbiter", "why": "Because."})
    ask = SeekExternalAssistance(by=MANAGER, stage="first", respond_by=date(2026, 12, 1), details=details)
    case = after(underway(), ask, declined(), procedure=WITH_MORE)
    assert due_for_deletion_at(case) is not None
