"""The documents of a case and the letters that were sent, for those who can have them."""

from __future__ import annotations

from typing import Any

from domain.acts.documents import may_have
from domain.case import COMPLAINANT
from domain.chasing import to_be_posted
from handlers.links.visit import Visit
from handlers.wiring import site


def documents_and_letters(visit: Visit) -> dict[str, Any]:
    """The documents that the person can have, and the messages that the complainant got."""
    from adapters.post.correspondence import (
        sent_to_complainant,
    )

    case, person = visit.case, visit.person
    theirs = [
        (number, one)
        for number, one in enumerate(case.documents, start=1)
        if person != COMPLAINANT or may_have(case, person, one.id)
    ]
    contents = site().store.contents(case.ref, (one.id for _, one in theirs))
    waiting = {one.id for one in to_be_posted(case)}
    posted = {one.id: one.posted_on for one in case.letters}
    sent = sent_to_complainant(case.ref, site().store)
    return {
        "documents": [
            {
                "record": one,
                "number": number,
                "name": str(contents.get(one.id, {}).get("name", "")),
                "size": spell_size(one.size),
            }
            for number, one in theirs
        ],
        "letters": [
            {"sent": one, "to_post": one.id in waiting, "posted_on": posted.get(one.id)} for one in sent
        ],
    }


def spell_size(size: int) -> str:
    """A number of bytes as people say it."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
