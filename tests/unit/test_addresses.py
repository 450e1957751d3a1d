"""What mail cannot reach is refused wherever somebody writes an address, in the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.cases.answers import read as read_answers
from authoring.procedure_file import read
from authoring.rules import objections
from authoring.typed import email as asked_by_new
from domain.addresses import is_same
from domain.directory import PutPerson, change, seeded
from domain.errors import Incomplete, InvalidAnswers
from domain.procedure import Field, Form, Person

PROCEDURE = read(Path("procedures/leadership-east.yaml"))
FORM = Form(
    id="complaint",
    title="",
    kind="complaint",
    introduction=(),
    privacy=(),
    fields=(Field(id="email", label="What is your email address?", type="email"),),
)


def test_capital_letters_make_no_other_address() -> None:
    """A link goes to an address, and has to say whose it is."""
    assert is_same("Office@Example.org", "office@example.ORG")
    assert not is_same("office@example.org", "office@example.com")


def by_the_form(address: str) -> bool:
    try:
        read_answers(FORM, {"email": address})
    except InvalidAnswers:
        return False
    return True


def by_the_directory(address: str) -> bool:
    keeper = PROCEDURE.holders("programmes-office")[0]
    command = PutPerson(person="new", name="Somebody", email=address, roles=("programmes-manager",))
    now = datetime(2026, 11, 2, tzinfo=UTC)
    try:
        change(seeded(PROCEDURE), command, procedure=PROCEDURE, by=keeper.id, now=now)
    except Incomplete as incomplete:
        return "email" not in {one.field for one in incomplete.missing}
    return True


def by_the_checker(address: str) -> bool:
    """The organisation's own address and those of its people are taken alike."""
    contact = replace(PROCEDURE, contact=replace(PROCEDURE.contact, email=address))
    one = PROCEDURE.people[0]
    changed = Person(id=one.id, name=one.name, email=address, roles=one.roles)
    person = replace(PROCEDURE, people=(changed, *PROCEDURE.people[1:]))
    said = [list(objections(changed, slug=PROCEDURE.slug, version=None)) for changed in (contact, person)]
    assert bool(said[0]) == bool(said[1])
    assert all(f"`{address}` is not an email address" == one.message for found in said for one in found)
    return not said[0]


def by_new(address: str) -> bool:
    try:
        asked_by_new(address)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("is_taken", [by_the_form, by_the_directory, by_the_checker, by_new])
@pytest.mark.parametrize(
    "address",
    [
        "m\u00fcller@example.org",
        "a..b@example.org",
        "a@-x.org",
        "a@x.1",
        "x@y@example.org",
        "a@example",
        "a b@example.org",
        "a@exam ple.org",
        ".a@example.org",
        "a@example.org.",
        f"{'a' * 65}@example.org",
        f"a@{'x.' * 126}org",
        "Somebody <a@example.org>",
    ],
)
def test_what_mail_cannot_reach_is_refused_everywhere(address: str, is_taken: Callable[[str], bool]) -> None:
    """Every notice to such an address would fail, so nobody can enter it."""
    assert not is_taken(address)


@pytest.mark.parametrize("is_taken", [by_the_form, by_the_directory, by_the_checker, by_new])
@pytest.mark.parametrize(
    "address",
    ["a@example.org", "A.B+c@Mail.Example.org", "o'neill@1.example", "a@xn--mller-kva.example", "1@x-y.uk"],
)
def test_what_mail_reaches_is_taken_everywhere(address: str, is_taken: Callable[[str], bool]) -> None:
    """An address that is good on one page is good on all."""
    assert is_taken(address)
