"""The documents of a case and the letters that were sent, for those who can have them."""

from __future__ import annotations

from typing import Any

from domain.acts.documents import may_have
from domain.case import COMPLAINANT
from domain.chasing import to_be_posted
from handlers.links.visit import Visit
from handlers.wiring import site


def documents_and_letters(visit: Visit) -> dict[str, Any]:
    """Return the documents that the person can have, and the messages that the complainant got."""
    from adapters.post.correspondence import sent_to_complainant

    case, person = visit.case, visit.person
    theirs = [
        (number, document)
        for number, document in enumerate(case.documents, start=1)
        if person != COMPLAINANT or may_have(case, person, document.id)
    ]
    contents = site().store.contents(case.ref, (document.id for _, document in theirs))
    waiting = {letter.id for letter in to_be_posted(case)}
    posted = {letter.id: letter.posted_on for letter in case.letters if not letter.by_mail}
    sent = sent_to_complainant(case.ref, site().store)
    return {
        "documents": [
            {
                "record": document,
                "number": number,
                "name": str(contents.get(document.id, {}).get("name", "")),
                "size": spell_size(document.size),
            }
            for number, document in theirs
        ],
        "letters": [
            {"sent": letter, "to_post": letter.id in waiting, "posted_on": posted.get(letter.id)}
            for letter in sent
        ],
    }


def spell_size(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
