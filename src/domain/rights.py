"""What stands against a person acting in a case: what acts ask first. That a person is involved in the matter stands
against every act, which `Situation.refusal` asks for all of them."""

from __future__ import annotations

from domain.case import COMPLAINANT, SYSTEM, Case
from domain.errors import (
    AlreadyDone,
    CaseClosed,
    ConflictOfInterest,
    NotAllowed,
    NotNow,
    NotYours,
    Refused,
    StagePassed,
)
from domain.people import (
    coordinating,
    decides_lateness,
    ids,
    standing_in,
    those_who_confirm,
    those_who_handle,
)
from domain.procedure import Procedure


def has_left(by: str, procedure: Procedure) -> Refused | None:
    """Return whether `by` was in the directory once and no longer is, or never was."""
    if by in (COMPLAINANT, SYSTEM) or procedure.person(by) is not None:
        return None
    return NotYours("Only people in the organisation's directory can do this.")


def open_at(case: Case, stage: str) -> Refused | None:
    """Return whether the case is open and on `stage`."""
    return CaseClosed("This case is closed.") if not case.is_open else still_on(case, stage)


def still_on(case: Case, stage: str) -> Refused | None:
    """Return whether the case is on `stage`, or was when it closed."""
    if case.current.stage != stage:
        return StagePassed("This case has moved on to another stage.")
    return None


def reviews(case: Case, by: str) -> Refused | None:
    """Return whether `by` is a reviewer of the current stage."""
    if by in case.current.reviewers:
        return None
    if not case.current.reviewers:
        return NotYours("No reviewer has been assigned to this stage yet.")
    return NotYours("This stage is assigned to somebody else.")


def reviewing(case: Case, by: str, stage: str) -> Refused | None:
    """Return whether `by` reviews `stage`, and no outcome of it has been sent."""
    return open_at(case, stage) or reviews(case, by) or answered(case)


def answered(case: Case) -> Refused | None:
    """Return whether the outcome of the current stage is still to be sent."""
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has already been sent.")
    return None


def concluded(case: Case) -> Refused | None:
    """Return whether an outcome of the current stage is still to be recorded: from then on it has been dealt with."""
    if refusal := answered(case):
        return refusal
    if case.current.awaits_approval:
        return NotNow("An outcome has been recorded. Have it returned first.")
    return None


def unconfirmed(case: Case) -> Refused | None:
    """Return whether it is said who is involved."""
    if case.is_unconfirmed:
        return NotNow("Before you can do this, someone has to say who was involved in what happened.")
    return None


def being_destroyed(case: Case) -> Refused | None:
    """Return whether the case is there to stay for now."""
    return NotNow("This case is being destroyed.") if case.erasing else None


def conflicted(case: Case, by: str) -> Refused | None:
    """Return whether `by` is involved in the matter, and was not assigned in spite of it."""
    if case.is_barred(by):
        return ConflictOfInterest(
            "You cannot take part in this case because you were involved in what happened."
        )
    return None


def works_on(case: Case, by: str, procedure: Procedure) -> Refused | None:
    """Return whether `by` reviews the current stage or coordinates all cases."""
    if holds_role(by, coordinating(case, procedure), procedure) is None:
        return None
    return reviews(case, by)


def looks_after(case: Case, by: str, procedure: Procedure) -> Refused | None:
    """Return whether `by` can put something right in the case: one of those who work on it or, where none of them can,
    who deals with it in their place; after the closure, whoever coordinates cases or hears of what was missed."""
    if refusal := being_destroyed(case):
        return refusal
    if not case.is_open:
        return in_charge(case, by, procedure, (procedure.coordinator, procedure.escalates_to))
    return None if by in ids(those_who_handle(case, procedure)) else works_on(case, by, procedure)


def in_charge(case: Case, by: str, procedure: Procedure, roles: tuple[str, ...]) -> Refused | None:
    """Return whether `by` has one of the `roles`, or stands in where everybody who has one is involved. Until it is
    said who is involved, only those who can say it are in charge of a closed case."""
    if not case.is_unconfirmed:
        return _stands_for(case, by, procedure, roles)
    if by in ids(those_who_confirm(case, procedure)):
        return None
    return holds_role(by, roles, procedure) or unconfirmed(case)


def may_decide(case: Case, by: str, procedure: Procedure, roles: tuple[str, ...]) -> Refused | None:
    """Return whether `by` is one of those who decide: who has one of the `roles`, or stands in for them. Nobody does
    before it is said who is involved."""
    return _stands_for(case, by, procedure, roles) or unconfirmed(case)


def _stands_for(case: Case, by: str, procedure: Procedure, roles: tuple[str, ...]) -> Refused | None:
    """Return whether `by` has one of the `roles`, or stands in for them, and is not involved."""
    if by in ids(standing_in(roles, case, procedure)):
        return None
    return holds_role(by, roles, procedure) or NotYours(
        "Only someone who was not involved in what happened can do this."
    )


def holds_role(by: str, roles: tuple[str, ...], procedure: Procedure) -> Refused | None:
    """Return whether the directory gives `by` one of the roles."""
    person = procedure.person(by)
    if person is not None and any(role in person.roles for role in roles):
        return None
    titles = " or ".join(dict.fromkeys(procedure.role(role).title for role in roles))
    return NotAllowed(f"Only someone with this role can do this: {titles}.")


def without_consent(case: Case, procedure: Procedure) -> Refused | None:
    """Return whether the complainant has to consent before somebody who acts for them is told more than that we have
    the complaint."""
    if procedure.consent_before == "anything" and case.lacks_consent:
        return NotNow(
            "Someone is acting for the complainant. Before anything else is sent to them, the complainant's consent "
            "has to be recorded."
        )
    return None


def not_to_be_sent(case: Case, procedure: Procedure) -> Refused | None:
    """Return what has to be decided or heard before an outcome of the current stage can go out."""
    if decides_lateness(case, procedure) and not case.lateness:
        return NotNow(
            "This complaint came late. Before an outcome can be sent, it has to be decided whether it is considered."
        )
    if case.waits_for_form:
        return NotNow("Before an outcome can be sent, the complaint has to be in writing.")
    if case.lacks_consent:
        return NotNow(
            "Someone is acting for the complainant. Before an outcome can be sent, the complainant's consent has to be "
            "recorded."
        )
    if case.current.external == "open":
        return NotNow("Before an outcome can be sent, the answer from outside has to be recorded.")
    return None


def ended_as(case: Case, stage: str, *how: str) -> Refused | None:
    """Return whether the case closed on `stage` in one of these ways."""
    if refusal := still_on(case, stage):
        return refusal
    if case.is_open or case.ended not in how:
        return NotNow("You cannot ask for this at the moment.")
    return None
