"""Who is there: a staff link that works, and what all pages behind one say and need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from adapters.identities import is_secret
from domain.procedure import DATA_PROTECTION, Form, Person, Procedure
from handlers.http import Request, Response, hidden, page, secret_part
from handlers.pages import served_procedure
from handlers.wiring import site

if TYPE_CHECKING:
    from adapters.people.staff_links import StaffLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A staff link that works: whose, and the organisation's own procedure with today's people."""

    secret: str
    link: StaffLink
    person: Person
    procedure: Procedure
    now: datetime


def session_at(event: Request) -> Session | Response:
    """Return the link that is asked for, or the page that says why it is for nothing."""
    from adapters.people.directory import with_todays_people
    from adapters.people.staff_links import find_staff_link

    secret = secret_part(event)
    link = find_staff_link(secret, site=site()) if is_secret(secret) else None
    if link is None:
        return hidden(page(404, "pages/staff/unknown.html"))
    procedure = served_procedure(link.organisation)
    if procedure is None:
        return hidden(page(404, "pages/staff/unknown.html"))
    now = site().clock.now()
    procedure = with_todays_people(procedure, site=site())
    person = procedure.person(link.person)
    if link.has_expired(now) or person is None:
        has_left = person is None
        return hidden(page(410, "pages/staff/expired.html", **home(procedure), left=has_left, done=False))
    return Session(secret=secret, link=link, person=person, procedure=procedure, now=now)


def about(session: Session) -> dict[str, Any]:
    """Return what every page behind a link says: whose it is, and how long."""
    return {
        "organisation": session.procedure.organisation,
        "procedure": session.procedure,
        "person": session.person,
        "secret": session.secret,
        "until": session.link.expires_at,
    }


def home(procedure: Procedure) -> dict[str, Any]:
    """Return what a page without a person says: whose organisation it is, and the way to its start page."""
    return {
        "organisation": procedure.organisation,
        "home": f"/{procedure.slug}",
        "procedure": procedure,
    }


def procedures_of(procedure: Procedure) -> Iterator[Procedure]:
    """Yield the organisation's own procedure, and the one that it has beside it."""
    yield procedure
    beside = served_procedure(f"{procedure.slug}/{DATA_PROTECTION}")
    if beside is not None:
        yield beside


def address_of(procedure: Procedure, form: Form) -> str:
    """Return the name of a form in the addresses of staff's pages, which tells the two procedures apart."""
    return f"{DATA_PROTECTION}.{form.id}" if procedure.slug.endswith(f"/{DATA_PROTECTION}") else form.id
