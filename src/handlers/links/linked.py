"""Other cases that belong together with the one that a link leads to, as far as the person may read them."""

from __future__ import annotations

from typing import Any

from adapters.cases.rules import todays_situation_of
from adapters.identities import is_reference
from domain.answers import answers_on_record, recorded_in
from domain.event import Contents
from domain.form import OtherCase
from domain.linked import CaseLink, link_to
from domain.papers import DocumentRecord
from domain.procedure import organisation_in
from domain.reaching import Reach, reach_of, told_by
from domain.registry import act, available
from domain.situation import Situation
from handlers.links.casefile import content_ids, told_by_complainant, written
from handlers.links.documents import spell_size
from handlers.links.visit import Visit
from handlers.wiring import site


def other_case(ref: str, visit: Visit) -> OtherCase | None:
    """Return another case that the person may read; None: there is none, or it is not for them. Which of these it is
    nobody is told."""
    stored = site().store.look(ref) if is_reference(ref) else None
    if stored is None or stored.case.erasing:
        return None
    if organisation_in(stored.case.organisation) != organisation_in(visit.case.organisation):
        return None
    at = todays_situation_of(stored.case, site=site())
    if not _may_read(at, visit.person, link_to(visit.case.links, ref)):
        return None
    there, here = (
        reach_of(case, site().store.contents(case.ref, told_by(case))) for case in (at.case, visit.case)
    )
    return OtherCase(ref=ref, is_open=at.case.is_open, is_same_person=_is_same_person(there, here))


def linked_cases(visit: Visit) -> list[dict[str, Any]]:
    """Return the cases that belong together with this one and that the person may read; with what was written in a
    duplicate, for whoever works on the case that goes on."""
    links = {link.ref: link for link in visit.case.links if link.how != "unlinked"}
    if not links:
        return []
    reasons = site().store.contents(visit.case.ref, (link.reason for link in links.values()))
    found = []
    for stored in site().store.load_all(links):
        if stored.case.erasing:
            continue
        at, link = todays_situation_of(stored.case, site=site()), links[stored.case.ref]
        if _may_read(at, visit.person, link):
            reason = str(reasons.get(link.reason, {}).get("reason", ""))
            found.append({"case": at.case, "how": link.how, "reason": reason, **_told_there(at, link)})
    return found


def _told_there(at: Situation, link: CaseLink) -> dict[str, Any]:
    """Return what somebody told in a duplicate, and handed in there: the form, what came later, and documents."""
    if link.how != "goes-on-for":
        return {"answers": {}, "written": [], "later": [], "documents": []}
    case, form = at.case, at.procedure.form(at.case.form)
    told = told_by_complainant(case)
    names = tuple(document.id for document in case.documents)
    ids = (*recorded_in(case), *content_ids(case, told), *names)
    contents: Contents = site().store.contents(case.ref, ids)
    answers = answers_on_record(case, contents)
    return {
        "answers": answers,
        "written": list(written(form.fields if form is not None else (), answers, adjustments=True)),
        "later": [
            {"at": event.at, "what": type(event).__name__, "words": said}
            for event in told
            if (said := event.said(contents, case))
        ],
        "documents": [
            {
                "record": document,
                "number": number,
                "name": str(contents.get(document.id, {}).get("name", "")),
                "size": spell_size(document.size),
            }
            for number, document in enumerate(case.documents, start=1)
        ],
    }


def document_told_there(visit: Visit, wanted: str) -> tuple[str, int, DocumentRecord] | None:
    """Return a document of a case that was closed as a duplicate of this one: that case's reference, which of its
    documents it is, and the document. It lies there, and is gone when either case is. None: there is none that is for
    whoever has come."""
    for link in visit.case.links:
        stored = site().store.look(link.ref) if link.how == "goes-on-for" else None
        if stored is None or stored.case.erasing:
            continue
        if not _may_read(todays_situation_of(stored.case, site=site()), visit.person, link):
            continue
        for number, document in enumerate(stored.case.documents, start=1):
            if document.id == wanted:
                return stored.case.ref, number, document
    return None


def _may_read(at: Situation, person: str, link: CaseLink | None) -> bool:
    """Return whether the person works on the other case too, or on the one that goes on for it. Nobody who is involved
    in it does."""
    if person in at.case.involved:
        return False
    if link is not None and link.how == "goes-on-for":
        return not at.case.is_unconfirmed
    return any(act(name).traits.about == "complaint" for name in available(at, by=person))


def _is_same_person(there: Reach, here: Reach) -> bool:
    """Return whether both are reached at the same address or number."""
    emails = {there.email.casefold(), here.email.casefold()}
    numbers = {"".join(filter(str.isdigit, reach.telephone)) for reach in (there, here)}
    return any(len(same) == 1 and "" not in same for same in (emails, numbers))
