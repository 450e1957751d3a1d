"""Data held against the types that it is to be: what does not fit is explained, and mended just enough to go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from authoring.ids import closest, unknown
from authoring.nodes import Reading
from authoring.objection import Location
from authoring.places import (
    begins,
    blank,
    is_entry_key,
    is_record,
    keyed_at,
    known_keys,
    required,
    spell_place,
    type_at,
)


# A tuple of one procedure, for a dataclass itself takes no configuration from outside. It is fed with
# JSON, where pydantic's strictness takes lists for tuples and ISO text for dates, and nothing else besides.
@cache
def _shape(kind: Any) -> TypeAdapter[tuple[Any]]:
    return TypeAdapter(tuple[kind], config=ConfigDict(extra="forbid", strict=True))


def fit(data: dict[str, Any], reading: Reading) -> Any:
    """Return the data as what the file holds, mended where it does not fit the types; each misfit is reported."""
    while True:
        try:
            return _shape(reading.root).validate_json(json.dumps([data]))[0]
        except ValidationError as misfits:
            found = misfits.errors(include_url=False)
            # A misspelt key comes first, so that the key that is missing for it is not reported too.
            found.sort(key=lambda misfit: misfit["type"] != "unexpected_keyword_argument")
            for misfit in found:
                at = misfit["loc"][1:]
                known = at in reading.doubtful
                if misfit["type"] == "value_error":
                    # Parts that do not go together; where one of them was mended, that says nothing.
                    known = any(begins(doubt, at) for doubt in reading.doubtful)
                if not known:
                    reading.doubt(at, _explain(misfit, at, reading.root))
                if misfit["type"] == "unexpected_keyword_argument":
                    reading.doubtful.update(_meant(at, reading))
                _mend(data, at, misfit["type"], reading.root)


def _meant(at: Location, reading: Reading) -> Iterator[Location]:
    """Yield what an unknown key was meant to be, unless that is there as well."""
    meant = closest(str(at[-1]), known_keys(at[:-1], reading.root))
    if meant and (*at[:-1], meant) not in reading.lines:
        yield (*at[:-1], meant)


def _mend(data: dict[str, Any], at: Location, kind: str, root: Any) -> None:
    """Take out what does not fit, and put in something harmless where something has to be."""
    holder: Any = data
    for step in at[:-1]:
        holder = holder[step]
    last = at[-1]
    expected = type_at(at, root)
    holder_type = type_at(at[:-1], root)
    if kind == "unexpected_keyword_argument":
        del holder[last]
    elif is_record(holder_type) and str(last) not in required(holder_type):
        holder.pop(last, None)
    else:
        holder[last] = blank(expected)


_WANTED: Final[Mapping[str, str]] = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing_size": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "date_type": "a day such as 2026-09-02",
    "date_parsing": "a day such as 2026-09-02",
    "date_from_datetime_parsing": "a day such as 2026-09-02",
    "date_from_datetime_inexact": "a day such as 2026-09-02",
}
"""By the kind of a misfit, as pydantic names it: what has to be there."""


def _explain(misfit: ErrorDetails, at: Location, root: Any) -> str:
    """Return what pydantic found, in the words of somebody who writes procedure files."""
    given = misfit.get("input")
    name = spell_place(at)
    match misfit["type"]:
        case "unexpected_keyword_argument":
            return unknown("key", str(at[-1]), known_keys(at[:-1], root))
        case "missing":
            return f"the key `{at[-1]}` is missing"
        case "literal_error":
            known = [str(kind) for kind in get_args(type_at(at, root))]
            if is_entry_key(at, root):
                return unknown("key", str(given), known)
            return f"{name}: {unknown('value', _show(given), known)}"
        case "string_type" if isinstance(given, int):
            return f'{name} has to be text: write "{_show(given)}", with the quotes'
        case "tuple_type" if keyed_at(at, root):
            return f"{name} has to be a mapping with each entry under its own key, not {_kind_of(given)}"
        case "dataclass_type":
            return f"{name} has to have keys of its own ({', '.join(known_keys(at, root))}), not {_kind_of(given)}"
        case kind if kind in _WANTED:
            return f"{name} has to be {_WANTED[kind]}, not {_kind_of(given)}"
        case "value_error":
            return f"{name}: {misfit['ctx']['error']}"
        case _:
            return f"{name}: {misfit['msg']}"


def _show(given: object) -> str:
    match given:
        case bool():
            return "true" if given else "false"
        case _:
            return str(given)


def _kind_of(given: object) -> str:
    match given:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return f"`{_show(given)}`"
