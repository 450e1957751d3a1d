"""What the API takes and answers with: checked on the way in and on the way out, and described from here.

A model is built when the first request needs it, so that no start waits for those of the others.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """What all of them are: nothing is taken that they do not name, and nothing for what it is not."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True, hide_input_in_errors=True)


def _is_none(value: Any) -> bool:
    return value is None


class Submission(Shape):
    """A filled-in form."""

    form: str = Field(description="The form's id.")
    answers: dict[str, Any] = Field(
        description="The answers by the ids of the questions, as this organisation's form asks them."
    )


class Organisation(Shape):
    """Whose form it is."""

    slug: str = Field(description="The organisation's part of every address.")
    name: str = Field(description="Its name for people.")


class Choice(Shape):
    """One answer of a closed question."""

    id: str = Field(description="What is sent as the answer.")
    label: str = Field(description="What people read.")


class FormField(Shape):
    """One question."""

    id: str = Field(description="The name of its answer in `answers`.")
    label: str = Field(description="The question.")
    hint: str = Field(description="What helps to answer it; may be empty.")
    type: str = Field(
        description="text, long-text, email, telephone, date, choice, list (of texts), roles (a list of ids of the "
        "choices) or declaration."
    )
    required: bool = Field(description="Whether an answer is required.")
    max_length: int | None = Field(
        default=None,
        exclude_if=_is_none,
        description="The most characters in an answer that is text, or in each entry of a list.",
    )
    choices: list[Choice] | None = Field(
        default=None, exclude_if=_is_none, description="The answers to choose from."
    )


class FormDefinition(Shape):
    """What a form asks."""

    organisation: Organisation = Field(description="Whose form it is.")
    form: str = Field(description="The form's id, as it is sent in `form`.")
    title: str = Field(description="Its title.")
    kind: str = Field(description="What the form opens if it has no question `kind`.")
    kinds: list[str] = Field(
        description="What the form accepts: complaint, concern, suggestion, compliment. If there are several, its "
        "question `kind` asks which."
    )
    urgent: list[str] = Field(
        description="Paragraphs for people who are in danger, to be shown before anything else; may be empty."
    )
    introduction: list[str] = Field(description="Paragraphs to show above the questions.")
    fields: list[FormField] = Field(description="The questions, in their order.")
    privacy: list[str] = Field(description="The privacy notice, to be shown before sending.")
    answers_schema: dict[str, Any] = Field(alias="schema", description="The JSON Schema of `answers`.")


class Deadline(Shape):
    """A date that has to be kept from now on."""

    name: str = Field(description="`<stage>/<deadline>`, such as stage-1/acknowledge.")
    due: str = Field(description="The last day.", json_schema_extra={"format": "date"})
    due_at: str = Field(
        description="The first moment that is too late.", json_schema_extra={"format": "date-time"}
    )


_OPENED: Final[dict[str, Any]] = {
    "reference": "AB-7K3M-9QXT",
    "received_at": "2026-03-02T09:30:00+00:00",
    "kind": "complaint",
    "stage": "stage-1",
    "deadlines": [
        {"name": "stage-1/acknowledge", "due": "2026-03-05", "due_at": "2026-03-06T00:00:00+00:00"}
    ],
    "not_yet_known": [],
}


class CaseOpened(Shape):
    """The case that a submission opened."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPENED]})

    reference: str = Field(description="The reference of the case, such as AB-7K3M-9QXT.")
    received_at: str = Field(description="When it was received.", json_schema_extra={"format": "date-time"})
    kind: str = Field(
        description="What was opened. A suggestion or a compliment is recorded and passed on. It has no stages."
    )
    stage: str = Field(
        description="The id of the stage that the case starts at. It has no meaning for a suggestion or a compliment."
    )
    deadlines: list[Deadline] = Field(description="The deadlines that are now running.")
    not_yet_known: list[str] = Field(
        description="The names of deadlines that run and cannot be worked out yet: their public holidays or terms are "
        "not known."
    )


class FieldError(Shape):
    """One thing that is wrong with one field."""

    field: str = Field(
        description="The answer's id, with a position from 0 for an entry of a list (`aspects.2`); or `form`, "
        "`answers`, or the name that is not known."
    )
    message: str = Field(description="What to do, written for the person who filled in the form.")


class Problem(Shape):
    """An error (RFC 9457)."""

    type: str = Field(
        description="The type of the error: the place in this document that describes it.",
        json_schema_extra={"format": "uri-reference"},
    )
    title: str = Field(description="The same for every error of this type.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened this time.")
    errors: list[FieldError] | None = Field(default=None, description="Each field with a problem.")
    challenge: dict[str, Any] | None = Field(
        default=None, description="What to solve before sending again, as ALTCHA (version 2) has it."
    )
