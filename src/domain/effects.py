"""What the world has to do after events: tell people, and set alarms.

An effect is stored with the events that it follows from and delivered afterwards, at least once. It names
persons by id and holds nothing that anybody wrote.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never, get_args

from domain.calendars import Calendar
from domain.case import Case, evolve
from domain.deadlines import wakes
from domain.events import (
    COMPLAINANT,
    SYSTEM,
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
    DatesRecounted,
    DeadlineBreached,
    DeadlineReminded,
    DeletionAnnounced,
    DeletionBegun,
    DocumentAdded,
    Event,
    ExhaustionConfirmed,
    ExternalAnswerRecorded,
    ExternalAssistanceSought,
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
    NoticeBounced,
    OutcomeApproved,
    OutcomeRecorded,
    OutcomeReturned,
    OutcomeSent,
    PersonInvolved,
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
from domain.life.actions import owners
from domain.life.assignment import assign_without_choice
from domain.life.feedback import passed_to
from domain.life.standing import (
    approvers,
    assigners,
    deciders,
    decides_lateness,
    in_line,
    those_there,
    those_who_handle,
)
from domain.life.written_form import rule_of
from domain.notices import Notice
from domain.procedure import LOGGED, DecisionName, Procedure


class Tell(Frozen):
    """Send `notice` to `person` (a directory id, or the complainant) about `stage`; `what` is the name of the event
    or of the deadline that it is about."""

    person: str
    notice: Notice
    stage: str
    what: str
    content: str = ""
    """The id of what was written and is told with it; empty: the notice finds its words by itself."""


class SetAlarm(Frozen):
    """Wake the case at `at` for `deadline` (`<stage>/<deadline>`), as it was due at the case's `version`."""

    deadline: str
    at: datetime
    version: int


Effect = Tell | SetAlarm


class Consequence(Frozen):
    """An effect, and the number of the event (from 1, in the case) that it follows from."""

    event: int
    effect: Effect


def consequences(
    before: Case | None,
    events: tuple[Event, ...],
    *,
    ref: str,
    procedure: Procedure,
    calendar: Calendar,
) -> tuple[Consequence, ...]:
    """Everything that follows from `events`, which were decided on `before`. A notice that one decision would send
    to the same person twice goes once, and one that says nothing beside another not at all; of two dates or actions
    each has its own."""
    case = before
    told: dict[tuple[str, str, str], tuple[int, Tell]] = {}
    for event in events:
        case = evolve(case, event, ref=ref)
        for tell in _tells(case, event, procedure):
            notice = (tell.person, tell.notice, tell.what if "/" in tell.what else "")
            told.setdefault(notice, (case.version, tell))
    if case is None:
        return ()
    tells = [tell for _, tell in told.values()]
    found = [
        Consequence(event=number, effect=tell)
        for number, tell in told.values()
        if not any(other.person == tell.person and _says_as_much(other, tell) for other in tells)
    ]
    known = set() if before is None else set(wakes(before, procedure, calendar))
    if any(isinstance(event, DatesRecounted) for event in events):
        # The alarms that are set are those of the former calendar.
        known = set()
    found.extend(
        Consequence(
            event=case.version, effect=SetAlarm(deadline=wake.deadline, at=wake.at, version=case.version)
        )
        for wake in wakes(case, procedure, calendar)
        if wake not in known
    )
    return tuple(found)


def _says_as_much(one: Tell, other: Tell) -> bool:
    """Whether a notice says what another of the same decision would."""
    match one.notice, other.notice, other.what:
        case "assignment", "new-case", _:
            return True
        case "assignment", "case-news", "ComplaintSubmitted" | "ComplaintEscalated":
            return True
        case "action", "case-news", "OutcomeSent":
            return one.what == other.what
        case "acknowledgement", "escalation", _:
            return True
        case _:
            return False


