"""What changed between two procedures, in words.

The walk knows the types, not the keys: whatever is added to them is compared from then on. What has an id (stages,
roles, deadlines, questions ...) is held against what has the same id on the other side, in whatever order it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Final, Literal

from authoring.ladder import ORIGINS, spell_limits
from domain.calendars import Limit, Period, spell_day
from domain.ladder import DeadlineRule, Remind
from domain.procedure import Procedure

_KINDS: Final[Mapping[str, str]] = {
    "Choice": "choice",
    "Conclusion": "conclusion",
    "DeadlineRule": "deadline",
    "Field": "question",
    "Form": "form",
    "Person": "person",
    "Role": "role",
    "Signpost": "signpost",
    "Stage": "stage",
}
"""What an entry with an id is called; others by the name of their type."""

_NAMES: Final[Mapping[tuple[str, str], str]] = {
    ("DeadlineRule", "counted_from"): "what it counts from",
    ("DeadlineRule", "remind"): "the reminders",
    ("Retention", "keep"): "the time for which a closed case is kept",
    ("Retention", "notice"): "the time between the announcement and the destruction",
    ("Retention", "told"): "the role that is told",
    ("Review", "count"): "the number of reviewers",
    ("Review", "fresh"): "fresh eyes",
    ("Review", "head"): "the role of whoever heads them",
    ("Stage", "next"): "the stage that follows",
}
"""What a key is called, where its own name would not say it."""

_TITLES: Final = ("title", "label", "name")
"""Under which key an entry has the name that people read."""

_HEADINGS: Final = frozenset({("slug",), ("version",)})
"""What says which procedure it is, and not what the procedure says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is different. `place` leads to it: keys and ids as in the file."""

    kind: Literal["changed", "renamed", "added", "removed", "reordered"]
    place: tuple[str, ...]
    was: str
    now: str
    text: str
    """A sentence."""


def changes(before: Procedure, after: Procedure) -> tuple[Difference, ...]:
    """Return everything that is different, in the order of the file. Slug and version are not compared."""
    return tuple(change for change in _records(before, after, (), "") if change.place not in _HEADINGS)


def _records(before: Any, after: Any, place: tuple[str, ...], where: str) -> Iterator[Difference]:
    """Compare two dataclasses of one type. `where` says in words which they are; empty for the whole."""
    for field in fields(after):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if was == now or (field.name == "choices" and before.type == after.type == "roles"):
            # Which roles can be chosen follows from roles and people.
            continue
        here = (*place, field.name)
        name = _NAMES.get((type(after).__name__, field.name), f"`{field.name}`")
        if _is_keyed(was, now):
            yield from _entries(was, now, here, where)
        elif is_dataclass(was) and type(was) is type(now) and not isinstance(now, Limit):
            yield from _records(was, now, here, _within(where, name))
        elif isinstance(after, DeadlineRule) and field.name == "within":
            yield _changed(here, where, "", was, now)
        elif field.name in _TITLES and where:
            yield _renamed(here, where, str(was), str(now))
        elif _is_list(was, now):
            yield from _lists(was, now, here, _within(where, name))
        else:
            yield _changed(here, where, name, was, now)


def _entries(
    before: tuple[Any, ...], after: tuple[Any, ...], place: tuple[str, ...], where: str
) -> Iterator[Difference]:
    """Yield what has ids of its own."""
    old, new = ({_key(entry): entry for entry in entries} for entries in (before, after))
    for key in (*old, *(key for key in new if key not in old)):
        here = (*place, key)
        if key not in new:
            name = _called(old[key])
            yield Difference(
                kind="removed", place=here, was=name, now="", text=_sentence(where, f"{name} was removed")
            )
        elif key not in old:
            name = _called(new[key])
            yield Difference(
                kind="added", place=here, was="", now=name, text=_sentence(where, f"{name} was added")
            )
        else:
            kind = _KINDS.get(type(new[key]).__name__, type(new[key]).__name__.lower())
            yield from _records(old[key], new[key], here, _within(where, f"{kind} `{key}`"))
    was, now = [key for key in old if key in new], [key for key in new if key in old]
    if was != now:
        yield Difference(
            kind="reordered",
            place=place,
            was=", ".join(was),
            now=", ".join(now),
            text=_sentence(where, f"the order of `{place[-1]}` is now {', '.join(now)}"),
        )


def _lists(
    before: tuple[Any, ...], after: tuple[Any, ...], place: tuple[str, ...], where: str
) -> Iterator[Difference]:
    """Compare entries without ids: those that are gone, and those that are new."""
    gone = [entry for entry in before if entry not in after]
    new = [entry for entry in after if entry not in before]
    if len(gone) == len(new) == 1:
        yield _changed(place, where, "", gone[0], new[0])
        return
    if all(isinstance(entry, Remind) for entry in (*before, *after)):
        yield _changed(place, where, "", before, after)
        return
    for entry in gone:
        said = _spell(entry)
        yield Difference(
            kind="removed", place=place, was=said, now="", text=_sentence(where, f"{said} was removed")
        )
    for entry in new:
        said = _spell(entry)
        yield Difference(
            kind="added", place=place, was="", now=said, text=_sentence(where, f"{said} was added")
        )
    if not gone and not new:
        said = ", ".join(map(_spell, after))
        was = ", ".join(map(_spell, before))
        yield Difference(
            kind="reordered",
            place=place,
            was=was,
            now=said,
            text=_sentence(where, f"the order is now {said}"),
        )


def _changed(place: tuple[str, ...], where: str, name: str, was: Any, now: Any) -> Difference:
    old, new = _spell(was), _spell(now)
    what = f"{name} changed from {old} to {new}" if name else f"from {old} to {new}"
    return Difference(kind="changed", place=place, was=old, now=new, text=_sentence(where, what))


def _renamed(place: tuple[str, ...], where: str, was: str, now: str) -> Difference:
    text = _sentence(where, f"renamed from “{was}” to “{now}”")
    return Difference(kind="renamed", place=place, was=was, now=now, text=text)


def _spell(value: Any) -> str:
    """Return a value as a sentence has it."""
    match value:
        case None | "" | ():
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case str() if value in ORIGINS:
            return next(said for origin, said in ORIGINS.items() if origin == value)
        case str():
            return f"“{value}”" if " " in value or "@" in value else f"`{value}`"
        case Limit():
            return _spell_limit(value)
        case Remind(working_days_before=days):
            return f"{days} working day{'' if days == 1 else 's'} before"
        case Period(first=first, last=last, name=name):
            span = spell_day(first) if first == last else f"{spell_day(first)} to {spell_day(last)}"
            return f"“{name}” ({span})"
        case date():
            return spell_day(value)
        case tuple() if all(isinstance(limit, Limit) for limit in value):
            return _spell_limits(value)
        case tuple():
            return ", ".join(map(_spell, value))
        case _ if is_dataclass(value):
            parts = ((field.name, getattr(value, field.name)) for field in fields(value))
            said = ", ".join(f"{name} {_spell(part)}" for name, part in parts if part not in ("", None, ()))
            return f"({said})"
        case _:
            return str(value)


def _spell_limits(limits: tuple[Limit, ...]) -> str:
    details = {detail for limit in limits for detail in _details(limit)}
    return spell_limits(limits) + (f" ({', '.join(sorted(details))})" if details else "")


def _spell_limit(limit: Limit) -> str:
    return _spell_limits((limit,))


def _details(limit: Limit) -> Iterator[str]:
    if limit.day_one == "same-day":
        yield "the day itself being day 1"
    if limit.roll:
        yield "going on to the next working day"


def _called(entry: Any) -> str:
    """Return an entry in full: its kind, its id and the name that people read."""
    kind = _KINDS.get(type(entry).__name__, type(entry).__name__.lower())
    names = (getattr(entry, title, "") for title in _TITLES)
    name = next((name for name in names if name and name != _key(entry)), "")
    if isinstance(entry, DeadlineRule):
        name = f"{_spell(entry.within)} from {ORIGINS[entry.counted_from]}"
    return f"{kind} `{_key(entry)}`" + (f" ({name})" if name else "")


def _is_keyed(was: Any, now: Any) -> bool:
    """Return whether these are entries that each have an id of their own."""
    return _is_list(was, now) and all(
        is_dataclass(entry) and (hasattr(entry, "id") or isinstance(entry, DeadlineRule))
        for entry in (*was, *now)
    )


def _is_list(was: Any, now: Any) -> bool:
    return isinstance(was, tuple) and isinstance(now, tuple)


def _key(entry: Any) -> str:
    return str(entry.name if isinstance(entry, DeadlineRule) else entry.id)


def _within(where: str, name: str) -> str:
    return f"{where}, {name}" if where else name


def _sentence(where: str, what: str) -> str:
    text = f"{where}: {what}." if where else f"{what}."
    return text[0].upper() + text[1:]
