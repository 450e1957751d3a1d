"""The outcome: what a reviewer finds on each point, how it is put right, and what is promised with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from domain.case import Case, StageRecord
from domain.commands import ProposedAction, RecordOutcome
from domain.events import Finding
from domain.procedure import Procedure
from handlers.links.form import Filled, day, writing
from handlers.links.situation import Situation, names_in

ACTION_ROWS: Final = 3
"""How many actions an outcome can promise."""


def command(form: Filled, situation: Situation) -> RecordOutcome:
    """What the domain finds missing it says itself, field by field."""
    findings = tuple(
        Finding(
            aspect=number,
            conclusion=form.text(f"conclusion_{source}"),
            answered_with=source if form.text(f"with_{number}") else 0,
        )
        for number, source in _sources(form, situation).items()
        if number in situation.case.points
    )
    learned = form.text("lessons")
    return RecordOutcome(
        by=situation.link.person,
        stage=situation.link.stage,
        findings=findings,
        wording=writing(**_words(form, situation)),
        remedies=tuple(dict.fromkeys(form.chosen("remedies"))),
        actions=tuple(_proposed(form)),
        lessons=writing(lessons=learned) if learned else None,
    )


def _words(form: Filled, situation: Situation) -> dict[str, Any]:
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
            due=day(form, due),
        )


def shown(
    record: StageRecord, case: Case, procedure: Procedure, contents: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """An outcome that was recorded. KeyError: a content is missing."""
    from adapters.cases.outcomes import answers_of, promised_of, remedies_of

    return {
        "stage": procedure.stage(record.stage),
        "responded_at": record.responded_at,
        "recorded_by": names_in(procedure).get(record.recorded_by, ""),
        "wording": record.wording,
        "answers": answers_of(case, record, procedure, contents),
        "response": str(contents[record.wording]["response"]),
        "remedies": remedies_of(record, procedure, contents),
        "actions": promised_of(record, case, procedure, contents),
    }


def draft(record: StageRecord, contents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
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


def owner_choices(procedure: Procedure) -> list[tuple[str, str]]:
    """Who can be given an action: people, and roles that somebody holds."""
    people = [(f"person:{person.id}", person.name) for person in procedure.people]
    roles = [(f"role:{one.id}", one.title) for one in procedure.roles if procedure.holders(one.id)]
    return [*people, *roles]
