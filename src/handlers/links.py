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
from typing import TYPE_CHECKING, Any, Final, Literal, assert_never, get_args
from urllib.parse import parse_qsl

from domain.acting import ACTIONS, Action, available, refusal
from domain.calendars import Calendar, CalendarError, to_london
from domain.case import Case, StageRecord
from domain.commands import (
    Acknowledge,
    AddInformation,
    AddNote,
    AgreeAspects,
    AnswerQuestions,
    ApproveOutcome,
    AskLate,
    AskQuestion,
    AskToReopen,
    AssignReviewers,
    Command,
    CompleteAction,
    ConfirmExhausted,
    ConsiderInformation,
    DecideLateness,
    DecideLateReply,
    DeclareInvolvement,
    LiftHold,
    PlaceHold,
    ProposedAction,
    RecordDisclosure,
    RecordExternalAnswer,
    RecordLessons,
    RecordOutcome,
    Reply,
    ReportProgress,
    ReturnOutcome,
    SeekExternalAssistance,
    SendInterimResponse,
    Writing,
)
from domain.deadlines import deadlines, decisions
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
    ActionDone,
    AspectsAgreed,
    Companion,
    ComplainantDissatisfied,
    ComplaintEscalated,
    Disclosed,
    ExternalAnswerRecorded,
    ExternalAssistanceSought,
    Finding,
    HoldPlaced,
    InformationAdded,
    InformationConsidered,
    InformationDisclosed,
    InterimResponseSent,
    LatenessDecided,
    LateReplyAsked,
    LateReplyDecided,
    LessonsRecorded,
    NoteAdded,
    NoteKind,
    OutcomeReturned,
    PersonInvolved,
    ProgressReported,
    QuestionAnswered,
    QuestionAsked,
    ReopeningAsked,
    ReviewerAssigned,
)
from domain.events import Event as Fact
from domain.life.actions import completable
from domain.life.aspects import MOST as MOST_ASPECTS
from domain.life.assignment import may_override
from domain.life.standing import assigners, candidates, heads, holds_role, review_role
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
_ASIDE: Final = _KEEPING | {"complete", "lessons"}
"""What people do who do not work on the complaint and do not read it."""

ACTION_ROWS: Final = 3
"""How many actions an outcome can promise."""

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
        """Whether the link is for somebody who works on the complaint, and not only on how long it is kept or on
        what was promised."""
        return bool(set(self.actions) - _ASIDE)


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
    _refuse_said_twice(command, situation)
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
                form,
                situation,
                Writing(at.identities.content_id(), _outcome_words(form, situation)),
                _lessons(form, at),
            )
        case "interim":
            message = Writing(at.identities.content_id(), {"message": form.text("message")})
            return SendInterimResponse(
                by=by, stage=stage, respond_by=_respond_by(form, message=_MESSAGE), message=message
            )
        case "progress":
            message = Writing(at.identities.content_id(), {"message": form.text("message")})
            return ReportProgress(by=by, stage=stage, message=message)
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
            words = {name: form.text(name) for name in ("reasons", "sought") if form.text(name)}
            return Reply(
                by=by,
                stage=stage,
                answer="satisfied" if answer == "satisfied" else "escalate",
                reasons=Writing(at.identities.content_id(), words) if words else None,
            )
        case "note" | "ask" | "consider" | "disclose" | "answer" | "add":
            return _for_the_record(action, form, situation, at)
        case "hold":
            return PlaceHold(
                by=by, reason=Writing(at.identities.content_id(), {"reason": form.text("reason")})
            )
        case "lift":
            hold = _require_choice(form, "hold", situation.case.holds, "Choose the hold that you lift.")
            return LiftHold(by=by, hold=hold)
        case "aspects":
            _require_choice(form, "confirm", ("yes",), "Tick the box to confirm that this was agreed.")
            return AgreeAspects(
                by=by, stage=stage, aspects=Writing(at.identities.content_id(), {"aspects": _points(form)})
            )
        case "lessons":
            learned = {"lessons": form.text("lessons")}
            return RecordLessons(by=by, lessons=Writing(at.identities.content_id(), learned))
        case "complete":
            waiting = [one.id for one in completable(situation.case, by, situation.procedure)]
            done = _require_choice(form, "done", waiting, "Choose which action is done.")
            note = form.text("note")
            return CompleteAction(
                by=by,
                action=done,
                note=Writing(at.identities.content_id(), {"note": note}) if note else None,
            )
        case _:
            assert_never(action)


