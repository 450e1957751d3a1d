"""What staff and complainants act with: the page behind a link in a mail.

Reading one changes nothing, whoever or whatever reads it. Acting is a POST with a choice that the person made:
nothing is preselected, and where there is but one thing to do a box has to be ticked. What the complainant wrote is
shown for as long as the link has something to do, and to those who do it; afterwards the page says what is true
now, without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, assert_never, get_args
from urllib.parse import parse_qsl

from domain.acting import ACTIONS, Action, available, refusal
from domain.calendars import Calendar, CalendarError, to_london
from domain.case import Case, StageRecord
from domain.commands import (
    Acknowledge,
    ApproveOutcome,
    AskLate,
    AskToReopen,
    AssignReviewers,
    Command,
    ConfirmExhausted,
    DecideLateness,
    DecideLateReply,
    DeclareInvolvement,
    LiftHold,
    PlaceHold,
    RecordExternalAnswer,
    RecordOutcome,
    Reply,
    ReturnOutcome,
    SeekExternalAssistance,
    SendInterimResponse,
    Writing,
)
from domain.deadlines import deadlines
from domain.errors import (
    AlreadyDone,
    ConflictOfInterest,
    FieldProblem,
    Incomplete,
    InvalidAnswers,
    NotAllowed,
    Refused,
    UnknownCase,
    UnknownChoice,
)
from domain.events import (
    COMPLAINANT,
    SYSTEM,
    ComplainantDissatisfied,
    ComplaintEscalated,
    ExternalAnswerRecorded,
    ExternalAssistanceSought,
    Finding,
    HoldPlaced,
    InterimResponseSent,
    LatenessDecided,
    LateReplyAsked,
    LateReplyDecided,
    OutcomeReturned,
    PersonInvolved,
    ReopeningAsked,
    ReviewerAssigned,
)
from domain.events import Event as Fact
from domain.life.assignment import may_override
from domain.life.standing import assigners, candidates, holds_role, review_role
from domain.procedure import Person, Procedure
from domain.records import from_record
from handlers.http import (
    Answer,
    Event,
    Route,
    Unreadable,
    body_text,
    dispatch,
    page,
    path_part,
    record_failure,
)
from handlers.wiring import desk

if TYPE_CHECKING:
    from adapters.desk import Desk
    from adapters.links import Link

LONGEST_TEXT: Final = 20_000
"""Characters of one text that is written on a page."""

MOST_VALUES: Final = 200
"""How many values a posted form can have."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_KEEPING: Final = frozenset({"hold", "lift"})
_MESSAGE: Final = "Write what is being done, by whom, and what comes next."
_BESIDES: Final = frozenset({"involve"})
"""What can be done as long as there is something else to do."""

Contents = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A link that works, and the case as it is now. `actions` is what can be done with it at this moment."""

    secret: str
    link: Link
    case: Case
    procedure: Procedure
    calendar: Calendar
    now: datetime
    actions: tuple[Action, ...]

    @property
    def reads_case(self) -> bool:
        """Whether the link is for somebody who works on the case, and not only on how long it is kept."""
        return bool(set(self.actions) - _KEEPING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was typed into a form, and what is wrong with it, by the name of the field."""

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.typed[name][0] if self.typed.get(name) else ""

    def chosen(self, name: str) -> Sequence[str]:
        return self.typed.get(name, ())

    def problem(self, name: str) -> str:
        return self.problems.get(name, "")


