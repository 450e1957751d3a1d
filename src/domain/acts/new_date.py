"""While the reviewer looks into it: keeping the complainant informed of a date that moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from domain.act import Act, Scene, Shows, Traits, nobody, nothing, typed_day
from domain.calendars import LONDON, BeyondHorizon, Limit, TermsUnknown, spell_day, to_london
from domain.case import Case
from domain.command import Events, StageCommand
from domain.counting import count
from domain.deadlines import Deadline, counts_since, has_begun, pauses
from domain.errors import AlreadyDone, FieldProblem, NotAllowed, NotNow, Refused
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking, Unprocessable
from domain.frozen import replace
from domain.ladder import DeadlineRule
from domain.rights import reviewing, without_consent
from domain.situation import Situation
from domain.words import Writing, require

_MESSAGE = "Write what is being done, who is doing it and what will happen next."

PARTS: Final[Mapping[str, str]] = {
    "message": "Write what is being done, and why it takes longer.",
    "who": "Write who is doing it.",
    "next": "Write what will happen next.",
}
"""What a new date is given with, and what is said where it is missing."""


class InterimResponseSent(StageEvent):
    """The complainant was told what is being done and by when (`respond_by`, the new last day) to expect the answer."""

    respond_by: date
    message: str

    wrote = ("message", "message")

    def after(self, case: Case) -> Case:
        moved = case.on_stage(
            respond_by=self.respond_by,
            interim=self.message,
            interims=case.current.interims + 1,
            progress_at=self.at,
        ).with_first_response(self.at)
        return reminded_afresh(moved, self.stage)

    def tells(self, telling: Telling) -> Tells:
        return (
            *telling.complainant("interim-response"),
            *telling.done,
            # A date that moves is seen by somebody above, the first time too.
            *telling.news_to_others(*telling.over(self.by)),
        )


class SendInterimResponse(StageCommand):
    """`message.words["message"]`: what is being done, by whom, and the next steps."""

    respond_by: date
    message: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: the message is empty, or the new date is not later than the one that it
        replaces."""
        at.require(GIVE_NEW_DATE, self.by, self.stage)
        running = next(deadline for deadline in at.deadlines if deadline.rule.name == "respond")
        missing = self.message.missing(message=_MESSAGE)
        present = running.due.due if running.is_known else to_london(at.now).date()
        if self.respond_by <= _present(at, running):
            missing.append(
                FieldProblem(
                    "respond_by", f"Enter a date later than today and later than {spell_day(present)}."
                )
            )
        if self.respond_by > at.calendar.known_until:
            known = spell_day(at.calendar.known_until)
            missing.append(
                FieldProblem("respond_by", f"Enter a date up to {known}. Later holidays are not known yet.")
            )
        latest = latest_of(at, running)
        if latest is not None and self.respond_by > latest:
            missing.append(
                FieldProblem("respond_by", f"The procedure allows no date after {spell_day(latest)}.")
            )
        require(missing)
        return (
            InterimResponseSent(
                at=at.now,
                by=self.by,
                stage=self.stage,
                respond_by=self.respond_by,
                message=self.message.id,
            ),
        )


def reminded_afresh(case: Case, stage: str) -> Case:
    """Return the case, in which a new date for the response is reminded of as if nothing had been."""
    kept = tuple(sent for sent in case.reminded if sent.deadline != f"{stage}/respond")
    return replace(case, reminded=kept)


def latest_of(at: Situation, running: Deadline) -> date | None:
    """Return the last day that a new date can be: of what the procedure allows each time, and of what it allows in
    all, the earlier. None: it sets no cap, or one that lies beyond every day that can be given."""
    rule = running.rule
    if not isinstance(rule, DeadlineRule):
        return None
    ends = []
    if rule.extension_cap is not None:
        begins = counts_since(at.case, rule, running.origin, at.procedure, at.calendar)
        ends.append(_end(rule.extension_cap, begins, at, rule))
    if rule.extension_each is not None:
        noon = datetime.combine(_present(at, running), time(12), LONDON)
        ends.append(_end(rule.extension_each, noon, at))
    return min((end for end in ends if end is not None), default=None)


def _end(cap: Limit, begins: datetime, at: Situation, rule: DeadlineRule | None = None) -> date | None:
    """Return the last day of a cap, which stands still with the date of `rule`; None: it lies beyond the last day whose
    holidays are known, and so does no date that is given. Where terms are not known, no more than as many working days
    are certain."""
    try:
        paused = pauses(at.case, at.case.current, rule, at.calendar) if rule is not None else ()
        return count((cap,), begins, calendar=at.calendar, paused=paused).due
    except TermsUnknown:
        return _end(Limit(cap.count, "working-days"), begins, at, rule)
    except BeyondHorizon:
        return None


def _present(at: Situation, running: Deadline) -> date:
    """Return the day after which a new date has to lie: that of the date that runs, or today."""
    today = to_london(at.now).date()
    return max(running.due.due, today) if running.is_known else today


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, object]:
    """Return the last day that can be given, and whether there is none left."""
    running = next((deadline for deadline in at.deadlines if deadline.rule.name == "respond"), None)
    latest = latest_of(at, running) if running is not None else None
    is_spent = running is not None and latest is not None and latest <= _present(at, running)
    return {"latest": latest, "is_spent": is_spent}


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := reviewing(at.case, by, stage) or without_consent(at.case, at.procedure):
        return refusal
    rule = next((rule for rule in at.stage.deadlines if rule.name == "respond"), None)
    if rule is None or rule.extension == "not-provided":
        return NotAllowed("This procedure does not allow a new date at this stage.")
    if not has_begun(at.case, rule, at.procedure):
        if at.case.waits_for_form:
            return NotNow(
                "The time limit for the outcome will start when the complaint has arrived in writing."
            )
        return NotNow("The time limit for the outcome has not started. Acknowledge the complaint first.")
    return None


def _asked(asking: Asking) -> SendInterimResponse:
    respond_by = asking.new_date(**PARTS)
    if missing := [FieldProblem(name, ask) for name, ask in PARTS.items() if not asking.text(name)]:
        raise Unprocessable(*missing)
    if respond_by == asking.at.case.current.respond_by:
        raise AlreadyDone("The complainant has already been given this date.")
    said = (
        asking.text("message"),
        f"Who is doing this: {asking.text('who')}",
        f"What will happen next: {asking.text('next')}",
    )
    return SendInterimResponse(
        by=asking.by,
        stage=asking.stage,
        respond_by=respond_by,
        message=asking.writing(message="\n\n".join(said)),
    )


GIVE_NEW_DATE = Act(
    name="interim",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=Shows(reads=nothing, gives=_gives),
    scenes={
        "interim": Scene(
            needs=("respond_by",),
            knows=("text",),
            fills=lambda step, at: {
                "message": step.words,
                "who": "The reviewer.",
                "next": "We will write to you.",
                **typed_day("respond_by", step.respond_by),
            },
            by=lambda at: next(iter(at.case.current.reviewers), ""),
        )
    },
)
ACTS = (GIVE_NEW_DATE,)
