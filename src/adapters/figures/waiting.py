"""Whom a case waits for: an entry for each person, on the index `worklist`, under which their own page finds it.

A case's entries are made from the case as it is stored and from the people of today, whenever something has happened to
it, and by the sweep when people, absences or rules have changed. The item `WAITS` says what was made last. Whoever
makes them anew names the revision of it that they saw, so that what was worked out earlier never stands over what was
worked out later, and nothing is left of a case that is destroyed: the erasure takes that item first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from adapters import procedures
from adapters.cases.attributes import to_attributes
from adapters.cases.rules import todays_situation_of
from adapters.cases.stored import Stored, stored_from
from adapters.cases.table import failed_conditions
from adapters.people.directory import keys_for, note_read, with_todays_people
from domain.procedure import organisation_in
from domain.records import instant
from domain.registry import those_waited_for

if TYPE_CHECKING:
    from adapters.cases.store import CaseStore
    from adapters.site import Site
    from domain.case import Case
    from domain.procedure import Person

HEAD: Final = "WAITS"
"""The sort key of what was made last."""

TRIES: Final = 6

PERSONS_AT_ONCE: Final = 90
"""A transaction has a hundred parts at most."""


class NotListed(Exception):
    """The case changed under every attempt. What is listed is from before; the caller can try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An entry of a person's list: the case, and when its next date is, as the index has it (`none`: none runs)."""

    ref: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A part of a person's list, what is overdue first. `after` is where the next part begins; None: this was the
    last."""

    entries: tuple[Waiting, ...]
    after: Waiting | None


def list_case(ref: str, *, site: Site) -> bool:
    """Have the case on the list of everybody whom it waits for, and of nobody else; False: it is on those lists
    already, or is gone.

    NotListed: others were quicker each time."""
    overtaken_by = None
    for _ in range(TRIES):
        state, head = _read(ref, site)
        before = stored_from(state)
        if before is None or before.case.erasing:
            return False
        made_from = _made_from(before.case, site)
        if head is not None and _is_behind(made_from, head) and head["revision"] != overtaken_by:
            # Read after it, the case is as new; unless it was put back to what it once was.
            overtaken_by = head["revision"]
            continue
        wanted = _wanted(before, site)
        if head is not None and head == {**head, **made_from, "persons": wanted, "whole": True}:
            return False
        if _replace(before.case, head, wanted, made_from, site.store):
            return True
    raise NotListed("The case changed at each try.")


def waiting_for(person: str, organisation: str, *, site: Site, after: Waiting | None, most: int) -> Listed:
    """Return at most this many of the cases that wait for a person, what is overdue first, from `after` on. The index
    can be behind: ask the case itself."""
    shard = _shard(organisation, person)
    key = None
    if after is not None:
        key = {"PK": f"CASE#{after.ref}", "SK": f"{HEAD}#{person}"}
        key |= {"worklist_shard": shard, "next_due": after.when}
    page = site.store.page("worklist", "worklist_shard = :shard", {":shard": shard}, after=key, limit=most)
    entries = tuple(Waiting(ref=item["ref"], when=item["next_due"]) for item in page.items)
    return Listed(entries=entries, after=None if page.after is None else entries[-1])


def fingerprint(site: Site) -> str:
    """Return what all lists go by besides what happens in cases: the rules, and who is there today."""
    return fingerprint_of(
        with_todays_people(procedures.load(organisation), site=site).people
        for organisation in procedures.organisations()
    )


def fingerprint_of(people: Iterable[tuple[Person, ...]]) -> str:
    """Return the same of each organisation's people on a day."""
    there = list(people)
    return hashlib.sha256(f"{procedures.rules()} {there}".encode()).hexdigest()[:24]


def _read(ref: str, site: Site) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """Return the case's state, and what was listed last; who is there today is read with them."""
    keys, directories = [(f"CASE#{ref}", "STATE"), (f"CASE#{ref}", HEAD)], keys_for(ref)
    found = site.store.get_all([*keys, *directories])
    note_read(directories, found, site=site)
    return found.get(keys[0]), found.get(keys[1])


