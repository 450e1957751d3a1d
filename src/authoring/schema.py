"""A JSON Schema of procedure files, so that an editor offers the keys, explains them and marks what does not fit.

It knows the shape only. What has to fit together (roles that somebody fills, stages that are reached) is for
`dueprocess check`. Draft 7, which the editors' YAML support knows best.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal, get_args, get_origin

from authoring.holidays import REGIONS
from authoring.ids import PATTERN
from authoring.model import Key, Record, records
from authoring.places import is_record
from authoring.rules.forms import ANSWERS

NAME: Final = "https://dueprocess.example/schemas/procedure.schema.json"
"""By which others refer to it. It is a name: nothing is there to be fetched."""

_TEXT: Final = {"type": "string", "pattern": r"\S"}
_ID: Final = {"pattern": f"^{PATTERN}$"}

# What the model leaves open, and the rules do not.
_VALUES: Final[Mapping[tuple[str, str], Any]] = {("Procedure", "region"): {"enum": list(REGIONS)}}
_NAMES: Final[Mapping[tuple[str, str], Any]] = {("Form", "fields"): {"enum": list(ANSWERS)}}


def schema_text() -> str:
    """Return the schema as it is written into its file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema of a whole file, with one definition for each kind of mapping in it."""
    file, *others = records()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": NAME,
        "title": "Dueprocess procedure",
        **_mapping(file),
        "definitions": {record.name: _mapping(record) for record in others},
    }


def _mapping(record: Record) -> dict[str, Any]:
    return {
        "description": record.meaning,
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in record.keys if key.required],
        "properties": {key.name: _property(record, key) for key in record.keys},
    }


def _property(record: Record, key: Key) -> dict[str, Any]:
    place = (record.name, key.name)
    about = {"description": key.meaning} if key.meaning else {}
    match key.form:
        case "list":
            return {**about, "type": "array", "items": _value(key.holds)}
        case "entries" | "texts":
            names = _NAMES.get(place) or ({"enum": list(get_args(key.names))} if get_args(key.names) else _ID)
            entry = _TEXT if key.form == "texts" else _value(key.holds)
            return {**about, "type": "object", "propertyNames": names, "additionalProperties": entry}
        case _ if is_record(key.holds):
            # In draft 7 nothing may stand beside a reference.
            return {**about, "allOf": [_value(key.holds)]}
        case _:
            default = {"default": key.default} if key.default not in (None, "") else {}
            return {**about, **_value(key.holds), **_VALUES.get(place, {}), **default}


def _value(kind: Any) -> dict[str, Any]:
    if is_record(kind):
        return {"$ref": f"#/definitions/{kind.__name__}"}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    return {
        str: _TEXT,
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        date: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    }[kind]
