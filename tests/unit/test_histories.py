"""What was stored once makes the same case for ever.

tests/histories holds lives under released versions of the procedures, as they were stored: each event with its hash
and the one before, and beside them the case that they made then. No test writes these files. When one of these tests
fails, the code is to be mended, never the history: somewhere a table holds such events.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from adapters.cases.submission import Receipt
from adapters.post.outbox import Certify, Departure, Invite, TellOfDeparture
from domain.case import Case, evolve, replay
from domain.directory import Change, Directory
from domain.effect import Pass, SetAlarm, Spread, Tell
from domain.event import Event
from domain.records import FIRST_LINK, chained, from_record, instant, to_record
from domain.registry import event_in
from tests.rules import EVENTS

HISTORIES = Path(__file__).parents[1] / "histories"
FILES = sorted(HISTORIES.glob("*.json"))
DEFAULTS = Path(__file__).parent / "stored_defaults.json"

every_history = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])


def stored_in(path: Path) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def events_of(stored: dict[str, Any]) -> tuple[Event, ...]:
    return tuple(event_in(record["fact"]) for record in stored["events"])


def is_chained(stored: dict[str, Any]) -> bool:
    head = FIRST_LINK
    for record in stored["events"]:
        if record["previous"] != head or record["hash"] != chained(record["fact"], head):
            return False
        head = record["hash"]
    return True


def kept(then: Any, now: Any) -> Any:
    """`now` without what was not known `then`: a field that was added since is no difference."""
    match then, now:
        case dict(), dict():
            return {key: kept(then[key], now[key]) for key in then if key in now}
        case list(), list() if len(then) == len(now):
            return [kept(*pair) for pair in zip(then, now, strict=True)]
        case _:
            return now


def written_out(value: Any) -> Any:
    """A record with everything in it, as histories were stored before records left out what is at its default."""
    plain = {} if not is_dataclass(value) else {one.name: getattr(value, one.name) for one in fields(value)}
    match value:
        case tuple():
            return [written_out(one) for one in value]
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case _ if plain:
            return {name: written_out(one) for name, one in plain.items()}
        case _:
            return value


def test_each_organisation_has_a_history() -> None:
    """Its name says whose life it is, and under which version."""
    shipped = {path.stem for path in (HISTORIES.parents[1] / "procedures").glob("*.yaml")}
    named = {stored_in(path)["organisation"]: path for path in FILES}

    assert shipped <= set(named)
    for path in FILES:
        stored = stored_in(path)
        assert path.stem.startswith(f"{stored['organisation']}-v{stored['version']}-")


@every_history
def test_a_stored_history_replays_to_the_same_case(path: Path) -> None:
    """Every field that the case had when it was stored has the same value today."""
    stored = stored_in(path)

    case = replay(stored["reference"], events_of(stored))

    assert stored["case"] == kept(stored["case"], {"type": "Case", **written_out(case)})


@every_history
def test_a_stored_case_is_still_read(path: Path) -> None:
    """The state item of that time is taken as it is; what it does not know yet is at its default."""
    stored = stored_in(path)

    case = from_record((Case,), stored["case"])

    assert stored["case"] == kept(stored["case"], {"type": "Case", **written_out(case)})


@every_history
def test_the_chain_of_a_stored_history_holds(path: Path) -> None:
    """Each hash covers its event and the hash before it, computed as it was then."""
    assert is_chained(stored_in(path))


@every_history
def test_a_history_that_was_tampered_with_is_noticed(path: Path) -> None:
    """Changing, leaving out or swapping any event breaks the chain."""
    for number in range(len(stored_in(path)["events"]) - 1):
        changed, shortened, swapped = (stored_in(path) for _ in range(3))
        changed["events"][number]["fact"]["by"] = "somebody-else"
        del shortened["events"][number]
        two = swapped["events"][number : number + 2]
        swapped["events"][number : number + 2] = reversed(two)

        assert not is_chained(changed)
        assert not is_chained(shortened)
        assert not is_chained(swapped)


@every_history
def test_an_event_is_written_as_it_was(path: Path) -> None:
    """What is read from a record and written again says all that the record says."""
    for record in stored_in(path)["events"]:
        event = event_in(record["fact"])
        kind = type(event).__name__
        assert record["fact"] == kept(record["fact"], {"type": kind, **written_out(event)})
        assert event == event_in(to_record(event))


def kinds_of(hint: Any) -> Iterator[type]:
    """The classes whose records a record of this one holds, itself first."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
        for one in get_type_hints(hint).values():
            yield from kinds_of(one)
    for one in get_args(hint):
        yield from kinds_of(one)


def test_what_records_leave_out_stays_what_it_was() -> None:
    """A record that lacks a field means the default that the field had when it was stored, so a default never changes.
    What is new is added to the file with UPDATE_GOLDEN=1; what stands there stays."""
    effects = (Tell, SetAlarm, Pass, Spread, Certify, Invite, Departure, TellOfDeparture)
    stored = (*EVENTS, Case, *effects, Receipt, Directory, Change)
    defaults = {
        f"{kind.__name__}.{one.name}": written_out(one.default)
        for kind in dict.fromkeys(found for one in stored for found in kinds_of(one))
        for one in fields(kind)
        if one.default is not MISSING
    }
    known = json.loads(DEFAULTS.read_text(encoding="utf-8")) if DEFAULTS.exists() else {}
    if os.environ.get("UPDATE_GOLDEN"):
        known = {name: known.get(name, default) for name, default in sorted(defaults.items())}
        DEFAULTS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    assert known == defaults


@every_history
def test_each_event_counts_one(path: Path) -> None:
    """The case's version is the number of its events, wherever the replay stops."""
    stored = stored_in(path)
    case: Case | None = None
    for number, event in enumerate(events_of(stored), start=1):
        case = evolve(case, event, ref=stored["reference"])
        assert case.version == number
