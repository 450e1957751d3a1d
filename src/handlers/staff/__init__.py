"""Staff's own page, without passwords: a link by mail, and what can be done from it.

Who asks for a link gets the same answer whether or not the address is in the directory. The page behind the link lists
what waits for its person, by reference; from it a case is entered for somebody, a case of one's own is opened (with a
link to it, as a mail would have), and the directory is kept by those whom the procedure names. Reading changes
nothing.

The rooms: `sign_in`, `worklist`, `entering` with its `questions`, `directory`; `session` says who has come. A room is
entered when its page is asked for: no start waits for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from handlers.http import Endpoint, Request, Response, dispatch
from handlers.pages import broken_page


def handler(event: Request, context: Any) -> Response:
    """Answer a request of API Gateway."""
    return dispatch(event, ROUTES, context=context, broken=broken_page)


def show_asking(event: Request) -> Response:
    """Ask for the address to which the link goes."""
    from handlers.staff import sign_in

    return sign_in.show(event)


def send_link(event: Request) -> Response:
    """Send a link where the address is in the directory; say the same to everybody."""
    from handlers.staff import sign_in

    return sign_in.send(event)


def show_worklist(event: Request) -> Response:
    """Return what waits for the person, and what else can be done."""
    from handlers.staff import worklist

    return worklist.show(event)


def open_case(event: Request) -> Response:
    """Return a link to a case that the person handles, as a mail would have it; the way there."""
    from handlers.staff import worklist

    return worklist.open_case(event)


def show_entering(event: Request) -> Response:
    """Return the form, empty."""
    from handlers.staff import entering

    return entering.show(event)


def enter(event: Request) -> Response:
    """Open the case; the complainant is told as if the form had been sent."""
    from handlers.staff import entering

    return entering.enter(event)


def show_directory(event: Request) -> Response:
    """Return everybody, with roles and absences, and the newest changes."""
    from handlers.staff import directory

    return directory.show(event)


def keep_directory(event: Request) -> Response:
    """Change it."""
    from handlers.staff import directory

    return directory.keep(event)


ROUTES: Final[Mapping[str, Endpoint]] = {
    "GET /{org}/staff": show_asking,
    "POST /{org}/staff": send_link,
    "GET /s/{secret}": show_worklist,
    "POST /s/{secret}": open_case,
    "GET /s/{secret}/enter/{form}": show_entering,
    "POST /s/{secret}/enter/{form}": enter,
    "GET /s/{secret}/directory": show_directory,
    "POST /s/{secret}/directory": keep_directory,
}
