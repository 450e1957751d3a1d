"""What people fill in, checked against the form that asks for it.

A form of a procedure becomes a pydantic model, made once and kept. Texts come out in one shape (`domain.words`). A
text of nothing but space is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial
from typing import Annotated, Any, Final, Literal, assert_never

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError

from domain.addresses import ADDRESS_WANTED, is_address
from domain.days import REAL_DAY_WANTED, NoDay, read_day
from domain.errors import FieldProblem, InvalidAnswers
from domain.procedure import MOST_ENTRIES, Form
from domain.procedure import Field as Question
from domain.words import NAME_WANTED, holds_link, in_one_line, in_one_shape, is_printable

_TELEPHONE = r"[+(]{0,2}[0-9][0-9 ()./-]*(?:(?:ext\.?|x|#) ?[0-9]+)?"
_FEWEST_DIGITS = 6
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")

# The sentence for an answer that is missing, where the question's own words would make a clumsy one.
_ASK_FOR: Final[Mapping[str, str]] = {
    "name": "Enter your name.",
    "email": "Enter your email address.",
    "telephone": "Enter your telephone number.",
    "address": "Enter your address.",
    "incident_date": "Enter the date it happened.",
    "account": "Tell us what happened.",
    "aspects": "Enter at least one point.",
    "people_involved": "Tell us who was involved.",
    "actions_taken": "Tell us what has been done so far.",
    "outcome_sought": "Tell us what you would like to happen.",
    "availability": "Tell us when we can reach you.",
    "declaration": "Tick the box to confirm the declaration.",
}


def read(form: Form, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to `form` as plain values (text, a list of texts, `True`; dates as ISO text), in the form's
    order, without those that were left out.

    InvalidAnswers: one problem for each thing that is wrong. The field is the answer's id; for an entry of a list
    with its position from 0, as in `aspects.2`."""
    given = {
        name: value for name, value in raw.items() if not (isinstance(value, str) and not in_one_shape(value))
    }
    try:
        answers = _model(form).model_validate(given)
    except ValidationError as error:
        raise InvalidAnswers(_problems(form, error)) from None
    plain = answers.model_dump(by_alias=True, exclude_unset=True)
    return {name: value for name, value in plain.items() if value != []}


