"""What every source of mutants makes, and what becomes of a mutant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Verdict = Literal["caught", "survived", "cannot be"]


class CannotBe(Exception):
    """Nobody can make this change: what checks it refuses, or it changes nothing. The text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A change for the worse, and who has to notice it."""

    name: str
    """What is changed, in words; no two mutants have the same."""
    tests: tuple[str, ...]
    """Names of tests for pytest, without parameters: those that the trace or recorded coverage names."""
    apply: Callable[[Path], None]
    """Make the change in this process, which ends afterwards. The folder is empty, and is gone then too.

    CannotBe: it cannot be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a mutant. `by` is the first test that failed, or why the mutant cannot be."""

    name: str
    verdict: Verdict
    by: str = ""
