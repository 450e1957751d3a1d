"""The library's public holidays, held against the officially published list."""

# what is expected comes first

import json
from datetime import date
from pathlib import Path

import pytest
from holidays import country_holidays

from authoring.holidays import HORIZON, KNOWN_FROM, REGIONS, UnknownRegion, calendar_for, known_holidays
from domain.calendars import BeyondHorizon, Period

# Every year was checked against the published list; it reaches to 2028 in all three divisions and has the day
# off that Scotland alone got for the World Cup (15 June 2026).
PUBLISHED: dict[str, dict[str, dict[str, str]]] = json.loads(
    (Path(__file__).parent / "published_bank_holidays.json").read_text(encoding="utf-8")
)["divisions"]


def published(region: str) -> dict[date, str]:
    """The published dates and names of all years of one division."""
    return {
        date.fromisoformat(day): name for year in PUBLISHED[region].values() for day, name in year.items()
    }


@pytest.mark.parametrize("region", REGIONS)
def test_the_library_has_each_published_day_and_no_other(region: str) -> None:
    """Dates and names agree with the published list, both ways."""
    assert published(region) == dict(known_holidays(region))


@pytest.mark.parametrize("region", REGIONS)
def test_the_published_list_covers_every_year_that_is_counted_in(region: str) -> None:
    """The horizon cannot be moved without adding to the published list."""
    covered = [int(year) for year in PUBLISHED[region]]
    assert list(range(KNOWN_FROM.year, HORIZON.year + 1)) == covered
    assert (date(KNOWN_FROM.year, 1, 1), date(HORIZON.year, 12, 31)) == (KNOWN_FROM, HORIZON)


def test_each_published_day_stands_under_its_own_year() -> None:
    """A slip of the pen in the published list itself is found."""
    for years in PUBLISHED.values():
        for year, days in years.items():
            assert list(days) == sorted(days)
            assert {year} == {day[:4] for day in days}
            assert all(date.fromisoformat(day).weekday() < 5 for day in days)


def test_the_regions_are_the_published_divisions() -> None:
    """A region is called what the published list calls its division."""
    assert tuple(PUBLISHED) == REGIONS


def test_england_and_wales_have_the_same_holidays() -> None:
    """One region may stand for both."""
    years = range(KNOWN_FROM.year, HORIZON.year + 1)
    england = country_holidays("GB", subdiv="ENG", years=years)
    wales = country_holidays("GB", subdiv="WLS", years=years)
    assert dict(england) == dict(wales)


@pytest.mark.parametrize(
    ("region", "day", "name"),
    [
        ("england-and-wales", date(2020, 5, 8), "Early May bank holiday"),
        ("england-and-wales", date(2022, 6, 3), "Platinum Jubilee bank holiday"),
        ("england-and-wales", date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        ("england-and-wales", date(2023, 5, 8), "Coronation of King Charles III"),
        ("england-and-wales", date(2026, 12, 28), "Boxing Day (substitute day)"),
        ("scotland", date(2023, 1, 2), "New Year's Day (substitute day)"),
        ("scotland", date(2023, 1, 3), "2nd January (substitute day)"),
        ("scotland", date(2026, 6, 15), "World Cup bank holiday"),
        ("northern-ireland", date(2026, 7, 13), "Battle of the Boyne (Orangemen's Day) (substitute day)"),
    ],
)
def test_a_special_or_moved_holiday_is_named_as_people_know_it(region: str, day: date, name: str) -> None:
    """The name that explains a date is the official one."""
    assert f"public holiday: {name}" == calendar_for(region).why_not_working(day)


@pytest.mark.parametrize(
    ("region", "day"),
    [
        ("england-and-wales", date(2020, 5, 4)),  # moved to the 8th
        ("england-and-wales", date(2022, 5, 30)),  # moved to 2 June
        ("england-and-wales", date(2026, 6, 15)),  # Scotland's only
        ("england-and-wales", date(2027, 11, 30)),
        ("scotland", date(2026, 4, 6)),  # Easter Monday is none in Scotland
        ("scotland", date(2026, 8, 31)),
    ],
)
def test_a_day_that_is_a_holiday_elsewhere_or_in_other_years_is_a_working_day(region: str, day: date) -> None:
    """A holiday counts in its own region and year only."""
    assert calendar_for(region).is_working_day(day)


def test_a_calendar_knows_the_published_years_and_no_day_more() -> None:
    """The first and the last known day are known; the day before and the day after are refused."""
    calendar = calendar_for("england-and-wales")
    assert not calendar.is_working_day(date(2019, 1, 1))
    assert not calendar.is_working_day(date(2028, 12, 31))
    for unknown in (date(2018, 12, 31), date(2029, 1, 1)):
        with pytest.raises(BeyondHorizon):
            calendar.is_working_day(unknown)


def test_a_calendar_takes_an_organisations_school_year() -> None:
    """Terms and closures arrive in the calendar unchanged."""
    term = Period(date(2026, 9, 2), date(2026, 12, 18), "Autumn term")
    closure = Period(date(2026, 11, 27), date(2026, 11, 27), "training day")
    calendar = calendar_for("northern-ireland", terms=(term,), closures=(closure,))
    assert ((term,), (closure,)) == (calendar.terms, calendar.closures)


def test_an_unknown_region_is_refused_with_the_names_of_the_known_ones() -> None:
    """Somebody who writes "england" learns what to write."""
    with pytest.raises(UnknownRegion) as refused:
        calendar_for("england")
    assert (
        'There is no region "england". Choose one of: england-and-wales, scotland, northern-ireland.'
        == str(refused.value)
    )
