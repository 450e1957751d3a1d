"""Reads the two sparse indexes of the cases' table that the local pages and the clock need.

`due` has a partition for each kind and shard (`wake#0`), sorted by `due_at`; `worklist` has one for each
organisation and shard (`ORG#0`), sorted by `next_due`. Its others, closed cases that are held (`ORG#held#0`) and what
waits for a person (`ORG@PERSON`), are of no concern here.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

KINDS: Final = ("wake", "outbox", "delete")
"""What can be due: a case that has to be looked at, an effect to deliver, a case to delete."""
STREAM_TIME: Final = timedelta(minutes=2)
"""So long the sweep leaves an effect to the stream, so that is when it is due."""
_OPEN: Final = re.compile(r"(?P<org>[^#@]+)#[0-9]+")
"""In which partitions of the worklist open cases are."""


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One entry of the index `due`."""

    at: datetime
    """When it has to be seen to, if nobody did."""
    kind: str
    ref: str
    stage: str = field(default="", compare=False)
    org: str = field(default="", compare=False)
    """Both empty where the index is read alone, which knows the reference only (`Indexes.with_cases`)."""

    def as_json(self) -> dict[str, str]:
        """Return the entry as JSON has it."""
        return {**asdict(self), "at": self.at.isoformat().replace("+00:00", "Z")}


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One row of the worklist."""

    ref: str
    org: str
    stage: str
    next_due: str
    breached: bool

    def as_json(self) -> dict[str, Any]:
        """Return the row as JSON has it."""
        return asdict(self)


class Indexes:
    """The indexes of one table."""

    def __init__(self, database: Any, table: str) -> None:
        """Read `table` through `database`, a low-level client of DynamoDB."""
        self._database = database
        self._table = table

    def due(self, kinds: Collection[str] = KINDS, *, until: datetime | None = None) -> list[Due]:
        """Return what is due at `until` or before (None: ever), the soonest first."""
        found = (self._entry(item) for item in self._items("due"))
        return sorted(
            due
            for due in found
            if due is not None and due.kind in kinds and (until is None or due.at <= until)
        )

    def with_cases(self, found: Iterable[Due]) -> list[Due]:
        """Return what is due with stage and organisation, where the case is still open."""
        cases = {case.ref: case for case in self.worklist()}
        return [
            replace(due, stage=cases[due.ref].stage, org=cases[due.ref].org) if due.ref in cases else due
            for due in found
        ]

    def worklist(self) -> list[OpenCase]:
        """Return the open cases of all organisations, by what is due next."""
        found = [(_OPEN.fullmatch(_text(item, "worklist_shard")), item) for item in self._items("worklist")]
        rows = [self._open_case(item, org=shard["org"]) for shard, item in found if shard is not None]
        return sorted(rows, key=lambda row: (row.next_due, row.ref))

    def _items(self, index: str) -> Iterable[dict[str, Any]]:
        """Return what an index holds: all of it, for it is sparse, and this is a laptop."""
        pages = self._database.get_paginator("scan").paginate(TableName=self._table, IndexName=index)
        return (item for page in pages for item in page["Items"])

    def _entry(self, item: dict[str, Any]) -> Due | None:
        kind = _text(item, "due_shard").partition("#")[0]
        try:
            at = datetime.fromisoformat(_text(item, "due_at")).astimezone(UTC)
        except ValueError:
            return None
        at += STREAM_TIME if kind == "outbox" else timedelta()
        return Due(at, kind, _text(item, "ref"))

    def _open_case(self, item: dict[str, Any], *, org: str) -> OpenCase:
        breached = item.get("breached", {})
        return OpenCase(
            ref=_text(item, "ref"),
            org=org,
            stage=_text(item, "stage"),
            next_due=_text(item, "next_due"),
            breached=any(bool(value) and value != "0" for value in breached.values()),
        )


def table_with_indexes(database: Any, tables: Iterable[str]) -> str:
    """Return the name of the table that has the index `due`; raises `LookupError` if none has."""
    for table in tables:
        described = database.describe_table(TableName=table)["Table"]
        if any(index["IndexName"] == "due" for index in described.get("GlobalSecondaryIndexes", [])):
            return table
    raise LookupError("No table of the template has an index `due`.")


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name, {})
    return str(value.get("S", value.get("N", "")))
