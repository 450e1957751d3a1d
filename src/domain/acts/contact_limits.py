"""A limit on contact that is abusive: proposed by whoever works on the case, decided on and reviewed by a role, told to
the complainant, and no longer than the case is open. Nothing that the procedure promises ends with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from domain.act import Act, FilledIn, Scene, Shows, Traits, deciding, nobody, nothing, somebody, typed_day
from domain.calendars import ONE_DAY, spell_day, spell_limit, to_london
from domain.case import SYSTEM, Case
from domain.command import Events, StageCommand
from domain.counting import count
from domain.days import wanted
from domain.errors import AlreadyDone, FieldProblem, NotNow, Refused
from domain.event import Contents, Event, StageEvent, Telling, Tells
from domain.exchanges import ContactLimit
from domain.form import Asking
from domain.frozen import replace
from domain.people import deciders, ids
from domain.rights import looks_after, may_decide, open_at, unconfirmed
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require


class ContactLimitProposed(StageEvent):
    """Contact with the complainant is to be limited; `limit` is content (what the limit is, and why), and the limit's
    id."""

    limit: str
    review_on: date

    wrote = ("limit", "limit", "reason")

    def after(self, case: Case) -> Case:
        proposed = ContactLimit(id=self.limit, by=self.by, at=self.at, review_on=self.review_on)
        return replace(case, contact_limit=proposed)

    def tells(self, telling: Telling) -> Tells:
        others = (person for person in telling.deciders("contact-limit") if person != self.by)
        return (*telling.tell("contact-limit-request", *others), *telling.done)


class ContactLimitDecided(StageEvent):
    """Whether contact is limited as it was proposed; `reason` is content, empty where whoever decides proposed it."""

    accepted: bool
    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        if case.contact_limit is None or not self.accepted:
            return replace(case, contact_limit=None)
        limited = replace(
            case.contact_limit,
            decided_by=self.by,
            decided_at=self.at,
            reminders=0,
            reminded_at=None,
        )
        return replace(case, contact_limit=limited)

    def tells(self, telling: Telling) -> Tells:
        limit = telling.case.contact_limit
        told = telling.complainant("contact-limit", content=limit.id) if limit is not None else ()
        return (
            *told,
            *telling.news_to_others(*telling.handling, *telling.coordinators),
            *telling.done,
        )


class ContactLimitReviewed(StageEvent):
    """Whether the limit goes on, and until it is reviewed again on which day; None: it is lifted. `reason` is content,
    and the complainant is told it."""

    review_on: date | None
    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        if case.contact_limit is None or self.review_on is None:
            return replace(case, contact_limit=None)
        goes_on = replace(case.contact_limit, review_on=self.review_on, reminders=0, reminded_at=None)
        return replace(case, contact_limit=goes_on)

    def tells(self, telling: Telling) -> Tells:
        return (
            *telling.complainant("contact-limit", content=self.reason),
            *telling.news_to_others(*telling.handling, *telling.coordinators),
            *telling.done,
        )


class ContactLimitReminded(Event):
    """Those who decide on the limit, and from the second time on those over them, were told that it waits for them: to
    be decided on, or to be reviewed."""

    def after(self, case: Case) -> Case:
        if case.contact_limit is None:
            return case
        reminders = case.contact_limit.reminders + 1
        return replace(
            case,
            contact_limit=replace(case.contact_limit, reminders=reminders, reminded_at=self.at),
        )

    def tells(self, telling: Telling) -> Tells:
        limit = telling.case.contact_limit
        is_again = limit is not None and limit.reminders > 1
        limiting = telling.deciders("contact-limit")
        over = telling.over(*limiting) if is_again else ()
        return telling.tell("contact-limit-request", *limiting, *over)


class LimitContact(StageCommand):
    """`limit.words`: `limit`, what the complainant can still do and what not, and `reason`; the complainant reads both.
    `review_on`: when it is looked at again."""

    limit: Writing
    review_on: date

    def decide(self, at: Situation) -> Events:
        """Return what happens: it waits for somebody to decide on it, or holds where `by` is who decides.

        Incomplete: no limit, no reason, or no day on which it can be reviewed."""
        at.require(LIMIT, self.by, self.stage)
        missing = self.limit.missing(
            limit="Write what the limit is. The complainant will read it.",
            reason="Write why it is needed. The complainant will read it.",
        )
        require([*missing, *_against_day(at, self.review_on)])
        proposed = ContactLimitProposed(
            at=at.now,
            by=self.by,
            stage=self.stage,
            limit=self.limit.id,
            review_on=self.review_on,
        )
        if not _is_decided_by(self.by, at):
            return (proposed,)
        return (
            proposed,
            ContactLimitDecided(at=at.now, by=self.by, stage=self.stage, accepted=True, reason=""),
        )


class DecideLimit(StageCommand):
    """`reason.words["reason"]`: why; whoever proposed it reads it in the history of the case."""

    accepted: bool
    reason: Writing

    def decide(self, at: Situation) -> Events:
        at.require(DECIDE, self.by, self.stage)
        self.reason.require(reason="Write the reason for your decision.")
        return (
            ContactLimitDecided(
                at=at.now,
                by=self.by,
                stage=self.stage,
                accepted=self.accepted,
                reason=self.reason.id,
            ),
        )


class ReviewLimit(StageCommand):
    """`review_on`: when the limit is looked at again, which goes on; None: it is lifted. `reason.words["reason"]`: why;
    the complainant reads it."""

    review_on: date | None
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: no reason, or no day on which it can be reviewed."""
        at.require(REVIEW, self.by, self.stage)
        missing = self.reason.missing(reason="Write the reason. The complainant will read it.")
        if self.review_on is not None:
            missing += _against_day(at, self.review_on)
        require(missing)
        return (
            ContactLimitReviewed(
                at=at.now,
                by=self.by,
                stage=self.stage,
                review_on=self.review_on,
                reason=self.reason.id,
            ),
        )


