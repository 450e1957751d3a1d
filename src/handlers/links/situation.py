"""What a link is for at this moment: a case, a person, and what the person can do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from domain.acting import Action, refusal
from domain.calendars import Calendar, CalendarError
from domain.case import Case
from domain.procedure import Procedure
from handlers.http import Request, path_part
from handlers.wiring import site

if TYPE_CHECKING:
    from adapters.cases.store import Stored
    from adapters.people.links import Link
    from domain.promises import Promise

KEEPING: Final = frozenset({"hold", "lift"})
"""What is about how long a case is kept."""

_ASIDE: Final = KEEPING | {"complete", "lessons", "export"}
"""What people do who do not work on the complaint and do not read it."""


class Unknown(Exception):
    """No such link was ever made, or it went with its case."""


class Gone(Exception):
    """The case that the link was for is destroyed, or is being destroyed."""


class Expired(Exception):
    """The link is too old. A fresh one can be sent to the registered address."""

    def __init__(self, secret: str, organisation: str) -> None:
        super().__init__()
        self.secret = secret
        self.organisation = organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A link that works, and the case as it is now. `actions` is what can be done with it at this moment."""

    secret: str
    link: Link
    case: Case
    procedure: Procedure
    calendar: Calendar
    now: datetime
    actions: tuple[Action, ...]
    read: Stored | None = None
    """What was read to show the case, so that a decision need not read it again."""

    @property
    def reads_case(self) -> bool:
        """Whether the link is for somebody who works on the complaint, and not only on how long it is kept or on
        what was promised."""
        return bool(set(self.actions) - _ASIDE)

    @property
    def handles_case(self) -> bool:
        """Whether the link is for somebody who can do something in the case, other than to say that somebody is
        involved in the matter, and so can have what belongs to it."""
        return bool(set(self.actions) - _ASIDE - {"involve"})


def link_of(event: Request) -> tuple[Link, Stored | None] | None:
    """The link that is asked for, with its case; None: there is none."""
    from adapters.people.links import find

    return find(path_part(event, "secret"), site())


def situation(event: Request) -> Situation:
    """What the link that is asked for is for now. Unknown, Gone, Expired: nothing."""
    from adapters.cases.rules import todays_rules_of

    found = link_of(event)
    if found is None:
        raise Unknown
    link, stored = found
    secret, now = path_part(event, "secret"), site().clock.now()
    if stored is None or stored.case.erasing:
        raise Gone
    procedure, calendar = todays_rules_of(stored.case, site=site())
    if link.has_expired(now):
        raise Expired(secret, procedure.organisation)
    return Situation(
        secret=secret,
        link=link,
        case=stored.case,
        procedure=procedure,
        calendar=calendar,
        now=now,
        actions=_possible(stored.case, link, procedure),
        read=stored,
    )


def after(before: Situation, case: Case, *, now: datetime) -> Situation:
    """The situation when something has happened to the case."""
    return Situation(
        secret=before.secret,
        link=before.link,
        case=case,
        procedure=before.procedure,
        calendar=before.calendar,
        now=now,
        actions=_possible(case, before.link, before.procedure),
    )


def afresh(before: Situation) -> Situation:
    """The situation as it is after somebody else was quicker."""
    stored = site().store.load(before.link.ref)
    return before if stored is None else after(before, stored.case, now=site().clock.now())


def promises(situation: Situation) -> tuple[Promise, ...] | None:
    """The current stage's deadlines, and by when something is to be decided; None: the calendar cannot count them."""
    from domain.deadlines import deadlines, decisions
    from domain.promises import promise

    try:
        found = (
            *deadlines(situation.case, situation.procedure, situation.calendar),
            *decisions(situation.case, situation.procedure, situation.calendar),
        )
    except CalendarError:
        return None
    return tuple(promise(one, now=situation.now) for one in found)


class _Names(dict[str, str]):
    """Names by id. Who has left the directory stays in what happened, without a name."""

    def __missing__(self, person: str) -> str:
        return "Somebody who has left"


def names_in(procedure: Procedure) -> dict[str, str]:
    """The names of the people in the directory, by id; one that is not there any more stands for somebody who has
    left."""
    return _Names({person.id: person.name for person in procedure.people})


def _possible(case: Case, link: Link, procedure: Procedure) -> tuple[Action, ...]:
    return tuple(
        action
        for action in link.actions
        if refusal(action, case, by=link.person, stage=link.stage, procedure=procedure) is None
    )
