"""What a table held when: a table restored to a point in time holds that, and nothing that came later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.simulation.dynamodb import Table, Write


class Versions:
    """Follows a table from now on."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._first = table.copied()
        self._writes: list[tuple[float, Sequence[Write]]] = []
        table.observers.append(lambda writes: self._writes.append((table.now(), writes)))

    def at(self, moment: float, *, name: str) -> Table:
        """The table as it was, under another name and without indexes, as it is asked for."""
        found = replace(self._first.copied(), name=name, indexes={})
        for when, writes in self._writes:
            if when > moment:
                break
            for write in writes:
                pk, sk = write.key
                if write.new is None:
                    found.partitions.get(pk, {}).pop(sk, None)
                    found.sizes.pop(write.key, None)
                else:
                    found.partitions.setdefault(pk, {})[sk] = write.new
                    found.sizes[write.key] = write.size
        return found
