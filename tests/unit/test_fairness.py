"""What `dueprocess check` warns of: an exit code of 0, and with `--strict` of 1."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.where import SHIPPED
from cli.main import app

SOUND = (Path(__file__).parent / "sound_procedure.yaml").read_text(encoding="utf-8")

ABOVE = SOUND.replace("  board: Board member\n", "  board: Board member\n  chief: Chief\n", 1).replace(
    "coordinator: office\nescalates_to: board\n",
    "  chief: {name: Chief, email: chief@example.example, roles: [chief]}\n"
    "coordinator: office\nescalates_to: chief\n",
    1,
)
FAIR = ABOVE.replace("retention:\n", "directory: {kept_by: [office], own_target: Ours.}\nretention:\n", 1)


def said(text: str, tmp_path: Path, *options: str) -> tuple[int, str]:
    path = tmp_path / "example.yaml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", *options, str(path)])
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        (
            FAIR.replace(
                "second@example.example, roles: [board]", "second@example.example, roles: [board, manager]", 1
            ).replace("fresh: true, ", "", 1),
            "the same person can decide at the stage `second` and at one before it (`board-second`)",
        ),
        (
            FAIR.replace("escalates_to: chief", "escalates_to: board", 1),
            "a date that is missed at the stage `second` is told to nobody but those who can have missed it",
        ),
        (
            FAIR.replace(
                "escalates_to: chief", "escalates_to: board\nlast_resort: {role: board, own_target: Ours.}", 1
            ),
            "a date that is missed at the stage `second` is told to nobody but those who can have missed it",
        ),
        (
            ABOVE,
            "name who keeps it under `directory`",
        ),
        (
            FAIR.replace("review: {role: manager", "review: {role: manager, count: 2", 1),
            "nobody can take the place of a reviewer of the stage `first` but those whom breaches go to",
        ),
    ],
)
def test_what_is_unfair_is_warned_of(changed: str, warned: str, tmp_path: Path) -> None:
    """The file can be used all the same, and where it is to be strict it cannot; what is not so is not warned of."""
    assert changed != FAIR
    code, output = said(changed, tmp_path)
    assert (code, warned in output) == (0, True), output
    assert said(changed, tmp_path, "--strict")[0] == 1
    assert warned not in said(FAIR, tmp_path)[1]


def test_the_last_resort_is_somebody_else_to_tell(tmp_path: Path) -> None:
    """Whom breaches go to can be late without being the only one who hears of it."""
    text = FAIR.replace(
        "escalates_to: chief", "escalates_to: board\nlast_resort: {role: chief, own_target: Ours.}", 1
    )
    assert "told to nobody but" not in said(text, tmp_path)[1]


OF_THE_POLICY = {
    "alliance-for-learning": "the same person can decide at the stage `formal` and at one before it"
}
"""What a policy itself makes a warning of: its Director settles concerns, and investigates complaints."""


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_procedure_that_ships_is_warned_of(path: Path) -> None:
    """But for what its policy says itself."""
    checked = CliRunner().invoke(app, ["check", str(path)])
    assert checked.exit_code == 0
    warned = [line for line in checked.output.splitlines() if ": warning: " in line]
    known = OF_THE_POLICY.get(path.stem)
    assert (not warned) if known is None else (len(warned) == 1 and known in warned[0])
