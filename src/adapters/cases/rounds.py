"""Going through all cases that are open, or in which something is still to be done, so that a sweep goes on where the
one before it ended.

There are two rounds: one counts dates again when holidays or terms have become known, one makes the lists of what waits
for whom again when people, absences or rules have changed. Each goes by a fingerprint: a round begins when it is
another than that of the last round which came to its end, and how far it has come is written down after each batch.
What could not be done for a case is kept by its reference and tried again, and does not hold up the round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from adapters import procedures
from adapters.cases.attributes import to_attributes
from adapters.cases.store import CaseStore
from adapters.cases.table import SHARDS
from domain.records import instant

RoundName = Literal["CALENDARS", "LISTS"]

BATCH: Final = 100

MOST_FAILED: Final = 200
"""References that are kept of what could not be done; with more the round is not at its end."""

REPEATED_FOR: Final = timedelta(minutes=30)
"""So long after a round the next ones begin again: a function that still ran the bundle before may have stored a case,
and the index may not have shown one yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How far a round has come."""

    done: str = ""
    """The fingerprint of the last one that came to its end."""
    again_until: datetime | None = None
    """Until when it is repeated."""
    under_way: str = ""
    """The fingerprint of the one that has not; empty: none has begun."""
    began: datetime | None = None
    part: int = 0
    """In which part of the index it is, and behind which key."""
    after: dict[str, Any] | None = None
    failed: tuple[str, ...] = field(default=())

    def has_nothing_to_do(self, fingerprint: str) -> bool:
        """Return whether all cases were gone through by this fingerprint."""
        return (self.done, self.again_until, self.under_way, self.failed) == (fingerprint, None, "", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """What came of going on: how many cases could not be done, and whether there are more to go through."""

    failed: int = 0
    is_left: bool = False


def key_of(name: RoundName) -> tuple[str, str]:
    """Return where in the table it stands how far a round has come."""
    return name, name


def round_in(item: dict[str, Any] | None) -> Round:
    """Return the round that was stored; None: none ever began."""
    item = item or {}
    return Round(
        done=item.get("fingerprint", ""),
        again_until=_moment(item.get("again_until")),
        under_way=item.get("under_way", ""),
        began=_moment(item.get("began")),
        part=item.get("part", 0),
        after=item.get("after"),
        failed=tuple(item.get("failed", ())),
    )


def go_on(
    name: RoundName,
    at: Round,
    fingerprint: str,
    *,
    see_to: Callable[[str], bool],
    is_time_up: Callable[[], bool],
    store: CaseStore,
    now: datetime,
) -> Went:
    """Go through the cases from where the round is, and write down where it is then. `see_to` does what is to be done
    for a case; False: it could not be."""
    if at.has_nothing_to_do(fingerprint):
        return Went()
    failed = [ref for ref in at.failed if is_time_up() or not see_to(ref)]
    before = at
    at = replace(at, failed=tuple(failed))
    if at.under_way != fingerprint:
        if not at.under_way and (at.done, at.again_until) == (fingerprint, None):
            # Nothing was left but what had failed.
            if at != before:
                _note(name, at, store)
            return Went(failed=len(failed))
        at = replace(at, under_way=fingerprint, began=now, part=0, after=None)
    for refs, part, after in _batches(at, store):
        for ref in refs:
            if is_time_up():
                # The batch is begun again.
                _note(name, replace(at, failed=_first(failed)), store)
                return Went(failed=len(failed), is_left=True)
            if not see_to(ref):
                failed.append(ref)
        at = replace(at, part=part, after=after, failed=_first(failed))
        if after is not None:
            _note(name, at, store)
    _note(name, _ended(at, fingerprint, now, is_whole=len(failed) <= MOST_FAILED), store)
    return Went(failed=len(failed))


def _first(failed: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(failed))[:MOST_FAILED]


def _ended(at: Round, fingerprint: str, now: datetime, *, is_whole: bool) -> Round:
    """Return what is noted at the end of a round."""
    done, again_until = at.done, at.again_until
    if is_whole and done != fingerprint:
        # Where nothing was ever noted, nothing was done by another fingerprint.
        done, again_until = fingerprint, now + REPEATED_FOR if done else None
    elif is_whole and again_until is not None and at.began is not None and at.began >= again_until:
        again_until = None
    return Round(done=done, again_until=again_until, failed=at.failed)


def _batches(at: Round, store: CaseStore) -> Iterator[tuple[list[str], int, dict[str, Any] | None]]:
    """Yield references, and where the round is behind them: those of cases that something wakes, and of open ones that
    nothing does, as rules stored them by which that could be."""
    parts: list[tuple[str, str, dict[str, str]]] = [
        ("due", "due_shard = :shard", {":shard": f"wake#{shard}"}) for shard in range(SHARDS)
    ]
    parts += [
        (
            "worklist",
            "worklist_shard = :shard AND next_due = :none",
            {":shard": f"{slug}#{shard}", ":none": "none"},
        )
        for slug in procedures.served_procedures({})
        for shard in range(SHARDS)
    ]
    after = at.after
    for number, (index, condition, values) in enumerate(parts):
        if number < at.part:
            continue
        while True:
            page = store.page(index, condition, values, after=after, limit=BATCH)
            after = page.after
            refs = [str(item["ref"]) for item in page.items]
            yield refs, number if after is not None else number + 1, after
            if after is None:
                break


def _note(name: RoundName, at: Round, store: CaseStore) -> None:
    pk, sk = key_of(name)
    noted = {
        "fingerprint": at.done,
        "again_until": None if at.again_until is None else instant(at.again_until),
        "under_way": at.under_way,
        "began": None if at.began is None else instant(at.began),
        "part": at.part,
        "after": at.after,
        "failed": list(at.failed),
    }
    item = {
        "PK": pk,
        "SK": sk,
        **{name: value for name, value in noted.items() if value or name == "fingerprint"},
    }
    store.client.put_item(TableName=store.table, Item=to_attributes(item))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
