"""Who may do what, in words of the watch's own: by the names of events."""

from __future__ import annotations

from domain.case import COMPLAINANT, SYSTEM, Case
from domain.event import Event
from domain.people import passed_to
from domain.procedure import LOGGED, Person, Procedure

COMPLAINANTS = frozenset(
    [
        "ComplaintSubmitted",
        "ComplainantSatisfied",
        "ComplainantDissatisfied",
        "ComplaintEscalated",
        "LateReplyAsked",
        "ReopeningAsked",
        "QuestionAnswered",
        "ComplaintWithdrawn",
        "InformationAdded",
        "DocumentAdded",
        "CaseExported",
        "WrittenFormAsked",
        "WrittenFormReceived",
        "KindChanged",
        "MediationAnswered",
        "AddressConfirmed",
        "AddressDisowned",
    ]
)
SYSTEMS = frozenset(
    [
        "ComplaintAcknowledged",
        "ReviewerAssigned",
        "DeadlineReminded",
        "DeadlineBreached",
        "BreachesChased",
        "BreachesAdmitted",
        "StageLapsed",
        "CaseEnded",
        "DeletionAnnounced",
        "DeletionBegun",
        "NoticeBounced",
        "DatesRecounted",
        "DatesCounted",
        "DatesAwaited",
        "ActionReminded",
        "ActionOverdue",
        "ActionChased",
        "LookIntoChased",
        "LetterPrepared",
        "LinkHeard",
        "LetterReminded",
        "InvolvementReminded",
        "ContactLimitReminded",
        "WrittenFormAsked",
        "WrittenFormReminded",
    ]
)
REVIEWERS = frozenset(
    [
        "OutcomeRecorded",
        "InterimResponseSent",
        "ProgressReported",
        "QuestionAsked",
        "InformationConsidered",
        "ExternalAssistanceSought",
        "ExternalAnswerRecorded",
        "AspectsAgreed",
    ]
)
"""What only those do whom the stage is assigned to at that moment."""
COORDINATORS = frozenset(["NoteAdded", "InformationDisclosed", "LetterPosted", "WrittenFormReceived"])
KEEPERS = frozenset(["HoldPlaced", "HoldLifted"])
PUT_RIGHT = frozenset(
    [
        "ContactDetailsCorrected",
        "AddressConfirmed",
        "MessageSentAgain",
        "ComplainantSatisfied",
        "ComplainantDissatisfied",
        "ComplaintEscalated",
        "QuestionAnswered",
        "InformationAdded",
        "LateReplyAsked",
        "ReopeningAsked",
        "ComplaintWithdrawn",
        "StillToBeLookedInto",
        "FoundNotCovered",
        "KindChanged",
        "RecordCorrected",
        "CasesLinked",
        "CasesUnlinked",
        "DuplicateMarked",
        "LookedInto",
        "MediationOffered",
        "MediationAnswered",
        "MediationEnded",
        "ContactLimitProposed",
    ]
)
"""What those do who handle the case, and after the closure those who are in charge: what the complainant told them in
another way is entered by them too."""
ON_ENTERING = frozenset(["FirstContactLogged", "WrittenFormAsked"])
"""What staff add while they enter a complaint, which can be about themselves."""

BY_ROLE = frozenset(
    [
        "LatenessDecided",
        "PersonInvolved",
        "InvolvementConfirmed",
        "LateReplyDecided",
        "CaseReopened",
        "ExhaustionConfirmed",
        "StageSkipped",
        "CompletionSent",
        "FirstContactLogged",
        "WrittenFormWaived",
        "ConsentRecorded",
        "ComplaintAcknowledged",
        "ReviewerAssigned",
        "WrittenFormAsked",
        "DocumentAdded",
        "CaseExported",
        "ActionDone",
        "LessonsRecorded",
    ]
)
"""What somebody of the directory does, where the procedure lets their role; the pages that offer it are held
against."""


def standing(role: str, case: Case, procedure: Procedure) -> set[str]:
    """Who has the role and is not involved; where nobody is left, those over them."""
    for one in (role, *procedure.above):
        left = {person.id for person in procedure.holders(one)} - set(case.involved)
        if left:
            return left
    return set()


