"""What can be asked of a case: every way in becomes one of these.

`by` is the id of a person in the organisation's directory, `COMPLAINANT` or `SYSTEM`. What a person wrote
comes as a `Writing`: its id goes into the event, its words are stored as content of the case. `stage` is the
stage that the person was looking at; a case that has moved on refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

from domain.events import Companion, Content, Disclosed, Finding, NoteKind
from domain.frozen import Frozen
from domain.notices import Notice
from domain.procedure import Route


@dataclass(frozen=True, slots=True)
class Writing:
    """What a person wrote: named texts or lists of texts, under an id that is new in the case."""

    id: str
    words: Mapping[str, Any]


class SubmitComplaint(Frozen):
    organisation: str
    form: str
    answers: Writing
    aspects: int
    course: str = ""
    relationship: str = ""
    subject: str = ""
    incident_on: date | None = None
    known_on: date | None = None
    """When the complainant found out, where the form asks for it."""
    by: str
    kind: str = ""
    """Empty: what the form is for."""
    route: Route = "web"
    received_at: datetime | None = None
    """When it came, where somebody enters it later."""
    by_letter: bool = False
    represented: bool = False
    first_contact: Writing | None = None
    """`words`: `done`, what was said and done at once; from staff who enter it for somebody."""
    content: Content = "not-asked"
    settled: bool = False


class DecideLateness(Frozen):
    """`reason.words["reason"]`: why a late complaint is considered, or why not. The complainant reads it."""

    by: str
    stage: str
    accepted: bool
    reason: Writing


class Acknowledge(Frozen):
    by: str
    stage: str


class AssignReviewers(Frozen):
    by: str
    stage: str
    reviewers: tuple[str, ...]
    override: Writing | None = None
    """`words["reason"]`: why somebody with a conflict of interest is assigned all the same, where the procedure lets
    `by` do that."""


class DeclareInvolvement(Frozen):
    """`person` is involved in the matter. `reason.words["reason"]`: how."""

    by: str
    stage: str
    person: str
    reason: Writing


class SendInterimResponse(Frozen):
    """`message.words["message"]`: what is being done, by whom, and the next steps."""

    by: str
    stage: str
    respond_by: date
    message: Writing


class ReportProgress(Frozen):
    """`message.words["message"]`: what has been done, and what comes next."""

    by: str
    stage: str
    message: Writing


class ProposedAction(Frozen):
    """An action as it was filled in, perhaps not completely: a person or a role does it by the end of `due`. What is
    to be done is in the wording's `actions`, under `action-<number>`."""

    number: int
    person: str = ""
    role: str = ""
    due: date | None = None


class RecordOutcome(Frozen):
    """`wording.words`: `reasons`, a list with one text per aspect in their order, and `response`, the proposed
    resolution and the steps that follow. Where the procedure asks for them also `evidence` and `explanations`, each
    one text per aspect, and `remedies`, what is said about each chosen remedy by its id."""

    by: str
    stage: str
    findings: tuple[Finding, ...]
    wording: Writing
    remedies: tuple[str, ...] = ()
    actions: tuple[ProposedAction, ...] = ()
    lessons: Writing | None = None
    """`words["lessons"]`: what was learned. The complainant does not read it."""


class ApproveOutcome(Frozen):
    """`wording`: the id of the content that the approver read; an outcome that was changed since is not approved."""

    by: str
    stage: str
    wording: str


class ReturnOutcome(Frozen):
    """`reason.words["reason"]`: what has to change."""

    by: str
    stage: str
    wording: str
    reason: Writing


class Reply(Frozen):
    """The complainant's answer to an outcome. `reasons.words`: `reasons`, and `sought`, which resolution is sought
    now; both may be left out. `aspects`: the numbers of those that go on to the next stage; empty: all."""

    by: str
    stage: str
    answer: Literal["satisfied", "escalate"]
    reasons: Writing | None = None
    aspects: tuple[int, ...] = ()


class SeekExternalAssistance(Frozen):
    """`details.words`: `whom` and `why`. The complainant reads them, with the new last day."""

    by: str
    stage: str
    respond_by: date
    details: Writing


class RecordExternalAnswer(Frozen):
    """`answer.words["answer"]`: what the outside help said."""

    by: str
    stage: str
    answer: Writing


class AskLate(Frozen):
    """The complainant asks for the next stage after the time for it. `reasons.words["reasons"]`: why so late."""

    by: str
    stage: str
    reasons: Writing


class DecideLateReply(Frozen):
    """`reason.words["reason"]`: the complainant reads it."""

    by: str
    stage: str
    accepted: bool
    reason: Writing


class AskToReopen(Frozen):
    """`reasons.words["reasons"]`: why the complainant wants it reopened."""

    by: str
    stage: str
    reasons: Writing


class ConfirmExhausted(Frozen):
    by: str
    stage: str


class AddNote(Frozen):
    """`note.words`: `text`, what was said or resolved, and `when`, the time and place of an arranged meeting."""

    by: str
    stage: str
    kind: NoteKind
    note: Writing
    companion: Companion = ""