def remind_of_limit(now: datetime) -> Events:
    """Say that the limit waits to be decided on or reviewed."""
    return (ContactLimitReminded(at=now, by=SYSTEM),)


def latest_review(at: Situation) -> date:
    """Return the last day on which a limit that is decided on now can be reviewed."""
    return count((at.procedure.limits_on_contact.review_within,), at.now, calendar=at.calendar).due


def _is_decided_by(person: str, at: Situation) -> bool:
    return person in ids(deciders("contact-limit", at.case, at.procedure))


def _against_day(at: Situation, day: date) -> list[FieldProblem]:
    first, last = to_london(at.now).date() + ONE_DAY, latest_review(at)
    if first <= day <= last:
        return []
    sentence = f"Enter a date from {spell_day(first)} to {spell_day(last)}."
    return [FieldProblem("review_on", sentence)]


def _against_limiting(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it to whoever works on the case, once until it is lifted or declined."""
    if refusal := open_at(at.case, stage) or looks_after(at.case, by, at.procedure):
        return refusal
    if at.case.contact_limit is not None:
        return AlreadyDone("Contact has already been limited, or a limit is waiting for a decision.")
    return unconfirmed(at.case)


def _against_deciding(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := _decides(at, by, stage):
        return refusal
    if at.case.contact_limit is None:
        return NotNow("No limit on contact is waiting for a decision.")
    if at.case.contact_limit.decided_at is not None:
        return AlreadyDone("The limit on contact has already been decided on.")
    return None


def _against_reviewing(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it at any time: what is no longer needed is lifted before its day."""
    if refusal := _decides(at, by, stage):
        return refusal
    if at.case.contact_limit is None or at.case.contact_limit.decided_at is None:
        return NotNow("Contact is not limited.")
    return None


def _decides(at: Situation, by: str, stage: str) -> Refused | None:
    role = at.procedure.limits_on_contact.role
    return open_at(at.case, stage) or may_decide(at.case, by, at.procedure, (role,))


def _is_due(at: Situation, by: str) -> bool:
    """Return whether the day on which the limit is reviewed has come."""
    limit = at.case.contact_limit
    return limit is not None and limit.review_on <= to_london(at.now).date()


def _asked_to_limit(asking: Asking) -> LimitContact:
    review_on = asking.day("review_on")
    if review_on is None:
        asking.refuse("review_on", wanted("the date of the review"))
    return LimitContact(
        by=asking.by,
        stage=asking.stage,
        limit=asking.wrote("limit", "reason"),
        review_on=review_on,
    )


def _asked_to_decide(asking: Asking) -> DecideLimit:
    accepted = asking.says_yes("Choose whether contact is limited.")
    return DecideLimit(
        by=asking.by,
        stage=asking.stage,
        accepted=accepted,
        reason=asking.wrote("reason"),
    )


def _asked_to_review(asking: Asking) -> ReviewLimit:
    lifted = asking.choice("review", ("lift", "keep"), "Choose whether the limit is lifted.") == "lift"
    review_on = None if lifted else asking.day("review_on")
    if not lifted and review_on is None:
        asking.refuse("review_on", wanted("the date of the next review"))
    return ReviewLimit(
        by=asking.by,
        stage=asking.stage,
        review_on=review_on,
        reason=asking.wrote("reason"),
    )


def _reads(at: Situation, by: str) -> tuple[str, ...]:
    return (at.case.contact_limit.id,) if at.case.contact_limit is not None else ()


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    limit = at.case.contact_limit
    words = contents.get(limit.id, {}) if limit is not None else {}
    return {
        "limit": str(words.get("limit", "")),
        "reason": str(words.get("reason", "")),
        "review_on": limit.review_on if limit is not None else None,
        **_bounds(at, by, contents),
    }


def _bounds(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return what the form says of the day of the review, and of who decides."""
    limits = at.procedure.limits_on_contact
    return {
        "within": spell_limit(limits.review_within),
        "decided_by": at.procedure.role(limits.role).title,
        "decides": _is_decided_by(by, at),
    }


def _review_day(step: Step, at: Situation) -> dict[str, str]:
    return typed_day("review_on", step.on or latest_review(at))


def _played_review(step: Step, at: Situation) -> FilledIn:
    lifts = step.decision != "go-on"
    return {
        "review": "lift" if lifts else "keep",
        "reason": step.words,
        **({} if lifts else _review_day(step, at)),
    }


LIMIT = Act(
    name="limit-contact",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=False),
    against=_against_limiting,
    asked=_asked_to_limit,
    choice="action",
    shows=Shows(reads=nothing, gives=_bounds),
    scenes={
        "limit-contact": Scene(
            needs=(),
            knows=("what_else", "text", "on"),
            fills=lambda step, at: {
                "limit": step.what_else or "Only in writing.",
                "reason": step.words,
                **_review_day(step, at),
            },
            by=None,
        )
    },
)
DECIDE = Act(
    name="decide-limit",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_deciding,
    asked=_asked_to_decide,
    choice="decision",
    shows=Shows(reads=_reads, gives=_gives),
    scenes={"decide-limit": deciding()},
)
REVIEW = Act(
    name="review-limit",
    whose="staff",
    traits=Traits(again="as-often", waits_for=_is_due, about="complaint", stands_alone=True),
    against=_against_reviewing,
    asked=_asked_to_review,
    choice="review",
    shows=Shows(reads=_reads, gives=_gives),
    scenes={"review-limit": Scene(needs=("decision",), knows=("on", "text"), fills=_played_review, by=None)},
)
ACTS = (LIMIT, DECIDE, REVIEW)
