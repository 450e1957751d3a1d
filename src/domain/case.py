"""A case, and how events make it.

`evolve` is total over events and never refuses: what is stored has happened. It reads no procedure and no
clock, so that the same events make the same case for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, assert_never

from domain.events import (
    COMPLAINANT,
    ActionDone,
    ActionOverdue,
    ActionReminded,
    AspectsAgreed,
    CaseEnded,
    CaseExported,
    CaseReopened,
    ComplainantDissatisfied,
    ComplainantSatisfied,
    ComplaintAcknowledged,
    ComplaintEscalated,
    ComplaintSubmitted,
    ConsentRecorded,
    DateMoved,
    DatesRecounted,
    DeadlineBreached,
    DeadlineReminded,
    DeletionAnnounced,
    DeletionBegun,
    DocumentAdded,
    DocumentKind,
    Event,
    ExhaustionConfirmed,
    ExternalAnswerRecorded,
    ExternalAssistanceSought,
    Finding,
    FirstContactLogged,
    FollowedUp,
    HoldLifted,
    HoldPlaced,
    InformationAdded,
    InformationConsidered,
    InformationDisclosed,
    InterimResponseSent,
    LatenessDecided,
    LateReplyAsked,
    LateReplyDecided,
    LessonsRecorded,
    LetterPosted,
    LetterPrepared,
    LetterReminded,
    NoteAdded,
    NoteKind,
    NoticeBounced,
    OutcomeApproved,
    OutcomeRecorded,
    OutcomeReturned,
    OutcomeSent,
    PersonInvolved,
    PlannedAction,
    ProgressReported,
    QuestionAnswered,
    QuestionAsked,
    ReopeningAsked,
    ReviewerAssigned,
    StageLapsed,
    WrittenFormAsked,
    WrittenFormReceived,
    WrittenFormReminded,
    WrittenFormWaived,
)
from domain.frozen import Frozen, replace


class Reminded(Frozen):
    """A reminder that went out."""

    deadline: str
    index: int
    at: datetime


class Breach(Frozen):
    """A deadline that passed unmet, and the instant that was missed. It stays on the case for good."""

    deadline: str
    due_at: datetime


class Question(Frozen):
    """What the complainant was asked. `answer` is the content with the answer, empty as long as there is none."""

    id: str
    by: str
    at: datetime
    answer: str = ""
    answered_at: datetime | None = None


class Addition(Frozen):
    """What the complainant added after the complaint was in, and whether it is taken into account."""

    id: str
    at: datetime
    accepted: bool | None = None
    """None: nobody has decided yet."""
    reason: str = ""


class ActionRecord(Frozen):
    """What an outcome that was sent promised, and what became of it; `wording` is the content that says it. It lives
    on after the closure until it is done."""

    id: str
    wording: str
    due: date
    person: str = ""
    role: str = ""
    reminded_at: datetime | None = None
    overdue_at: datetime | None = None
    done_at: datetime | None = None


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


class StageRecord(Frozen):
    """What happened on one stage. A case visits a stage once."""

    stage: str
    requested_at: datetime
    aspects: tuple[int, ...] = ()
    """Those that the complainant took to this stage; empty: all of the case's."""
    acknowledged_at: datetime | None = None
    reviewers: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    """The recorded outcome; empty while there is none, and again after it was returned."""
    wording: str = ""
    remedies: tuple[str, ...] = ()
    """Those that the recorded outcome names."""
    actions: tuple[PlannedAction, ...] = ()
    """Those that the recorded outcome promises."""
    agreed: str = ""
    """The content with the agreed points that the recorded outcome answers; empty: those of the form."""
    recorded_by: str = ""
    approved_by: tuple[str, ...] = ()
    respond_by: date | None = None
    """The last day that an interim response gave, in place of the procedure's."""
    interim: str = ""
    """The content with the newest interim response's message."""
    progress: str = ""
    """The content with the newest progress report's message."""
    progress_at: datetime | None = None
    """When the complainant was last told how it is going, by a progress report or an interim response."""
    responded_at: datetime | None = None
    replied_at: datetime | None = None
    external: Literal["", "open", "answered"] = ""
    """Where help from outside stands that the reviewers asked for."""
    external_details: str = ""
    noted: tuple[NoteKind, ...] = ()
    """What the notes are about, oldest first."""
    questions: tuple[Question, ...] = ()
    additions: tuple[Addition, ...] = ()

    @property
    def awaits_approval(self) -> bool:
        return bool(self.findings) and self.responded_at is None

    @property
    def spoke(self) -> bool:
        """Whether somebody spoke with the complainant."""
        return "meeting-held" in self.noted or "call-reached" in self.noted

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions that the complainant can still answer; with the outcome they lapse."""
        if self.responded_at is not None:
            return ()
        return tuple(question for question in self.questions if not question.answer)

    @property
    def undecided(self) -> tuple[Addition, ...]:
        return tuple(addition for addition in self.additions if addition.accepted is None)


class Case(Frozen):
    """One complaint or concern. `version` is the number of its events. All instants are UTC."""

    ref: str
    version: int
    organisation: str
    procedure_version: int
    form: str
    kind: str
    course: str
    opened_at: datetime
    incident_on: date | None
    late: bool
    answers: str
    aspects: int
    stages: tuple[StageRecord, ...]
    reminded: tuple[Reminded, ...] = ()
    breaches: tuple[Breach, ...] = ()
    unreachable: tuple[str, ...] = ()
    """Persons whom a notice did not reach, and who have not been reached since."""
    closed_at: datetime | None = None
    ended: str = ""
    keep_until: date | None = None
    holds: tuple[str, ...] = ()
    destroy_at: datetime | None = None
    erasing: bool = False
    known_on: date | None = None
    lateness: Literal["", "accepted", "declined"] = ""
    """What was decided about a complaint that came late; empty while nothing is."""
    lateness_reason: str = ""
    involved: tuple[str, ...] = ()
    """Persons who are involved in the matter, and so neither review nor decide."""
    late_reply: Literal["", "asked", "accepted", "declined"] = ""
    """What became of a request for the next stage after the silence that closed the case."""
    late_reply_reasons: str = ""
    """The content with the complainant's reasons."""
    late_reply_reason: str = ""
    """The content with the reason for the decision."""
    reopening: Literal["", "asked", "answered"] = ""
    """What became of an attempt to reopen an exhausted case."""
    reopening_reasons: str = ""
    exhaustion_confirmed_by: str = ""
    moved: tuple[DateMoved, ...] = ()
    """Every date that was counted anew when holidays or terms changed, oldest first."""
    lateness_decided_at: datetime | None = None
    late_reply_at: datetime | None = None
    """When the next stage was asked for after the silence, the last time."""
    late_reply_decided_at: datetime | None = None
    reopening_at: datetime | None = None
    reopening_answered_at: datetime | None = None
    actions: tuple[ActionRecord, ...] = ()
    """What was promised with the outcomes that were sent."""
    lessons: tuple[str, ...] = ()
    """The contents with what was learned."""
    agreed: str = ""
    """The content with the main points as they were agreed; empty: they are as the complainant wrote them."""
    route: str = "web"
    """How it came."""
    by_letter: bool = False
    represented: bool = False
    """Somebody acts for the complainant."""
    consent: str = ""
    """The content that says how the complainant consented to that; empty: it is not on record."""
    contact: str = ""
    """Whether the complainant was content with what was done at once; empty: nothing is logged about it."""
    form_asked_at: datetime | None = None
    """When the case began to wait for the complaint in writing."""
    form_reminded_at: datetime | None = None
    form_reminders: int = 0
    form_here_at: datetime | None = None
    form_waived_at: datetime | None = None
    """When it was decided that it goes on without."""
    followed_up: str = ""
    """The content that says what came of a suggestion or a compliment."""
    documents: tuple[DocumentRecord, ...] = ()
    exports: tuple[ExportRecord, ...] = ()
    letters: tuple[LetterRecord, ...] = ()

    @property
    def waits_for_form(self) -> bool:
        """Whether the complaint is still to be put in writing."""
        return (
            self.is_open
            and self.form_asked_at is not None
            and self.form_here_at is None
            and self.form_waived_at is None
        )

    @property
    def current(self) -> StageRecord:
        """The stage that the case is on, or was on when it closed."""
        return self.stages[-1]

    @property
    def points(self) -> tuple[int, ...]:
        """The numbers of the aspects that the current stage answers."""
        return self.current.aspects or tuple(range(1, self.aspects + 1))

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_asked(self) -> bool:
        """Whether a request of the complainant waits for an answer although the case is closed."""
        return "asked" in (self.late_reply, self.reopening)

    @property
    def counts_from(self) -> date | None:
        """The day from which the time to hand in a complaint counts: the incident, or its becoming known."""
        return max((day for day in (self.incident_on, self.known_on) if day is not None), default=None)

    def involved_before(self, stage: str) -> frozenset[str]:
        """Everybody who reviewed, recorded or approved on a stage other than `stage`."""
        return frozenset(
            person
            for record in self.stages
            if record.stage != stage
            for person in (*record.reviewers, record.recorded_by, *record.approved_by)
            if person
        )


