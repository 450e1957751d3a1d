"""Every room of `domain.acts` is where the registry says it is, and says all that is asked of it."""

from __future__ import annotations

import ast
import inspect
import json
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

import domain.acts
from domain import registry
from domain.act import Act
from domain.event import Event, StageEvent
from domain.notices import Notice
from tests.simulation import filling, who_may

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "templates" / "acts"
VOCABULARY = Path(__file__).parent / "stored_vocabulary.json"
ROOMS = [import_module(f"domain.acts.{one.name}") for one in pkgutil.iter_modules(domain.acts.__path__)]

every_room = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])


def acts_in(room: ModuleType) -> tuple[Act, ...]:
    acts: tuple[Act, ...] = getattr(room, "ACTS", ())
    return acts


def events_in(room: ModuleType) -> Iterator[type[Event]]:
    """The events that a room defines."""
    for one in vars(room).values():
        is_event = isinstance(one, type) and issubclass(one, Event) and one not in (Event, StageEvent)
        if is_event and one.__module__ == room.__name__:
            yield one


def macros_of(room: ModuleType) -> set[str]:
    path = WORDS / f"{room.__name__.rpartition('.')[2]}.html"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {line.split()[2].partition("(")[0] for line in text.splitlines() if line.startswith("{% macro ")}


@every_room
def test_the_tables_name_what_a_room_holds(room: ModuleType) -> None:
    """Each act and each event of a room has its row, and a row leads to nothing else."""
    rows = {name for name, module in registry.ROOM_OF_ACT.items() if module == room.__name__}
    assert {act.name for act in acts_in(room)} == rows
    stored = {name for name, module in registry.ROOM_OF_EVENT.items() if module == room.__name__}
    assert {event.__name__ for event in events_in(room)} == stored


@every_room
def test_an_event_knows_what_it_does(room: ModuleType) -> None:
    """How the case changes and who is told is said by each event itself."""
    for event in events_in(room):
        unsaid = [
            name
            for name in ("after", "tells")
            if getattr(getattr(event, name), "__isabstractmethod__", False)
        ]
        assert not unsaid, event.__name__


def test_every_event_is_made_somewhere() -> None:
    """No event is kept that nothing leads to."""
    made = {
        node.func.id
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert set() == registry.ROOM_OF_EVENT.keys() - made


@every_room
def test_the_words_of_a_room_are_there(room: ModuleType) -> None:
    """An act has its label and what is said when it was done; an event has its sentence in the history, and in the
    mails that it sends."""
    macros = macros_of(room)
    needed = set()
    for act in acts_in(room):
        name = act.name.replace("-", "_")
        needed |= {f"{name}_title", f"{name}_done"} | ({f"{name}_offered"} if act.is_staffs else set())
    for event in events_in(room):
        tells = inspect.getsource(event.tells)
        needed.add(event.__name__)
        for notice, sign in (("done", "telling.done"), ("done", '"done"'), ("news", "telling.news")):
            if sign in tells:
                needed |= {f"{event.__name__}_{notice}", f"{event.__name__}_{notice}_headline"}
    assert set() == needed - macros


@every_room
def test_no_words_are_left_over(room: ModuleType) -> None:
    """What a room's template says belongs to one of its acts or events."""
    names = [act.name.replace("-", "_") for act in acts_in(room)] + [
        event.__name__ for event in events_in(room)
    ]
    assert set() == {macro for macro in macros_of(room) if not macro.startswith(tuple(names))}


def test_every_act_can_be_played() -> None:
    """Whatever a page can do a scenario can do, under a name of its own."""
    scenes = [scene for name in registry.names() for scene in registry.act(name).scenes]
    assert len(scenes) == len(set(scenes))
    assert all(registry.act(name).scenes for name in registry.names())


def test_the_watch_of_the_simulation_knows_every_act_and_every_event() -> None:
    """The simulation fills in forms, and says who may do what, by lists of its own, for who checks does not read what
    it checks; but it has to cover them all."""
    filled = {
        case.value.value
        for node in ast.walk(ast.parse(inspect.getsource(filling.filled)))
        if isinstance(node, ast.match_case)
        for case in ast.walk(node.pattern)
        if isinstance(case, ast.MatchValue) and isinstance(case.value, ast.Constant)
    }
    assert set() == set(registry.names()) - filled, "nobody fills in its form"
    known = {
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(who_may)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set() == set(registry.ROOM_OF_EVENT) - known, "nobody watches who may do it"


def test_a_name_that_was_stored_stays() -> None:
    """Names of acts lie in links, those of events in histories and in the outbox, those of notices there too: what was
    stored once is known for ever, and what is new is added here."""
    known = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    assert known == {
        "acts": sorted(registry.ROOM_OF_ACT),
        "events": sorted(registry.ROOM_OF_EVENT),
        "notices": sorted(get_args(Notice)),
    }
