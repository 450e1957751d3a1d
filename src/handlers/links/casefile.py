"""The case as those see it who work on it: what was written, what happened, and what each of them can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from domain.events import ComplaintEscalated, Event
from domain.life.aspects import MOST as MOST_ASPECTS
from domain.life.standing import review_role
from domain.records import from_record
from handlers.links import afterwards, approver, coordinator, history, keeper, outcome, record
from handlers.links.papers import papers
from handlers.links.situation import Situation, promises
from handlers.wiring import site

Contents = Mapping[str, Mapping[str, Any]]


def whole_case(situation: Situation) -> dict[str, Any]:
    """The case as those see it who work on it."""
    from adapters.cases.outcomes import aspects_of
    from adapters.cases.particulars import submission_of

    case, procedure = situation.case, situation.procedure
    facts = tuple(from_record(get_args(Event), one["fact"]) for one in site().store.events(case.ref))
    contents = site().store.contents(case.ref, history.content_ids(case, facts))
    answers = contents[case.answers]
    form = procedure.form(case.form)
    stage = procedure.stage(case.current.stage)
    earlier = [one for one in case.stages if one.responded_at is not None]
    pending = case.current if case.current.awaits_approval else None
    return {
        "late": submission_of(case, procedure, situation.calendar) if case.late else None,
        "dates": promises(situation),
        "review": stage.review,
        "reviewer_title": procedure.role(review_role(case, procedure)).title,
        **coordinator.choices(situation),
        "conclusions": procedure.conclusions,
        "aspects": aspects_of(case, contents[case.agreed or case.answers]),
        "agreed": bool(case.agreed),
        "aspect_rows": range(1, min(case.aspects + 2, MOST_ASPECTS) + 1),
        "written": list(written(form.fields if form is not None else (), answers)),
        "adjustments": str(answers.get("adjustments", "")),
        "outcomes": [outcome.shown(one, case, procedure, contents) for one in earlier],
        "pending": outcome.shown(pending, case, procedure, contents) if pending is not None else None,
        "not_yet": approver.not_yet(situation),
        "draft": outcome.draft(case.current, contents),
        "history": [history.told(fact, situation, contents) for fact in facts],
        "holds": keeper.holds(situation) if "lift" in situation.actions else [],
        "sought": _sought(facts, answers, contents),
        "own_actions": afterwards.own_actions(situation),
        "owner_choices": outcome.owner_choices(procedure),
        "action_rows": range(1, outcome.ACTION_ROWS + 1),
        "returned": approver.last_return(case, facts, contents),
        "undecided": record.undecided(case, contents),
        "added": record.added(case, contents),
        **papers(situation),
    }


def written(
    questions: Sequence[Any], answers: Mapping[str, Any], *, adjustments: bool = False
) -> Iterator[dict[str, Any]]:
    """What the complainant wrote, question by question. Unanswered ones are left out, and, unless `adjustments` are
    asked for, what makes it easier for the complainant, which stands above them."""
    for question in questions:
        value = answers.get(question.id)
        if value is None or question.type == "declaration" or question.id == "kind":
            continue
        if question.id == "adjustments" and not adjustments:
            continue
        if question.type == "choice":
            value = next((choice.label for choice in question.choices if choice.id == value), value)
        if question.type == "date":
            value = date.fromisoformat(value)
        yield {"label": question.label, "value": value, "type": question.type}


def _sought(facts: Sequence[Event], answers: Mapping[str, Any], contents: Contents) -> str:
    """Which resolution the complainant seeks now: what the last escalation says, or else what was said before it."""
    for fact in reversed(facts):
        if isinstance(fact, ComplaintEscalated) and contents.get(fact.reasons, {}).get("sought"):
            return str(contents[fact.reasons]["sought"])
    return str(answers.get("outcome_sought", ""))
