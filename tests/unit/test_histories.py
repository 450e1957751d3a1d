"""What was stored once makes the same case for ever.

tests/histories holds lives under released versions of the procedures, as they were stored: each event with its hash
and the one before, and beside them the case that they made then. No test writes these files. When one of these tests
fails, the code is to be mended, never the history: somewhere a table holds such events.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from domain.case import Case, evolve, replay
from domain.events import Event
from domain.records import FIRST_LINK, chained, from_record, to_record

HISTORIES = Path(__file__).parents[1] / "histories"
FILES = sorted(HISTORIES.glob("*.json"))

every_history = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])


def stored_in(path: Path) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def events_of(stored: dict[str, Any]) -> tuple[Event, ...]:
    return tuple(from_record(get_args(Event), record["fact"]) for record in stored["events"])


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

    assert stored["case"] == kept(stored["case"], to_record(case))


@every_history
def test_a_stored_case_is_still_read(path: Path) -> None:
    """The state item of that time is taken as it is; what it does not know yet is at its default."""
    stored = stored_in(path)

    case = from_record((Case,), stored["case"])

    assert stored["case"] == kept(stored["case"], to_record(case))


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
    """What is read from a record and written again holds all that the record holds."""
    for record in stored_in(path)["events"]:
        event = from_record(get_args(Event), record["fact"])
        assert record["fact"] == kept(record["fact"], to_record(event))


@every_history
def test_each_event_counts_one(path: Path) -> None:
    """The case's version is the number of its events, wherever the replay stops."""
    stored = stored_in(path)
    case: Case | None = None
    for number, event in enumerate(events_of(stored), start=1):
        case = evolve(case, event, ref=stored["reference"])
        assert case.version == number
