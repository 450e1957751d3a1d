"""An outcome as people read it, in mails and on pages: its aspects, remedies and actions, in words.

Pure: what people wrote is handed in, by content id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.case import Case, StageRecord
from domain.people import names_in
from domain.planned import ActionRecord, PlannedAction
from domain.procedure import Procedure
from domain.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectAnswered:
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
class PointDeclined:
    """What an outcome says on a point that the procedure does not cover, or that was refused. `goes_to`: where it can
    be taken instead; empty: nowhere was named."""

    words: str
    reason: str
    goes_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyGiven:
    """A remedy that an outcome names, and what it says about it."""

    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedAction:
    """An action that an outcome promises, as it is shown to people."""

    id: str
    text: str
    due: date
    owner: str
    """A person's name or a role's title."""
    done: bool = False
    over: bool = False


def answers_of(
    case: Case, record: StageRecord, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> tuple[AspectAnswered, ...]:
    """Return the recorded outcome aspect by aspect; empty while there is none. KeyError: a content is missing."""
    if not record.findings:
        return ()
    aspects = aspects_of(case, contents[record.agreed or case.answers])
    wording = contents[record.wording]
    labels = {conclusion.id: conclusion.label for conclusion in procedure.conclusions}
    return tuple(
        AspectAnswered(
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


def declined_of(
    case: Case, record: StageRecord, contents: Mapping[str, Mapping[str, Any]]
) -> tuple[PointDeclined, ...]:
    """Return what the outcome of a stage answers on the points that were declined there: that they are not covered, and
    why. One that was brought up again since is answered as a point. KeyError: a content is missing; `declined_in` names
    them."""
    aspects = aspects_of(case, contents[record.agreed or case.answers])
    answered = {words for number, words in enumerate(aspects, 1) if number in (record.aspects or (number,))}
    return tuple(
        PointDeclined(
            words=words,
            reason=str(contents[declined.why].get("reason", "")),
            goes_to=str(contents[declined.why].get("goes_to", "")),
        )
        for declined in case.declined
        if declined.of and declined.stage == record.stage
        for number, words in enumerate(aspects_of(case, contents[declined.of]), start=1)
        if number in declined.points and words not in answered
    )


def declined_in(case: Case) -> tuple[str, ...]:
    """Return the contents that say which points were declined, and why."""
    ids = (content for declined in case.declined if declined.of for content in (declined.why, declined.of))
    return tuple(dict.fromkeys(ids))


def _text_on(aspect: int, texts: Sequence[Any]) -> str:
    return str(texts[aspect - 1]) if aspect <= len(texts) else ""


def remedies_of(
    record: StageRecord, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> tuple[RemedyGiven, ...]:
    """Return the remedies of the recorded outcome, in the procedure's order and words where the reviewer wrote
    none."""
    said = contents[record.wording].get("remedies", {}) if record.remedies else {}
    return tuple(
        RemedyGiven(label=remedy.label, words=str(said.get(remedy.id) or remedy.wording))
        for remedy in procedure.remedies
        if remedy.id in record.remedies
    )


def promised_of(
    record: StageRecord, case: Case, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> tuple[PromisedAction, ...]:
    """Return the actions of the recorded outcome, and what became of them since it was sent."""
    begun = {action.id: action for action in case.actions}
    said = contents[record.wording].get("actions", {}) if record.actions else {}
    return tuple(
        PromisedAction(
            id=action.id,
            text=str(said.get(action.id.rpartition("/")[2], "")),
            due=action.due,
            owner=owner_of(action, procedure),
            done=action.id in begun and begun[action.id].done_at is not None,
            over=action.id in begun and begun[action.id].overdue_at is not None,
        )
        for action in record.actions
    )


def owner_of(action: PlannedAction | ActionRecord, procedure: Procedure) -> str:
    if action.role:
        titles = {role.id: role.title for role in procedure.roles}
        return titles.get(action.role, action.role)
    person = procedure.person(action.person)
    return person.name if person is not None else action.person


def aspects_of(case: Case, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words of each aspect, from the form's answers or from what was agreed. A form need not ask for main
    points: the account is then the only one."""
    said = [str(aspect) for aspect in answers.get("aspects") or ()] or [str(answers.get("account", ""))]
    return (*said, *[""] * (case.aspects - len(said)))


def outcome_shown(
    record: StageRecord, at: Situation, contents: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return an outcome that was recorded, as pages show it. KeyError: a content is missing."""
    names = names_in(at.procedure)
    return {
        "stage": at.procedure.stage(record.stage),
        "responded_at": record.responded_at,
        "recorded_by": names.get(record.recorded_by, ""),
        "wording": record.wording,
        "answers": answers_of(at.case, record, at.procedure, contents),
        "declined": declined_of(at.case, record, contents),
        "refuses": at.procedure.refusal is not None,
        "response": str(contents[record.wording]["response"]),
        "remedies": remedies_of(record, at.procedure, contents),
        "actions": promised_of(record, at.case, at.procedure, contents),
    }
