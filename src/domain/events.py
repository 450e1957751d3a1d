"""The facts that a case is made of, and how they are written down.

An event is immutable, in the past tense, and small: what people wrote is content, kept elsewhere in the case
and referred to by its id, so that an event can outlive nothing that the content does not. `at` is the instant
(UTC) at which it was decided, `by` who did it: the id of a person in the directory, `COMPLAINANT` or `SYSTEM`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from domain.frozen import Frozen
from domain.procedure import Route

COMPLAINANT = "complainant"
SYSTEM = "system"

NoteKind = Literal["call-reached", "call-not-reached", "meeting-arranged", "meeting-held", "note"]
"""What a note is about: a call, and whether it reached the complainant; a meeting; or anything else."""

Companion = Literal["", "nobody", "friend", "representative"]
"""Who was with the complainant, or is to come along; empty: nobody said."""

Disclosed = Literal["identity", "confidence"]
"""What was passed on: who the complainant is, or something else that was told in confidence."""


Content = Literal["yes", "no", "not-asked"]
"""Whether somebody was content with what was done at once."""

DocumentKind = Literal["document", "picture", "recording"]
"""What a file is to people."""


class Fact(Frozen):
    """What every event carries."""

    at: datetime
    by: str


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
    route: Route = "web"
    """How it came; what staff entered for somebody came in another way than by the form."""
    received_at: datetime | None = None
    """When it came, where that was before it was entered."""
    by_letter: bool = False
    """There is no address for mails, so that every notice to the complainant has to go by letter."""
    represented: bool = False
    """Somebody acts for the complainant."""
    settled: bool = False
    """It was settled at once, when it was first raised."""


class LatenessDecided(Fact):
    """Whether a complaint that came late is considered, at the discretion of the role that the procedure names;
    `reason` is content, and the complainant is told it."""

    stage: str
    accepted: bool
    reason: str


class ComplaintAcknowledged(Fact):
    stage: str


class ReviewerAssigned(Fact):
    """These persons review the stage from now on; those assigned before no longer do."""

    stage: str
    reviewers: tuple[str, ...]
    override: str = ""
    """Content: why somebody with a conflict of interest reviews it all the same; empty where nobody has one."""


class PersonInvolved(Fact):
    """A person of the directory is involved in the matter: from now on `person` neither reviews nor decides in this
    case, and loses what was assigned. `reason` is content."""

    stage: str
    person: str
    reason: str
    was_reviewer: bool = False


class DeadlineReminded(Fact):
    """The reminder number `index` (from 0, in the procedure's order) of a deadline went out."""

    deadline: str
    index: int


class DeadlineBreached(Fact):
    """The deadline passed unmet. `due_at` is the instant that was missed."""

    deadline: str
    due_at: datetime


class InterimResponseSent(Fact):
    """The complainant was told what is being done and by when (`respond_by`, the new last day) to expect the answer."""

    stage: str
    respond_by: date
    message: str


class ProgressReported(Fact):
    """The complainant was told how it is going; `message` is content."""

    stage: str
    message: str


class Finding(Frozen):
    """The conclusion on one aspect (numbered from 1)."""

    aspect: int
    conclusion: str
    answered_with: int = 0
    """The aspect whose conclusion and reasons stand for this one too; 0: it has its own."""


class PlannedAction(Frozen):
    """Something that an outcome promises, to be done by the end of `due` by a person or a role of the directory: one
    of the two is given. `id` is `<stage>/action-<number>`; what is to be done is in the outcome's wording."""

    id: str
    due: date
    person: str = ""
    role: str = ""


class OutcomeRecorded(Fact):
    """The reviewer's conclusions. `wording` is the content with the reasons per aspect and the letter's text."""

    stage: str
    findings: tuple[Finding, ...]
    wording: str
    remedies: tuple[str, ...] = ()
    """Ids of the procedure's remedies that the response names; what it says about them is in the wording."""
    actions: tuple[PlannedAction, ...] = ()
    """They begin when the outcome is sent."""


class OutcomeApproved(Fact):
    stage: str


class OutcomeReturned(Fact):
    """An approver wants it changed; `reason` is content. The reviewer records the outcome anew."""

    stage: str
    reason: str


class OutcomeSent(Fact):
    """The outcome is settled and the complainant is told. It counts as the stage's response."""

    stage: str


class ComplainantSatisfied(Fact):
    stage: str


class ComplainantDissatisfied(Fact):
    """The complainant is not satisfied, and the ladder has no further stage; `reasons` is content or empty."""

    stage: str
    reasons: str


class ComplaintEscalated(Fact):
    """The complainant asked for the next stage; `reasons` is content, empty where none were given."""

    stage: str
    to_stage: str
    reasons: str
    aspects: tuple[int, ...] = ()
    """Those that go on, where it is not all of the case's."""


class StageLapsed(Fact):
    """The complainant said nothing in the time for a reply."""

    stage: str


class CaseEnded(Fact):
    """The case closed: `satisfied`, `lapsed`, `exhausted`, `declined`, `settled` (at once), `unwritten` (the form
    never came) or `logged` (a suggestion or a compliment). It is kept until the end of `keep_until`."""

    stage: str
    how: str
    keep_until: date


class ExternalAssistanceSought(Fact):
    """The reviewers asked somebody outside for help; until that has answered, the case stays open. `details` is
    content (whom, and why), `respond_by` the new last day, which the complainant is told."""

    stage: str
    details: str
    respond_by: date


class ExternalAnswerRecorded(Fact):
    """The outside help has answered; `answer` is content."""

    stage: str
    answer: str


class LateReplyAsked(Fact):
    """After the silence that closed the case the complainant asks for the next stage; `reasons` is content."""

    stage: str
    reasons: str


class LateReplyDecided(Fact):
    """Whether a late reply is accepted; `reason` is content, and the complainant is told it."""

    stage: str
    accepted: bool
    reason: str


class CaseReopened(Fact):
    """The closed case is open again."""

    stage: str


class ReopeningAsked(Fact):
    """The complainant asks to reopen a case that went through the whole procedure; `reasons` is content."""

    stage: str
    reasons: str


class ExhaustionConfirmed(Fact):
    """The person whom the procedure names tells the complainant that it is exhausted and the matter closed."""

    stage: str


class NoteAdded(Fact):
    """A call, a meeting or something else was put on record; `note` is content."""

    stage: str
    kind: NoteKind
    note: str
    companion: Companion = ""


class QuestionAsked(Fact):
    """The complainant was asked for something; `question` is content and the question's id."""

    stage: str
    question: str


class QuestionAnswered(Fact):
    """The complainant answered. `answer` is content: answers by the ids of the questions that were answered with it."""

    stage: str
    question: str
    answer: str


class InformationDisclosed(Fact):
    """Something was told to somebody who does not handle the case; `disclosure` is content: to whom and why."""

    stage: str
    what: Disclosed
    disclosure: str


class InformationAdded(Fact):
    """The complainant added something after the complaint was in; `information` is content and its id."""

    stage: str
    information: str


class InformationConsidered(Fact):
    """Whether what the complainant added is taken into account; `reason` is content."""

    stage: str
    information: str
    accepted: bool
    reason: str


class HoldPlaced(Fact):
    """The case must not be destroyed for now; `reason` is content."""

    hold: str
    reason: str


class HoldLifted(Fact):
    hold: str


class DeletionAnnounced(Fact):
    """The data protection contact was told; the case is destroyed at `destroy_at` unless it is held."""

    destroy_at: datetime


class DeletionBegun(Fact):
    """The guard let the case go. From here on it is erased, and nothing else can happen to it."""


class NoticeBounced(Fact):
    """A notice did not reach `person`; somebody has to try another way."""

    person: str
    notice: str


class DateMoved(Frozen):
    """The first moment that is too late for `deadline`, as it was counted before and as it is counted now."""

    deadline: str
    was: datetime
    now: datetime


class DatesRecounted(Fact):
    """What is known of holidays and terms changed, and dates of the case with it."""

    moves: tuple[DateMoved, ...]


class ActionReminded(Fact):
    """The owner was told that the action is to be done today."""

    action: str


class ActionOverdue(Fact):
    """The action's day passed, and it is not done. `due_at` is the instant that was missed."""

    action: str
    due_at: datetime


class ActionDone(Fact):
    """What an outcome promised was done; `note` is content or empty."""

    action: str
    note: str = ""


class LessonsRecorded(Fact):
    """What was learned; `lessons` is content, for those who deal with the case."""

    stage: str
    lessons: str


class AspectsAgreed(Fact):
    """The main points were agreed with the complainant, and take the place of those before; `agreed` is content."""

    stage: str
    aspects: int
    agreed: str


class FirstContactLogged(Fact):
    """What was said and done when it was first raised; `log` is content. `settled`: nothing is left to do."""

    stage: str
    log: str
    content: Content
    settled: bool


class WrittenFormAsked(Fact):
    """The case waits until the complainant has filled in the form; `reason` is content, empty where the procedure
    asks for it of itself."""

    stage: str
    reason: str = ""


class WrittenFormReminded(Fact):
    """The form has not come; complainant and staff were reminded. `last`: the complainant is not reminded again."""

    stage: str
    last: bool


class WrittenFormReceived(Fact):
    """The complaint is there in writing. `answers` is the content that takes the place of what was written down
    before; `received_at` is when it came, where that was before it was entered."""

    stage: str
    answers: str
    aspects: int
    course: str
    incident_on: date | None
    known_on: date | None
    represented: bool
    received_at: datetime | None = None


class WrittenFormWaived(Fact):
    """Whether the case goes on without the form, or ends; `reason` is content, and the complainant is told it."""

    stage: str
    goes_on: bool
    reason: str


class ConsentRecorded(Fact):
    """The complainant consents to somebody acting for them; `consent` is content: how it was given."""

    stage: str
    consent: str


class FollowedUp(Fact):
    """What came of a suggestion or a compliment; `note` is content."""

    note: str


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


class CaseExported(Fact):
    """The file of the case was taken out. `whole`: all of it; otherwise the complainant's copy. `export` is content,
    with what it is for, and the export's id."""

    export: str
    whole: bool


class LetterPrepared(Fact):
    """A notice to the complainant is to be printed and posted; `letter` names the effect that it was made of."""

    stage: str
    letter: str
    notice: str


class LetterReminded(Fact):
    """Those who handle the case were told that the letter still waits to be posted."""

    letter: str


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
    | FirstContactLogged
    | WrittenFormAsked
    | WrittenFormReminded
    | WrittenFormReceived
    | WrittenFormWaived
    | ConsentRecorded
    | FollowedUp
    | DocumentAdded
    | CaseExported
    | LetterPrepared
    | LetterReminded
    | LetterPosted
)
"""Every event there is; stored under its class name, which therefore never changes."""