def replay(ref: str, events: Iterable[Event]) -> Case:
    """The case that these events make. ValueError: there are none, or the first does not open a case."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event, ref=ref)
    if case is None:
        raise ValueError("A case begins with an event.")
    return case


def evolve(case: Case | None, event: Event, *, ref: str) -> Case:
    """The case after `event`. ValueError: the event cannot stand first, or a second time."""
    if isinstance(event, ComplaintSubmitted):
        if case is not None:
            raise ValueError("A case is opened once.")
        return _opened(ref, event)
    if case is None:
        raise ValueError(f"A case cannot begin with {type(event).__name__}.")
    return replace(_after(case, event), version=case.version + 1)


def _opened(ref: str, event: ComplaintSubmitted) -> Case:
    came = event.received_at or event.at
    return Case(
        ref=ref,
        version=1,
        organisation=event.organisation,
        procedure_version=event.procedure_version,
        form=event.form,
        kind=event.kind,
        course=event.course,
        opened_at=came,
        incident_on=event.incident_on,
        late=event.late,
        known_on=event.known_on,
        answers=event.answers,
        aspects=event.aspects,
        stages=(StageRecord(stage=event.stage, requested_at=came),),
        route=event.route,
        by_letter=event.by_letter,
        represented=event.represented,
    )


def _after(case: Case, event: Event) -> Case:
    current = case.current
    match event:
        case ComplaintSubmitted():
            raise ValueError("A case is opened once.")
        case LatenessDecided():
            decided: Literal["accepted", "declined"] = "accepted" if event.accepted else "declined"
            return replace(case, lateness=decided, lateness_reason=event.reason, lateness_decided_at=event.at)
        case ComplaintAcknowledged():
            return _with_current(case, replace(current, acknowledged_at=event.at))
        case ReviewerAssigned():
            # An outcome that was not sent was the former reviewers'; the new ones begin their own.
            return _with_current(
                case,
                replace(
                    current,
                    reviewers=event.reviewers,
                    findings=(),
                    wording="",
                    remedies=(),
                    actions=(),
                    recorded_by="",
                    approved_by=(),
                ),
            )
        case PersonInvolved():
            marked = replace(case, involved=tuple(dict.fromkeys((*case.involved, event.person))))
            if event.person not in current.reviewers or current.responded_at is not None:
                left = tuple(one for one in current.approved_by if one != event.person)
                return (
                    marked
                    if current.responded_at
                    else _with_current(marked, replace(current, approved_by=left))
                )
            remaining = tuple(one for one in current.reviewers if one != event.person)
            return _with_current(
                marked,
                replace(
                    current, reviewers=remaining, findings=(), wording="", recorded_by="", approved_by=()
                ),
            )
        case DeadlineReminded():
            sent = Reminded(deadline=event.deadline, index=event.index, at=event.at)
            return replace(case, reminded=(*case.reminded, sent))
        case DeadlineBreached():
            return replace(
                case, breaches=(*case.breaches, Breach(deadline=event.deadline, due_at=event.due_at))
            )
        case InterimResponseSent():
            # The new date is reminded of afresh.
            deadline = f"{event.stage}/respond"
            kept = tuple(sent for sent in case.reminded if sent.deadline != deadline)
            moved = replace(current, respond_by=event.respond_by, interim=event.message, progress_at=event.at)
            return replace(_with_current(case, moved), reminded=kept)
        case ProgressReported():
            return _with_current(case, replace(current, progress=event.message, progress_at=event.at))
        case OutcomeRecorded():
            return _with_current(
                case,
                replace(
                    current,
                    findings=event.findings,
                    wording=event.wording,
                    remedies=event.remedies,
                    actions=event.actions,
                    agreed=case.agreed,
                    recorded_by=event.by,
                    approved_by=(),
                ),
            )
        case OutcomeApproved():
            return _with_current(case, replace(current, approved_by=(*current.approved_by, event.by)))
        case OutcomeReturned():
            return _with_current(case, replace(current, findings=(), approved_by=()))
        case OutcomeSent():
            begun = tuple(_begun(action, wording=current.wording) for action in current.actions)
            sent_case = replace(case, actions=(*case.actions, *begun))
            return _with_current(sent_case, replace(current, responded_at=event.at))
        case ComplainantSatisfied() | ComplainantDissatisfied():
            return _with_current(case, replace(current, replied_at=event.at))
        case ComplaintEscalated():
            replied = _with_current(case, replace(current, replied_at=event.at))
            following = StageRecord(stage=event.to_stage, requested_at=event.at, aspects=event.aspects)
            return replace(replied, stages=(*replied.stages, following))
        case StageLapsed():
            return case
        case CaseEnded():
            return replace(case, closed_at=event.at, ended=event.how, keep_until=event.keep_until)
        case ExternalAssistanceSought():
            sought = replace(
                current, external="open", external_details=event.details, respond_by=event.respond_by
            )
            deadline = f"{event.stage}/respond"
            kept = tuple(sent for sent in case.reminded if sent.deadline != deadline)
            return replace(_with_current(case, sought), reminded=kept)
        case ExternalAnswerRecorded():
            return _with_current(case, replace(current, external="answered"))
        case LateReplyAsked():
            # What was announced no longer holds: a request that waits keeps the case.
            return replace(
                case,
                late_reply="asked",
                late_reply_reasons=event.reasons,
                late_reply_at=event.at,
                late_reply_decided_at=None,
                destroy_at=None,
            )
        case LateReplyDecided():
            became: Literal["accepted", "declined"] = "accepted" if event.accepted else "declined"
            return replace(
                case, late_reply=became, late_reply_reason=event.reason, late_reply_decided_at=event.at
            )
        case CaseReopened():
            # Another silence, on a later stage, can be asked about again.
            return replace(case, closed_at=None, ended="", keep_until=None, destroy_at=None, late_reply="")
        case ReopeningAsked():
            return replace(
                case,
                reopening="asked",
                reopening_reasons=event.reasons,
                reopening_at=event.at,
                destroy_at=None,
            )
        case ExhaustionConfirmed():
            return replace(
                case,
                reopening="answered",
                exhaustion_confirmed_by=event.by,
                reopening_answered_at=event.at,
            )
        case NoteAdded():
            return _with_current(case, replace(current, noted=(*current.noted, event.kind)))
        case QuestionAsked():
            asked = Question(id=event.question, by=event.by, at=event.at)
            return _with_current(case, replace(current, questions=(*current.questions, asked)))
        case QuestionAnswered():
            questions = tuple(
                replace(one, answer=event.answer, answered_at=event.at) if one.id == event.question else one
                for one in current.questions
            )
            return _with_current(case, replace(current, questions=questions))
        case InformationDisclosed():
            return case
        case InformationAdded():
            added = Addition(id=event.information, at=event.at)
            return _with_current(case, replace(current, additions=(*current.additions, added)))
        case InformationConsidered():
            additions = tuple(
                replace(one, accepted=event.accepted, reason=event.reason)
                if one.id == event.information
                else one
                for one in current.additions
            )
            return _with_current(case, replace(current, additions=additions))
        case HoldPlaced():
            # What was announced no longer holds: after the hold it is announced anew.
            return replace(case, holds=(*case.holds, event.hold), destroy_at=None)
        case HoldLifted():
            return replace(case, holds=tuple(hold for hold in case.holds if hold != event.hold))
        case DeletionAnnounced():
            return replace(case, destroy_at=event.destroy_at)
        case DeletionBegun():
            return replace(case, erasing=True)
        case NoticeBounced():
            if event.person in case.unreachable:
                return case
            return replace(case, unreachable=(*case.unreachable, event.person))
        case DatesRecounted():
            return replace(case, moved=(*case.moved, *event.moves))
        case AspectsAgreed():
            # What was agreed now is what this stage is about.
            agreed = _with_current(case, replace(current, aspects=()))
            return replace(agreed, aspects=event.aspects, agreed=event.agreed)
        case FirstContactLogged():
            return replace(case, contact=event.content)
        case WrittenFormAsked():
            return replace(
                case,
                form_asked_at=event.at,
                form_here_at=None,
                form_waived_at=None,
                form_reminded_at=None,
                form_reminders=0,
            )
        case WrittenFormReminded():
            return replace(case, form_reminded_at=event.at, form_reminders=case.form_reminders + 1)
        case WrittenFormReceived():
            return replace(
                case,
                form_here_at=event.received_at or event.at,
                answers=event.answers,
                aspects=event.aspects,
                agreed="",
                course=event.course,
                incident_on=event.incident_on,
                known_on=event.known_on,
                represented=event.represented,
                by_letter=case.by_letter and event.by != COMPLAINANT,
            )
        case WrittenFormWaived():
            return replace(case, form_waived_at=event.at)
        case ConsentRecorded():
            return replace(case, consent=event.consent)
        case FollowedUp():
            return replace(case, followed_up=event.note)
        case LessonsRecorded():
            return replace(case, lessons=(*case.lessons, event.lessons))
        case ActionReminded():
            return _with_action(case, event.action, reminded_at=event.at)
        case ActionOverdue():
            return _with_action(case, event.action, overdue_at=event.at)
        case ActionDone():
            return _with_action(case, event.action, done_at=event.at)
        case DocumentAdded():
            document = DocumentRecord(
                id=event.document,
                by=event.by,
                at=event.at,
                stage=event.stage,
                kind=event.kind,
                media_type=event.media_type,
                size=event.size,
                sha256=event.sha256,
                shared=event.shared,
            )
            return replace(case, documents=(*case.documents, document))
        case CaseExported():
            export = ExportRecord(id=event.export, by=event.by, at=event.at, whole=event.whole)
            return replace(case, exports=(*case.exports, export))
        case LetterPrepared():
            letter = LetterRecord(id=event.letter, notice=event.notice, stage=event.stage, at=event.at)
            return replace(case, letters=(*case.letters, letter))
        case LetterReminded():
            return _with_letter(case, event.letter, reminded_at=event.at)
        case LetterPosted():
            return _with_letter(case, event.letter, posted_on=event.on)
        case _:
            assert_never(event)


def _begun(action: PlannedAction, *, wording: str) -> ActionRecord:
    return ActionRecord(id=action.id, wording=wording, due=action.due, person=action.person, role=action.role)


def _with_action(case: Case, action: str, **happened: Any) -> Case:
    actions = tuple(replace(one, **happened) if one.id == action else one for one in case.actions)
    return replace(case, actions=actions)


def _with_letter(case: Case, letter: str, **happened: Any) -> Case:
    letters = tuple(replace(one, **happened) if one.id == letter else one for one in case.letters)
    return replace(case, letters=letters)


def _with_current(case: Case, record: StageRecord) -> Case:
    return replace(case, stages=(*case.stages[:-1], record))
