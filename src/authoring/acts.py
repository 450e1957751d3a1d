"""What people do in a scenario: each act with its keys, who does it, and the command that it becomes.

What a step does not say is filled in with something harmless. Whoever the case waits for acts, unless the step says
who.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, assert_never

from adapters.cases.answers import read as read_answers
from authoring.simulation import Life
from domain.acting import COMPLAINANTS, refusal
from domain.acting import Action as DomainAction
from domain.calendars import to_london
from domain.case import Case
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
    RecordBounce,
    RecordDisclosure,
    RecordExternalAnswer,
    RecordLessons,
    RecordOutcome,
    Reply,
    ReportProgress,
    ReturnOutcome,
    SeekExternalAssistance,
    SendInterimResponse,
    SubmitComplaint,
    Writing,
)
from domain.events import COMPLAINANT, Companion, Disclosed, Finding, NoteKind
from domain.ladder import DeadlineName
from domain.life.actions import completable
from domain.life.standing import approvers, assigners, candidates, heads
from domain.notices import Notice
from domain.procedure import Field, Form, Person, Procedure

Act = Literal[
    "submit",
    "lateness",
    "acknowledge",
    "assign",
    "involve",
    "interim",
    "progress",
    "external",
    "external-answer",
    "note",
    "ask",
    "answer",
    "add",
    "consider",
    "disclose",
    "aspects",
    "respond",
    "approve",
    "return",
    "reply",
    "ask-late",
    "late-reply",
    "reopen",
    "exhausted",
    "complete",
    "lessons",
    "bounce",
    "hold",
    "lift",
    "wait",
]

ACTS: Final[Mapping[Act, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "submit": ((), ("form", "answers", "aspects")),
    "lateness": (("decision",), ("text",)),
    "acknowledge": ((), ()),
    "assign": ((), ("reviewers", "text")),
    "involve": (("person",), ("text",)),
    "interim": (("respond_by",), ("text",)),
    "progress": ((), ("text",)),
    "external": (("respond_by",), ("whom", "text")),
    "external-answer": ((), ("text",)),
    "note": (("kind",), ("text", "meets", "companion")),
    "ask": ((), ("text",)),
    "answer": ((), ("text",)),
    "add": ((), ("text",)),
    "consider": (("decision",), ("text",)),
    "disclose": (("what",), ("whom", "text")),
    "aspects": (("aspects",), ()),
    "respond": ((), ("findings", "remedies", "text", "promises", "lessons")),
    "approve": ((), ()),
    "return": ((), ("text",)),
    "reply": (("answer",), ("text", "sought")),
    "ask-late": ((), ("text",)),
    "late-reply": (("decision",), ("text",)),
    "reopen": ((), ("text",)),
    "exhausted": ((), ()),
    "complete": ((), ("promise", "text")),
    "lessons": ((), ("text",)),
    "bounce": (("person", "notice"), ()),
    "hold": ((), ("text",)),
    "lift": ((), ("hold",)),
    "wait": ((), ()),
}
"""The keys that each act needs, and those that it can have, beside those about who and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer on the form; `id` is its question's."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reviewer says on one point."""

    conclusion: str
    reasons: str
    evidence: str = "A record."
    explanation: str = "It is explained."
    answered_with: int = 0
    """The point that is answered together with this one, with the same conclusion; 0: it stands by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What an outcome promises, by when, and which person or role does it."""

    text: str
    due: date
    person: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act of one person. Empty: not given."""

    act: Act
    at: str = ""
    after: str = ""
    just_before: DeadlineName | None = None
    just_after: DeadlineName | None = None
    by: str = ""
    refused: str = ""
    form: str = ""
    answers: tuple[Answer, ...] = ()
    aspects: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    respond_by: date | None = None
    text: str = ""
    findings: tuple[Said, ...] = ()
    remedies: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    lessons: str = ""
    answer: Literal["satisfied", "escalate"] | None = None
    sought: str = ""
    decision: Literal["accept", "decline"] | None = None
    kind: NoteKind | None = None
    meets: str = ""
    """When and where a meeting is."""
    companion: Companion = ""
    what: Disclosed | None = None
    whom: str = ""
    promise: str = ""
    """The number of what is done, from 1, in the order in which it was promised; the first that is open, where it is
    left out."""
    person: str = ""
    notice: Notice | None = None
    hold: str = ""
    """The number of the step that placed the hold, from 1; the newest, where it is left out."""


class CannotBe(Exception):
    """A step that makes no sense at its place; `str()` is a sentence."""


def command_of(step: Step, life: Life, number: int, at: datetime) -> Command:
    """What is asked for with step `number` (from 0). CannotBe: it makes no sense at its place."""
    by = actor_of(step, life)
    if step.act == "submit":
        return _submission(step, life.procedure, number, at, by=by)
    case, procedure = life.present, life.procedure
    stage = case.current.stage
    writing = f"{step.act}-{number + 1}"

    def written(key: str, **more: str) -> Writing:
        return Writing(writing, {key: step.text or "What was written.", **more})

    command: Command
    match step.act:
        case "acknowledge":
            command = Acknowledge(by=by, stage=stage)
        case "assign":
            override = written("reason") if step.text else None
            chosen = step.reviewers or _panel(case, procedure)
            command = AssignReviewers(by=by, stage=stage, reviewers=chosen, override=override)
        case "involve":
            command = DeclareInvolvement(by=by, stage=stage, person=step.person, reason=written("reason"))
        case "interim":
            command = SendInterimResponse(
                by=by, stage=stage, respond_by=_given(step.respond_by), message=written("message")
            )
        case "progress":
            command = ReportProgress(by=by, stage=stage, message=written("message"))
        case "external":
            details = written("why", whom=step.whom or "Somebody outside.")
            command = SeekExternalAssistance(
                by=by, stage=stage, respond_by=_given(step.respond_by), details=details
            )
        case "external-answer":
            command = RecordExternalAnswer(by=by, stage=stage, answer=written("answer"))
        case "aspects":
            command = AgreeAspects(
                by=by, stage=stage, aspects=Writing(writing, {"aspects": list(step.aspects)})
            )
        case "respond":
            command = _outcome(step, by, case, procedure, writing)
        case "approve":
            command = ApproveOutcome(by=by, stage=stage, wording=case.current.wording)
        case "return":
            command = ReturnOutcome(
                by=by, stage=stage, wording=case.current.wording, reason=written("reason")
            )
        case "reply":
            command = _reply(step, by, case, procedure, writing)
        case "complete":
            command = _completion(step, by, case, procedure, written("note"))
        case "lessons":
            command = RecordLessons(by=by, lessons=written("lessons"))
        case "bounce":
            command = RecordBounce(person=step.person, notice=step.notice or "")
        case "hold":
            command = PlaceHold(by=by, reason=written("reason"))
        case "lift":
            newest = case.holds[-1] if case.holds else ""
            command = LiftHold(by=by, hold=f"hold-{step.hold}" if step.hold else newest)
        case "lateness":
            command = DecideLateness(by=by, stage=stage, accepted=_accepts(step), reason=written("reason"))
        case "late-reply":
            command = DecideLateReply(by=by, stage=stage, accepted=_accepts(step), reason=written("reason"))
        case "ask-late":
            command = AskLate(by=by, stage=stage, reasons=written("reasons"))
        case "reopen":
            command = AskToReopen(by=by, stage=stage, reasons=written("reasons"))
        case "exhausted":
            command = ConfirmExhausted(by=by, stage=stage)
        case "note" | "ask" | "answer" | "add" | "consider" | "disclose":
            command = _for_the_record(step, by, case, written)
        case "wait" | "submit":
            raise CannotBe("this is no act of a person")
        case _:
            assert_never(step.act)
    return command


def actor_of(step: Step, life: Life) -> str:
    """Who acts: the person that the case waits for, where the step does not say it."""
    if step.by or step.act == "submit":
        return step.by or COMPLAINANT
    case, procedure = life.present, life.procedure
    current = case.current
    match step.act:
        case "acknowledge":
            return current.reviewers[0] if current.reviewers else _first(procedure, procedure.coordinator)
        case "assign":
            return _first(procedure, assigners(case, procedure)[0])
        case "respond" | "interim":
            return current.reviewers[0] if current.reviewers else ""
        case "approve" | "return":
            waiting: tuple[Person, ...] = approvers(case, procedure)
            return waiting[0].id if waiting else ""
        case "hold" | "lift":
            return _first(procedure, procedure.retention.told)
        case "bounce" | "wait":
            return COMPLAINANT
        case _:
            return _who_can(step.act, case, procedure)


def lowest(procedure: Procedure) -> Form:
    """The form that starts lowest on the ladder shows the most of it."""
    order = [stage.id for stage in procedure.stages]
    staged = [form for form in procedure.forms if form.starts_at]
    return min(staged, key=lambda form: order.index(form.starts_at))


def _who_can(action: DomainAction, case: Case, procedure: Procedure) -> str:
    """The first who can do it: a reviewer, then anybody in the directory's order. Where nobody can, who would be
    expected to, so that the refusal says why."""
    if action in COMPLAINANTS:
        return COMPLAINANT
    everybody = (*case.current.reviewers, *(person.id for person in procedure.people))
    stage = case.current.stage
    able = (one for one in everybody if not refusal(action, case, by=one, stage=stage, procedure=procedure))
    return next(able, everybody[0])


def _first(procedure: Procedure, role: str) -> str:
    return next((person.id for person in procedure.holders(role)), "")


def _panel(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """As many reviewers as the stage needs, whoever can head them first."""
    able = [person.id for person in candidates(case, procedure)]
    first = heads(case, procedure)[:1]
    rest = [person for person in able if person not in first]
    return (*first, *rest)[: procedure.stage(case.current.stage).review.count]


def _given(day: date | None) -> date:
    # Held by ACTS when the file is read.
    if day is None:
        raise CannotBe("this needs a day")
    return day


def _accepts(step: Step) -> bool:
    return step.decision == "accept"


def _reply(step: Step, by: str, case: Case, procedure: Procedure, writing: str) -> Reply:
    if step.answer is None:
        raise CannotBe("this needs an answer")
    stage = procedure.stage(case.current.stage)
    words = {"reasons": step.text, "sought": step.sought}
    if step.answer == "escalate" and stage.reasons_to_go_on == "required":
        words["reasons"] = step.text or "What was written."
    said = {name: text for name, text in words.items() if text}
    reasons = Writing(writing, said) if said else None
    return Reply(by=by, stage=stage.id, answer=step.answer, reasons=reasons)


def _completion(step: Step, by: str, case: Case, procedure: Procedure, note: Writing) -> CompleteAction:
    waiting = [action.id for action in completable(case, by, procedure)]
    if step.promise:
        promised = [action.id for action in case.actions]
        if not step.promise.isdecimal() or not 1 <= int(step.promise) <= len(promised):
            raise CannotBe(f"`promise`: nothing was promised under the number `{step.promise}`")
        waiting = [promised[int(step.promise) - 1]]
    return CompleteAction(by=by, action=waiting[0] if waiting else "", note=note if step.text else None)


def _for_the_record(step: Step, by: str, case: Case, written: Any) -> Command:
    """What reviewer and complainant tell each other, and what is noted of it."""
    stage = case.current.stage
    match step.act:
        case "note":
            if step.kind is None:
                raise CannotBe("this needs a kind")
            when = {"when": step.meets or "Soon, at the office."} if step.kind == "meeting-arranged" else {}
            companion: Companion = step.companion or ("nobody" if step.kind == "meeting-held" else "")
            note = written("text", **when)
            return AddNote(by=by, stage=stage, kind=step.kind, note=note, companion=companion)
        case "ask":
            return AskQuestion(by=by, stage=stage, question=written("question"))
        case "answer":
            said = str(next(iter(written("answer").words.values())))
            answers = Writing(written("answer").id, {one.id: said for one in case.current.unanswered})
            return AnswerQuestions(by=by, stage=stage, answers=answers)
        case "add":
            return AddInformation(by=by, stage=stage, information=written("information"))
        case "consider":
            undecided = [one.id for one in case.current.undecided]
            return ConsiderInformation(
                by=by,
                stage=stage,
                information=undecided[0] if undecided else "",
                accepted=_accepts(step),
                reason=written("reason"),
            )
        case _:
            if step.what is None:
                raise CannotBe("this needs what was passed on")
            disclosure = written("reason", to=step.whom or "Those who have to answer.")
            return RecordDisclosure(by=by, stage=stage, what=step.what, disclosure=disclosure)


def _submission(step: Step, procedure: Procedure, number: int, at: datetime, *, by: str) -> SubmitComplaint:
    form = procedure.form(step.form) if step.form else lowest(procedure)
    if form is None:
        raise CannotBe(f"there is no form `{step.form}`")
    given: dict[str, Any] = {one.id: one.text for one in step.answers}
    if step.aspects:
        given["aspects"] = list(step.aspects)
    samples = {question.id: _sample(question, at) for question in form.fields if question.required}
    answers = read_answers(form, samples | given)
    incident, known = answers.get("incident_date"), answers.get("became_known_date")
    return SubmitComplaint(
        organisation=procedure.slug,
        form=form.id,
        answers=Writing(f"submit-{number + 1}", answers),
        aspects=len(answers.get("aspects") or ()) or 1,
        course=str(answers.get("course") or ""),
        relationship=str(answers.get("relationship") or ""),
        subject=str(answers.get("subject") or ""),
        incident_on=date.fromisoformat(incident) if incident else None,
        known_on=date.fromisoformat(known) if known else None,
        kind=str(answers.get("kind") or ""),
        represented=bool(answers.get("representative")),
        by=by,
    )


def _sample(question: Field, at: datetime) -> Any:
    """An answer that a question takes and that says nothing."""
    match question.type:
        case "text":
            return "The complainant" if question.id == "name" else "Something short."
        case "long-text":
            return "What happened, in a few words."
        case "email":
            return "complainant@example.example"
        case "telephone":
            return "01632 960 001"
        case "date":
            return (to_london(at).date() - timedelta(days=1)).isoformat()
        case "choice":
            return question.choices[0].id
        case "list":
            return ["The first point.", "The second point."]
        case "declaration":
            return True
        case _:
            assert_never(question.type)


def _outcome(step: Step, by: str, case: Case, procedure: Procedure, writing: str) -> RecordOutcome:
    usual = Said(conclusion=procedure.conclusions[0].id, reasons="The reasons.")
    said = step.findings or (usual,) * case.aspects
    findings = tuple(
        Finding(aspect=aspect, conclusion=one.conclusion, answered_with=one.answered_with)
        for aspect, one in enumerate(said, start=1)
        if aspect in case.points or aspect > case.aspects
    )
    usual_remedies = tuple(one.id for one in procedure.remedies if one.wording)[: procedure.remedies_required]
    remedies = step.remedies or usual_remedies
    unworded = [one.id for one in procedure.remedies if one.id in remedies and not one.wording]
    words = {
        "reasons": [one.reasons for one in said],
        "evidence": [one.evidence for one in said],
        "explanations": [one.explanation for one in said],
        "response": step.text or "What will be done.",
        "remedies": dict.fromkeys(unworded, "What was agreed."),
        "actions": {f"action-{number}": one.text for number, one in enumerate(step.promises, start=1)},
    }
    lessons = Writing(f"{writing}-lessons", {"lessons": step.lessons}) if step.lessons else None
    return RecordOutcome(
        by=by,
        stage=case.current.stage,
        findings=findings,
        wording=Writing(writing, words),
        remedies=remedies,
        actions=tuple(_promised(step)),
        lessons=lessons,
    )


def _promised(step: Step) -> Iterator[ProposedAction]:
    for number, one in enumerate(step.promises, start=1):
        yield ProposedAction(number=number, person=one.person, role=one.role, due=one.due)
