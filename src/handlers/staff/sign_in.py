"""A link to one's own page: who asks gets the same answer whether or not the address is in the directory."""

from __future__ import annotations

from domain.addresses import ADDRESS_WANTED, is_address, is_same
from domain.procedure import Procedure
from domain.words import in_one_shape
from handlers.http import Request, Response, Unreadable, form_values, hidden, page, path_part
from handlers.pages import not_found, served_procedure
from handlers.staff.session import home
from handlers.wiring import site


def show(event: Request) -> Response:
    """Ask for the address to which the link goes."""
    procedure = served_procedure(path_part(event, "org"))
    if procedure is None:
        return not_found()
    return _asking(200, procedure)


def send(event: Request) -> Response:
    """Send a link where the address is in the directory; say the same to everybody."""
    from adapters.people.directory import with_todays_people
    from adapters.people.staff_links import ask_for_link

    procedure = served_procedure(path_part(event, "org"))
    if procedure is None:
        return not_found()
    try:
        typed = form_values(event)
    except Unreadable as unreadable:
        return _asking(unreadable.status, procedure, problem=str(unreadable))
    email = in_one_shape("".join(typed.get("email", ())))
    if not is_address(email):
        return _asking(422, procedure, typed=email, problem=ADDRESS_WANTED)
    found = (
        person for person in with_todays_people(procedure, site=site()).people if is_same(person.email, email)
    )
    for person in found:
        ask_for_link(procedure.slug, person, site=site())
    return hidden(page(200, "pages/staff/sent.html", **home(procedure)))


def _asking(status: int, procedure: Procedure, *, typed: str = "", problem: str = "") -> Response:
    return hidden(page(status, "pages/staff/ask.html", **home(procedure), typed=typed, problem=problem))
