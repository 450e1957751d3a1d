"""What the complainant finds behind a link: the complaint while it is looked into, and the outcome."""

from __future__ import annotations

from typing import Any

from domain.outcomes import outcome_shown
from handlers.links.casefile import added
from handlers.links.visit import Visit
from handlers.wiring import site


def underway(visit: Visit) -> dict[str, Any]:
    """The complaint while it is looked into, for the person who made it."""
    current = visit.case.current
    ids = [one.id for one in current.questions] + [one.answer for one in current.questions]
    for addition in current.additions:
        ids += [addition.id, addition.reason]
    contents = site().store.contents(visit.case.ref, ids)
    asked = [
        {
            "id": one.id,
            "question": str(contents.get(one.id, {}).get("question", "")),
            "answer": str(contents.get(one.answer, {}).get(one.id, "")),
        }
        for one in current.questions
    ]
    dates = visit.promises() or ()
    return {
        "asked": asked,
        "added": [one for one in added(visit.case, contents) if one["information"]],
        "respond_by": next((one for one in dates if one.deadline == "respond"), None),
    }


def answered(visit: Visit) -> dict[str, Any]:
    """The outcome, for the person whom it answers."""
    from adapters.cases.particulars import ways_on

    case, procedure = visit.case, visit.procedure
    contents = site().store.contents(case.ref, (case.answers, case.current.wording, case.current.agreed))
    signposts, none_named = ways_on(case, procedure)
    dates = visit.promises() or ()
    return {
        "outcome": outcome_shown(case.current, visit.at, contents),
        "reply_by": next((one for one in dates if one.deadline == "reply"), None),
        "signposts": signposts,
        "none_named": none_named,
    }
