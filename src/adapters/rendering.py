"""Pages, mails and letters from the templates.

A bundle has the templates compiled to Python, in a folder `compiled_templates` on `sys.path` that the build
makes with the `environment` below. Where there is none, as in tests, they are read from `templates/`.

What a template does not know is an error, never an empty space, and names that end in `.html` are escaped.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from jinja2 import BaseLoader, Environment, FileSystemLoader, ModuleLoader, StrictUndefined, select_autoescape

from domain.calendars import end_of, spell_day, spell_limit, to_london

COMPILED = "compiled_templates"
"""The folder on `sys.path` with the compiled templates."""

SOURCES = Path(__file__).parents[2] / "templates"


class DueDate(Protocol):
    """Anything that is due: the last day, and the first moment that is too late."""

    @property
    def due(self) -> date: ...

    @property
    def due_at(self) -> datetime: ...


def render(template: str, /, **context: Any) -> str:
    """Return the text of a template such as `pages/start.html`, filled in.

    jinja2.TemplateNotFound: there is none of that name. jinja2.UndefinedError: it asks for something that
    `context` lacks."""
    return current().get_template(template).render(context)


def environment(loader: BaseLoader) -> Environment:
    """Return the one environment for all templates: the build compiles them with it, and they run in it."""
    made = Environment(
        loader=loader,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["day"] = spell_day
    made.filters["day_of"] = spell_day_of
    made.filters["moment"] = spell_moment
    made.filters["limit"] = spell_limit
    made.filters["by_when"] = spell_by_when
    return made


def spell_day_of(instant: datetime) -> str:
    """Return the day in London of a moment, as people write it."""
    return spell_day(to_london(instant).date())


def spell_moment(instant: datetime) -> str:
    """Return a moment as people in London write it: 4:50pm on Tuesday 15 December 2026.

    domain.calendars.NaiveInstant: it has no time zone."""
    local = to_london(instant)
    return f"{_spell_time(local)} {spell_day(local.date())}"


def spell_by_when(promised: DueDate) -> str:
    """Return by when something is promised: `by the end of Tuesday 15 December 2026`, or `before 4:50pm on …` where it
    ends within a day."""
    if promised.due_at == end_of(promised.due):
        return f"by the end of {spell_day(promised.due)}"
    return f"before {spell_moment(promised.due_at)}"


def _spell_time(local: datetime) -> str:
    match local.hour, local.minute:
        case 0, 0:
            return "midnight at the start of"
        case 12, 0:
            return "midday on"
        case hour, minute:
            half = "am" if hour < 12 else "pm"
            minutes = f":{minute:02}" if minute else ""
            return f"{hour % 12 or 12}{minutes}{half} on"


@cache
def current() -> Environment:
    """Return the environment in which templates are rendered."""
    compiled = find_spec(COMPILED)
    if compiled is not None and compiled.submodule_search_locations is not None:
        return environment(ModuleLoader([*compiled.submodule_search_locations]))
    return environment(FileSystemLoader(SOURCES))
