"""Who approves an outcome before it goes out, or returns it with what has to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.case import Case
from domain.commands import ApproveOutcome, ReturnOutcome
from domain.events import Event, OutcomeReturned
from domain.life.outcome import may_approve
from handlers.links.form import Filled, choice, writing
from handlers.links.situation import Situation


def command(form: Filled, situation: Situation) -> ApproveOutcome | ReturnOutcome:
    """Unprocessable: nothing was decided."""
    by, stage = situation.link.person, situation.link.stage
    sentence = "Choose whether you approve it or return it."
    if not_yet(situation):
        sentence = "Tick the box if you return it."
    decision = choice(form, "decision", ("approve", "return"), sentence)
    wording = form.text("wording")
    if decision == "approve":
        return ApproveOutcome(by=by, stage=stage, wording=wording)
    return ReturnOutcome(by=by, stage=stage, wording=wording, reason=writing(reason=form.text("reason")))


def not_yet(situation: Situation) -> str:
    """Why the outcome that waits cannot be approved with this link now, and what has to happen first; empty where
    nothing stands against it. It can be returned all the same."""
    if "approve" not in situation.actions:
        return ""
    link = situation.link
    against = may_approve(situation.case, link.person, link.stage, situation.procedure)
    return "" if against is None else str(against)


def last_return(case: Case, facts: Sequence[Event], contents: Mapping[str, Mapping[str, Any]]) -> str:
    """What the last approver asked to be changed, as long as nothing was recorded anew."""
    if case.current.findings:
        return ""
    for fact in reversed(facts):
        if isinstance(fact, OutcomeReturned) and fact.stage == case.current.stage:
            return str(contents.get(fact.reason, {}).get("reason", ""))
    return ""
