"""A case in which much was written: its page shows a part at a time, and stays within what Lambda answers with."""

from __future__ import annotations

import re

from adapters.cases.execute import execute
from domain.acts.notes import AddNote
from domain.words import Writing
from handlers.links.casefile import whole_case
from handlers.links.visit import visit_of
from tests.integration.desk import Desk

NOTES = 60
LONGEST = 20_000
LARGEST_ANSWER = 6 * 1024 * 1024


def noted(desk: Desk, number: int) -> str:
    """A note as long as one can be, each letter of which takes five on a page; what it begins with."""
    begins = f"Note {number:04}."
    words = {"text": begins.ljust(LONGEST, "<")}
    command = AddNote(
        by=desk.coordinator(),
        stage=desk.case().current.stage,
        kind="note",
        note=Writing(id=f"note-{number}", words=words),
    )
    execute(desk.ref, command, site=desk.office.site)
    return begins


def test_every_note_is_on_one_page_and_no_page_is_too_large(leadership: Desk) -> None:
    """The last notes are on the case's page, and a link leads on to those before them, to the first."""
    secret = leadership.secret(leadership.coordinator())
    begun = [noted(leadership, number) for number in range(NOTES)]
    found: list[str] = []
    before: list[str] = [""]
    pages = 0
    while before:
        body = leadership.get(secret, before=before[0])["body"]
        pages += 1
        assert len(body.encode()) < LARGEST_ANSWER / 2
        found = re.findall(r"Note \d{4}\.", body) + found
        before = re.findall(r"\?before=(\d+)", body)
    assert begun == found
    assert pages > 2


def test_a_short_history_is_on_one_page(leadership: Desk) -> None:
    """Nothing is said of parts where there is one; what stands in the address does no harm."""
    secret = leadership.secret(leadership.coordinator())
    page = leadership.get(secret)["body"]
    assert "?before=" not in page
    for odd in ("", "x", "-1", "999999", "9999999999"):
        assert leadership.get(secret, before=odd)["statusCode"] == 200
    assert "Show what happened last" in leadership.get(secret, before="1")["body"]


def test_the_file_of_the_case_has_all_of_it(leadership: Desk) -> None:
    """What is taken out of the case is not cut."""
    secret = leadership.secret(leadership.coordinator())
    begun = [noted(leadership, number) for number in range(110)]
    visit = visit_of({"pathParameters": {"secret": secret}})
    said = [entry["said"][:10] for entry in whole_case(visit)["history"] if entry["kind"] == "NoteAdded"]
    assert begun == said
