"""Who approves an outcome before it goes out, or returns it with what has to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.case import Case
from domain.commands import ApproveOutcome, ReturnOutcome
from domain.events import Event, OutcomeReturned
from handlers.links.form import Filled, choice, writing
from handlers.links.situation import Situation


def command(form: Filled, situation: Situation) -> ApproveOutcome | ReturnOutcome:
    """Unprocessable: nothing was decided."""
    by, stage = situation.link.person, situation.link.stage
    decision = choice(form, "decision", ("approve", "return"), "Choose whether you approve it or return it.")
    wording = form.text("wording")
    if decision == "approve":
        return ApproveOutcome(by=by, stage=stage, wording=wording)
    return ReturnOutcome(by=by, stage=stage, wording=wording, reason=writing(reason=form.text("reason")))


def last_return(case: Case, facts: Sequence[Event], contents: Mapping[str, Mapping[str, Any]]) -> str:
    """What the last approver asked to be changed, as long as nothing was recorded anew."""
    if case.current.findings:
        return ""
    for fact in reversed(facts):
        if isinstance(fact, OutcomeReturned) and fact.stage == case.current.stage:
            return str(contents.get(fact.reason, {}).get("reason", ""))
    return ""
