"""`dueprocess trace`: show each clause of a policy, the rule that keeps it, and the tests that prove it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap

import click

from authoring.clauses import Register, read_register
from authoring.procedure_file import Mistake, ProcedureFileErrors, read
from authoring.trace import Traced, proofs_in, unknown_clauses
from authoring.trace import trace as trace_register
from authoring.where import procedures_folder
from cli import CannotRun
from domain.procedure import Procedure

ROOT = Path(__file__).resolve().parents[2]


@click.command(short_help="Show what keeps and what proves each clause of a policy.")
@click.argument("org", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--procedures",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=procedures_folder,
    show_default="the project's",
    help="The folder of procedure files; their registers are in its folder `clauses`.",
)
@click.option(
    "--tests",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=ROOT / "tests",
    show_default="the project's",
    help="The folder of tests.",
)
@click.pass_context
def trace(context: click.Context, org: str | None, as_json: bool, procedures: Path, tests: Path) -> None:
    """Show the rule that keeps each clause of the policies and the tests that prove it. If ORG is given, show only
    its clauses. `data-protection` means what the law requires for complaints about personal data.

    Ends with exit code 1 if a clause that is not planned lacks either, or if a test names a clause that does not exist.
    """
    registers = _registers(procedures)
    if org is not None and org not in registers:
        raise CannotRun(f"There is no register for `{org}`. Choose one of: {', '.join(registers)}.")
    owners: dict[str, str] = {}
    problems: list[Mistake] = []
    for slug, (register, _) in registers.items():
        for clause in register.clauses:
            if clause.id in owners:
                message = f"{clause.id} is already in the register of {owners[clause.id]}"
                problems.append(Mistake(str(procedures / "clauses" / f"{slug}.yaml"), 1, message))
            owners[clause.id] = slug
    proofs, wrong_marks = proofs_in(tests)
    problems += [*wrong_marks, *unknown_clauses(proofs, owners)]
    traced = {
        slug: (procedure, trace_register(register, procedure, proofs))
        for slug, (register, procedure) in registers.items()
        if org in (None, slug)
    }
    everything = [clause for _, clauses in traced.values() for clause in clauses]
    if as_json:
        click.echo(json.dumps(_as_json(traced, problems), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_as_text(traced)))
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems or any(clause.lacks for clause in everything):
        context.exit(1)


def _registers(procedures: Path) -> dict[str, tuple[Register, Procedure]]:
    found = {}
    for path in sorted((procedures / "clauses").glob("*.yaml")):
        procedure = _read_procedure(_file_of(path.name, procedures))
        try:
            found[path.stem] = (read_register(path, procedure), procedure)
        except ProcedureFileErrors as errors:
            raise CannotRun(str(errors)) from errors
    if not found:
        raise CannotRun(f"There is no register of clauses in {procedures / 'clauses'}.")
    return found


def _file_of(name: str, procedures: Path) -> Path:
    """Return the organisation's file of that name, or the shared rules."""
    own = procedures / name
    return own if own.exists() else procedures / "shared" / name


def _read_procedure(path: Path) -> Procedure:
    try:
        return read(path)
    except ProcedureFileErrors as errors:
        raise CannotRun(str(errors)) from errors


_All = Mapping[str, tuple[Procedure, Sequence[Traced]]]


def _summary(clauses: Sequence[Traced]) -> dict[str, int]:
    planned = sum(bool(clause.clause.planned) for clause in clauses)
    lacking = sum(bool(clause.lacks) for clause in clauses)
    return {
        "clauses": len(clauses),
        "proven": len(clauses) - planned - lacking,
        "planned": planned,
        "lacking": lacking,
    }


def _as_json(traced: _All, problems: Sequence[Mistake]) -> dict[str, object]:
    return {
        "organisations": [
            {
                "slug": slug,
                "organisation": procedure.organisation,
                "document": procedure.document,
                "clauses": [_clause_as_json(clause) for clause in clauses],
                "summary": _summary(clauses),
            }
            for slug, (procedure, clauses) in traced.items()
        ],
        "problems": [
            {"file": problem.file, "line": problem.line, "message": problem.message} for problem in problems
        ],
        "summary": _summary([clause for _, clauses in traced.values() for clause in clauses]),
    }


def _clause_as_json(traced: Traced) -> dict[str, object]:
    return {
        "id": traced.clause.id,
        "where": traced.clause.where,
        "rule": traced.clause.rule,
        "kept_by": [
            {"path": rule.path, "source": rule.source, "own_target": rule.own_target, "words": rule.words}
            for rule in traced.rules
        ],
        "engine": [{"name": name, "words": words} for name, words in traced.mechanisms],
        "planned": traced.clause.planned,
        "tests": list(traced.tests),
        "lacks": list(traced.lacks),
    }


def _as_text(traced: _All) -> Iterator[str]:
    for slug, (procedure, clauses) in traced.items():
        yield f"{procedure.organisation} ({slug}): {procedure.document}"
        for clause in clauses:
            yield ""
            yield from _paragraph(
                f"{clause.clause.id}  {clause.clause.rule} [{clause.clause.where}]", "  ", "         "
            )
            for rule in clause.rules:
                basis = f"{procedure.document}, {rule.source}" if rule.source else "the organisation's own"
                yield from _row("kept by", f"{rule.path}: {rule.words} ({basis})")
            for name, words in clause.mechanisms:
                yield from _row("kept by", f"engine, {name}: {words}")
            if clause.clause.planned:
                yield from _row("planned", clause.clause.planned)
            for test in clause.tests:
                yield f"         {'proven by':<11}{test}"
            for lack in clause.lacks:
                yield from _row("LACKS", lack)
        yield ""
        yield f"  {_spell(_summary(clauses))}"
        yield ""
    if len(traced) > 1:
        yield f"All: {_spell(_summary([clause for _, clauses in traced.values() for clause in clauses]))}"


def _spell(summary: Mapping[str, int]) -> str:
    return (
        f"{summary['clauses']} clauses: {summary['proven']} kept and proven, {summary['planned']} planned, "
        f"{summary['lacking']} lacking"
    )


def _row(name: str, text: str) -> Iterator[str]:
    return _paragraph(text, f"         {name:<11}", " " * 20)


def _paragraph(text: str, first: str, later: str) -> Iterator[str]:
    yield from wrap(
        text,
        110,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
