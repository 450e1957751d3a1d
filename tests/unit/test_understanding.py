"""An acknowledgement that sets out how the complaint is understood, and where else the complainant is told to turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.cases.particulars import signposted
from domain.acts.acknowledgement import Acknowledge
from domain.acts.scope import DeclineNotCovered
from domain.errors import Incomplete
from domain.ladder import Signposting
from domain.provisions import Refusal
from domain.words import Writing
from tests.unit.invented import (
    MONDAY,
    PROCEDURE,
    case_of,
    looked_into,
    submitted,
    then,
    with_stage,
)

SETS_OUT = with_stage(PROCEDURE, 0, understanding="required")


def test_who_acknowledges_sets_out_how_it_is_understood() -> None:
    """Without it nothing is acknowledged, and the field that lacks it is named; with it the case keeps it."""
    for nothing in (None, Writing("u", {"understood": " "})):
        with pytest.raises(Incomplete, match="how you understand") as refused:
            then(
                submitted(procedure=SETS_OUT),
                Acknowledge(by="office-1", stage="first", understood=nothing),
                at=MONDAY,
                procedure=SETS_OUT,
            )
        assert [problem.field for problem in refused.value.missing] == ["understood"]
    said = Writing("u", {"understood": "You say that nobody came."})
    events = then(
        submitted(procedure=SETS_OUT),
        Acknowledge(by="office-1", stage="first", understood=said),
        at=MONDAY,
        procedure=SETS_OUT,
    )
    assert case_of(events).current.understood == "u"
    assert events[-1].said({"u": said.words}, case_of(events)) == "You say that nobody came."


def test_where_nobody_asks_for_it_nothing_is_kept() -> None:
    """A procedure that knows nothing of it acknowledges as before."""
    said = Writing("u", {"understood": "You say that nobody came."})
    events = then(submitted(), Acknowledge(by="office-1", stage="first", understood=said), at=MONDAY)
    assert case_of(events).current.understood == ""


def test_a_refusal_says_where_to_turn_in_place_of_where_to_take_it() -> None:
    """With signposts it needs the reason alone; without them it has to be said where it can be taken."""
    first = PROCEDURE.signposts[0].id
    refusing = replace(PROCEDURE, refusal=Refusal(about="Never lightly.", signposts=(first,), source="4"))
    why = Writing("why", {"reason": "A court decides on it.", "goes_to": ""})
    decline = DeclineNotCovered(by="manager-1", stage="first", why=why)
    events = then(looked_into(refusing), decline, at=MONDAY, procedure=refusing)
    assert case_of(events).ended == "not-covered"
    stage = refusing.stage("first")
    assert [one.id for one in signposted("not-covered", case_of(events), stage, refusing)] == [first]
    silent = replace(refusing, refusal=Refusal(about="Never lightly.", source="4"))
    for procedure in (PROCEDURE, silent):
        with pytest.raises(Incomplete, match="where the complainant can take it"):
            then(looked_into(procedure), decline, at=MONDAY, procedure=procedure)


def test_only_the_messages_that_the_procedure_names_say_where_to_turn() -> None:
    """And none before the end, where it names none."""
    first = PROCEDURE.signposts[0].id
    named = Signposting(signposts=(first,), told_with=("interim-response",), source="5")
    procedure = with_stage(PROCEDURE, 0, signposting=named)
    case, stage = case_of(looked_into(procedure)), procedure.stage("first")
    assert signposted("interim-response", case, stage, procedure)
    assert not signposted("outcome", case, stage, procedure)
    assert not signposted("interim-response", case, PROCEDURE.stage("first"), PROCEDURE)
