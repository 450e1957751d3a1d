"""The page behind the link: what waits for its person, by reference, and the way to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from domain.calendars import last_day_before
from domain.procedure import Procedure, organisation_in
from handlers.http import (
    AGAIN,
    Banner,
    Request,
    Response,
    Unreadable,
    form_values,
    hidden,
    page,
    record,
    record_failure,
    redirect,
    temporary,
)
from handlers.staff.session import Session, about, address_of, procedures_of, session_at
from handlers.wiring import site

if TYPE_CHECKING:
    from adapters.figures.waiting import Waiting
    from adapters.people.staff_links import StaffAction
    from domain.act import Act
    from domain.case import Case
    from domain.deadlines import Promised
    from domain.promises import Promise
    from domain.situation import Situation


CASES_A_PAGE: Final = 50

_PLACE: Final = re.compile(r"(none|\d{4}-\d\d-\d\dT[0-9:.]{8,15}Z)~([A-Z0-9-]{1,60})")


def show(event: Request) -> Response:
    """Return what waits for the person, and what else can be done."""
    session = session_at(event)
    if not isinstance(session, Session):
        return session
    return worklist_page(200, session, after=_place(event))


def session_for(action: StaffAction, event: Request) -> Session | Response:
    """Return who has come to do `action`; or the page that says why they cannot."""
    session = session_at(event)
    if isinstance(session, Session) and action not in session.link.actions:
        return worklist_page(403, session, banner="You cannot do this with this link.")
    return session


def open_case(event: Request) -> Response:
    """Return a link to a case that the person handles, as a mail would have it; the way there."""
    from adapters.cases.rules import todays_situation_of
    from adapters.identities import is_reference
    from adapters.people.links import CaseGone, mint
    from domain.registry import act, available

    session = session_for("open", event)
    if not isinstance(session, Session):
        return session
    try:
        ref = "".join(form_values(event).get("case", ()))
    except Unreadable as unreadable:
        return worklist_page(unreadable.status, session, banner=str(unreadable))
    stored = site().store.look(ref) if is_reference(ref) else None
    by = session.person.id
    if stored is None or organisation_in(stored.case.organisation) != session.procedure.slug:
        return worklist_page(404, session, banner="This case does not exist or has been destroyed.")
    case = stored.case
    at = todays_situation_of(case, site=site())
    able = available(at, by=by)
    if not any(_opens(act(name), at, by) for name in able):
        return worklist_page(403, session, banner="You do not work on this case.")
    try:
        secret = mint(ref=ref, person=by, stage=case.current.stage, sent_for=able[0], sent_to="", site=site())
    except CaseGone:
        return worklist_page(404, session, banner="This case does not exist or has been destroyed.")
    except temporary() as error:
        record_failure(error, event)
        return worklist_page(503, session, banner=AGAIN)
    record("A case was opened from a member of staff's own page.", ref=ref)
    return hidden(redirect(f"/l/{secret}"))


def worklist_page(
    status: int, session: Session, *, banner: Banner = "", after: Waiting | None = None
) -> Response:
    """Return the person's page, with what is to be noticed on it, and with what waits from `after` on."""
    from domain.directory import may_keep

    waiting, following = _waiting(session, after)
    return hidden(
        page(
            status,
            "pages/staff/worklist.html",
            **about(session),
            banner=banner,
            waiting=waiting,
            following=following,
            goes_on=after is not None,
            forms=list(_forms(session.procedure)),
            keeps=may_keep(session.procedure, session.person.id) is None,
        )
    )


def _waiting(session: Session, after: Waiting | None) -> tuple[list[dict[str, Any]], str]:
    """Return the cases in which the person has something to do, what is overdue first; and where the next ones begin,
    as an address says it, empty: these were the last."""
    from adapters.cases.rules import todays_situation_of
    from adapters.figures.waiting import waiting_for
    from domain.registry import is_waited_for

    by, found = session.person.id, []
    while True:
        listed = waiting_for(by, session.procedure.slug, site=site(), after=after, most=CASES_A_PAGE)
        for stored in site().store.load_all(entry.ref for entry in listed.entries):
            case = stored.case
            at = todays_situation_of(case, site=site())
            # The list can be behind.
            if is_waited_for(at, by):
                shown = {"case": case, "stage": at.stage, "mine": by in case.current.reviewers}
                found.append(shown | {"next": _next_date(case, stored.promised, session.now)})
        after = listed.after
        if after is None or len(found) >= CASES_A_PAGE:
            return found, "" if after is None else f"{after.when}~{after.ref}"


def _place(event: Request) -> Waiting | None:
    """Return where the list goes on, as `_waiting` says it; None: it begins."""
    from adapters.figures.waiting import Waiting

    asked = (event.get("queryStringParameters") or {}).get("after", "")
    found = _PLACE.fullmatch(asked)
    return None if found is None else Waiting(when=found[1], ref=found[2])


def _opens(act: Act, at: Situation, by: str) -> bool:
    """Return whether somebody who can do this can open the case: it is about the complaint, or the case waits for
    them."""
    return act.traits.about == "complaint" or act.traits.waits_for(at, by)


def _next_date(case: Case, promised: Sequence[Promised], now: datetime) -> Promise | None:
    """Return the date that ends first of those that run, or has ended, as it was counted when the case was stored."""
    from domain.promises import Promise

    ahead = [promise for promise in promised if promise.deadline.startswith(f"{case.current.stage}/")]
    if not ahead:
        return None
    first = min(ahead, key=lambda promise: promise.due_at)
    due_at = first.due_at
    return Promise(name=first.deadline, due=last_day_before(due_at), due_at=due_at, over=due_at <= now)


def _forms(procedure: Procedure) -> Iterator[dict[str, str]]:
    for rules in procedures_of(procedure):
        for form in rules.forms:
            yield {"address": address_of(rules, form), "title": form.title, "of": rules.title}
