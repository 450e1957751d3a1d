"""Staff open a closed case again: silence closed it, the complainant had withdrawn, or it was closed by mistake.

Not to be confused with a complainant's wish to reopen what went through every stage (`reopening`), which is answered
with a letter, and with a late reply (`late_reply`), which leads to the next stage.
"""

from __future__ import annotations

from datetime import datetime

from domain.act import Act, Shows, Traits, nobody, nothing, writing
from domain.acts.lateness import came_late
from domain.acts.stages import stage_begins
from domain.calendars import Calendar, Due, spell_day
from domain.case import Case
from domain.command import Events, StageCommand
from domain.counting import count
from domain.effect import Pass
from domain.errors import NotAllowed, NotNow, Refused
from domain.event import StageEvent, Telling, Tells
from domain.frozen import replace
from domain.linked import Links, with_link
from domain.people import asked_to_approve, ids, keepers_of_closed, lacks_reviewers, those_who_assign
from domain.procedure import Procedure
from domain.rights import being_destroyed, in_charge, still_on
from domain.situation import Situation
from domain.words import Writing


class CaseTakenUp(StageEvent):
    """The closed case goes on where it was; `reason` is content, and the complainant is told it."""

    reason: str
    late: bool | None = None
    """Whether it came too late by what is on record now; None: as it was known before."""

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        if self.late is not None:
            since = self.at if self.late and not case.late else case.late_since
            case = replace(case, late=self.late, late_since=since if self.late else None)
        opened = replace(
            case, closed_at=None, ended="", keep_until=None, destroy_at=None, late_reply="", owes_letter=False
        )
        match case.ended:
            case "declined":
                # Whether it is considered is to be decided anew.
                opened = replace(opened, lateness="", lateness_decided_at=None)
            case "unwritten":
                opened = replace(
                    opened,
                    form_asked_at=self.at,
                    form_waived_at=None,
                    form_reminded_at=None,
                    form_reminders=0,
                )
            case "withdrawn" if case.looked_into:
                # Were it withdrawn once more, what has to be looked into then is another matter.
                opened = replace(opened, look_into="", looked_into="")
            case "duplicate":
                for link in _goes_on_in(case):
                    opened = replace(
                        opened, links=with_link(opened.links, link.ref, "linked", reason=link.reason)
                    )
            case _:
                pass
        opened = opened.on_stage(replied_at=None, taken_up_at=self.at)
        opened = opened.waiting("written-form", still=opened.waits_for_form, at=self.at)
        opened = opened.waiting("consent", still=opened.lacks_consent, at=self.at)
        return opened.waiting("mediation", still=opened.waits_for_mediation, at=self.at)

    def passes(self, before: Case) -> tuple[Pass, ...]:
        return tuple(Pass(ref=link.ref) for link in _goes_on_in(before))

    def tells(self, telling: Telling) -> Tells:
        # Who is informed heard of an end without an outcome.
        unheard = telling.informed if telling.case.current.responded_at is None else ()
        deciders = telling.deciders("lateness") if not telling.case.lateness else ()
        approving = asked_to_approve(telling.case, telling.procedure)
        naming = those_who_assign(telling.case, telling.procedure)
        to_name = ids(naming) if lacks_reviewers(telling.case, telling.procedure) else ()
        concerned = (*telling.handling, *telling.coordinators, *to_name, *unheard)
        asked = (*deciders, *approving)
        return (
            *telling.complainant("reopened", content=self.reason),
            *telling.news_to_others(*(person for person in concerned if person not in asked)),
            *telling.tell("decision-request", *deciders),
            *telling.tell("approval-request", *approving, about="OutcomeRecorded"),
            *telling.of_nobody_left,
            *telling.done,
        )


def _goes_on_in(case: Case) -> Links:
    """Return the case that goes on in the place of this one, which was a duplicate."""
    return tuple(link for link in case.links if link.how == "duplicate-of")


class TakeUp(StageCommand):
    """`reason.words["reason"]`: why; the complainant reads it."""

    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens: the case goes on where it was, and a concern that had been settled at once begins its
        stage."""
        at.require(TAKE_UP, self.by, self.stage)
        self.reason.require(reason="Write why you are reopening the case. The complainant will read it.")
        taken_up = CaseTakenUp(
            at=at.now,
            by=self.by,
            stage=self.stage,
            reason=self.reason.id,
            late=came_late(at, at.case.counts_from),
        )
        if at.case.ended != "settled":
            return (taken_up,)
        return (taken_up, *stage_begins(at.then(taken_up)))


def can_be_until(closed_at: datetime, procedure: Procedure, calendar: Calendar) -> Due:
    """Return by when a case that closed then can be opened again."""
    return count((procedure.reopened.within,), closed_at, calendar=calendar)


def against_its_age(at: Situation) -> Refused | None:
    """Return whether the case closed too long ago for anything to bring it back."""
    closed_at = at.case.closed_at
    if closed_at is None:
        return None
    limit = can_be_until(closed_at, at.procedure, at.calendar)
    if at.now < limit.due_at:
        return None
    return NotNow(f"The time to reopen this case ended on {spell_day(limit.due)}.")


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    case, procedure = at.case, at.procedure
    if refusal := (
        being_destroyed(case)
        or in_charge(case, by, procedure, keepers_of_closed(procedure))
        or still_on(case, stage)
    ):
        return refusal
    if case.is_open:
        return NotNow("This case is open.")
    if case.ended in ("logged", "exhausted"):
        return NotAllowed("This case cannot be reopened, because nothing is left to do in it.")
    if case.is_asked:
        return NotNow("The complainant has asked for the next stage. Decide on that first.")
    return against_its_age(at)


def _shown(at: Situation, by: str, contents: object) -> dict[str, object]:
    closed_at = at.case.closed_at or at.now
    return {"until": can_be_until(closed_at, at.procedure, at.calendar).due}


TAKE_UP = Act(
    name="take-up",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="afterwards", stands_alone=True),
    against=_against,
    asked=lambda asking: TakeUp(by=asking.by, stage=asking.stage, reason=asking.wrote("reason")),
    choice="action",
    shows=Shows(reads=nothing, gives=_shown),
    scenes={"take-up": writing("reason")},
)
ACTS = (TAKE_UP,)
