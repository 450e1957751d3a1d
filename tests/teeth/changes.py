"""Weaker versions of a rule in a procedure file: what somebody could change in it, by mistake or on purpose.

A rule is a part of the file to which a path leads, such as `stages.stage-1.deadlines.acknowledge`. It is removed; its
limits are doubled and halved; it counts from another event; a role, a stage or a word of a fixed set becomes another;
a yes becomes a no; one person more or fewer is enough; an entry of a list goes. Only what is written in the file is
changed, never what holds where it says nothing. Left as they are: titles, texts that explain, where the policy states
it, and reminders, unless the path leads to one of them; and of a stage and of a form the parts that have a path of
their own.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from authoring.places import KEYED, is_record, required, types_of
from domain.calendars import Limit, spell_limit
from domain.ladder import Stage
from domain.procedure import Form, Procedure

Values = dict[str, Any]
"""A procedure file as it is written: mappings, lists, texts, numbers, truth values."""
Place = tuple[str | int, ...]
Way = Callable[[Values], None]

WORDS: Final = frozenset(
    {"title", "label", "about", "hint", "missing", "name", "introduction", "privacy", "source", "own_target"}
)
"""What explains a rule, and is none, unless a path leads to it."""
LEFT: Final = WORDS | {"remind", "max_length", "type"}
REGIONS: Final = ("england-and-wales", "scotland", "northern-ireland")
OTHER_WORDS: Final = "Something else."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. Of its ways to be made, the first that leaves a procedure without mistakes counts."""

    place: Place
    said: str
    ways: tuple[Way, ...]

    @property
    def name(self) -> str:
        return f"{'.'.join(map(str, self.place))}: {self.said}"

    def versions(self, values: Values) -> Iterator[Values]:
        """Yield the file as each of the ways leaves it."""
        for way in self.ways:
            changed = copy.deepcopy(values)
            way(changed)
            yield changed


@dataclass(frozen=True, slots=True)
class _Entries:
    """A mapping from ids to entries of one type."""

    of: Any


def changes(values: Values, path: str) -> Iterator[Change]:
    """Yield the changes of the rule at a path. KeyError: the file says nothing there."""
    place = tuple(path.split("."))
    _at(values, place)
    if _can_go(place):
        yield _removed(place)
    yield from _weaker(values, place, named=True)


def _weaker(values: Values, place: Place, *, named: bool = False) -> Iterator[Change]:
    found, kind = _at(values, place), _kind_at(place)
    match kind:
        case _Entries():
            yield from (_removed((*place, entry)) for entry in found)
        case _ if kind is Limit:
            yield from _other_limits(place, found)
        case _ if kind is bool:
            yield _put(place, not found, said=f"{_spell(not found)} instead of {_spell(found)}")
        case _ if kind is int:
            yield from (
                _put(place, number, said=f"{number} instead of {found}") for number in (found + 1, found - 1)
            )
        case _ if kind is str:
            yield from _other_texts(values, place, found)
        case _ if get_origin(kind) is Literal:
            yield from (
                _put(place, other, said=f"`{other}` instead of `{found}`")
                for other in get_args(kind)
                if other != found
            )
        case _ if get_origin(kind) is tuple:
            yield from _shorter_lists(values, place, found, named=named)
        case _ if is_record(kind) and isinstance(found, dict):
            yield from _of_record(values, place, found, kind)


def _of_record(values: Values, place: Place, found: Values, kind: Any) -> Iterator[Change]:
    for key, value in found.items():
        if key in LEFT or key.endswith("_source") or (kind in (Stage, Form) and _has_parts(value)):
            continue
        here = (*place, key)
        if _can_go(here):
            yield _removed(here)
        yield from _weaker(values, here)


def _has_parts(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict) for one in value)
    )


