"""What a response has to say beyond conclusion and reasons: evidence, explanations, and the remedies that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.case import Finding
from domain.errors import FieldProblem, UnknownChoice
from domain.procedure import Procedure
from domain.situation import Situation

Findings = Sequence[Finding]


def missing_in(
    words: Mapping[str, Any], findings: Findings, remedies: Sequence[str], at: Situation
) -> Iterator[FieldProblem]:
    """Yield what keeps the response from being sent, by field. UnknownChoice: a remedy that the procedure does not
    have."""
    yield from _missing_evidence(words.get("evidence", ()), findings, at)
    yield from _missing_explanations(words.get("explanations", ()), findings, at.procedure)
    yield from _missing_remedies(words.get("remedies", {}), remedies, at.procedure)


def answered_together(findings: Findings, procedure: Procedure) -> Iterator[FieldProblem]:
    """Yield the aspects that are to be answered together with one that has no answer of its own. UnknownChoice: the
    procedure has each answered by itself, or the other's conclusion is not this one's."""
    by_aspect = {finding.aspect: finding for finding in findings}
    for finding in findings:
        if not finding.answered_with:
            continue
        if procedure.similar_aspects != "can-be-answered-together":
            raise UnknownChoice("Under this procedure each point needs its own conclusion.")
        other = by_aspect.get(finding.answered_with)
        if other is None or other is finding or other.answered_with:
            yield FieldProblem(
                f"with_{finding.aspect}",
                f"For point {finding.aspect}, choose a point that has its own conclusion.",
            )
        elif other.conclusion != finding.conclusion:
            raise UnknownChoice("Points that are answered together must have the same conclusion.")


def _missing_evidence(given: Sequence[Any], findings: Findings, at: Situation) -> Iterator[FieldProblem]:
    if at.procedure.evidence != "required":
        return
    together = {finding.aspect for finding in findings if finding.answered_with}
    for aspect in at.case.points:
        if aspect not in together and not _said(given, aspect):
            yield FieldProblem(
                f"evidence_{aspect}", f"Write the evidence for your conclusion on point {aspect}."
            )


def _missing_explanations(
    given: Sequence[Any], findings: Findings, procedure: Procedure
) -> Iterator[FieldProblem]:
    needing = {
        conclusion.id: conclusion for conclusion in procedure.conclusions if conclusion.needs_explanation
    }
    for finding in findings:
        conclusion = needing.get(finding.conclusion)
        if conclusion is not None and not finding.answered_with and not _said(given, finding.aspect):
            yield FieldProblem(
                f"explanation_{finding.aspect}",
                f"Point {finding.aspect}, {conclusion.label}: {conclusion.needs_explanation}",
            )


def _missing_remedies(
    texts: Mapping[str, Any], chosen: Sequence[str], procedure: Procedure
) -> Iterator[FieldProblem]:
    known = {remedy.id: remedy for remedy in procedure.remedies}
    if unknown := set(chosen) - set(known):
        raise UnknownChoice(
            f"The procedure does not have this remedy: {', '.join(sorted(unknown))}.", field="remedies"
        )
    if len(chosen) > 1 and (none := next((known[name] for name in chosen if known[name].says_none), None)):
        yield FieldProblem("remedies", f"Choose either “{none.label}” or what we offer.")
    if procedure.remedies_required and not chosen:
        yield FieldProblem("remedies", "Choose at least one remedy.")
    for remedy in (known[remedy_id] for remedy_id in chosen):
        if not remedy.wording and not str(texts.get(remedy.id, "")).strip():
            yield FieldProblem(
                f"remedy_{remedy.id}",
                f"Write what the complainant will be told about this remedy: {remedy.label}.",
            )


def _said(texts: Sequence[Any], aspect: int) -> bool:
    return len(texts) >= aspect and bool(str(texts[aspect - 1]).strip())
