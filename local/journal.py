"""What was stored since the last save, change by change, so that a killed process loses nothing it has answered for.

A line holds all that one request changed, as the items are afterwards; it is written before the request is answered.
Lines can be applied again and again, to a state that has them already too: whatever is saved between two lines, all
lines in their order lead to the same end.
"""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    Change = tuple[str, Mapping[str, Any], bool]
    """A table's name, an item of it, and whether the item is there afterwards."""


class Journal:
    """The files of a folder, numbered in the order in which they were begun."""

    def __init__(self, folder: Path) -> None:
        """Go on after what the folder holds."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._number = max((int(path.stem) for path in self._files()), default=0)
        self._file = -1
        self.turn()

    def write(self, changes: list[Change]) -> None:
        """Add one line."""
        line = json.dumps(changes, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            # A process that is killed leaves to the system what it has written.
            os.write(self._file, line)

    def turn(self) -> int:
        """Begin a new file, and return its number: what is saved from now on holds all that stands in earlier ones."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
            self._number += 1
            path = self._folder / f"{self._number:08}.jsonl"
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            return self._number

    def forget(self, before: int) -> None:
        """Delete the files with lower numbers: a state that holds them was saved."""
        for path in self._files():
            if int(path.stem) < before:
                path.unlink(missing_ok=True)

    def read(self) -> Iterator[list[Change]]:
        """Yield every line, oldest first. One that was not written to its end was never answered for."""
        for path in self._files():
            for line in path.read_bytes().splitlines(keepends=True):
                if line.endswith(b"\n"):
                    yield [(table, item, is_there) for table, item, is_there in json.loads(line)]

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.jsonl"))
