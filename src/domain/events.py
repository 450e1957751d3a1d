"""The facts that a case is made of, and how they are written down.

An event is immutable, in the past tense, and small: what people wrote is content, kept elsewhere in the case
and referred to by its id, so that an event can outlive nothing that the content does not. `at` is the instant
(UTC) at which it was decided, `by` who did it: the id of a person in the directory, `COMPLAINANT` or `SYSTEM`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

COMPLAINANT = "complainant"
SYSTEM = "system"

NoteKind = Literal["call-reached", "call-not-reached", "meeting-arranged", "meeting-held", "note"]
"""What a note is about: a call, and whether it reached the complainant; a meeting; or anything else."""

Companion = Literal["", "nobody", "friend", "representative"]
"""Who was with the complainant, or is to come along; empty: nobody said."""

Disclosed = Literal["identity", "confidence"]
"""What was passed on: who the complainant is, or something else that was told in confidence."""


DocumentKind = Literal["document", "picture", "recording"]
"""What a file is to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every event carries."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintSubmitted(Fact):
    """The case began. `answers` is the content that holds the filled-in form; aspects are numbered from 1."""

    organisation: str
    procedure_version: int
    form: str
    kind: str
    stage: str
    answers: str
    aspects: int
    course: str
    incident_on: date | None
    late: bool
    """Handed in after the procedure's limit; taken all the same, and shown."""
    known_on: date | None = None
    """The day on which the complainant found out, where that was later than the incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessDecided(Fact):
    """Whether a complaint that came late is considered, at the discretion of the role that the procedure names;
    `reason` is content, and the complainant is told it."""

    stage: str
    accepted: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAcknowledged(Fact):
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerAssigned(Fact):
    """These persons review the stage from now on; those assigned before no longer do."""

    stage: str
    reviewers: tuple[str, ...]
    override: str = ""
    """Content: why somebody with a conflict of interest reviews it all the same; empty where nobody has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvolved(Fact):
    """A person of the directory is involved in the matter: from now on `person` neither reviews nor decides in this
    case, and loses what was assigned. `reason` is content."""

    stage: str
    person: str
    reason: str
    was_reviewer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineReminded(Fact):
    """The reminder number `index` (from 0, in the procedure's order) of a deadline went out."""

    deadline: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineBreached(Fact):
    """The deadline passed unmet. `due_at` is the instant that was missed."""

    deadline: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InterimResponseSent(Fact):
    """The complainant was told what is being done and by when (`respond_by`, the new last day) to expect the answer."""

    stage: str
    respond_by: date
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReported(Fact):
    """The complainant was told how it is going; `message` is content."""

    stage: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The conclusion on one aspect (numbered from 1)."""

    aspect: int
    conclusion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAction:
    """Something that an outcome promises, to be done by the end of `due` by a person or a role of the directory: one
    of the two is given. `id` is `<stage>/action-<number>`; what is to be done is in the outcome's wording."""

    id: str
    due: date
    person: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded(Fact):
    """The reviewer's conclusions. `wording` is the content with the reasons per aspect and the letter's text."""

    stage: str
    findings: tuple[Finding, ...]
    wording: str
    remedies: tuple[str, ...] = ()
    """Ids of the procedure's remedies that the response names; what it says about them is in the wording."""
    actions: tuple[PlannedAction, ...] = ()
    """They begin when the outcome is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeApproved(Fact):
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReturned(Fact):
    """An approver wants it changed; `reason` is content. The reviewer records the outcome anew."""

    stage: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSent(Fact):
    """The outcome is settled and the complainant is told. It counts as the stage's response."""

    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainantSatisfied(Fact):
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainantDissatisfied(Fact):
    """The complainant is not satisfied, and the ladder has no further stage; `reasons` is content or empty."""

    stage: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintEscalated(Fact):
    """The complainant asked for the next stage; `reasons` is content, empty where none were given."""

    stage: str
    to_stage: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLapsed(Fact):
    """The complainant said nothing in the time for a reply."""

    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded(Fact):
    """The case closed: `satisfied`, `lapsed`, `exhausted` or `declined`. It is kept until the end of `keep_until`."""

    stage: str
    how: str
    keep_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalAssistanceSought(Fact):
    """The reviewers asked somebody outside for help; until that has answered, the case stays open. `details` is
    content (whom, and why), `respond_by` the new last day, which the complainant is told."""

    stage: str
    details: str
    respond_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalAnswerRecorded(Fact):
    """The outside help has answered; `answer` is content."""

    stage: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReplyAsked(Fact):
    """After the silence that closed the case the complainant asks for the next stage; `reasons` is content."""

    stage: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReplyDecided(Fact):
    """Whether a late reply is accepted; `reason` is content, and the complainant is told it."""

    stage: str
    accepted: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(Fact):
    """The closed case is open again."""

    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopeningAsked(Fact):
    """The complainant asks to reopen a case that went through the whole procedure; `reasons` is content."""

    stage: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhaustionConfirmed(Fact):
    """The person whom the procedure names tells the complainant that it is exhausted and the matter closed."""

    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Fact):
    """A call, a meeting or something else was put on record; `note` is content."""

    stage: str
    kind: NoteKind
    note: str
    companion: Companion = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Fact):
    """The complainant was asked for something; `question` is content and the question's id."""

    stage: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Fact):
    """The complainant answered. `answer` is content: answers by the ids of the questions that were answered with it."""

    stage: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationDisclosed(Fact):
    """Something was told to somebody who does not handle the case; `disclosure` is content: to whom and why."""

    stage: str
    what: Disclosed
    disclosure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationAdded(Fact):
    """The complainant added something after the complaint was in; `information` is content and its id."""

    stage: str
    information: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationConsidered(Fact):
    """Whether what the complainant added is taken into account; `reason` is content."""

    stage: str
    information: str
    accepted: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Fact):
    """The case must not be destroyed for now; `reason` is content."""

    hold: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Fact):
    hold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionAnnounced(Fact):
    """The data protection contact was told; the case is destroyed at `destroy_at` unless it is held."""

    destroy_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionBegun(Fact):
    """The guard let the case go. From here on it is erased, and nothing else can happen to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBounced(Fact):
    """A notice did not reach `person`; somebody has to try another way."""

    person: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMoved:
    """The first moment that is too late for `deadline`, as it was counted before and as it is counted now."""

    deadline: str
    was: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesRecounted(Fact):
    """What is known of holidays and terms changed, and dates of the case with it."""

    moves: tuple[DateMoved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReminded(Fact):
    """The owner was told that the action is to be done today."""

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOverdue(Fact):
    """The action's day passed, and it is not done. `due_at` is the instant that was missed."""

    action: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone(Fact):
    """What an outcome promised was done; `note` is content or empty."""

    action: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonsRecorded(Fact):
    """What was learned; `lessons` is content, for those who deal with the case."""

    stage: str
    lessons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectsAgreed(Fact):
    """The main points were agreed with the complainant, and take the place of those before; `agreed` is content."""

    stage: str
    aspects: int
    agreed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAdded(Fact):
    """A file was added to the case. `document` is content, with what it is called, and the file's id; `size` is in
    bytes, `sha256` of the file, in hex. `shared`: the complainant can have it."""

    stage: str
    document: str
    kind: DocumentKind
    media_type: str
    size: int
    sha256: str
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExported(Fact):
    """The file of the case was taken out. `whole`: all of it; otherwise the complainant's copy. `export` is content,
    with what it is for, and the export's id."""

    export: str
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPrepared(Fact):
    """A notice to the complainant is to be printed and posted; `letter` names the effect that it was made of."""

    stage: str
    letter: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReminded(Fact):
    """Those who handle the case were told that the letter still waits to be posted."""

    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPosted(Fact):
    """The letter went into the post on the day `on`."""

    letter: str
    on: date


