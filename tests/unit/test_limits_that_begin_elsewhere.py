"""Limits with a beginning of their own, and how the terminal says what a framework asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from authoring.clauses import rule_at
from authoring.comparison import changes
from authoring.procedure_file import read
from domain.acts.completion import SEND_COMPLETION
from domain.calendars import Limit
from domain.ladder import Also
from domain.procedure import Procedure
from tests.rules import situation
from tests.unit.invented import CALENDAR, MONDAY, PROCEDURE, case_of, looked_into, with_rule

UNIVERSITY = read(Path(__file__).parents[1] / "procedures/ridgeway-university.yaml")


def due_with(*also: Also) -> tuple[date, str]:
    """When the first outcome is due with these limits besides, and how that is said."""
    procedure = with_rule(PROCEDURE, "respond", also=also)
    at = situation(case_of(looked_into(procedure)), procedure, CALENDAR, now=MONDAY)
    due = next(deadline for deadline in at.deadlines if deadline.rule.name == "respond").due
    return due.due, due.counted


def test_the_earliest_counts_and_each_is_named() -> None:
    """One that ends later is said too, with the day to which it comes."""
    own, counted = due_with()
    late = Also(within=Limit(90, "days"), counted_from="received")
    soon = Also(within=Limit(3, "days"), counted_from="received")
    same, said = due_with(late)
    assert same == own
    assert said.startswith("the earlier of ")
    assert "90 days from the complaint’s arrival (to Sunday 31 January 2027)" in said
    assert said.endswith(f": {counted}")
    first, said = due_with(late, soon)
    assert first == date(2026, 11, 5)
    assert said.startswith("the earliest of ")
    assert said.endswith(": 3 days after Monday 2 November 2026")


def test_one_from_a_stage_that_the_case_has_not_been_on_does_not_count() -> None:
    """There is nothing that it could be counted from."""
    elsewhere = Also(within=Limit(1, "days"), counted_from="requested", stage="second")
    assert due_with(elsewhere) == due_with()


def test_a_procedure_without_any_says_what_it_said() -> None:
    """The words of a date are the same as ever where one limit alone counts."""
    assert due_with()[1] == "10 working days after Monday 2 November 2026, day 1 being Tuesday 3 November"


def test_a_trace_and_a_comparison_say_what_the_file_does() -> None:
    """Each part has words of its own, and a change of one is told as such."""
    words = {
        path: rule_at(UNIVERSITY, path).words
        for path in ("completion", "stages.formal.can_be_skipped", "stages.review.deadlines.respond")
    }
    assert words == {
        "completion": (
            "Completion of Procedures letter, 28 days from the closure, from Registrar or Deputy Registrar"
        ),
        "stages.formal.can_be_skipped": "it is skipped where Registrar decides so, with the reason",
        "stages.review.deadlines.respond": (
            "respond: 21 days from the request for this stage, at the latest 90 days from the request for “The "
            "formal stage”, or by a new date given with the reason"
        ),
    }
    assert UNIVERSITY.completion is not None
    other: Procedure = replace(
        UNIVERSITY, completion=replace(UNIVERSITY.completion, within=(Limit(14, "days"),))
    )
    assert [change.text for change in changes(UNIVERSITY, other)] == [
        "`completion`, `within`: from 28 days to 14 days."
    ]


def test_nobody_is_owed_a_letter_where_the_procedure_knows_none() -> None:
    """The act that would send one is refused."""
    at = situation(case_of(looked_into()), PROCEDURE, CALENDAR, now=MONDAY)
    assert "does not have such a letter" in str(at.refusal(SEND_COMPLETION, "chair", "first"))
