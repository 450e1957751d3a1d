"""What became of mutants, kept so that a run that was stopped goes on where it was.

It stands in a file that is named for everything that an outcome can depend on: after a change of the sources the name
is another, so nothing that is kept is ever stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.teeth.mutants import Outcome

SOURCES: Final = (
    "src",
    "tests",
    "procedures",
    "templates",
    "events",
    "template.yaml",
    "requirements/dev.txt",
    "pyproject.toml",
)


def digest(root: Path, sources: Iterable[str] = SOURCES) -> str:
    """Return a text that is another after any change of a file in these files and folders."""
    found = hashlib.sha256()
    for source in sources:
        path = root / source
        for file in sorted(path.rglob("*")) if path.is_dir() else (path,):
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(f"{file.relative_to(root)}\0{file.stat().st_size}\0".encode())
                found.update(file.read_bytes())
    return found.hexdigest()[:16]


class Kept:
    """The outcomes of these sources. Several processes can keep theirs at the same time."""

    def __init__(self, folder: Path, sources: str) -> None:
        """Keep them in `folder`; those of other sources are removed from there."""
        self._file = folder / f"{sources}.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("*.jsonl"):
            if stale != self._file:
                stale.unlink(missing_ok=True)

    def outcomes(self) -> dict[str, Outcome]:
        """Return what is kept, by the mutants' names. A line that was cut off by a stop is left out."""
        if not self._file.exists():
            return {}
        found = {}
        for line in self._file.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError):
                outcome = Outcome(**json.loads(line))
                found[outcome.name] = outcome
        return found

    def keep(self, outcome: Outcome) -> None:
        # A line of its own, whatever a stop has left of the one before.
        with self._file.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
