"""What happened to a case, for those who work on it: each event with the words that belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.case import Case
from domain.events import (
    COMPLAINANT,
    SYSTEM,
    ActionDone,
    AspectsAgreed,
    CaseExported,
    ComplainantDissatisfied,
    ComplaintEscalated,
    ComplaintSubmitted,
    ConsentRecorded,
    DocumentAdded,
    Event,
    ExternalAnswerRecorded,
    ExternalAssistanceSought,
    FirstContactLogged,
    FollowedUp,
    HoldPlaced,
    InformationAdded,
    InformationConsidered,
    InformationDisclosed,
    InterimResponseSent,
    LatenessDecided,
    LateReplyAsked,
    LateReplyDecided,
    LessonsRecorded,
    NoteAdded,
    OutcomeReturned,
    PersonInvolved,
    ProgressReported,
    QuestionAnswered,
    QuestionAsked,
    ReopeningAsked,
    ReviewerAssigned,
    WrittenFormAsked,
    WrittenFormReceived,
    WrittenFormWaived,
)
from handlers.links.situation import Situation, names_in

Contents = Mapping[str, Mapping[str, Any]]


def content_ids(case: Case, facts: Sequence[Event]) -> Iterator[str]:
    """The contents with what people wrote, as far as it is shown in the case or its history."""
    yield case.answers
    yield case.agreed
    for record in case.stages:
        yield record.wording
        yield record.agreed
    for fact in facts:
        match fact:
            case InterimResponseSent() | ProgressReported():
                yield fact.message
            case OutcomeReturned() | LatenessDecided() | PersonInvolved():
                yield fact.reason
            case LateReplyDecided():
                yield fact.reason
            case LateReplyAsked() | ReopeningAsked():
                yield fact.reasons
            case ExternalAssistanceSought():
                yield fact.details
            case ExternalAnswerRecorded():
                yield fact.answer
            case ReviewerAssigned():
                yield fact.override
            case ComplaintEscalated() | ComplainantDissatisfied():
                yield fact.reasons
            case NoteAdded():
                yield fact.note
            case QuestionAsked():
                yield fact.question
            case QuestionAnswered():
                yield fact.answer
            case InformationDisclosed():
                yield fact.disclosure
            case InformationAdded():
                yield fact.information
            case InformationConsidered():
                yield fact.reason
            case ActionDone() | FollowedUp():
                yield fact.note
            case FirstContactLogged():
                yield fact.log
            case ComplaintSubmitted():
                yield fact.answers
            case WrittenFormAsked() | WrittenFormWaived():
                yield fact.reason
            case WrittenFormReceived():
                yield fact.answers
            case ConsentRecorded():
                yield fact.consent
            case AspectsAgreed():
                yield fact.agreed
            case LessonsRecorded():
                yield fact.lessons
            case DocumentAdded():
                yield fact.document
            case CaseExported():
                yield fact.export
            case _:
                continue


def told(fact: Event, situation: Situation, contents: Contents) -> dict[str, Any]:
    """One entry of the history: the template has a sentence for each kind of event."""
    said = ""
    match fact:
        case InterimResponseSent() | ProgressReported():
            said = contents.get(fact.message, {}).get("message", "")
        case LateReplyDecided():
            said = contents.get(fact.reason, {}).get("reason", "")
        case LateReplyAsked() | ReopeningAsked():
            said = contents.get(fact.reasons, {}).get("reasons", "")
        case ExternalAssistanceSought():
            details = contents.get(fact.details, {})
            said = "\n".join(str(details[one]) for one in ("whom", "why") if details.get(one))
        case ExternalAnswerRecorded():
            said = contents.get(fact.answer, {}).get("answer", "")
        case ReviewerAssigned():
            said = contents.get(fact.override, {}).get("reason", "")
        case OutcomeReturned() | LatenessDecided() | PersonInvolved():
            said = contents.get(fact.reason, {}).get("reason", "")
        case ComplaintEscalated() | ComplainantDissatisfied():
            said = contents.get(fact.reasons, {}).get("reasons", "")
        case NoteAdded():
            words = contents.get(fact.note, {})
            said = "\n".join(words[name] for name in ("when", "text") if words.get(name))
        case QuestionAsked():
            said = contents.get(fact.question, {}).get("question", "")
        case QuestionAnswered():
            said = contents.get(fact.answer, {}).get(fact.question, "")
        case InformationDisclosed():
            words = contents.get(fact.disclosure, {})
            said = "\n".join(words[name] for name in ("to", "reason") if words.get(name))
        case InformationAdded():
            said = contents.get(fact.information, {}).get("information", "")
        case InformationConsidered():
            said = contents.get(fact.reason, {}).get("reason", "")
        case AspectsAgreed():
            points = contents.get(fact.agreed, {}).get("aspects", ())
            said = "\n".join(f"{number}. {text}" for number, text in enumerate(points, start=1))
        case LessonsRecorded():
            said = contents.get(fact.lessons, {}).get("lessons", "")
        case DocumentAdded():
            said = contents.get(fact.document, {}).get("name", "")
        case CaseExported():
            said = contents.get(fact.export, {}).get("reason", "")
        case ActionDone() | FollowedUp():
            said = contents.get(fact.note, {}).get("note", "")
        case ComplaintSubmitted() if fact.answers != situation.case.answers:
            # What was taken down before the form came.
            said = contents.get(fact.answers, {}).get("account", "")
        case FirstContactLogged():
            said = contents.get(fact.log, {}).get("done", "")
        case WrittenFormAsked() | WrittenFormWaived():
            said = contents.get(fact.reason, {}).get("reason", "")
        case ConsentRecorded():
            said = contents.get(fact.consent, {}).get("consent", "")
        case HoldPlaced():
            # Why a case is kept is between those who keep it.
            said = ""
        case _:
            pass
    who = "" if fact.by in (COMPLAINANT, SYSTEM) else names_in(situation.procedure)[fact.by]
    return {
        "fact": fact,
        "kind": type(fact).__name__,
        "who": who,
        "said": said,
        "lapsed": isinstance(fact, QuestionAsked) and _has_lapsed(fact, situation.case),
    }


def _has_lapsed(asked: QuestionAsked, case: Case) -> bool:
    """Whether the stage ended before the complainant answered."""
    return any(
        question.id == asked.question and not question.answer and question not in record.unanswered
        for record in case.stages
        for question in record.questions
    )
