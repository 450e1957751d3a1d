"""What a response has to say beyond conclusion and reasons: evidence, explanations, and the remedies that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.case import Case
from domain.commands import RecordOutcome
from domain.errors import FieldProblem, UnknownChoice
from domain.procedure import Procedure


def missing_in(case: Case, command: RecordOutcome, procedure: Procedure) -> Iterator[FieldProblem]:
    """What keeps the response from being sent, by field. UnknownChoice: a remedy that the procedure does not have."""
    words = command.wording.words
    yield from _missing_evidence(case, command, procedure)
    yield from _missing_explanations(command, words, procedure)
    yield from _missing_remedies(command, words, procedure)


def _missing_evidence(case: Case, command: RecordOutcome, procedure: Procedure) -> Iterator[FieldProblem]:
    if procedure.evidence != "required":
        return
    given = command.wording.words.get("evidence", ())
    together = {finding.aspect for finding in command.findings if finding.answered_with}
    for aspect in case.points:
        if aspect not in together and not _said(given, aspect):
            yield FieldProblem(f"evidence_{aspect}", f"Give the evidence for your answer on point {aspect}.")


def _missing_explanations(
    command: RecordOutcome, words: Mapping[str, Any], procedure: Procedure
) -> Iterator[FieldProblem]:
    needing = {one.id: one for one in procedure.conclusions if one.needs_explanation}
    given = words.get("explanations", ())
    for finding in command.findings:
        conclusion = needing.get(finding.conclusion)
        if conclusion is not None and not finding.answered_with and not _said(given, finding.aspect):
            yield FieldProblem(
                f"explanation_{finding.aspect}",
                f"Point {finding.aspect}, {conclusion.label}: {conclusion.needs_explanation}",
            )


def _missing_remedies(
    command: RecordOutcome, words: Mapping[str, Any], procedure: Procedure
) -> Iterator[FieldProblem]:
    known = {remedy.id: remedy for remedy in procedure.remedies}
    if unknown := set(command.remedies) - set(known):
        raise UnknownChoice(f"The procedure has no remedy {', '.join(sorted(unknown))}.", field="remedies")
    if procedure.remedies_required and not command.remedies:
        yield FieldProblem("remedies", "Choose at least one remedy that the response gives.")
    texts = words.get("remedies", {})
    for chosen in command.remedies:
        if not known[chosen].wording and not str(texts.get(chosen, "")).strip():
            yield FieldProblem(
                f"remedy_{chosen}", f"Write what the complainant is told: {known[chosen].label}."
            )


def _said(texts: Sequence[Any], aspect: int) -> bool:
    return len(texts) >= aspect and bool(str(texts[aspect - 1]).strip())
