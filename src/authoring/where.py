"""Where procedure files are: in this repository, or in a folder or a repository of one's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).resolve().parents[2] / "procedures"
"""The folder that comes with the application: examples, and the rules that can be switched on."""

VARIABLE: Final = "PROCEDURES"
"""The environment variable that names another folder."""


def procedures_folder() -> Path:
    """Return the folder of procedure files. FileNotFoundError: there is none where the environment says."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        return SHIPPED
    folder = Path(named).resolve()
    if not folder.is_dir():
        raise FileNotFoundError(2, f"there is no such folder, which {VARIABLE} names", named)
    return folder
