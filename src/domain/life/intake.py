"""A complaint comes in, and a stage begins."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendar, to_london
from domain.case import Case, evolve
from domain.commands import SubmitComplaint
from domain.deadlines import is_late
from domain.errors import AlreadyDone, FieldProblem, InvalidAnswers, UnknownChoice
from domain.events import SYSTEM, ComplaintAcknowledged, ComplaintSubmitted, Event
from domain.life.assignment import assign_without_choice
from domain.life.scope import hold_to_scope
from domain.procedure import Procedure


def submit_complaint(
    case: Case | None,
    command: SubmitComplaint,
    *,
    ref: str,
    procedure: Procedure,
    calendar: Calendar,
    now: datetime,
) -> tuple[Event, ...]:
    """A late complaint is taken too: whether it is considered is for a person to say.

    UnknownChoice: no such form. SentElsewhere: the procedure does not cover it. InvalidAnswers: the incident lies in
    the future, or there is nothing to conclude on.
    AlreadyDone: the case exists."""
    if case is not None:
        raise AlreadyDone("This complaint has been received already.")
    form = procedure.form(command.form)
    if form is None:
        raise UnknownChoice("There is no such form.")
    hold_to_scope(procedure, {"relationship": command.relationship, "subject": command.subject})
    days = (("incident_date", command.incident_on), ("became_known_date", command.known_on))
    if ahead := [name for name, day in days if day is not None and day > to_london(now).date()]:
        raise InvalidAnswers(
            tuple(FieldProblem(name, "The date must be today or in the past.") for name in ahead)
        )
    counts_from = max((day for _, day in days if day is not None), default=None)
    if command.aspects < 1:
        raise InvalidAnswers((FieldProblem("aspects", "Enter at least one main point."),))
    submitted = ComplaintSubmitted(
        at=now,
        by=command.by,
        organisation=procedure.slug,
        procedure_version=procedure.version,
        form=form.id,
        kind=form.kind,
        stage=form.starts_at,
        answers=command.answers.id,
        aspects=command.aspects,
        course=command.course,
        incident_on=command.incident_on,
        late=is_late(procedure, form.starts_at, counts_from, calendar, now=now),
        known_on=command.known_on,
    )
    opened = evolve(None, submitted, ref=ref)
    return (submitted, *stage_begins(opened, procedure=procedure, now=now))


def stage_begins(case: Case, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    """What happens of itself when a case comes to a stage: `case` is already on it."""
    stage = procedure.stage(case.current.stage)
    events: list[Event] = []
    if stage.acknowledgement == "automatic":
        events.append(ComplaintAcknowledged(at=now, by=SYSTEM, stage=stage.id))
    events.extend(assign_without_choice(case, procedure=procedure, now=now))
    return tuple(events)
