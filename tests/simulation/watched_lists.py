"""What staff's own pages list, held against the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.case import Case
from domain.registry import those_waited_for
from domain.situation import Situation

if TYPE_CHECKING:
    from tests.simulation.invariants import Watch


def is_listed(watch: Watch, case: Case) -> None:
    """At rest a case is on the list of everybody whom it waits for, and of nobody else; never of anybody who is
    involved."""
    entries = watch.world.table.indexes["worklist"].entries
    listed = {
        shard.partition("@")[2]
        for shard, found in entries.items()
        if "@" in shard
        for pk, _ in found
        if pk == f"CASE#{case.ref}"
    }
    procedure, calendar = watch.rules(case)
    at = Situation(case, procedure=procedure, calendar=calendar, now=watch.world.utc())
    is_looked_at = bool(case.is_open or case.is_asked or at.wakes)
    expected = set(those_waited_for(at)) if is_looked_at else set()
    if listed != expected:
        watch.found(
            "a case is listed for whom it waits", case.ref, f"{sorted(listed)} not {sorted(expected)}"
        )
    if barred := listed & {person for person in case.involved if case.is_barred(person)}:
        watch.found("no list has a case for whoever is involved", case.ref, str(sorted(barred)))
