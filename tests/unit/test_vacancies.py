"""What a case waits for from somebody who has left or lost a role, and who can do it now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.acts.acknowledgement import Acknowledge
from domain.calendars import Limit
from domain.case import Case
from domain.ladder import Approval, Review
from domain.planned import ActionRecord
from domain.procedure import Person, Procedure
from domain.provisions import Completion
from domain.vacancies import Vacancy, vacancies
from tests.unit.invented import (
    MONDAY,
    PROCEDURE,
    WITH_DISCRETION,
    after,
    case_of,
    looked_into,
    outcome,
    submitted,
    then,
)
from tests.unit.test_nobody_left import WITH_LAST, on_first

APPROVED = on_first(Review(role="manager", source="3"), Approval(by="role", role="board", source="3"))

WITH_LETTER = replace(
    WITH_LAST,
    completion=Completion(
        title="Completion letter", letter_from=("leadership",), within=(Limit(28, "days"),)
    ),
)


def without(procedure: Procedure, person: str, *roles: str) -> Procedure:
    """The procedure after somebody lost roles; without any: after they left."""
    people: list[Person] = []
    for one in procedure.people:
        if one.id != person:
            people.append(one)
        elif roles:
            people.append(replace(one, roles=tuple(role for role in one.roles if role not in roles)))
    return replace(procedure, people=tuple(people))


def lost(case: Case, person: str, role: str, procedure: Procedure) -> tuple[Vacancy, ...]:
    return vacancies(case, person, (role,), without(procedure, person, role))


def recorded(procedure: Procedure) -> Case:
    events = then(looked_into(procedure), outcome("manager-1", "first"), at=MONDAY, procedure=procedure)
    return case_of(events)


def test_a_reviewer_who_left_is_replaced_by_those_who_name_reviewers() -> None:
    """The case has nobody to look into it."""
    left = without(PROCEDURE, "manager-1")
    assert vacancies(case_of(looked_into()), "manager-1", (), left) == (
        Vacancy(what="review", told=("office-1",)),
    )


def test_a_reviewer_who_lost_the_role_can_go_on_and_those_who_name_reviewers_hear() -> None:
    """It is theirs to say whether somebody else should."""
    assert lost(case_of(looked_into()), "manager-1", "manager", PROCEDURE) == (
        Vacancy(what="review-without-role", told=("office-1",)),
    )


def test_who_has_the_role_again_or_reviews_nothing_leaves_nothing_undone() -> None:
    """Nobody is told of that."""
    case = case_of(looked_into())
    assert vacancies(case, "manager-1", ("manager",), PROCEDURE) == ()
    assert lost(case, "manager-2", "manager", PROCEDURE) == ()


def test_a_case_without_a_reviewer_goes_to_who_else_can_name_one() -> None:
    """The officer has left: whoever missed dates go to name reviewers instead."""
    left = without(WITH_LAST, "office-1")
    (found,) = vacancies(case_of(submitted(procedure=WITH_LAST)), "office-1", ("office",), left)
    assert found == Vacancy(what="assign", told=("principal", "deputy"))


def test_a_late_complaint_goes_to_who_else_can_decide() -> None:
    """Of two who could decide one has lost the role."""
    case = case_of(submitted(procedure=WITH_DISCRETION, incident_on=date(2026, 9, 1)))
    assert Vacancy(what="decide", told=("deputy",)) in lost(case, "principal", "leadership", WITH_DISCRETION)


def test_an_outcome_goes_to_who_else_can_approve() -> None:
    """Whoever was asked for it beside them may have left it to them."""
    case = recorded(APPROVED)
    (found,) = lost(case, "board-1", "board", APPROVED)
    assert found == Vacancy(what="approve", told=("manager-2", "board-2"))


def test_where_nobody_is_left_who_keep_the_directory_are_told_as_well() -> None:
    """The one who could look into it has left, and nobody else has the role or stands over them."""
    only = replace(
        PROCEDURE,
        people=tuple(one for one in PROCEDURE.people if one.id in ("office-1", "manager-1")),
    )
    found = vacancies(case_of(looked_into(only)), "manager-1", ("manager",), without(only, "manager-1"))
    assert Vacancy(what="nobody", told=("office-1",)) in found


CLOSED = replace(case_of(looked_into()), closed_at=MONDAY)


def test_a_closed_case_in_which_nothing_is_owed_waits_for_nobody() -> None:
    """What is asked for after the closure is not a reviewer's."""
    assert vacancies(CLOSED, "manager-1", (), without(PROCEDURE, "manager-1")) == ()


def test_a_late_reply_goes_to_who_else_can_decide() -> None:
    """The case is closed, and the complainant waits for an answer."""
    case = replace(CLOSED, late_reply="asked")
    assert lost(case, "principal", "leadership", WITH_LAST) == (Vacancy(what="decide", told=("deputy",)),)


def test_a_letter_that_is_owed_goes_to_who_else_can_write_it() -> None:
    """Be it the one after the closure or the one about whether the case is opened again."""
    owed = replace(CLOSED, owes_letter=True, ended="exhausted")
    (found,) = lost(owed, "principal", "leadership", WITH_LETTER)
    assert found == Vacancy(what="letter", told=("deputy",))
    asked = replace(CLOSED, reopening="asked")
    (found,) = lost(asked, "board-1", "board", WITH_LAST)
    assert found == Vacancy(what="letter", told=("manager-2", "board-2"))


def test_what_was_promised_goes_to_who_else_can_do_it() -> None:
    """Whoever has the role beside them; where it was theirs alone, whoever coordinates. What is done is nobody's."""
    theirs = ActionRecord(id="first/action-1", wording="w", due=date(2026, 12, 1), person="manager-1")
    roles = replace(theirs, id="first/action-2", person="", role="manager")
    left = without(PROCEDURE, "manager-1")
    for case in (CLOSED, replace(case_of(submitted()), stages=CLOSED.stages[:1])):
        (found,) = (
            one
            for one in vacancies(replace(case, actions=(theirs,)), "manager-1", (), left)
            if one.what == "step"
        )
        assert found.told == ("office-1",)
    assert vacancies(replace(CLOSED, actions=(roles,)), "manager-1", ("manager",), left) == (
        Vacancy(what="step", told=("manager-2",)),
    )
    done = replace(theirs, done_at=MONDAY)
    assert vacancies(replace(CLOSED, actions=(done,)), "manager-1", (), left) == ()


def test_what_is_owed_and_nobody_can_do_is_brought_to_who_keep_the_directory() -> None:
    """Whoever could decide on a late reply has left, and nobody stands above them."""
    kept = ("office-1", "principal")
    only = replace(
        PROCEDURE,
        people=tuple(one for one in PROCEDURE.people if one.id in kept),
        late_reply=WITH_LAST.late_reply,
    )
    found = vacancies(
        replace(CLOSED, late_reply="asked"), "principal", ("leadership",), without(only, "principal")
    )
    assert Vacancy(what="nobody", told=("office-1",)) in found


def test_who_approves_by_a_role_and_reviews_too_leaves_the_approval_to_others() -> None:
    """The next reviewer is wanted first only where reviewers approve for each other."""
    procedure = on_first(
        Review(role="manager", count=2, source="3"), Approval(by="role", role="board", source="3")
    )
    case = case_of(submitted(procedure=procedure))
    acknowledged = Acknowledge(by="office-1", stage="first")
    case = after(case, acknowledged, outcome("manager-1", "first"), procedure=procedure)
    (vacancy,) = lost(case, "manager-2", "board", procedure)
    assert vacancy.what == "approve"
    assert vacancy.told
