"""Who reviews a stage: named by a person, or taken from the directory where that leaves no choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.act import Act, FilledIn, Scene, Shows, Traits, nothing, somebody
from domain.case import SYSTEM, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, ConflictOfInterest, FieldProblem, Incomplete, Refused, UnknownChoice
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking
from domain.people import (
    assigners,
    candidates,
    heads,
    ids,
    lacks_reviewers,
    review_role,
    reviewers_needed,
    those_who_assign,
)
from domain.procedure import Procedure
from domain.rights import answered, holds_role, open_at
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, says


class ReviewerAssigned(StageEvent):
    """These persons review the stage from now on; those assigned before no longer do."""

    reviewers: tuple[str, ...]
    override: str = ""
    """Content: why somebody with a conflict of interest reviews it all the same; empty where nobody has one."""

    wrote = ("override", "reason")

    def after(self, case: Case) -> Case:
        # An outcome that was not sent was the former reviewers'; the new ones begin their own.
        return case.on_stage(
            reviewers=self.reviewers,
            findings=(),
            wording="",
            remedies=(),
            actions=(),
            recorded_by="",
            approved_by=(),
        )

    def tells(self, telling: Telling) -> Tells:
        return (*telling.tell("assignment", *self.reviewers), *telling.done)


class AssignReviewers(StageCommand):
    reviewers: tuple[str, ...]
    override: Writing | None = None
    """`words["reason"]`: why somebody with a conflict of interest is assigned all the same, where the procedure lets
    `by` do that."""

    def decide(self, at: Situation) -> Events:
        """Return what happens. UnknownChoice: a person who does not have the stage's role. ConflictOfInterest: one who
        is involved, or was on an earlier stage. Incomplete: too few or too many, nobody to head them, or no reason for
        an override. AlreadyDone: they are assigned."""
        at.require(ASSIGN, self.by, self.stage)
        review, procedure = at.stage.review, at.procedure
        chosen = tuple(dict.fromkeys(self.reviewers))
        able = ids(candidates(at.case, procedure))
        _hold_to_able(chosen, able, at, overrides=may_override(at, self.by))
        # Who is assigned in spite of a conflict of interest makes up the number again.
        needed = reviewers_needed(at.case, procedure)
        if len(chosen) not in (needed, review.count):
            number = "one reviewer" if needed == 1 else f"{needed} reviewers"
            raise Incomplete((FieldProblem("reviewers", f"Choose {number} for this stage."),))
        able_to_head = heads(at.case, procedure)
        if able_to_head and not any(_has_role(person, review.head, procedure) for person in chosen):
            title = procedure.role(review.head).title
            raise Incomplete((FieldProblem("reviewers", f"One of them has to be {title}, who heads them."),))
        chosen = _headed(chosen, review.head, procedure)
        if set(chosen) == set(at.case.current.reviewers):
            raise AlreadyDone("This stage has already been assigned to them.")
        override = ""
        if any(person not in able for person in chosen):
            if self.override is None or not says(self.override, "reason"):
                sentence = "Write why this person should review it despite the conflict of interest."
                raise Incomplete((FieldProblem("override", sentence),))
            override = self.override.id
        return (
            ReviewerAssigned(at=at.now, by=self.by, stage=self.stage, reviewers=chosen, override=override),
        )


def may_override(at: Situation, by: str) -> bool:
    """Return whether `by` can assign somebody in spite of a conflict of interest, with the reason on record."""
    role = at.stage.review.conflict_override
    return bool(role) and holds_role(by, (role,), at.procedure) is None


def assign_without_choice(at: Situation) -> Events:
    """Return the assignment that needs nobody to make it; none where the stage has its reviewers, where the procedure
    has a person name them, where the directory has more or fewer persons than the stage needs, or where it would be
    somebody who is away. None either as long as it is not said who is involved: whoever has the role may be whom the
    complaint is about."""
    if at.case.is_unconfirmed or not lacks_reviewers(at.case, at.procedure):
        return ()
    review = at.stage.review
    able = candidates(at.case, at.procedure)
    if review.assigned_by or any(person.is_away for person in able):
        return ()
    if not able or len(able) != reviewers_needed(at.case, at.procedure):
        return ()
    reviewers = _headed(ids(able), review.head, at.procedure)
    return (ReviewerAssigned(at=at.now, by=SYSTEM, stage=at.case.current.stage, reviewers=reviewers),)


def panel(at: Situation) -> tuple[str, ...]:
    """Return as many reviewers as the stage needs, whoever can head them first: what a scenario assigns."""
    able = ids(candidates(at.case, at.procedure))
    first = heads(at.case, at.procedure)[:1]
    rest = [person for person in able if person not in first]
    return (*first, *rest)[: reviewers_needed(at.case, at.procedure)]


def _hold_to_able(chosen: tuple[str, ...], able: tuple[str, ...], at: Situation, *, overrides: bool) -> None:
    """Refuse who cannot review. UnknownChoice, ConflictOfInterest: as `AssignReviewers.decide`."""
    procedure = at.procedure
    role = review_role(at.case, procedure)
    holders = ids((*procedure.holders(role), *procedure.holders(at.stage.review.role)))
    for person in chosen:
        if person not in holders and person not in able:
            raise UnknownChoice(f"Choose a reviewer with this role: {procedure.role(role).title}.")
        if _is_away(person, procedure) and person not in able:
            raise UnknownChoice("This person is away. Choose someone else.", field="reviewers")
        if person in at.case.involved and not overrides:
            raise ConflictOfInterest("Someone who was involved in what happened cannot review the complaint.")
        if person not in able and not overrides:
            raise ConflictOfInterest(
                "Someone who was involved in an earlier stage of this case cannot review this stage."
            )


def _is_away(person: str, procedure: Procedure) -> bool:
    found = procedure.person(person)
    return found is not None and found.is_away


def _has_role(person: str, role: str, procedure: Procedure) -> bool:
    found = procedure.person(person)
    return found is not None and role in found.roles


def _headed(reviewers: tuple[str, ...], head: str, procedure: Procedure) -> tuple[str, ...]:
    """Return the same, whoever heads them first."""
    return tuple(sorted(reviewers, key=lambda person: not _has_role(person, head, procedure)))


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage) or answered(at.case):
        return refusal
    if may_override(at, by):
        return None
    return holds_role(by, assigners(at.case, at.procedure), at.procedure)


def _asked(asking: Asking) -> AssignReviewers:
    override = asking.text("override")
    return AssignReviewers(
        by=asking.by,
        stage=asking.stage,
        reviewers=tuple(asking.chosen("reviewers")),
        override=asking.writing(reason=override) if override else None,
    )


def _played(step: Step, at: Situation) -> FilledIn:
    return {"reviewers": list(step.reviewers or panel(at)), "override": step.text}


def _choices(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return who can be assigned, who could be in spite of a conflict of interest, and who has to head them."""
    review, procedure = at.stage.review, at.procedure
    able = candidates(at.case, procedure)
    barred = procedure.holders(review.role) if may_override(at, by) else ()
    return {
        "title": procedure.role(review_role(at.case, procedure)).title,
        "head_title": procedure.role(review.head).title if heads(at.case, procedure) else "",
        "candidates": able,
        "needed": reviewers_needed(at.case, procedure),
        "conflicted": tuple(person for person in barred if person not in able),
    }


def _usually(at: Situation) -> str:
    return next(iter(ids(those_who_assign(at.case, at.procedure))), "")


ASSIGN = Act(
    name="assign",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="reviewers",
    shows=Shows(reads=nothing, gives=_choices),
    scenes={"assign": Scene(needs=(), knows=("reviewers", "text"), fills=_played, by=_usually)},
)
ACTS = (ASSIGN,)
