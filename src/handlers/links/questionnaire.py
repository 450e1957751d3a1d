"""A form of the procedure on a page behind a link, filled in with what is on record already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from domain.answers import answers_on_record, recorded_in
from domain.case import Case
from domain.errors import FieldProblem
from domain.form import Filled
from domain.procedure import Form
from domain.reaching import reach_of, told_by
from handlers.pages import asked_of
from handlers.wiring import site

MORE_ENTRIES: Final = 3
"""How many empty boxes a question that takes a list has, beside those that are filled in."""


def questions_of(form: Form, case: Case, filled: Filled) -> list[Any]:
    """Return the form's questions, filled in with what was typed or, at first, with what is on record already."""
    answers = {} if filled.typed else _known(case)
    given: dict[str, Sequence[str]] = dict(filled.typed)
    for name, value in answers.items():
        given[name] = [str(entry) for entry in value] if isinstance(value, list) else [str(value)]
    for field in form.fields:
        if field.type == "list":
            entries = [entry for entry in given.get(field.id, ()) if entry.strip()]
            given[field.id] = [*entries, *[""] * MORE_ENTRIES]
        if field.type == "declaration" and not filled.typed:
            given[field.id] = []
    problems = [FieldProblem(name, message) for name, message in filled.problems.items()]
    return [asked_of(field, given, problems) for field in form.fields]


def _known(case: Case) -> dict[str, Any]:
    """Return the answers on record, with what was corrected since of how the complainant is reached."""
    contents = site().store.contents(case.ref, (*recorded_in(case), *told_by(case)))
    answers = answers_on_record(case, contents)
    if case.correspondent != "complainant" or not case.reached_by:
        return answers
    reach = reach_of(case, contents)
    corrected = {name: getattr(reach, name) for name in ("name", "email", "telephone", "address")}
    return {**answers, **{name: text for name, text in corrected.items() if text}}
