"""What a case remembers of papers: documents, copies that were taken, letters, and messages that did not arrive."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from domain.frozen import Frozen

DocumentKind = Literal["document", "picture", "recording"]
"""What a file is to people."""


class DocumentRecord(Frozen):
    """A file of the case; `id` is also the content with what it is called. `size` is in bytes."""

    id: str
    by: str
    at: datetime
    stage: str
    kind: DocumentKind
    media_type: str
    size: int
    sha256: str
    shared: bool
    """Whether the complainant can have it."""


class ExportRecord(Frozen):
    """That somebody took the file of the case out, or the complainant a copy."""

    id: str
    by: str
    at: datetime
    whole: bool


class LetterRecord(Frozen):
    """A letter that is to be posted, or was."""

    id: str
    notice: str
    stage: str
    at: datetime
    reminded_at: datetime | None = None
    posted_on: date | None = None
    by_mail: bool = False
    """It was not posted after all: what it says went as a mail to an address that works."""
    mailed_with: int = 0
    """The number of the event that sent it so; 0: none did, or it is not known."""


class FailedNotice(Frozen):
    """A notice that is known not to have reached somebody. `letter` names it as `LetterRecord.id` does; empty, of what
    was stored before this was known."""

    person: str
    notice: str
    stage: str
    letter: str
    at: datetime
