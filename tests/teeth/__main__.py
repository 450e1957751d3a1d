"""`python -m tests.teeth`: weaken every rule that keeps a clause, and print what no test of that clause notices."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

import click
import yaml

from tests.teeth.kept import Kept, digest
from tests.teeth.mutants import Mutant, Outcome
from tests.teeth.procedures import of_procedures
from tests.teeth.warm import CannotRun, run

ROOT: Final = Path(__file__).parents[2]
EQUIVALENTS: Final = Path(__file__).with_name("equivalents.yaml")
Say = Callable[[str], None]


@click.command()
@click.argument("organisations", nargs=-1)
@click.option("--only", default="", help="Only mutants whose name has this text in it: a clause, a path.")
@click.option(
    "--source", default="", metavar="MODULE:FUNCTION", help="Take the mutants that this yields instead."
)
@click.option("--sample", type=int, default=0, help="Only so many, chosen by --seed.")
@click.option("--seed", default="", help="Any text; the same one chooses the same mutants.")
@click.option(
    "--processes", type=click.IntRange(1), default=1, show_default=True, help="How many run at once."
)
@click.option("--list", "only_list", is_flag=True, help="Print the mutants, and run nothing.")
@click.pass_context
def teeth(
    context: click.Context,
    organisations: tuple[str, ...],
    only: str,
    source: str,
    sample: int,
    seed: str,
    processes: int,
    only_list: bool,
) -> None:
    """Weaken every rule that keeps a clause, run the tests that the trace names for that clause, and print what
    became of it; of all ORGANISATIONS where none is given. What was done is kept in build/teeth until a source changes:
    run it again to go on.

    Ends with exit code 1 if a mutant survives, and with 2 if the tests cannot run."""
    same = equivalents()
    mutants = chosen(tuple(_of(source, organisations)), only=only, sample=sample, seed=seed)
    if only_list:
        click.echo("\n".join(mutant.name for mutant in mutants))
        return
    # pytest takes standard output away while it collects.
    out = sys.stdout

    def say(line: str) -> None:
        print(line, file=out, flush=True)

    try:
        outcomes = judge(
            mutants,
            kept=Kept(ROOT / "build/teeth", digest(ROOT)),
            say=lambda outcome: say(line(outcome, unnoticed=same)),
            processes=processes,
        )
    except CannotRun as problem:
        raise click.UsageError(str(problem)) from problem
    context.exit(report(outcomes, equivalents=same, say=say))


def chosen(mutants: Sequence[Mutant], *, only: str, sample: int, seed: str) -> Sequence[Mutant]:
    """Return the mutants that have `only` in their names, or so many of them; 0: all."""
    named = [mutant for mutant in mutants if only in mutant.name]
    if not sample or sample >= len(named):
        return named
    return random.Random(seed).sample(named, sample)


def judge(
    mutants: Sequence[Mutant],
    *,
    kept: Kept,
    say: Callable[[Outcome], None],
    processes: int = 1,
    root: Path = ROOT,
) -> list[Outcome]:
    """Return what became of each mutant, and say it as soon as it is known; of those that are kept, without running
    anything again.

    CannotRun: a test that is named is not there, or fails without any change."""
    known = kept.outcomes()
    left = [mutant for mutant in mutants if mutant.name not in known]

    def tell(mutant: Mutant, outcome: Outcome) -> None:
        if mutant is before and outcome.verdict == "caught":
            raise CannotRun(f"{outcome.by} fails, and nothing is changed.")
        known[mutant.name] = outcome
        kept.keep(outcome)
        if mutant is not before:
            say(outcome)

    before = _unchanged(left)
    if left:
        run([*(() if before.name in known else (before,)), *left], tell, processes=processes, root=root)
    return [known[mutant.name] for mutant in mutants]


def line(outcome: Outcome, *, unnoticed: Container[str] = ()) -> str:
    """Return what is printed of an outcome. `unnoticed`: the names of mutants that nobody can notice."""
    match outcome.verdict:
        case "survived" if outcome.name in unnoticed:
            return f"the same   {outcome.name}"
        case "survived":
            return f"SURVIVED   {outcome.name}"
        case "caught":
            return f"caught     {outcome.name} by {outcome.by}"
        case "cannot be":
            return f"cannot be  {outcome.name} ({outcome.by})"


def report(outcomes: Iterable[Outcome], *, equivalents: Mapping[str, str], say: Say) -> int:
    """Print what survives and how many of each there are; return the exit code."""
    found = list(outcomes)
    survivors = [one.name for one in found if one.verdict == "survived" and one.name not in equivalents]
    noticed = [one for one in found if one.verdict != "survived" and one.name in equivalents]
    number = Counter(one.verdict for one in found)
    say("")
    for name in survivors:
        say(f"SURVIVED   {name}")
    for one in noticed:
        say(f"equivalents.yaml says that nobody can notice this, but: {line(one)}")
    say(
        f"{len(found)} mutants: {number['caught']} caught, {number['cannot be']} that cannot be, "
        f"{number['survived'] - len(survivors)} that nobody can notice, {len(survivors)} survived"
    )
    return 1 if survivors or noticed else 0


def equivalents() -> dict[str, str]:
    """Return the mutants that change nothing anybody can notice, each with the reason."""
    return yaml.safe_load(EQUIVALENTS.read_text(encoding="utf-8")) or {}


def _unchanged(mutants: Sequence[Mutant]) -> Mutant:
    """Return what changes nothing, with the tests of all mutants: none of them may fail."""
    tests = tuple(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
    return Mutant(name=f"nothing, for {', '.join(tests)}", tests=tests, apply=lambda folder: None)


def _of(source: str, organisations: tuple[str, ...]) -> Iterable[Mutant]:
    if not source:
        return of_procedures(only=organisations)
    module, _, function = source.partition(":")
    mutants: Iterable[Mutant] = getattr(import_module(module), function)()
    return mutants


if __name__ == "__main__":
    teeth()
