"""Files behind a link: adding a document, and having documents, letters, and the file of a case as a whole.

A file goes from the browser straight to S3 and is taken into the case by a POST of its own, after it was looked into;
see docs/decisions/0020-documents.md. Everything else here is reading, and changes nothing in a case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from domain.acts.documents import LARGEST, TYPES, AddDocument, add_document, is_addition, may_have
from domain.calendars import to_london
from domain.case import COMPLAINANT
from domain.errors import FieldProblem, Incomplete, Refused
from domain.form import Filled, SentFile, Unprocessable, read_form
from domain.papers import DocumentRecord
from domain.people import without_involved
from domain.reaching import reach_of, told_by
from domain.registry import refusal
from handlers.http import (
    AGAIN,
    Banner,
    Endpoint,
    Request,
    Response,
    Unreadable,
    dispatch,
    form_values,
    hidden,
    page,
    path_part,
    public_address,
    record_failure,
    redirect,
    temporary,
)
from handlers.links import broken_page
from handlers.links.acting import asking
from handlers.links.documents import spell_size
from handlers.links.pages import done, plain, present, visit_or_page
from handlers.links.visit import Visit
from handlers.wiring import files, site

SAVED_WITHIN: Final = timedelta(hours=1)
"""How long after it was asked for the file of a case can be saved."""

_ID: Final = re.compile(r"[0-9a-f]{16}")
_NOT_HERE: Final = "It did not reach us, or it was not added in time and has been deleted."


def handler(event: Request, context: Any) -> Response:
    """Answer a request of API Gateway."""
    return dispatch(event, ROUTES, context=context, broken=broken_page)


def choose(event: Request) -> Response:
    """Return the form with which a file is sent."""
    found = visit_or_page(event)
    if not isinstance(found, Visit):
        return found
    if against := _against(found):
        return present(409, found, banner=str(against))
    upload = site().identities.content_id()
    address = public_address(event)
    back = f"{address}/l/{found.secret}/files/{upload}"
    ticket = files().ticket(found.case.ref, upload, back=back)
    return hidden(
        page(
            200,
            "pages/files/choose.html",
            # From the bucket the browser is led on to our own address, which need not be the one that it came to.
            forms_to=f"{ticket.origin} {address}",
            **_of(found),
            ticket=ticket,
            largest=spell_size(LARGEST).replace(".0", ""),
            accepted=",".join([*TYPES, *(f".{ending}" for _, ending in TYPES.values())]),
            banner="",
            problems=[],
        )
    )


def check(event: Request) -> Response:
    """Ask what the person has to say of a file that has arrived, before it is added."""
    found = visit_or_page(event)
    if not isinstance(found, Visit):
        return found
    if against := _against(found, path_part(event, "file")):
        return present(409, found, banner=str(against))
    arrived = files().arrived(found.case.ref, path_part(event, "file")) if _is_id(event, "file") else None
    if arrived is not None and any(document.size == arrived.size for document in found.case.documents):
        # It may be one of them, which only what is in it can say.
        arrived = files().looked_into(found.case.ref, arrived.upload)
    if arrived is None:
        return _missing(found, _NOT_HERE)
    if against := _against(found, arrived.document):
        return present(409, found, banner=str(against))
    return _check_page(200, found, arrived.upload, arrived.size, Filled())


def add(event: Request) -> Response:
    """Take the file into the case."""
    found = visit_or_page(event)
    if not isinstance(found, Visit):
        return found
    try:
        typed = form_values(event)
    except Unreadable as unreadable:
        return plain(unreadable.status, "unreadable", sentence=str(unreadable))
    if against := _against(found, path_part(event, "file")):
        return present(409, found, banner=str(against))
    upload = path_part(event, "file")
    try:
        arrived = files().looked_into(found.case.ref, upload) if _is_id(event, "file") else None
    except temporary() as error:
        record_failure(error, event)
        return _check_page(503, found, upload, 0, _wrong(typed, ()), banner=AGAIN)
    if arrived is None:
        return _missing(found, _NOT_HERE)
    if against := _against(found, arrived.document):
        return present(409, found, banner=str(against))
    try:
        command = _command(arrived, read_form(typed), found)
        # What would be refused is not kept either.
        command.decide(found.at)
        files().keep(found.case.ref, arrived)
        from adapters.cases.execute import execute

        case = execute(found.case.ref, command, site=site())
    except Unprocessable as wrong:
        return _check_page(422, found, arrived.upload, arrived.size, _wrong(typed, wrong.problems))
    except Incomplete as wrong:
        return _check_page(422, found, arrived.upload, arrived.size, _wrong(typed, wrong.missing))
    except Refused as refused:
        return present(409, found, banner=str(refused))
    except temporary() as error:
        record_failure(error, event)
        return _check_page(503, found, arrived.upload, arrived.size, _wrong(typed, ()), banner=AGAIN)
    shown = {"decision": ["shared" if command.shared and command.by != COMPLAINANT else ""]}
    return done("document", shown, found.then(case))


def have_document(event: Request) -> Response:
    """Return the document, to be saved."""
    found = visit_or_page(event)
    if not isinstance(found, Visit):
        return found
    wanted, person = path_part(event, "document"), found.person
    for number, document in enumerate(found.case.documents, start=1):
        is_theirs = may_have(found.case, person, document.id) if person == COMPLAINANT else found.handles_case
        if document.id == wanted and is_theirs:
            return _given_out(found.case.ref, number, document)
    if found.is_staff and found.handles_case and found.case.links:
        from handlers.links.linked import document_told_there

        if (told := document_told_there(found, wanted)) is not None:
            return _given_out(*told)
    return _missing(found, "There is no such document, or you cannot open it with this link.")


def _given_out(ref: str, number: int, document: DocumentRecord) -> Response:
    from adapters.files.documents import file_name

    called = file_name(ref, number, document.media_type)
    address = files().address(ref, document.id, media_type=document.media_type, called=called)
    return hidden(redirect(address))


def have_letter(event: Request) -> Response:
    """Return a message to the complainant as a letter that prints."""
    found = visit_or_page(event)
    if not isinstance(found, Visit):
        return found
    from adapters.post.correspondence import sent_letter

    sent = None
    if found.person == COMPLAINANT or found.handles_case:
        sent = sent_letter(found.case.ref, path_part(event, "letter"), site().store)
    if sent is None:
        return _missing(found, "There is no such letter, or you cannot open it with this link.")
    procedure, case = found.procedure, found.case
    reach = reach_of(case, site().store.contents(case.ref, told_by(case)))
    role = procedure.letters.signed_by if procedure.letters is not None else procedure.coordinator
    # Nobody signs the letters of a case that they are involved in.
    able = without_involved(case, procedure)
    signing = (role, procedure.coordinator, *procedure.above)
    role = next((signer for signer in signing if able.holders(signer)), role)
    title, holders = procedure.role(role).title, able.holders(role)
    is_staff = found.is_staff
    return hidden(
        page(
            200,
            "letters/letter.html",
            style="letters/style.css",
            reference=case.ref,
            organisation=procedure.organisation,
            contact=procedure.contact,
            subject=sent.subject,
            heading=sent.heading,
            body=sent.body,
            to_name=sent.to_name,
            to_address=reach.address,
            on=to_london(sent.at).date(),
            # Where several fill the role, whoever signs writes their name.
            signatory=holders[0].name if len(holders) == 1 and holders[0].name != title else "",
            signed_as=title,
            to_post=is_staff
            and any(letter.id == sent.id and letter.posted_on is None for letter in case.letters),
            is_staff=is_staff,
            back=f"/l/{found.secret}",
        )
    )


def have_export(event: Request) -> Response:
    """Return the file of the case that was asked for a moment ago, to be saved."""
    found = visit_or_page(event)
    if not isinstance(found, Visit):
        return found
    wanted = path_part(event, "export")
    asked = next(
        (export for export in found.case.exports if export.id == wanted and export.by == found.person), None
    )
    if asked is None or "export" not in found.names or found.at.now >= asked.at + SAVED_WITHIN:
        return _missing(found, "You can save a file for 1 hour after you make it. Make it again.")
    from adapters.files.case_file import write_archive
    from adapters.rendering import render
    from handlers.exports import enclosed, own_copy, whole

    template, context, data = whole(found, wanted) if asked.whole else own_copy(found)
    folder = found.case.ref
    page_of_it = render(template, **context, **_of(found), taken_at=asked.at)
    documents = list(enclosed(context))
    with write_archive(folder, page=page_of_it, data=data, enclosed=documents) as file:
        address = files().give_out(folder, wanted, file, called=f"{folder}.zip")
    return hidden(redirect(address))


# What all of them need.


def _against(found: Visit, document: str = "") -> Refused | None:
    """Return what stands against adding a document, or this one. Former documents have the id of their ticket."""
    from domain.errors import AlreadyDone, NotAllowed

    if any(kept.id == document for kept in found.case.documents):
        return AlreadyDone("This file has already been added.")
    if not found.link.allows("document"):
        return NotAllowed("You cannot do this with this link.")
    return refusal("document", found.at, by=found.person, stage=found.link.stage)


def _command(arrived: Any, form: Filled, found: Visit) -> AddDocument:
    """Return the command. Unprocessable: a member of staff has not said whom it is for."""
    file = SentFile(
        document=arrived.document,
        media_type=arrived.media_type,
        size=arrived.size,
        sha256=arrived.sha256,
    )
    return add_document(asking(found, form, file=file))


def _check_page(
    status: int, found: Visit, upload: str, size: int, filled: Filled, *, banner: Banner = ""
) -> Response:
    problems = [
        {"anchor": f"document.{name}", "message": message} for name, message in filled.problems.items()
    ]
    return plain_files(
        status,
        "check",
        **_of(found),
        file=upload,
        size=spell_size(size) if size else "",
        filled=filled,
        late=is_addition(found.at, found.person),
        banner=banner,
        problems=problems,
    )


def _wrong(typed: Mapping[str, Any], problems: tuple[FieldProblem, ...]) -> Filled:
    return Filled(typed=typed, problems={problem.field: problem.message for problem in reversed(problems)})


def _missing(found: Visit, sentence: str) -> Response:
    return plain_files(
        404,
        "missing",
        organisation=found.procedure.organisation,
        secret=found.secret,
        sentence=sentence,
        can_add="document" in found.names,
    )


def plain_files(status: int, name: str, /, **context: Any) -> Response:
    """Return the page `name` about a file, hidden from whoever lists pages."""
    return hidden(page(status, f"pages/files/{name}.html", **context))


def _of(found: Visit) -> dict[str, Any]:
    procedure, case = found.procedure, found.case
    return {
        "secret": found.secret,
        "organisation": procedure.organisation,
        "case": case,
        "kind": case.kind,
        "can_be_refused": procedure.refusal is not None,
        "stage": procedure.stage(case.current.stage),
        "is_staff": found.is_staff,
    }


def _is_id(event: Request, name: str) -> bool:
    return _ID.fullmatch(path_part(event, name)) is not None


ROUTES: Final[Mapping[str, Endpoint]] = {
    "GET /l/{secret}/files": choose,
    "GET /l/{secret}/files/{file}": check,
    "POST /l/{secret}/files/{file}": add,
    "GET /l/{secret}/documents/{document}": have_document,
    "GET /l/{secret}/letters/{letter}": have_letter,
    "GET /l/{secret}/exports/{export}": have_export,
}