Event = (
    ComplaintSubmitted
    | LatenessDecided
    | ComplaintAcknowledged
    | ReviewerAssigned
    | PersonInvolved
    | DeadlineReminded
    | DeadlineBreached
    | InterimResponseSent
    | ProgressReported
    | OutcomeRecorded
    | OutcomeApproved
    | OutcomeReturned
    | OutcomeSent
    | ComplainantSatisfied
    | ComplainantDissatisfied
    | ComplaintEscalated
    | StageLapsed
    | CaseEnded
    | ExternalAssistanceSought
    | ExternalAnswerRecorded
    | LateReplyAsked
    | LateReplyDecided
    | CaseReopened
    | ReopeningAsked
    | ExhaustionConfirmed
    | NoteAdded
    | QuestionAsked
    | QuestionAnswered
    | InformationDisclosed
    | InformationAdded
    | InformationConsidered
    | HoldPlaced
    | HoldLifted
    | DeletionAnnounced
    | DeletionBegun
    | NoticeBounced
    | DatesRecounted
    | ActionReminded
    | ActionOverdue
    | ActionDone
    | LessonsRecorded
    | AspectsAgreed
    | DocumentAdded
    | CaseExported
    | LetterPrepared
    | LetterReminded
    | LetterPosted
)
"""Every event there is; stored under its class name, which therefore never changes."""