def _wanted(stored: Stored, site: Site) -> dict[str, str]:
    """Return whom the case waits for, and when its next date is."""
    case = stored.case
    is_looked_at = stored.due is not None and stored.due[0] == "wake"
    if not (case.is_open or case.is_asked or is_looked_at):
        return {}
    dates = [promise.due_at for promise in stored.promised]
    if not dates and stored.due is not None and is_looked_at:
        dates = [stored.due[1]]
    when = instant(min(dates)) if dates else "none"
    return dict.fromkeys(those_waited_for(todays_situation_of(case, site=site)), when)


def _made_from(case: Case, site: Site) -> dict[str, Any]:
    """Return what the entries are made from: the case's version, and the directory's."""
    known = site.directories.known.get(organisation_in(case.organisation))
    directory = 0 if known is None or known[1] is None else known[1].version
    return {"version": case.version, "directory": directory}


def _is_behind(made_from: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    """Return whether somebody has made the entries from something later: of what is read in one request one item can
    be older than the other."""
    return any(made_from[name] < head[name] for name in made_from)


def _replace(
    case: Case,
    head: Mapping[str, Any] | None,
    wanted: Mapping[str, str],
    made_from: Mapping[str, Any],
    store: CaseStore,
) -> bool:
    """Put these entries in the place of those that `head` tells of; False: somebody else has changed them. Where they
    are too many for a transaction, the head says after each that they are not whole yet."""
    persons: dict[str, str] = {} if head is None else dict(head["persons"])
    revision = 0 if head is None else int(head["revision"])
    changed = [person for person in {**persons, **wanted} if persons.get(person) != wanted.get(person)]
    for first in range(0, max(len(changed), 1), PERSONS_AT_ONCE):
        some = changed[first : first + PERSONS_AT_ONCE]
        for person in some:
            persons.pop(person, None)
            if person in wanted:
                persons[person] = wanted[person]
        item = {
            "PK": f"CASE#{case.ref}",
            "SK": HEAD,
            "revision": revision + 1,
            **made_from,
            "persons": persons,
            "whole": first + PERSONS_AT_ONCE >= len(changed),
        }
        entries = [_entry(case, person, wanted.get(person)) for person in some]
        if not _put(case.ref, item, entries, revision, store):
            return False
        revision += 1
    return True


def _put(
    ref: str, head: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], revision: int, store: CaseStore
) -> bool:
    """Write the head in the place of its `revision`, 0: of none, and the entries with it; False: there is another, or
    the case is gone."""
    put: dict[str, Any] = {"TableName": store.table, "Item": to_attributes(head)}
    if revision:
        put |= {
            "ConditionExpression": "revision = :revision",
            "ExpressionAttributeValues": to_attributes({":revision": revision}),
        }
    else:
        put |= {"ConditionExpression": "attribute_not_exists(PK)"}
    # As long as the head is there, so is the case.
    there = [] if revision else [store.require_case(ref)]
    puts = [{"Put": {"TableName": store.table, "Item": to_attributes(entry)}} for entry in entries]
    try:
        if there or puts:
            store.client.transact_write_items(TransactItems=[*there, {"Put": put}, *puts])
        else:
            store.client.put_item(**put)
    except ClientError as error:
        response: Any = error.response
        is_lost = response["Error"]["Code"] == "ConditionalCheckFailedException"
        if not is_lost and failed_conditions(error) is None:
            raise
        return False
    return True


def _entry(case: Case, person: str, when: str | None) -> dict[str, Any]:
    """Return a person's entry; without the attributes of the index where the case no longer waits for them."""
    item = {"PK": f"CASE#{case.ref}", "SK": f"{HEAD}#{person}"}
    if when is None:
        return item
    shard = _shard(organisation_in(case.organisation), person)
    return item | {"ref": case.ref, "worklist_shard": shard, "next_due": when}


def _shard(organisation: str, person: str) -> str:
    return f"{organisation}@{person}"
