"""Cases that belong together know of each other, and of two that are the same one goes on.

A decision is about one case. What the other has to know is passed on to it afterwards (`domain.effect.Pass`), as often
as it takes; it then knows what this case knew last. No event and no message says which case the other is: that is for
those who may read both.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, FilledIn, Scene, Traits, nobody
from domain.acts.assignment import assign_without_choice
from domain.acts.closure import close
from domain.acts.conflict import losing, told_of_named, with_named
from domain.case import SYSTEM, Case
from domain.command import Command, Events, StageCommand
from domain.effect import Pass
from domain.errors import AlreadyDone, NotNow, Refused
from domain.event import Event, StageEvent, Telling, Tells
from domain.form import Asking, OtherCase
from domain.frozen import replace
from domain.linked import How, link_to, with_link
from domain.managers import no_longer_above
from domain.rights import concluded, looks_after, open_at
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing

NOT_FOUND = "We cannot find another case with this reference that you can open. Check the reference."
"""Said of a case that there is not, of another organisation's, and of one that is not for the person to read: nobody
learns which."""

NOT_THE_SAME = (
    "The two cases do not have the same email address or telephone number on record. If both are from the same person, "
    "correct how we reach them first. If they are not, link the cases instead."
)


class CasesLinked(StageEvent):
    """Another case belongs together with this one; `reason` is content."""

    other: str
    reason: str

    wrote = ("reason",)

    def after(self, case: Case) -> Case:
        return replace(case, links=with_link(case.links, self.other, "linked", reason=self.reason))

    def tells(self, telling: Telling) -> Tells:
        return (*telling.news_to_others(*telling.handling, *telling.coordinators), *telling.done)

    def passes(self, before: Case) -> tuple[Pass, ...]:
        return (Pass(ref=self.other),)


class CasesUnlinked(StageEvent):
    """Another case does not belong together with this one after all; `reason` is content."""

    other: str
    reason: str

    wrote = ("reason",)

    def after(self, case: Case) -> Case:
        return replace(case, links=with_link(case.links, self.other, "unlinked", reason=self.reason))

    def tells(self, telling: Telling) -> Tells:
        return (*telling.news_to_others(*telling.handling, *telling.coordinators), *telling.done)

    def passes(self, before: Case) -> tuple[Pass, ...]:
        return (Pass(ref=self.other),)


class DuplicateMarked(StageEvent):
    """The same person has told us the same in the case `of`, which goes on for both; `reason` is content, and the
    complainant is told it."""

    of: str
    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        return replace(case, links=with_link(case.links, self.of, "duplicate-of", reason=self.reason))

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("duplicate", content=self.reason), *telling.done)

    def passes(self, before: Case) -> tuple[Pass, ...]:
        return (Pass(ref=self.of),)


class LinkHeard(Event):
    """Another case says what it is to this one, as of its version `heard`."""

    other: str
    how: How
    heard: int
    involved: tuple[str, ...] = ()
    """Who is involved in what was told there, and counts here from now on; they were not known here."""
    names_people: bool = False
    """Nobody has looked there whom it is about."""
    lost: tuple[str, ...] = ()
    """Reviewers who are involved in it: they lose the case."""
    peers: tuple[str, ...] = ()
    """Reviewers who lose the case as well: it is for managers of those persons to look into."""

    def after(self, case: Case) -> Case:
        known = link_to(case.links, self.other)
        reason = known.reason if known is not None and known.how == self.how else ""
        links = with_link(case.links, self.other, self.how, reason=reason, heard=self.heard)
        named = with_named(case.without(self.peers), self.involved, to_confirm=self.names_people, at=self.at)
        return replace(named, links=links)

    def tells(self, telling: Telling) -> Tells:
        asked = telling.confirming if self.names_people else ()
        concerned = (*telling.handling, *telling.coordinators)
        return (
            *told_of_named(
                telling, self.involved, lost=(*self.lost, *self.peers), to_confirm=self.names_people
            ),
            *telling.news(*(person for person in concerned if person not in asked)),
        )


class LinkCases(StageCommand):
    """`reason.words["reason"]`: why `other` belongs together with the case. Whether there is such a case that the
    person may read is for whoever asks to find out."""

    other: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: no reason. AlreadyDone: they are linked."""
        at.require(LINK, self.by, self.stage)
        self.reason.require(reason="Write why they belong together.")
        known = link_to(at.case.links, self.other)
        if known is not None and known.how != "unlinked":
            raise AlreadyDone("These cases are already linked.")
        return (
            CasesLinked(at=at.now, by=self.by, stage=self.stage, other=self.other, reason=self.reason.id),
        )


