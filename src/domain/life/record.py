"""What is noted while a case is worked on: calls, whether they reached the complainant, and meetings."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import AddNote
from domain.errors import FieldProblem, Incomplete, Refused
from domain.events import Event, NoteAdded
from domain.life.standing import open_at, works_on
from domain.procedure import Procedure


def may_note(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """While the case is open, after the outcome too: people call about that as well."""
    return open_at(case, stage) or works_on(case, by, procedure)


def add_note(case: Case, command: AddNote, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    """Incomplete: nothing is said, an arranged meeting has no time, or it is left open who came along to one."""
    if refusal := may_note(case, command.by, command.stage, procedure):
        raise refusal
    missing = []
    # That somebody was not reached says enough.
    if command.kind != "call-not-reached" and not _said(command, "text"):
        missing.append(FieldProblem("text", "Write what was said, resolved or is to be remembered."))
    if command.kind == "meeting-arranged" and not _said(command, "when"):
        missing.append(FieldProblem("when", "Write when and where the meeting is."))
    if command.kind == "meeting-held" and not command.companion:
        missing.append(FieldProblem("companion", "Choose who came with the complainant."))
    if missing:
        raise Incomplete(tuple(missing))
    return (
        NoteAdded(
            at=now,
            by=command.by,
            stage=command.stage,
            kind=command.kind,
            note=command.note.id,
            companion=command.companion,
        ),
    )


def _said(command: AddNote, name: str) -> bool:
    return bool(str(command.note.words.get(name, "")).strip())