class Unprocessable(Exception):
    """The form lacks something or holds what cannot be taken; `problems` names each field."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def handler(event: Event, context: Any) -> Answer:
    """Answer a request of API Gateway."""
    return dispatch(event, ROUTES, broken=broken_page)


def show(event: Event) -> Answer:
    """What the person can do now. Changes nothing."""
    situation = _situation(event)
    return situation if not isinstance(situation, Situation) else _present(200, situation)


def act(event: Event) -> Answer:
    """Do what the person chose."""
    situation = _situation(event)
    if not isinstance(situation, Situation):
        return situation
    try:
        typed = _typed(event)
    except Unreadable as unreadable:
        return _plain(unreadable.status, "unreadable", sentence=str(unreadable))
    action = next((one for one in ACTIONS if typed.get("action") == [one]), None)
    if action is None:
        return _present(422, situation, notice="Choose what you would like to do.")
    try:
        after = _do(action, typed, situation)
    except (Unprocessable, Refused) as refused:
        _log(situation, action, type(refused).__name__)
        return _refused(action, typed, situation, refused)
    except CalendarError as error:
        record_failure(error, event)
        return _present(503, situation, notice=str(error), action=action, typed=typed)
    except _temporary() as error:
        record_failure(error, event)
        notice = (
            "Something went wrong on our side, and nothing has been stored. Please try again in a moment."
        )
        return _present(503, situation, notice=notice, action=action, typed=typed)
    _log(situation, action, "done")
    return _done(action, typed, situation, after)


def send_fresh_link(event: Event) -> Answer:
    """Send a new link to the address that is registered for the old link's person."""
    from adapters.links import renew

    link = _link(event)
    if link is None:
        return _plain(404, "unknown")
    return _plain(200, "fresh", sent=renew(link, desk()))


def broken_page(event: Event) -> Answer:
    """Something went wrong here, not on the reader's side."""
    return _plain(500, "broken")


# What a link is for.


def _link(event: Event) -> Link | None:
    from adapters.links import find

    secret = path_part(event, "secret")
    # Nothing else was ever made here; a table need not be asked about it.
    return find(secret, desk()) if _SECRET.fullmatch(secret) else None


def _situation(event: Event) -> Situation | Answer:
    from adapters.execute import rules_of

    link = _link(event)
    if link is None:
        return _plain(404, "unknown")
    secret, now = path_part(event, "secret"), desk().clock.now()
    stored = desk().store.load(link.ref)
    if stored is None or stored.case.erasing:
        return _plain(410, "gone")
    procedure, calendar = rules_of(stored.case)
    if link.has_expired(now):
        return _plain(410, "expired", secret=secret, organisation=procedure.organisation)
    return _situation_of(stored.case, link, secret, procedure=procedure, calendar=calendar, now=now)


