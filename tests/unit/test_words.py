"""Text is brought into one shape in one place, whatever typed it and wherever it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cases.answers import read as read_answers
from domain.errors import InvalidAnswers
from domain.form import Unprocessable
from domain.form import read_form as read_behind_link
from domain.procedure import Field, Form
from domain.words import holds_link, in_one_line, in_one_shape, is_printable

ASKED = Field(id="account", label="What happened?", type="long-text")
FORM = Form(id="f", title="", kind="complaint", introduction=(), privacy=(), fields=(ASKED,))


def test_one_shape_is_composed_and_has_one_kind_of_line_end() -> None:
    """Accents are one with their letters, lines end in one character, and nothing stands around the text."""
    assert in_one_shape("\r\n Rene\u0301e\r\nsaid\rso.\t\u00a0\n") == "Ren\u00e9e\nsaid\nso."


def test_one_line_has_single_spaces() -> None:
    """A name that was pasted from two lines is a name."""
    assert in_one_line("\tRene\u0301e \r\n  Example ") == "Ren\u00e9e Example"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ro\u200bbin\ufeff \u202eExample\u202c", "Robin Example"),
        ("\u2066Robin\u2069\u00a0Exam\u00adple\u3164", "Robin Example"),
        ("Robin\u200d Exam\u200cple", "Robin Example"),
        (
            "\u0627\u0645\u06cc\u0631\u200c\u0631\u0636\u0627",
            "\u0627\u0645\u06cc\u0631\u200c\u0631\u0636\u0627",
        ),
        ("\u200b\u2060", ""),
    ],
)
def test_a_name_shows_all_that_is_in_it(typed: str, name: str) -> None:
    """Nothing that nobody sees, or that turns the rest around; but what Persian is not written without."""
    assert in_one_line(typed) == name


@pytest.mark.parametrize("text", ["\u200b", "\u2060\n\ufeff", "\u200d \u3164"])
def test_what_cannot_be_seen_is_nothing(text: str) -> None:
    """An account of spaces without width is none."""
    assert in_one_shape(text) == ""


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("customer, your account is locked. Confirm at https://evil.example/login", True),
        ("Robin evil.example", True),
        ("WWW.EVIL", True),
        ("evil\uff0eexample", True),
        ("robin@evil.example", True),
        ("Dr.Robin Example", False),
        ("J.R. Example", False),
        ("J.R.R.Example", False),
        ("Robin Example, M.Sc.", False),
        ("St.John O'Neill-Example", False),
        ("\u5f20\u4f1f", False),
    ],
)
def test_a_link_in_a_name_is_known(name: str, *, is_one: bool) -> None:
    """What a mail program would make a link of; names with full stops are names."""
    assert holds_link(name) == is_one


@pytest.mark.parametrize(
    ("text", "but", "printable"),
    [
        ("Two\nlines\tand a tab", "\n\t", True),
        ("Two\nlines", "", False),
        ("A bell\x07", "\n\t", False),
        ("Half a character \ud800", "\n\t", False),
        ("\N{PILE OF POO} A family: \N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}", "", True),
    ],
)
def test_what_cannot_be_printed_is_known(text: str, but: str, *, printable: bool) -> None:
    """Control characters and halves of characters; not what only joins others."""
    assert is_printable(text, but=but) == printable


@given(st.text())
def test_one_shape_is_reached_at_once(text: str) -> None:
    """What is in one shape stays as it is."""
    assert in_one_shape(in_one_shape(text)) == in_one_shape(text)


@given(st.text(max_size=50) | st.text("\r\n\t\x0b\x0c\x1c\x85 e\u0301\u2028\u200b\x00", max_size=20))
def test_the_form_and_the_pages_behind_links_keep_the_same_text(text: str) -> None:
    """What the one takes, the other takes, and stores it alike."""
    try:
        answers = read_answers(FORM, {"account": text})
    except InvalidAnswers:
        from_form = None
    else:
        from_form = answers.get("account", "")
    try:
        from_page = read_behind_link({"account": [text]}).text("account")
    except Unprocessable:
        from_page = None
    assert from_form == from_page
