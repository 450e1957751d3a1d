"""Caps on new dates, where a procedure has them: on all of them, and on each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.acts.new_date import GIVE_NEW_DATE, InterimResponseSent, SendInterimResponse
from domain.acts.taking_up import TakeUp
from domain.acts.withdrawal import Withdraw
from domain.calendars import Limit
from domain.case import COMPLAINANT
from domain.errors import Incomplete
from domain.words import Writing
from tests.rules import situation
from tests.unit.invented import CALENDAR, MONDAY, PROCEDURE, case_of, looked_into, then, with_rule

CAPPED = with_rule(PROCEDURE, "respond", extension_cap=Limit(20, "working-days"))


def by(day: date) -> SendInterimResponse:
    message = Writing("interim", {"message": "More time is needed."})
    return SendInterimResponse(by="manager-1", stage="first", respond_by=day, message=message)


def test_no_new_date_lies_beyond_the_cap() -> None:
    """The last day of the cap can be given, the day after it cannot."""
    events = looked_into(CAPPED)
    with pytest.raises(Incomplete, match="allows no date after Monday 30 November 2026"):
        then(events, by(date(2026, 12, 1)), at=MONDAY, procedure=CAPPED)
    events = then(events, by(date(2026, 11, 30)), at=MONDAY, procedure=CAPPED)
    assert case_of(events).current.respond_by == date(2026, 11, 30)


def test_each_new_date_has_a_cap_of_its_own() -> None:
    """Five working days after the date that it takes the place of; where that has passed, after today."""
    procedure = with_rule(
        PROCEDURE,
        "respond",
        extension_each=Limit(5, "working-days"),
        extension_cap=Limit(40, "working-days"),
    )
    events = looked_into(procedure)
    with pytest.raises(Incomplete, match="allows no date after Monday 23 November 2026"):
        then(events, by(date(2026, 11, 24)), at=MONDAY, procedure=procedure)
    events = then(events, by(date(2026, 11, 23)), at=MONDAY, procedure=procedure)
    with pytest.raises(Incomplete, match="allows no date after Monday 30 November 2026"):
        then(events, by(date(2026, 12, 1)), at=MONDAY, procedure=procedure)
    with pytest.raises(Incomplete, match="allows no date after Tuesday 8 December 2026"):
        then(events, by(date(2026, 12, 9)), at=MONDAY + timedelta(days=29), procedure=procedure)


def test_no_new_date_lies_where_holidays_are_not_known() -> None:
    """It is refused at its field, for nothing could be reminded of it."""
    far = by(date(2034, 1, 1))
    with pytest.raises(Incomplete, match="Enter a date up to Saturday 31 December 2033") as refused:
        then(looked_into(PROCEDURE), far, at=MONDAY)
    assert [problem.field for problem in refused.value.missing] == ["respond_by"]


def test_the_cap_of_a_case_that_is_opened_again_begins_with_it() -> None:
    """Where the time for the outcome was over and counts anew, a later date can be given in it as before."""
    withdrawn = then(
        looked_into(CAPPED), Withdraw(by=COMPLAINANT, stage="first"), at=MONDAY, procedure=CAPPED
    )
    opened = TakeUp(by="office-1", stage="first", reason=Writing("why", {"reason": "They came back."}))
    later = datetime(2027, 2, 1, 10, tzinfo=UTC)
    events = then(withdrawn, opened, at=later, procedure=CAPPED)
    with pytest.raises(Incomplete, match="allows no date after Monday 1 March 2027"):
        then(events, by(date(2027, 3, 2)), at=later, procedure=CAPPED)
    events = then(events, by(date(2027, 3, 1)), at=later, procedure=CAPPED)
    assert case_of(events).current.respond_by == date(2027, 3, 1)


def test_a_cap_that_lies_beyond_the_holidays_that_are_known_caps_nothing_before() -> None:
    """Any day that can be given is earlier."""
    case, known = case_of(looked_into(CAPPED)), replace(CALENDAR, known_until=date(2026, 11, 27))
    at = situation(case, CAPPED, known, now=MONDAY)
    assert isinstance(by(date(2026, 11, 25)).decide(at)[0], InterimResponseSent)
    with pytest.raises(Incomplete, match="Enter a date up to Friday 27 November 2026"):
        by(date(2026, 11, 30)).decide(at)


def test_where_terms_are_not_known_a_cap_allows_what_is_certain() -> None:
    """So many school days are never fewer working days."""
    capped = with_rule(PROCEDURE, "respond", extension_cap=Limit(20, "school-days"))
    with pytest.raises(Incomplete, match="allows no date after Monday 30 November 2026"):
        then(looked_into(capped), by(date(2026, 12, 1)), at=MONDAY, procedure=capped)


def test_the_page_says_when_no_other_date_can_be_given() -> None:
    """Once the last day that the procedure allows has been given, or has passed."""
    case = case_of(then(looked_into(CAPPED), by(date(2026, 11, 30)), at=MONDAY, procedure=CAPPED))
    before, given = case_of(looked_into(CAPPED)), case
    for known, is_spent in ((before, False), (given, True)):
        at = situation(known, CAPPED, CALENDAR, now=MONDAY)
        assert GIVE_NEW_DATE.shows is not None
        shown = GIVE_NEW_DATE.shows.gives(at, "manager-1", {})
        assert shown == {"latest": date(2026, 11, 30), "is_spent": is_spent}
