"""What the complainant finds behind a link: the complaint while it is looked into, and the outcome."""

from __future__ import annotations

from typing import Any

from domain.case import Case
from domain.deadlines import held_for
from domain.event import Contents
from domain.outcomes import declined_in, outcome_shown
from handlers.links.casefile import MOST_ADDED, added
from handlers.links.visit import Visit
from handlers.wiring import site


def underway(visit: Visit) -> dict[str, Any]:
    """Return the complaint while it is looked into, for the person who made it."""
    from adapters.cases.particulars import signposted

    current = visit.case.current
    ids = [question.id for question in current.questions] + [
        question.answer for question in current.questions
    ]
    additions = current.additions[-MOST_ADDED:]
    for addition in additions:
        ids += [addition.id, addition.reason]
    contents = site().store.contents(visit.case.ref, [*ids, current.understood, *_of_mediation(visit.case)])
    told_last = "interim-response" if current.interims else "acknowledgement"
    asked = [
        {
            "id": question.id,
            "question": str(contents.get(question.id, {}).get("question", "")),
            "answer": str(contents.get(question.answer, {}).get(question.id, "")),
        }
        for question in current.questions
    ]
    dates = visit.promises()
    return {
        "asked": asked,
        "understood": str(contents.get(current.understood, {}).get("understood", "")),
        "signposted": signposted(told_last, visit.case, visit.at.stage, visit.procedure),
        "added": [addition for addition in added(additions, contents) if addition["information"]],
        "not_shown": len(current.additions) - len(additions),
        "uncounted": [name.rpartition("/")[2] for name in visit.at.uncounted],
        "missed": [date for date in dates if date.over and date.deadline != "reply"],
        "first_response": next((date for date in dates if date.deadline == "first-response"), None),
        "respond_by": next((date for date in dates if date.deadline == "respond"), None),
        "mediation": _mediation(visit, contents),
    }


def answered(visit: Visit) -> dict[str, Any]:
    """Return the outcome, for the person whom it answers."""
    from adapters.cases.particulars import becomes_next, signposted, ways_on

    case, procedure = visit.case, visit.procedure
    said = (*declined_in(case), *_of_mediation(case))
    written = (case.answers, case.current.wording, case.current.agreed, *said)
    contents = site().store.contents(case.ref, written)
    signposts, none_named = ways_on(case, procedure)
    dates = visit.promises()
    return {
        "outcome": outcome_shown(case.current, visit.at, contents),
        "reply_by": next((date for date in dates if date.deadline == "reply"), None),
        "signposts": signposts,
        "none_named": none_named,
        "becomes": becomes_next(visit.at, case.current.stage),
        "signposted": signposted("outcome", case, visit.at.stage, procedure),
        "mediation": _mediation(visit, contents),
    }


def _of_mediation(case: Case) -> tuple[str, ...]:
    """Return the ids of the contents with the newest offer of mediation and what came of it."""
    return tuple(content for one in case.mediations[-1:] for content in (one.id, one.note) if content)


def _mediation(visit: Visit, contents: Contents) -> dict[str, Any] | None:
    """Return the newest offer of mediation, and what became of it; None: there was none."""
    if not visit.case.mediations:
        return None
    newest = visit.case.mediations[-1]
    return {
        "offer": str(contents.get(newest.id, {}).get("offer", "")),
        "accepted": newest.accepted,
        "ended": newest.ended_at is not None,
        "held_on": newest.held_on,
        "note": str(contents.get(newest.note, {}).get("note", "")),
        "holds": held_for("mediation", visit.case.current, visit.procedure),
    }
