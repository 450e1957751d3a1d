"""The one way in: a command becomes events, or is refused with a named error."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from domain.calendars import Calendar
from domain.case import Case
from domain.commands import (
    Acknowledge,
    AddDocument,
    AddInformation,
    AddNote,
    AgreeAspects,
    AnnounceDeletion,
    AnswerQuestions,
    ApproveOutcome,
    AskForWrittenForm,
    AskLate,
    AskQuestion,
    AskToReopen,
    AssignReviewers,
    BeginDeletion,
    Command,
    CompleteAction,
    ConfirmExhausted,
    ConsiderInformation,
    DecideLateness,
    DecideLateReply,
    DeclareInvolvement,
    ExportCase,
    FollowUp,
    LiftHold,
    LogFirstContact,
    PlaceHold,
    PostLetter,
    PrepareLetter,
    RecordBounce,
    RecordConsent,
    RecordDisclosure,
    RecordExternalAnswer,
    RecordLessons,
    RecordOutcome,
    Recount,
    Reply,
    ReportProgress,
    ReturnOutcome,
    SeekExternalAssistance,
    SendInterimResponse,
    SendWrittenForm,
    SubmitComplaint,
    WaiveWrittenForm,
    Wake,
)
from domain.errors import AlreadyDone, CaseClosed, UnknownCase
from domain.events import SYSTEM, Event, NoticeBounced
from domain.life.acknowledgement import acknowledge
from domain.life.actions import complete_action
from domain.life.aspects import agree_aspects
from domain.life.assignment import assign_reviewers
from domain.life.conflict import declare_involvement
from domain.life.consent import record_consent
from domain.life.disclosure import record_disclosure
from domain.life.external import record_external_answer, seek_external_assistance
from domain.life.feedback import follow_up
from domain.life.first_contact import log_first_contact
from domain.life.information import add_information, consider_information
from domain.life.intake import submit_complaint
from domain.life.investigation import send_interim_response
from domain.life.lateness import decide_lateness
from domain.life.lessons import record_lessons
from domain.life.outcome import approve_outcome, record_outcome, return_outcome
from domain.life.progress import report_progress
from domain.life.questions import answer_questions, ask_question
from domain.life.record import add_note
from domain.life.recounting import recount
from domain.life.reopening import ask_late, ask_to_reopen, confirm_exhausted, decide_late_reply
from domain.life.reply import reply
from domain.life.retention import announce_deletion, begin_deletion, lift_hold, place_hold
from domain.life.standing import has_left
from domain.life.waking import wake
from domain.life.written_form import ask_for_form, send_form, waive_form
from domain.procedure import Procedure


def decide(
    case: Case | None,
    command: Command,
    *,
    ref: str,
    procedure: Procedure,
    calendar: Calendar,
    now: datetime,
) -> tuple[Event, ...]:
    """The events that `command` leads to; `case` is None where there is none yet.

    Refused: see `domain.errors`. BeyondHorizon: a date would lie where the calendar knows no holidays.
    An empty answer means that there is nothing to do, which only alarms, bounces and the retention run can meet."""
    if isinstance(command, SubmitComplaint):
        return submit_complaint(case, command, ref=ref, procedure=procedure, calendar=calendar, now=now)
    if case is None:
        raise UnknownCase("There is no such case.")
    if case.erasing and not isinstance(
        command, BeginDeletion | AnnounceDeletion | Wake | RecordBounce | Recount | PrepareLetter
    ):
        raise CaseClosed("This case is being destroyed.")
    events = _decided(case, command, procedure=procedure, calendar=calendar, now=now)
    # What stands against the act itself is said first; what a person who has left was free to do ends here.
    if refusal := has_left(getattr(command, "by", SYSTEM), procedure):
        raise refusal
    return events


def _decided(
    case: Case, command: Command, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    match command:
        case SubmitComplaint():
            raise AlreadyDone("This complaint has been received already.")
        case DecideLateness():
            return decide_lateness(case, command, procedure=procedure, calendar=calendar, now=now)
        case Acknowledge():
            return acknowledge(case, command, procedure=procedure, now=now)
        case AssignReviewers():
            return assign_reviewers(case, command, procedure=procedure, now=now)
        case DeclareInvolvement():
            return declare_involvement(case, command, procedure=procedure, now=now)
        case SendInterimResponse():
            return send_interim_response(case, command, procedure=procedure, calendar=calendar, now=now)
        case ReportProgress():
            return report_progress(case, command, procedure=procedure, now=now)
        case RecordOutcome():
            return record_outcome(case, command, procedure=procedure, calendar=calendar, now=now)
        case ApproveOutcome():
            return approve_outcome(case, command, procedure=procedure, calendar=calendar, now=now)
        case ReturnOutcome():
            return return_outcome(case, command, procedure=procedure, now=now)
        case Reply():
            return reply(case, command, procedure=procedure, calendar=calendar, now=now)
        case SeekExternalAssistance():
            return seek_external_assistance(case, command, procedure=procedure, calendar=calendar, now=now)
        case RecordExternalAnswer():
            return record_external_answer(case, command, now=now)
        case AskLate():
            return ask_late(case, command, procedure=procedure, now=now)
        case DecideLateReply():
            return decide_late_reply(case, command, procedure=procedure, now=now)
        case AskToReopen():
            return ask_to_reopen(case, command, procedure=procedure, now=now)
        case ConfirmExhausted():
            return confirm_exhausted(case, command, procedure=procedure, now=now)
        case AddNote():
            return add_note(case, command, procedure=procedure, now=now)
        case AskQuestion():
            return ask_question(case, command, now=now)
        case AnswerQuestions():
            return answer_questions(case, command, now=now)
        case RecordDisclosure():
            return record_disclosure(case, command, procedure=procedure, now=now)
        case AddInformation():
            return add_information(case, command, procedure=procedure, now=now)
        case ConsiderInformation():
            return consider_information(case, command, now=now)
        case Wake():
            return wake(case, procedure=procedure, calendar=calendar, now=now)
        case RecordBounce():
            if case.erasing or command.person in case.unreachable:
                return ()
            return (NoticeBounced(at=now, by=SYSTEM, person=command.person, notice=command.notice),)
        case PlaceHold():
            return place_hold(case, command, procedure=procedure, now=now)
        case LiftHold():
            return lift_hold(case, command, procedure=procedure, now=now)
        case AnnounceDeletion():
            return announce_deletion(case, procedure=procedure, calendar=calendar, now=now)
        case BeginDeletion():
            return begin_deletion(case, now=now)
        case Recount():
            return recount(case, command, procedure=procedure, calendar=calendar, now=now)
        case AgreeAspects():
            return agree_aspects(case, command, procedure=procedure, now=now)
        case RecordLessons():
            return record_lessons(case, command, procedure=procedure, now=now)
        case AddDocument():
            from domain.life.documents import add_document

            return add_document(case, command, procedure=procedure, now=now)
        case ExportCase():
            from domain.life.copies import export_case

            return export_case(case, command, procedure=procedure, now=now)
        case PrepareLetter():
            from domain.life.letters import prepare_letter

            return prepare_letter(case, command, now=now)
        case PostLetter():
            from domain.life.letters import post_letter

            return post_letter(case, command, procedure=procedure, now=now)
        case CompleteAction():
            return complete_action(case, command, procedure=procedure, now=now)
        case LogFirstContact():
            return log_first_contact(case, command, procedure=procedure, calendar=calendar, now=now)
        case AskForWrittenForm():
            return ask_for_form(case, command, procedure=procedure, now=now)
        case SendWrittenForm():
            return send_form(case, command, procedure=procedure, now=now)
        case WaiveWrittenForm():
            return waive_form(case, command, procedure=procedure, calendar=calendar, now=now)
        case RecordConsent():
            return record_consent(case, command, procedure=procedure, now=now)
        case FollowUp():
            return follow_up(case, command, procedure=procedure, now=now)
        case _:
            assert_never(command)
