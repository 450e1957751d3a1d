"""What is due when in a case, and why.

Nothing here is stored: a deadline follows from the events of the case, the procedure and the calendar, and is
worked out afresh whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from functools import cached_property, partial
from typing import Final

from domain.calendars import (
    LONDON,
    ONE_DAY,
    Calendar,
    CalendarError,
    Due,
    Limit,
    Period,
    end_of,
    opening_of,
    spell_day,
    spell_limit,
    to_london,
)
from domain.case import Case, StageRecord
from domain.chasing import awaited_letters, form_rule
from domain.counting import count
from domain.frozen import Frozen
from domain.ladder import DECISION, DeadlineRule, Pause, Remind, WaitingFor
from domain.people import decides_lateness
from domain.procedure import DecisionName, Procedure
from domain.provisions import Completion, Exhausted, LateReply


class Decision(Frozen):
    """What rules by when a person has to decide something besides the stage's own deadlines."""

    name: DecisionName
    within: tuple[Limit, ...]
    remind: tuple[Remind, ...] = (Remind(working_days_before=1),)
    source: str = ""
    own_target: str = ""


class Deadline:
    """One date of a case. `name` is `<stage>/<deadline>`; `counting` works out when it is due."""

    def __init__(
        self,
        *,
        name: str,
        rule: DeadlineRule | Decision,
        origin: datetime,
        met_at: datetime | None,
        counting: Callable[[], Due],
    ) -> None:
        self.name, self.rule, self.origin, self.met_at = name, rule, origin, met_at
        self.is_met = met_at is not None
        self._counting = counting

    @cached_property
    def due(self) -> Due:
        """When it is due, and how that was counted. What is met is not counted unless somebody asks.

        BeyondHorizon: the date lies where the calendar knows no holidays."""
        return self._counting()

    @cached_property
    def is_known(self) -> bool:
        """Whether it can be counted yet: its holidays, or its terms, are known."""
        try:
            return self.due is not None
        except CalendarError:
            return False


class Promised(Frozen):
    """A date as it was counted when the case was stored: `due_at` is the first moment that is too late."""

    deadline: str
    due_at: datetime