def responsible(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """The persons whose move it is on the current stage, other than the complainant. Where none of them is there,
    those too who can name somebody else."""
    if approvers(case, procedure):
        return _asked_to_approve(case, procedure)
    found = [procedure.person(one) for one in case.current.reviewers]
    reviewers = tuple(person for person in found if person is not None)
    if any(not person.is_away for person in reviewers):
        return tuple(person.id for person in reviewers)
    named = (person.id for person in reviewers)
    return tuple(dict.fromkeys((*named, *_in_line(assigners(case, procedure), procedure))))


def _asked_to_approve(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Those who can approve and are there, as long as they are enough."""
    approval = procedure.stage(case.current.stage).approval
    waiting = approvers(case, procedure)
    by_role = approval is not None and approval.by == "role"
    needed = (
        approval.count - len(case.current.approved_by) if approval is not None and by_role else len(waiting)
    )
    return tuple(person.id for person in those_there(waiting, needed=needed))


def _whose_move(deadline: str, case: Case, procedure: Procedure) -> tuple[str, ...]:
    """Who has to do what is due: of a decision those who can take it, of anything else those responsible."""
    what = deadline.rpartition("/")[2]
    if what in get_args(DecisionName):
        return deciders(what, case, procedure)
    return responsible(case, procedure)


def _tells(case: Case, event: Event, procedure: Procedure) -> tuple[Tell, ...]:
    stage = case.current.stage
    what = type(event).__name__

    def tell(notice: Notice, *persons: str, about: str = what) -> tuple[Tell, ...]:
        return tuple(
            Tell(person=person, notice=notice, stage=stage, what=about) for person in dict.fromkeys(persons)
        )

    informed = _holders(procedure.informed, procedure)
    coordinators = _in_line((procedure.coordinator,), procedure)
    # Who can hold a case gets a link to it when it closes, and can have it renewed as long as the case is kept.
    keepers = _holders((procedure.retention.told,), procedure)
    archivists = _holders((procedure.records.role,), procedure) if procedure.records is not None else ()
    done = tell("done", event.by) if event.by not in (SYSTEM, COMPLAINANT) else ()
    match event:
        case ComplaintSubmitted() if event.kind in LOGGED:
            concerned = _in_line_of(passed_to(case, procedure), procedure=procedure)
            # A compliment is a pleasure to all who are in charge; whoever it is passed on to deals with it.
            return (*tell("thanks", COMPLAINANT), *tell("feedback", *concerned), *done)
        case ComplaintSubmitted() if event.settled:
            return done
        case ComplaintSubmitted():
            acknowledged_at_once = procedure.stage(stage).acknowledgement == "automatic"
            receipt = () if acknowledged_at_once else tell("receipt", COMPLAINANT)
            news = (person for person in informed if person not in coordinators)
            return (
                *receipt,
                *tell("new-case", *coordinators),
                *(one for one in done if one.person not in coordinators),
                *tell("case-news", *news),
                *tell(
                    "decision-request", *_in_line_of(decides_lateness(case, procedure), procedure=procedure)
                ),
            )
        case LatenessDecided():
            # A case that ends with it is told of as ended.
            concerned = (*case.current.reviewers, *coordinators) if event.accepted else ()
            news = (person for person in concerned if person != event.by)
            return (*tell("decision", COMPLAINANT), *tell("case-news", *news), *done)
        case ComplaintAcknowledged():
            return (*tell("acknowledgement", COMPLAINANT), *done)
        case ReviewerAssigned():
            return (*tell("assignment", *event.reviewers), *done)
        case PersonInvolved():
            gone = tell("case-news", event.person) if event.was_reviewer and event.person != event.by else ()
            if not event.was_reviewer or assign_without_choice(case, procedure=procedure, now=event.at):
                return (*gone, *done)
            override = procedure.stage(stage).review.conflict_override
            able = (
                person
                for person in _in_line((*assigners(case, procedure), override), procedure)
                if person not in case.involved
            )
            return (*gone, *tell("reassign", *able), *done)
        case DeadlineReminded():
            if event.deadline.endswith("/reply"):
                return tell("reply-reminder", COMPLAINANT, about=event.deadline)
            return tell("reminder", *_whose_move(event.deadline, case, procedure), about=event.deadline)
        case DeadlineBreached():
            over = _holders((procedure.escalates_to,), procedure)
            return tell("breach", *_whose_move(event.deadline, case, procedure), *over, about=event.deadline)
        case InterimResponseSent():
            return (*tell("interim-response", COMPLAINANT), *done)
        case ProgressReported():
            return (*tell("progress", COMPLAINANT), *done)
        case OutcomeRecorded():
            return (*tell("approval-request", *_asked_to_approve(case, procedure)), *done)
        case OutcomeApproved():
            return done
        case OutcomeReturned():
            return (*tell("outcome-returned", *case.current.reviewers), *done)
        case OutcomeSent():
            news = (person for person in (*case.current.reviewers, *informed) if person != event.by)
            promised = _owners(case, procedure, [action.id for action in case.current.actions])
            return (
                *tell("outcome", COMPLAINANT),
                *tell("action", *promised),
                *tell("case-news", *news),
                *done,
            )
        case ComplaintEscalated():
            asked = _in_line(assigners(case, procedure), procedure)
            news = (person for person in informed if person not in asked)
            return (
                *tell("escalation", COMPLAINANT),
                *tell("new-case", *asked),
                *tell("case-news", *news),
                *done,
            )
        case ComplainantSatisfied() | ComplainantDissatisfied():
            return done
        case StageLapsed():
            return ()
        case CaseEnded():
            # Whom the decision itself told why, how and until when need not hear it twice.
            told = () if event.how in ("declined", "unwritten", "logged") else tell("closure", COMPLAINANT)
            if event.how == "logged":
                # Whom it was passed on to was told, and those who keep it are when its time is over.
                return ()
            # Who is informed hears of each case and each outcome: of an end only where no outcome went before it. Who
            # answers for the records has a link from one of these mails.
            unheard = informed if case.current.responded_at is None else ()
            records = (one for one in archivists if one not in informed)
            concerned = (*case.current.reviewers, *coordinators, *unheard, *keepers, *records)
            return (*told, *tell("case-news", *concerned))
        case ExternalAssistanceSought():
            return (*tell("external-assistance", COMPLAINANT), *tell("case-news", *coordinators), *done)
        case ExternalAnswerRecorded():
            news = (one for one in (*case.current.reviewers, *coordinators) if one != event.by)
            return (*tell("case-news", *news), *done)
        case LateReplyAsked():
            role = procedure.late_reply.role if procedure.late_reply is not None else ""
            return tell("decision-request", *_in_line_of(role, procedure=procedure))
        case LateReplyDecided():
            return (*(() if event.accepted else tell("decision", COMPLAINANT)), *done)
        case CaseReopened():
            return ()
        case ReopeningAsked():
            writers = procedure.exhausted.letter_from if procedure.exhausted is not None else ()
            return tell("decision-request", *_in_line_of(*writers, procedure=procedure))
        case ExhaustionConfirmed():
            return (*tell("decision", COMPLAINANT), *tell("case-news", *coordinators), *done)
        case NoteAdded() if event.kind == "meeting-arranged":
            return (*_with_content(tell("meeting", COMPLAINANT), event.note), *done)
        case NoteAdded():
            # Who took a call for the reviewer passes it on by noting it.
            others = () if event.by in case.current.reviewers else case.current.reviewers
            return (*done, *tell("case-news", *others))
        case QuestionAsked():
            return (*_with_content(tell("question", COMPLAINANT), event.question), *done)
        case QuestionAnswered() | InformationAdded():
            return tell("case-news", *_handling(case, procedure))
        case InformationDisclosed():
            if procedure.disclosure is None or not procedure.disclosure.tells_complainant:
                return done
            return (*_with_content(tell("disclosure", COMPLAINANT), event.disclosure), *done)
        case InformationConsidered():
            considered = tell("information-considered", COMPLAINANT)
            return (*_with_content(considered, event.information), *done)
        case HoldPlaced() | HoldLifted():
            return (*done, *tell("done", *keepers))
        case DeletionAnnounced():
            return tell("deletion-notice", *keepers)
        case DeletionBegun():
            return ()
        case NoticeBounced():
            return tell("case-news", *coordinators)
        case DatesRecounted():
            return tell("dates-recounted", COMPLAINANT, *responsible(case, procedure))
        case ActionReminded():
            return tell("action", *_owners(case, procedure, [event.action]), about=event.action)
        case ActionOverdue():
            late = _owners(case, procedure, [event.action])
            return tell("action-overdue", *coordinators, *late, about=event.action)
        case AspectsAgreed():
            return (*tell("aspects-agreed", COMPLAINANT), *done)
        case LessonsRecorded():
            return done
        case ActionDone():
            return (*done, *tell("case-news", *(one for one in coordinators if one != event.by)))
        case FirstContactLogged():
            return done
        case WrittenFormAsked():
            asked_for = tell("written-form", COMPLAINANT)
            return (*_with_content(asked_for, event.reason), *(() if not event.reason else done))
        case WrittenFormReminded():
            rule = rule_of(case, procedure)
            still = rule is not None and case.form_reminders <= rule.reminders
            told = tell("written-form", COMPLAINANT) if still else ()
            return (*told, *tell("case-news", *_handling(case, procedure), *coordinators))
        case WrittenFormReceived():
            here = (one for one in (*case.current.reviewers, *coordinators) if one != event.by)
            return (*tell("written-form", COMPLAINANT), *tell("case-news", *here), *done)
        case WrittenFormWaived():
            news = (one for one in (*case.current.reviewers, *coordinators) if one != event.by)
            return (
                *_with_content(tell("decision", COMPLAINANT), event.reason),
                *(tell("case-news", *news) if event.goes_on else ()),
                *done,
            )
        case ConsentRecorded():
            return (*done, *tell("case-news", *(one for one in case.current.reviewers if one != event.by)))
        case DocumentAdded() if event.by == COMPLAINANT:
            # What comes late is told of as that, for somebody has to decide on it.
            is_late = procedure.stage(stage).late_information is not None
            if is_late and case.current.responded_at is None:
                return ()
            return tell("case-news", *_handling(case, procedure))
        case DocumentAdded():
            shared = _with_content(tell("document", COMPLAINANT), event.document) if event.shared else ()
            concerned = _handling(case, procedure)
            return (*shared, *tell("case-news", *(one for one in concerned if one != event.by)), *done)
        case CaseExported():
            return done
        case LetterPrepared() | LetterReminded():
            return tell("letter", *_handling(case, procedure))
        case FollowedUp() | LetterPosted():
            return done
        case _:
            assert_never(event)


def _with_content(tells: tuple[Tell, ...], content: str) -> tuple[Tell, ...]:
    """The same notices, each of which tells what stands in `content`."""
    return tuple(replace(tell, content=content) for tell in tells)


def _handling(case: Case, procedure: Procedure) -> tuple[str, ...]:
    return tuple(person.id for person in those_who_handle(case, procedure))


def _owners(case: Case, procedure: Procedure, actions: list[str]) -> tuple[str, ...]:
    """Those whose move it is in these actions, as long as they are not done."""
    return tuple(
        person
        for action in case.actions
        if action.id in actions and action.done_at is None
        for person in owners(action, procedure)
    )


def _holders(roles: tuple[str, ...], procedure: Procedure) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person.id for role in roles for person in procedure.holders(role)))


def _in_line(roles: tuple[str, ...], procedure: Procedure) -> tuple[str, ...]:
    """As `_holders`, without those who are away as long as somebody is there."""
    return tuple(person.id for person in in_line(tuple(role for role in roles if role), procedure))


def _in_line_of(*roles: str, procedure: Procedure) -> tuple[str, ...]:
    """For what only these roles can decide: those of them who are there, or else all of them."""
    holders = tuple(dict.fromkeys(one for role in roles if role for one in procedure.holders(role)))
    return tuple(person.id for person in those_there(holders))
