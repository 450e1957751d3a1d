"""Procedures in a folder of one's own, so that taking a newer version of the application is no merge."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.bundle import write_application
from authoring.where import SHIPPED, VARIABLE, procedures_folder
from cli.main import app


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the procedure of one organisation, which the environment names."""
    folder = tmp_path / "ours"
    folder.mkdir()
    shutil.copy(SHIPPED / "dynamic-training.yaml", folder)
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def said(*words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, words)
    return ended.exit_code, ended.output


def test_the_projects_own_folder_is_meant_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable is none."""
    for value in (None, ""):
        monkeypatch.delenv(VARIABLE, raising=False) if value is None else monkeypatch.setenv(VARIABLE, value)
        assert procedures_folder() == SHIPPED


def test_commands_know_the_folder(ours: Path) -> None:
    """What is not named is looked for there, and nowhere else."""
    code, text = said("check")
    assert (code, "Dynamic Training" in text, "Leadership" in text) == (0, True, False)
    assert said("draw", "dynamic-training")[0] == 0
    assert said("draw", "leadership-east")[0] == 2


def test_a_folder_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is built from the examples because of a slip of the pen."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    code, text = said("check")
    assert (code, "there is no such folder" in text) == (2, True)


def test_a_bundle_has_what_is_in_the_folder(ours: Path, tmp_path: Path) -> None:
    """The functions serve the organisations of that folder, and no example."""
    write_application(tmp_path / "bundle")
    text = " ".join(path.name for path in (tmp_path / "bundle" / "compiled").iterdir())
    assert "dynamic_training" in text.replace("-", "_")
    assert "leadership" not in text