def json_schema(form: Form) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the answers to `form`, with the labels as titles and the hints as
    descriptions."""
    schema = _model(form).model_json_schema(by_alias=True)
    questions = {question.id: question for question in form.fields}
    for name, described in schema["properties"].items():
        question = questions[name]
        # That an answer can be left out is said by `required`; null is no answer.
        described.pop("default", None)
        # What is written has something in it: of a list, what has not is passed over.
        for text in (described, described.get("items", {})):
            if text.get("type") == "string" and "enum" not in text:
                text |= {"minLength": 1, "pattern": r"\S"}
        described["title"] = question.label
        if question.hint:
            described["description"] = question.hint
    return {**schema, "title": form.title}


_STRICT: Final = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


@cache
def _model(form: Form) -> type[BaseModel]:
    # The attributes have names of their own: an answer's id may be one that pydantic uses.
    fields: dict[str, Any] = {}
    for position, question in enumerate(form.fields):
        default: Any = ... if question.required else None
        fields[f"answer_{position}"] = (_type(question), Field(default, alias=question.id))
    return create_model("Answers", __config__=_STRICT, **fields)


def _type(question: Question) -> Any:
    match question.type:
        case "text":
            return _text(question.max_length, line=True, check=_check_name if question.id == "name" else None)
        case "long-text":
            return _text(question.max_length)
        case "email":
            return _text(question.max_length, check=_check_email, shape="email")
        case "telephone":
            return _text(question.max_length, check=_check_telephone)
        case "date":
            return _text(10, check=_check_date, shape="date")
        case "choice":
            return Literal[tuple(choice.id for choice in question.choices)]
        case "list":
            entry = _text(question.max_length, fewest=0)
            fewest = 1 if question.required else 0
            return Annotated[
                list[entry],  # type: ignore[valid-type]
                AfterValidator(partial(_drop_blank_entries, fewest=fewest)),
                Field(json_schema_extra={"minItems": fewest, "maxItems": MOST_ENTRIES}),
            ]
        case "roles":
            role: Any = Literal[tuple(choice.id for choice in question.choices)]
            return Annotated[
                list[role],
                AfterValidator(partial(_each_once, fewest=1 if question.required else 0)),
                Field(json_schema_extra={"uniqueItems": True}),
            ]
        case "declaration":
            # A box in a form has the text; an API says true.
            return Annotated[Literal[True, "yes", "on"], BeforeValidator(_check_ticked)]
        case _:
            assert_never(question.type)


def _text(
    longest: int, *, line: bool = False, fewest: int = 1, check: Any = None, shape: str | None = None
) -> Any:
    clean = _clean_line if line or check is not None else _clean
    constraints = StringConstraints(min_length=fewest, max_length=longest)
    extra = Field(json_schema_extra={"format": shape} if shape else None)
    checked = (AfterValidator(check),) if check is not None else ()
    return Annotated[(str, extra, constraints, BeforeValidator(clean), *checked)]


def _clean(value: Any) -> Any:
    """Return a text of several lines. What is no text is left for the type to refuse."""
    if not isinstance(value, str):
        return value
    return _printable(in_one_shape(value), but="\n\t")


def _clean_line(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if "\n" in in_one_shape(value):
        raise PydanticCustomError("several_lines", "several lines")
    return in_one_line(_printable(value.strip(), but="\t"))


def _printable(text: str, *, but: str) -> str:
    if not is_printable(text, but=but):
        raise PydanticCustomError("control_character", "control character")
    return text


def _check_name(name: str) -> str:
    # The first mail greets whoever reads it by this name, and whoever typed it may be somebody else.
    if holds_link(name):
        raise PydanticCustomError("link", "a link in a name", {"sentence": NAME_WANTED})
    return name


def _check_email(address: str) -> str:
    if not is_address(address):
        raise PydanticCustomError("email", "no email address")
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox}@{domain.lower()}"


def _check_telephone(number: str) -> str:
    # As it is copied from a page or typed by a telephone.
    number = number.translate(_DASHES)
    digits = sum(char.isdigit() for char in number)
    if re.fullmatch(_TELEPHONE, number, re.ASCII | re.IGNORECASE) is None or digits < _FEWEST_DIGITS:
        raise PydanticCustomError("telephone", "no telephone number")
    return number


def _check_date(text: str) -> str:
    try:
        return read_day(text).isoformat()
    except NoDay as error:
        raise PydanticCustomError("date", "no date", {"sentence": str(error)}) from None


def _check_ticked(value: Any) -> bool:
    # Not left to the type, to which 1 and true are the same.
    if value is True or value in ("yes", "on"):
        return True
    raise PydanticCustomError("missing", "not ticked")


def _drop_blank_entries(entries: list[str], *, fewest: int) -> list[str]:
    kept = [entry for entry in entries if entry]
    if len(kept) < fewest:
        raise PydanticCustomError("missing", "no entries")
    if len(kept) > MOST_ENTRIES:
        raise PydanticCustomError("too_many_entries", "too many entries")
    return kept


def _each_once(chosen: list[str], *, fewest: int) -> list[str]:
    if len(chosen) < fewest:
        raise PydanticCustomError("missing", "none chosen")
    return list(dict.fromkeys(chosen))


def _problems(form: Form, error: ValidationError) -> tuple[FieldProblem, ...]:
    questions = {question.id: question for question in form.fields}
    found = []
    for problem in error.errors(include_url=False, include_input=False):
        name = str(problem["loc"][0])
        question = questions.get(name)
        if question is None:
            found.append(FieldProblem(name, "The form does not ask for this."))
            continue
        field = ".".join(str(part) for part in problem["loc"]) if question.type == "list" else name
        found.append(FieldProblem(field, _sentence(question, problem["type"], problem.get("ctx", {}))))
    # A choice of several accepted values reports each of them.
    return tuple(dict.fromkeys(found))


def _sentence(question: Question, kind: str, context: Mapping[str, Any]) -> str:
    """Return what to do, written for the person who filled in the form."""
    match kind:
        case "missing" | "string_too_short" | "literal_error":
            return _ask_for(question)
        case "string_too_long":
            if question.type == "date":
                return REAL_DAY_WANTED
            return f"Use {context['max_length']:,} characters or fewer to answer “{question.label}”"
        case "control_character" | "string_unicode":
            return f"Remove the characters that cannot be printed from your answer to “{question.label}”"
        case "several_lines":
            return f"Use one line to answer “{question.label}”"
        case "email":
            return ADDRESS_WANTED
        case "telephone":
            return "Enter a telephone number, like 01632 960 001 or +44 808 157 0192."
        case "date" | "link":
            return str(context["sentence"])
        case "list_type":
            return "Give a list of ids." if question.type == "roles" else "Give a list of texts."
        case "too_many_entries":
            return f"Enter {MOST_ENTRIES} points or fewer."
        case "string_type":
            return "Give a text in YYYY-MM-DD format." if question.type == "date" else "Give a text."
        case _:
            return f"This cannot be taken as an answer to “{question.label}”"


def _ask_for(question: Question) -> str:
    if question.missing:
        return question.missing
    if question.id in _ASK_FOR:
        return _ASK_FOR[question.id]
    match question.type:
        case "choice" | "roles":
            return f"Choose an answer to “{question.label}”"
        case "declaration":
            return "Tick the box to confirm."
        case _:
            return f"Answer “{question.label}”"
