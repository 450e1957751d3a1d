"""Who hears that a reviewer has left the directory, and of which cases.

One effect is stored with the change of the directory. It is not of those that the stream delivers at once but waits
for a sweep, which comes to it after two minutes at the earliest: by then no running function takes the person for one
of the directory any more, so nobody assigns them another case. The sweep looks up the cases and puts an effect for each
person who can name another reviewer in the place of the first, all in one transaction. Those go out as every mail does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adapters import procedures
from adapters.cases.rules import todays_situation_of
from adapters.cases.store import Undelivered
from adapters.cases.worklist import every_open_case
from adapters.people.directory import with_todays_people
from adapters.post.outbox import Departure, TellOfDeparture, staff_item
from adapters.site import Site
from domain.calendars import last_day_before
from domain.people import keepers_of_directory, nobody_left, those_who_assign, waits_for
from domain.procedure import organisation_in
from domain.promises import Promise
from domain.records import from_record

MOST_TOLD = 90
"""How many people are told of one departure: a transaction has a hundred parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bereft:
    """A case that has lost a reviewer, as a mail tells of it. `due`: what is due of the organisation next, and when;
    None: nothing is counted yet."""

    reference: str
    stage: str
    due: Promise | None
    is_recorded: bool
    """An outcome is recorded, and waits for approval."""


def messages_after(waiting: Undelivered, *, site: Site) -> Iterator[dict[str, Any]]:
    """Yield what is stored in the place of a departure: an effect for each person who can name another reviewer.
    Nothing where the person had no open case, or has come back."""
    departure: Departure = from_record((Departure,), waiting.effect)
    cases: defaultdict[str, list[str]] = defaultdict(list)
    if has_left(departure.person, departure.organisation, site=site):
        for slug in procedures.served_procedures({}):
            if organisation_in(slug) != departure.organisation:
                continue
            for case in every_open_case(slug, site=site):
                if waits_for(case, departure.person):
                    todays = todays_situation_of(case, site=site).procedure
                    told = those_who_assign(case, todays)
                    if nobody_left(case, todays):
                        told = (*told, *keepers_of_directory(case, todays))
                    for person in dict.fromkeys(told):
                        cases[person.id].append(case.ref)
    for person_id, refs in list(cases.items())[:MOST_TOLD]:
        tell = TellOfDeparture(
            person=person_id,
            left=departure.person,
            cases=tuple(dict.fromkeys(refs)),
            organisation=departure.organisation,
        )
        yield staff_item(f"OUTBOX#{waiting.id}#{person_id}", tell, at=site.clock.now())


def has_left(person: str, organisation: str, *, site: Site) -> bool:
    """Return whether the person is not in the directory now."""
    return with_todays_people(procedures.load(organisation), site=site).person(person) is None


def bereft(tell: TellOfDeparture, *, site: Site) -> list[Bereft]:
    """Return those of the cases that still wait for whoever left, the one of which something is due first at the
    head."""
    found = []
    for stored in site.store.load_all(tell.cases):
        case = stored.case
        if not waits_for(case, tell.left) or case.is_barred(tell.person):
            continue
        stage = todays_situation_of(case, site=site).stage
        next_one = min(stored.promised, key=lambda promise: promise.due_at, default=None)
        due = None
        if next_one is not None:
            due_at = next_one.due_at
            over = due_at <= site.clock.now()
            due = Promise(name=next_one.deadline, due=last_day_before(due_at), due_at=due_at, over=over)
        found.append(
            Bereft(reference=case.ref, stage=stage.title, due=due, is_recorded=case.current.awaits_approval)
        )
    return sorted(found, key=lambda case: (case.due is None, case.due and case.due.due_at, case.reference))
