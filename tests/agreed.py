"""Golden files: what was read once, and agreed to."""

from __future__ import annotations

import os
from pathlib import Path


def assert_as_agreed(path: Path, made: str) -> None:
    """What is made now stands in the file, byte for byte. UPDATE_GOLDEN=1 writes it anew, to be read."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing; UPDATE_GOLDEN=1 writes it"
    assert path.read_text(encoding="utf-8") == made
