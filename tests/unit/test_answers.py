"""Answers are taken in one shape, or refused with a sentence for each thing that is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cases.answers import json_schema, read
from domain.errors import FieldProblem, InvalidAnswers
from domain.procedure import MOST_ENTRIES, Choice, Field, Form

FORM = Form(
    id="complaint",
    title="Make a complaint",
    kind="complaint",
    starts_at="stage-1",
    introduction=(),
    privacy=(),
    fields=(
        Field(id="name", label="What is your name?", type="text", required=True, max_length=20),
        Field(id="email", label="What is your email address?", type="email", required=True, max_length=254),
        Field(id="telephone", label="What is your telephone number?", type="telephone", max_length=40),
        Field(
            id="course",
            label="Which course is it about?",
            type="choice",
            choices=(Choice(id="first-aid", label="First aid"), Choice(id="other", label="Another one")),
        ),
        Field(id="incident_date", label="When did it happen?", type="date"),
        Field(id="account", label="What happened?", type="long-text", required=True, max_length=100),
        Field(id="aspects", label="What are your points?", type="list", required=True, max_length=10),
        Field(id="copy", label="Shall we copy you in?", type="text", hint="Say whom.", max_length=10),
        Field(id="declaration", label="It is true.", type="declaration", required=True),
    ),
)

VALID: dict[str, Any] = {
    "name": "Complainant One",
    "email": "one@complainant.example",
    "account": "It rained.",
    "aspects": ["The rain"],
    "declaration": True,
}


def problems(answers: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the answers, by field."""
    with pytest.raises(InvalidAnswers) as refused:
        read(FORM, answers)
    return {problem.field: problem.message for problem in refused.value.problems}


def test_valid_answers_come_out_as_they_are() -> None:
    """What is right already stays the same, in the form's order."""
    assert list(read(FORM, dict(reversed(VALID.items()))).items()) == list(VALID.items())


def test_answers_come_out_in_one_shape() -> None:
    """Space around a text goes, line ends become one character, and letters with accents are composed."""
    answers = read(
        FORM,
        VALID | {"name": " Rene\u0301e ", "account": "\r\nOne\r\nTwo\rThree\n", "email": "A.B@Example.ORG"},
    )
    assert answers["name"] == "Ren\u00e9e"
    assert answers["account"] == "One\nTwo\nThree"
    assert answers["email"] == "A.B@example.org"


def test_blank_answers_are_no_answers() -> None:
    """A text of nothing but space, and an empty entry of a list, count as left out."""
    answers = read(FORM, VALID | {"telephone": " ", "course": "", "copy": "\n", "aspects": ["", " a ", "\t"]})
    assert answers == VALID | {"aspects": ["a"]}


