"""People who do everything at the last minute, where a scenario says nothing else.

They know no organisation: they look at the case and do what comes next. Staff acknowledge and answer in the last
minute of the last day, except that the first stage's answer comes a day late; the complainant goes on to the next
stage as long as there is one, and then says nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from authoring.simulation import Life
from domain.calendars import Calendar
from domain.case import Case
from domain.commands import (
    Acknowledge,
    ApproveOutcome,
    AssignReviewers,
    Command,
    RecordOutcome,
    Reply,
    Writing,
)
from domain.deadlines import Deadline, deadlines
from domain.events import COMPLAINANT, Finding
from domain.life.standing import approvers, assigners, candidates, heads
from domain.procedure import Procedure

MINUTE = timedelta(minutes=1)
MOST_MOVES = 100


def carry_on(life: Life) -> None:
    """Do what comes next in a life, over and over, until nobody has anything to do but wait."""
    for _ in range(MOST_MOVES):
        if life.now is None:
            return
        move = next_move(life.present, life.procedure, life.calendar, now=life.now)
        if move is None:
            return
        life.act(*move)


def next_move(
    case: Case, procedure: Procedure, calendar: Calendar, *, now: datetime
) -> tuple[datetime, Command] | None:
    """What somebody does next, and when; None: it is nobody's turn any more."""
    if not case.is_open:
        return None
    current = case.current
    stage = procedure.stage(current.stage)
    due = {one.rule.name: one for one in deadlines(case, procedure, calendar)}
    if not current.reviewers:
        able = [person.id for person in candidates(case, procedure)]
        able.sort(key=lambda person: person not in heads(case, procedure))
        chosen = tuple(able[: stage.review.count])
        assigner = procedure.holders(assigners(case, procedure)[0])[0].id
        return now + 60 * MINUTE, AssignReviewers(by=assigner, stage=stage.id, reviewers=chosen)
    if current.acknowledged_at is None:
        at = _last_minute(due.get("acknowledge"), now)
        return at, Acknowledge(by=current.reviewers[0], stage=stage.id)
    if current.awaits_approval:
        approver = approvers(case, procedure)[0].id
        return now + MINUTE, ApproveOutcome(by=approver, stage=stage.id, wording=current.wording)
    if current.responded_at is None:
        is_first = len(case.stages) == 1
        at = _last_minute(due.get("respond"), now) + (timedelta(days=1) if is_first else timedelta(0))
        return at, _outcome(case, procedure)
    if stage.next:
        at = _last_minute(due.get("reply"), now) - timedelta(days=3)
        why = None
        if stage.reasons_to_go_on == "required":
            why = Writing(f"reply-{stage.id}", {"reasons": "It is not settled."})
        return max(at, now + MINUTE), Reply(by=COMPLAINANT, stage=stage.id, answer="escalate", reasons=why)
    return None


def _last_minute(deadline: Deadline | None, now: datetime) -> datetime:
    # An approval of the same evening still has to be in time.
    return now + MINUTE if deadline is None else max(now + MINUTE, deadline.due.due_at - 10 * MINUTE)


def _outcome(case: Case, procedure: Procedure) -> RecordOutcome:
    conclusion = procedure.conclusions[0].id
    findings = tuple(Finding(aspect=number, conclusion=conclusion) for number in case.points)
    words = {
        "reasons": ["Because."] * case.aspects,
        "evidence": ["A record."] * case.aspects,
        "response": "We will put it right.",
    }
    remedies = tuple(one.id for one in procedure.remedies if one.wording)[: procedure.remedies_required]
    return RecordOutcome(
        by=case.current.reviewers[0],
        stage=case.current.stage,
        findings=findings,
        wording=Writing(f"outcome-{case.current.stage}", words),
        remedies=remedies,
    )
