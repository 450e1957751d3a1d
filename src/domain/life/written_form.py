"""A complaint that did not come by the form, and waits until it is there in writing."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import LONDON, Calendar, Limit, to_london
from domain.case import Case, evolve
from domain.commands import AskForWrittenForm, SendWrittenForm, WaiveWrittenForm
from domain.counting import REMINDER_HOUR, count
from domain.errors import (
    AlreadyDone,
    FieldProblem,
    Incomplete,
    InvalidAnswers,
    NotAllowed,
    NotNow,
    NotYours,
    Refused,
)
from domain.events import (
    COMPLAINANT,
    SYSTEM,
    Event,
    WrittenFormAsked,
    WrittenFormReceived,
    WrittenFormReminded,
    WrittenFormWaived,
)
from domain.life.closure import close
from domain.life.intake import said
from domain.life.scope import hold_to_scope
from domain.life.standing import conflicted, holds_role, open_at, works_on
from domain.procedure import Procedure, WrittenForm

STAFF_AFTER_LAST = Limit(10, "working-days")
"""How often staff go on to be reminded when the complainant no longer is: until one of them decides."""


def rule_of(case: Case, procedure: Procedure) -> WrittenForm | None:
    form = procedure.form(case.form)
    return form.written if form is not None else None


def may_ask_for_form(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """Where the procedure lets staff ask for it, at any time before the stage is answered."""
    if refusal := open_at(case, stage):
        return refusal
    if rule_of(case, procedure) is None:
        return NotAllowed("This procedure does not ask for complaints in writing.")
    if refusal := works_on(case, by, procedure):
        return refusal
    if case.waits_for_form:
        return AlreadyDone("The case waits for the form already.")
    if case.form_here_at is not None or case.route == "web":
        return AlreadyDone("The complaint is there in writing.")
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    return None


def ask_for_form(
    case: Case, command: AskForWrittenForm, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_ask_for_form(case, command.by, command.stage, procedure):
        raise refusal
    if not said(command.reason, "reason"):
        raise Incomplete((FieldProblem("reason", "Write why you need it in writing."),))
    return (WrittenFormAsked(at=now, by=command.by, stage=command.stage, reason=command.reason.id),)


def may_send_form(case: Case, by: str, stage: str) -> Refused | None:
    """The complainant, as long as the case waits."""
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can send this.")
    return _waits(case, stage)


def may_enter_form(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """Staff, for the complainant who gave it to them on paper or by email."""
    if by == COMPLAINANT:
        return NotYours("Only staff can enter this.")
    return _waits(case, stage) or works_on(case, by, procedure)


def send_form(
    case: Case, command: SendWrittenForm, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """SentElsewhere: it is about something that the procedure does not cover. InvalidAnswers: a day in the future."""
    if command.by == COMPLAINANT:
        refusal = may_send_form(case, command.by, command.stage)
    else:
        refusal = may_enter_form(case, command.by, command.stage, procedure)
    if refusal:
        raise refusal
    hold_to_scope(procedure, {"relationship": command.relationship, "subject": command.subject})
    days = (("incident_date", command.incident_on), ("became_known_date", command.known_on))
    if ahead := [name for name, day in days if day is not None and day > to_london(now).date()]:
        raise InvalidAnswers(
            tuple(FieldProblem(name, "The date must be today or in the past.") for name in ahead)
        )
    if command.aspects < 1:
        raise InvalidAnswers((FieldProblem("aspects", "Enter at least one main point."),))
    received_at = command.received_at or now
    if received_at > now:
        raise InvalidAnswers((FieldProblem("received", "It cannot have come in the future."),))
    if to_london(received_at).date() < to_london(case.opened_at).date():
        raise InvalidAnswers((FieldProblem("received", "It cannot have come before the complaint itself."),))
    return (
        WrittenFormReceived(
            at=now,
            by=command.by,
            stage=command.stage,
            answers=command.answers.id,
            aspects=command.aspects,
            course=command.course,
            incident_on=command.incident_on,
            known_on=command.known_on,
            represented=command.represented,
            received_at=command.received_at,
        ),
    )


def may_waive_form(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """The coordinator decides whether it goes on without: nobody is shut out because a form is hard to fill in."""
    if refusal := _waits(case, stage) or conflicted(case, by):
        return refusal
    return holds_role(by, (procedure.coordinator, procedure.escalates_to), procedure)


def waive_form(
    case: Case, command: WaiveWrittenForm, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """The case goes on with what was written down, or it ends. Incomplete: no reason."""
    if refusal := may_waive_form(case, command.by, command.stage, procedure):
        raise refusal
    if not said(command.reason, "reason"):
        raise Incomplete((FieldProblem("reason", "Write the reason for your decision."),))
    waived = WrittenFormWaived(
        at=now, by=command.by, stage=command.stage, goes_on=command.goes_on, reason=command.reason.id
    )
    if command.goes_on:
        return (waived,)
    after = evolve(case, waived, ref=case.ref)
    return (waived, *close(after, "unwritten", procedure=procedure, calendar=calendar, now=now))


def form_reminder_at(case: Case, procedure: Procedure, calendar: Calendar) -> datetime | None:
    """When complainant and staff are reminded next; None: the case does not wait."""
    rule = rule_of(case, procedure)
    if rule is None or not case.waits_for_form or case.form_asked_at is None:
        return None
    since = case.form_reminded_at or case.form_asked_at
    limit = rule.remind_after if case.form_reminders < rule.reminders else STAFF_AFTER_LAST
    due = count((limit,), since, calendar=calendar)
    at = datetime.combine(due.due, REMINDER_HOUR, LONDON)
    # A limit that ends on the day on which it was asked for leaves the rest of that day.
    return at if at > since else due.due_at


def remind_of_form(case: Case, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    """The form has not come. Whom it concerns follows from how often that was said."""
    rule = rule_of(case, procedure)
    last = rule is None or case.form_reminders + 1 >= rule.reminders
    return (WrittenFormReminded(at=now, by=SYSTEM, stage=case.current.stage, last=last),)


def _waits(case: Case, stage: str) -> Refused | None:
    if refusal := open_at(case, stage):
        return refusal
    if case.waits_for_form:
        return None
    if case.form_here_at is not None:
        return AlreadyDone("The form is here. Thank you.")
    return NotNow("The case does not wait for a form.")
