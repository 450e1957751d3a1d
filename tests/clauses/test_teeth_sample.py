"""`make teeth` in small: a few of the rules that keep clauses are weakened, and the tests of those clauses notice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
def test_a_sample_of_weakened_rules_is_noticed() -> None:
    """Another few with each commit, chosen by the hash of what is in it. `make teeth` tries all."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD^{tree}"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    tried = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.teeth", "--sample", "4", "--seed", commit],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PROCEDURES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 0, tried.stdout + tried.stderr
