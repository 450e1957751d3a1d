"""What the procedure does not cover, and where to take it instead."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import FieldProblem, SentElsewhere
from domain.procedure import Procedure

ASKED_BY = ("relationship", "subject")
"""The questions whose answers can lie outside a procedure."""


def hold_to_scope(procedure: Procedure, answers: Mapping[str, object]) -> None:
    """SentElsewhere: an answer says that it is about something that the procedure does not cover."""
    for question in ASKED_BY:
        for one in procedure.not_covered:
            if answers.get(question) == one.id:
                raise SentElsewhere((FieldProblem(question, f"{one.goes_to} No case has been opened."),))
