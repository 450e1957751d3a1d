"""What decisions need to know of a filled-in form of the procedure, and what it cannot be about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from domain.calendars import to_london
from domain.case import COMPLAINANT, Case
from domain.days import PAST_DAY_WANTED
from domain.errors import FieldProblem, InvalidAnswers, SentElsewhere
from domain.frozen import replace
from domain.procedure import Field, Form, Procedure

ASKED_BY = ("relationship", "subject")
"""The questions whose answers can lie outside a procedure."""

ACTS = "acting"
"""The answer to the question `represented` that somebody acts for the complainant."""

ACTING_FOR = "representative"
"""The answer to the question `relationship` that says the same."""

REACHED_BY = ("email", "telephone", "address")
"""The questions of which one has to be answered, so that the complainant can be."""

REACHED_HOW = "an email address, a telephone number or a postal address"

_RECEIVED: Final = Field(
    id="received",
    label="When did the form reach you?",
    type="date",
    required=True,
    missing="Enter the date the form reached you.",
)

_NOBODY = frozenset(["", "no", "no one", "nobody", "none", "n/a", "na", "nil", "not applicable"])
"""What people write who are asked for a name and have none to give."""


def facts_in(answers: Mapping[str, Any], form: Form | None) -> dict[str, Any]:
    """Return the fields that `SubmitComplaint` and `SendWrittenForm` share, from a form's answers. What was chosen is
    a fact; what was written in one's own words stays with what people wrote."""
    chosen = {
        field.id: str(answers[field.id])
        for field in (form.fields if form is not None else ())
        if field.type == "choice" and answers.get(field.id)
    }
    incident = answers.get("incident_date")
    known = answers.get("became_known_date")
    roles = tuple(str(role) for role in answers.get("complained_about") or ())
    return {
        "complained_about": roles,
        "aspects": len(answers.get("aspects") or ()) or 1,
        "course": chosen.get("course", ""),
        "relationship": chosen.get("relationship", ""),
        "subject": chosen.get("subject", ""),
        "incident_on": date.fromisoformat(incident) if incident else None,
        "known_on": date.fromisoformat(known) if known else None,
        "represented": _is_represented(answers, chosen, form),
    }


def _is_represented(answers: Mapping[str, Any], chosen: Mapping[str, str], form: Form | None) -> bool:
    """Return whether somebody acts for the complainant: the form asks so, or, where it only asks for a name, there is
    one."""
    if chosen.get("relationship") == ACTING_FOR:
        return True
    if any(field.id == "represented" for field in (form.fields if form is not None else ())):
        return chosen.get("represented") == ACTS
    named = str(answers.get("representative") or "").strip(" .,!-–").casefold()
    return named not in _NOBODY


def recorded_in(case: Case) -> tuple[str, ...]:
    """Return the ids of the contents with what is recorded of the form: as it was filled in, and what was corrected
    since."""
    return (case.answers, *case.corrections)


def answers_on_record(case: Case, contents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the answers as they are now, as far as `contents` have what `recorded_in` names."""
    found = dict(contents.get(case.answers, {}))
    for correction in case.corrections:
        found |= contents.get(correction, {}).get("answers", {})
    return found


def form_to_fill_in(case: Case, procedure: Procedure, *, by: str) -> Form:
    """Return the form that the case waits for; where staff enter it, with the day on which it came. KeyError: the
    procedure has it no longer."""
    form = procedure.form(case.form)
    if form is None:
        raise KeyError(case.form)
    # What it is has been decided; nobody changes a complaint into a compliment by filling in a form.
    fields = tuple(field for field in form.fields if field.id != "kind")
    if by != COMPLAINANT:
        fields = (_RECEIVED, *(_on_paper(field, case) for field in fields))
    return replace(form, fields=fields)


def _on_paper(field: Field, case: Case) -> Field:
    """Return who has no address for mails has none on paper either."""
    return replace(field, required=False) if field.id == "email" and case.by_letter else field


def hold_to_named(answers: Mapping[str, Any], form: Form | None) -> None:
    """Hold the answers to what is possible. InvalidAnswers: somebody acts for the complainant, and nobody says who."""
    asked = {field.id for field in (form.fields if form is not None else ())}
    if answers.get("represented") == ACTS and "representative" in asked and not answers.get("representative"):
        raise InvalidAnswers((FieldProblem("representative", "Enter who is acting for whom."),))


def hold_to_scope(procedure: Procedure, answers: Mapping[str, object]) -> None:
    """Hold the answers to what is possible. SentElsewhere: an answer says that it is about something that the
    procedure does not cover."""
    for question in ASKED_BY:
        for matter in procedure.not_covered:
            if answers.get(question) == matter.id:
                raise SentElsewhere((FieldProblem(question, f"{matter.goes_to} No case has been opened."),))


def hold_to_past(days: Mapping[str, date | None], *, now: datetime) -> None:
    """Hold the answers to what is possible. InvalidAnswers: a day, by the name of its question, lies ahead."""
    today = to_london(now).date()
    _refuse(days, lambda day: day > today, PAST_DAY_WANTED)


def hold_to_points(aspects: int) -> None:
    """Hold the answers to what is possible. InvalidAnswers: there is nothing to conclude on."""
    if aspects < 1:
        raise InvalidAnswers((FieldProblem("aspects", "Enter at least one main point."),))


def hold_to_before(days: Mapping[str, date | None], received_at: datetime) -> None:
    """Hold the answers to what is possible. InvalidAnswers: a day, by the name of its question, comes after the
    receipt."""
    received_on = to_london(received_at).date()
    _refuse(
        days,
        lambda day: day > received_on,
        "The date must not be after the date the complaint reached us.",
    )


def hold_to_received(received_at: datetime, *, now: datetime) -> None:
    """Hold the answers to what is possible. InvalidAnswers: it came in the future."""
    if received_at > now:
        raise InvalidAnswers((FieldProblem("received", PAST_DAY_WANTED),))


def _refuse(days: Mapping[str, date | None], is_wrong: Callable[[date], bool], sentence: str) -> None:
    if wrong := [name for name, day in days.items() if day is not None and is_wrong(day)]:
        raise InvalidAnswers(tuple(FieldProblem(name, sentence) for name in wrong))
