"""Who can do what, and when: of each procedure that ships one table, so that a change of a right is seen whole.

A missing file is a failure; `UPDATE_GOLDEN=1 make test` writes them anew, to be read.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.who_may import who_may
from cli.main import app
from cli.procedures import find_procedure
from domain.registry import names
from tests.agreed import assert_as_agreed

ROOT = Path(__file__).parents[2]
TABLES = Path(__file__).parent / "who_may"

SEVENTH = str(ROOT / "tests/procedures/northern-isles-college.yaml")
UNIVERSITY = str(ROOT / "tests/procedures/ridgeway-university.yaml")
"""They switch on what none of those that ship does."""

SHIPPED = (
    *sorted(path.stem for path in (ROOT / "procedures").glob("*.yaml")),
    # The rules are the same at every organisation that switches them on, so one stands for all.
    "leadership-east/data-protection",
)


@pytest.mark.parametrize("slug", SHIPPED)
def test_who_can_do_what_is_as_agreed(slug: str) -> None:
    """The terminal shows the table that was read and agreed to, and it has a row for every act there is."""
    result = CliRunner().invoke(app, ["who-may", slug])
    rows = [line.split()[1] for line in result.output.splitlines() if line.startswith("|")]

    assert result.exit_code == 0, result.output
    assert rows[2:] == list(names())
    assert_as_agreed(TABLES / f"{slug.replace('/', '.')}.md", result.output)


def test_no_table_is_left_over() -> None:
    """Each file is that of a procedure that ships."""
    assert {path.stem for path in TABLES.iterdir()} == {slug.replace("/", ".") for slug in SHIPPED}


def test_every_act_can_be_done_by_somebody() -> None:
    """The states come to every act: each can be done in one of them, at one organisation or another."""
    tables = [who_may(find_procedure(slug)) for slug in (*SHIPPED, SEVENTH, UNIVERSITY)]
    done = {act for table in tables for act, cells in table.rows.items() if any(cells)}

    assert done == set(names())
