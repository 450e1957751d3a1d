"""Who is involved in the matter takes no part in deciding on it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from domain.act import Act, Scene, Shows, Traits, nobody, nothing, somebody
from domain.acts.assignment import assign_without_choice
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, NotNow, NotYours, Refused, UnknownChoice
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.managers import no_longer_above
from domain.people import (
    approvers,
    assigners,
    ids,
    lacks_reviewers,
    those_who_confirm,
)
from domain.procedure import Person
from domain.rights import answered, being_destroyed, holds_role, open_at
from domain.situation import Situation
from domain.words import Writing


class PersonInvolved(StageEvent):
    """A person of the directory is involved in the matter: from now on `person` neither reviews nor decides in this
    case, and loses what was assigned. `reason` is content."""

    person: str
    reason: str
    was_reviewer: bool = False
    peers: tuple[str, ...] = ()
    """Reviewers who lose the case as well: it is for managers of the person to look into."""

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        involved = tuple(dict.fromkeys((*case.involved, self.person)))
        return replace(case.without((self.person, *self.peers)), involved=involved)

    def tells(self, telling: Telling) -> Tells:
        is_own = self.person == self.by
        done = telling.last_word("done", self.person) if is_own else telling.done
        gone = telling.last_word("case-news", self.person) if self.was_reviewer and not is_own else ()
        known = telling.case.involved
        before = replace(telling.case, involved=tuple(person for person in known if person != self.person))
        lost = self.was_reviewer or bool(self.peers)
        return (
            *gone,
            *telling.last_word("case-news", *(peer for peer in self.peers if peer != self.by)),
            *_asked_instead(telling, before, lost=lost),
            *done,
        )


class InvolvementConfirmed(StageEvent):
    """Somebody who is not involved has said who is: `persons`, and of those whom the complaint names, not those who
    are `cleared`. `lost` are those who had to review. `reason` is content."""

    persons: tuple[str, ...]
    cleared: tuple[str, ...]
    reason: str
    lost: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    """Reviewers who lose the case as well: it is for managers of those persons to look into."""

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        known = tuple(person for person in case.involved if person not in self.cleared)
        return replace(
            case.without((*self.persons, *self.peers)),
            involved=tuple(dict.fromkeys((*known, *self.persons))),
            presumed=(),
            involvement="confirmed",
        )

    def tells(self, telling: Telling) -> Tells:
        """Tell those who hear of every case of this one, how far it has come by now."""
        case = telling.case
        before = replace(
            case,
            involvement="to-confirm",
            involved=tuple(
                dict.fromkeys(
                    (*self.cleared, *(person for person in case.involved if person not in self.persons))
                )
            ),
        )
        heard = (
            telling.informed if case.is_open else (*telling.informed, *telling.keepers, *telling.archivists)
        )
        unaware = (person for person in heard if person != self.by)
        return (
            *telling.last_word("case-news", *self.lost, *self.peers),
            *_asked_instead(telling, before, lost=bool(self.lost or self.peers)),
            *telling.tell("case-news", *unaware, about=_how_far(case)),
            *telling.done,
        )


class InvolvementReminded(StageEvent):
    """Nobody has said who is involved: those who come next are asked as well."""

    def after(self, case: Case) -> Case:
        return replace(
            case, involvement_asked_at=self.at, involvement_reminders=case.involvement_reminders + 1
        )

    def tells(self, telling: Telling) -> Tells:
        return telling.tell("involvement", *telling.confirming)


def _asked_instead(telling: Telling, before: Case, *, lost: bool) -> Tells:
    """Tell those who are asked for something now, and were not `before`. `lost`: the case lost a reviewer, so that all
    who can name another are."""
    at = telling.at
    to_be_named = lacks_reviewers(at.case, at.procedure) and not assign_without_choice(at)
    asked = telling.newly_asked(before, but=() if to_be_named and not lost else ("new-case",))
    asked = (*asked, *telling.of_nobody_left)
    return (*(to_be_reassigned(telling) if lost else ()), *asked)


def with_named(case: Case, persons: tuple[str, ...], *, to_confirm: bool, at: datetime) -> Case:
    """Return the case when it turns out that the matter is about these `persons` too: they have no part in it.
    `to_confirm`: nobody has looked yet whom it is about."""
    named = replace(
        case.without(persons),
        involved=tuple(dict.fromkeys((*case.involved, *persons))),
        presumed=tuple(dict.fromkeys((*case.presumed, *persons))) if to_confirm else case.presumed,
    )
    if not to_confirm:
        return named
    return replace(named, involvement="to-confirm", involvement_asked_at=at, involvement_reminders=0)


def losing(case: Case, persons: Container[str]) -> tuple[str, ...]:
    """Return the reviewers who lose the case when it turns out that the matter is about these persons. Who reviews it
    although they are known to be involved keeps it."""
    if answered(case):
        return ()
    return tuple(
        person for person in case.current.reviewers if person in persons and person not in case.involved
    )


def told_of_named(
    telling: Telling, persons: tuple[str, ...], *, lost: tuple[str, ...], to_confirm: bool
) -> Tells:
    """Tell those who `lost` the case so, when it turns out that the matter is about `persons` too, and have somebody
    asked in the place of each. `to_confirm`: have somebody asked whom it is about; who is asked for what else then is
    told once that is said."""
    gone = telling.last_word("case-news", *lost)
    if to_confirm:
        asked = telling.tell("involvement", *telling.confirming)
        return (*gone, *(to_be_reassigned(telling) if lost else ()), *asked)
    if not persons:
        return gone
    known = tuple(person for person in telling.case.involved if person not in persons)
    before = replace(telling.case, involved=known)
    return (*gone, *_asked_instead(telling, before, lost=bool(lost)))


def to_be_reassigned(telling: Telling) -> Tells:
    """Tell those who can name a reviewer in the place of one who lost the case that one has to be named."""
    at = telling.at
    if not lacks_reviewers(at.case, at.procedure) or assign_without_choice(at):
        return ()
    roles = (*assigners(at.case, at.procedure), at.stage.review.conflict_override)
    return telling.tell("reassign", *telling.in_line(*roles))


def _how_far(case: Case) -> str:
    """Return the event that tells best how far a case has come."""
    if not case.is_open:
        return "CaseEnded"
    if case.current.responded_at is not None:
        return "OutcomeSent"
    return "ComplaintSubmitted" if len(case.stages) == 1 else "ComplaintEscalated"


class DeclareInvolvement(StageCommand):
    """`person` is involved in the matter. `reason.words["reason"]`: how."""

    person: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Take the assignment from the person; where that leaves no choice, the next one gets it. UnknownChoice:
        nobody in the directory. NotAllowed: somebody else, marked by one who does not assign. Incomplete: no
        reason."""
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
        involved = replace(involved, peers=no_longer_above(at.then(involved).case, at.procedure))
        return (involved, *assign_without_choice(at.then(involved)))


