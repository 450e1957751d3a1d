"""The events of a case as they are stored, each with the hash of the one before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.event import Event
from domain.records import chained, to_record


def chain(ref: str, events: Iterable[Event], version: int, head: str) -> list[dict[str, Any]]:
    """Return the items of events that follow on `version`, each with the hash of the one before; `head` is the
    first's."""
    items = []
    for number, event in enumerate(events, start=version + 1):
        record = to_record(event)
        previous, head = head, chained(record, head)
        items.append(
            {
                "PK": f"CASE#{ref}",
                "SK": f"EVENT#{number:06}",
                "fact": record,
                "previous": previous,
                "hash": head,
            }
        )
    return items