def _for_the_record(
    action: Literal["note", "ask", "consider", "disclose", "answer", "add"],
    form: Filled,
    situation: Situation,
    at: Desk,
) -> Command:
    """What reviewer and complainant tell each other while the case is worked on, and what is noted of it."""
    by, stage = situation.link.person, situation.link.stage
    written = at.identities.content_id()
    match action:
        case "note":
            kind: NoteKind = _one_of(get_args(NoteKind), form, "kind", "Choose what the note is about.")
            said = {name: form.text(name) for name in ("text", "when") if form.text(name)}
            companion: Companion = ""
            if form.chosen("companion"):
                sentence = "Choose who came with the complainant."
                companion = _one_of(get_args(Companion), form, "companion", sentence)
            return AddNote(by=by, stage=stage, kind=kind, note=Writing(written, said), companion=companion)
        case "ask":
            return AskQuestion(
                by=by, stage=stage, question=Writing(written, {"question": form.text("question")})
            )
        case "consider":
            waiting = [addition.id for addition in situation.case.current.undecided]
            information = _require_choice(form, "information", waiting, "Choose what you decide on.")
            decision = _require_choice(
                form, "decision", ("accept", "decline"), "Choose whether it is considered or not."
            )
            return ConsiderInformation(
                by=by,
                stage=stage,
                information=information,
                accepted=decision == "accept",
                reason=Writing(written, {"reason": form.text("reason")}),
            )
        case "disclose":
            what: Disclosed = _one_of(get_args(Disclosed), form, "what", "Choose what is passed on.")
            words = {"to": form.text("to"), "reason": form.text("reason")}
            return RecordDisclosure(by=by, stage=stage, what=what, disclosure=Writing(written, words))
        case "answer":
            answers = {
                name.removeprefix("answer_"): form.text(name)
                for name in form.typed
                if name.startswith("answer_") and form.text(name)
            }
            return AnswerQuestions(by=by, stage=stage, answers=Writing(written, answers))
        case "add":
            return AddInformation(
                by=by, stage=stage, information=Writing(written, {"information": form.text("information")})
            )
        case _:
            assert_never(action)


def _one_of(known: tuple[Any, ...], form: Filled, name: str, sentence: str) -> Any:
    """The one of the known words that was chosen. Unprocessable: none, or not one alone."""
    return _require_choice(form, name, [one for one in known if one], sentence)


def _points(form: Filled) -> list[str]:
    texts = (form.text(f"aspect_{number}") for number in range(1, MOST_ASPECTS + 1))
    return [text for text in texts if text]


def _lessons(form: Filled, at: Desk) -> Writing | None:
    learned = form.text("lessons")
    return Writing(at.identities.content_id(), {"lessons": learned}) if learned else None


def _outcome(form: Filled, situation: Situation, wording: Writing, lessons: Writing | None) -> RecordOutcome:
    findings = tuple(
        Finding(
            aspect=number,
            conclusion=form.text(f"conclusion_{source}"),
            answered_with=0 if form.text(f"with_{number}") == "" else source,
        )
        for number, source in _sources(form, situation).items()
    )
    return RecordOutcome(
        by=situation.link.person,
        stage=situation.link.stage,
        findings=findings,
        wording=wording,
        remedies=tuple(dict.fromkeys(form.chosen("remedies"))),
        actions=tuple(_proposed(form)),
        lessons=lessons,
    )


def _proposed(form: Filled) -> Iterator[ProposedAction]:
    """The rows in which anything was filled in; what one lacks is for the domain to say."""
    for number in range(1, ACTION_ROWS + 1):
        owner, due = form.text(f"owner_{number}"), f"due_{number}"
        days = [form.text(f"{due}.{part}") for part in ("year", "month", "day")]
        if not any((form.text(f"action_{number}"), owner, *days)):
            continue
        kind, _, name = owner.partition(":")
        yield ProposedAction(
            number=number,
            person=name if kind == "person" else "",
            role=name if kind == "role" else "",
            due=_day_of(days),
        )


