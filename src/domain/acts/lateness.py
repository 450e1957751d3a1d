"""A complaint that came late: whether it is considered is for the role that the procedure names, and for no machine."""

from __future__ import annotations

from datetime import date

from domain.act import Act, Traits, deciding, somebody
from domain.acts.closure import close
from domain.case import Case
from domain.command import Events, StageCommand
from domain.deadlines import is_late
from domain.errors import AlreadyDone, NotAllowed, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.people import decides_lateness
from domain.rights import may_decide, open_at
from domain.situation import Situation
from domain.words import Writing


class LatenessDecided(StageEvent):
    """Whether a complaint that came late is considered, at the discretion of the role that the procedure names;
    `reason` is content, and the complainant is told it."""

    accepted: bool
    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        decided = "accepted" if self.accepted else "declined"
        return replace(case, lateness=decided, lateness_reason=self.reason, lateness_decided_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        # A case that ends with it is told of as ended.
        concerned = (*telling.reviewers, *telling.coordinators) if self.accepted else ()
        return (*telling.complainant("decision"), *telling.news_to_others(*concerned), *telling.done)


class DecideLateness(StageCommand):
    """`reason.words["reason"]`: why a late complaint is considered, or why not. The complainant reads it."""

    accepted: bool
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Let the case go on where it is accepted, and end where it is declined. Incomplete: no reason is given."""
        at.require(DECIDE_LATENESS, self.by, self.stage)
        self.reason.require(reason="Write the reason for your decision.")
        decided = LatenessDecided(
            at=at.now, by=self.by, stage=self.stage, accepted=self.accepted, reason=self.reason.id
        )
        return (decided,) if self.accepted else (decided, *close(at.then(decided), "declined"))


def came_late(at: Situation, since: date | None) -> bool:
    """Return whether the complaint came too late, were `since` the day from which its time counts. What was accepted
    stays accepted, and what has an outcome is not turned away any more."""
    case, made = at.case, at.case.made
    is_dealt_with = case.current.stage != made.stage or case.current.responded_at is not None
    if case.lateness == "accepted" or is_dealt_with:
        return case.late
    return is_late(at.procedure, made.stage, since, at.calendar, now=made.requested_at)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    role = decides_lateness(at.case, at.procedure)
    if not role:
        return NotAllowed("This complaint did not come late, so there is nothing to decide.")
    if refusal := may_decide(at.case, by, at.procedure, (role,)) or open_at(at.case, stage):
        return refusal
    if at.case.lateness:
        return AlreadyDone("It has already been decided whether this complaint will be considered.")
    return None


def _asked(asking: Asking) -> DecideLateness:
    accepted = asking.says_yes("Choose whether it will be considered.")
    return DecideLateness(by=asking.by, stage=asking.stage, accepted=accepted, reason=asking.wrote("reason"))


DECIDE_LATENESS = Act(
    name="lateness",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={"lateness": deciding()},
)
ACTS = (DECIDE_LATENESS,)
