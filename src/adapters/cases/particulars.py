"""The particulars of a case: names, dates and rules, and nothing that anybody wrote.

Every mail can say them, those to staff too; pages take from them what they show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, get_args

from domain.acts.kind import would_become
from domain.acts.late_reply import ASK_LATE
from domain.acts.reopening import ASK_TO_REOPEN
from domain.breaches import Awaited
from domain.calendars import LONDON, Calendar, CalendarError, last_day_before, spell_limit, to_london
from domain.case import COMPLAINANT, Case, StageRecord
from domain.chasing import to_be_posted
from domain.counting import count
from domain.deadlines import deadlines_of, held_for, held_until, submission_deadline
from domain.effect import Tell
from domain.frozen import replace
from domain.ladder import DeadlineName, DeadlineRule, Stage
from domain.notices import UNDATED
from domain.occasions import breach_of
from domain.people import late_decided_by, nobody_left
from domain.planned import owners
from domain.procedure import LOGGED, DecisionName, Procedure, Signpost
from domain.promises import Promise, promise
from domain.registry import ROOM_OF_EVENT, room
from domain.situation import Situation
from domain.words import listed

_TOLD = tuple(name for name in get_args(DeadlineName) if name != "submit")
"""The dates that notices name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A date as it was before it was counted anew."""

    due: date
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A date that was counted anew."""

    was: Former
    now: Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A stage as the ladder shows it; `limit` is empty where nothing says how long the answer may take."""

    title: str
    limit: str


def particulars_of(tell: Tell, at: Situation) -> dict[str, Any]:
    """Return what every template can say about the case: nothing that anybody wrote."""
    case, procedure = at.case, at.procedure
    record = record_of(case, tell.stage)
    stage = procedure.stage(record.stage)
    names = {person.id: person.name for person in procedure.people}
    is_first = record is case.stages[0]
    signposts, none_named = ways_on(case, procedure)
    return {
        "reference": case.ref,
        "organisation": procedure.organisation,
        "contact": procedure.contact,
        "consent_before": procedure.consent_before,
        "document": procedure.document,
        "document_address": procedure.document_address,
        "kind": case.kind,
        "case": case,
        "what": tell.what,
        "room": room(tell.what) if tell.what in ROOM_OF_EVENT else "",
        "record": record,
        "is_first": is_first,
        "is_open": case.is_open,
        "late": case.late and record is case.made,
        "submission": submission_of(at) if case.late else None,
        "becomes": becomes_next(at, tell.stage) if tell.notice == "outcome" else None,
        "asks": "" if case.is_open else _asks(at),
        "nobody_can": nobody_left(case, procedure) if tell.notice == "nobody-left" else "",
        "decided_by": names.get(case.exhaustion_confirmed_by, ""),
        "signposts": signposts,
        "none_named": none_named,
        "signposted": signposted(tell.notice, case, stage, procedure),
        "completion": _completion(tell, at),
        "can_be_refused": procedure.refusal is not None,
        "letters_waiting": len(to_be_posted(case)),
        "unreachable": tuple(names.get(person, "") for person in case.unreachable),
        "opened_on": to_london(case.opened_at).date(),
        "closed_on": to_london(case.closed_at).date() if case.closed_at else None,
        "days_of_actions": _days_of_actions(tell, case, procedure),
        "responded_on": to_london(record.responded_at).date() if record.responded_at else None,
        **_stage(record, stage, at),
        **_dates(tell, record, stage, at),
        **_reviewers(tell, record, stage, names, procedure),
    }


def _stage(record: StageRecord, stage: Stage, at: Situation) -> dict[str, Any]:
    """Return the rung that a notice is about, and what is still to be done on it."""
    is_open = at.case.is_open
    return {
        # What is only logged is on no stage.
        "stage": None if at.case.kind in LOGGED else stage,
        "next_stage": at.procedure.stage_after(stage.id, skipped=at.case.skipped),
        "skipped_stage": at.procedure.stage(at.case.skipped[-1]) if at.case.skipped else None,
        "ladder": _ladder(at.procedure, stage, at.case.skipped),
        "asks_acknowledgement": stage.acknowledgement == "person",
        "to_acknowledge": record.acknowledged_at is None and is_open,
        "to_assign": not record.reviewers and is_open,
        "awaits_approval": record.awaits_approval,
    }


def _dates(tell: Tell, record: StageRecord, stage: Stage, at: Situation) -> dict[str, Any]:
    """Return the dates of the stage, as far as the notice names any, and what the procedure says of them."""
    about_name = tell.what.rpartition("/")[2] if "/" in tell.what else ""
    dates: dict[str, Promise | None] = dict.fromkeys(_TOLD)
    if tell.notice not in UNDATED:
        found = list(deadlines_of(at.case, record, at.procedure, at.calendar))
        if about_name in get_args(DecisionName):
            found += at.decisions
        dates |= {
            deadline.rule.name: promise(deadline, now=at.now) for deadline in found if deadline.is_known
        }
    rules = {rule.name: rule for rule in stage.deadlines}
    return {
        "dates": dates,
        "running": [date for date in dates.values() if date is not None and not date.met],
        "uncounted": [name.rpartition("/")[2] for name in at.uncounted],
        "known_until": at.calendar.known_until,
        **_missed(tell, at),
        "moves": _moves(at.case, record, dates) if tell.notice == "dates-recounted" else (),
        "limits": {name: _spell_limits(rules[name]) if name in rules else "" for name in dates},
        "about": dates.get(about_name),
        "about_name": about_name,
        "may_extend": "respond" in rules and rules["respond"].extension == "with-new-date",
        "reminds_of_reply": "reply" in rules and bool(rules["reply"].remind),
        "mediation_about": at.procedure.mediation.about if at.procedure.mediation is not None else "",
        "mediation_holds": held_for("mediation", record, at.procedure),
        "waits_until": _waits_until(tell, at.case, record, rules.get("respond"), at.calendar),
    }


def _missed(tell: Tell, at: Situation) -> dict[str, Any]:
    """Return the dates that were missed and are not met, for the notices that are about them."""
    missed = at.missed if tell.notice in ("breach-again", "missed-date") else ()
    breaches = [breach for deadline in missed if (breach := breach_of(at.case, deadline)) is not None]
    return {
        "missed": tuple(promise(deadline, now=at.now) for deadline in missed),
        "admitted": all(breach.admitted_at is not None for breach in breaches),
        "apology": at.procedure.chase.apology,
    }


def _reviewers(
    tell: Tell, record: StageRecord, stage: Stage, names: Mapping[str, str], procedure: Procedure
) -> dict[str, Any]:
    """Return who reviews the stage and who has to agree, by name and by role."""
    return {
        "reviewed_by": _reviewed_by(stage, procedure),
        "reviewers_needed": stage.review.count,
        "reviewers": listed([names.get(person, person) for person in record.reviewers]),
        "fellows": listed(
            [names.get(person, person) for person in record.reviewers if person != tell.person]
        ),
        "approval": stage.approval,
        "approver": _approver(stage, procedure),
        "settled_by": procedure.role(
            (stage.approval and stage.approval.settled_by) or procedure.escalates_to
        ).title,
    }


def record_of(case: Case, stage: str) -> StageRecord:
    """Return what happened on `stage`. A case that became less than it was has left it: then on the one that it is
    on."""
    return next((record for record in case.stages if record.stage == stage), case.current)


def ways_on(case: Case, procedure: Procedure) -> tuple[tuple[Signpost, ...], str]:
    """Return where this complainant can turn when the ladder has ended, and the procedure's statement that it names
    nobody."""
    end = next((stage.end for stage in reversed(procedure.stages) if stage.end is not None), None)
    if end is None:
        return (), ""
    return _applying(end.signposts, case, procedure), end.none_named


def signposted(notice: str, case: Case, stage: Stage, procedure: Procedure) -> tuple[Signpost, ...]:
    """Return where this complainant is told that they can turn with a message of a stage, before the ladder has
    ended."""
    if notice == "not-covered":
        return _applying(procedure.refusal.signposts, case, procedure) if procedure.refusal else ()
    named = stage.signposting
    if named is None or notice not in named.told_with or (notice == "outcome" and not stage.next):
        return ()
    return _applying(named.signposts, case, procedure)


def _applying(named: tuple[str, ...], case: Case, procedure: Procedure) -> tuple[Signpost, ...]:
    return tuple(
        _with_condition(signpost) if _depends(signpost, case) else signpost
        for signpost in procedure.signposts
        if signpost.id in named
        # Whoever does not say what it is about, or who they are, is told of everybody who may be able to help.
        and (not signpost.only_for or not case.course or case.course in signpost.only_for)
        and (
            not signpost.for_relationships
            or not case.relationship
            or case.relationship in signpost.for_relationships
        )
    )


def _depends(signpost: Signpost, case: Case) -> bool:
    """Return whether a signpost is for some only, and the complaint does not say whether for this one."""
    by_course = bool(signpost.only_for) and not case.course
    return by_course or (bool(signpost.for_relationships) and not case.relationship)


def _completion(tell: Tell, at: Situation) -> dict[str, Any]:
    """Return the letter that is owed after the closure: what it is called, and, for the notices that
    name its date, by when it is due."""
    owed = at.procedure.completion
    if owed is None:
        return {"is_owed": False}
    named = {"title": owed.title, "within": " or ".join(map(spell_limit, owed.within)), "is_owed": False}
    if tell.notice not in ("closure", "decision-request") or not at.case.owes_letter:
        return named
    running = next(deadline for deadline in at.decisions if deadline.rule.name == "completion")
    return {**named, "by": promise(running, now=at.now) if running.is_known else None, "is_owed": True}


def _with_condition(signpost: Signpost) -> Signpost:
    condition = signpost.condition or f"Only for some {'courses' if signpost.only_for else 'people'}."
    return replace(signpost, about=f"{condition} {signpost.about}")


def submission_of(at: Situation) -> dict[str, Any]:
    """Return by when a complaint that came late was to be handed in."""
    case, procedure, calendar = at.case, at.procedure, at.calendar
    stage = procedure.stage(case.made.stage)
    rule = next(rule for rule in stage.deadlines if rule.name == "submit")
    limit = submission_deadline(procedure, stage.id, case.counts_from, calendar)
    role = late_decided_by(case, rule, procedure)
    return {
        "decided_by": procedure.role(role).title if role else "",
        "own_rule": not rule.discretion_role,
        "limit": _spell_limits(rule),
        "until": limit.due if limit is not None else None,
        "discretion": spell_limit(rule.discretion) if rule.discretion is not None else "",
        "beyond": _is_beyond(case, rule, calendar),
    }


def becomes_next(at: Situation, stage: str) -> dict[str, Any] | None:
    """Return by when a complaint is to be made that a concern becomes on the stage after `stage`; None: it goes on as
    what it is."""
    following = at.procedure.stage_after(stage, skipped=at.case.skipped)
    if following is None or would_become(at.case, following.id, at.procedure) is None:
        return None
    rule = next((rule for rule in following.deadlines if rule.name == "submit"), None)
    role = late_decided_by(at.case, rule, at.procedure) if rule is not None else ""
    try:
        limit = submission_deadline(at.procedure, following.id, at.case.counts_from, at.calendar)
    except CalendarError:
        limit = None
    return {
        "until": limit.due if limit is not None else None,
        "decided_by": at.procedure.role(role).title if role else "",
    }


def _waits_until(
    tell: Tell, case: Case, record: StageRecord, rule: DeadlineRule | None, calendar: Calendar
) -> date | None:
    """Return the last day on which the time for the outcome stands still for what the complainant is asked for; None:
    it runs on."""
    if rule is None or rule.pause is None or record.respond_by is not None:
        # A date that was given stays as it was given.
        return None
    since: datetime | None = None
    match tell.notice:
        case "question" if "answers" in rule.pause.waiting_for:
            since = next((question.at for question in record.questions if question.id == tell.content), None)
        case "written-form" if "written-form" in rule.pause.waiting_for:
            since = _awaited_since("written-form", case)
        case "mediation" if "mediation" in rule.pause.waiting_for:
            since = _awaited_since("mediation", case)
        case _:
            pass
    try:
        return held_until(rule.pause, since, calendar) if since is not None else None
    except CalendarError:
        # Nobody can say yet how long; what is asked can be said all the same.
        return None


def _awaited_since(what: Awaited, case: Case) -> datetime | None:
    """Return since when the complainant is awaited for `what`; None: they are not."""
    return next((wait.since for wait in case.waits if wait.what == what and wait.until is None), None)


def _days_of_actions(tell: Tell, case: Case, procedure: Procedure) -> tuple[date, ...]:
    """Return the last days of the actions that a notice is about: of the one that it names, or of all that wait for
    the person."""
    found = {
        action.due
        for action in case.actions
        if action.id == tell.what
        or ("/" not in tell.what and action.done_at is None and tell.person in owners(action, procedure))
    }
    return tuple(sorted(found))


def _moves(case: Case, record: StageRecord, dates: Mapping[str, Promise | None]) -> tuple[Move, ...]:
    """Return the newest move of each date of the stage that still runs."""
    newest = {moved.deadline: moved for moved in case.moved}
    found = []
    for name, now in dates.items():
        moved = newest.get(f"{record.stage}/{name}")
        if moved is not None and now is not None and not now.met:
            found.append(Move(was=Former(due=last_day_before(moved.was), due_at=moved.was), now=now))
    return tuple(found)


def _asks(at: Situation) -> str:
    """Return what the complainant can ask for although the case is closed; empty where there is nothing."""
    stage = at.case.current.stage
    for act in (ASK_LATE, ASK_TO_REOPEN):
        if at.refusal(act, COMPLAINANT, stage) is None:
            return act.name
    return ""


def _is_beyond(case: Case, rule: DeadlineRule, calendar: Calendar) -> bool:
    """Return whether a complaint came later than complaints are generally accepted at all."""
    if rule.discretion is None or case.counts_from is None:
        return False
    if case.counts_from < calendar.known_from:
        return True
    latest = count(
        (rule.discretion,), datetime.combine(case.counts_from, time(12), LONDON), calendar=calendar
    )
    return case.made.requested_at >= latest.due_at


def _ladder(procedure: Procedure, first: Stage, skipped: tuple[str, ...]) -> tuple[Rung, ...]:
    """Return the stages from `first` to the ladder's end."""
    rungs: list[Rung] = []
    stage: Stage | None = first
    while stage is not None:
        respond = next((rule for rule in stage.deadlines if rule.name == "respond"), None)
        rungs.append(Rung(title=stage.title, limit=_spell_limits(respond) if respond else ""))
        stage = procedure.stage_after(stage.id, skipped=skipped)
    return tuple(rungs)


def _spell_limits(rule: DeadlineRule) -> str:
    return " or ".join(spell_limit(limit) for limit in rule.within)


def _reviewed_by(stage: Stage, procedure: Procedure) -> str:
    title = procedure.role(stage.review.role).title
    return f"{title}, headed by {procedure.role(stage.review.head).title}" if stage.review.head else title


def _approver(stage: Stage, procedure: Procedure) -> str:
    if stage.approval is None or not stage.approval.role:
        return ""
    return procedure.role(stage.approval.role).title
