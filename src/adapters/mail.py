"""Mails from notices: who gets one, which template it is made of, and what the template is given.

Pure but for the templates: nothing is sent here and no store is read. What people wrote reaches only the mails to
the complainant; a mail to staff is composed without it, so that no template could show it. Wording lives in
`templates/mail/<notice>/`, organisations' own words in their procedures.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, get_args

from adapters.rendering import render
from domain.calendars import LONDON, Calendar, Due, count, spell_day, spell_limit, to_london
from domain.case import ActionRecord, Addition, Case, StageRecord
from domain.deadlines import Deadline, deadlines_of, decisions, submission_deadline
from domain.effects import Tell
from domain.events import COMPLAINANT, PlannedAction
from domain.life.actions import owners
from domain.life.reopening import may_ask_late, may_ask_to_reopen
from domain.procedure import DeadlineName, DeadlineRule, DecisionName, Person, Procedure, Signpost, Stage

WIDTH = 78
"""Characters in a line of the text part; addresses of pages are never broken."""

_SMALLEST = timedelta(microseconds=1)
_UNDATED = frozenset(
    {
        "case-news",
        "closure",
        "deletion-notice",
        "disclosure",
        "done",
        "fresh-link",
        "information-considered",
        "meeting",
        "question",
        "action",
        "action-overdue",
    }
)
_WEEKEND = ("Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message, ready to be sent. `to_name` and `subject` are single lines."""

    to_name: str
    to_address: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A deadline as it is shown to people."""

    name: DeadlineName | DecisionName
    due: date
    """The last day."""
    due_at: datetime
    """The first moment that is too late."""
    how: str
    """How it was counted, without a full stop; empty where there is nothing to count."""
    own_target: str
    """What the procedure says where the date is the organisation's own choice."""
    source: str
    met: bool
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an outcome says on one aspect."""

    number: int
    words: str
    conclusion: str
    reasons: str
    evidence: str = ""
    explanation: str = ""
    answered_with: int = 0
    """The point whose conclusion and reasons stand for this one too; 0: it has its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyGiven:
    """A remedy that an outcome names, and what it says about it."""

    label: str
    words: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """An action that an outcome promises, as it is shown to people."""

    id: str
    text: str
    due: date
    owner: str
    """A person's name or a role's title."""
    done: bool = False
    over: bool = False


class UnknownRecipient(LookupError):
    """Nobody in the procedure's directory has this id, so that there is no address."""


def needs(tell: Tell, case: Case) -> tuple[str, ...]:
    """The ids of the contents that `compose` needs for this notice; none for mails to staff."""
    if tell.person != COMPLAINANT:
        return ()
    if tell.notice == "outcome":
        record = record_of(case, tell.stage)
        return tuple(one for one in (case.answers, record.wording, record.agreed) if one)
    if tell.notice == "aspects-agreed":
        return case.answers, case.agreed
    if tell.notice == "interim-response":
        return case.answers, record_of(case, tell.stage).interim
    if tell.notice == "decision":
        return tuple(one for one in (case.answers, _reason(tell, case)) if one)
    if tell.notice == "external-assistance":
        return case.answers, record_of(case, tell.stage).external_details
    if tell.notice == "progress":
        return case.answers, record_of(case, tell.stage).progress
    if tell.notice == "information-considered":
        return case.answers, tell.content, _addition(tell, case).reason
    if tell.content:
        return case.answers, tell.content
    return (case.answers,)


def compose(
    tell: Tell,
    *,
    case: Case,
    procedure: Procedure,
    calendar: Calendar,
    contents: Mapping[str, Mapping[str, Any]],
    link: str | None,
    now: datetime,
) -> Mail:
    """The mail that `tell` asks for. `contents`: what `needs` named, by id. `link`: the whole address that the person
    acts from, or None where there is nothing to act on.

    UnknownRecipient: the directory lacks the person. KeyError: a content is missing. CalendarError: a date cannot be
    counted."""
    for_staff = tell.person != COMPLAINANT
    written = {} if for_staff else contents
    answers = {} if for_staff else contents[case.answers]
    context = {
        **_situation(tell, case, procedure, calendar, now),
        "link": link,
        "for_staff": for_staff,
        "message": _message(tell, case, written),
        "agreed": _agreed(tell, case, written),
        **_outcome(tell, case, procedure, written),
        **_record(tell, case, written),
    }
    if for_staff:
        person = procedure.person(tell.person)
        if person is None:
            raise UnknownRecipient(f"{procedure.slug} version {procedure.version} has no {tell.person}.")
        return _written(tell.notice, context, name=person.name, address=person.email)
    return _written(tell.notice, context, name=str(answers.get("name", "")), address=str(answers["email"]))


