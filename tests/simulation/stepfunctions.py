"""Step Functions: the state machines of src/handlers, as they are written, in virtual time.

Known are the states Task (a Lambda function), Wait (TimestampPath), Choice (BooleanEquals), Map (inline), Pass,
Succeed and Fail; Retry and Catch; ItemsPath, Parameters, ResultSelector, ResultPath, OutputPath; paths like `$.a.b`
and `$[*].a`, and States.ArrayContains. Everything else is `NotSimulated`.

A strand of an execution is a generator. It yields what it waits for (`Until`, `Call`, `Branches`), and is sent the
result or thrown `TaskFailed`. Whoever drives it has the clock.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.simulation.expressions import NotSimulated


@dataclass(frozen=True, slots=True)
class Until:
    """Go on at this instant (seconds)."""

    at: float


@dataclass(frozen=True, slots=True)
class After:
    """Go on after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Call:
    """Call a function with an event; it may take so many seconds."""

    resource: str
    event: Any
    timeout: float


@dataclass(frozen=True, slots=True)
class Branches:
    """Run a definition on each of these items, at most so many at a time; the results in their order."""

    definition: Any
    items: Sequence[Any]
    at_most: int


class TaskFailed(Exception):
    """A state failed with an error's name."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


Wanted = Until | After | Call | Branches
"""What a strand waits for."""

Strand = Generator[Wanted, Any, Any]

_KNOWN: Mapping[str, frozenset[str]] = {
    "Task": frozenset(
        [
            "Type",
            "Resource",
            "Parameters",
            "TimeoutSeconds",
            "Retry",
            "Catch",
            "ResultPath",
            "ResultSelector",
            "OutputPath",
            "Next",
            "End",
            "Comment",
        ]
    ),
    "Wait": frozenset(["Type", "TimestampPath", "Next", "End", "Comment"]),
    "Choice": frozenset(["Type", "Choices", "Default", "Comment"]),
    "Map": frozenset(
        [
            "Type",
            "ItemsPath",
            "ItemProcessor",
            "MaxConcurrency",
            "ResultPath",
            "ResultSelector",
            "Next",
            "End",
            "Comment",
        ]
    ),
    "Pass": frozenset(["Type", "Parameters", "Result", "ResultPath", "Next", "End", "Comment"]),
    "Succeed": frozenset(["Type", "OutputPath", "Comment"]),
    "Fail": frozenset(["Type", "Error", "Cause", "Comment"]),
}
MOST_EVENTS = 25_000
"""In the history of one execution. With more, the service ends it."""

LARGEST_DATA = 262_144
"""Bytes of what a state is given or gives."""

_RETRIER = frozenset(
    ["ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds", "JitterStrategy"]
)


@cache
def definition(path: Path) -> Any:
    """A machine's definition. NotSimulated: it uses what is not known here."""
    machine = yaml.safe_load(path.read_text(encoding="utf-8"))
    _check(machine)
    return machine


def _check(machine: Mapping[str, Any]) -> None:
    if machine.get("QueryLanguage", "JSONPath") != "JSONPath":
        raise NotSimulated("another query language than JSONPath")
    for name, state in machine["States"].items():
        if state["Type"] not in _KNOWN:
            raise NotSimulated(f"the state {state['Type']}")
        if unknown := set(state) - _KNOWN[state["Type"]]:
            raise NotSimulated(f"{sorted(unknown)} of the state {name}")
        for retrier in state.get("Retry", ()):
            if unknown := set(retrier) - _RETRIER:
                raise NotSimulated(f"{sorted(unknown)} of a retry of {name}")
        if state["Type"] == "Map":
            if state["ItemProcessor"].get("ProcessorConfig", {}).get("Mode", "INLINE") != "INLINE":
                raise NotSimulated("a distributed map")
            _check(state["ItemProcessor"])


@dataclass(slots=True)
class Execution:
    """One run of a machine. `status` is RUNNING, SUCCEEDED, FAILED or ABORTED."""

    machine: str
    name: str
    input: str
    started: float
    status: str = "RUNNING"
    transitions: int = 1
    events: int = 2
    """In its history: each state is entered and left, a task is scheduled, begins and ends each time that it is tried,
    and so does a map, and each of what it goes through."""
    output: Any = None
    error: str = ""
    ended: float = 0.0
    failures: list[str] = field(default_factory=list)