def test_every_missing_answer_is_named_at_once() -> None:
    """Nothing filled in: each question that has to be answered gets a sentence that says what to do."""
    assert problems({"name": "  ", "aspects": ["", " "]}) == {
        "name": "Enter your name.",
        "email": "Enter your email address.",
        "account": "Tell us what happened.",
        "aspects": "Enter at least one point.",
        "declaration": "Tick the box to confirm the declaration.",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 7),
        ("name", None),
        ("name", ["Complainant"]),
        ("name", "x" * 21),
        ("name", "Complainant\x00"),
        ("name", "Complainant\u0085One"),
        ("name", "Complainant\nOne"),
        ("name", "see evil.example"),
        ("name", "\ud800"),
        ("account", "It\x1b[2J rained."),
        ("account", "e\u0301" * 101),
        ("telephone", "none"),
        ("telephone", "12345"),
        ("telephone", 1632960001),
        ("course", "second-aid"),
        ("course", 1),
        ("incident_date", "2026-02-29"),
        ("incident_date", "20260203"),
        ("incident_date", "2026-W06-2"),
        ("incident_date", "2026-02-03T10:00"),
        ("incident_date", "\u0662026-02-03"),
        ("incident_date", "0026-02-03"),
        ("incident_date", 20260203),
        ("aspects", "The rain"),
        ("aspects", ["x"] * (MOST_ENTRIES + 1)),
        ("declaration", False),
        ("declaration", 1),
        ("declaration", "no"),
        ("colour", "blue"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_the_only_one_named(field: str, value: Any) -> None:
    """One wrong answer gives one problem, under its own id, with a sentence."""
    found = problems(VALID | {field: value})
    assert list(found) == [field]
    assert found[field][0].isupper()


@pytest.mark.parametrize(
    "address",
    [
        "one@complainant.example",
        "o'neill+complaints@mail.complainant.example",
        "1@2.example",
        "one@xn--bcher-kva.example",
        f"{'x' * 64}@complainant.example",
    ],
)
def test_addresses_that_mail_reaches_are_taken(address: str) -> None:
    """Whatever SES delivers to is an address."""
    assert read(FORM, VALID | {"email": address})["email"] == address


@pytest.mark.parametrize(
    "address",
    [
        "one",
        "one@",
        "@complainant.example",
        "one@complainant",
        "one@@complainant.example",
        "one@complainant..example",
        ".one@complainant.example",
        "one.@complainant.example",
        "one@-complainant.example",
        "one@complainant.example.",
        "one two@complainant.example",
        "One <one@complainant.example>",
        "one@complainant.example, two@complainant.example",
        "one@[127.0.0.1]",
        "one@127.0.0.1",
        "\u00f6ne@complainant.example",
        "one@b\u00fccher.example",
        f"{'x' * 65}@complainant.example",
        f"one@{'x' * 64}.example",
        "one@complainant.example\nBcc: two@complainant.example",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(address: str) -> None:
    """What mail cannot reach, or what would reach somebody else too, is told apart before anything is stored."""
    assert list(problems(VALID | {"email": address})) == ["email"]


@pytest.mark.parametrize(
    "number", ["01632 960 001", "+44 (0)808 157-0192", "(0161) 496 0450", "0121 4960450 ext. 12"]
)
def test_telephone_numbers_are_taken_as_people_write_them(number: str) -> None:
    """A number stays as it was written."""
    assert read(FORM, VALID | {"telephone": number})["telephone"] == number


def test_what_is_copied_along_is_left_out() -> None:
    """Characters that nobody sees, a tab, and the dashes and spaces that pages set numbers with."""
    copied = {
        "name": "Compl\u200bain\u202eant\tOne",
        "email": "a\u200b@b.example",
        "telephone": "01632\u00a0960\u2013001",
    }
    answers = read(FORM, VALID | copied)
    assert answers["name"] == "Complainant One"
    assert answers["email"] == "a@b.example"
    assert answers["telephone"] == "01632 960-001"


@pytest.mark.parametrize("tick", [True, "yes", "on"])
def test_a_declaration_is_accepted_by_box_and_by_program(tick: object) -> None:
    """A ticked box and `true` mean the same, and are kept as the same."""
    assert read(FORM, VALID | {"declaration": tick})["declaration"] is True


def test_a_wrong_entry_is_named_by_its_place() -> None:
    """The problem of an entry carries its position among all that were given, blank ones too."""
    found = problems(VALID | {"aspects": ["a", "", "x" * 11, "\x00", 5]})
    assert set(found) == {"aspects.2", "aspects.3", "aspects.4"}


def test_every_problem_is_reported_at_once() -> None:
    """Several wrong answers are all named."""
    assert set(problems(VALID | {"name": 1, "email": "x", "course": "x", "colour": "x"})) == {
        "name",
        "email",
        "course",
        "colour",
    }


def test_a_refusal_does_not_repeat_what_was_written() -> None:
    """What somebody wrote does not get into the text of the error, from where it could get into a log."""
    with pytest.raises(InvalidAnswers) as refused:
        read(FORM, VALID | {"email": "canary", "name": "canary\x00", "course": "canary"})
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


@given(st.text(max_size=20))
def test_what_was_taken_is_taken_again_unchanged(text: str) -> None:
    """Reading is done after one pass: the check page sends on what was read, and that reads the same."""
    try:
        once = read(FORM, VALID | {"name": text, "account": f"a{text}"})
    except InvalidAnswers:
        return
    assert read(FORM, once) == once


@given(
    st.dictionaries(
        st.sampled_from([field.id for field in FORM.fields]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=5,
        ),
    )
)
def test_whatever_comes_is_taken_or_refused_by_name(answers: dict[str, Any]) -> None:
    """No value of JSON makes anything but answers or problems with a field and a sentence."""
    wrong: tuple[FieldProblem, ...] = ()
    taken: dict[str, Any] = {}
    try:
        taken = read(FORM, answers)
    except InvalidAnswers as refused:
        wrong = refused.problems
    assert bool(taken) != bool(wrong)
    assert all(problem.field and problem.message for problem in wrong)
    assert json.loads(json.dumps(taken)) == taken


def test_the_schema_says_what_is_enforced() -> None:
    """The JSON Schema names each question, what it must be, and what has to be answered, and nothing else goes."""
    schema = json_schema(FORM)
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["name", "email", "account", "aspects", "declaration"]
    assert schema["properties"]["name"] == {
        "title": "What is your name?",
        "type": "string",
        "minLength": 1,
        "maxLength": 20,
        "pattern": r"\S",
    }
    assert schema["properties"]["email"]["format"] == "email"
    assert schema["properties"]["incident_date"]["format"] == "date"
    assert schema["properties"]["course"]["enum"] == ["first-aid", "other"]
    assert schema["properties"]["aspects"]["items"]["maxLength"] == 10
    assert schema["properties"]["aspects"]["maxItems"] == MOST_ENTRIES
    assert schema["properties"]["copy"]["description"] == "Say whom."
