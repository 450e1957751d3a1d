"""The papers of a case: its documents, the letters that were sent, and the file as a whole."""

from __future__ import annotations

from typing import Any, Literal, assert_never

from domain.commands import Command, ExportCase, PostLetter
from domain.errors import FieldProblem
from domain.events import COMPLAINANT
from domain.life.documents import may_have
from domain.life.letters import to_be_posted
from handlers.links.form import Filled, Unprocessable, choice, confirm, day, writing
from handlers.links.situation import Situation
from handlers.wiring import site


def command(action: Literal["document", "export", "posted"], form: Filled, situation: Situation) -> Command:
    """Unprocessable: the form lacks something. A document is added from a page of its own, where its file is."""
    by = situation.link.person
    match action:
        case "document":
            raise Unprocessable(FieldProblem("file", "Choose the file first."))
        case "export":
            if by == COMPLAINANT:
                confirm(form, "Tick the box if you would like a copy.")
                return ExportCase(by=by, reason=writing())
            return ExportCase(by=by, reason=writing(reason=form.text("reason")))
        case "posted":
            waiting = [one.id for one in to_be_posted(situation.case)]
            letter = choice(form, "letter", waiting, "Choose the letter that was posted.")
            on = day(form, "on")
            if on is None:
                raise Unprocessable(
                    FieldProblem("on", "Enter the day on which it was posted, like 27 3 2026.")
                )
            return PostLetter(by=by, letter=letter, on=on)
        case _:
            assert_never(action)


def papers(situation: Situation) -> dict[str, Any]:
    """The documents that the person can have, and the messages that the complainant got."""
    from adapters.post.correspondence import sent_to_complainant

    case, person = situation.case, situation.link.person
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
