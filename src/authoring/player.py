"""People who do everything at the last minute, where a scenario says nothing else.

They know no organisation: they look at the case and do what comes next. Staff acknowledge and answer in the last
minute of the last day, except that the first stage's answer comes a day late; the complainant goes on to the next
stage as long as there is one, and then says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.cases.answers import read as read_answers
from authoring.simulation import Life
from authoring.steps import samples
from domain.acts.acknowledgement import Acknowledge, sets_out
from domain.acts.approval import ApproveOutcome
from domain.acts.assignment import AssignReviewers, panel
from domain.acts.outcome import RecordOutcome
from domain.acts.progress import ReportProgress
from domain.acts.reply import Reply
from domain.acts.written_form import SendWrittenForm
from domain.answers import facts_in, form_to_fill_in
from domain.case import COMPLAINANT, Case, Finding
from domain.command import Command
from domain.deadlines import Deadline
from domain.people import approvers, those_who_assign
from domain.procedure import Procedure
from domain.situation import Situation
from domain.words import Writing

MINUTE = timedelta(minutes=1)
MOST_MOVES = 100


def carry_on(life: Life, *, until: Callable[[Situation], bool] = lambda at: False) -> None:
    """Do what comes next in a life, over and over, until nobody has anything to do but wait, or until it has come to
    something."""
    for _ in range(MOST_MOVES):
        if life.now is None or until(life.situation(life.now)):
            return
        move = next_move(life.situation(life.now))
        if move is None:
            return
        life.act(*move)


def next_move(at: Situation) -> tuple[datetime, Command] | None:
    """Return what somebody does next, and when; None: it is nobody's turn any more."""
    case, procedure, now = at.case, at.procedure, at.now
    if not case.is_open:
        return None
    current, stage = case.current, at.stage
    if case.made_on and case.waits_for_form:
        return now + 60 * MINUTE, _form(at)
    due = {deadline.rule.name: deadline for deadline in at.deadlines}
    if not current.reviewers:
        assigner = those_who_assign(case, procedure)[0].id
        return now + 60 * MINUTE, AssignReviewers(by=assigner, stage=stage.id, reviewers=panel(at))
    if current.acknowledged_at is None:
        then = _last_minute(due.get("acknowledge"), now)
        understood = None
        if sets_out(stage):
            understood = Writing(f"understood-{stage.id}", {"understood": "What they complain of."})
        return then, Acknowledge(by=current.reviewers[0], stage=stage.id, understood=understood)
    if current.awaits_approval:
        approver = approvers(case, procedure)[0].id
        return now + MINUTE, ApproveOutcome(by=approver, stage=stage.id, wording=current.wording)
    if any(deadline.rule.name == "first-response" and not deadline.is_met for deadline in at.deadlines):
        then = _last_minute(due.get("first-response"), now)
        message = Writing(f"first-response-{stage.id}", {"message": "We are looking into it."})
        return then, ReportProgress(by=current.reviewers[0], stage=stage.id, message=message)
    if current.responded_at is None:
        is_first = len(case.stages) == 1
        then = _last_minute(due.get("respond"), now) + (timedelta(days=1) if is_first else timedelta(0))
        return then, _outcome(case, procedure)
    if stage.next:
        then = _last_minute(due.get("reply"), now) - timedelta(days=3)
        why = None
        if stage.reasons_to_go_on == "required":
            why = Writing(f"reply-{stage.id}", {"reasons": "It is not settled."})
        return max(then, now + MINUTE), Reply(by=COMPLAINANT, stage=stage.id, answer="escalate", reasons=why)
    return None


def _form(at: Situation) -> SendWrittenForm:
    """Return the form that the case waits for, with nothing in it but what has to be."""
    form = form_to_fill_in(at.case, at.procedure, by=COMPLAINANT)
    answers = read_answers(form, dict(samples(form, at.now)))
    stage = at.case.current.stage
    return SendWrittenForm(
        by=COMPLAINANT, stage=stage, answers=Writing(f"form-{stage}", answers), **facts_in(answers, form)
    )


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
    remedies = tuple(remedy.id for remedy in procedure.remedies if remedy.wording)[
        : procedure.remedies_required
    ]
    return RecordOutcome(
        by=case.current.reviewers[0],
        stage=case.current.stage,
        findings=findings,
        wording=Writing(f"outcome-{case.current.stage}", words),
        remedies=remedies,
        no_conversation=Writing(f"conversation-{case.current.stage}", {"text": "It could not be arranged."}),
    )
