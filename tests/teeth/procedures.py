"""Mutants from procedure files: for each rule that a register names, its weaker versions, for the tests that the trace
names for that clause."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from authoring.clauses import read_register
from authoring.compile import write
from authoring.nodes import Reading, compose
from authoring.procedure_file import ProcedureFileErrors, read
from authoring.trace import Proof, proofs_in, trace
from authoring.where import SHIPPED, VARIABLE
from domain.procedure import Procedure
from tests.teeth.changes import Change, Values, changes
from tests.teeth.mutants import CannotBe, Mutant

TESTS: Final = Path(__file__).parents[1]
OURS: Final = ("adapters", "authoring", "domain", "handlers")
"""Packages of which modules keep what they worked out of a procedure."""


def of_procedures(
    folder: Path = SHIPPED, *, tests: Path = TESTS, only: Iterable[str] = ()
) -> Iterator[Mutant]:
    """Yield the mutants of every procedure file in a folder that has a register of clauses, or of those with the slugs
    in `only`. Clauses that are planned have none."""
    wanted = frozenset(only)
    proofs, _ = proofs_in(tests)
    for register in sorted((folder / "clauses").glob("*.yaml")):
        if not wanted or register.stem in wanted:
            # A rule and a part of it can both be named: what both lead to is changed once.
            found = {mutant.name: mutant for mutant in _of_register(register, folder, proofs)}
            yield from found.values()


def _of_register(register: Path, folder: Path, proofs: tuple[Proof, ...]) -> Iterator[Mutant]:
    file = next(path for path in (folder / register.name, folder / "shared" / register.name) if path.exists())
    procedure, values = read(file), values_in(file)
    for traced in trace(read_register(register, procedure), procedure, proofs):
        if not traced.clause.planned:
            for path in traced.clause.kept_by:
                for change in changes(values, path):
                    served = Served(folder=folder, file=file, values=values, change=change)
                    yield Mutant(
                        name=f"{traced.clause.id} {change.name}", tests=traced.tests, apply=served.serve
                    )


def values_in(file: Path) -> Values:
    """Return what is written in a procedure file that has no mistakes."""
    node = compose(file, Reading(root=Procedure))
    values: Values = yaml.SafeLoader("").construct_document(node)
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A folder of procedure files in which one file is changed."""

    folder: Path
    file: Path
    values: Values
    change: Change | None
    """None: the file is only written anew, and says what it said."""

    def serve(self, out: Path) -> None:
        """Have this process serve the changed procedures, for what is compiled and for the command line.

        CannotBe: the checker finds mistakes in every way to make the change, or it changes nothing."""
        versions = (self.values,) if self.change is None else self.change.versions(self.values)
        why = "no way to make it"
        for number, version in enumerate(versions):
            place = out / str(number)
            changed = self._copied(place, version)
            try:
                same = read(changed) == read(self.file)
                write(place, place / "generated")
            except ProcedureFileErrors as errors:
                why = errors.problems[0].message
                continue
            if same and self.change is not None:
                why = "it says the same"
                continue
            _use(place)
            return
        raise CannotBe(why)

    def _copied(self, place: Path, version: Values) -> Path:
        (place / "shared").mkdir(parents=True)
        for path in (*self.folder.glob("*.yaml"), *self.folder.glob("shared/*.yaml")):
            (place / path.relative_to(self.folder)).symlink_to(path)
        changed = place / self.file.relative_to(self.folder)
        changed.unlink()
        changed.write_text(yaml.safe_dump(version, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return changed


def _use(folder: Path) -> None:
    os.environ[VARIABLE] = str(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "compiled"]:
        del sys.modules[name]
    sys.path.insert(0, str(folder / "generated"))
    importlib.invalidate_caches()
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] in OURS:
            for value in tuple(vars(module).values()):
                _forget(value)


def _forget(kept: Any) -> None:
    clear = getattr(kept, "cache_clear", None)
    if callable(clear):
        clear()
