"""Who has come with a link, and the case as they find it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from domain.act import Act
from domain.case import COMPLAINANT, Case
from domain.procedure import Procedure
from domain.registry import act, refusal
from domain.situation import Situation
from handlers.http import Request, secret_part
from handlers.wiring import site

if TYPE_CHECKING:
    from adapters.cases.stored import Stored
    from adapters.people.links import Link
    from domain.promises import Promise


_NUMBER: Final = re.compile(r"[0-9]{1,6}")


class Unknown(Exception):
    """No such link was ever made, or it went with its case."""


class Gone(Exception):
    """The case that the link was for is destroyed, or is being destroyed."""


class Expired(Exception):
    """The link is too old, or went to an address that was corrected. A fresh one can be sent to the registered
    address; not where whoever reads what arrives there said that it was not them (`disowned`)."""

    def __init__(self, secret: str, organisation: str, *, replaced: bool, disowned: bool) -> None:
        super().__init__()
        self.secret = secret
        self.organisation = organisation
        self.replaced = replaced
        self.disowned = disowned


class Visit:
    """A link that works, and the situation that its person finds. `read` is what was read to see it, so that a decision
    need not read it again. `before`: the event up to which the history is asked for; None: up to the last. `asked`:
    the act whose page is asked for; empty: the case's."""

    def __init__(
        self,
        secret: str,
        link: Link,
        at: Situation,
        read: Stored | None = None,
        *,
        before: int | None = None,
        asked: str = "",
    ) -> None:
        self.secret, self.link, self.at, self.read = secret, link, at, read
        self.before, self.asked = before, asked

    @property
    def case(self) -> Case:
        return self.at.case

    @property
    def procedure(self) -> Procedure:
        return self.at.procedure

    @property
    def person(self) -> str:
        return self.link.person

    @property
    def is_staff(self) -> bool:
        return self.person != COMPLAINANT

    @cached_property
    def acts(self) -> tuple[Act, ...]:
        """What can be done with the link at this moment, in the order in which pages list it."""
        link = self.link
        return tuple(
            act(name)
            for name in link.acts
            if refusal(name, self.at, by=link.person, stage=link.stage) is None
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what can be done."""
        return tuple(act.name for act in self.acts)

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """The names of what the case waits for from this person."""
        return tuple(act.name for act in self.acts if act.traits.waits_for(self.at, self.person))

    @property
    def reads_case(self) -> bool:
        """Whether the link is for somebody who works on the complaint, and not only on how long it is kept or on
        what was promised."""
        return any(act.traits.about in ("complaint", "people") for act in self.acts)

    @property
    def handles_case(self) -> bool:
        """Whether the link is for somebody who can do something in the case, other than to say that somebody is
        involved in the matter, and so can have what belongs to it."""
        return any(act.traits.about == "complaint" for act in self.acts)

    def then(self, case: Case) -> Visit:
        """Return the visit when something has happened to the case."""
        at = self.at
        found = Situation(case, procedure=at.procedure, calendar=at.calendar, now=at.now)
        return Visit(self.secret, self.link, found)

    def afresh(self) -> Visit:
        """Return the visit as it is after somebody else was quicker."""
        stored = site().store.load(self.link.ref)
        return self if stored is None else self.then(stored.case)

    def promises(self) -> tuple[Promise, ...]:
        """Return the deadlines of an open case's stage that can be counted yet, and by when something is to be
        decided."""
        from domain.promises import promise

        return tuple(
            promise(deadline, now=self.at.now)
            for deadline in (*(self.at.deadlines if self.case.is_open else ()), *self.at.decisions)
            if deadline.is_known
        )


def link_of(event: Request) -> tuple[Link, Stored | None] | None:
    """Return the link that is asked for, with its case; None: there is none."""
    from adapters.people.links import find

    return find(secret_part(event), site())


def visit_of(event: Request) -> Visit:
    """Return who has come with the link that is asked for. Unknown, Gone, Expired: it is for nothing."""
    from adapters.cases.rules import todays_situation_of

    found = link_of(event)
    if found is None:
        raise Unknown
    link, stored = found
    secret = secret_part(event)
    if stored is None or stored.case.erasing:
        raise Gone
    at = todays_situation_of(stored.case, site=site())
    replaced = link.went_elsewhere(at.case)
    if replaced or link.has_expired(at.now):
        disowned = link.person == COMPLAINANT and at.case.address == "disowned"
        raise Expired(secret, at.procedure.organisation, replaced=replaced, disowned=disowned)
    query = event.get("queryStringParameters") or {}
    before = query.get("before", "")
    return Visit(
        secret,
        link,
        at,
        stored,
        before=int(before) if _NUMBER.fullmatch(before) else None,
        asked=query.get("act", ""),
    )
