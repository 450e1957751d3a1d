"""The simulation has teeth: each mistake made on purpose is found, and the table in the documentation says how."""

from __future__ import annotations

import os
import re

import pytest

from tests.simulation.deployment import ROOT
from tests.simulation.ground import spread
from tests.simulation.mutants import MUTANTS, Mutant, caught

PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- mutants -->\n", "<!-- end of mutants -->\n"
HEADING = "| mistake | in | caught by |\n| --- | --- | --- |\n"


def row(mutant: Mutant, how: str) -> str:
    return f"| {mutant.name} | `{mutant.module}` | {how} |\n"


def told(mutant: Mutant) -> tuple[str, str]:
    return mutant.name, row(mutant, caught(mutant, life=life_of(mutant)))


def in_table(mutant: Mutant) -> str:
    """The mutant's row in the documentation. Empty: it has none."""
    return next(
        (one for one in table().splitlines(keepends=True) if one.startswith(row(mutant, "")[:-3])), ""
    )


def life_of(mutant: Mutant) -> int | None:
    """The random life by which the documentation says that the mutant is caught: most others take it for no mistake."""
    found = re.search(r"\(random life (\d+)\)", in_table(mutant))
    return int(found[1]) if found else None


def without_life(row: str) -> str:
    """Where lives are drawn otherwise another one may show the same."""
    return re.sub(r"\(random life \d+\)", "(random life)", row)


def table() -> str:
    """The rows in the documentation."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN + HEADING)
    return rest.partition(END)[0]


@pytest.mark.timeout(1800)
def test_the_table_has_a_row_for_each_mutant() -> None:
    """In their order, and none is left over. UPDATE_GOLDEN=1 writes it anew."""
    if os.environ.get("UPDATE_GOLDEN"):
        rows = dict(spread(told, MUTANTS))
        written = "".join(rows[one.name] for one in MUTANTS)
        page = PAGE.read_text(encoding="utf-8").replace(f"{table()}{END}", f"{written}{END}")
        PAGE.write_text(page, encoding="utf-8")
    beginnings = [one.split("|")[:3] for one in table().splitlines()]
    assert beginnings == [row(one, "").split("|")[:3] for one in MUTANTS]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_mutant_is_caught_as_the_table_says(mutant: Mutant) -> None:
    """By a rule that it violates, and where the table says that it does."""
    how = caught(mutant, life=life_of(mutant))
    assert how
    assert without_life(row(mutant, how)) == without_life(in_table(mutant))
