"""Code as a function runs it: in an interpreter of its own, with the sources and a compiled package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"


def in_a_function(out: Path, code: str) -> object:
    """What `code` leaves in `answer`, run by a fresh interpreter that has the sources and the compiled package."""
    script = (
        f"import sys; sys.path[:0] = [{str(SOURCE)!r}, {str(out)!r}]\n"
        f"from adapters import procedures\n{code}\nimport json; print(json.dumps(answer))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    answer: object = json.loads(done.stdout)
    return answer