def may(case: Case, fact: Event, kind: str, procedure: Procedure) -> bool:
    """Whether this could be done in the case as it was, by whoever did it; `procedure` has the people of then."""
    by = fact.by
    if by == SYSTEM:
        return kind in SYSTEMS
    if by == COMPLAINANT:
        return kind in COMPLAINANTS
    person = procedure.person(by)
    if person is None or kind in ("ComplaintSubmitted", "StageLapsed", "DeletionBegun"):
        return False
    reviewers = case.current.reviewers
    if by in case.involved and by not in reviewers and not (case.version == 1 and kind in ON_ENTERING):
        return False
    if kind in REVIEWERS:
        return by in reviewers
    if kind in COORDINATORS:
        handles = by in reviewers or by in standing(procedure.coordinator, case, procedure)
        if kind == "LetterPosted":
            # Where nobody else can, those over them do.
            handles |= _stands_in(case, procedure) and bool(set(procedure.above) & set(person.roles))
        return handles
    if kind == "KindChanged" and case.kind in LOGGED:
        return bool({procedure.coordinator, passed_to(case, procedure)} & set(person.roles))
    if kind in PUT_RIGHT:
        over = {procedure.coordinator, *procedure.above} & set(person.roles)
        if not case.is_open:
            return bool(over) or _confirms(case, procedure, person)
        handles = by in reviewers or by in standing(procedure.coordinator, case, procedure)
        return case.kind not in LOGGED and (handles or (bool(over) and _stands_in(case, procedure)))
    if kind == "InvolvedTold":
        roles = {procedure.coordinator, *procedure.above}
        return not case.is_open and case.involvement != "to-confirm" and bool(roles & set(person.roles))
    if kind == "CaseRead":
        hears = set(procedure.informed) & set(person.roles)
        return bool(hears) and case.involvement != "to-confirm" and not (case.is_open and by in reviewers)
    if kind == "CaseTakenUp":
        again = procedure.reopen.role if procedure.reopen is not None else ""
        able = {again or procedure.coordinator, *procedure.above}
        return not case.is_open and (bool(able & set(person.roles)) or _confirms(case, procedure, person))
    if kind in ("ContactLimitDecided", "ContactLimitReviewed"):
        stated = procedure.contact_limits.role if procedure.contact_limits is not None else ""
        return by in standing(stated or procedure.escalates_to, case, procedure)
    if kind == "FollowedUp":
        roles = {procedure.coordinator, passed_to(case, procedure)}
        return case.kind in LOGGED and bool(roles & set(person.roles))
    if kind in KEEPERS:
        if case.involvement == "to-confirm":
            return _confirms(case, procedure, person)
        return by in standing(procedure.retention.told, case, procedure)
    if kind in ("OutcomeApproved", "OutcomeReturned"):
        approval = procedure.stage(case.current.stage).approval
        if approval is None or by == case.current.recorded_by or by in case.current.approved_by:
            return False
        if approval.by == "fellow-reviewers":
            return by in reviewers
        return bool({approval.role, *procedure.above} & set(person.roles))
    if kind == "OutcomeSent":
        return bool(case.current.findings) and case.current.responded_at is None
    return kind in BY_ROLE


def _confirms(case: Case, procedure: Procedure, person: Person) -> bool:
    """Whether the person is one of those who can say who is involved, while nobody has said it: anybody, where the
    complaint names all who should."""
    assigns = procedure.stage(case.current.stage).review.assigned_by
    able = {procedure.coordinator, assigns, *procedure.above}
    left = [one for one in procedure.people if one.id not in case.involved and able & set(one.roles)]
    return case.involvement == "to-confirm" and (not left or bool(able & set(person.roles)))


def _stands_in(case: Case, procedure: Procedure) -> bool:
    """Whether nobody who would deal with the case is there, or all of them are involved."""
    able = {one.id for one in procedure.holders(procedure.coordinator) if not one.is_away}
    able |= {one.id for one in procedure.people if one.id in case.current.reviewers}
    return able <= set(case.involved)