def _situation_of(
    case: Case, link: Link, secret: str, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> Situation:
    able = tuple(
        action
        for action in link.actions
        if refusal(action, case, by=link.person, stage=link.stage, procedure=procedure) is None
    )
    return Situation(
        secret=secret,
        link=link,
        case=case,
        procedure=procedure,
        calendar=calendar,
        now=now,
        actions=able,
    )


# Acting.


def _do(action: Action, typed: Mapping[str, Sequence[str]], situation: Situation) -> Case:
    """Unprocessable: the form is not complete. Refused: see `domain.errors`."""
    from adapters.execute import execute

    link, case = situation.link, situation.case
    if action not in link.actions:
        raise NotAllowed("This link is not for that.")
    refused = refusal(action, case, by=link.person, stage=link.stage, procedure=situation.procedure)
    if refused is not None:
        raise refused
    form = _read(typed)
    _refuse_repetition(action, form, situation)
    command = _command(action, form, situation, desk())
    return execute(link.ref, command, desk=desk())


def _command(action: Action, form: Filled, situation: Situation, at: Desk) -> Command:
    by, stage = situation.link.person, situation.link.stage
    match action:
        case "lateness":
            decision = _require_choice(
                form, "decision", ("accept", "decline"), "Choose whether it is considered or not."
            )
            reason = Writing(at.identities.content_id(), {"reason": form.text("reason")})
            return DecideLateness(by=by, stage=stage, accepted=decision == "accept", reason=reason)
        case "acknowledge":
            _require_choice(form, "confirm", ("yes",), "Tick the box to confirm that you have read it.")
            return Acknowledge(by=by, stage=stage)
        case "assign":
            override = form.text("override")
            return AssignReviewers(
                by=by,
                stage=stage,
                reviewers=tuple(form.chosen("reviewers")),
                override=Writing(at.identities.content_id(), {"reason": override}) if override else None,
            )
        case "external":
            details = {"whom": form.text("whom"), "why": form.text("why")}
            return SeekExternalAssistance(
                by=by,
                stage=stage,
                respond_by=_respond_by(form, whom="Write who is asked for help."),
                details=Writing(at.identities.content_id(), details),
            )
        case "external-answer":
            answered = Writing(at.identities.content_id(), {"answer": form.text("answer")})
            return RecordExternalAnswer(by=by, stage=stage, answer=answered)
        case "ask-late":
            wish = Writing(at.identities.content_id(), {"reasons": form.text("reasons")})
            return AskLate(by=by, stage=stage, reasons=wish)
        case "late-reply":
            decision = _require_choice(
                form, "decision", ("accept", "decline"), "Choose whether it is accepted or not."
            )
            reason = Writing(at.identities.content_id(), {"reason": form.text("reason")})
            return DecideLateReply(by=by, stage=stage, accepted=decision == "accept", reason=reason)
        case "reopen":
            wish = Writing(at.identities.content_id(), {"reasons": form.text("reasons")})
            return AskToReopen(by=by, stage=stage, reasons=wish)
        case "exhausted":
            _require_choice(form, "confirm", ("yes",), "Tick the box to confirm that you have read it.")
            return ConfirmExhausted(by=by, stage=stage)
        case "involve":
            person = _require_choice(
                form, "involved", [one.id for one in _involvable(situation)], "Choose who is involved."
            )
            reason = Writing(at.identities.content_id(), {"reason": form.text("reason")})
            return DeclareInvolvement(by=by, stage=stage, person=person, reason=reason)
        case "respond":
            return _outcome(
                form, situation, Writing(at.identities.content_id(), _outcome_words(form, situation))
            )
        case "interim":
            message = Writing(at.identities.content_id(), {"message": form.text("message")})
            return SendInterimResponse(
                by=by, stage=stage, respond_by=_respond_by(form, message=_MESSAGE), message=message
            )
        case "approve":
            decision = _require_choice(
                form, "decision", ("approve", "return"), "Choose whether you approve it or return it."
            )
            wording = form.text("wording")
            if decision == "approve":
                return ApproveOutcome(by=by, stage=stage, wording=wording)
            reason = Writing(at.identities.content_id(), {"reason": form.text("reason")})
            return ReturnOutcome(by=by, stage=stage, wording=wording, reason=reason)
        case "reply":
            answer = _require_choice(
                form, "answer", ("satisfied", "escalate"), "Choose whether you are satisfied or not."
            )
            reasons = form.text("reasons")
            return Reply(
                by=by,
                stage=stage,
                answer="satisfied" if answer == "satisfied" else "escalate",
                reasons=Writing(at.identities.content_id(), {"reasons": reasons}) if reasons else None,
            )
        case "hold":
            return PlaceHold(
                by=by, reason=Writing(at.identities.content_id(), {"reason": form.text("reason")})
            )
        case "lift":
            hold = _require_choice(form, "hold", situation.case.holds, "Choose the hold that you lift.")
            return LiftHold(by=by, hold=hold)
        case _:
            assert_never(action)


def _outcome(form: Filled, situation: Situation, wording: Writing) -> RecordOutcome:
    findings = tuple(
        Finding(aspect=number, conclusion=form.text(f"conclusion_{number}"))
        for number in range(1, situation.case.aspects + 1)
    )
    return RecordOutcome(
        by=situation.link.person, stage=situation.link.stage, findings=findings, wording=wording
    )


def _outcome_words(form: Filled, situation: Situation) -> dict[str, Any]:
    numbers = range(1, situation.case.aspects + 1)
    return {
        "reasons": [form.text(f"reasons_{number}") for number in numbers],
        "response": form.text("response"),
    }


def _respond_by(form: Filled, **needed: str) -> date:
    """The day that was typed. Unprocessable: it is none; what else is `needed` and missing is said with it."""
    typed = [form.text(f"respond_by.{part}") for part in ("year", "month", "day")]
    problems = []
    try:
        year, month, day = (int(part) if part.isascii() and part.isdigit() else 0 for part in typed)
        return date(year, month, day)
    except ValueError:
        problems.append(FieldProblem("respond_by", "Enter the new date, like 27 3 2026."))
    problems += [FieldProblem(name, sentence) for name, sentence in needed.items() if not form.text(name)]
    raise Unprocessable(*problems)


def _require_choice(form: Filled, name: str, choices: Sequence[str], sentence: str) -> str:
    """The one choice that was made. Unprocessable: none, several, or one that was not offered."""
    chosen = form.chosen(name)
    if len(chosen) != 1 or chosen[0] not in choices:
        raise Unprocessable(FieldProblem(name, sentence))
    return chosen[0]


def _refuse_repetition(action: Action, form: Filled, situation: Situation) -> None:
    """What a second click would do again although the domain could not tell it from a second wish."""
    case = situation.case
    if action == "hold" and case.holds:
        said = desk().store.contents(case.ref, case.holds)
        if form.text("reason") in [words.get("reason") for words in said.values()]:
            raise AlreadyDone("The case is held for this reason already.")
    if action == "interim" and case.current.respond_by is not None:
        try:
            is_same = _respond_by(form) == case.current.respond_by
        except Unprocessable:
            return
        if is_same:
            raise AlreadyDone("The complainant has been given this date already.")


def _typed(event: Event) -> dict[str, list[str]]:
    """Unreadable: it is no form."""
    body = body_text(event, media_type="application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_VALUES)
    except ValueError:
        raise Unreadable(400, "What was sent is not a form that was filled in.") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _read(typed: Mapping[str, Sequence[str]]) -> Filled:
    """The texts in one shape: NFC, `\\n` for line ends, nothing around them.

    Unprocessable: one that cannot be taken."""
    clean, problems = {}, []
    for name, values in typed.items():
        clean[name] = [_one_shape(value) for value in values]
        if any(len(value) > LONGEST_TEXT for value in clean[name]):
            problems.append(FieldProblem(name, f"Use {LONGEST_TEXT:,} characters or fewer."))
        if any(
            unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in "".join(clean[name])
        ):
            problems.append(FieldProblem(name, "Remove the characters that cannot be printed."))
    if problems:
        raise Unprocessable(*problems)
    return Filled(typed=clean)


def _one_shape(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _refused(
    action: Action,
    typed: Mapping[str, Sequence[str]],
    situation: Situation,
    refused: Unprocessable | Refused,
) -> Answer:
    """The page again with what is wrong, or with what is true now."""
    match refused:
        case (
            Unprocessable(problems=problems)
            | Incomplete(missing=problems)
            | InvalidAnswers(problems=problems)
        ):
            return _present(422, situation, action=action, typed=typed, problems=problems)
        case UnknownChoice() | ConflictOfInterest() if action in situation.actions:
            choice = {
                "assign": "reviewers",
                "involve": "involved",
                "respond": "conclusion_1",
                "lift": "hold",
            }.get(action, "action")
            problem = FieldProblem(choice, str(refused))
            return _present(422, situation, action=action, typed=typed, problems=(problem,))
        case UnknownCase():
            return _plain(410, "gone")
        case NotAllowed():
            return _present(403, _afresh(situation), notice=str(refused))
        case _:
            # AlreadyDone, StagePassed, CaseClosed and their kin.
            return _present(409, _afresh(situation), notice=str(refused))


def _afresh(situation: Situation) -> Situation:
    """The situation as it is after somebody else was quicker."""
    stored = desk().store.load(situation.link.ref)
    if stored is None:
        return situation
    return _situation_of(
        stored.case,
        situation.link,
        situation.secret,
        procedure=situation.procedure,
        calendar=situation.calendar,
        now=desk().clock.now(),
    )


def _temporary() -> tuple[type[Exception], ...]:
    """What keeps a decision from being stored now, and may not in a moment."""
    from botocore.exceptions import BotoCoreError, ClientError

    from adapters.execute import TooBusy

    return TooBusy, BotoCoreError, ClientError


def _log(situation: Situation, action: Action, result: str) -> None:
    # Only who acts waits for the logger to be imported.
    from aws_lambda_powertools import Logger

    Logger().info("Somebody acted from a link.", reference=situation.case.ref, action=action, result=result)


# Showing.


def _present(
    status: int,
    situation: Situation,
    *,
    notice: str = "",
    action: Action | None = None,
    typed: Mapping[str, Sequence[str]] | None = None,
    problems: Sequence[FieldProblem] = (),
) -> Answer:
    """The page for this person at this moment. What was typed is kept, and what is wrong stands beside it."""
    filled = {one: Filled() for one in ACTIONS}
    if action is not None:
        messages = {problem.field: problem.message for problem in reversed(problems)}
        filled[action] = Filled(typed=typed or {}, problems=messages)
    context = {
        **_facts(situation),
        "notice": notice,
        "filled": filled,
        "problems": [
            {"anchor": f"{action}.{problem.field}", "message": problem.message} for problem in problems
        ],
    }
    if not set(situation.actions) - _BESIDES:
        because = _because(situation, notice)
        replied_at = _replied_at(situation)
        return _private(
            page(status, "pages/link/ended.html", **context, because=because, replied_at=replied_at)
        )
    if situation.link.person == COMPLAINANT and not situation.case.is_open:
        return _private(page(status, "pages/link/after.html", **context))
    if situation.link.person == COMPLAINANT:
        return _private(page(status, "pages/link/reply.html", **context, **_answer_again(situation)))
    if not situation.reads_case:
        return _private(page(status, "pages/link/keep.html", **context, holds=_holds(situation)))
    return _private(page(status, "pages/link/case.html", **context, **_whole_case(situation)))


def _facts(situation: Situation) -> dict[str, Any]:
    """What is true now: nothing that anybody wrote."""
    from adapters.mail import listed

    case, procedure = situation.case, situation.procedure
    names = _names(procedure)
    stage = procedure.stage(case.current.stage)
    others = set(available(case, by=situation.link.person, procedure=procedure)) - set(situation.actions)
    return {
        "secret": situation.secret,
        "organisation": procedure.organisation,
        "procedure": procedure,
        "case": case,
        "kind": case.kind,
        "stage": stage,
        "next_stage": procedure.stage(stage.next) if stage.next else None,
        "actions": situation.actions,
        "is_staff": situation.link.person != COMPLAINANT,
        "can_do_other_things": bool(others),
        "reviewers": listed([names[one] for one in case.current.reviewers]),
        "names": names,
        "closed_on": to_london(case.closed_at).date() if case.closed_at else None,
        "opened_on": to_london(case.opened_at).date(),
    }


def _because(situation: Situation, notice: str) -> str:
    """Why nothing can be done with the link: what stands against the first thing that it was for."""
    for action in situation.link.actions:
        against = refusal(
            action,
            situation.case,
            by=situation.link.person,
            stage=situation.link.stage,
            procedure=situation.procedure,
        )
        if against is not None and str(against) != notice:
            return str(against)
    return ""


def _replied_at(situation: Situation) -> datetime | None:
    """When the complainant answered on the stage that the link is for; None also for everybody else."""
    if situation.link.person != COMPLAINANT:
        return None
    asked = (record for record in situation.case.stages if record.stage == situation.link.stage)
    return next((record.replied_at for record in asked), None)


def _whole_case(situation: Situation) -> dict[str, Any]:
    """The case as those see it who work on it."""
    from adapters.mail import aspects_of, submission_of

    case, procedure = situation.case, situation.procedure
    facts = tuple(from_record(get_args(Fact), one["fact"]) for one in desk().store.events(case.ref))
    contents = desk().store.contents(case.ref, _content_ids(case, facts))
    answers = contents[case.answers]
    form = procedure.form(case.form)
    stage = procedure.stage(case.current.stage)
    earlier = [record for record in case.stages if record.responded_at is not None]
    pending = case.current if case.current.awaits_approval else None
    return {
        "late": submission_of(case, procedure, situation.calendar) if case.late else None,
        "dates": _promises(situation),
        "review": stage.review,
        "reviewer_title": procedure.role(review_role(case, procedure)).title,
        "candidates": candidates(case, procedure) if "assign" in situation.actions else (),
        "conflicted": _conflicted(situation),
        "involvable": _involvable(situation),
        "conclusions": procedure.conclusions,
        "aspects": aspects_of(case, answers),
        "written": list(_written(form.fields if form is not None else (), answers)),
        "adjustments": str(answers.get("adjustments", "")),
        "outcomes": [_outcome_shown(record, case, procedure, contents) for record in earlier],
        "pending": _outcome_shown(pending, case, procedure, contents) if pending is not None else None,
        "draft": _draft(case.current, contents),
        "history": [_told(fact, situation, contents) for fact in facts],
        "holds": _holds(situation) if "lift" in situation.actions else [],
        "returned": _last_return(case, facts, contents),
    }


def _conflicted(situation: Situation) -> tuple[Person, ...]:
    """Who could be assigned in spite of a conflict of interest, where this person can do that."""
    case, procedure = situation.case, situation.procedure
    if not may_override(case, situation.link.person, procedure):
        return ()
    able = candidates(case, procedure)
    role = procedure.stage(case.current.stage).review.role
    return tuple(person for person in procedure.holders(role) if person not in able)


def _involvable(situation: Situation) -> tuple[Person, ...]:
    """Whom this person can mark as involved in the matter."""
    case, procedure, by = situation.case, situation.procedure, situation.link.person
    assigns = holds_role(by, assigners(case, procedure), procedure) is None
    return tuple(
        person
        for person in procedure.people
        if person.id not in case.involved and (assigns or person.id == by)
    )


def _promises(situation: Situation) -> tuple[Any, ...] | None:
    """The current stage's deadlines; None: the calendar cannot count them."""
    from adapters.mail import promise

    try:
        found = deadlines(situation.case, situation.procedure, situation.calendar)
    except CalendarError:
        return None
    return tuple(promise(one, now=situation.now) for one in found)


def _content_ids(case: Case, facts: Sequence[Fact]) -> Iterator[str]:
    yield case.answers
    for record in case.stages:
        yield record.wording
    for fact in facts:
        match fact:
            case InterimResponseSent():
                yield fact.message
            case OutcomeReturned() | LatenessDecided() | PersonInvolved():
                yield fact.reason
            case LateReplyDecided():
                yield fact.reason
            case LateReplyAsked() | ReopeningAsked():
                yield fact.reasons
            case ExternalAssistanceSought():
                yield fact.details
            case ExternalAnswerRecorded():
                yield fact.answer
            case ReviewerAssigned():
                yield fact.override
            case ComplaintEscalated() | ComplainantDissatisfied():
                yield fact.reasons
            case _:
                continue


def _told(fact: Fact, situation: Situation, contents: Contents) -> dict[str, Any]:
    """One entry of the history: the template has a sentence for each kind of event."""
    said = ""
    match fact:
        case InterimResponseSent():
            said = contents.get(fact.message, {}).get("message", "")
        case LateReplyDecided():
            said = contents.get(fact.reason, {}).get("reason", "")
        case LateReplyAsked() | ReopeningAsked():
            said = contents.get(fact.reasons, {}).get("reasons", "")
        case ExternalAssistanceSought():
            details = contents.get(fact.details, {})
            said = "\n".join(str(details[one]) for one in ("whom", "why") if details.get(one))
        case ExternalAnswerRecorded():
            said = contents.get(fact.answer, {}).get("answer", "")
        case ReviewerAssigned():
            said = contents.get(fact.override, {}).get("reason", "")
        case OutcomeReturned() | LatenessDecided() | PersonInvolved():
            said = contents.get(fact.reason, {}).get("reason", "")
        case ComplaintEscalated() | ComplainantDissatisfied():
            said = contents.get(fact.reasons, {}).get("reasons", "")
        case HoldPlaced():
            # Why a case is kept is between those who keep it.
            said = ""
        case _:
            pass
    who = "" if fact.by in (COMPLAINANT, SYSTEM) else _names(situation.procedure).get(fact.by, fact.by)
    return {"fact": fact, "kind": type(fact).__name__, "who": who, "said": said}


def _outcome_shown(
    record: StageRecord, case: Case, procedure: Procedure, contents: Contents
) -> dict[str, Any]:
    from adapters.mail import answers_of

    return {
        "stage": procedure.stage(record.stage),
        "responded_at": record.responded_at,
        "recorded_by": _names(procedure).get(record.recorded_by, ""),
        "wording": record.wording,
        "answers": answers_of(case, record, procedure, contents),
        "response": str(contents[record.wording]["response"]),
    }


def _draft(record: StageRecord, contents: Contents) -> dict[str, Any]:
    """The texts of an outcome that came back: to be changed, not typed again. Its conclusions are chosen anew."""
    words = contents.get(record.wording, {}) if not record.findings else {}
    return {"reasons": list(words.get("reasons", ())), "response": words.get("response", "")}


def _last_return(case: Case, facts: Sequence[Fact], contents: Contents) -> str:
    """What the last approver asked to be changed, as long as nothing was recorded anew."""
    if case.current.findings:
        return ""
    for fact in reversed(facts):
        if isinstance(fact, OutcomeReturned) and fact.stage == case.current.stage:
            return str(contents.get(fact.reason, {}).get("reason", ""))
    return ""


def _written(questions: Sequence[Any], answers: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the complainant wrote, question by question. Unanswered ones are left out, and what makes it easier for
    the complainant, which stands above them."""
    for question in questions:
        value = answers.get(question.id)
        if value is None or question.type == "declaration" or question.id == "adjustments":
            continue
        if question.type == "choice":
            value = next((choice.label for choice in question.choices if choice.id == value), value)
        if question.type == "date":
            value = date.fromisoformat(value)
        yield {"label": question.label, "value": value, "type": question.type}


def _answer_again(situation: Situation) -> dict[str, Any]:
    """The outcome, for the person whom it answers."""
    from adapters.mail import ways_on

    case, procedure = situation.case, situation.procedure
    contents = desk().store.contents(case.ref, (case.answers, case.current.wording))
    signposts, none_named = ways_on(case, procedure)
    dates = _promises(situation) or ()
    return {
        "outcome": _outcome_shown(case.current, case, procedure, contents),
        "reply_by": next((one for one in dates if one.name == "reply"), None),
        "signposts": signposts,
        "none_named": none_named,
    }


def _holds(situation: Situation) -> list[dict[str, str]]:
    case = situation.case
    contents = desk().store.contents(case.ref, case.holds)
    return [{"id": hold, "reason": str(contents.get(hold, {}).get("reason", ""))} for hold in case.holds]


def _done(action: Action, typed: Mapping[str, Sequence[str]], situation: Situation, after: Case) -> Answer:
    later = _situation_of(
        after,
        situation.link,
        situation.secret,
        procedure=situation.procedure,
        calendar=situation.calendar,
        now=situation.now,
    )
    stage = situation.procedure.stage(situation.link.stage)
    return _private(
        page(
            200,
            "pages/link/done.html",
            **{
                **_facts(later),
                "stage": stage,
                "next_stage": situation.procedure.stage(stage.next) if stage.next else None,
            },
            action=action,
            choice=(typed.get("decision") or typed.get("answer") or [""])[0],
            was_sent=after.current.responded_at is not None,
        )
    )


def _names(procedure: Procedure) -> dict[str, str]:
    return {person.id: person.name for person in procedure.people}


def _plain(status: int, name: str, **context: Any) -> Answer:
    """A page that knows of no case."""
    return _private(page(status, f"pages/link/{name}.html", **context))


def _private(answer: Answer) -> Answer:
    answer["headers"]["X-Robots-Tag"] = "noindex, nofollow"
    return answer


ROUTES: Final[Mapping[str, Route]] = {
    "GET /l/{secret}": show,
    "POST /l/{secret}": act,
    "POST /l/{secret}/fresh": send_fresh_link,
}
