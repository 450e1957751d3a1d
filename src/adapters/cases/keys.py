"""The table of keys beside the table of cases: a key for each case, read in the call that reads what it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import ClientError

from adapters.cases.attributes import to_attributes
from adapters.cases.sealing import CaseKey, NoKey, open_content, unwrap, wrap
from adapters.cases.stored import Stored
from adapters.cases.table import Table, failed_conditions
from adapters.secrets import Secrets

KEY: Final = "KEY"
"""The sort key of a case's key, in the table of keys."""


class LostRace(Exception):
    """Somebody else changed the case since it was read. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedTable(Table):
    """The table of cases, with that of their keys. `keys` is its name, `secrets` what opens them; empty and None for
    whoever has nothing to do with what people wrote."""

    keys: str = ""
    secrets: Secrets | None = field(default=None, repr=False)

    def get_with_key(
        self, ref: str, keys: Iterable[tuple[str, str]]
    ) -> tuple[dict[tuple[str, str], dict[str, Any]], dict[str, Any] | None]:
        """Return the items of these keys, as `get_all`, and the key of the case `ref` as it is stored, in one call;
        None: it has none."""
        place = (self.keys, f"CASE#{ref}", KEY)
        found = self.get_from([place, *((self.table, *key) for key in keys)])
        key = found.pop(place, None)
        return {(pk, sk): item for (_, pk, sk), item in found.items()}, key

    def key_of(self, ref: str, stored: Mapping[str, Any] | None) -> CaseKey | None:
        """Return the key that is stored like this; None: there is none."""
        return None if stored is None else unwrap(ref, stored, self.opened_by)

    @property
    def opened_by(self) -> Secrets:
        """What opens keys. NoKey: this function has nothing that does."""
        if self.secrets is None:
            raise NoKey("This function has no secret that opens what people wrote.")
        return self.secrets

    def key_to_write_with(self, stored: Stored, new_key: Callable[[], bytes]) -> CaseKey:
        """Return the key of a case as it was read. A case from before there were keys is given what `new_key` draws.

        NoKey, LostRace: see there."""
        if stored.has_key:
            return self.key_in(stored)
        ref = stored.case.ref
        key = CaseKey(ref=ref, key=new_key())
        note = {
            "Update": {
                "TableName": self.table,
                "Key": to_attributes({"PK": f"CASE#{ref}", "SK": "STATE"}),
                "UpdateExpression": "SET has_key = :yes",
                "ConditionExpression": "version = :expected",
                "ExpressionAttributeValues": to_attributes({":yes": True, ":expected": stored.case.version}),
            }
        }
        try:
            self.client.transact_write_items(TransactItems=[note, self.put_key(key)])
        except ClientError as error:
            if failed_conditions(error) is None:
                raise
            raise LostRace from error
        return key

    def key_in(self, stored: Stored) -> CaseKey:
        """Return the key of a case that has one. NoKey: it is gone."""
        key = self.key_of(stored.case.ref, stored.key)
        if key is None:
            # Another one would open nothing of what is there.
            raise NoKey("The key of this case is not there.")
        return key

    def put_key(self, key: CaseKey) -> dict[str, Any]:
        """Return the transaction's action that stores the key of a case that has none."""
        item = {"PK": f"CASE#{key.ref}", "SK": KEY, **wrap(key, self.opened_by)}
        return {
            "Put": {
                "TableName": self.keys,
                "Item": to_attributes(item),
                "ConditionExpression": "attribute_not_exists(PK)",
            }
        }

    def opened(
        self, ref: str, items: Iterable[Mapping[str, Any]], stored: Mapping[str, Any] | None
    ) -> dict[str, dict[str, Any]]:
        """Return the words of these items with contents of a case, by content id, with its key as it is `stored`."""
        key = self.key_of(ref, stored)
        opened = {}
        for item in items:
            content = item["SK"].removeprefix("CONTENT#")
            opened[content] = open_content(ref, content, bytes(item["sealed"]), key)
        return opened
