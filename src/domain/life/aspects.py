"""The main points that are answered: as the complainant wrote them, or as agreed with them afterwards."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import AgreeAspects
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, NotNow, Refused
from domain.events import AspectsAgreed, Event
from domain.life.standing import open_at, reviews
from domain.procedure import Procedure

MOST = 30
"""How many main points can be agreed."""


def may_agree(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage) or reviews(case, by):
        return refusal
    if procedure.stage(stage).aspects != "can-be-agreed":
        return NotAllowed("On this stage the points are answered as they were written.")
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if case.current.awaits_approval:
        return NotNow("An outcome is recorded on the points as they are, and waits for approval.")
    return None


def agree_aspects(
    case: Case, command: AgreeAspects, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """Incomplete: no point, an empty one, or too many."""
    if refusal := may_agree(case, command.by, command.stage, procedure):
        raise refusal
    texts = [str(text).strip() for text in command.aspects.words.get("aspects", ())]
    if not texts or not all(texts):
        raise Incomplete((FieldProblem("aspect_1", "Write at least one main point, and leave none empty."),))
    if len(texts) > MOST:
        raise Incomplete((FieldProblem("aspect_1", f"Write at most {MOST} main points."),))
    return (
        AspectsAgreed(
            at=now, by=command.by, stage=command.stage, aspects=len(texts), agreed=command.aspects.id
        ),
    )
