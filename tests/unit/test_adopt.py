"""What a new stack begins with, when it adopts what a deleted one left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.adopt import beginning
from cli.main import app
from tests.unit.test_transformed import transformed

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def test_it_begins_with_what_the_whole_has() -> None:
    """Tables and bucket are described as the whole template describes them, so that deploying it changes none; and
    all are kept, as CloudFormation asks of what it imports."""
    kept = ("CasesTable", "KeysTable", "DocumentsBucket")
    whole, first = transformed(), beginning(TEMPLATE, kept)
    assert first["Resources"] == {name: whole["Resources"][name] for name in kept}
    for name in ("Parameters", "Conditions"):
        assert first[name] == {one: whole[name][one] for one in first[name]}
    assert set(first["Parameters"]) == {"Environment", "RecoveryPeriodInDays", "TableUnitsASecond"}
    assert set(first["Conditions"]) == {"IsProduction", "LimitsTable"}
    assert all(one["DeletionPolicy"] == "RetainExceptOnCreate" for one in first["Resources"].values())


def test_an_unknown_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of AWS for an environment that samconfig.toml does not have."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    asked = CliRunner().invoke(app, ["adopt", "--env", "nowhere", "--table", "t", "--bucket", "b"])
    assert (asked.exit_code, asked.stderr.strip()) == (2, "Error: samconfig.toml has no environment nowhere.")
