"""The index of decisions says what is in the folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "docs/decisions"
RECORDS: Final = sorted(FOLDER.glob("[0-9]*.md"))
INDEX: Final = re.findall(
    r"^\| (.+) \| (.+) \|$", (FOLDER / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE
)[2:]
"""The rows of the index: a record's number, or those that were not used, and what was decided."""


def heading(record: Path) -> str:
    """The first line of a record, without its number."""
    number, _, text = record.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").partition(". ")
    assert int(record.name[:4]) == int(number), f"{record.name} is headed {number}."
    return text


def test_the_index_lists_every_record_by_its_heading() -> None:
    """A record has the number of its file, and stands in the index under its heading, in order."""
    listed = [row for row in INDEX if row[0].startswith("[")]
    assert listed == [(f"[{one.name[:4]}]({one.name})", heading(one)) for one in RECORDS]


def test_no_number_is_left_out_without_a_word() -> None:
    """The numbers run from one to the newest; those that no record has are named as not used."""
    numbers: list[int] = []
    for given, _ in INDEX:
        first, *rest = map(int, re.findall(r"\d{4}", given.partition("]")[0]))
        numbers += range(first, rest[-1] + 1) if " to " in given else (first, *rest)
    assert numbers == list(range(1, int(RECORDS[-1].name[:4]) + 1))
