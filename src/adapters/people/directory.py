"""The directory that staff keep, in the table: one small item an organisation, and one for each change.

Every decision needs to know who fills which role today, so the item is kept in memory: it is read at most once a
minute by a running function. A change is seen at once where it was made, and everywhere a minute later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from adapters import procedures
from adapters.identities import initials
from domain.procedure import DATA_PROTECTION, Procedure

if TYPE_CHECKING:
    from adapters.cases.store import CaseStore
    from adapters.site import Site
    from domain.directory import Change, Directory, DirectoryCommand

FRESH_FOR = timedelta(minutes=1)
"""How long what was read counts as today's."""


class DirectoryChanged(Exception):
    """Somebody else changed the directory since it was read. Nothing was written."""


def with_todays_people(procedure: Procedure, *, site: Site) -> Procedure:
    """Return the procedure with the people of today in the place of those of its file, as away whoever is."""
    now = site.clock.now()
    directory = _known(procedure.organisation_slug, now, site)
    if directory is None:
        return procedure
    # Where nobody has changed anything, nobody waits for these rules to be imported.
    from domain.directory import people_on

    return replace(procedure, people=people_on(directory, now))


def stale(ref: str, *, site: Site) -> list[tuple[str, str]]:
    """Return the keys of the directories that the case `ref` can need and that are not fresh: to be read with the
    case, in one request, and noted by `note_read`."""
    now = site.clock.now()
    return [key for key in keys_for(ref) if not _is_fresh(_organisation_of(key), now, site)]


def keys_for(ref: str) -> list[tuple[str, str]]:
    """Return the keys of the directories that the case `ref` can need."""
    begins = ref.partition("-")[0]
    return [
        _key(organisation)
        for organisation in procedures.organisations()
        if begins in beginnings(organisation)
    ]


def keys_of_all() -> list[tuple[str, str]]:
    """Return the keys of the directories of all organisations."""
    return [_key(organisation) for organisation in procedures.organisations()]


@cache
def beginnings(organisation: str) -> tuple[str, str]:
    """Return with what the references of an organisation's cases begin, those about personal data too."""
    return initials(organisation), initials(f"{organisation}/{DATA_PROTECTION}")


def note_read(
    keys: Iterable[tuple[str, str]], found: Mapping[tuple[str, str], Mapping[str, Any]], *, site: Site
) -> None:
    """Keep what was read of these directories; one that was not found is the procedure file's."""
    now = site.clock.now()
    for key in keys:
        site.directories.known[_organisation_of(key)] = (now, _directory_in(found.get(key)))


def directory_of(procedure: Procedure, *, site: Site) -> Directory:
    """Return the directory as it is at this moment, to be shown and changed. `procedure` is the current one, as its
    file has it."""
    from domain.directory import seeded

    organisation = procedure.organisation_slug
    found = _read(organisation, site.store)
    site.directories.known[organisation] = (site.clock.now(), found)
    return found if found is not None else seeded(procedure)


def change_directory(
    procedure: Procedure, command: DirectoryCommand, *, by: str, version: int, site: Site
) -> Directory:
    """Carry out a change that somebody decided on who had seen `version`, and put it on record. Where it removes
    somebody, or takes a role from them, what follows from that is stored with it: see `adapters.people.departures`.

    DirectoryChanged: it has another version now. Refused: see `domain.directory.change`."""
    from botocore.exceptions import ClientError

    from adapters.cases.table import failed_conditions
    from domain.directory import change, people_on, roles_lost
    from domain.records import to_record

    now, store = site.clock.now(), site.store
    before = directory_of(procedure, site=site)
    if before.version != version:
        raise DirectoryChanged
    todays = replace(procedure, people=people_on(before, now))
    after, record = change(before, command, procedure=todays, by=by, now=now)
    item = {"PK": _partition(after.organisation), "SK": "DIRECTORY", "version": after.version}
    history = {"PK": _partition(after.organisation), "SK": f"CHANGE#{record.version:06}"}
    put = store.put_if_version(item | {"directory": to_record(after)}, expected=before.version)
    actions = [put, store.put_new(history | {"change": to_record(record)})]
    lost = roles_lost(record.person, before, after)
    if record.what == "person-removed" or lost:
        from adapters.post.outbox import DEPARTURE, Departure, staff_item

        left = Departure(person=record.person, organisation=after.organisation, roles=lost)
        actions.append(store.put_new(staff_item(f"{DEPARTURE}{after.version:06}", left, at=now)))
    try:
        store.client.transact_write_items(TransactItems=actions)
    except ClientError as error:
        if failed_conditions(error) is None:
            raise
        raise DirectoryChanged from error
    site.directories.known[after.organisation] = (now, after)
    return after


def changes_of(organisation: str, *, site: Site, newest: int) -> tuple[Change, ...]:
    """Return the newest changes, the latest first."""
    from adapters.cases.attributes import from_attributes, to_attributes
    from domain.directory import Change
    from domain.records import from_record

    answer = site.store.client.query(
        TableName=site.store.table,
        KeyConditionExpression="PK = :pk AND begins_with(SK, :sk)",
        ExpressionAttributeValues=to_attributes({":pk": _partition(organisation), ":sk": "CHANGE#"}),
        ScanIndexForward=False,
        Limit=newest,
    )
    return tuple(from_record((Change,), from_attributes(raw)["change"]) for raw in answer["Items"])


def _known(organisation: str, now: datetime, site: Site) -> Directory | None:
    if not _is_fresh(organisation, now, site):
        site.directories.known[organisation] = (now, _read(organisation, site.store))
    return site.directories.known[organisation][1]


def _is_fresh(organisation: str, now: datetime, site: Site) -> bool:
    known = site.directories.known.get(organisation)
    return known is not None and abs(now - known[0]) < FRESH_FOR


def _read(organisation: str, store: CaseStore) -> Directory | None:
    return _directory_in(store.get(_partition(organisation), "DIRECTORY"))


def _directory_in(item: Mapping[str, Any] | None) -> Directory | None:
    if item is None:
        return None
    from domain.directory import Directory
    from domain.records import from_record

    directory: Directory = from_record((Directory,), item["directory"])
    return directory


def _key(organisation: str) -> tuple[str, str]:
    return _partition(organisation), "DIRECTORY"


def _organisation_of(key: tuple[str, str]) -> str:
    return key[0].removeprefix(_partition(""))


def _partition(organisation: str) -> str:
    return f"DIRECTORY#{organisation}"
