"""What follows from a decision: who is told, which alarms are set, and which other cases have to know."""

from __future__ import annotations

from collections.abc import Sequence

from domain.effect import Consequence, SetAlarm, Tell
from domain.event import Event, Telling
from domain.situation import Outset, Situation


def consequences(before: Situation | Outset, events: Sequence[Event]) -> tuple[Consequence, ...]:
    """Return everything that follows from `events`, which were decided in the situation `before`. A notice that one
    decision would send to the same person twice goes once, and one that says nothing beside another not at all; of two
    dates or actions each has its own."""
    at: Situation | Outset = before
    told: dict[tuple[str, str, str], tuple[int, Tell]] = {}
    passed: list[Consequence] = []
    for event in events:
        if isinstance(at, Situation):
            number = at.case.version + 1
            passed += [Consequence(event=number, effect=other) for other in event.passes(at.case)]
        at = at.then(event)
        for tell in event.tells(Telling(type(event).__name__, by=event.by, at=at)):
            notice = (tell.person, tell.notice, tell.what if "/" in tell.what else "")
            told.setdefault(notice, (at.case.version, tell))
    if isinstance(at, Outset):
        return ()
    tells = [tell for _, tell in told.values()]
    found = [
        Consequence(event=number, effect=tell)
        for number, tell in told.values()
        if not any(other.person == tell.person and _says_as_much(other, tell) for other in tells)
    ]
    found += passed
    known = () if any(event.sets_alarms_anew for event in events) else before.wakes
    version = at.case.version
    found.extend(
        Consequence(event=version, effect=SetAlarm(deadline=wake.deadline, at=wake.at, version=version))
        for wake in at.wakes
        if wake not in known
    )
    return tuple(found)


def _says_as_much(one: Tell, other: Tell) -> bool:
    """Return whether a notice says what another of the same decision would."""
    match one.notice, other.notice, other.what:
        case "assignment", "new-case", _:
            return True
        case "assignment", "case-news", "ComplaintSubmitted" | "ComplaintEscalated":
            return True
        case "action", "case-news", "OutcomeSent":
            return one.what == other.what
        case ("acknowledgement", "escalation", _) | ("letter", "case-news", "NoticeBounced"):
            return True
        case _:
            return False
