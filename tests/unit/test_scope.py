"""What a procedure does not cover: refused with the way to the right place, wherever it comes in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from authoring.holidays import calendar_for
from authoring.procedure_file import ProcedureFileErrors, read
from domain.acts.intake import SubmitComplaint
from domain.case import COMPLAINANT
from domain.errors import SentElsewhere
from domain.words import Writing
from tests.rules import decide

PROCEDURES = Path(__file__).parents[2] / "procedures"

COMMAND = SubmitComplaint(
    organisation="dynamic-training",
    form="complaint",
    answers=Writing("content-1", {}),
    aspects=1,
    by=COMPLAINANT,
)


def submit(**chosen: str) -> tuple[object, ...]:
    procedure = read(PROCEDURES / "dynamic-training.yaml")
    return decide(
        None,
        replace(COMMAND, **chosen),  # type: ignore[arg-type]
        ref="DT-7K3M-9QXT",
        procedure=procedure,
        calendar=calendar_for(procedure.region),
        now=datetime(2026, 11, 2, 10, tzinfo=UTC),
    )


def test_what_is_not_covered_opens_no_case() -> None:
    """The refusal names the question and where to go."""
    with pytest.raises(SentElsewhere) as refusal:
        submit(subject="employment")
    (problem,) = refusal.value.problems
    assert problem.field == "subject"
    assert "staff grievance procedure" in problem.message


@pytest.mark.parametrize("chosen", [{}, {"subject": "training"}, {"relationship": "learner"}])
def test_everything_else_does(chosen: dict[str, str]) -> None:
    """Another answer, or none, is no reason to refuse."""
    assert submit(**chosen)


def test_what_is_not_covered_has_to_be_an_answer(tmp_path: Path) -> None:
    """An entry that no form can lead to is a mistake in the file."""
    text = (PROCEDURES / "dynamic-training.yaml").read_text(encoding="utf-8")
    path = tmp_path / "dynamic-training.yaml"
    path.write_text(text.replace("  employment:\n    label", "  pay:\n    label"), encoding="utf-8")
    with pytest.raises(ProcedureFileErrors) as errors:
        read(path)
    assert "`pay` is not an answer to `relationship` or `subject` in any form" in str(errors.value)
