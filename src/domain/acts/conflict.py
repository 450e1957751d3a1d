"""Who is involved in the matter takes no part in deciding on it."""

from __future__ import annotations

from domain.act import Act, Scene, Shows, Traits, nobody, nothing
from domain.acts.assignment import assign_without_choice
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, Refused, UnknownChoice
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.people import approvers, assigners, ids
from domain.procedure import Person
from domain.rights import answered, conflicted, holds_role, open_at
from domain.situation import Situation
from domain.words import Writing


class PersonInvolved(StageEvent):
    """A person of the directory is involved in the matter: from now on `person` neither reviews nor decides in this
    case, and loses what was assigned. `reason` is content."""

    person: str
    reason: str
    was_reviewer: bool = False

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        involved = tuple(dict.fromkeys((*case.involved, self.person)))
        return replace(case.without((self.person,)), involved=involved)

    def tells(self, telling: Telling) -> Tells:
        at = telling.at
        is_own = self.person == self.by
        done = telling.last_word("done", self.person) if is_own else telling.done
        gone = telling.last_word("case-news", self.person) if self.was_reviewer and not is_own else ()
        if not self.was_reviewer or assign_without_choice(at):
            return (*gone, *done)
        roles = (*assigners(at.case, at.procedure), at.stage.review.conflict_override)
        return (*gone, *telling.tell("reassign", *telling.in_line(*roles)), *done)


class DeclareInvolvement(StageCommand):
    """`person` is involved in the matter. `reason.words["reason"]`: how."""

    person: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return the person loses the assignment, and where that leaves no choice, the next one gets it.
        UnknownChoice: nobody in the directory. NotAllowed: somebody else, marked by one who does not assign.
        Incomplete: no reason."""
        at.require(INVOLVE, self.by, self.stage)
        if at.procedure.person(self.person) is None:
            raise UnknownChoice("Choose a person from the directory.")
        if self.person != self.by and _assigns(at, self.by):
            raise NotAllowed("You can only say this about yourself.")
        if self.person in at.case.involved:
            raise AlreadyDone("This person has already been marked as involved.")
        self.reason.require(reason="Write how the person is involved.")
        involved = PersonInvolved(
            at=at.now,
            by=self.by,
            stage=self.stage,
            person=self.person,
            reason=self.reason.id,
            was_reviewer=self.person in at.case.current.reviewers,
        )
        after = at.then(involved)
        if len(after.case.current.reviewers) >= at.stage.review.count:
            return (involved,)
        return (involved, *assign_without_choice(after))


def involvable(at: Situation, by: str) -> tuple[Person, ...]:
    """Return whom `by` can mark as involved in the matter."""
    marks_anybody = _assigns(at, by) is None
    return tuple(
        person
        for person in at.procedure.people
        if person.id not in at.case.involved and (marks_anybody or person.id == by)
    )


def _assigns(at: Situation, by: str) -> Refused | None:
    return holds_role(by, assigners(at.case, at.procedure), at.procedure)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Return whoever assigns can mark anybody, whoever works on the stage themselves."""
    if refusal := conflicted(at.case, by) or open_at(at.case, stage) or answered(at.case):
        return refusal
    if by in at.case.current.reviewers or by in ids(approvers(at.case, at.procedure)):
        return None
    return _assigns(at, by)


def _asked(asking: Asking) -> DeclareInvolvement:
    able = ids(involvable(asking.at, asking.by))
    person = asking.choice("involved", able, "Choose who is involved.")
    return DeclareInvolvement(by=asking.by, stage=asking.stage, person=person, reason=asking.wrote("reason"))


INVOLVE = Act(
    name="involve",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="people", stands_alone=False),
    against=_against,
    asked=_asked,
    choice="involved",
    shows=Shows(reads=nothing, gives=lambda at, by, contents: {"involvable": involvable(at, by)}),
    scenes={
        "involve": Scene(
            needs=("person",),
            knows=("text",),
            fills=lambda step, at: {"involved": step.person, "reason": step.words},
            by=None,
        )
    },
)
ACTS = (INVOLVE,)
