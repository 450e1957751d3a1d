"""What goes into the file of a case, which people save as an archive: a page, the same as data, and the documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.cases import drafts
from adapters.files.case_file import Enclosed, path_of
from domain.acts.documents import TYPES
from domain.answers import answers_on_record, recorded_in
from domain.calendars import to_london
from domain.notices import AS_SENT
from domain.people import names_in
from handlers.links.casefile import content_ids, entry, told_by_complainant, whole_case, written
from handlers.links.documents import documents_and_letters
from handlers.links.visit import Visit
from handlers.wiring import files, site


def whole(found: Visit, export: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return all of it, for who handles the case: the template, what it is given, and the same as data."""
    case, procedure = found.case, found.procedure
    shown = whole_case(found)
    holds = {entry["fact"].hold for entry in shown["history"] if entry["kind"] == "HoldPlaced"}
    contents = {
        name: words
        for name, words in site().store.all_contents(case.ref).items()
        # Messages have a place of their own, a draft is its author's, and why a case is kept is between those who
        # keep it.
        if not name.startswith((drafts.BEGINNING, AS_SENT)) and (name not in holds or "hold" in found.names)
    }
    names = names_in(procedure)
    context = {
        **shown,
        "documents": _with_paths(shown["documents"], case.ref),
        "told_elsewhere": _told_elsewhere(found),
        "names": names,
        "procedure": procedure,
        "closed_on": to_london(case.closed_at).date() if case.closed_at else None,
        "taken_by": names.get(found.person, found.person),
        "reason": str(contents.get(export, {}).get("reason", "")),
    }
    data = {
        "reference": case.ref,
        "organisation": case.organisation,
        "procedure_version": case.procedure_version,
        "events": site().store.events(case.ref),
        "contents": contents,
        "told_in_duplicates": [
            {
                "reference": told["case"].ref,
                "answers": told["answers"],
                "later": told["later"],
                "documents": _described(told["documents"]),
            }
            for told in context["told_elsewhere"]
        ],
        **_data_of(context),
    }
    return "pages/copies/case.html", context, data


def _told_elsewhere(found: Visit) -> list[dict[str, Any]]:
    """Return what was told and handed in in the duplicates for which this case goes on: it counts here, and they are
    destroyed on a day of their own."""
    if not found.case.links:
        return []
    from handlers.links.linked import linked_cases

    return [
        told | {"documents": _with_paths(told["documents"], told["case"].ref, told_in=told["case"].ref)}
        for told in linked_cases(found)
        if told["how"] == "goes-on-for"
    ]


def own_copy(found: Visit) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return the complainant's: what they wrote, what was written to them, and their documents."""
    case = found.case
    theirs = told_by_complainant(case)
    contents = site().store.contents(case.ref, (*recorded_in(case), *content_ids(case, theirs)))
    entries = [entry(event, found, contents) for event in theirs]
    answers = answers_on_record(case, contents)
    form = found.procedure.form(case.form)
    shown = documents_and_letters(found)
    context = {
        **shown,
        "documents": _with_paths(shown["documents"], case.ref),
        "contact": found.procedure.contact,
        "written": list(written(form.fields if form is not None else (), answers, adjustments=True)),
        "history": [entry for entry in entries if entry["said"]],
    }
    later = [
        {"at": entry["fact"].at, "what": entry["kind"], "words": entry["said"]}
        for entry in context["history"]
    ]
    data = {"reference": case.ref, "answers": answers, "later": later, **_data_of(context)}
    return "pages/copies/own.html", context, data


def _data_of(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "messages": [
            {
                "at": letter["sent"].at,
                "notice": letter["sent"].notice,
                "to": letter["sent"].to_address or "by post",
                "subject": letter["sent"].subject,
                "html": letter["sent"].body,
                "posted_on": letter["posted_on"],
            }
            for letter in context["letters"]
        ],
        "documents": _described(context["documents"]),
    }


def _described(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": document["record"].id,
            "name": document["name"],
            "file": document["path"],
            "media_type": document["record"].media_type,
            "size": document["record"].size,
            "sha256": document["record"].sha256,
        }
        for document in documents
    ]


def _with_paths(documents: list[dict[str, Any]], ref: str, *, told_in: str = "") -> list[dict[str, Any]]:
    """Return the documents with their paths in the archive, and the case `ref` in which they lie."""
    return [
        document
        | {
            "path": path_of(
                document["number"],
                document["name"],
                TYPES[document["record"].media_type][1],
                told_in=told_in,
            ),
            "lies_in": ref,
        }
        for document in documents
    ]


def enclosed(context: Mapping[str, Any]) -> Iterator[Enclosed]:
    """Yield the documents themselves, each under the path that the archive's page names."""
    told = (document for told in context.get("told_elsewhere", ()) for document in told["documents"])
    for document in (*context["documents"], *told):
        content = files().read(document["lies_in"], document["record"].id)
        yield Enclosed(path=document["path"], content=content)
