"""`dueprocess holidays`: what a newer list of public holidays would change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from authoring import holidays
from authoring.holidays import HORIZON, REGIONS, calendar_for, known_holidays, published_in
from cli.main import app

NEXT = HORIZON.year + 1


def listed(*more: tuple[str, str], without: str = "") -> str:
    """The list as it is published, with days of a year more, and others."""
    years: dict[str, Any] = {}
    for region in REGIONS:
        days = [(day.isoformat(), name) for day, name in known_holidays(region) if day.isoformat() != without]
        days += [(f"{NEXT}-01-01", "New Year's Day"), (f"{NEXT}-12-25", "Christmas Day"), *more]
        events = [{"title": name, "date": day, "notes": "", "bunting": True} for day, name in days]
        years[region] = {"division": region, "events": events}
    return json.dumps(years)


@pytest.fixture
def kept_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the list is kept, in a folder of the test's own."""
    folder = tmp_path / "procedures"
    folder.mkdir()
    monkeypatch.setenv("PROCEDURES", str(folder))
    holidays.kept.cache_clear()
    yield folder / "holidays.json"
    holidays.kept.cache_clear()


def run(tmp_path: Path, text: str, *options: str) -> tuple[int, str]:
    file = tmp_path / "list.json"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["holidays", str(file), *options])
    return result.exit_code, result.output


def test_it_shows_what_would_change_and_changes_nothing(tmp_path: Path, kept_list: Path) -> None:
    """A new day, a day that is gone, and the year that is known from then on; the file is only read."""
    text = listed(("2027-06-14", "An extra day"), without="2027-05-03")
    code, output = run(tmp_path, text)
    assert code == 0
    assert f"england-and-wales: known to {date(NEXT, 12, 31):%A} 31 December {NEXT}, not" in output
    assert "Monday 14 June 2027: An extra day is new" in output
    assert "Monday 3 May 2027: Early May bank holiday is no longer listed" in output
    assert not kept_list.exists()


def test_what_is_kept_counts_from_then_on(tmp_path: Path, kept_list: Path) -> None:
    """The calendar reaches a year further, and knows the extra day."""
    code, output = run(tmp_path, listed(("2027-06-14", "An extra day")), "--keep")
    assert code == 0
    assert f"Kept in {kept_list}." in output
    holidays.kept.cache_clear()
    calendar = calendar_for("scotland")
    assert calendar.known_until == date(NEXT, 12, 31)
    assert not calendar.is_working_day(date(2027, 6, 14))
    assert calendar.is_working_day(date(NEXT, 1, 2))
    assert not calendar.is_working_day(date(NEXT, 12, 25))


def test_a_year_that_is_missing_ends_what_is_known(kept_list: Path) -> None:
    """A list that leaves a year out says nothing of the ones after it."""
    found = published_in(listed((f"{NEXT + 2}-01-01", "New Year's Day")))
    assert holidays.known_until("scotland", found) == date(NEXT, 12, 31)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"england-and-wales": {"events": [{"title": "x"}]}}'])
def test_another_file_is_refused_with_where_to_get_the_list(
    tmp_path: Path, kept_list: Path, text: str
) -> None:
    """Nothing of it is kept."""
    code, output = run(tmp_path, text, "--keep")
    assert code == 2
    assert "https://www.gov.uk/bank-holidays.json" in output
    assert not kept_list.exists()
