"""Whom a procedure needs is said in one place: what its file has to fill, staff cannot empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from authoring.model import records
from authoring.objection import Location
from authoring.procedure_file import read
from authoring.rules import objections
from domain.calendars import Limit
from domain.directory import PutPerson, RemovePerson, change, people_on, seeded
from domain.errors import Incomplete
from domain.ladder import Approval, Skip
from domain.offices import Office, roles_named
from domain.procedure import Person, Procedure, Role
from domain.provisions import Completion, ContactLimits, LateReply, Letters, Records, Reopen

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
LACKING = re.compile(
    r"nobody fills the role `(.*)`|are needed, but \d+ (?:people fill|person fills) the role `(.*)`"
)

SHIPPED = {path.stem: read(path) for path in sorted(Path("procedures").glob("*.yaml"))}
ROLES = [(slug, role.id) for slug, procedure in SHIPPED.items() for role in procedure.roles]
IDS_OF_STAGES = ("id", "next", "starts_at")


def lacking(procedure: Procedure) -> set[str]:
    """The roles of which the checker of procedure files says that too few people fill them."""
    found = (LACKING.search(one.message) for one in objections(procedure, slug=procedure.slug, version=None))
    return {match[1] or match[2] for match in found if match is not None}


def texts(value: Any, at: Location = ()) -> Iterator[tuple[Location, str]]:
    """Every text in a procedure, and the way to it."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from texts(one, (*at, index))
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts(getattr(value, one.name), (*at, one.name))


def put(value: Any, at: Location, text: str) -> Any:
    """The value with another text at the end of a way."""
    if not at:
        return text
    if isinstance(value, tuple):
        return tuple(put(one, at[1:], text) if index == at[0] else one for index, one in enumerate(value))
    return replace(value, **{str(at[0]): put(getattr(value, str(at[0])), at[1:], text)})


@cache
def with_everything() -> Procedure:
    """A procedure that names a role wherever it can, each a role of its own with just as many people as it needs."""
    base = SHIPPED["ashton-on-mersey-scitt"]
    stage = base.stages[0]
    own: dict[str, Any] = {"own_target": "Invented.", "source": ""}
    review = replace(
        stage.review, count=2, head="x", assigned_by="x", alternative_role="x", conflict_override="x"
    )
    stage = replace(
        stage,
        review=review,
        can_be_skipped=Skip(role="x", own_target="Invented."),
        approval=Approval(by="role", role="x", count=2, settled_by="x", own_target="Invented."),
        deadlines=(replace(stage.deadlines[0], discretion_role="x"), *stage.deadlines[1:]),
    )
    full: Procedure = replace(
        base,
        stages=(stage, *base.stages[1:]),
        late_reply=LateReply(role="x", own_target="Invented."),
        completion=Completion(
            title="Letter", letter_from=("x",), within=(Limit(28, "days"),), own_target="Invented."
        ),
        reopen=Reopen(role="x", own_target="Invented."),
        contact_limits=ContactLimits(role="x", own_target="Invented."),
        records=Records(role="x", **own),
        letters=Letters(signed_by="x", **own),
        data_protection_role="x",
    )
    roles, people = [], []
    for number, office in enumerate(roles_named(full)):
        role = f"only-{number}"
        full = put(full, office.at, role)
        roles.append(Role(id=role, title=f"The role {role}"))
        for index in range(office.count):
            one = f"person-{number}-{index}"
            people.append(Person(id=one, name=one, email=f"{one}@staff.example", roles=(role,)))
    return replace(full, roles=tuple(roles), people=tuple(people))


OFFICES = list(roles_named(with_everything()))


@pytest.mark.parametrize("slug", SHIPPED)
def test_every_place_that_names_a_role_is_known(slug: str) -> None:
    """Wherever a text in a procedure is a role's name, that role is needed; stages may be called like roles."""
    procedure = SHIPPED[slug]
    roles = {role.id for role in procedure.roles}
    named = {
        at
        for at, text in texts(procedure)
        if text in roles and at[0] not in ("roles", "people") and at[-1] not in IDS_OF_STAGES
    }
    assert {office.at for office in roles_named(procedure)} == named


def test_every_key_that_takes_a_role_is_known() -> None:
    """What the reference of procedure files describes as a role is needed where it is given."""
    described = {
        (record.name, key.name)
        for record in records()
        for key in record.keys
        if key.holds is str and "role" in f"{key.name} {key.meaning}".lower()
    }
    known = set()
    for office in OFFICES:
        holder: Any = with_everything()
        names = [step for step in office.at if isinstance(step, str)]
        for step in office.at[: office.at.index(names[-1])]:
            holder = holder[step] if isinstance(step, int) else getattr(holder, step)
        known.add((type(holder).__name__, names[-1]))
    assert described - {("Person", "roles")} == known


@pytest.mark.parametrize("office", OFFICES, ids=lambda one: ".".join(map(str, one.at)))
def test_no_place_can_lose_those_whom_it_needs(office: Office) -> None:
    """Whoever fills a role that one rule alone names cannot be removed: the file would be refused without them."""
    procedure = with_everything()
    assert not lacking(procedure)
    assert procedure.directory is not None
    keeper, leaver = (procedure.holders(role)[0].id for role in (procedure.directory.kept_by[0], office.role))
    people = tuple(one for one in procedure.people if one.id != leaver)
    assert lacking(replace(procedure, people=people)) == {office.role}
    with pytest.raises(Incomplete, match=f"The role {office.role}"):
        change(seeded(procedure), RemovePerson(person=leaver), procedure=procedure, by=keeper, now=NOW)


@pytest.mark.parametrize(("slug", "role"), ROLES)
def test_staff_cannot_empty_a_role_that_the_file_has_to_fill(slug: str, role: str) -> None:
    """People who fill a role leave it one by one: that goes well until the checker would refuse what is left."""
    procedure = SHIPPED[slug]
    directory = seeded(procedure)
    assert not lacking(procedure)
    assert procedure.directory is not None
    keeper = procedure.holders(procedure.directory.kept_by[0])[0].id
    for entry in directory.people:
        if role not in entry.roles:
            continue
        todays = replace(procedure, people=people_on(directory, NOW))
        left = tuple(one for one in entry.roles if one != role)
        command: PutPerson | RemovePerson = RemovePerson(person=entry.id)
        others = tuple(one for one in todays.people if one.id != entry.id)
        if left:
            command = PutPerson(person=entry.id, name=entry.name, email=entry.email, roles=left)
            others = (*others, Person(id=entry.id, name=entry.name, email=entry.email, roles=left))
        if role in lacking(replace(procedure, people=others)):
            with pytest.raises(Incomplete, match=re.escape(procedure.role(role).title)):
                change(directory, command, procedure=todays, by=keeper, now=NOW)
            return
        directory, _ = change(directory, command, procedure=todays, by=keeper, now=NOW)
    raise AssertionError("A role that the file names can be emptied, and the checker says nothing.")
