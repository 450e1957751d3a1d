"""While the reviewer looks into it: keeping the complainant informed of a date that moves."""

from __future__ import annotations

from datetime import date, datetime

from domain.calendars import Calendar, spell_day, to_london
from domain.case import Case
from domain.commands import SendInterimResponse
from domain.counting import count
from domain.deadlines import Deadline, deadlines, has_begun, pauses
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, NotNow, Refused
from domain.events import Event, InterimResponseSent
from domain.ladder import DeadlineRule
from domain.life.standing import open_at, reviews
from domain.procedure import Procedure


def may_send_interim_response(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage) or reviews(case, by):
        return refusal
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    rule = respond_rule(procedure, stage)
    if rule is None or rule.extension == "not-provided":
        return NotAllowed("This procedure does not provide for a new date on this stage.")
    if not has_begun(case, rule, procedure):
        if case.waits_for_form:
            return NotNow("The time for the response begins when the complaint is there in writing.")
        return NotNow("The time for the response has not begun; acknowledge the complaint first.")
    return None


def send_interim_response(
    case: Case, command: SendInterimResponse, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """Incomplete: the message is empty, or the new date is not later than the one that it replaces."""
    if refusal := may_send_interim_response(case, command.by, command.stage, procedure):
        raise refusal
    running = next(one for one in deadlines(case, procedure, calendar) if one.rule.name == "respond")
    missing = []
    if not str(command.message.words.get("message", "")).strip():
        missing.append(FieldProblem("message", "Write what is being done, by whom, and what comes next."))
    present = running.due.due
    if command.respond_by <= max(present, to_london(now).date()):
        missing.append(
            FieldProblem(
                "respond_by", f"The new date has to be later than today and than {spell_day(present)}."
            )
        )
    latest = _latest(case, running, calendar)
    if latest is not None and command.respond_by > latest:
        missing.append(FieldProblem("respond_by", f"The procedure allows no date after {spell_day(latest)}."))
    if missing:
        raise Incomplete(tuple(missing))
    return (
        InterimResponseSent(
            at=now,
            by=command.by,
            stage=command.stage,
            respond_by=command.respond_by,
            message=command.message.id,
        ),
    )


def _latest(case: Case, deadline: Deadline, calendar: Calendar) -> date | None:
    """The last day that a new date can be, where the procedure has a cap."""
    rule = deadline.rule
    if not isinstance(rule, DeadlineRule) or rule.extension_cap is None:
        return None
    cap, paused = rule.extension_cap, pauses(case.current, rule, calendar)
    return count((cap,), deadline.origin, calendar=calendar, paused=paused).due


def respond_rule(procedure: Procedure, stage: str) -> DeadlineRule | None:
    return next((rule for rule in procedure.stage(stage).deadlines if rule.name == "respond"), None)
