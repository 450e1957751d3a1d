"""Which room an action belongs to. Only that room is entered, for no start has to wait for all."""

from __future__ import annotations

from typing import assert_never

from domain.acting import Action
from domain.commands import Command
from handlers.links.form import Filled
from handlers.links.situation import Situation


def command_of(action: Action, form: Filled, situation: Situation) -> Command:
    """What the person asks for with the filled-in form. Unprocessable: the form lacks something."""
    match action:
        case "reply" | "enter-reply" | "ask-late" | "reopen" | "answer" | "add":
            from handlers.links import complainant

            return complainant.command(action, form, situation)
        case "acknowledge" | "assign" | "involve" | "lateness" | "late-reply" | "exhausted":
            from handlers.links import coordinator

            return coordinator.command(action, form, situation)
        case "aspects" | "interim" | "progress" | "external" | "external-answer":
            from handlers.links import reviewer

            return reviewer.command(action, form, situation)
        case "note" | "ask" | "consider" | "disclose":
            from handlers.links import record

            return record.command(action, form, situation)
        case "respond":
            from handlers.links import outcome

            return outcome.command(form, situation)
        case "approve":
            from handlers.links import approver

            return approver.command(form, situation)
        case "contact" | "ask-form" | "write" | "written" | "without-form" | "consent" | "follow-up":
            from handlers.links import coming_in

            return coming_in.command(action, form, situation)
        case "complete" | "lessons":
            from handlers.links import afterwards

            return afterwards.command(action, form, situation)
        case "document" | "export" | "posted":
            from handlers.links import papers

            return papers.command(action, form, situation)
        case "hold" | "lift":
            from handlers.links import keeper

            return keeper.command(action, form, situation)
        case _:
            assert_never(action)
