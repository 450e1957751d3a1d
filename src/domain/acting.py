"""What a person can do in a case at this moment. Pages offer it, links are bound to it, decisions enforce it."""

from __future__ import annotations

from typing import Literal, assert_never, get_args

from domain.case import Case
from domain.errors import Refused
from domain.events import COMPLAINANT
from domain.life.acknowledgement import may_acknowledge
from domain.life.actions import may_complete
from domain.life.aspects import may_agree
from domain.life.assignment import may_assign
from domain.life.conflict import may_declare
from domain.life.consent import may_record_consent
from domain.life.disclosure import may_disclose
from domain.life.external import may_record_answer, may_seek
from domain.life.feedback import may_follow_up
from domain.life.first_contact import may_log
from domain.life.information import may_add, may_consider
from domain.life.investigation import may_send_interim_response
from domain.life.lateness import may_decide_lateness
from domain.life.lessons import may_record_lessons
from domain.life.outcome import may_decide_approval, may_record
from domain.life.progress import may_report_progress
from domain.life.questions import may_answer, may_ask
from domain.life.record import may_note
from domain.life.reopening import (
    may_ask_late,
    may_ask_to_reopen,
    may_confirm_exhausted,
    may_decide_late_reply,
)
from domain.life.reply import may_enter_reply, may_reply
from domain.life.retention import may_hold, may_lift
from domain.life.standing import has_left
from domain.life.written_form import may_ask_for_form, may_enter_form, may_send_form, may_waive_form
from domain.procedure import Procedure

Action = Literal[
    "lateness",
    "acknowledge",
    "assign",
    "respond",
    "interim",
    "progress",
    "approve",
    "reply",
    "external",
    "external-answer",
    "ask-late",
    "late-reply",
    "reopen",
    "exhausted",
    "involve",
    "note",
    "ask",
    "consider",
    "disclose",
    "answer",
    "add",
    "hold",
    "lift",
    "complete",
    "lessons",
    "aspects",
    "contact",
    "ask-form",
    "write",
    "written",
    "without-form",
    "consent",
    "follow-up",
    "document",
    "export",
    "posted",
    "enter-reply",
]

ACTIONS: tuple[Action, ...] = get_args(Action)

COMPLAINANTS: tuple[Action, ...] = ("reply", "ask-late", "reopen", "answer", "add", "write")
"""What only the complainant does."""

EVERYBODYS: tuple[Action, ...] = ("document", "export")
"""What the complainant does, and staff too."""


def refusal(action: Action, case: Case, *, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """What stands against `by` doing `action`, having looked at `stage`; None where nothing does."""
    return has_left(by, procedure) or _against(action, case, by, stage, procedure)


def _against(action: Action, case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """What stands against it for somebody who is here."""
    match action:
        case "lateness":
            return may_decide_lateness(case, by, stage, procedure)
        case "acknowledge":
            return may_acknowledge(case, by, stage, procedure)
        case "assign":
            return may_assign(case, by, stage, procedure)
        case "external":
            return may_seek(case, by, stage, procedure)
        case "external-answer":
            return may_record_answer(case, by, stage)
        case "ask-late":
            return may_ask_late(case, by, stage, procedure)
        case "late-reply":
            return may_decide_late_reply(case, by, stage, procedure)
        case "reopen":
            return may_ask_to_reopen(case, by, stage, procedure)
        case "exhausted":
            return may_confirm_exhausted(case, by, stage, procedure)
        case "involve":
            return may_declare(case, by, stage, procedure)
        case "respond":
            return may_record(case, by, stage, procedure)
        case "interim":
            return may_send_interim_response(case, by, stage, procedure)
        case "progress":
            return may_report_progress(case, by, stage, procedure)
        case "approve":
            return may_decide_approval(case, by, stage, procedure)
        case "reply":
            return may_reply(case, by, stage)
        case "enter-reply":
            return may_enter_reply(case, by, stage, procedure)
        case "note":
            return may_note(case, by, stage, procedure)
        case "ask":
            return may_ask(case, by, stage)
        case "consider":
            return may_consider(case, by, stage)
        case "disclose":
            return may_disclose(case, by, stage, procedure)
        case "answer":
            return may_answer(case, by, stage)
        case "add":
            return may_add(case, by, stage, procedure)
        case "hold":
            return may_hold(case, by, procedure)
        case "lift":
            return may_lift(case, by, procedure)
        case "aspects":
            return may_agree(case, by, stage, procedure)
        case "lessons":
            return may_record_lessons(case, by, procedure)
        case "complete":
            return may_complete(case, by, procedure)
        case "contact":
            return may_log(case, by, stage, procedure)
        case "ask-form":
            return may_ask_for_form(case, by, stage, procedure)
        case "write":
            return may_send_form(case, by, stage)
        case "written":
            return may_enter_form(case, by, stage, procedure)
        case "without-form":
            return may_waive_form(case, by, stage, procedure)
        case "consent":
            return may_record_consent(case, by, stage, procedure)
        case "follow-up":
            return may_follow_up(case, by, procedure)
        case "document":
            from domain.life.documents import may_add_document

            return may_add_document(case, by, stage, procedure)
        case "export":
            from domain.life.copies import may_export

            return may_export(case, by, procedure)
        case "posted":
            from domain.life.letters import may_post

            return may_post(case, by, procedure)
        case _:
            assert_never(action)


def available(
    case: Case, *, by: str, procedure: Procedure, among: tuple[Action, ...] = ACTIONS
) -> tuple[Action, ...]:
    """Everything that `by` can do now on the case's current stage."""
    if has_left(by, procedure) is not None:
        return ()
    stage = case.current.stage
    return tuple(action for action in among if _against(action, case, by, stage, procedure) is None)


def bound_to(by: str) -> tuple[Action, ...]:
    """What a link for `by` is for as long as it lives: the complainant's acts, or those of staff. Which of them can be
    done is asked of the case each time, so that a link stays good for a stage while the case moves on within it."""
    return tuple(
        action
        for action in ACTIONS
        if action in EVERYBODYS or (action in COMPLAINANTS) == (by == COMPLAINANT)
    )
