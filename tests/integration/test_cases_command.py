"""What `dueprocess cases` tells of a deployment's cases, and what it does not read."""

from __future__ import annotations

import pytest

from cli import CannotRun
from cli.cases import told, told_of
from domain.case import COMPLAINANT
from tests.integration.desk import Desk

pytestmark = pytest.mark.integration


def test_open_cases_are_listed(leadership: Desk) -> None:
    """A line for each, with its stage and when it is looked at next."""
    (line,) = told(leadership.office.site.store)
    assert line.startswith(leadership.ref)
    assert "leadership-east" in line
    assert " next 20" in line


def test_where_none_is_open_that_is_said(desk: Desk) -> None:
    """An empty list is an answer."""
    assert [*told(desk.office.site.store)] == ["No case is open."]


def test_a_case_is_shown_without_a_word_of_anybody(leadership: Desk) -> None:
    """What happened, when and by whom; nothing of what was written, and no address."""
    leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
    text = "\n".join(told_of(leadership.ref, leadership.office.site.store))
    for said in ("ComplaintSubmitted", "Acknowledged", COMPLAINANT, "open", "What waits to be delivered"):
        assert said in text
    case = leadership.case()
    answers = leadership.office.site.store.contents(case.ref, [case.answers])[case.answers]
    for written in (answers["name"], answers["email"], answers["account"]):
        assert written not in text


def test_a_case_that_is_not_there_is_said(leadership: Desk) -> None:
    """One that was destroyed is not told from one that never was."""
    with pytest.raises(CannotRun, match="LE-0000-0000"):
        list(told_of("LE-0000-0000", leadership.office.site.store))
