"""Whether somebody acts for the complainant is asked, and not guessed from what was typed into a box."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.answers import facts_in, hold_to_named
from domain.errors import InvalidAnswers
from domain.procedure import Choice, Field, Form
from tests.unit.invented import PROCEDURE

ASKED = Field(
    id="represented",
    label="Is someone acting for you?",
    type="choice",
    choices=(Choice(id="alone", label="No"), Choice(id="acting", label="Yes")),
)
NAMED = Field(id="representative", label="Who?", type="text")


def with_fields(*fields: Field) -> Form:
    form = PROCEDURE.forms[0]
    return replace(form, fields=(*form.fields, *fields))


BOTH, NAME_ALONE = with_fields(ASKED, NAMED), with_fields(NAMED)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"represented": "acting", "representative": "My sister"}, True),
        ({"represented": "alone"}, False),
        ({"represented": "alone", "representative": "My sister"}, False),
        ({"representative": "No"}, False),
        ({}, False),
    ],
)
def test_where_the_form_asks_the_answer_counts(answers: dict[str, str], expected: bool) -> None:
    """Whatever is typed beside it."""
    assert facts_in(answers, BOTH)["represented"] is expected


@pytest.mark.parametrize("typed", ["No", "N/A", "none", "n/a.", " no one ", "-", "Not applicable", ""])
def test_where_a_form_asks_only_for_a_name_no_is_none(typed: str) -> None:
    """A case of a form without the question is not held up for a consent that nobody can give."""
    assert facts_in({"representative": typed}, NAME_ALONE)["represented"] is False


def test_where_a_form_asks_only_for_a_name_a_name_is_one() -> None:
    """As before: whoever is named acts, and the consent is asked for."""
    assert facts_in({"representative": "Noah Nomore"}, NAME_ALONE)["represented"] is True


def test_who_says_that_they_write_for_somebody_else_acts_for_them() -> None:
    """The form for data protection complaints asks it with how people are connected."""
    connected = Field(
        id="relationship",
        label="How are you connected with us?",
        type="choice",
        choices=(Choice(id="representative", label="I write on behalf of someone else"),),
    )
    form = replace(PROCEDURE.forms[0], fields=(connected,))
    assert facts_in({"relationship": "representative"}, form)["represented"] is True


def test_who_says_yes_has_to_say_who() -> None:
    """The form comes back at the question that is missing."""
    with pytest.raises(InvalidAnswers) as refused:
        hold_to_named({"represented": "acting"}, BOTH)
    assert [problem.field for problem in refused.value.problems] == ["representative"]
    hold_to_named({"represented": "acting", "representative": "My sister"}, BOTH)
    hold_to_named({"represented": "alone"}, BOTH)
