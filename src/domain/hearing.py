"""What the complainant said in another way than on their own page: how it came, and when, as staff enter it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Protocol, TypedDict, get_args

from domain.act import typed_day
from domain.calendars import opening_of, spell_day, to_london
from domain.case import COMPLAINANT
from domain.days import PAST_DAY_WANTED, wanted
from domain.errors import FieldProblem
from domain.form import Asking
from domain.procedure import Route
from domain.situation import Situation
from domain.step import Step
from domain.words import require

ENTERED: Final[tuple[Route, ...]] = tuple(route for route in get_args(Route) if route != "web")
"""How what staff enter can have reached them."""

HOW_WANTED: Final = "Choose how they told you."

PLAYED: Final = ("route", "received")
"""The keys of a scenario's step that say it."""


class Heard(TypedDict):
    """How something came, and on which day; None: the complainant wrote it themselves, just now."""

    route: Route
    received_on: date | None


def heard(asking: Asking) -> Heard:
    """Return how it came. Unprocessable: staff have not said how, or when."""
    if asking.by == COMPLAINANT:
        return Heard(route="web", received_on=None)
    route: Route = asking.choice("route", ENTERED, HOW_WANTED)  # type: ignore[assignment]
    received_on = asking.day("received")
    if received_on is None:
        asking.refuse("received", wanted("the date they told you"))
    return Heard(route=route, received_on=received_on)


class ToldOtherwise(Protocol):
    """A command of the complainant's, or of staff who enter what they told them."""

    @property
    def by(self) -> str: ...
    @property
    def route(self) -> Route: ...
    @property
    def received_on(self) -> date | None: ...


def came_at(told: ToldOtherwise, *, since: datetime, what: str, now: datetime) -> datetime | None:
    """Return the instant as of which it counts; None: it comes now. `since` is when `what` happened, which it cannot
    come before. Incomplete: staff do not say how it came, or the day lies ahead, or before that."""
    if told.by == COMPLAINANT:
        return None
    if told.route not in ENTERED:
        require([FieldProblem("route", HOW_WANTED)])
    today, came_on = to_london(now).date(), told.received_on
    if came_on is None or came_on == today:
        return None
    require(against_day("received", came_on, since=since, what=what, now=now))
    return max(opening_of(came_on), since)


def against_day(field: str, day: date, *, since: datetime, what: str, now: datetime) -> list[FieldProblem]:
    """Return what stands against something having happened on `day`: it lies ahead, or before `what`, which was at
    `since`."""
    if day > to_london(now).date():
        return [FieldProblem(field, PAST_DAY_WANTED)]
    began_on = to_london(since).date()
    if day < began_on:
        return [FieldProblem(field, f"The date cannot be before {what}, on {spell_day(began_on)}.")]
    return []


def played(step: Step, at: Situation) -> dict[str, str]:
    """Return how a scenario's step fills it in: it came by telephone, today, where it says nothing else."""
    day = step.received or to_london(at.now).date()
    return {"route": step.route or "telephone", **typed_day("received", day)}
