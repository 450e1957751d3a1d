"""It is the year after the last of which holidays are known: complaints are taken all the same."""

from __future__ import annotations

import json

import pytest

from domain.case import COMPLAINANT
from tests.integration.town import ADDRESS, SLUG, Town

DATA_PROTECTION = "leadership-east/data-protection"


@pytest.fixture
def late_town(town: Town) -> Town:
    """The people of a day three days before the last of which holidays are known."""
    town.at(2028, 12, 28, 10)
    return town


def test_a_complaint_by_the_form_is_taken_and_promised_a_date(late_town: Town) -> None:
    """The page that confirms it and the mail say that the date will be confirmed, and name none."""
    page = late_town.complain(SLUG)
    assert "We will confirm it." in page.text
    assert "We will confirm it." in late_town.mail(ADDRESS, "receipt")
    late_town.acknowledge()
    assert "We will confirm it." in late_town.mail(ADDRESS, "acknowledgement")
    assert "We will confirm this date." in late_town.page_of(COMPLAINANT).text


def test_a_program_is_told_which_dates_are_not_known_yet(late_town: Town) -> None:
    """The answer of the API names them, and leaves no date out without a word."""
    answer = late_town.submit(SLUG)
    assert answer.status == 201
    body = json.loads(answer.body)
    named = {deadline["name"] for deadline in body["deadlines"]} | set(body["not_yet_known"])
    assert "stage-1/acknowledge" in named
    assert body["not_yet_known"] == ["stage-1/acknowledge"]


def test_it_is_worked_on_to_its_end(late_town: Town) -> None:
    """Staff answer it and the complainant replies, whatever the calendar knows."""
    late_town.complain(SLUG)
    late_town.answer()
    late_town.reply("satisfied")
    assert late_town.desk.case().ended == "satisfied"


def test_staff_are_told_until_the_calendar_is_extended(late_town: Town) -> None:
    """Four weeks later whoever coordinates hears which dates wait, and that somebody has to load the holidays."""
    late_town.complain(SLUG)
    late_town.wait_until(2029, 1, 26, 9)
    told = late_town.mail(late_town.desk.address(late_town.desk.coordinator()), "dates-unknown")
    assert "load the published holidays" in told
    page = late_town.page_of(late_town.desk.coordinator(), "assign")
    assert "cannot work out a date yet" in page.text
