"""A day is read from three boxes in one way, whatever page they stand on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cases.answers import read as read_answers
from domain.days import NoDay, in_boxes, read_boxes, read_day
from domain.errors import InvalidAnswers
from domain.procedure import Field, Form
from handlers.pages import raw_answers

ASKED = Field(id="incident_date", label="When did it happen?", type="date")
FORM = Form(id="f", title="", kind="complaint", introduction=(), privacy=(), fields=(ASKED,))


def boxes(day: str, month: str, year: str) -> dict[str, list[str]]:
    return {"incident_date.day": [day], "incident_date.month": [month], "incident_date.year": [year]}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (boxes("27", "3", "2026"), date(2026, 3, 27)),
        (boxes(" 7", "03 ", "2026"), date(2026, 3, 7)),
        (boxes("29", "2", "2028"), date(2028, 2, 29)),
        (boxes("1", "1", "1900"), date(1900, 1, 1)),
        (boxes("", "", ""), None),
        (boxes("29", "2", "2026"), None),
        (boxes("27", "", "2026"), None),
        (boxes("27", "3", "26"), None),
        (boxes("27", "3", "0026"), None),
        (boxes("31", "12", "1899"), None),
        (boxes("+7", "3", "2026"), None),
        (boxes("27", "March", "2026"), None),
        ({**boxes("27", "3", "2026"), "incident_date.day": ["27", "28"]}, None),
        ({}, None),
    ],
)
def test_three_boxes_are_a_day_or_none(typed: dict[str, list[str]], day: date | None) -> None:
    """With space around the numbers and noughts before them; from 1900 on, and never of a box that came twice."""
    assert read_boxes(typed, "incident_date") == day


numbers = st.one_of(
    st.integers(0, 32).map(str), st.integers(1890, 2110).map(str), st.text("0123456789 -+٢", max_size=4)
)


@given(numbers, numbers, numbers)
def test_the_form_and_the_pages_behind_links_take_the_same_days(day: str, month: str, year: str) -> None:
    """What one page takes for a day, another does not refuse, and it is the same day."""
    typed = boxes(day, month, year)
    try:
        answers = read_answers(FORM, raw_answers(FORM, typed))
    except InvalidAnswers:
        taken = None
    else:
        taken = answers.get("incident_date")
    day_behind_link = read_boxes(typed, "incident_date")
    assert (day_behind_link and day_behind_link.isoformat()) == taken


@given(st.dates(date(1900, 1, 1)))
def test_every_day_from_1900_on_is_read_from_what_it_is_shown_as(day: date) -> None:
    """As ISO text, and from the boxes in which it stands."""
    assert read_day(day.isoformat()) == day
    typed = boxes(str(day.day), str(day.month), str(day.year))
    assert in_boxes(typed, "incident_date") == day.isoformat()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-02-29", "Enter a real date, with a day, month and year."),
        ("20260327", "Enter a real date, with a day, month and year."),
        ("2026-W06-2", "Enter a real date, with a day, month and year."),
        ("", "Enter a real date, with a day, month and year."),
        ("1899-12-31", "Enter a date in 1900 or later."),
    ],
)
def test_what_is_wrong_with_a_day_is_said(text: str, sentence: str) -> None:
    """In one set of words, which pages and the API show."""
    with pytest.raises(NoDay) as refused:
        read_day(text)
    assert str(refused.value) == sentence
