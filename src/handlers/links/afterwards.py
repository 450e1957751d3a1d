"""What is left when the outcome has gone out: doing what it promised, and noting what was learned."""

from __future__ import annotations

from typing import Any, Literal, assert_never

from domain.commands import Command, CompleteAction, RecordLessons
from domain.life.actions import completable
from handlers.links.form import Filled, choice, writing
from handlers.links.situation import Situation
from handlers.wiring import site


def command(action: Literal["complete", "lessons"], form: Filled, situation: Situation) -> Command:
    """Unprocessable: the form lacks something."""
    by = situation.link.person
    match action:
        case "complete":
            waiting = [one.id for one in completable(situation.case, by, situation.procedure)]
            done = choice(form, "done", waiting, "Choose which action is done.")
            note = form.text("note")
            return CompleteAction(by=by, action=done, note=writing(note=note) if note else None)
        case "lessons":
            return RecordLessons(by=by, lessons=writing(lessons=form.text("lessons")))
        case _:
            assert_never(action)


def own_actions(situation: Situation) -> list[dict[str, Any]]:
    """The actions that the person can say are done, with what is to be done."""
    from adapters.cases.outcomes import owner_of

    if "complete" not in situation.actions:
        return []
    case, procedure = situation.case, situation.procedure
    waiting = completable(case, situation.link.person, procedure)
    contents = site().store.contents(case.ref, (one.wording for one in waiting))
    return [
        {
            "id": one.id,
            "text": contents.get(one.wording, {}).get("actions", {}).get(one.id.rpartition("/")[2], ""),
            "due": one.due,
            "owner": owner_of(one, procedure),
            "over": one.overdue_at is not None,
        }
        for one in waiting
    ]