def _other_limits(place: Place, found: Values) -> Iterator[Change]:
    was = Limit(**found)
    for count in (was.count * 2 or 1, was.count // 2):
        if count != was.count and (count or was.unit != "working-hours"):
            said = f"{spell_limit(Limit(count, was.unit))} instead of {spell_limit(was)}"
            now = found | {"count": count}
            yield Change(place=place, said=said, ways=(_putting(place, now), _putting_unreminded(place, now)))
    if was.day_one == "same-day":
        yield _put(place, {key: found[key] for key in found if key != "day_one"}, said="from the day after")
    if was.roll:
        yield _put(place, found | {"roll": False}, said="ends on a day off too")


def _other_texts(values: Values, place: Place, found: str) -> Iterator[Change]:
    others = (
        (tuple(values["stages"]), "stage")
        if place[-1] in ("next", "starts_at")
        else (REGIONS, "region")
        if place[-1] == "region"
        else (tuple(values["roles"]), "role")
    )
    known, word = others
    if found in known:
        turned = known[known.index(found) + 1 :] + known[: known.index(found)]
        yield Change(
            place=place,
            said=f"another {word} than `{found}`",
            ways=tuple(_putting(place, other) for other in turned),
        )
    else:
        yield _put(place, OTHER_WORDS, said="other words")


def _shorter_lists(values: Values, place: Place, found: list[Any], *, named: bool) -> Iterator[Change]:
    if named and any(isinstance(entry, str) and " " in entry for entry in found):
        yield _put(place, [OTHER_WORDS], said="other words")
        return
    for index, entry in enumerate(found):
        here = (*place, index)
        if len(found) > 1:
            said = f"`{entry}` is gone" if isinstance(entry, str) else f"number {index + 1} is gone"
            yield Change(place=place, said=said, ways=(_taking(here),))
        if isinstance(entry, dict) or entry in values["roles"]:
            yield from _weaker(values, here)


def _removed(place: Place) -> Change:
    ways = (_taking(place), _taking_with_companions(place), _taking_with_references(place))
    return Change(place=place, said="removed", ways=ways)


def _put(place: Place, value: Any, *, said: str) -> Change:
    return Change(place=place, said=said, ways=(_putting(place, value), _putting(place, value, alone=True)))


def _putting(place: Place, value: Any, *, alone: bool = False) -> Way:
    """`alone`: without what says more about it."""

    def put(values: Values) -> None:
        holder = _at(values, place[:-1])
        holder[place[-1]] = value
        if alone:
            _take_companions(holder, place[-1])

    return put


def _putting_unreminded(place: Place, limit: Values) -> Way:
    """Put a limit that is too short for its reminders, without them."""

    def put(values: Values) -> None:
        _at(values, place[:-1])[place[-1]] = limit
        around = _at(values, place[:-2])
        if isinstance(around, dict):
            around.pop("remind", None)

    return put


def _taking(place: Place) -> Way:
    def take(values: Values) -> None:
        del _at(values, place[:-1])[place[-1]]

    return take


def _taking_with_companions(place: Place) -> Way:
    def take(values: Values) -> None:
        holder = _at(values, place[:-1])
        del holder[place[-1]]
        _take_companions(holder, place[-1])

    return take


def _take_companions(holder: Any, key: str | int) -> None:
    """Take what says more about a key: `extension_source` and `extension_cap` for `extension`."""
    if isinstance(holder, dict):
        for other in [name for name in holder if name.startswith(f"{key}_")]:
            del holder[other]


def _taking_with_references(place: Place) -> Way:
    def take(values: Values) -> None:
        gone = _at(values, place[:-1]).pop(place[-1])
        if place[0] == "stages" and len(place) == 2:
            _bridge(values, str(place[1]), gone)
        else:
            _forget(values, place[-1])

    return take


def _bridge(values: Values, stage: str, gone: Values) -> None:
    """Have what led to a stage lead to the next one, or be the end."""
    for before in values["stages"].values():
        if before.get("next") == stage:
            del before["next"]
            before |= {key: gone[key] for key in ("next", "end") if key in gone}
    for form in values["forms"].values():
        if form.get("starts_at") == stage:
            form["starts_at"] = gone.get("next", "")


def _forget(part: Any, name: object) -> None:
    """Take an id out of every list."""
    inner = part.values() if isinstance(part, dict) else part
    for value in inner:
        if isinstance(value, list):
            value[:] = [entry for entry in value if entry != name]
        if isinstance(value, dict | list):
            _forget(value, name)


def _at(values: Values, place: Place) -> Any:
    found: Any = values
    for step in place:
        found = found[step]
    return found


def _kind_at(place: Place) -> Any:
    """Return the type of what stands at a place."""
    kind: Any = Procedure
    for step in place:
        match kind:
            case _Entries(of=entry):
                kind = entry
            case _ if get_origin(kind) is tuple:
                kind = get_args(kind)[0]
            case _:
                inner: Mapping[str, Any] = types_of(kind)
                keyed = (kind.__name__, step) in KEYED
                kind = _Entries(get_args(inner[str(step)])[0]) if keyed else inner[str(step)]
    return kind


def _can_go(place: Place) -> bool:
    """Return whether a file can do without this key. One whose values are a fixed set gets another of them instead."""
    kind, around = _kind_at(place), _kind_at(place[:-1])
    if kind is bool or get_origin(kind) is Literal:
        return False
    return not (is_record(around) and place[-1] in required(around))


def _spell(value: bool) -> str:
    return "yes" if value else "no"
