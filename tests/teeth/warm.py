"""Runs the tests of mutants in processes that are forked from one in which pytest has collected them all.

The parent imports everything, sets up what lasts for the whole session, and runs one test, so that what is loaded late
is loaded too. A child makes one mutant's change, runs its tests until one fails, and ends.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from tests.teeth.mutants import CannotBe, Mutant, Outcome

OPTIONS: Final = ("-p", "no:terminal", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib")


class CannotRun(Exception):
    """The tests cannot be collected, or a process ended without a word. The text is a sentence."""


def run(
    mutants: Sequence[Mutant], tell: Callable[[Mutant, Outcome], None], *, processes: int = 1, root: Path
) -> None:
    """Run the tests of each mutant, and tell what became of it, in their order. `root` is where the names of tests
    begin; each has to be that of a test there.

    CannotRun: as it says."""
    files = sorted({str(root / test.partition("::")[0]) for mutant in mutants for test in mutant.tests})
    if not files:
        raise CannotRun("No mutant has a test.")
    warm = _Warm(mutants=mutants, tell=tell, processes=processes)
    code = pytest.main([*OPTIONS, "--rootdir", str(root), *files], plugins=[warm])
    if warm.problem is not None:
        raise warm.problem
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise CannotRun("\n".join(warm.broken) or f"pytest ended with {code!r}.")


@dataclass(eq=False, kw_only=True)
class _Warm:
    """A plugin that runs mutants in place of the tests that were collected."""

    mutants: Sequence[Mutant]
    tell: Callable[[Mutant, Outcome], None]
    processes: int
    broken: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    problem: CannotRun | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not self.broken:
            try:
                self._run_all(session)
            except CannotRun as problem:
                self.problem = problem
        return True

    def _run_all(self, session: pytest.Session) -> None:
        items = _by_name(session.items)
        for mutant in self.mutants:
            for test in mutant.tests:
                if test not in items:
                    raise CannotRun(f"There is no test {test}.")
        # What belongs to the session is kept, as there is more to come in it.
        _protocol(session.items[0], session)
        waiting: list[tuple[Mutant, int, int]] = []
        for mutant in self.mutants:
            if len(waiting) == self.processes:
                self._await(*waiting.pop(0))
            chosen = [item for test in mutant.tests for item in items[test]]
            waiting.append((mutant, *self._forked(mutant, chosen)))
        for one in waiting:
            self._await(*one)

    def _forked(self, mutant: Mutant, items: Sequence[pytest.Item]) -> tuple[int, int]:
        """Return a new process, and where it writes what became of the mutant."""
        reading, writing = os.pipe()
        process = os.fork()
        if process:
            os.close(writing)
            return process, reading
        try:
            os.close(reading)
            with os.fdopen(writing, "w", encoding="utf-8") as out:
                json.dump(asdict(self._outcome(mutant, items)), out)
            os._exit(0)
        finally:
            os._exit(1)

    def _await(self, mutant: Mutant, process: int, reading: int) -> None:
        with os.fdopen(reading, encoding="utf-8") as answer:
            said = answer.read()
        _, status = os.waitpid(process, 0)
        if status or not said:
            raise CannotRun(f"The process for “{mutant.name}” ended with {status} and said nothing.")
        self.tell(mutant, Outcome(**json.loads(said)))

    def _outcome(self, mutant: Mutant, items: Sequence[pytest.Item]) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="teeth-") as folder:
            try:
                mutant.apply(Path(folder))
            except CannotBe as why:
                return Outcome(name=mutant.name, verdict="cannot be", by=str(why))
            self.failed.clear()
            for item, following in pairwise((*items, None)):
                assert item is not None
                _protocol(item, following)
                if self.failed:
                    return Outcome(name=mutant.name, verdict="caught", by=self.failed[0])
        return Outcome(name=mutant.name, verdict="survived")


def _by_name(items: Iterable[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """Return tests by their names without parameters."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        found.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return found


def _protocol(item: pytest.Item, following: Any) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
