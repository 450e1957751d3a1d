"""Who hears that somebody has left the directory or has lost a role, and of which cases.

One effect is stored with the change of the directory. It is not of those that the stream delivers at once but waits
for a sweep, which comes to it after two minutes at the earliest: by then no running function takes the person for one
of the directory any more, or of the role, so nobody assigns them another case. The sweep looks up the cases and puts an
effect for each person who can act instead in the place of the first, all in one transaction. Those go out as every mail
does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from adapters import procedures
from adapters.cases.rules import todays_situation_of
from adapters.cases.stored import Undelivered
from adapters.cases.worklist import every_closed_case_awake, every_open_case
from adapters.post.outbox import Departure, TellOfDeparture, staff_item
from adapters.site import Site
from domain.calendars import last_day_before
from domain.procedure import organisation_in
from domain.promises import Promise
from domain.records import from_record
from domain.vacancies import Undone, vacancies

MOST_TOLD = 90
"""How many people are told of one departure: a transaction has a hundred parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bereft:
    """A case that waits for somebody else, as a mail tells of it. `due`: what is due of the organisation next, and
    when; None: nothing is counted yet."""

    reference: str
    stage: str
    due: Promise | None
    is_open: bool
    is_recorded: bool
    """An outcome is recorded, and waits for approval."""
    undone: tuple[Undone, ...] = ("review",)
    """What the person who is told can do about it."""


def messages_after(waiting: Undelivered, *, site: Site) -> Iterator[dict[str, Any]]:
    """Yield what is stored in the place of a departure: an effect for each person who can act instead. Nothing where no
    case waited for the person, or they have come back."""
    departure: Departure = from_record((Departure,), waiting.effect)
    slugs = [
        slug for slug in procedures.served_procedures({}) if organisation_in(slug) == departure.organisation
    ]
    cases: defaultdict[str, list[str]] = defaultdict(list)
    for case in chain(
        *(every_open_case(slug, site=site) for slug in slugs),
        every_closed_case_awake(departure.organisation, site=site),
    ):
        todays = todays_situation_of(case, site=site).procedure
        for vacancy in vacancies(case, departure.person, departure.roles, todays):
            for person in vacancy.told:
                cases[person].append(case.ref)
    for person, refs in list(cases.items())[:MOST_TOLD]:
        tell = TellOfDeparture(
            person=person,
            left=departure.person,
            cases=tuple(dict.fromkeys(refs)),
            organisation=departure.organisation,
            roles=departure.roles,
        )
        yield staff_item(f"OUTBOX#{waiting.id}#{person}", tell, at=site.clock.now())


def bereft(tell: TellOfDeparture, *, site: Site) -> list[Bereft]:
    """Return those of the cases that still wait for somebody else, the one of which something is due first at the
    head."""
    found = []
    for stored in site.store.load_all(tell.cases):
        case = stored.case
        if case.is_barred(tell.person):
            continue
        at = todays_situation_of(case, site=site)
        left = vacancies(case, tell.left, tell.roles, at.procedure)
        # Who has become another's to tell since stays told: they were asked for it.
        own = [vacancy for vacancy in left if tell.person in vacancy.told] or left
        if not own:
            continue
        next_one = min(stored.promised, key=lambda promise: promise.due_at, default=None)
        due = None
        if next_one is not None:
            due_at = next_one.due_at
            over = due_at <= site.clock.now()
            due = Promise(name=next_one.deadline, due=last_day_before(due_at), due_at=due_at, over=over)
        found.append(
            Bereft(
                reference=case.ref,
                stage=at.stage.title,
                due=due,
                is_open=case.is_open,
                is_recorded=case.current.awaits_approval,
                undone=tuple(vacancy.what for vacancy in own),
            )
        )
    return sorted(found, key=lambda case: (case.due is None, case.due and case.due.due_at, case.reference))
