"""The checker finds whom a procedure cannot do without, from the file and its directory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.data_protection import beside
from authoring.procedure_file import ProcedureFileErrors, read
from authoring.rules.dead_ends import check_dead_ends, dead_ends_of_pairs, gaps
from cli.main import app
from domain.ladder import Approval
from tests.unit.test_nobody_left import WITH_LAST, on_first

ROOT = Path(__file__).parents[2]
SOUND = (Path(__file__).parent / "sound_procedure.yaml").read_text(encoding="utf-8")
FILES = sorted((ROOT / "procedures").glob("*.yaml"))
SHARED = ROOT / "procedures" / "shared" / "data-protection.yaml"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_procedure_that_ships_cannot_do_without_one_person(path: Path) -> None:
    """At each step of each procedure there is somebody else, in the one for data protection beside it too."""
    procedure = read(path)
    assert list(check_dead_ends(procedure)) == []
    assert list(check_dead_ends(beside(procedure, read(SHARED)))) == []


def test_a_step_that_hangs_on_one_person_is_an_error(tmp_path: Path) -> None:
    """The one clerk names reviewers and hears of breaches: the line is named, with what is missing."""
    path = tmp_path / "example.yaml"
    lone = SOUND.replace("escalates_to: board", "escalates_to: office")
    path.write_text(lone, encoding="utf-8")
    with pytest.raises(ProcedureFileErrors) as caught:
        read(path)
    said = str(caught.value)
    assert "nobody can assign the stage `first` where `clerk` is involved" in said
    assert "example.yaml:" in said


def test_a_step_that_hangs_on_two_is_a_warning(tmp_path: Path) -> None:
    """It is printed and no mistake, unless warnings count."""
    path = tmp_path / "example.yaml"
    path.write_text(SOUND, encoding="utf-8")
    checked = CliRunner().invoke(app, ["check", str(path)])
    assert checked.exit_code == 0
    assert "example.yaml:43: warning: nobody can approve the outcome of the stage `first`" in checked.stdout
    assert "`board-first` and `board-second`" in checked.stdout
    strict = CliRunner().invoke(app, ["check", "--strict", str(path)])
    assert strict.exit_code == 1
    assert "warning" in strict.stdout


def test_what_was_released_is_read_as_it_was(tmp_path: Path) -> None:
    """Another rule of the checker does not take a released version away from the cases that are open under it."""
    path = tmp_path / "released" / "example" / "1.yaml"
    path.parent.mkdir(parents=True)
    lone = SOUND.replace("escalates_to: board", "escalates_to: office")
    path.write_text(
        lone.replace("      complained_about: {label: About, type: roles}\n", ""), encoding="utf-8"
    )
    assert read(path).version == 1


def test_each_step_is_looked_at() -> None:
    """To assign, to review in the needed number, to approve in it, to decide, to write the last letter and to hold."""
    nobody_over = replace(WITH_LAST, last_resort=None, escalates_to="office")
    assert "nobody can assign the stage `first`" in {gap.what for gap in gaps(nobody_over, ("office-1",))}
    privacy = ("privacy-1", "office-1")
    assert any("hold" in gap.what for gap in gaps(nobody_over, privacy))
    leaders = ("principal", "deputy", "office-1")
    assert any("late reply" in gap.what for gap in gaps(nobody_over, leaders))
    board = ("manager-2", "board-1", "board-2", "office-1")
    assert any("last letter" in gap.what for gap in gaps(nobody_over, board))
    two = on_first(replace(WITH_LAST.stages[0].review, count=2))
    lonely = replace(two, last_resort=None, escalates_to="office")
    assert "only 1 can review the stage `first`" in {
        gap.what for gap in gaps(lonely, ("manager-1", "office-1"))
    }
    agreed = on_first(WITH_LAST.stages[0].review, Approval(by="role", role="privacy", count=1, source="1"))
    agreed = replace(agreed, last_resort=None, escalates_to="privacy")
    assert "nobody can approve the outcome of the stage `first`" in {
        gap.what for gap in gaps(agreed, ("privacy-1",))
    }


def test_what_a_pair_lacks_and_one_of_it_alone_lacks_too_is_said_once() -> None:
    """Warnings leave out what is an error already."""
    agreed = on_first(WITH_LAST.stages[0].review, Approval(by="role", role="privacy", count=1, source="1"))
    agreed = replace(agreed, last_resort=None, escalates_to="privacy")
    assert any("approve" in one.message for one in check_dead_ends(agreed))
    assert not any("`privacy-1` and" in one.message for one in dead_ends_of_pairs(agreed))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_stage_has_somebody_where_all_who_have_its_role_are_involved(path: Path) -> None:
    """As many people as a role has can be marked at once: others assign, review and, as far as they are left,
    approve."""
    own = read(path)
    for procedure in (own, beside(own, read(SHARED))):
        for stage in procedure.stages:
            roles = {stage.review.role, stage.approval.role if stage.approval is not None else ""}
            for role in roles - {""}:
                everybody = tuple(person.id for person in procedure.holders(role))
                lacking = [gap.what for gap in gaps(procedure, everybody) if f"`{stage.id}`" in gap.what]
                assert not [one for one in lacking if one.startswith("nobody")], (stage.id, role)
