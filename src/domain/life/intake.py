"""Something comes in, by the form or entered by staff for somebody, and a stage begins."""

from __future__ import annotations

from datetime import date, datetime

from domain.calendars import Calendar, to_london
from domain.case import Case, evolve
from domain.commands import SubmitComplaint, Writing
from domain.deadlines import is_late
from domain.errors import AlreadyDone, FieldProblem, Incomplete, InvalidAnswers, UnknownChoice
from domain.events import (
    COMPLAINANT,
    SYSTEM,
    ComplaintAcknowledged,
    ComplaintSubmitted,
    Event,
    FirstContactLogged,
    WrittenFormAsked,
)
from domain.frozen import replace
from domain.life.assignment import assign_without_choice
from domain.life.scope import hold_to_scope
from domain.procedure import LOGGED, Form, Kind, Procedure, Route


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

    UnknownChoice: no such form, or a kind that it does not take. SentElsewhere: the procedure does not cover it.
    InvalidAnswers: the incident or the receipt lies in the future, or there is nothing to conclude on. Incomplete: what
    was settled at once lacks what was done. AlreadyDone: the case exists."""
    if case is not None:
        raise AlreadyDone("This complaint has been received already.")
    form = procedure.form(command.form)
    if form is None:
        raise UnknownChoice("There is no such form.")
    hold_to_scope(procedure, {"relationship": command.relationship, "subject": command.subject})
    received_at = command.received_at or now
    _hold_to_past(received_at, command.incident_on, command.known_on, now=now)
    if command.aspects < 1:
        raise InvalidAnswers((FieldProblem("aspects", "Enter at least one main point."),))
    kind = kind_of(command, form)
    _hold_to_first_contact(command, kind)
    if command.by != COMPLAINANT and kind not in LOGGED and not command.settled:
        _hold_to_reachable(command)
    counts_from = max((day for day in (command.incident_on, command.known_on) if day), default=None)
    is_staged = kind not in LOGGED and not command.settled
    submitted = ComplaintSubmitted(
        at=now,
        by=command.by,
        organisation=procedure.slug,
        procedure_version=procedure.version,
        form=form.id,
        kind=kind,
        stage=form.starts_at or procedure.stages[0].id,
        answers=command.answers.id,
        aspects=command.aspects,
        course=command.course,
        incident_on=command.incident_on,
        late=is_staged and is_late(procedure, form.starts_at, counts_from, calendar, now=received_at),
        known_on=command.known_on,
        route=command.route,
        received_at=command.received_at,
        by_letter=command.by_letter,
        represented=command.represented,
        settled=command.settled,
    )
    begun: list[Event] = [submitted]
    if command.first_contact is not None:
        begun.append(
            FirstContactLogged(
                at=now,
                by=command.by,
                stage=submitted.stage,
                log=command.first_contact.id,
                content=command.content,
                settled=command.settled,
            )
        )
    if is_staged and command.by != COMPLAINANT and waits_for_form(form, command.route):
        begun.append(WrittenFormAsked(at=now, by=command.by, stage=submitted.stage))
    opened = evolve(None, submitted, ref=ref)
    for event in begun[1:]:
        opened = evolve(opened, event, ref=ref)
    if not is_staged:
        # Only what does not go on closes with its arrival, and nobody who complains waits for this to be imported.
        from domain.life.closure import close

        how = "settled" if command.settled else "logged"
        return (*begun, *close(opened, how, procedure=procedure, calendar=calendar, now=now))
    return (*begun, *stage_begins(opened, procedure=procedure, now=now))


def kind_of(command: SubmitComplaint, form: Form) -> Kind:
    """What it is. A concern that staff could not settle at once goes on as what the form is for, with what was
    written down already. UnknownChoice: the form does not take it."""
    named = command.kind or form.kind
    for kind in form.kinds:
        if kind == named:
            return kind
    if command.by != COMPLAINANT:
        for kind in form.entered_as:
            if kind == named:
                return form.kind if kind == "concern" and not command.settled else kind
        if named == form.kind:
            return form.kind
    raise UnknownChoice("The form does not take this.", field="kind")


def waits_for_form(form: Form, route: Route) -> bool:
    """Whether what comes in this way waits until the complainant has filled in the form."""
    return form.written is not None and route in form.written.routes


def as_entered(form: Form, route: Route) -> Form:
    """The form as staff fill it in for somebody: without the declaration, which only the complainant can make; without
    having to name an email address, for there are other ways to reach people; and, where the form itself is still to
    come, with nothing required but who it is and what it is about."""
    waits = waits_for_form(form, route)
    needed = ("name", "account", "kind") if waits else None
    fields = tuple(
        replace(
            one,
            required=one.required and one.id != "email" and (needed is None or one.id in needed),
        )
        for one in form.fields
        if one.type != "declaration" and one.id != "kind"
    )
    return replace(form, fields=fields)


def stage_begins(case: Case, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    """What happens of itself when a case comes to a stage: `case` is already on it."""
    stage = procedure.stage(case.current.stage)
    events: list[Event] = []
    if stage.acknowledgement == "automatic":
        events.append(ComplaintAcknowledged(at=now, by=SYSTEM, stage=stage.id))
    events.extend(assign_without_choice(case, procedure=procedure, now=now))
    return tuple(events)


def said(writing: Writing | None, name: str) -> bool:
    """Whether the writing has words under this name."""
    return writing is not None and bool(str(writing.words.get(name, "")).strip())


def _hold_to_past(
    received_at: datetime, incident_on: date | None, known_on: date | None, *, now: datetime
) -> None:
    if received_at > now:
        raise InvalidAnswers((FieldProblem("received", "It cannot have come in the future."),))
    day_of_receipt = to_london(received_at).date()
    days = (("incident_date", incident_on), ("became_known_date", known_on))
    if ahead := [name for name, day in days if day is not None and day > to_london(now).date()]:
        raise InvalidAnswers(
            tuple(FieldProblem(name, "The date must be today or in the past.") for name in ahead)
        )
    if after := [name for name, day in days if day is not None and day > day_of_receipt]:
        raise InvalidAnswers(
            tuple(
                FieldProblem(name, "The date must not come after the day on which we heard.")
                for name in after
            )
        )


def _hold_to_reachable(command: SubmitComplaint) -> None:
    """Somebody whom nobody can reach cannot be answered."""
    if not any(said(command.answers, name) for name in ("email", "telephone", "address")):
        sentence = (
            "Enter an email address, a telephone number or a postal address: nobody is answered otherwise."
        )
        raise InvalidAnswers((FieldProblem("email", sentence),))


def _hold_to_first_contact(command: SubmitComplaint, kind: Kind) -> None:
    if not command.settled:
        return
    if kind != "concern":
        raise Incomplete(
            (FieldProblem("settled", "Only a concern can be settled at once. A complaint is answered."),)
        )
    missing = []
    if not said(command.first_contact, "done"):
        missing.append(FieldProblem("done", "Write what was said and done."))
    if command.content != "yes":
        missing.append(
            FieldProblem("content", "It is settled only if the person is content with what was done.")
        )
    if missing:
        raise Incomplete(tuple(missing))
