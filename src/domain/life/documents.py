"""Documents and recordings that belong to a case: who adds them, of which kinds, and who can have them.

The file itself lies outside the case's table; the event has its size and its hash, and what it is called is content.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from domain.case import Case
from domain.commands import AddDocument
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotNow, Refused
from domain.events import COMPLAINANT, DocumentAdded, DocumentKind, Event, InformationAdded
from domain.life.information import may_add
from domain.life.reply import may_reply
from domain.life.standing import open_at, works_on
from domain.procedure import Procedure

TYPES: Final[Mapping[str, tuple[DocumentKind, str]]] = {
    "application/pdf": ("document", "pdf"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("document", "docx"),
    "application/vnd.oasis.opendocument.text": ("document", "odt"),
    "text/plain": ("document", "txt"),
    "image/jpeg": ("picture", "jpg"),
    "image/png": ("picture", "png"),
    "image/heic": ("picture", "heic"),
    "audio/mpeg": ("recording", "mp3"),
    "audio/mp4": ("recording", "m4a"),
    "audio/ogg": ("recording", "ogg"),
    "audio/wav": ("recording", "wav"),
    "audio/amr": ("recording", "amr"),
    "video/mp4": ("recording", "mp4"),
    "video/webm": ("recording", "webm"),
}
"""Every media type that is taken, with what it is to people and how a file's name ends that has it."""

LARGEST: Final = 50_000_000
"""In bytes, of one file: an hour's recording at a telephone's usual quality."""

LARGEST_TOGETHER: Final = 200_000_000
"""In bytes, of all files of a case: they have to fit into the one file that a case is exported as."""

MOST: Final = 50
"""Documents of one case."""

LONGEST_NAME: Final = 100
"""Characters of what a document is called."""


def may_add_document(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """Those who work on the case, while it is open; the complainant while there is something to add it to."""
    if refusal := open_at(case, stage):
        return refusal
    refusal = _may_send(case, stage, procedure) if by == COMPLAINANT else works_on(case, by, procedure)
    if refusal is not None:
        return refusal
    if len(case.documents) >= MOST:
        return NotNow(f"This case has {MOST} documents, and cannot have more.")
    return None


def may_have(case: Case, by: str, document: str) -> bool:
    """Whether `document` is the complainant's to read: their own, or one that was shared with them."""
    return any(
        one.id == document and (one.by == COMPLAINANT or one.shared)
        for one in case.documents
        if by == COMPLAINANT
    )


def is_addition(case: Case, by: str, procedure: Procedure) -> bool:
    """Whether a document that `by` adds now is late information, on which somebody decides."""
    stage = procedure.stage(case.current.stage)
    return by == COMPLAINANT and stage.late_information is not None and case.current.responded_at is None


def add_document(
    case: Case, command: AddDocument, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """Incomplete: it has no name, is of no kind that is taken, or is too large; late information that does not say
    what it is. AlreadyDone: it was added before."""
    if any(one.id == command.document.id for one in case.documents):
        raise AlreadyDone("This file has been added already.")
    if refusal := may_add_document(case, command.by, command.stage, procedure):
        raise refusal
    late = is_addition(case, command.by, procedure)
    problems = [*_problems_of_file(case, command), *_problems_of_words(command, late=late)]
    if problems:
        raise Incomplete(tuple(problems))
    kind, _ = TYPES[command.media_type]
    added = DocumentAdded(
        at=now,
        by=command.by,
        stage=command.stage,
        document=command.document.id,
        kind=kind,
        media_type=command.media_type,
        size=command.size,
        sha256=command.sha256,
        shared=command.shared or command.by == COMPLAINANT,
    )
    if not late:
        return (added,)
    information = InformationAdded(
        at=now, by=command.by, stage=command.stage, information=command.document.id
    )
    return (added, information)


def _may_send(case: Case, stage: str, procedure: Procedure) -> Refused | None:
    if may_reply(case, COMPLAINANT, stage) is None:
        return None
    if procedure.stage(stage).late_information is not None:
        return may_add(case, COMPLAINANT, stage, procedure)
    if case.current.responded_at is not None:
        return AlreadyDone("We have sent our answer; nothing can be added to this stage any more.")
    if case.current.awaits_approval:
        return NotNow("Our answer is written; nothing can be added to this stage any more.")
    return None


def _problems_of_file(case: Case, command: AddDocument) -> list[FieldProblem]:
    if command.media_type not in TYPES:
        return [
            FieldProblem(
                "file",
                "Choose a PDF, Word, OpenDocument or text file, a picture, or a sound or video recording.",
            )
        ]
    if not 0 < command.size <= LARGEST:
        return [
            FieldProblem("file", f"Choose a file of {LARGEST // 1_000_000} MB or less that is not empty.")
        ]
    if command.size + sum(one.size for one in case.documents) > LARGEST_TOGETHER:
        together = LARGEST_TOGETHER // 1_000_000
        return [
            FieldProblem(
                "file", f"All files of a case can have {together} MB together. Choose a smaller one."
            )
        ]
    return []


def _problems_of_words(command: AddDocument, *, late: bool) -> list[FieldProblem]:
    name = str(command.document.words.get("name", "")).strip()
    problems = []
    if not name:
        problems.append(FieldProblem("name", "Write what it is, in a few words."))
    elif len(name) > LONGEST_NAME or "\n" in name:
        problems.append(FieldProblem("name", f"Use one line of {LONGEST_NAME} characters or fewer."))
    if late and not str(command.document.words.get("information", "")).strip():
        problems.append(
            FieldProblem("information", "Write what it shows, and why you could not send it before.")
        )
    return problems
