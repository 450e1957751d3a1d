"""What staff and complainants act with: the page behind a link in a mail.

Reading one changes nothing, whoever or whatever reads it. Acting is a POST with a choice that the person made:
nothing is preselected, and where there is but one thing to do a box has to be ticked. What the complainant wrote is
shown for as long as the link has something to do, and to those who do it; afterwards the page says what is true
now, without it.

What can be done, how its form is read and what it shows is in the rooms of `domain.acts`. A room is entered when its
act is asked for or its page is shown: no start waits for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.case import COMPLAINANT
from handlers.http import Endpoint, Request, Response, dispatch, own_path, redirect, secret_part
from handlers.wiring import site


def handler(event: Request, context: Any) -> Response:
    """Answer a request of API Gateway."""
    return dispatch(event, ROUTES, context=context, broken=broken_page)


def show(event: Request) -> Response:
    """Return what the person can do now. Changes nothing."""
    from handlers.links.pages import present, visit_or_page, why_not

    found = visit_or_page(event)
    return found if isinstance(found, dict) else present(200, found, banner=why_not(found))


def act(event: Request) -> Response:
    """Do what the person chose."""
    from handlers.links.acting import respond
    from handlers.links.pages import visit_or_page

    found = visit_or_page(event)
    return found if isinstance(found, dict) else respond(event, found)


def send_fresh_link(event: Request) -> Response:
    """Send a new link to the address that is registered for the old link's person."""
    from adapters.people.links import renew
    from handlers.links.pages import plain
    from handlers.links.visit import link_of

    found = link_of(event)
    if found is None:
        return plain(404, "unknown")
    link, stored = found
    if stored is not None and link.person == COMPLAINANT and stored.case.address == "disowned":
        # Nothing more goes to the address, and the page says so.
        return redirect(own_path("l", secret_part(event)))
    return plain(200, "fresh", sent=renew(link, site()))


def back_to_link(event: Request) -> Response:
    """Lead whoever opens the address behind a button to the link's own page."""
    return redirect(own_path("l", secret_part(event)))


def broken_page(event: Request) -> Response:
    """Say that something went wrong here, not on the reader's side."""
    from handlers.links.pages import plain

    return plain(500, "broken")


ROUTES: Final[Mapping[str, Endpoint]] = {
    "GET /l/{secret}": show,
    "POST /l/{secret}": act,
    "POST /l/{secret}/fresh": send_fresh_link,
    "GET /l/{secret}/fresh": back_to_link,
}
