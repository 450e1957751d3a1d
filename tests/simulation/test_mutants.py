"""The simulation has teeth: each mistake made on purpose is found, and the table in the documentation says how."""

from __future__ import annotations

import os

import pytest

from tests.simulation.deployment import ROOT
from tests.simulation.ground import spread
from tests.simulation.mutants import MUTANTS, Mutant, caught

PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- mutants -->\n", "<!-- end of mutants -->\n"


def told(mutant: Mutant) -> tuple[str, str]:
    return mutant.name, caught(mutant)


@pytest.mark.timeout(1800)
def test_every_mutant_is_caught_and_stands_in_the_table() -> None:
    """UPDATE_GOLDEN=1 writes the table anew."""
    found = dict(spread(told, MUTANTS))
    assert not [name for name, how in found.items() if not how]
    rows = [f"| {one.name} | `{one.module}` | {found[one.name]} |\n" for one in MUTANTS]
    table = "| mistake | in | caught by |\n| --- | --- | --- |\n" + "".join(rows)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    expected = f"{before}{BEGIN}{table}{END}{after}"
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(expected, encoding="utf-8")
    assert expected == PAGE.read_text(encoding="utf-8")
