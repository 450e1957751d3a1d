"""A late complaint is decided on by a person in every procedure, also where the policy knows no exception."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from authoring.procedure_file import read
from domain.acts.intake import ComplaintSubmitted
from domain.acts.lateness import DecideLateness
from domain.case import Case
from domain.event import Event
from domain.people import deciders, ids
from domain.procedure import Procedure
from domain.rights import not_to_be_sent
from domain.words import Writing
from tests.rules import available
from tests.unit.invented import MONDAY, PROCEDURE, WITH_DISCRETION, case_of, submitted, then, with_rule
from tests.unit.test_nobody_left import WITH_LAST

DECIDERS = {
    "alliance-for-learning": ["executive-team"],
    "ashton-on-mersey-scitt": [],
    "creative-alliance": ["director"],
    "dynamic-training": ["head-of-apprenticeships"],
    "leadership-east": [],
}
FILES = sorted((Path(__file__).parents[2] / "procedures").glob("*.yaml"))


def late(procedure: Procedure = PROCEDURE) -> tuple[Event, ...]:
    return submitted(procedure=procedure, incident_on=date(2026, 9, 1))


def without_default(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The same, as it was stored before late complaints had a default."""
    first, *rest = events
    assert isinstance(first, ComplaintSubmitted)
    return (replace(first, late_is_decided=False), *rest)


def named(case: Case, *persons: str) -> Case:
    return replace(case, involved=persons)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_has_somebody_who_decides_where_it_sets_a_limit(path: Path) -> None:
    """Two policies name them, one leaves it to the default, and two set no limit."""
    procedure = read(path)
    rules = [rule for stage in procedure.stages for rule in stage.deadlines if rule.name == "submit"]
    roles = [procedure.decides_late(rule) for rule in rules]
    assert roles == DECIDERS[procedure.slug]
    assert all(procedure.holders(role) for role in roles)


def test_where_the_procedure_names_nobody_whoever_breaches_go_to_decides() -> None:
    """They are asked, nobody else can, and no outcome is sent before they have."""
    case = case_of(late())
    assert ids(deciders("lateness", case, PROCEDURE)) == ("principal", "deputy")
    assert "lateness" in available(case, by="deputy", procedure=PROCEDURE)
    assert "lateness" not in available(case, by="office-1", procedure=PROCEDURE)
    assert not_to_be_sent(case, PROCEDURE) is not None
    decided = DecideLateness(
        by="deputy", stage="first", accepted=True, reason=Writing("reason", {"reason": "You were ill."})
    )
    case = case_of(then(late(), decided, at=MONDAY))
    assert (case.lateness, not_to_be_sent(case, PROCEDURE)) == ("accepted", None)


def test_the_last_resort_stands_in_where_all_of_those_were_involved() -> None:
    """By the default somebody decides as long as anybody can."""
    case = named(case_of(late(WITH_LAST)), "principal", "deputy")
    assert ids(deciders("lateness", case, WITH_LAST)) == ("chair", "governor")
    assert "lateness" in available(case, by="chair", procedure=WITH_LAST)


def test_others_stand_in_for_whom_the_procedure_names_too() -> None:
    """Where everybody with that role was involved, those decide whom breaches go to, and then the last resort."""
    named_role = with_rule(WITH_LAST, "submit", discretion_role="board")
    board = ids(named_role.holders("board"))
    case = named(case_of(late(named_role)), *board)
    assert ids(deciders("lateness", case, named_role)) == ("principal", "deputy")
    assert "lateness" in available(case, by="deputy", procedure=named_role)
    assert not_to_be_sent(case, named_role) is not None
    case = named(case, *board, "principal", "deputy")
    assert ids(deciders("lateness", case, named_role)) == ("chair", "governor")


def test_where_nobody_is_left_at_all_it_goes_on() -> None:
    """That it was late does not stand against a complaint on which nobody could decide."""
    case = named(case_of(late()), "principal", "deputy")
    assert (deciders("lateness", case, PROCEDURE), not_to_be_sent(case, PROCEDURE)) == ((), None)


def test_a_complaint_from_before_goes_on_as_it_did() -> None:
    """It was taken without a decision, nobody was asked, and nobody is."""
    case = case_of(without_default(late()))
    assert case.late
    assert (deciders("lateness", case, PROCEDURE), not_to_be_sent(case, PROCEDURE)) == ((), None)
    assert "lateness" not in available(case, by="deputy", procedure=PROCEDURE)


def test_a_complaint_from_before_is_decided_on_where_the_procedure_says_so() -> None:
    """What it names has always held."""
    case = case_of(without_default(late(WITH_DISCRETION)))
    assert ids(deciders("lateness", case, WITH_DISCRETION)) == ("principal", "deputy")
