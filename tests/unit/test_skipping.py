"""A stage is skipped by a person's decision, and by nobody whom the complaint may be about."""

from __future__ import annotations

import pytest

from domain.acts.skipping import SkipStage, StageSkipped
from domain.errors import NotAllowed, NotNow
from domain.words import Writing
from tests.rules import decide
from tests.unit.invented import BY_A_FRAMEWORK, CALENDAR, MONDAY, REF, case_of, submitted

SKIP = SkipStage(by="principal", stage="first", reason=Writing("reason", {"reason": "It is urgent."}))


def test_the_role_that_the_procedure_names_decides_it() -> None:
    """Nobody else does."""
    case = case_of(submitted(procedure=BY_A_FRAMEWORK))
    (event,) = decide(case, SKIP, ref=REF, procedure=BY_A_FRAMEWORK, calendar=CALENDAR, now=MONDAY)
    assert isinstance(event, StageSkipped)
    other = SkipStage(by="office-1", stage="first", reason=SKIP.reason)
    with pytest.raises(NotAllowed):
        decide(case, other, ref=REF, procedure=BY_A_FRAMEWORK, calendar=CALENDAR, now=MONDAY)


def test_nothing_is_skipped_before_it_is_said_who_is_involved() -> None:
    """Whoever could decide it may be whom the complaint is about."""
    case = case_of(submitted(procedure=BY_A_FRAMEWORK, people_involved="The person in charge."))
    with pytest.raises(NotNow):
        decide(case, SKIP, ref=REF, procedure=BY_A_FRAMEWORK, calendar=CALENDAR, now=MONDAY)
