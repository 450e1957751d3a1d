"""The reviewer while looking into a complaint: agrees its points, tells how it is going, gives a new date, and asks
for help from outside. What the reviewer finds is in `outcome`."""

from __future__ import annotations

from typing import Literal, assert_never

from domain.commands import (
    AgreeAspects,
    Command,
    RecordExternalAnswer,
    ReportProgress,
    SeekExternalAssistance,
    SendInterimResponse,
)
from domain.life.aspects import MOST as MOST_ASPECTS
from handlers.links.form import Filled, confirm, new_date, writing
from handlers.links.situation import Situation

_MESSAGE = "Write what is being done, by whom, and what comes next."


def command(
    action: Literal["aspects", "interim", "progress", "external", "external-answer"],
    form: Filled,
    situation: Situation,
) -> Command:
    """Unprocessable: the form lacks something."""
    by, stage = situation.link.person, situation.link.stage
    match action:
        case "aspects":
            confirm(form, "Tick the box to confirm that this was agreed.")
            return AgreeAspects(by=by, stage=stage, aspects=writing(aspects=points(form)))
        case "interim":
            respond_by = new_date(form, message=_MESSAGE)
            message = writing(message=form.text("message"))
            return SendInterimResponse(by=by, stage=stage, respond_by=respond_by, message=message)
        case "progress":
            return ReportProgress(by=by, stage=stage, message=writing(message=form.text("message")))
        case "external":
            respond_by = new_date(form, whom="Write who is asked for help.")
            details = writing(whom=form.text("whom"), why=form.text("why"))
            return SeekExternalAssistance(by=by, stage=stage, respond_by=respond_by, details=details)
        case "external-answer":
            return RecordExternalAnswer(by=by, stage=stage, answer=writing(answer=form.text("answer")))
        case _:
            assert_never(action)


def points(form: Filled) -> list[str]:
    """The points that were typed, in their order, without gaps."""
    texts = (form.text(f"aspect_{number}") for number in range(1, MOST_ASPECTS + 1))
    return [text for text in texts if text]
