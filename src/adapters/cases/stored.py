"""What is stored of a case, as it is read: its state, the answer to its form, and what waits to be delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.cases.table import HELD, shard_of
from adapters.correlation import correlation
from domain.case import Case
from domain.deadlines import Promised
from domain.records import from_record, instant, to_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A case as it was read. `head` is the hash of its last event, `submission` the key hash it came in with."""

    case: Case
    head: str
    submission: str
    promised: tuple[Promised, ...] = ()
    """The dates as they were counted when it was stored."""
    uncounted: tuple[str, ...] = ()
    """Those that could not be counted then."""
    due: tuple[str, datetime] | None = None
    """When it is looked at next, and for what (`wake` or `delete`)."""
    has_key: bool = False
    """Whether it was given a key; cases from before have none until something is written in them."""
    key: Mapping[str, Any] | None = field(default=None, repr=False)
    """The key as it is stored, where it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The first answer to a submission: `digest` is of the body that it answered."""

    key: str
    digest: str
    receipt: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """An effect in the outbox, of a case's `partition` or an organisation's. `id` is its sort key, `tries` how often a
    sweep has failed to deliver it."""

    partition: str
    id: str
    effect: dict[str, Any]
    tries: int = 0
    correlation: str = ""
    """The id of what it follows from, as a log has it; empty where it was stored before there was one."""

    @property
    def ref(self) -> str:
        """Of its case; else the organisation."""
        return self.partition.partition("#")[2]

    @property
    def key(self) -> dict[str, str]:
        return {"PK": self.partition, "SK": self.id}


def stored_from(item: Mapping[str, Any] | None, key: Mapping[str, Any] | None = None) -> Stored | None:
    """Return the case of a state item as `CaseStore.get` gives it, with its `key` as it is stored. None: there is none,
    or it is a tombstone."""
    if item is None or "case" not in item:
        return None
    return Stored(
        case=from_record((Case,), item["case"]),
        head=item["head"],
        submission=item["submission"],
        promised=tuple(
            Promised(deadline=name, due_at=datetime.fromisoformat(due_at))
            for name, due_at in item.get("promised", {}).items()
        ),
        uncounted=tuple(item.get("uncounted", ())),
        due=None
        if "due_shard" not in item
        else (item["due_shard"].partition("#")[0], datetime.fromisoformat(item["due_at"])),
        has_key=item.get("has_key", False),
        key=key,
    )


def outbox_items(ref: str, effects: Iterable[tuple[str, Any]], *, at: datetime) -> list[dict[str, Any]]:
    """Return effects, each with its name, that wait to be delivered."""
    waiting = {
        "PK": f"CASE#{ref}",
        "ref": ref,
        "correlation": correlation(),
        "due_shard": f"outbox#{shard_of(ref)}",
        "due_at": instant(at),
    }
    return [{**waiting, "SK": f"OUTBOX#{name}", "effect": to_record(effect)} for name, effect in effects]


def indexed(case: Case, due: tuple[str, datetime] | None) -> dict[str, Any]:
    """Return what the indexes need of a case, which is looked at next as `due` says."""
    attributes: dict[str, Any] = {"ref": case.ref, "org": case.organisation, "stage": case.current.stage}
    if due is not None:
        occasion, at = due
        attributes |= {"due_shard": f"{occasion}#{shard_of(case.ref)}", "due_at": instant(at)}
    if case.is_open:
        next_due = instant(due[1]) if due is not None else "none"
        attributes |= {
            "worklist_shard": f"{case.organisation}#{shard_of(case.ref)}",
            "next_due": next_due,
            "breached": [breach.deadline for breach in case.breaches],
        }
    elif due is None:
        # A closed case that is held is due for nothing, and still has to be found.
        attributes |= {
            "worklist_shard": f"{case.organisation}#{HELD}#{shard_of(case.ref)}",
            "next_due": "none",
        }
    return attributes