def compose_certificate(tombstone: Mapping[str, Any], person: Person, procedure: Procedure) -> Mail:
    """The proof of a destruction, for `person`. `tombstone`: `reference`, the days `opened`, `closed` and `destroyed`
    as ISO text, and `final_hash`."""
    context = {
        "reference": str(tombstone["reference"]),
        "organisation": procedure.organisation,
        "contact": procedure.contact,
        "stage": None,
        "link": None,
        "for_staff": True,
        "final_hash": str(tombstone["final_hash"]),
        **{name: date.fromisoformat(tombstone[name]) for name in ("opened", "closed", "destroyed")},
    }
    return _written("deletion-certificate", context, name=person.name, address=person.email)


def explain(due: Due) -> str:
    """How a date was counted and what was skipped, in one sentence without its full stop; empty where the count is
    only the end of the day itself."""
    if due.counted == f"the end of {spell_day(due.due)}":
        return ""
    # A date that somebody gave is not said twice.
    counted = due.counted.removesuffix(f": {spell_day(due.due)}")
    skipped = _skipped(due)
    return f"{counted}, skipping {listed(skipped)}" if skipped else counted


def promise(deadline: Deadline, *, now: datetime) -> Promise:
    """The deadline as people see it at `now`."""
    return Promise(
        name=deadline.rule.name,
        due=deadline.due.due,
        due_at=deadline.due.due_at,
        how=explain(deadline.due),
        own_target=deadline.rule.own_target,
        source=deadline.rule.source,
        met=deadline.is_met,
        over=deadline.due.due_at <= now and not deadline.is_met,
    )


def record_of(case: Case, stage: str) -> StageRecord:
    """What happened on `stage`. KeyError: the case has not been there."""
    for record in case.stages:
        if record.stage == stage:
            return record
    raise KeyError(stage)


