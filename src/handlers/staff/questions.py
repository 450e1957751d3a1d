"""What staff are asked when they enter a case for somebody, beside what the form itself asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import chain
from typing import Any, Final

from domain.acts.intake import as_entered
from domain.calendars import LONDON, opening_of, to_london
from domain.days import PAST_DAY_WANTED
from domain.errors import FieldProblem, InvalidAnswers
from domain.notekinds import Contentment
from domain.procedure import Choice, Field, Form, Kind, Route

WAYS: Final[Mapping[Route, str]] = {
    "telephone": "By telephone",
    "in-person": "In person",
    "email": "By email",
    "letter": "By letter",
}
"""How what staff enter can have reached them."""

KINDS: Final[Mapping[Kind, str]] = {
    "complaint": "A complaint: dissatisfaction that needs an answer",
    "concern": "A concern: a worry that might be settled straight away",
    "suggestion": "A suggestion",
    "compliment": "A compliment",
}

CONTENT: Final[Mapping[Contentment, str]] = {
    "yes": "Yes, they are content with it",
    "no": "No",
    "not-asked": "They were not asked",
}


def asked_form(strict: Form, kinds: Sequence[Kind], way: Route) -> Form:
    """Return all that is asked of staff who fill in `strict`, the form itself, for somebody, where it came this way
    and can be of these `kinds`."""
    form = as_entered(strict, way)
    asked = chain.from_iterable(
        (field, _CHECKED) if field.id == "email" else (field,) for field in form.fields
    )
    return replace(form, fields=(*_how_it_came(kinds), *asked, *_what_was_done(kinds)))


_CHECKED: Final = Field(
    id="checked",
    label="How did you check the email address?",
    hint="For example: they spelled it out. If you leave this empty, our emails will not include their name or what "
    "they told you until they have acted from one of them.",
    type="long-text",
    max_length=1000,
)


def _how_it_came(kinds: Sequence[Kind]) -> Iterator[Field]:
    if len(kinds) > 1:
        yield Field(
            id="kind",
            label="What is it?",
            type="choice",
            required=True,
            missing="Choose what it is.",
            choices=tuple(Choice(id=kind, label=KINDS[kind]) for kind in kinds),
        )
    yield Field(
        id="route",
        label="How did it reach you?",
        type="choice",
        required=True,
        missing="Choose how it reached you.",
        choices=tuple(Choice(id=way, label=label) for way, label in WAYS.items()),
    )
    yield Field(
        id="received",
        label="When did it reach you?",
        hint="The date the organisation first heard about it. All dates are counted from then.",
        type="date",
        required=True,
        missing="Enter the date it reached you.",
    )
    yield Field(
        id="received_time",
        label="At what time?",
        hint="For example, 16:50. If you leave this empty for an earlier day, we will use 9am.",
        type="text",
        max_length=5,
    )


def _what_was_done(kinds: Sequence[Kind]) -> Iterator[Field]:
    yield Field(
        id="done",
        label="What was said and done straight away?",
        hint="For the people who deal with it: whether you explained the procedure, and what you agreed, if anything.",
        type="long-text",
        max_length=5000,
    )
    yield Field(
        id="content",
        label="Is the person content with how it was handled?",
        type="choice",
        choices=tuple(Choice(id=content, label=label) for content, label in CONTENT.items()),
    )
    if "concern" in kinds:
        yield Field(
            id="settled",
            label="The concern is settled. Record it and close it.",
            hint="Only for a concern. If you leave this empty, the case will go on with what you have written.",
            type="declaration",
        )


def received_at(said: Mapping[str, Any], *, now: datetime) -> datetime | None:
    """Return when it came; None: now. InvalidAnswers: no time of day, or one that has not come yet."""
    day = date.fromisoformat(said["received"])
    today = to_london(now).date()
    typed = str(said.get("received_time", ""))
    if day > today:
        raise InvalidAnswers((FieldProblem("received", PAST_DAY_WANTED),))
    if not typed:
        return None if day == today else opening_of(day)
    try:
        at = datetime.combine(day, time.fromisoformat(typed.replace(".", ":").zfill(5)), LONDON)
    except ValueError:
        raise InvalidAnswers((FieldProblem("received_time", "Enter a time of day, like 16:50."),)) from None
    if at > now:
        raise InvalidAnswers((FieldProblem("received_time", "The time must be now or earlier."),))
    return at
