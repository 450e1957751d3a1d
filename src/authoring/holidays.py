"""The public holidays of each region, from the `holidays` library, named as the official list names them.

A test holds the result against the published list, date by date and name by name, for every year given out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from holidays import country_holidays

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

_SATURDAY = 5
_OBSERVED = " (observed)"


class UnknownRegion(CalendarError):
    """There is no list of public holidays for a region of that name."""

    def __init__(self, region: str) -> None:
        super().__init__(f'There is no region "{region}". Choose one of: {", ".join(REGIONS)}.')
        self.region = region


@cache
def known_holidays(region: str) -> tuple[tuple[date, str], ...]:
    """Return each weekday from `KNOWN_FROM` to `HORIZON` that is a public holiday in `region`, with its name.

    A holiday that falls on a weekend appears on its substitute day only, as on the official list.
    UnknownRegion: there is no such region.
    """
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
        known_until=HORIZON,
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
