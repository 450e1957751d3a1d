"""Which way each kind of request takes through the code: how many modules it enters, how often it goes from one to
another, and how often it counts dates and asks what somebody may do.

    .venv/bin/python bench/ways.py [--modules] [--check]

A complaint at Leadership East is lived through on the simulated AWS of tests/simulation, through the real handlers. Of
each kind of request the dearest is printed:

- modules: of src, in which a function runs;
- moves: calls of a function by one in another module of src; to read a property, or to make a value, is none;
- dates: how often the deadlines of a stage are counted;
- permissions: how often it is worked out whether somebody may do an act.

Importing does not count, for a function that goes on has done it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

ROOT = Path(__file__).parents[1]
SRC, TESTS = f"{ROOT / 'src'}/", f"{ROOT / 'tests'}/"
OBSERVED = "tests"
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.simulation.bill import lived, sent_by_program  # noqa: E402
from tests.simulation.ground import prepare  # noqa: E402
from tests.simulation.world import World  # noqa: E402

GOALS: Final[Mapping[str, Mapping[str, int]]] = {
    "link act": {"modules": 49, "moves": 300, "dates": 2, "permissions": 1},
    "alarm that reminds": {"dates": 2},
    "stale alarm": {"dates": 1, "permissions": 0},
    "form sent": {"dates": 2},
    "API": {"dates": 2},
    "link page": {"dates": 2},
}
"""What no request of the kind may exceed."""

IS_FUNCTION: Final = 0x1
"""The flag of code that is a function's, and no module's or class's body."""


@dataclass(slots=True)
class Way:
    """What one request did."""

    modules: Counter[str] = field(default_factory=Counter)
    moves: int = 0
    dates: int = 0
    permissions: int = 0
    _stack: list[str] = field(default_factory=list)

    def follow(self, frame: FrameType, happens: str, _: Any) -> None:
        """Take note of a call or a return, as `sys.setprofile` tells of it."""
        place = place_of(frame.f_code)
        if not place:
            return
        if happens == "return" and self._stack:
            self._stack.pop()
        elif happens == "call":
            within = self._stack[-1] if self._stack else ""
            # What the simulated AWS looks up for itself, asked by a request, is not the request's.
            is_asked = any(one != OBSERVED for one in self._stack)
            self._stack.append(OBSERVED if within == OBSERVED and is_asked else place)
            if self._stack[-1] == OBSERVED:
                return
            self.modules[place] += 1
            self.moves += within not in ("", OBSERVED, place) and not is_like_a_field(frame)
            self.dates += frame.f_code.co_name == "deadlines_of"
            self.permissions += place.startswith("domain.acts.") and frame.f_code.co_name.startswith(
                "_against"
            )

    def figures(self) -> dict[str, int]:
        return {
            "modules": len(self.modules),
            "moves": self.moves,
            "dates": self.dates,
            "permissions": self.permissions,
        }


def place_of(code: CodeType) -> str:
    """The module of src that a function stands in, or that it is the simulated AWS's; empty for anything else, such as
    the parts of a function that have no name."""
    path = code.co_filename
    if not code.co_flags & IS_FUNCTION or code.co_name.startswith("<"):
        return ""
    if path.startswith(TESTS):
        return OBSERVED
    return path[len(SRC) :].removesuffix(".py").replace("/", ".") if path.startswith(SRC) else ""


def is_like_a_field(frame: FrameType) -> bool:
    """Whether a property is read, or a value made."""
    name = frame.f_code.co_name
    kind = type(frame.f_locals.get("self"))
    return name == "__init__" or isinstance(getattr(kind, name, None), property)


@contextmanager
def followed(ways: dict[str, Way]) -> Iterator[None]:
    """Keep of each kind of request the way with most moves, as long as this lasts."""
    invoke = World.invoke

    def follow(world: World, name: str, event: Any) -> Any:
        written, way = world.table.used["write"], Way()
        sys.setprofile(way.follow)
        try:
            outcome = invoke(world, name, event)
        finally:
            sys.setprofile(None)
        kind = kind_of(name, event, has_written=world.table.used["write"] > written)
        if kind and (kind not in ways or ways[kind].moves < way.moves):
            ways[kind] = way
        return outcome

    setattr(World, "invoke", follow)  # noqa: B010 - a method, for as long as this lasts
    try:
        yield
    finally:
        setattr(World, "invoke", invoke)  # noqa: B010


def kind_of(function: str, event: Any, *, has_written: bool) -> str:
    """What a request is called here; empty: it is of no kind that is looked at."""
    route = str(event.get("routeKey", "")) if isinstance(event, dict) else ""
    match function, route.partition(" ")[0]:
        case "PagesFunction", "GET":
            return "form page"
        case "FormsFunction", "POST":
            return "form sent" if has_written else "form checked"
        case "ApiFunction", "POST":
            return "API"
        case "LinksFunction", "GET":
            return "link page"
        case "LinksFunction", "POST" if has_written:
            return "link act"
        case "AlarmFunction", _:
            return "alarm that reminds" if has_written else "stale alarm"
        case _:
            return ""


def main() -> int:
    """Print a row for each kind of request."""
    parser = argparse.ArgumentParser(description="Which way each kind of request takes through the code.")
    parser.add_argument("--modules", action="store_true", help="also the modules, with the calls of each")
    parser.add_argument("--check", action="store_true", help="fail where a request exceeds its goals")
    wanted = parser.parse_args()
    prepare()
    ways: dict[str, Way] = {}
    with followed(ways):
        lived("leadership-east", "late")
        sent_by_program("leadership-east")
    exceeded = []
    print(f"{'':20}" + "".join(f"{name:>13}" for name in Way().figures()))
    for kind, way in sorted(ways.items()):
        figures = way.figures()
        print(f"{kind:20}" + "".join(f"{number:13}" for number in figures.values()))
        if wanted.modules:
            for module, calls in way.modules.most_common():
                print(f"    {calls:6} {module}")
        goals = GOALS.get(kind, {})
        exceeded += [
            f"{kind}: {figures[name]} {name}, at most {most}"
            for name, most in goals.items()
            if figures[name] > most
        ]
    if missing := GOALS.keys() - ways.keys():
        exceeded.append(f"not lived: {', '.join(sorted(missing))}")
    for one in exceeded:
        print(f"exceeded: {one}", file=sys.stderr)
    return bool(wanted.check and exceeded)


if __name__ == "__main__":
    sys.exit(main())
