"""Documents and recordings that belong to a case: who adds them, of which kinds, and who can have them.

The file itself lies outside the case's table; the event has its size and its hash, and what it is called is content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.act import Act, FilledIn, Scene, Traits, nobody
from domain.acts.information import ADD, InformationAdded, too_late_to_add
from domain.acts.reply import REPLY
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, FieldProblem, NotNow, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.papers import DocumentKind, DocumentRecord
from domain.rights import open_at, without_consent, works_on
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, in_one_line, require

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


class DocumentAdded(StageEvent):
    """A file was added to the case. `document` is content, with what it is called, and the file's id; `size` is in
    bytes, `sha256` of the file, in hex. `shared`: the complainant can have it."""

    document: str
    kind: DocumentKind
    media_type: str
    size: int
    sha256: str
    shared: bool = False

    wrote = ("document", "name")

    def after(self, case: Case) -> Case:
        document = DocumentRecord(
            id=self.document,
            by=self.by,
            at=self.at,
            stage=self.stage,
            kind=self.kind,
            media_type=self.media_type,
            size=self.size,
            sha256=self.sha256,
            shared=self.shared,
        )
        return replace(case, documents=(*case.documents, document))

    def tells(self, telling: Telling) -> Tells:
        if self.by == COMPLAINANT:
            # What comes late is told of as that, for somebody has to decide on it.
            late = is_addition(telling.at, self.by)
            return () if late else telling.news(*telling.handling)
        shared = telling.complainant("document", content=self.document) if self.shared else ()
        return (*shared, *telling.news_to_others(*telling.handling), *telling.done)


class AddDocument(StageCommand):
    """`document.words`: `name`, what it is called, and `information`, what it shows, where the complainant sends it
    late. Its id is also the file's. The rest was found in the file itself."""

    document: Writing
    media_type: str
    size: int
    sha256: str
    shared: bool = False

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: it has no name, is of no kind that is taken, or is too large; late
        information that does not say what it is. AlreadyDone: it was added before."""
        if any(document.id == self.document.id for document in at.case.documents):
            raise AlreadyDone("This file has already been added.")
        at.require(ADD_DOCUMENT, self.by, self.stage)
        late = is_addition(at, self.by)
        against = without_consent(at.case, at.procedure) if self.shared and self.by != COMPLAINANT else None
        require(
            [
                *self._problems_of_file(at.case),
                *self._problems_of_words(late=late),
                *([FieldProblem("shared", str(against))] if against else []),
            ]
        )
        kind, _ = TYPES[self.media_type]
        added = DocumentAdded(
            at=at.now,
            by=self.by,
            stage=self.stage,
            document=self.document.id,
            kind=kind,
            media_type=self.media_type,
            size=self.size,
            sha256=self.sha256,
            shared=self.shared or self.by == COMPLAINANT,
        )
        if not late:
            return (added,)
        information = InformationAdded(at=at.now, by=self.by, stage=self.stage, information=self.document.id)
        return (added, information)

    def _problems_of_file(self, case: Case) -> list[FieldProblem]:
        if self.media_type not in TYPES:
            kinds = "a PDF, Word, OpenDocument or text file, a picture, or a sound or video recording"
            return [FieldProblem("file", f"Choose {kinds}.")]
        if not 0 < self.size <= LARGEST:
            most = LARGEST // 1_000_000
            return [FieldProblem("file", f"Choose a file that is not empty and is no larger than {most} MB.")]
        if self.size + sum(document.size for document in case.documents) > LARGEST_TOGETHER:
            together = LARGEST_TOGETHER // 1_000_000
            sentence = f"The files of a case can be {together} MB in total. Choose a smaller file."
            return [FieldProblem("file", sentence)]
        return []

    def _problems_of_words(self, *, late: bool) -> list[FieldProblem]:
        name = str(self.document.words.get("name", "")).strip()
        problems = []
        if not name:
            problems.append(FieldProblem("name", "Write what the document is, in a few words."))
        elif len(name) > LONGEST_NAME or "\n" in name:
            problems.append(FieldProblem("name", f"Use one line of {LONGEST_NAME} characters or fewer."))
        if late:
            problems += self.document.missing(
                information="Write what the document shows and why you could not send it before."
            )
        return problems


def may_have(case: Case, by: str, document: str) -> bool:
    """Return whether `document` is the complainant's to read: their own, or one that was shared with them."""
    return any(
        kept.id == document and (kept.by == COMPLAINANT or kept.shared)
        for kept in case.documents
        if by == COMPLAINANT
    )


def is_addition(at: Situation, by: str) -> bool:
    """Return whether a document that `by` adds now is late information, on which somebody decides."""
    is_late = at.stage.late_information is not None and at.case.current.responded_at is None
    return by == COMPLAINANT and is_late


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it to those who work on the case while it is open, and to the complainant while there is something to add
    it to."""
    if refusal := open_at(at.case, stage):
        return refusal
    against = _against_sending(at, stage) if by == COMPLAINANT else works_on(at.case, by, at.procedure)
    if against is not None:
        return against
    if len(at.case.documents) >= MOST:
        return NotNow(f"This case already has {MOST} documents. No more can be added.")
    return None


def _against_sending(at: Situation, stage: str) -> Refused | None:
    if at.refusal(REPLY, COMPLAINANT, stage) is None:
        return None
    if at.stage.late_information is not None:
        return at.refusal(ADD, COMPLAINANT, stage)
    return too_late_to_add(at.case)


def add_document(asking: Asking) -> AddDocument:
    """Return the command. Unprocessable: there is no file with it, or a member of staff has not said whom it is
    for."""
    if asking.file is None:
        asking.refuse("file", "Choose a file.")
    shared = False
    if asking.by != COMPLAINANT:
        shared = asking.choice("for", ("record", "shared"), "Choose who the document is for.") == "shared"
    said = {"name": in_one_line(asking.text("name")), "information": asking.text("information")}
    words = {name: text for name, text in said.items() if text}
    return AddDocument(
        by=asking.by,
        stage=asking.stage,
        document=Writing(asking.file.document, words),
        media_type=asking.file.media_type,
        size=asking.file.size,
        sha256=asking.file.sha256,
        shared=shared,
    )


def _played(step: Step, at: Situation) -> FilledIn:
    return {
        "name": step.name or "A document",
        "information": step.words,
        "for": "shared" if step.shared else "record",
    }


ADD_DOCUMENT = Act(
    name="document",
    whose="anybody",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=add_document,
    choice="action",
    shows=None,
    scenes={
        "document": Scene(needs=(), knows=("name", "media_type", "shared", "text"), fills=_played, by=None)
    },
)
ACTS = (ADD_DOCUMENT,)
