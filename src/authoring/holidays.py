"""The public holidays of each region, from the `holidays` library, named as the official list names them.

A test holds the result against the published list, date by date and name by name, for every year given out. Where the
published list itself is kept beside the procedures (`dueprocess holidays`), it counts for the years that it has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from holidays import country_holidays

from authoring.where import procedures_folder
from domain.calendars import Calendar, CalendarError, Period

KNOWN_FROM = date(2019, 1, 1)

# How far the official list (https://www.gov.uk/bank-holidays) reaches. The library works out any year, but a
# moved or an extra holiday is only known once it is proclaimed, so nothing is counted beyond the list.
# When it is extended (by one year, usually in autumn): add that year to
# tests/unit/published_bank_holidays.json, move this date, and update the library until the test agrees.
HORIZON = date(2028, 12, 31)

# England and Wales have the same holidays; a test would notice if that changed.
_SUBDIVISIONS: Mapping[str, str] = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}

REGIONS = tuple(_SUBDIVISIONS)

# Only where the library's name is not the one that people here know from the official list.
_OFFICIAL_NAMES: Mapping[str, str] = {
    "Battle of the Boyne": "Battle of the Boyne (Orangemen's Day)",
    "Coronation of Charles III": "Coronation of King Charles III",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "May Day": "Early May bank holiday",
    "New Year Holiday": "2nd January",
    "Platinum Jubilee of Elizabeth II": "Platinum Jubilee bank holiday",
    "Saint Andrew's Day": "St Andrew's Day",
    "Saint Patrick's Day": "St Patrick's Day",
    "Scotland's participation in the FIFA World Cup final": "World Cup bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
}

Published = Mapping[str, Mapping[int, Mapping[date, str]]]
"""By region and year: the days with their names. A year that the list has, it has whole."""

_SATURDAY = 5
_OBSERVED = " (observed)"


class UnknownRegion(CalendarError):
    """There is no list of public holidays for a region of that name."""

    def __init__(self, region: str) -> None:
        super().__init__(f'There is no region "{region}". Choose one of: {", ".join(REGIONS)}.')
        self.region = region


class UnreadableList(CalendarError):
    """A file is not the published list of public holidays."""


def published_in(text: str) -> Published:
    """Return the published list as a file has it. UnreadableList: it is another file."""
    try:
        listed: Any = json.loads(text)
        found = {
            region: [
                (date.fromisoformat(event["date"]), str(event["title"])) for event in listed[region]["events"]
            ]
            for region in REGIONS
        }
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableList(
            "This is not the list of bank holidays that GOV.UK publishes. Get it from"
            " https://www.gov.uk/bank-holidays.json."
        ) from error
    return {
        region: {
            year: {day: name for day, name in days if day.year == year}
            for year in sorted({day.year for day, _ in days})
        }
        for region, days in found.items()
    }


def kept_in() -> Path:
    """Return where the published list is kept, as it can be had from the address above followed by `.json`."""
    return procedures_folder() / "holidays.json"


@cache
def kept() -> Published:
    """Return the published list that is kept beside the procedures; empty: none is. UnreadableList: as there."""
    return published_in(kept_in().read_text(encoding="utf-8")) if kept_in().exists() else {}


def known_until(region: str, published: Published) -> date:
    """Return the last day of which it is known whether it is a public holiday in `region`."""
    year = HORIZON.year
    while year + 1 in published.get(region, {}):
        year += 1
    return date(year, 12, 31)


def known_holidays(region: str) -> tuple[tuple[date, str], ...]:
    """Return each weekday that is known to be a public holiday in `region`, with its name.

    A holiday that falls on a weekend appears on its substitute day only, as on the official list.
    UnknownRegion: there is no such region.
    """
    return with_published(region, kept())


def with_published(region: str, published: Published) -> tuple[tuple[date, str], ...]:
    """Return the same, as it would be with this list. UnknownRegion: there is no such region."""
    own = published.get(region, {})
    worked_out = ((day, name) for day, name in _worked_out(region) if day.year not in own)
    until = known_until(region, published)
    listed = ((day, name) for days in own.values() for day, name in days.items())
    return tuple(
        (day, name)
        for day, name in sorted((*worked_out, *listed))
        if day.weekday() < _SATURDAY and KNOWN_FROM <= day <= until
    )


@cache
def _worked_out(region: str) -> tuple[tuple[date, str], ...]:
    if region not in _SUBDIVISIONS:
        raise UnknownRegion(region)
    found = country_holidays(
        "GB",
        subdiv=_SUBDIVISIONS[region],
        years=range(KNOWN_FROM.year, HORIZON.year + 1),
        language="en_GB",
    )
    return tuple(
        (day, _official_name(names))
        for day, names in sorted(found.items())
        if day.weekday() < _SATURDAY and KNOWN_FROM <= day <= HORIZON
    )


def calendar_for(
    region: str, *, terms: tuple[Period, ...] = (), closures: tuple[Period, ...] = ()
) -> Calendar:
    """Return the calendar of `region` with an organisation's own school year.

    UnknownRegion: there is no such region.
    """
    return Calendar(
        region,
        known_holidays(region),
        known_from=KNOWN_FROM,
        known_until=known_until(region, kept()),
        terms=terms,
        closures=closures,
    )


def _official_name(names: str) -> str:
    """Translate the library's name of a day.

    It joins the names of holidays that fall together; the one that was moved there then names the day.
    """
    parts = names.split("; ")
    name = next((part for part in parts if part.endswith(_OBSERVED)), parts[0])
    plain = name.removesuffix(_OBSERVED)
    official = _OFFICIAL_NAMES.get(plain, plain)
    return official if plain == name else f"{official} (substitute day)"
