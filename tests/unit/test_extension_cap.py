"""Caps on new dates, where a procedure has them: on all of them, and on each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.acts.new_date import SendInterimResponse
from domain.calendars import Limit
from domain.errors import Incomplete
from domain.words import Writing
from tests.unit.invented import MONDAY, PROCEDURE, case_of, looked_into, then, with_rule

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
