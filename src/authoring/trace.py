"""Proof by clause: for each clause of a policy, the rule that keeps it and the tests that prove it.

Tests name their clauses in marks (`@pytest.mark.clause("AB-02")`, on a function, a class, or one parameter of a
test). The marks are read from the source text; no test is imported. A test that is always skipped, or that is
expected to fail, proves nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from authoring.clauses import MECHANISMS, Clause, Register, Rule, rule_at
from authoring.procedure_file import Mistake
from domain.procedure import Procedure

_PROVES_NOTHING: Final = ("skip", "xfail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A test that names a clause. `test` is its name for pytest; `file` and `line` are where it stands."""

    clause: str
    test: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A clause with what keeps it and what proves it."""

    clause: Clause
    rules: tuple[Rule, ...]
    mechanisms: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]

    @property
    def lacks(self) -> tuple[str, ...]:
        """What a clause that is not planned has to have and does not."""
        if self.clause.planned:
            return ()
        kept = bool(self.rules or self.mechanisms)
        return (*(() if kept else ("a rule",)), *(() if self.tests else ("a test",)))


def trace(register: Register, procedure: Procedure, proofs: Sequence[Proof]) -> tuple[Traced, ...]:
    """Return every clause of a register, in its order."""
    return tuple(
        Traced(
            clause=clause,
            rules=tuple(rule_at(procedure, path) for path in clause.kept_by),
            mechanisms=tuple((name, MECHANISMS[name]) for name in clause.engine),
            tests=tuple(dict.fromkeys(proof.test for proof in proofs if proof.clause == clause.id)),
        )
        for clause in register.clauses
    )


def proofs_in(tests: Path) -> tuple[tuple[Proof, ...], tuple[Mistake, ...]]:
    """Return what the tests in a folder say that they prove, and what is wrong with their marks."""
    proofs: list[Proof] = []
    problems: list[Mistake] = []
    for path in sorted(tests.rglob("test_*.py")):
        name = f"{tests.name}/{path.relative_to(tests).as_posix()}"
        tree = ast.parse(path.read_bytes(), filename=name)
        for found in _in_body(tree.body, name, _of_module(tree, name), ()):
            if isinstance(found, Mistake):
                problems.append(found)
            else:
                proofs.append(found)
    return tuple(proofs), tuple(problems)


def unknown_clauses(proofs: Sequence[Proof], known: Mapping[str, object]) -> tuple[Mistake, ...]:
    """Return the marks that name no clause of any register."""
    return tuple(
        Mistake(proof.file, proof.line, f"there is no clause `{proof.clause}`")
        for proof in proofs
        if proof.clause not in known
    )


_Mark = tuple[str, int]
"""A clause's id, and the line of its mark."""


def _of_module(tree: ast.Module, file: str) -> tuple[_Mark | Mistake, ...]:
    """Return the marks for all tests of a module (`pytestmark = ...`)."""
    return tuple(
        mark
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in statement.targets)
        for mark in _marks(statement.value, file)
    )


def _in_body(
    body: Sequence[ast.stmt], file: str, around: tuple[_Mark | Mistake, ...], within: tuple[str, ...]
) -> Iterator[Proof | Mistake]:
    yield from (mark for mark in around if isinstance(mark, Mistake) and not within)
    outer = tuple(mark for mark in around if not isinstance(mark, Mistake))
    for statement in body:
        if not isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        found = [mark for decorator in statement.decorator_list for mark in _marks(decorator, file)]
        yield from (mark for mark in found if isinstance(mark, Mistake))
        own = tuple(mark for mark in found if not isinstance(mark, Mistake))
        names = (*within, statement.name)
        useless = [word for decorator in statement.decorator_list for word in _useless(decorator)]
        if useless:
            for _, line in own:
                yield Mistake(file, line, f"a test with `{useless[0]}` does not prove a clause")
        elif isinstance(statement, ast.ClassDef):
            yield from _in_body(statement.body, file, (*outer, *own), names)
        elif statement.name.startswith("test"):
            for clause, line in (*outer, *own):
                yield Proof(clause=clause, test="::".join((file, *names)), file=file, line=line)
        else:
            for clause, line in own:
                yield Mistake(file, line, f"`{statement.name}` is not a test and cannot prove {clause}")


def _marks(node: ast.expr, file: str) -> Iterator[_Mark | Mistake]:
    """Yield the clauses that `pytest.mark.clause(...)` names, anywhere in a decorator."""
    for call in ast.walk(node):
        if not (isinstance(call, ast.Call) and _is_mark(call.func, "clause")):
            continue
        if not call.args or call.keywords:
            yield Mistake(file, call.lineno, "`clause` takes the ids of clauses, at least one")
        for argument in call.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value, argument.lineno
            else:
                yield Mistake(file, argument.lineno, "a clause is named by its id as plain text")


def _useless(node: ast.expr) -> Iterator[str]:
    called = node.func if isinstance(node, ast.Call) else node
    yield from (word for word in _PROVES_NOTHING if _is_mark(called, word))


def _is_mark(node: ast.expr, name: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "mark"
    )