def deadlines(case: Case, procedure: Procedure, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return the deadlines of the current stage that have begun, met ones too, in the procedure's order."""
    return deadlines_of(case, case.current, procedure, calendar)


def deadlines_of(
    case: Case, record: StageRecord, procedure: Procedure, calendar: Calendar
) -> tuple[Deadline, ...]:
    """Do as `deadlines`, for any stage that the case has been on."""
    found = []
    for rule in procedure.stage(record.stage).deadlines:
        origin = _origin(case, record, rule, procedure)
        if rule.name == "submit" or origin is None:
            continue
        found.append(
            Deadline(
                name=f"{record.stage}/{rule.name}",
                rule=rule,
                origin=origin,
                met_at=_met_at(record, rule),
                counting=partial(
                    _due, case, record, rule, origin, calendar, _others(case, record, rule, procedure)
                ),
            )
        )
    return tuple(found)


def has_begun(case: Case, rule: DeadlineRule, procedure: Procedure) -> bool:
    """Return whether the time that a rule of the current stage gives is being counted, or was."""
    return _origin(case, case.current, rule, procedure) is not None


_WHILE: Final[Mapping[WaitingFor, str]] = {
    "answers": "waiting for an answer to our question",
    "consent": "waiting for consent to someone acting for the complainant",
    "written-form": "waiting for the complaint in writing",
    "mediation": "waiting for the mediation",
}


def pauses(case: Case, record: StageRecord, rule: DeadlineRule, calendar: Calendar) -> tuple[Period, ...]:
    """Return the days on which a deadline of a stage stood still, or will at most while the complainant is still waited
    for.

    BeyondHorizon: a wait ends where the calendar knows no holidays."""
    if rule.pause is None:
        return ()
    waits: list[tuple[WaitingFor, datetime, datetime | None]] = [
        *(("answers", question.at, question.answered_at) for question in record.questions),
        *((wait.what, wait.since, wait.until) for wait in case.waits),
    ]
    found = []
    for what, since, until in waits:
        if what not in rule.pause.waiting_for:
            continue
        began_on = to_london(since).date()
        last = held_until(rule.pause, since, calendar)
        if until is not None:
            last = min(last, to_london(until).date())
        if last > began_on:
            found.append(Period(began_on + ONE_DAY, last, _WHILE[what]))
    return tuple(found)


def held_for(what: WaitingFor, record: StageRecord, procedure: Procedure) -> str:
    """Return how long the time for a stage's outcome stands still at most while `what` is waited for; empty: it does
    not, or no longer, or the outcome has a date that was given."""
    rules = procedure.stage(record.stage).deadlines
    pause = next((rule.pause for rule in rules if rule.name == "respond"), None)
    if pause is None or what not in pause.waiting_for or record.responded_at or record.respond_by:
        return ""
    return spell_limit(pause.at_most)


def held_until(pause: Pause, since: datetime, calendar: Calendar) -> date:
    """Return the last day on which a wait that began at `since` can hold the time. BeyondHorizon: it is not known."""
    return count((pause.at_most,), since, calendar=calendar).due


def decisions(case: Case, procedure: Procedure, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return by when a late complaint, a late reply, the letter to an exhausted case or the one that is owed after the
    closure has to be decided on or sent; what was decided too, as met. Some of it is asked for after the closure."""
    begun: list[tuple[Decision, datetime, datetime | None]] = []
    if decides_lateness(case, procedure) and (case.is_open or case.lateness):
        rules = procedure.stage(case.made.stage).deadlines
        rule = next(rule for rule in rules if rule.name == "submit")
        decision = _decision("lateness", rule.discretion_within, rule)
        began = (moment for moment in (case.made.taken_up_at, case.late_since) if moment is not None)
        since = max(began, default=case.opened_at)
        begun.append((decision, since, case.lateness_decided_at))
    # What waits no longer, because an answer that had come in time was entered after all, is asked of nobody.
    if case.late_reply_at is not None and (case.late_reply == "asked" or case.late_reply_decided_at):
        rule_of_late_replies = procedure.late_replies
        decision = _decision("late-reply", rule_of_late_replies.within, rule_of_late_replies)
        begun.append((decision, case.late_reply_at, case.late_reply_decided_at))
    if procedure.exhausted is not None and case.reopening_at is not None:
        decision = _decision("letter", procedure.exhausted.within, procedure.exhausted)
        begun.append((decision, case.reopening_at, case.reopening_answered_at))
    owed = procedure.completion
    if owed is not None and case.closed_at is not None and (case.owes_letter or case.completion):
        sent_at = None if case.owes_letter else case.completion_sent_at
        begun.append((_decision("completion", owed.within, owed), case.closed_at, sent_at))
    return tuple(
        Deadline(
            name=f"{case.current.stage}/{rule.name}",
            rule=rule,
            origin=origin,
            met_at=met_at,
            counting=partial(count, rule.within, origin, calendar=calendar),
        )
        for rule, origin, met_at in begun
    )


def _decision(
    name: DecisionName, within: tuple[Limit, ...], stated: DeadlineRule | LateReply | Exhausted | Completion
) -> Decision:
    if within == DECISION:
        silent = "The procedure sets no limit for this; it is the organisation's own target."
        return Decision(name=name, within=within, own_target=silent)
    return Decision(name=name, within=within, source=stated.source, own_target=stated.own_target)


def submission_deadline(
    procedure: Procedure, stage: str, incident_on: date | None, calendar: Calendar
) -> Due | None:
    """Return by when a complaint about something that happened on `incident_on` was to be handed in; None: the stage
    sets no limit, or the day is not known, or lies before all days that the calendar knows."""
    rule = next((rule for rule in procedure.stage(stage).deadlines if rule.name == "submit"), None)
    if rule is None or incident_on is None or incident_on < calendar.known_from:
        return None
    return count(rule.within, datetime.combine(incident_on, time(12), LONDON), calendar=calendar)


def _origin(case: Case, record: StageRecord, rule: DeadlineRule, procedure: Procedure) -> datetime | None:
    if rule.name == "progress" and record.progress_at is not None:
        return record.progress_at
    origin: datetime | None = None
    match rule.counted_from:
        case "received":
            origin = case.opened_at
        case "requested":
            origin = record.requested_at
        case "acknowledged":
            origin = record.acknowledged_at
        case "responded":
            origin = _heard_at(case, record.stage, "outcome", record.responded_at)
        case "incident" | "closed":
            pass
    return _when_in_writing(case, record, rule, origin, procedure)


def _heard_at(case: Case, stage: str, notice: str, sent_at: datetime | None) -> datetime | None:
    """Return when the complainant heard of what was sent: where it went by letter alone, when that was posted."""
    posted = [
        opening_of(letter.posted_on)
        for letter in awaited_letters(case, stage)
        if letter.notice == notice and letter.posted_on is not None
    ]
    return max(sent_at, *posted) if sent_at is not None and posted else sent_at


def _when_in_writing(
    case: Case, record: StageRecord, rule: DeadlineRule, origin: datetime | None, procedure: Procedure
) -> datetime | None:
    """Return the same, or, where the procedure counts from the complaint in writing, when that was there, be it before
    the stage was asked for; None: it is not."""
    if origin is None or case.form_asked_at is None or record.stage != case.made.stage:
        return origin
    written = form_rule(case, procedure)
    if written is None or rule.name not in written.counts:
        return origin
    here_at = case.form_here_at or case.form_waived_at
    if here_at is None:
        return None
    begins_with_it = rule.counted_from in ("received", "requested")
    return max(case.opened_at if begins_with_it else origin, here_at)


def _met_at(record: StageRecord, rule: DeadlineRule) -> datetime | None:
    match rule.name:
        case "acknowledge":
            return record.acknowledged_at
        case "first-response":
            return record.first_response_at or record.responded_at
        case "respond" | "progress":
            # The answer tells everything that a report could.
            return record.responded_at
        case "reply":
            return record.replied_at
        case "submit":
            return None


class _Other(Frozen):
    """A limit that begins elsewhere, and where: `since` is said after it."""

    limit: Limit
    origin: datetime
    since: str


def _others(case: Case, record: StageRecord, rule: DeadlineRule, procedure: Procedure) -> tuple[_Other, ...]:
    """Return the limits of a rule that have a beginning of their own, as far as they have begun."""
    found = []
    origin: datetime | None
    since: str
    for also in rule.also:
        reached = next((one for one in case.stages if one.stage == (also.stage or record.stage)), None)
        if reached is None:
            continue
        title = procedure.stage(reached.stage).title
        match also.counted_from:
            case "received":
                origin, since = case.opened_at, "the complaint’s arrival"
            case "requested":
                origin, since = reached.requested_at, f"the request for “{title}”"
            case "acknowledged":
                origin, since = reached.acknowledged_at, f"the acknowledgement at “{title}”"
            case _:
                continue
        if origin is not None:
            found.append(_Other(limit=also.within, origin=origin, since=since))
    return tuple(found)


def _earliest(own: Due, others: tuple[_Other, ...], rule: DeadlineRule, calendar: Calendar) -> Due:
    """Return the earliest of what a rule's own limits come to and of those that begin elsewhere, and why."""
    if not others:
        return own
    ends = [(own, f"{' or '.join(spell_limit(limit) for limit in rule.within)} from this stage")]
    for other in others:
        end = count((other.limit,), other.origin, calendar=calendar)
        ends.append((end, f"{spell_limit(other.limit)} from {other.since}"))
    said = [f"{what} (to {spell_day(end.due)})" for end, what in ends]
    earliest = min((end for end, _ in ends), key=lambda end: end.due_at)
    choice = "earliest" if len(said) > 2 else "earlier"
    return replace(
        earliest, counted=f"the {choice} of {', '.join(said[:-1])} and {said[-1]}: {earliest.counted}"
    )


def _due(
    case: Case,
    record: StageRecord,
    rule: DeadlineRule,
    origin: datetime,
    calendar: Calendar,
    others: tuple[_Other, ...],
) -> Due:
    last_day = record.respond_by if rule.name == "respond" else None
    if last_day is not None and (record.taken_up_at is None or end_of(last_day) > record.taken_up_at):
        return Due(
            due=last_day,
            due_at=end_of(last_day),
            steps=(),
            counted=f"the new date that was given: {spell_day(last_day)}",
        )
    paused = pauses(case, record, rule, calendar)
    due = count(rule.within, origin, calendar=calendar, paused=paused)
    due = _earliest(due, others, rule, calendar)
    if record.taken_up_at is not None and due.due_at <= record.taken_up_at:
        # A date that had passed counts anew from when the case was opened again.
        return count(rule.within, record.taken_up_at, calendar=calendar, paused=paused)
    if rule.name != "reply":
        return due
    reminded = [reminded for reminded in case.reminded if reminded.deadline == f"{record.stage}/reply"]
    if not reminded:
        return due
    # A reminder that went out late, for the system had stopped, leaves as much time as a punctual one.
    given = min(rule.remind, key=lambda remind: remind.working_days_before).working_days_before
    first = min(reminder.at for reminder in reminded)
    heard_at = _heard_at(case, record.stage, "reply-reminder", first) or first
    after_reminder = count((Limit(count=given, unit="working-days"),), heard_at, calendar=calendar)
    return after_reminder if after_reminder.due > due.due else due


def counts_since(
    case: Case, rule: DeadlineRule, origin: datetime, procedure: Procedure, calendar: Calendar
) -> datetime:
    """Return from when the time of the current stage counts that a rule gives: from `origin` or, where it was over by
    then, from when the case was opened again."""
    taken_up_at = case.current.taken_up_at
    if taken_up_at is None:
        return origin
    before = case.current.replaced({"taken_up_at": None, "respond_by": None})
    try:
        due = _due(case, before, rule, origin, calendar, _others(case, before, rule, procedure))
    except CalendarError:
        # Nothing has passed that nobody can count.
        return origin
    return taken_up_at if due.due_at <= taken_up_at else origin


def is_late(
    procedure: Procedure, stage: str, incident_on: date | None, calendar: Calendar, *, now: datetime
) -> bool:
    """Return whether a complaint that is handed in `now` comes after the limit that the stage sets."""
    try:
        limit = submission_deadline(procedure, stage, incident_on, calendar)
    except CalendarError:
        # Nobody is late for a day that nobody can name.
        return False
    if limit is not None:
        return now >= limit.due_at
    sets_limit = any(rule.name == "submit" for rule in procedure.stage(stage).deadlines)
    # What happened before the first day that the calendar knows is years past any limit.
    return sets_limit and incident_on is not None and incident_on < calendar.known_from