def _day_of(parts: Sequence[str]) -> date | None:
    """The day of a year, a month and a day; None: there is no such day."""
    try:
        year, month, day = (int(part) if part.isascii() and part.isdigit() else 0 for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _outcome_words(form: Filled, situation: Situation) -> dict[str, Any]:
    # What is said on one point is recorded on each that is answered together with it.
    numbers = _sources(form, situation).values()
    explained = _explained(form, situation)
    return {
        "reasons": [form.text(f"reasons_{number}") for number in numbers],
        "response": form.text("response"),
        "evidence": [form.text(f"evidence_{number}") for number in numbers],
        "explanations": [
            form.text(f"explanation_{number}") if number in explained else "" for number in numbers
        ],
        "remedies": {one: form.text(f"remedy_{one}") for one in form.chosen("remedies")},
        "actions": {
            f"action-{number}": form.text(f"action_{number}")
            for number in range(1, ACTION_ROWS + 1)
            if form.text(f"action_{number}")
        },
    }


def _sources(form: Filled, situation: Situation) -> dict[int, int]:
    """For each aspect the one whose conclusion and reasons stand for it: itself, or another that was chosen."""
    chosen = {number: form.text(f"with_{number}") for number in range(1, situation.case.aspects + 1)}
    return {number: int(other) if other in map(str, chosen) else number for number, other in chosen.items()}


def _explained(form: Filled, situation: Situation) -> set[int]:
    """The aspects whose conclusion has to be explained; an explanation of another one is not kept."""
    needing = {one.id for one in situation.procedure.conclusions if one.needs_explanation}
    numbers = range(1, situation.case.aspects + 1)
    return {number for number in numbers if form.text(f"conclusion_{number}") in needing}


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
    if action == "aspects" and case.agreed:
        agreed = desk().store.contents(case.ref, (case.agreed,))[case.agreed]
        if _points(form) == agreed.get("aspects"):
            raise AlreadyDone("These points are agreed already.")
    if action == "lessons" and case.lessons:
        learned = desk().store.contents(case.ref, case.lessons)
        if form.text("lessons") in [words.get("lessons") for words in learned.values()]:
            raise AlreadyDone("This is recorded already.")
    if action == "hold" and case.holds:
        said = desk().store.contents(case.ref, case.holds)
        if form.text("reason") in [words.get("reason") for words in said.values()]:
            raise AlreadyDone("The case is held for this reason already.")
    if action == "progress" and case.current.progress:
        said = desk().store.contents(case.ref, (case.current.progress,))
        if form.text("message") in [words.get("message") for words in said.values()]:
            raise AlreadyDone("The complainant has been told this already.")
    if action == "interim" and case.current.respond_by is not None:
        try:
            is_same = _respond_by(form) == case.current.respond_by
        except Unprocessable:
            return
        if is_same:
            raise AlreadyDone("The complainant has been given this date already.")


def _refuse_said_twice(command: Command, situation: Situation) -> None:
    """A second click on a note, a question, a disclosure or an addition would be one more of the same words."""
    match command:
        case AddNote(note=writing):
            kind = "NoteAdded"
        case AskQuestion(question=writing):
            kind = "QuestionAsked"
        case RecordDisclosure(disclosure=writing):
            kind = "InformationDisclosed"
        case AddInformation(information=writing):
            kind = "InformationAdded"
        case _:
            return
    # That somebody could not be reached is noted without words, and may well be true again.
    if not writing.words or not any(writing.words.values()):
        return
    ref = situation.case.ref
    same = [
        one["fact"]
        for one in desk().store.events(ref)
        if (one["fact"]["type"], one["fact"]["by"]) == (kind, command.by)
    ]
    facts = [from_record(get_args(Fact), one) for one in same]
    said = desk().store.contents(ref, _content_ids(situation.case, facts)).values()
    if dict(writing.words) in said:
        raise AlreadyDone("This is on record in the same words already.")


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
        case UnknownChoice(field=name) if name:
            problem = FieldProblem(name, str(refused))
            return _present(422, situation, action=action, typed=typed, problems=(problem,))
        case UnknownChoice() | ConflictOfInterest() if action in situation.actions:
            choice = {
                "assign": "reviewers",
                "involve": "involved",
                "respond": "conclusion_1",
                "lift": "hold",
                "consider": "information",
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
    if situation.link.person == COMPLAINANT and "reply" not in situation.actions:
        return _private(page(status, "pages/link/underway.html", **context, **_underway(situation)))
    if situation.link.person == COMPLAINANT:
        return _private(page(status, "pages/link/reply.html", **context, **_answer_again(situation)))
    if not situation.reads_case:
        return _private(
            page(
                status,
                "pages/link/keep.html",
                **context,
                holds=_holds(situation),
                own_actions=_own(situation),
            )
        )
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
        "head_title": procedure.role(stage.review.head).title if heads(case, procedure) else "",
        "candidates": candidates(case, procedure) if "assign" in situation.actions else (),
        "conflicted": _conflicted(situation),
        "involvable": _involvable(situation),
        "conclusions": procedure.conclusions,
        "aspects": aspects_of(case, contents[case.agreed or case.answers]),
        "agreed": bool(case.agreed),
        "aspect_rows": range(1, min(case.aspects + 2, MOST_ASPECTS) + 1),
        "written": list(_written(form.fields if form is not None else (), answers)),
        "adjustments": str(answers.get("adjustments", "")),
        "outcomes": [_outcome_shown(record, case, procedure, contents) for record in earlier],
        "pending": _outcome_shown(pending, case, procedure, contents) if pending is not None else None,
        "draft": _draft(case.current, contents),
        "history": [_told(fact, situation, contents) for fact in facts],
        "holds": _holds(situation) if "lift" in situation.actions else [],
        "sought": _sought(facts, answers, contents),
        "own_actions": _own(situation),
        "owner_choices": _owner_choices(procedure),
        "action_rows": range(1, ACTION_ROWS + 1),
        "returned": _last_return(case, facts, contents),
        "undecided": [
            (one.id, str(contents.get(one.id, {}).get("information", ""))) for one in case.current.undecided
        ],
        "added": _added(case, contents),
    }


def _added(case: Case, contents: Contents) -> list[dict[str, Any]]:
    """What the complainant added after the complaint was in, with what was decided on it."""
    return [
        {
            "at": one.at,
            "information": str(contents.get(one.id, {}).get("information", "")),
            "accepted": one.accepted,
            "reason": str(contents.get(one.reason, {}).get("reason", "")),
        }
        for record in case.stages
        for one in record.additions
    ]


def _underway(situation: Situation) -> dict[str, Any]:
    """The complaint while it is looked into, for the person who made it."""
    current = situation.case.current
    ids = [one.id for one in current.questions] + [one.answer for one in current.questions]
    for addition in current.additions:
        ids += [addition.id, addition.reason]
    contents = desk().store.contents(situation.case.ref, ids)
    asked = [
        {
            "id": one.id,
            "question": str(contents.get(one.id, {}).get("question", "")),
            "answer": str(contents.get(one.answer, {}).get(one.id, "")),
        }
        for one in current.questions
    ]
    dates = _promises(situation) or ()
    return {
        "asked": asked,
        "added": [one for one in _added(situation.case, contents) if one["information"]],
        "respond_by": next((one for one in dates if one.name == "respond"), None),
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
        found = (
            *deadlines(situation.case, situation.procedure, situation.calendar),
            *decisions(situation.case, situation.procedure, situation.calendar),
        )
    except CalendarError:
        return None
    return tuple(promise(one, now=situation.now) for one in found)


def _content_ids(case: Case, facts: Sequence[Fact]) -> Iterator[str]:
    yield case.answers
    yield case.agreed
    for record in case.stages:
        yield record.wording
        yield record.agreed
    for fact in facts:
        match fact:
            case InterimResponseSent() | ProgressReported():
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
            case NoteAdded():
                yield fact.note
            case QuestionAsked():
                yield fact.question
            case QuestionAnswered():
                yield fact.answer
            case InformationDisclosed():
                yield fact.disclosure
            case InformationAdded():
                yield fact.information
            case InformationConsidered():
                yield fact.reason
            case ActionDone():
                yield fact.note
            case AspectsAgreed():
                yield fact.agreed
            case LessonsRecorded():
                yield fact.lessons
            case _:
                continue


def _told(fact: Fact, situation: Situation, contents: Contents) -> dict[str, Any]:
    """One entry of the history: the template has a sentence for each kind of event."""
    said = ""
    match fact:
        case InterimResponseSent() | ProgressReported():
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
        case NoteAdded():
            words = contents.get(fact.note, {})
            said = "\n".join(words[name] for name in ("when", "text") if words.get(name))
        case QuestionAsked():
            said = contents.get(fact.question, {}).get("question", "")
        case QuestionAnswered():
            said = contents.get(fact.answer, {}).get(fact.question, "")
        case InformationDisclosed():
            words = contents.get(fact.disclosure, {})
            said = "\n".join(words[name] for name in ("to", "reason") if words.get(name))
        case InformationAdded():
            said = contents.get(fact.information, {}).get("information", "")
        case InformationConsidered():
            said = contents.get(fact.reason, {}).get("reason", "")
        case AspectsAgreed():
            points = contents.get(fact.agreed, {}).get("aspects", ())
            said = "\n".join(f"{number}. {text}" for number, text in enumerate(points, start=1))
        case LessonsRecorded():
            said = contents.get(fact.lessons, {}).get("lessons", "")
        case ActionDone():
            said = contents.get(fact.note, {}).get("note", "")
        case HoldPlaced():
            # Why a case is kept is between those who keep it.
            said = ""
        case _:
            pass
    who = "" if fact.by in (COMPLAINANT, SYSTEM) else _names(situation.procedure).get(fact.by, fact.by)
    return {
        "fact": fact,
        "kind": type(fact).__name__,
        "who": who,
        "said": said,
        "lapsed": isinstance(fact, QuestionAsked) and _has_lapsed(fact, situation.case),
    }


def _has_lapsed(asked: QuestionAsked, case: Case) -> bool:
    """Whether the stage ended before the complainant answered."""
    return any(
        question.id == asked.question and not question.answer and question not in record.unanswered
        for record in case.stages
        for question in record.questions
    )


def _outcome_shown(
    record: StageRecord, case: Case, procedure: Procedure, contents: Contents
) -> dict[str, Any]:
    from adapters.mail import answers_of, promised_of, remedies_of

    return {
        "stage": procedure.stage(record.stage),
        "responded_at": record.responded_at,
        "recorded_by": _names(procedure).get(record.recorded_by, ""),
        "wording": record.wording,
        "answers": answers_of(case, record, procedure, contents),
        "response": str(contents[record.wording]["response"]),
        "remedies": remedies_of(record, procedure, contents),
        "actions": promised_of(record, case, procedure, contents),
    }


def _draft(record: StageRecord, contents: Contents) -> dict[str, Any]:
    """The texts of an outcome that came back: to be changed, not typed again. Its conclusions are chosen anew."""
    words = contents.get(record.wording, {}) if not record.findings else {}
    return {
        "reasons": list(words.get("reasons", ())),
        "response": words.get("response", ""),
        "evidence": list(words.get("evidence", ())),
        "explanations": list(words.get("explanations", ())),
        "remedies": dict(words.get("remedies", {})),
        "actions": dict(words.get("actions", {})),
    }


def _sought(facts: Sequence[Fact], answers: Mapping[str, Any], contents: Contents) -> str:
    """Which resolution the complainant seeks now: what the last escalation says, or else what was said before it."""
    for fact in reversed(facts):
        if isinstance(fact, ComplaintEscalated) and contents.get(fact.reasons, {}).get("sought"):
            return str(contents[fact.reasons]["sought"])
    return str(answers.get("outcome_sought", ""))


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
    contents = desk().store.contents(case.ref, (case.answers, case.current.wording, case.current.agreed))
    signposts, none_named = ways_on(case, procedure)
    dates = _promises(situation) or ()
    return {
        "outcome": _outcome_shown(case.current, case, procedure, contents),
        "reply_by": next((one for one in dates if one.name == "reply"), None),
        "signposts": signposts,
        "none_named": none_named,
    }


def _own(situation: Situation) -> list[dict[str, Any]]:
    """The actions that the person can say are done, with what is to be done."""
    from adapters.mail import owner_of

    if "complete" not in situation.actions:
        return []
    case, procedure = situation.case, situation.procedure
    waiting = completable(case, situation.link.person, procedure)
    contents = desk().store.contents(case.ref, (one.wording for one in waiting))
    return [
        {
            "id": one.id,
            "text": contents.get(one.wording, {}).get("actions", {}).get(one.id.rpartition("/")[2], ""),
            "due": one.due,
            "owner": owner_of(one, procedure),
            "over": one.overdue_at is not None,
        }
        for one in waiting
    ]


def _owner_choices(procedure: Procedure) -> list[tuple[str, str]]:
    people = [(f"person:{person.id}", person.name) for person in procedure.people]
    roles = [(f"role:{one.id}", one.title) for one in procedure.roles if procedure.holders(one.id)]
    return [*people, *roles]


def _holds(situation: Situation) -> list[dict[str, str]]:
    if not set(situation.actions) & _KEEPING:
        return []
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
            choice=(typed.get("decision") or typed.get("answer") or typed.get("kind") or [""])[0],
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
