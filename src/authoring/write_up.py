"""Writes a procedure file from what `authoring.new` found out by asking."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.calendars import spell_limit

_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w ,.()/@’'+-]*[\w.)])?")
_NOT_TEXT: Final = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def write_up(given: dict[str, Any], *, modeline: str) -> str:
    """Return the procedure file, from the answers of an `interview`."""
    sheets = Environment(  # noqa: S701 - YAML, not HTML
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    sheets.filters["yaml"] = as_yaml
    sheets.filters["limit"] = spell_limit
    return sheets.get_template("new.yaml.jinja").render(modeline=modeline, **{"hours": "", **given})


def as_yaml(value: str) -> str:
    """Return text as YAML: plain where that is safe."""
    if _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)
