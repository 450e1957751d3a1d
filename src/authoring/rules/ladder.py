"""The way from stage to stage: each is reached by somebody and left by everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from authoring.ids import closest, unknown
from authoring.objection import Location, Objection, each_of, one_source, repeated
from domain.ladder import Signposting, Stage
from domain.procedure import Procedure


def check_ladder(procedure: Procedure) -> Iterator[Objection]:
    """Check that each stage is reached by somebody and left by everybody."""
    stages = {stage.id: stage for stage in procedure.stages}
    going_on: dict[str, str] = {}
    for number, stage in enumerate(procedure.stages):
        at: Location = ("stages", number)
        if stage.next and stage.next not in stages:
            yield Objection((*at, "next"), unknown("stage", stage.next, stages), each_of(procedure, "stages"))
        if stage.next and stage.end:
            yield Objection(
                at, f"the stage `{stage.id}` has both `next` and `end`: it goes on, or the ladder ends here"
            )
        if not stage.next and not stage.end:
            yield Objection(
                at,
                f"the stage `{stage.id}` cannot be left: it has neither `next` nor `end`",
                ((*at, "next"), (*at, "end")),
            )
        going_on[stage.id] = closest(stage.next, stages)
    walked: set[str] = set()
    for form in procedure.forms:
        if not form.starts_at:
            continue
        for stage_id in _walk(closest(form.starts_at, stages), going_on):
            walked.add(stage_id)
    for number, stage in enumerate(procedure.stages):
        if stage.id not in walked:
            yield Objection(
                ("stages", number),
                f"the stage `{stage.id}` cannot be reached: no form starts at it, and no stage that can be"
                " reached goes on to it",
                each_of(procedure, "forms", "starts_at"),
            )
    circled: set[str] = set()
    for stage in procedure.stages:
        way = _walk(stage.id, going_on)
        if way and going_on[way[-1]] == stage.id and stage.id not in circled:
            circled.update(way)
            yield Objection(
                ("stages", list(stages).index(way[-1]), "next"),
                f"the ladder goes round in a circle: {' → '.join((*way, stage.id))}",
            )


def _walk(stage_id: str, going_on: Mapping[str, str]) -> tuple[str, ...]:
    """Return the stages from this one on, to the end of the ladder or until one comes round again."""
    way: list[str] = []
    while stage_id and stage_id not in way:
        way.append(stage_id)
        stage_id = going_on[stage_id]
    return tuple(way)


def stages_before(procedure: Procedure, stage: Stage) -> Iterator[Stage]:
    """Yield the stages from which a case can have come to this one."""
    known = {stage.id for stage in procedure.stages}
    going_on = {stage.id: stage.next if stage.next in known else "" for stage in procedure.stages}
    for earlier in procedure.stages:
        if earlier.id != stage.id and stage.id in _walk(earlier.id, going_on):
            yield earlier


def check_ends(procedure: Procedure) -> Iterator[Objection]:
    """Check where people can turn in the end."""
    for key, question in (("only_for", "course"), ("for_relationships", "relationship")):
        yield from _only_for(procedure, key, question)
    if procedure.refusal is not None:
        yield from _named(("refusal", "signposts"), procedure.refusal.signposts, procedure)
    for number, stage in enumerate(procedure.stages):
        if stage.signposting is not None:
            yield from _on_the_way(stage, stage.signposting, ("stages", number, "signposting"), procedure)
        if stage.end is None:
            continue
        at = ("stages", number, "end")
        if not stage.end.signposts and not stage.end.none_named:
            yield Objection(
                at,
                f"the ladder ends at `{stage.id}` without a signpost: name `signposts`, or say under"
                " `none_named` that the policy names none",
                ((*at, "signposts"), (*at, "none_named")),
            )
        yield from _named((*at, "signposts"), stage.end.signposts, procedure)


def _only_for(procedure: Procedure, key: str, question: str) -> Iterator[Objection]:
    """Yield each answer that a signpost is for, and that no form offers."""
    places: list[Location] = []
    answers: list[str] = []
    for number, form in enumerate(procedure.forms):
        for index, asked in enumerate(form.fields):
            if asked.id == question:
                places.append(("forms", number, "fields", index, "choices"))
                answers += [choice.id for choice in asked.choices]
    for number, signpost in enumerate(procedure.signposts):
        for index, answer in enumerate(getattr(signpost, key)):
            if answer not in answers:
                yield Objection(
                    ("signposts", number, key, index),
                    unknown(f"answer to `{question}`", answer, answers),
                    tuple(places) or each_of(procedure, "forms", "fields"),
                )


def _on_the_way(stage: Stage, named: Signposting, at: Location, procedure: Procedure) -> Iterator[Objection]:
    """Yield what is wrong with where people are told to turn before the end."""
    yield from one_source(named, at, "where people can turn on the way")
    yield from _named((*at, "signposts"), named.signposts, procedure)
    yield from repeated((*at, "told_with"), named.told_with)
    for key in ("signposts", "told_with"):
        if not getattr(named, key):
            yield Objection((*at, key), f"`{key}` has no entry; there has to be at least one")
    if "outcome" in named.told_with and not stage.next:
        yield Objection(
            (*at, "told_with"), "the last outcome names the signposts of `end` already", ((*at[:-1], "next"),)
        )
    respond = next((rule for rule in stage.deadlines if rule.name == "respond"), None)
    if "interim-response" in named.told_with and (respond is None or respond.extension == "not-provided"):
        yield Objection(
            (*at, "told_with"),
            f"no new date is given on the stage `{stage.id}`: `respond` has no `extension`",
            ((*at[:-1], "deadlines"),),
        )


def _named(at: Location, signposts: tuple[str, ...], procedure: Procedure) -> Iterator[Objection]:
    known = [signpost.id for signpost in procedure.signposts]
    for index, name in enumerate(signposts):
        if name not in known:
            yield Objection((*at, index), unknown("signpost", name, known), each_of(procedure, "signposts"))
    yield from repeated(at, signposts)
