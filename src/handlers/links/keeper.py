"""Who keeps a case from being destroyed for as long as there is a reason to, and lets go of it again."""

from __future__ import annotations

from typing import Literal, assert_never

from domain.commands import Command, LiftHold, PlaceHold
from handlers.links.form import Filled, choice, writing
from handlers.links.situation import KEEPING, Situation
from handlers.wiring import site


def command(action: Literal["hold", "lift"], form: Filled, situation: Situation) -> Command:
    """Unprocessable: the form lacks something."""
    by = situation.link.person
    match action:
        case "hold":
            return PlaceHold(by=by, reason=writing(reason=form.text("reason")))
        case "lift":
            hold = choice(form, "hold", situation.case.holds, "Choose the hold that you lift.")
            return LiftHold(by=by, hold=hold)
        case _:
            assert_never(action)


def holds(situation: Situation) -> list[dict[str, str]]:
    """The holds on the case with their reasons, for those who place and lift them."""
    if not set(situation.actions) & KEEPING:
        return []
    case = situation.case
    contents = site().store.contents(case.ref, case.holds)
    return [{"id": hold, "reason": str(contents.get(hold, {}).get("reason", ""))} for hold in case.holds]
