"""The directory that an organisation's staff keep: its people, their roles, and when they are away.

It begins as the procedure file has it, with version 0, and from the first change on is kept by itself. What a
procedure needs of it stays true at every change: each role that a rule names is filled by as many as the rule asks
for.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, assert_never

from domain.addresses import ADDRESS_WANTED, is_address, is_same
from domain.calendars import spell_day, to_london
from domain.days import wanted
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, Refused, UnknownChoice
from domain.frozen import Frozen, replace
from domain.offices import roles_needed
from domain.procedure import Person, Procedure
from domain.words import is_printable

MOST_PEOPLE = 300
"""Everybody is in one item of the table, which holds about 400 kB."""

LONGEST_NAME = 200


class Away(Person):
    """Somebody who is absent on the day that is asked about, up to the end of `until`."""

    until: date

    @property
    def is_away(self) -> bool:
        return True


class Absence(Frozen):
    """From `first` to `last`, both included, as days in London."""

    first: date
    last: date


class Entry(Frozen):
    """One person of the directory."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    absences: tuple[Absence, ...] = ()


class Directory(Frozen):
    """Everybody. `version` counts the changes."""

    organisation: str
    version: int
    people: tuple[Entry, ...]

    def entry(self, person: str) -> Entry | None:
        return next((entry for entry in self.people if entry.id == person), None)


Changed = Literal["person-added", "person-changed", "person-removed", "absence-added", "absence-removed"]


class Change(Frozen):
    """One change, for the record: what was done about whom, by whom and when."""

    version: int
    at: datetime
    by: str
    what: Changed
    person: str


class PutPerson(Frozen):
    """Add a person, or put these particulars in the place of those that `person` has."""

    person: str
    name: str
    email: str
    roles: tuple[str, ...]


class RemovePerson(Frozen):
    person: str


class AddAbsence(Frozen):
    """`person` is away from `first` to `last`; None where a day was left out."""

    person: str
    first: date | None
    last: date | None


class RemoveAbsence(Frozen):
    person: str
    first: date


DirectoryCommand = PutPerson | RemovePerson | AddAbsence | RemoveAbsence


def seeded(procedure: Procedure) -> Directory:
    """Return the directory as the procedure file has it."""
    people = tuple(
        Entry(id=person.id, name=person.name, email=person.email, roles=person.roles)
        for person in procedure.people
    )
    return Directory(organisation=procedure.organisation_slug, version=0, people=people)


def people_on(directory: Directory, now: datetime) -> tuple[Person, ...]:
    """Return everybody, as `Away` whoever is away on the day that `now` belongs to."""
    day = to_london(now).date()
    return tuple(_person_on(entry, day) for entry in directory.people)


def _person_on(entry: Entry, day: date) -> Person:
    lasts = [absence.last for absence in entry.absences if absence.first <= day <= absence.last]
    if not lasts:
        return Person(id=entry.id, name=entry.name, email=entry.email, roles=entry.roles)
    return Away(id=entry.id, name=entry.name, email=entry.email, roles=entry.roles, until=max(lasts))


def roles_lost(person: str, before: Directory, after: Directory) -> tuple[str, ...]:
    """Return the roles that a person had before a change and has no more."""
    had, has = before.entry(person), after.entry(person)
    return tuple(
        role for role in (had.roles if had is not None else ()) if has is None or role not in has.roles
    )


def may_keep(procedure: Procedure, by: str) -> Refused | None:
    """Return whether `by` can change the directory. `procedure.people` are those of today."""
    person = procedure.person(by)
    kept_by = procedure.directory.kept_by if procedure.directory is not None else ()
    if person is None or not set(person.roles) & set(kept_by):
        return NotAllowed("Only people whose role allows it can change the directory.")
    return None


def change(
    directory: Directory, command: DirectoryCommand, *, procedure: Procedure, by: str, now: datetime
) -> tuple[Directory, Change]:
    """Return the directory after `command`, and what goes on record. `procedure` is the current one, with the people
    of `directory`.

    NotAllowed: `by` does not keep the directory. Incomplete: something is missing or cannot be, each by its field.
    UnknownChoice: there is no such person, role or absence. AlreadyDone: it is so already."""
    if refusal := may_keep(procedure, by):
        raise refusal
    what: Changed
    people: tuple[Entry, ...]
    match command:
        case PutPerson():
            what, people = _put(directory, command, procedure)
        case RemovePerson():
            _known(directory, command.person)
            what = "person-removed"
            people = tuple(person for person in directory.people if person.id != command.person)
        case AddAbsence():
            what, people = "absence-added", _absent(directory, command)
        case RemoveAbsence():
            what, people = "absence-removed", _present_again(directory, command)
        case _:
            assert_never(command)
    _hold_to_roles(people, procedure, field="roles" if isinstance(command, PutPerson) else "person")
    changed = replace(directory, version=directory.version + 1, people=people)
    record = Change(version=changed.version, at=now, by=by, what=what, person=command.person)
    return changed, record