class ConfirmInvolvement(StageCommand):
    """`persons` are involved in the matter, and nobody else of those whom the complaint names.
    `reason.words["reason"]`: how `by` knows."""

    persons: tuple[str, ...]
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens; where that leaves no choice who reviews, the assignment as well. UnknownChoice: nobody
        in the directory. Incomplete: no reason."""
        at.require(CONFIRM, self.by, self.stage)
        known = ids(at.procedure.people)
        if any(person not in known for person in self.persons):
            raise UnknownChoice("Choose people from the directory.", field="involved")
        self.reason.require(reason="Write how you know.")
        case = at.case
        persons = tuple(dict.fromkeys(self.persons))
        confirmed = InvolvementConfirmed(
            at=at.now,
            by=self.by,
            stage=case.current.stage,
            persons=persons,
            cleared=tuple(person for person in case.presumed if person not in persons),
            reason=self.reason.id,
            lost=tuple(
                person
                for person in case.current.reviewers
                if person in persons and case.current.responded_at is None
            ),
        )
        confirmed = replace(confirmed, peers=no_longer_above(at.then(confirmed).case, at.procedure))
        return (confirmed, *assign_without_choice(at.then(confirmed)))


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
    """Let whoever assigns mark anybody, and whoever works on the stage mark themselves."""
    if refusal := open_at(at.case, stage) or answered(at.case):
        return refusal
    if by in at.case.current.reviewers or by in ids(approvers(at.case, at.procedure)):
        return None
    return _assigns(at, by)


def _asked(asking: Asking) -> DeclareInvolvement:
    able = ids(involvable(asking.at, asking.by))
    person = asking.choice("involved", able, "Choose who is involved.")
    return DeclareInvolvement(by=asking.by, stage=asking.stage, person=person, reason=asking.wrote("reason"))


def _against_confirming(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := being_destroyed(at.case):
        return refusal
    if not at.case.is_unconfirmed:
        return NotNow(
            "There is nobody to confirm: the complaint names no one, or it has been said who was involved."
        )
    if by in ids(those_who_confirm(at.case, at.procedure)):
        return None
    return _assigns(at, by) or NotYours("You have not been asked to say who was involved.")


def _asked_to_confirm(asking: Asking) -> ConfirmInvolvement:
    persons = tuple(asking.chosen("involved"))
    if bool(persons) == (asking.text("nobody") == "yes"):
        asking.refuse("involved", "Choose everybody who was involved, or that nobody was.")
    return ConfirmInvolvement(
        by=asking.by, stage=asking.stage, persons=persons, reason=asking.wrote("reason")
    )


def _confirmable(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return whom `by` can say is involved, and which of them the complaint names."""
    case = at.case
    known = (person for person in case.involved if person not in case.presumed)
    settled = frozenset(known)
    return {
        "people": tuple(person for person in at.procedure.people if person.id not in settled),
        "named": case.presumed,
    }


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
CONFIRM = Act(
    name="confirm-involved",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_confirming,
    asked=_asked_to_confirm,
    choice="involved",
    shows=Shows(reads=nothing, gives=_confirmable),
    scenes={
        "confirm-involved": Scene(
            needs=(),
            knows=("involved", "text"),
            fills=lambda step, at: {
                "involved": list(step.involved),
                "nobody": "" if step.involved else "yes",
                "reason": step.words,
            },
            by=lambda at: next(iter(ids(those_who_confirm(at.case, at.procedure))), ""),
        )
    },
)
ACTS = (INVOLVE, CONFIRM)