def strand(
    machine: Mapping[str, Any], given: Any, *, entered: Callable[[str], None], jitter: Callable[[], float]
) -> Strand:
    """What running `machine` on `given` does. `entered` is told each state; `jitter` draws from 0 to 1."""
    name, data = machine["StartAt"], given
    while True:
        state = machine["States"][name]
        entered(name)
        match state["Type"]:
            case "Succeed":
                return _path(state.get("OutputPath", "$"), data)
            case "Fail":
                raise TaskFailed(state["Error"], state.get("Cause", ""))
            case "Wait":
                yield Until(_instant(_path(state["TimestampPath"], data)))
            case "Choice":
                name = next(
                    (choice["Next"] for choice in state["Choices"] if _chosen(choice, data)),
                    state.get("Default"),
                )
                if name is None:
                    raise TaskFailed("States.NoChoiceMatched")
                continue
            case "Pass":
                result = (
                    _filled(state["Parameters"], data) if "Parameters" in state else state.get("Result", data)
                )
                data = _placed(result, data, state)
            case "Map":
                items = _path(state["ItemsPath"], data)
                at_most = state.get("MaxConcurrency") or len(items) or 1
                results = yield Branches(state["ItemProcessor"], items, at_most)
                data = _placed(_selected(results, state), data, state)
            case _:
                try:
                    result = yield from _task(state, data, jitter)
                except TaskFailed as failed:
                    catcher = next(
                        (one for one in state.get("Catch", ()) if _matches(one, failed.error)), None
                    )
                    if catcher is None:
                        raise
                    caught = {"Error": failed.error, "Cause": failed.cause}
                    data, name = _placed(caught, data, catcher), catcher["Next"]
                    continue
                data = _placed(_selected(result, state), data, state)
                data = _path(state.get("OutputPath", "$"), data)
        if state.get("End"):
            return data
        name = state["Next"]


def _task(state: Mapping[str, Any], data: Any, jitter: Callable[[], float]) -> Strand:
    event = _filled(state["Parameters"], data) if "Parameters" in state else data
    tried = [0] * len(state.get("Retry", ()))
    while True:
        try:
            return (yield Call(state["Resource"], copy.deepcopy(event), state.get("TimeoutSeconds", 60)))
        except TaskFailed as failed:
            retriers = list(enumerate(state.get("Retry", ())))
            found = next(((place, one) for place, one in retriers if _matches(one, failed.error)), None)
            if found is None or tried[found[0]] >= found[1].get("MaxAttempts", 3):
                raise
            place, retrier = found
            wait = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** tried[place]
            wait = min(wait, retrier.get("MaxDelaySeconds", wait))
            if retrier.get("JitterStrategy") == "FULL":
                wait *= jitter()
            tried[place] += 1
            yield After(wait)


def _matches(rule: Mapping[str, Any], error: str) -> bool:
    return "States.ALL" in rule["ErrorEquals"] or error in rule["ErrorEquals"]


def _chosen(choice: Mapping[str, Any], data: Any) -> bool:
    if set(choice) != {"Variable", "BooleanEquals", "Next"}:
        raise NotSimulated(f"the choice {choice}")
    return bool(_path(choice["Variable"], data) is choice["BooleanEquals"])


def _selected(result: Any, state: Mapping[str, Any]) -> Any:
    return _filled(state["ResultSelector"], result) if "ResultSelector" in state else result


def _placed(result: Any, data: Any, state: Mapping[str, Any]) -> Any:
    where = state.get("ResultPath", "$")
    if where is None:
        return data
    if where == "$":
        return result
    found = re.fullmatch(r"\$\.(\w+)", where)
    if found is None:
        raise NotSimulated(f"the ResultPath {where}")
    return {**data, found[1]: result}


def _filled(template: Mapping[str, Any], data: Any) -> dict[str, Any]:
    filled = {}
    for name, value in template.items():
        if isinstance(value, dict):
            raise NotSimulated("a nested template")
        filled[name.removesuffix(".$")] = _expression(value, data) if name.endswith(".$") else value
    return filled


def _expression(text: str, data: Any) -> Any:
    contains = re.fullmatch(r"States\.ArrayContains\((\$[^,]*),\s*(true|false)\)", text)
    if contains is not None:
        return (contains[2] == "true") in _path(contains[1], data)
    return _path(text, data)


def _path(path: str, data: Any) -> Any:
    """What a reference path finds. TaskFailed: nothing."""
    if not path.startswith("$"):
        raise NotSimulated(f"the path {path}")
    found = data
    rest = path[1:]
    while rest:
        step = re.match(r"\.(\w+)|\[\*\]", rest)
        if step is None:
            raise NotSimulated(f"the path {path}")
        rest = rest[step.end() :]
        if step[1] is None:
            if not found:
                raise NotSimulated(
                    f"{path} over nothing, which is not the same in every version of the service"
                )
            return [_path(f"${rest}", one) for one in found]
        if not isinstance(found, dict) or step[1] not in found:
            raise TaskFailed("States.Runtime", f"{path} finds nothing")
        found = found[step[1]]
    return found


def _instant(text: str) -> float:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(text)):
        raise TaskFailed(
            "States.Runtime", "a timestamp has whole seconds and ends in Z, for every version of the service"
        )
    return datetime.fromisoformat(text).timestamp()