def answers_of(
    case: Case, record: StageRecord, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> tuple[Answer, ...]:
    """The recorded outcome aspect by aspect; empty while there is none. KeyError: a content is missing."""
    if not record.findings:
        return ()
    aspects = aspects_of(case, contents[record.agreed or case.answers])
    wording = contents[record.wording]
    labels = {conclusion.id: conclusion.label for conclusion in procedure.conclusions}
    return tuple(
        Answer(
            number=finding.aspect,
            words=aspects[finding.aspect - 1],
            conclusion=labels.get(finding.conclusion, finding.conclusion),
            reasons=_text_on(finding.aspect, wording.get("reasons", ())),
            evidence=_text_on(finding.aspect, wording.get("evidence", ())),
            explanation=_text_on(finding.aspect, wording.get("explanations", ())),
            answered_with=finding.answered_with,
        )
        for finding in sorted(record.findings, key=lambda finding: finding.aspect)
    )


def _text_on(aspect: int, texts: Sequence[Any]) -> str:
    return str(texts[aspect - 1]) if aspect <= len(texts) else ""


def remedies_of(
    record: StageRecord, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> tuple[RemedyGiven, ...]:
    """The remedies of the recorded outcome, in the procedure's order and words where the reviewer wrote none."""
    said = contents[record.wording].get("remedies", {}) if record.remedies else {}
    return tuple(
        RemedyGiven(label=remedy.label, words=str(said.get(remedy.id) or remedy.wording))
        for remedy in procedure.remedies
        if remedy.id in record.remedies
    )


def promised_of(
    record: StageRecord, case: Case, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> tuple[Promised, ...]:
    """The actions of the recorded outcome, and what became of them since it was sent."""
    begun = {action.id: action for action in case.actions}
    said = contents[record.wording].get("actions", {}) if record.actions else {}
    return tuple(
        Promised(
            id=one.id,
            text=str(said.get(one.id.rpartition("/")[2], "")),
            due=one.due,
            owner=owner_of(one, procedure),
            done=one.id in begun and begun[one.id].done_at is not None,
            over=one.id in begun and begun[one.id].overdue_at is not None,
        )
        for one in record.actions
    )


def owner_of(action: PlannedAction | ActionRecord, procedure: Procedure) -> str:
    if action.role:
        titles = {role.id: role.title for role in procedure.roles}
        return titles.get(action.role, action.role)
    person = procedure.person(action.person)
    return person.name if person is not None else action.person


def aspects_of(case: Case, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of each aspect, from the form's answers or from what was agreed. A form need not ask for main points:
    the account is then the only one."""
    said = [str(one) for one in answers.get("aspects") or ()] or [str(answers.get("account", ""))]
    return (*said, *[""] * (case.aspects - len(said)))


def ways_on(case: Case, procedure: Procedure) -> tuple[tuple[Signpost, ...], str]:
    """Where this complainant can turn when the ladder has ended, and the procedure's statement that it names nobody."""
    end = next((stage.end for stage in reversed(procedure.stages) if stage.end is not None), None)
    if end is None:
        return (), ""
    applying = tuple(
        signpost
        for signpost in procedure.signposts
        if signpost.id in end.signposts and (not signpost.only_for or case.course in signpost.only_for)
    )
    return applying, end.none_named


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: A, B and C."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _situation(
    tell: Tell, case: Case, procedure: Procedure, calendar: Calendar, now: datetime
) -> dict[str, Any]:
    """What every template can say about the case: nothing that anybody wrote."""
    record, stage = record_of(case, tell.stage), procedure.stage(tell.stage)
    about_name = tell.what.rpartition("/")[2] if "/" in tell.what else ""
    dates: dict[str, Promise | None] = dict.fromkeys(("acknowledge", "respond", "reply", "progress"))
    if tell.notice not in _UNDATED:
        dates |= {
            one.rule.name: promise(one, now=now) for one in deadlines_of(case, record, procedure, calendar)
        }
        if about_name in get_args(DecisionName):
            dates |= {one.rule.name: promise(one, now=now) for one in decisions(case, procedure, calendar)}
    names = {person.id: person.name for person in procedure.people}
    rules = {rule.name: rule for rule in stage.deadlines}
    is_first = record is case.stages[0]
    signposts, none_named = ways_on(case, procedure)
    return {
        "reference": case.ref,
        "organisation": procedure.organisation,
        "contact": procedure.contact,
        "document": procedure.document,
        "document_address": procedure.document_address,
        "kind": case.kind,
        "case": case,
        "what": tell.what,
        "record": record,
        "stage": stage,
        "next_stage": procedure.stage(stage.next) if stage.next else None,
        "moves": _moves(case, record, dates) if tell.notice == "dates-recounted" else (),
        "is_first": is_first,
        "is_open": case.is_open,
        "late": case.late and is_first,
        "submission": submission_of(case, procedure, calendar) if case.late else None,
        "asks": "" if case.is_open else _asks(case, procedure),
        "decided_by": names.get(case.exhaustion_confirmed_by, ""),
        "dates": dates,
        "limits": {name: _spell_limits(rules[name]) if name in rules else "" for name in dates},
        "about": dates.get(about_name),
        "about_name": about_name,
        "ladder": _ladder(procedure, stage),
        "asks_acknowledgement": stage.acknowledgement == "person",
        "to_acknowledge": record.acknowledged_at is None and case.is_open,
        "to_assign": not record.reviewers and case.is_open,
        "awaits_approval": record.awaits_approval,
        "reviewed_by": procedure.role(stage.review.role).title,
        "reviewers_needed": stage.review.count,
        "reviewers": listed([names.get(one, one) for one in record.reviewers]),
        "fellows": listed([names.get(one, one) for one in record.reviewers if one != tell.person]),
        "approval": stage.approval,
        "approver": _approver(stage, procedure),
        "may_extend": "respond" in rules and rules["respond"].extension == "with-new-date",
        "reminds_of_reply": "reply" in rules and bool(rules["reply"].remind),
        "signposts": signposts,
        "none_named": none_named,
        "unreachable": tuple(names.get(one, "") for one in case.unreachable),
        "opened_on": to_london(case.opened_at).date(),
        "closed_on": to_london(case.closed_at).date() if case.closed_at else None,
        "waits_until": _waits_until(tell, record, rules.get("respond"), calendar),
        "days_of_actions": _days_of_actions(tell, case, procedure),
        "responded_on": to_london(record.responded_at).date() if record.responded_at else None,
    }


def _waits_until(
    tell: Tell, record: StageRecord, rule: DeadlineRule | None, calendar: Calendar
) -> date | None:
    """The last day on which the time for the answer stands still for the question that is asked; None: it runs on."""
    asked = next((one for one in record.questions if one.id == tell.content), None)
    if tell.notice != "question" or asked is None or rule is None or rule.pause is None:
        return None
    return count((rule.pause.at_most,), asked.at, calendar=calendar).due


def _days_of_actions(tell: Tell, case: Case, procedure: Procedure) -> tuple[date, ...]:
    """The last days of the actions that a notice is about: of the one that it names, or of all that wait for the
    person."""
    found = {
        action.due
        for action in case.actions
        if action.id == tell.what
        or ("/" not in tell.what and action.done_at is None and tell.person in owners(action, procedure))
    }
    return tuple(sorted(found))


def _outcome(
    tell: Tell, case: Case, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    if tell.notice != "outcome":
        return {"aspects": (), "response": "", "remedies": (), "actions": ()}
    record = record_of(case, tell.stage)
    return {
        "aspects": answers_of(case, record, procedure, contents),
        "response": str(contents[record.wording]["response"]),
        "remedies": remedies_of(record, procedure, contents),
        "actions": promised_of(record, case, procedure, contents),
    }


def _message(tell: Tell, case: Case, contents: Mapping[str, Mapping[str, Any]]) -> str:
    if tell.notice == "decision":
        return str(contents.get(_reason(tell, case), {}).get("reason", ""))
    if tell.notice == "external-assistance":
        details = contents.get(record_of(case, tell.stage).external_details, {})
        return "\n".join(str(details[one]) for one in ("whom", "why") if details.get(one))
    if tell.notice == "progress":
        return str(contents[record_of(case, tell.stage).progress]["message"])
    if tell.notice != "interim-response":
        return ""
    return str(contents[record_of(case, tell.stage).interim]["message"])


def _moves(case: Case, record: StageRecord, dates: Mapping[str, Promise | None]) -> tuple[Move, ...]:
    """The newest move of each date of the stage that still runs."""
    newest = {one.deadline: one for one in case.moved}
    found = []
    for name, now in dates.items():
        moved = newest.get(f"{record.stage}/{name}")
        if moved is not None and now is not None and not now.met:
            last_day = to_london(moved.was - _SMALLEST).date()
            found.append(Move(was=Former(due=last_day, due_at=moved.was), now=now))
    return tuple(found)


def _record(tell: Tell, case: Case, contents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a notice tells of the record: the words that it is about, and what was decided on them."""
    said = {name: str(one) for name, one in contents.get(tell.content, {}).items()} if tell.content else {}
    if tell.notice == "question":
        record = record_of(case, tell.stage)
        is_open = case.is_open and record is case.current
        return {"said": said, "to_answer": is_open and tell.content in {one.id for one in record.unanswered}}
    if tell.notice != "information-considered":
        return {"said": said}
    addition = _addition(tell, case)
    reason = str(contents[addition.reason]["reason"])
    return {"said": {**said, "reason": reason}, "accepted": addition.accepted}


def _addition(tell: Tell, case: Case) -> Addition:
    return next(one for one in record_of(case, tell.stage).additions if one.id == tell.content)


def _agreed(tell: Tell, case: Case, contents: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    return aspects_of(case, contents[case.agreed]) if tell.notice == "aspects-agreed" else ()


def _reason(tell: Tell, case: Case) -> str:
    """The content with the reason for a decision; empty where the letter itself says all."""
    reasons = {"LatenessDecided": case.lateness_reason, "LateReplyDecided": case.late_reply_reason}
    return reasons.get(tell.what, "")


def _asks(case: Case, procedure: Procedure) -> str:
    """What the complainant can ask for although the case is closed; empty where there is nothing."""
    stage = case.current.stage
    if may_ask_late(case, COMPLAINANT, stage, procedure) is None:
        return "ask-late"
    return "reopen" if may_ask_to_reopen(case, COMPLAINANT, stage, procedure) is None else ""


def submission_of(case: Case, procedure: Procedure, calendar: Calendar) -> dict[str, Any]:
    """By when a complaint that came late was to be handed in."""
    stage = procedure.stage(case.stages[0].stage)
    rule = next(rule for rule in stage.deadlines if rule.name == "submit")
    limit = submission_deadline(procedure, stage.id, case.counts_from, calendar)
    return {
        "decided_by": procedure.role(rule.discretion_role).title if rule.discretion_role else "",
        "limit": _spell_limits(rule),
        "until": limit.due if limit is not None else None,
        "discretion": spell_limit(rule.discretion) if rule.discretion is not None else "",
        "beyond": _is_beyond(case, rule, calendar),
    }


def _is_beyond(case: Case, rule: DeadlineRule, calendar: Calendar) -> bool:
    """Whether a complaint came later than complaints are generally accepted at all."""
    if rule.discretion is None or case.counts_from is None:
        return False
    if case.counts_from < calendar.known_from:
        return True
    latest = count(
        (rule.discretion,), datetime.combine(case.counts_from, time(12), LONDON), calendar=calendar
    )
    return case.opened_at >= latest.due_at


def _ladder(procedure: Procedure, first: Stage) -> tuple[Rung, ...]:
    """The stages from `first` to the ladder's end."""
    rungs: list[Rung] = []
    stage: Stage | None = first
    while stage is not None:
        respond = next((rule for rule in stage.deadlines if rule.name == "respond"), None)
        rungs.append(Rung(title=stage.title, limit=_spell_limits(respond) if respond else ""))
        stage = procedure.stage(stage.next) if stage.next else None
    return tuple(rungs)


def _spell_limits(rule: DeadlineRule) -> str:
    return " or ".join(spell_limit(limit) for limit in rule.within)


def _approver(stage: Stage, procedure: Procedure) -> str:
    if stage.approval is None or not stage.approval.role:
        return ""
    return procedure.role(stage.approval.role).title


def _skipped(due: Due) -> list[str]:
    """The skipped days, weekends together and days with one reason together, in the order in which they come."""
    weekends = [step for step in due.steps if step.reason in _WEEKEND]
    days: dict[str, list[date]] = {}
    for step in due.steps:
        days.setdefault("weekend" if step.reason in _WEEKEND else step.reason, []).append(step.day)
    said = []
    for reason, skipped in days.items():
        kind, _, name = reason.partition(": ")
        if reason == "weekend":
            is_one = (weekends[-1].day - weekends[0].day).days <= 1
            said.append("a weekend" if is_one else "weekends")
        elif kind == "not in term":
            said.append(f"the days {name} ({_spell_days(skipped)})")
        else:
            said.append(f"{name or kind} ({_spell_days(skipped)})")
    return said


def _spell_days(days: Sequence[date]) -> str:
    if len(days) == 1:
        return spell_day(days[0], year=False)
    return f"{spell_day(days[0], year=False)} to {spell_day(days[-1], year=False)}"


def _written(notice: str, context: dict[str, Any], *, name: str, address: str) -> Mail:
    to_name = _one_line(name)
    context = {**context, "greeting": to_name}
    subject = _one_line(render(f"mail/{notice}/subject.txt", **context))
    return Mail(
        to_name=to_name,
        to_address=address.strip(),
        subject=subject,
        text=_wrapped(render(f"mail/{notice}/body.txt", **context)),
        html=_tidy(render(f"mail/{notice}/body.html", subject=subject, **context)),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if line.strip()) + "\n"


def _wrapped(text: str) -> str:
    """Lines of at most `WIDTH` characters, the entries of lists indented, and never more than one empty line."""
    lines: list[str] = []
    for line in text.splitlines():
        lines.extend(_wrapped_line(line.rstrip()))
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip() + "\n"


def _wrapped_line(line: str) -> Iterable[str]:
    if len(line) <= WIDTH:
        return (line,)
    mark, _, rest = line.partition(" ")
    is_entry = bool(rest) and (mark == "-" or (mark[:-1].isdigit() and mark.endswith(".")))
    return textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=" " * (len(mark) + 1) if is_entry else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
