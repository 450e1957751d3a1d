"""What was said and done when something was first raised, and whether the person was content with it."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendar
from domain.case import Case, evolve
from domain.commands import LogFirstContact
from domain.errors import AlreadyDone, FieldProblem, Incomplete, Refused
from domain.events import Event, FirstContactLogged
from domain.life.closure import close
from domain.life.intake import said
from domain.life.standing import open_at, works_on
from domain.procedure import Procedure


def may_log(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """Once, on the first stage, as long as there is no answer."""
    if refusal := open_at(case, stage) or works_on(case, by, procedure):
        return refusal
    if case.contact:
        return AlreadyDone("What was done at first is on record.")
    if len(case.stages) > 1 or case.current.responded_at is not None:
        return AlreadyDone("The case has been answered already; add a note to it.")
    return None


def log_first_contact(
    case: Case, command: LogFirstContact, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """A concern that is settled closes with it. Incomplete: nothing is said of what was done, or what is settled is no
    concern, or the person is not content."""
    if refusal := may_log(case, command.by, command.stage, procedure):
        raise refusal
    missing = []
    if not said(command.log, "done"):
        missing.append(FieldProblem("done", "Write what was said and done."))
    if command.settled and case.kind != "concern":
        missing.append(
            FieldProblem("settled", "Only a concern can be settled at once. A complaint is answered.")
        )
    elif command.settled and command.content != "yes":
        missing.append(
            FieldProblem("content", "It is settled only if the person is content with what was done.")
        )
    if missing:
        raise Incomplete(tuple(missing))
    logged = FirstContactLogged(
        at=now,
        by=command.by,
        stage=command.stage,
        log=command.log.id,
        content=command.content,
        settled=command.settled,
    )
    if not command.settled:
        return (logged,)
    after = evolve(case, logged, ref=case.ref)
    return (logged, *close(after, "settled", procedure=procedure, calendar=calendar, now=now))
