"""What was stored before there were keys is sealed, and keys that a former secret wrapped are wrapped anew.

What has been done already is left as it is, so that it can be broken off and begun again. Nothing is changed that has
become another since it was read: a draft that its author saves meanwhile, a case that is being destroyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.cases.attributes import to_attributes
from adapters.cases.keys import LostRace
from adapters.cases.sealing import is_sealed, open_content, wrap
from adapters.cases.store import CaseStore
from adapters.identities import RandomIdentities
from cli.handover import pages_of

TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """What was done in a case, or in many: cases that were given a key, contents sealed, keys wrapped anew."""

    cases: int = 0
    keys: int = 0
    contents: int = 0
    wrapped: int = 0

    def __add__(self, other: Resealed) -> Resealed:
        return Resealed(
            cases=self.cases + other.cases,
            keys=self.keys + other.keys,
            contents=self.contents + other.contents,
            wrapped=self.wrapped + other.wrapped,
        )


class Moving(Exception):
    """The case was changed at every try. Run it again."""


def reseal_all(slugs: Iterable[str], store: CaseStore) -> Iterator[Resealed]:
    """Seal what is in the clear in all cases of these procedures and of whatever else lies in the table; yield what was
    done in all of them, as it goes."""
    seen: set[str] = set()
    done = Resealed()
    for page in pages_of(slugs, store):
        for ref in page:
            if ref not in seen:
                seen.add(ref)
                done += reseal(ref, store)
                yield done


def reseal(ref: str, store: CaseStore) -> Resealed:
    """Seal what is in the clear in a case, and wrap its key by the newest secret. Nothing where it is gone, or is being
    destroyed.

    Moving, sealing.NoKey: see there."""
    for _ in range(TRIES):
        stored = store.load(ref)
        if stored is None or stored.case.erasing:
            return Resealed()
        try:
            key = store.key_to_write_with(stored, RandomIdentities().key)
            break
        except LostRace:
            continue
    else:
        raise Moving(f"{ref} was changed at every try. Run this again.")
    contents = 0
    for item in store.query(f"CASE#{ref}", "CONTENT#"):
        if not is_sealed(bytes(item["sealed"])):
            content = item["SK"].removeprefix("CONTENT#")
            words = open_content(ref, content, bytes(item["sealed"]), key)
            contents += _replace(store, store.table, item, {"sealed": key.seal(content, words)})
    wrapped = 0
    if stored.key is not None and stored.key["by_secret"] != store.opened_by.newest()[0]:
        wrapped = _replace(store, store.keys, stored.key, wrap(key, store.opened_by))
    return Resealed(cases=1, keys=int(not stored.has_key), contents=contents, wrapped=wrapped)


def _replace(store: CaseStore, table: str, item: Mapping[str, Any], new: dict[str, Any]) -> int:
    """Write what is `new` of an item, unless it has become another since it was read; return how many were written."""
    first = next(iter(new))
    try:
        store.client.update_item(
            TableName=table,
            Key=to_attributes({"PK": item["PK"], "SK": item["SK"]}),
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in new),
            ConditionExpression=f"{first} = :was",
            ExpressionAttributeValues=to_attributes(
                {f":{name}": value for name, value in new.items()} | {":was": bytes(item[first])}
            ),
        )
    except store.client.exceptions.ConditionalCheckFailedException:
        return 0
    return 1
