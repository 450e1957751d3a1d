"""Which room each act and each stored event lives in: two tables, kept by hand.

Only what is about *all* acts, or reads what was stored, asks here; a decision, an alarm or a form that is sent never
does. A room is imported when one of its acts or events is asked for. A test walks the rooms and holds them against the
tables; names never change, for they are stored with links, in histories and in the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from domain.act import Act, nobody
from domain.case import COMPLAINANT
from domain.errors import Refused
from domain.event import Event
from domain.records import from_record
from domain.rights import has_left
from domain.situation import Situation

ROOM_OF_ACT: dict[str, str] = {
    "confirm-involved": "domain.acts.conflict",
    "lateness": "domain.acts.lateness",
    "acknowledge": "domain.acts.acknowledgement",
    "assign": "domain.acts.assignment",
    "respond": "domain.acts.outcome",
    "interim": "domain.acts.new_date",
    "progress": "domain.acts.progress",
    "approve": "domain.acts.approval",
    "reply": "domain.acts.reply",
    "external": "domain.acts.external",
    "external-answer": "domain.acts.external",
    "ask-late": "domain.acts.late_reply",
    "late-reply": "domain.acts.late_reply",
    "reopen": "domain.acts.reopening",
    "exhausted": "domain.acts.reopening",
    "involve": "domain.acts.conflict",
    "note": "domain.acts.notes",
    "ask": "domain.acts.questions",
    "consider": "domain.acts.information",
    "disclose": "domain.acts.disclosure",
    "answer": "domain.acts.questions",
    "add": "domain.acts.information",
    "hold": "domain.acts.retention",
    "lift": "domain.acts.retention",
    "complete": "domain.acts.actions",
    "lessons": "domain.acts.lessons",
    "aspects": "domain.acts.aspects",
    "contact": "domain.acts.first_contact",
    "ask-form": "domain.acts.written_form",
    "write": "domain.acts.written_form",
    "written": "domain.acts.written_form",
    "without-form": "domain.acts.written_form",
    "consent": "domain.acts.consent",
    "follow-up": "domain.acts.feedback",
    "document": "domain.acts.documents",
    "export": "domain.acts.copies",
    "posted": "domain.acts.letters",
    "enter-reply": "domain.acts.reply",
    "enter-answer": "domain.acts.questions",
    "enter-information": "domain.acts.information",
    "enter-reopen": "domain.acts.reopening",
    "withdraw": "domain.acts.withdrawal",
    "enter-withdrawal": "domain.acts.withdrawal",
    "look-into": "domain.acts.withdrawal",
    "looked-into": "domain.acts.withdrawal",
    "take-up": "domain.acts.taking_up",
    "decline": "domain.acts.scope",
    "change-kind": "domain.acts.kind",
    "link-case": "domain.acts.linking",
    "unlink-case": "domain.acts.linking",
    "duplicate": "domain.acts.linking",
    "correct": "domain.acts.correction",
    "contact-details": "domain.acts.contact_details",
    "send-again": "domain.acts.sending_again",
    "skip": "domain.acts.skipping",
    "completion": "domain.acts.completion",
    "offer-mediation": "domain.acts.mediation",
    "answer-mediation": "domain.acts.mediation",
    "enter-mediation": "domain.acts.mediation",
    "mediation-held": "domain.acts.mediation",
    "tell-involved": "domain.acts.telling_involved",
    "limit-contact": "domain.acts.contact_limits",
    "decide-limit": "domain.acts.contact_limits",
    "review-limit": "domain.acts.contact_limits",
    "read": "domain.acts.reading",
    "confirm-address": "domain.acts.whose_address",
    "whose-address": "domain.acts.whose_address",
}
"""In the order in which pages list them."""

ROOM_OF_EVENT: dict[str, str] = {
    "ComplaintSubmitted": "domain.acts.intake",
    "LatenessDecided": "domain.acts.lateness",
    "ComplaintAcknowledged": "domain.acts.acknowledgement",
    "ReviewerAssigned": "domain.acts.assignment",
    "PersonInvolved": "domain.acts.conflict",
    "InvolvementConfirmed": "domain.acts.conflict",
    "InvolvementReminded": "domain.acts.conflict",
    "DeadlineReminded": "domain.acts.waking",
    "DeadlineBreached": "domain.acts.waking",
    "BreachesChased": "domain.acts.waking",
    "BreachesAdmitted": "domain.acts.waking",
    "InterimResponseSent": "domain.acts.new_date",
    "ProgressReported": "domain.acts.progress",
    "OutcomeRecorded": "domain.acts.outcome",
    "OutcomeApproved": "domain.acts.approval",
    "OutcomeReturned": "domain.acts.approval",
    "OutcomeSent": "domain.acts.outcome",
    "ComplainantSatisfied": "domain.acts.reply",
    "ComplainantDissatisfied": "domain.acts.reply",
    "ComplaintEscalated": "domain.acts.stages",
    "StageLapsed": "domain.acts.closure",
    "CaseEnded": "domain.acts.closure",
    "ExternalAssistanceSought": "domain.acts.external",
    "ExternalAnswerRecorded": "domain.acts.external",
    "LateReplyAsked": "domain.acts.late_reply",
    "LateReplyDecided": "domain.acts.late_reply",
    "CaseReopened": "domain.acts.late_reply",
    "ReopeningAsked": "domain.acts.reopening",
    "ExhaustionConfirmed": "domain.acts.reopening",
    "NoteAdded": "domain.acts.notes",
    "QuestionAsked": "domain.acts.questions",
    "QuestionAnswered": "domain.acts.questions",
    "InformationDisclosed": "domain.acts.disclosure",
    "InformationAdded": "domain.acts.information",
    "InformationConsidered": "domain.acts.information",
    "HoldPlaced": "domain.acts.retention",
    "HoldLifted": "domain.acts.retention",
    "DeletionAnnounced": "domain.acts.retention",
    "DeletionBegun": "domain.acts.retention",
    "NoticeBounced": "domain.acts.bounces",
    "DatesRecounted": "domain.acts.recounting",
    "DatesCounted": "domain.acts.recounting",
    "DatesAwaited": "domain.acts.recounting",
    "ActionReminded": "domain.acts.actions",
    "ActionOverdue": "domain.acts.actions",
    "ActionChased": "domain.acts.actions",
    "ActionDone": "domain.acts.actions",
    "LessonsRecorded": "domain.acts.lessons",
    "AspectsAgreed": "domain.acts.aspects",
    "FirstContactLogged": "domain.acts.first_contact",
    "WrittenFormAsked": "domain.acts.written_form",
    "WrittenFormReminded": "domain.acts.written_form",
    "WrittenFormReceived": "domain.acts.written_form",
    "WrittenFormWaived": "domain.acts.written_form",
    "ConsentRecorded": "domain.acts.consent",
    "FollowedUp": "domain.acts.feedback",
    "DocumentAdded": "domain.acts.documents",
    "CaseExported": "domain.acts.copies",
    "LetterPrepared": "domain.acts.letters",
    "LetterReminded": "domain.acts.letters",
    "LetterPosted": "domain.acts.letters",
    "ContactDetailsCorrected": "domain.acts.contact_details",
    "MessageSentAgain": "domain.acts.sending_again",
    "ComplaintWithdrawn": "domain.acts.withdrawal",
    "StillToBeLookedInto": "domain.acts.withdrawal",
    "LookIntoChased": "domain.acts.withdrawal",
    "LookedInto": "domain.acts.withdrawal",
    "CaseTakenUp": "domain.acts.taking_up",
    "FoundNotCovered": "domain.acts.scope",
    "KindChanged": "domain.acts.kind",
    "RecordCorrected": "domain.acts.correction",
    "StageSkipped": "domain.acts.skipping",
    "CompletionSent": "domain.acts.completion",
    "MediationOffered": "domain.acts.mediation",
    "MediationAnswered": "domain.acts.mediation",
    "MediationEnded": "domain.acts.mediation",
    "InvolvedTold": "domain.acts.telling_involved",
    "ContactLimitProposed": "domain.acts.contact_limits",
    "ContactLimitDecided": "domain.acts.contact_limits",
    "ContactLimitReviewed": "domain.acts.contact_limits",
    "ContactLimitReminded": "domain.acts.contact_limits",
    "CasesLinked": "domain.acts.linking",
    "CasesUnlinked": "domain.acts.linking",
    "DuplicateMarked": "domain.acts.linking",
    "LinkHeard": "domain.acts.linking",
    "CaseRead": "domain.acts.reading",
    "AddressConfirmed": "domain.acts.whose_address",
    "AddressDisowned": "domain.acts.whose_address",
}
"""Every event there is, by the name under which it is stored."""


def names() -> tuple[str, ...]:
    """Return the names of all acts, in the order in which pages list them."""
    return tuple(ROOM_OF_ACT)


@cache
def act(name: str) -> Act:
    """Return the act of this name. KeyError: there is none."""
    acts: tuple[Act, ...] = import_module(ROOM_OF_ACT[name]).ACTS
    return next(act for act in acts if act.name == name)


def room(name: str) -> str:
    """Return the last part of the name of the module that an act or an event lives in. KeyError: there is none."""
    return (ROOM_OF_ACT.get(name) or ROOM_OF_EVENT[name]).rpartition(".")[2]


def event_in(record: Mapping[str, Any]) -> Event:
    """Return the event that was stored. ValueError: it is none that is known here."""
    module = ROOM_OF_EVENT.get(record.get("type", ""))
    if module is None:
        raise ValueError(f"No record of the kind {record.get('type')!r} is known here.")
    event: Event = from_record((getattr(import_module(module), record["type"]),), dict(record))
    return event


def refusal(name: str, at: Situation, *, by: str, stage: str) -> Refused | None:
    """Return what stands against `by` doing the act, having looked at `stage`; None where nothing does."""
    return has_left(by, at.procedure) or at.refusal(act(name), by, stage)


def available(at: Situation, *, by: str) -> tuple[str, ...]:
    """Return everything that `by` can do now on the case's current stage."""
    if has_left(by, at.procedure) is not None:
        return ()
    stage = at.case.current.stage
    return tuple(name for name in bound_to(by) if at.refusal(act(name), by, stage) is None)


def those_waited_for(at: Situation) -> tuple[str, ...]:
    """Return the persons in the directory for whom the case waits, by id."""
    return tuple(person.id for person in at.procedure.people if is_waited_for(at, person.id))


def is_waited_for(at: Situation, by: str) -> bool:
    """Return whether the case waits for something that `by` can do."""
    if has_left(by, at.procedure) is not None:
        return False
    stage = at.case.current.stage
    acts = (act(name) for name in ROOM_OF_ACT)
    return any(
        act.is_staffs
        and act.traits.waits_for is not nobody
        and at.refusal(act, by, stage) is None
        and act.traits.waits_for(at, by)
        for act in acts
    )


def bound_to(by: str) -> tuple[str, ...]:
    """Return what a link for `by` is for as long as it lives: the complainant's acts, or those of staff. Which of them
    can be done is asked of the case each time, so that a link stays good for a stage while the case moves on within
    it."""
    return tuple(name for name in ROOM_OF_ACT if is_bound_to(name, by))


def is_bound_to(name: str, by: str) -> bool:
    """Return whether a link for `by` is for this act; no other room is entered to find out."""
    if name not in ROOM_OF_ACT:
        return False
    return act(name).is_complainants if by == COMPLAINANT else act(name).is_staffs