class UnlinkCases(StageCommand):
    """`reason.words["reason"]`: why `other` does not belong together with the case."""

    other: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: no reason. NotNow: they are not linked."""
        at.require(UNLINK, self.by, self.stage)
        self.reason.require(reason="Write why they do not belong together.")
        known = link_to(at.case.links, self.other)
        if known is None or known.how != "linked":
            raise NotNow("These cases are not linked.")
        return (
            CasesUnlinked(at=at.now, by=self.by, stage=self.stage, other=self.other, reason=self.reason.id),
        )


class MarkDuplicate(StageCommand):
    """`reason.words["reason"]`: why, which the complainant reads. `of` is the case that goes on; that it is open and of
    the same person is for whoever asks to find out."""

    of: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Close this case. Incomplete: no reason. NotNow: another case was closed because this one goes on for it."""
        at.require(DUPLICATE, self.by, self.stage)
        self.reason.require(reason="Write why this is a duplicate. The complainant will read it.")
        if any(link.how == "goes-on-for" for link in at.case.links):
            raise NotNow("Another case was closed as a duplicate of this one, so this one has to go on.")
        marked = DuplicateMarked(at=at.now, by=self.by, stage=self.stage, of=self.of, reason=self.reason.id)
        return (marked, *close(at.then(marked), "duplicate"))


class HearOfLink(Command):
    """The case `other` says what it is to this one (`how`, as seen from here), as of its version `heard`; who is
    `involved` in it, and whether nobody has looked at that yet."""

    other: str
    how: How
    heard: int
    involved: tuple[str, ...] = ()
    is_unconfirmed: bool = False

    def decide(self, at: Situation) -> Events:
        """Return what happens: nothing where that is known, or something newer was heard."""
        known = link_to(at.case.links, self.other)
        if known is not None and (known.heard >= self.heard or known.how == self.how):
            return ()
        if known is None and self.how == "unlinked":
            return ()
        heard = LinkHeard(at=at.now, by=SYSTEM, other=self.other, how=self.how, heard=self.heard)
        if self.how != "goes-on-for":
            return (heard,)
        heard = replace(
            heard,
            involved=tuple(person for person in self.involved if person not in at.case.involved),
            names_people=self.is_unconfirmed,
            lost=losing(at.case, self.involved),
        )
        if self.is_unconfirmed:
            # Whether it is for managers follows from whom it is about, which somebody is asked to say.
            return (heard,)
        heard = replace(heard, peers=no_longer_above(at.then(heard).case, at.procedure))
        if not (heard.lost or heard.peers):
            return (heard,)
        return (heard, *assign_without_choice(at.then(heard)))


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    return open_at(at.case, stage) or looks_after(at.case, by, at.procedure)


def _against_unlinking(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := _against(at, by, stage):
        return refusal
    if not any(link.how == "linked" for link in at.case.links):
        return NotNow("This case is not linked to another one.")
    return None


def _against_marking(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it until an outcome is recorded: from then on it has been dealt with here."""
    return _against(at, by, stage) or concluded(at.case)


def _other(asking: Asking) -> OtherCase:
    """Return the other case. Unprocessable: there is none that the person may read."""
    ref = asking.text("reference").upper().replace(" ", "")
    found = asking.other(ref) if ref and ref != asking.at.ref else None
    if found is None:
        asking.refuse("reference", NOT_FOUND)
    return found


def _asked_to_link(asking: Asking) -> LinkCases:
    other = _other(asking)
    return LinkCases(by=asking.by, stage=asking.stage, other=other.ref, reason=asking.wrote("reason"))


def _asked_to_unlink(asking: Asking) -> UnlinkCases:
    other = _other(asking)
    return UnlinkCases(by=asking.by, stage=asking.stage, other=other.ref, reason=asking.wrote("reason"))


def _asked_to_mark(asking: Asking) -> MarkDuplicate:
    other = _other(asking)
    if not other.is_open:
        asking.refuse("reference", "That case is closed. Choose one that is open, or link the cases instead.")
    if not other.is_same_person:
        asking.refuse("reference", NOT_THE_SAME)
    return MarkDuplicate(by=asking.by, stage=asking.stage, of=other.ref, reason=asking.wrote("reason"))


def _played(step: Step, at: Situation) -> FilledIn:
    return {"reference": step.whom, "reason": step.words}


def _about_another(
    name: str,
    against: Callable[[Situation, str, str], Refused | None],
    asked: Callable[[Asking], LinkCases | UnlinkCases | MarkDuplicate],
) -> Act:
    """Return an act that is about another case and has a reason."""
    return Act(
        name=name,
        whose="staff",
        traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
        against=against,
        asked=asked,
        choice="reference",
        shows=None,
        scenes={name: Scene(needs=("whom",), knows=("text",), fills=_played, by=None)},
    )


LINK = _about_another("link-case", _against, _asked_to_link)
UNLINK = _about_another("unlink-case", _against_unlinking, _asked_to_unlink)
DUPLICATE = _about_another("duplicate", _against_marking, _asked_to_mark)
ACTS = (LINK, UNLINK, DUPLICATE)
