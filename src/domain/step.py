"""One step of a scenario: who does what when, as a scenario file says it. What it leaves out is filled in."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.frozen import Frozen
from domain.ladder import DeadlineName
from domain.notekinds import Companion, Contentment, Disclosed, NoteKind
from domain.notices import Notice
from domain.procedure import Kind, Route

SOMETHING = "What was written."
"""What a person writes where a step does not say it."""


class Given(Frozen):
    """One answer on a form; `id` is its question's."""

    id: str
    text: str


class Said(Frozen):
    """What a reviewer says on one point."""

    conclusion: str
    reasons: str
    evidence: str = "A record."
    explanation: str = "It is explained."
    answered_with: int = 0
    """The point that is answered together with this one, with the same conclusion; 0: it stands by itself."""


class Undertaking(Frozen):
    """What an outcome promises, by when, and which person or role does it."""

    text: str
    due: date
    person: str = ""
    role: str = ""


class Step(Frozen):
    """One act of one person. Empty: not given."""

    act: str
    at: str = ""
    after: str = ""
    just_before: DeadlineName | None = None
    just_after: DeadlineName | None = None
    by: str = ""
    refused: str = ""
    form: str = ""
    answers: tuple[Given, ...] = ()
    aspects: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    involved: tuple[str, ...] = ()
    """Who is said to be involved in the matter; nobody, where it is left out."""
    respond_by: date | None = None
    text: str = ""
    findings: tuple[Said, ...] = ()
    remedies: tuple[str, ...] = ()
    promises: tuple[Undertaking, ...] = ()
    lessons: str = ""
    answer: Literal["satisfied", "escalate"] | None = None
    sought: str = ""
    decision: Literal["accept", "decline", "go-on", "close"] | None = None
    """The last two: what happens to a case whose form has not come."""
    kind: NoteKind | None = None
    meets: str = ""
    """When and where a meeting is."""
    companion: Companion = ""
    what: Disclosed | None = None
    whom: str = ""
    promise: str = ""
    """The number of what is done, from 1, in the order in which it was promised; the first that is open, where it is
    left out."""
    person: str = ""
    notice: Notice | None = None
    hold: str = ""
    """The number of the step that placed the hold, from 1; the newest, where it is left out."""
    enters: Kind | None = None
    """What it is that staff enter for somebody."""
    route: Route | None = None
    """How what staff enter came."""
    received: date | None = None
    """The day on which it came; today, where it is left out."""
    content: Contentment | None = None
    """Whether the person was content with what was done at once."""
    settled: bool = False
    """Whether that settled it."""
    name: str = ""
    """What a document is called."""
    media_type: str = ""
    """Of which kind a document is, as the web names it; a PDF, where it is left out."""
    shared: bool = False
    """Whether the complainant can have the document."""
    details: tuple[Given, ...] = ()
    """How the complainant is reached from now on."""
    whose: Literal["same", "complainant", "representative", "successor"] | None = None
    """Whose details they are; of the same person as before, where it is left out."""
    points: tuple[int, ...] = ()
    """The numbers of the main points that are not covered; all, where they are left out."""
    what_else: str = ""
    """What has to be looked into although the complaint is withdrawn, or how contact is limited."""
    on: date | None = None
    """The day on which a letter was posted, or a mediation was held; today, where it is left out. Or the
    day on which a limit on contact is reviewed; the last that can be, where it is left out."""
    held: Literal["yes", "no"] | None = None
    """Whether a mediation was held."""

    @property
    def words(self) -> str:
        """What the person writes."""
        return self.text or SOMETHING
