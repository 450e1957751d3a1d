"""Which way a message takes is decided in one place: by mail where there is an address, on paper where there is not."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from adapters.post.channels import Channel, carries_link, channels_to
from adapters.post.messages import Recipient
from domain.case import COMPLAINANT
from domain.notices import Notice
from domain.provisions import Letters
from tests.unit.invented import PROCEDURE

SRC: Final = Path(__file__).parents[2] / "src"

POSTING: Final = replace(PROCEDURE, letters=Letters(signed_by="board", by_post=("outcome",), source="7"))
"""An organisation that sends outcomes on paper too."""

WITH_EMAIL: Final = Recipient(person=COMPLAINANT, name="Bo", email="bo@complainant.example")
WITHOUT: Final = replace(WITH_EMAIL, email="")
STAFF: Final = Recipient(person="office-1", name="Office", email="office@college.example")


@pytest.mark.parametrize(
    ("to", "notice", "channels"),
    [
        (WITH_EMAIL, "closure", ("mail",)),
        (WITH_EMAIL, "outcome", ("mail", "letter")),
        (WITH_EMAIL, "fresh-link", ("mail",)),
        (WITHOUT, "closure", ("letter",)),
        (WITHOUT, "outcome", ("letter",)),
        (WITHOUT, "fresh-link", ()),
        (STAFF, "outcome", ("mail",)),
        (replace(STAFF, email=""), "outcome", ()),
    ],
)
def test_each_way_has_its_reason(to: Recipient, notice: Notice, channels: tuple[Channel, ...]) -> None:
    """Mail goes to whoever has an address. Paper goes to the complainant who has none, and where the procedure says so;
    a link cannot be followed on paper, and nothing is posted to staff."""
    assert channels == channels_to(to, notice, POSTING)
    assert carries_link(to, notice, POSTING) is ("mail" in channels)


def test_no_other_module_asks_whether_something_goes_by_mail_or_on_paper() -> None:
    """The rule is asked in one place, and each channel is used there alone."""
    used_in = {"goes_by_post": set[str](), "send_mail": set[str](), "have_posted": set[str]()}
    for path in sorted((SRC / "adapters").rglob("*.py")) + sorted((SRC / "handlers").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name) and node.id in used_in:
                used_in[node.id].add(path.relative_to(SRC).as_posix())
    assert {one: {"adapters/post/channels.py"} for one in used_in} == used_in