class AskQuestion(Frozen):
    """`question.words["question"]`; its id is also the question's."""

    by: str
    stage: str
    question: Writing


class AnswerQuestions(Frozen):
    """`answers.words`: texts by the id of the question; those without text are left open."""

    by: str
    stage: str
    answers: Writing


class RecordDisclosure(Frozen):
    """`disclosure.words`: `to`, a role or description of who was told, and `reason`."""

    by: str
    stage: str
    what: Disclosed
    disclosure: Writing


class AddInformation(Frozen):
    """`information.words["information"]`; its id is also the information's."""

    by: str
    stage: str
    information: Writing


class ConsiderInformation(Frozen):
    """`reason.words["reason"]`: why it is taken into account, or not; the complainant reads it."""

    by: str
    stage: str
    information: str
    accepted: bool
    reason: Writing


class Wake(Frozen):
    """An alarm or the sweep: do what is due by now."""


class RecordBounce(Frozen):
    person: str
    notice: str


class PlaceHold(Frozen):
    """`reason.words["reason"]`; the reason's id is also the hold's."""

    by: str
    reason: Writing


class LiftHold(Frozen):
    by: str
    hold: str


class AnnounceDeletion(Frozen):
    pass


class BeginDeletion(Frozen):
    pass


class Promised(Frozen):
    """A date as it was counted when the case was stored: `due_at` is the first moment that is too late."""

    deadline: str
    due_at: datetime


class Recount(Frozen):
    """Hold the case's dates against those that were promised."""

    promised: tuple[Promised, ...]


class CompleteAction(Frozen):
    """`action` is done. `note.words["note"]`, what was done, may be left out."""

    by: str
    action: str
    note: Writing | None = None


class RecordLessons(Frozen):
    """`lessons.words["lessons"]`: what was learned."""

    by: str
    lessons: Writing


class AgreeAspects(Frozen):
    """`aspects.words["aspects"]`: the main points that were agreed, in their order."""

    by: str
    stage: str
    aspects: Writing


class LogFirstContact(Frozen):
    """`log.words["done"]`: what was said and done when it was first raised."""

    by: str
    stage: str
    log: Writing
    content: Content
    settled: bool = False


class AskForWrittenForm(Frozen):
    """`reason.words["reason"]`: why; the complainant reads it."""

    by: str
    stage: str
    reason: Writing


class SendWrittenForm(Frozen):
    """The form, filled in by the complainant or entered for them; `answers.words` as for `SubmitComplaint`."""

    by: str
    stage: str
    answers: Writing
    aspects: int
    course: str = ""
    relationship: str = ""
    subject: str = ""
    incident_on: date | None = None
    known_on: date | None = None
    represented: bool = False
    received_at: datetime | None = None


class WaiveWrittenForm(Frozen):
    """`reason.words["reason"]`: the complainant reads it."""

    by: str
    stage: str
    goes_on: bool
    reason: Writing


class RecordConsent(Frozen):
    """`consent.words["consent"]`: when and how the complainant consented, and to what."""

    by: str
    stage: str
    consent: Writing


class FollowUp(Frozen):
    """`note.words["note"]`: what came of a suggestion or a compliment."""

    by: str
    note: Writing


class AddDocument(Frozen):
    """`document.words`: `name`, what it is called, and `information`, what it shows, where the complainant sends it
    late. Its id is also the file's. The rest was found in the file itself."""

    by: str
    stage: str
    document: Writing
    media_type: str
    size: int
    sha256: str
    shared: bool = False


class ExportCase(Frozen):
    """`reason.words["reason"]`: what the file is for; its id is also the export's."""

    by: str
    reason: Writing


class PrepareLetter(Frozen):
    """The notice that the effect `letter` sends goes by post."""

    letter: str
    notice: Notice


class PostLetter(Frozen):
    by: str
    letter: str
    on: date


Command = (
    SubmitComplaint
    | DecideLateness
    | Acknowledge
    | AssignReviewers
    | DeclareInvolvement
    | SendInterimResponse
    | ReportProgress
    | RecordOutcome
    | ApproveOutcome
    | ReturnOutcome
    | Reply
    | SeekExternalAssistance
    | RecordExternalAnswer
    | AskLate
    | DecideLateReply
    | AskToReopen
    | ConfirmExhausted
    | AddNote
    | AskQuestion
    | AnswerQuestions
    | RecordDisclosure
    | AddInformation
    | ConsiderInformation
    | Wake
    | RecordBounce
    | PlaceHold
    | LiftHold
    | AnnounceDeletion
    | BeginDeletion
    | Recount
    | CompleteAction
    | RecordLessons
    | AgreeAspects
    | LogFirstContact
    | AskForWrittenForm
    | SendWrittenForm
    | WaiveWrittenForm
    | RecordConsent
    | FollowUp
    | AddDocument
    | ExportCase
    | PrepareLetter
    | PostLetter
)


def writings(command: Command) -> tuple[Writing, ...]:
    """Everything that a person wrote in this command."""
    values = (getattr(command, one.name) for one in fields(command))
    return tuple(value for value in values if isinstance(value, Writing))
