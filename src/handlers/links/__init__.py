"""What staff and complainants act with: the page behind a link in a mail.

Reading one changes nothing, whoever or whatever reads it. Acting is a POST with a choice that the person made:
nothing is preselected, and where there is but one thing to do a box has to be ticked. What the complainant wrote is
shown for as long as the link has something to do, and to those who do it; afterwards the page says what is true
now, without it.

The rooms follow who acts and about what: `complainant`, `coordinator`, `reviewer`, `record`, `outcome`, `approver`,
`afterwards`, `keeper`. Each makes commands of its actions and gathers what its part of a page shows. A room is
entered when its action is asked for or its page is shown: no start waits for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from handlers.http import Answer, Event, Route, dispatch
from handlers.wiring import desk

if TYPE_CHECKING:
    from handlers.links.situation import Situation


def handler(event: Event, context: Any) -> Answer:
    """Answer a request of API Gateway."""
    return dispatch(event, ROUTES, broken=broken_page)


def show(event: Event) -> Answer:
    """What the person can do now. Changes nothing."""
    from handlers.links.pages import present

    situation = _situation(event)
    return situation if isinstance(situation, dict) else present(200, situation)


def act(event: Event) -> Answer:
    """Do what the person chose."""
    from handlers.links import acting

    situation = _situation(event)
    return situation if isinstance(situation, dict) else acting.act(event, situation)


def send_fresh_link(event: Event) -> Answer:
    """Send a new link to the address that is registered for the old link's person."""
    from adapters.links import renew
    from handlers.links.pages import plain
    from handlers.links.situation import link_of

    found = link_of(event)
    if found is None:
        return plain(404, "unknown")
    return plain(200, "fresh", sent=renew(found[0], desk()))


def broken_page(event: Event) -> Answer:
    """Something went wrong here, not on the reader's side."""
    from handlers.links.pages import plain

    return plain(500, "broken")


def _situation(event: Event) -> Situation | Answer:
    """What the link is for, or the page that says why it is for nothing any more."""
    from handlers.links.pages import plain
    from handlers.links.situation import Expired, Gone, Unknown, situation

    try:
        return situation(event)
    except Unknown:
        return plain(404, "unknown")
    except Gone:
        return plain(410, "gone")
    except Expired as expired:
        return plain(410, "expired", secret=expired.secret, organisation=expired.organisation)


ROUTES: Final[Mapping[str, Route]] = {
    "GET /l/{secret}": show,
    "POST /l/{secret}": act,
    "POST /l/{secret}/fresh": send_fresh_link,
}
