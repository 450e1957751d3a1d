"""Who takes a complaint in: acknowledges it, decides whether it comes too late, assigns reviewers, and sees to it
that nobody reviews what they were involved in."""

from __future__ import annotations

from typing import Any, Literal, assert_never

from domain.commands import (
    Acknowledge,
    AssignReviewers,
    Command,
    ConfirmExhausted,
    DecideLateness,
    DecideLateReply,
    DeclareInvolvement,
)
from domain.life.assignment import may_override
from domain.life.standing import assigners, candidates, heads, holds_role
from domain.procedure import Person
from handlers.links.form import Filled, choice, confirm, says_yes, writing
from handlers.links.situation import Situation


def command(
    action: Literal["acknowledge", "assign", "involve", "lateness", "late-reply", "exhausted"],
    form: Filled,
    situation: Situation,
) -> Command:
    """Unprocessable: the form lacks something."""
    by, stage = situation.link.person, situation.link.stage
    match action:
        case "acknowledge":
            confirm(form)
            return Acknowledge(by=by, stage=stage)
        case "assign":
            override = form.text("override")
            return AssignReviewers(
                by=by,
                stage=stage,
                reviewers=tuple(form.chosen("reviewers")),
                override=writing(reason=override) if override else None,
            )
        case "involve":
            able = [one.id for one in _involvable(situation)]
            person = choice(form, "involved", able, "Choose who is involved.")
            reason = writing(reason=form.text("reason"))
            return DeclareInvolvement(by=by, stage=stage, person=person, reason=reason)
        case "lateness":
            accepted = says_yes(form, "Choose whether it is considered or not.")
            reason = writing(reason=form.text("reason"))
            return DecideLateness(by=by, stage=stage, accepted=accepted, reason=reason)
        case "late-reply":
            accepted = says_yes(form, "Choose whether it is accepted or not.")
            reason = writing(reason=form.text("reason"))
            return DecideLateReply(by=by, stage=stage, accepted=accepted, reason=reason)
        case "exhausted":
            confirm(form)
            return ConfirmExhausted(by=by, stage=stage)
        case _:
            assert_never(action)


def choices(situation: Situation) -> dict[str, Any]:
    """Who can be assigned, who could be in spite of a conflict of interest, and who can be marked as involved."""
    assigns = "assign" in situation.actions
    return {
        "head_title": _head_title(situation),
        "candidates": candidates(situation.case, situation.procedure) if assigns else (),
        "conflicted": _conflicted(situation),
        "involvable": _involvable(situation),
    }


def _head_title(situation: Situation) -> str:
    """Who has to head the reviewers; empty where nobody has to."""
    case, procedure = situation.case, situation.procedure
    head = procedure.stage(case.current.stage).review.head
    return procedure.role(head).title if heads(case, procedure) else ""


def _conflicted(situation: Situation) -> tuple[Person, ...]:
    """Who could be assigned in spite of a conflict of interest, where this person can do that."""
    case, procedure = situation.case, situation.procedure
    if not may_override(case, situation.link.person, procedure):
        return ()
    able = candidates(case, procedure)
    role = procedure.stage(case.current.stage).review.role
    return tuple(person for person in procedure.holders(role) if person not in able)


def _involvable(situation: Situation) -> tuple[Person, ...]:
    """Whom this person can mark as involved in the matter."""
    case, procedure, by = situation.case, situation.procedure, situation.link.person
    assigns = holds_role(by, assigners(case, procedure), procedure) is None
    return tuple(
        person
        for person in procedure.people
        if person.id not in case.involved and (assigns or person.id == by)
    )