def _known(directory: Directory, person: str) -> Entry:
    entry = directory.entry(person)
    if entry is None:
        raise UnknownChoice("Choose a person from the directory.", field="person")
    return entry


def _put(directory: Directory, command: PutPerson, procedure: Procedure) -> tuple[Changed, tuple[Entry, ...]]:
    missing = []
    if not command.name:
        missing.append(FieldProblem("name", "Enter the person's name."))
    elif not is_printable(command.name, but=""):
        missing.append(FieldProblem("name", "Remove the characters that cannot be printed."))
    elif len(command.name) > LONGEST_NAME:
        missing.append(FieldProblem("name", f"Use {LONGEST_NAME} characters or fewer."))
    if not is_address(command.email):
        missing.append(FieldProblem("email", ADDRESS_WANTED))
    elif any(
        is_same(person.email, command.email) and person.id != command.person for person in directory.people
    ):
        # A link goes to an address, and has to say whose it is.
        missing.append(FieldProblem("email", "Someone else in the directory has this email address."))
    if not command.roles:
        missing.append(FieldProblem("roles", "Choose at least one role."))
    if missing:
        raise Incomplete(tuple(missing))
    known = {role.id for role in procedure.roles}
    if any(role not in known for role in command.roles):
        raise UnknownChoice("Choose roles from the procedure.", field="roles")
    before = directory.entry(command.person)
    roles = tuple(role.id for role in procedure.roles if role.id in command.roles)
    entry = Entry(
        id=command.person,
        name=command.name,
        email=command.email,
        roles=roles,
        absences=before.absences if before is not None else (),
    )
    if before is None:
        if len(directory.people) >= MOST_PEOPLE:
            raise Incomplete(
                (FieldProblem("name", f"The directory can have no more than {MOST_PEOPLE} people."),)
            )
        return "person-added", (*directory.people, entry)
    if set(before.roles) == set(entry.roles) and (before.name, before.email) == (entry.name, entry.email):
        raise AlreadyDone("The directory already says this.")
    return "person-changed", _with(directory, entry)


def _absent(directory: Directory, command: AddAbsence) -> tuple[Entry, ...]:
    entry = _known(directory, command.person)
    missing = []
    if command.first is None:
        missing.append(FieldProblem("first", wanted("the first day of the absence")))
    if command.last is None:
        missing.append(FieldProblem("last", wanted("the last day of the absence")))
    if command.first is None or command.last is None:
        raise Incomplete(tuple(missing))
    if command.last < command.first:
        raise Incomplete(
            (FieldProblem("last", "The last day of the absence cannot be before the first day."),)
        )
    for absence in entry.absences:
        if absence.first <= command.last and command.first <= absence.last:
            raise AlreadyDone(
                f"{entry.name} is already away from {spell_day(absence.first)} to {spell_day(absence.last)}."
            )
    absences = sorted(
        (*entry.absences, Absence(first=command.first, last=command.last)), key=lambda absence: absence.first
    )
    return _with(directory, replace(entry, absences=tuple(absences)))


def _present_again(directory: Directory, command: RemoveAbsence) -> tuple[Entry, ...]:
    entry = _known(directory, command.person)
    left = tuple(absence for absence in entry.absences if absence.first != command.first)
    if left == entry.absences:
        raise UnknownChoice("This absence is not in the directory.", field="person")
    return _with(directory, replace(entry, absences=left))


def _with(directory: Directory, entry: Entry) -> tuple[Entry, ...]:
    return tuple(entry if person.id == entry.id else person for person in directory.people)


def _hold_to_roles(people: tuple[Entry, ...], procedure: Procedure, *, field: str) -> None:
    for role, needed in roles_needed(procedure).items():
        holders = sum(role in person.roles for person in people)
        had = len(procedure.holders(role))
        # What lacked somebody before may go on lacking: a change that does not make it worse is no reason to refuse.
        if holders < needed and holders < had:
            number = "one person" if needed == 1 else f"{needed} people"
            title = procedure.role(role).title
            raise Incomplete(
                (FieldProblem(field, f"The procedure needs at least {number} with the role {title}."),)
            )
