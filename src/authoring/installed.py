"""Tells whether an environment's files are as they were installed: `python -IS src/authoring/installed.py .venv`.

uv links the files of an environment to its cache. What edits one in place edits it in the cache, and in every other
environment on the machine; and the next one that is made from the cache has the fault from the start. So the Makefile
asks each time it is going to use an environment, and this has to be quick and to need nothing that is installed: it
compares the length of each file with the one in the record that the installer left. It does not read the files. An
edit that keeps the length goes unnoticed, and what is nobody's (bytecode, files that were added) is not looked at.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path


def damaged(environment: Path) -> dict[str, list[str]]:
    """Return, for each distribution that has any, its files that are missing or of another length than recorded. Paths
    are those of the record: from the folder of installed packages."""
    found = {}
    for record in sorted(environment.glob("lib/python3*/site-packages/*.dist-info/RECORD")):
        if files := [*_damaged_of(record)]:
            found[record.parent.name.partition("-")[0]] = files
    return found


def _damaged_of(record: Path) -> Iterator[str]:
    packages = record.parents[1]
    with record.open(encoding="utf-8", newline="") as rows:
        for path, _, length in csv.reader(rows):
            if not length:
                continue  # the record itself, and what was made after the installation
            try:
                found = (packages / path).stat().st_size
            except OSError:
                found = -1
            if found != int(length):
                yield path


def main(environment: str) -> str | None:
    """Return what is wrong with an environment, as sentences; None: nothing is."""
    found = damaged(Path(environment))
    if not found:
        return None
    files = [path for paths in found.values() for path in paths]
    shown = ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    return (
        f"{environment} is damaged: files are not as they were installed ({shown}).\n"
        "uv links files to its cache, so the cache and other environments may have the same fault.\n"
        f"To mend the cache, run: .venv/bin/uv cache clean {' '.join(found)}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
