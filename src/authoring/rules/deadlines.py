"""By when something has to be done: what it counts from, how long it may take, and who is reminded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from typing import Final, assert_never

from authoring.ids import closest
from authoring.objection import Location, Objection, each_of, one_source, repeated
from authoring.rules.ladder import stages_before
from domain.calendars import Limit
from domain.ladder import DECISION, DeadlineRule, Pause, Stage
from domain.procedure import Procedure
from domain.provisions import Completion

CAN_COUNT_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    "submit": ("incident",),
    "acknowledge": ("received", "requested", "incident"),
    "first-response": ("received", "requested", "acknowledged"),
    "respond": ("received", "requested", "acknowledged", "incident"),
    "reply": ("responded",),
    "progress": ("received", "requested", "acknowledged"),
}
"""What has happened, on any run through a stage, by the time that each deadline begins to count."""

_WHY_NOT: Final = {
    ("acknowledge", "acknowledged"): "is what it waits for",
    ("respond", "responded"): "is what it waits for",
    ("first-response", "responded"): "is too late for it",
    ("submit", "received"): "is what it waits for",
    ("reply", "received"): "is before there is anything to reply to",
    ("reply", "requested"): "is before there is anything to reply to",
    ("reply", "acknowledged"): "is before there is anything to reply to",
    ("reply", "incident"): "is before there is anything to reply to",
}

_WORKING_DAYS: Final = {"working-days": 1, "school-days": 1, "weeks": 5}


def check_decisions(procedure: Procedure) -> Iterator[Objection]:
    """Check how long what a person decides besides a stage's deadlines may take."""
    stated: list[tuple[Location, tuple[Limit, ...]]] = []
    if procedure.late_reply is not None:
        stated.append((("late_reply", "within"), procedure.late_reply.within))
    if procedure.exhausted is not None:
        stated.append((("exhausted", "within"), procedure.exhausted.within))
    if procedure.completion is not None:
        stated.append((("completion", "within"), procedure.completion.within))
        yield from _completion(procedure.completion)
    for number, stage in enumerate(procedure.stages):
        for index, rule in enumerate(stage.deadlines):
            at: Location = ("stages", number, "deadlines", index, "discretion_within")
            stated.append((at, rule.discretion_within))
            if rule.discretion_within != DECISION and not rule.discretion_role:
                yield Objection(
                    at,
                    "`discretion_within` needs the `discretion_role` that decides",
                    ((*at[:-1], "discretion_role"),),
                )
    for at, within in stated:
        if not within:
            yield Objection(at, f"`{at[-1]}` has no limit")
        for index, limit in enumerate(within):
            if limit.count == 0:
                yield Objection((*at, index), f"`{at[-1]}` counts from 1")
            yield from _countable(procedure, limit, (*at, index))


def _completion(owed: Completion) -> Iterator[Objection]:
    for key in ("letter_from", "after"):
        yield from repeated(("completion", key), getattr(owed, key))
        if not getattr(owed, key):
            yield Objection(("completion", key), f"`{key}` has no entry; there has to be at least one")


def check_origin(procedure: Procedure, stage: Stage, rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    """Check that what a deadline counts from has to have happened by then."""
    place = (*at, "counted_from")
    stages = [stage.id for stage in procedure.stages]
    starting = [form for form in procedure.forms if form.starts_at]
    forms = [form for form in starting if closest(form.starts_at, stages) == stage.id]
    starts = each_of(procedure, "forms", "starts_at")
    if rule.name == "submit" and not forms:
        yield Objection(at, f"nothing is submitted at the stage `{stage.id}`: no form starts there", starts)
    if rule.counted_from not in CAN_COUNT_FROM[rule.name]:
        yield Objection(
            place,
            f"`{rule.name}` cannot count from `{rule.counted_from}`, which"
            f" {_WHY_NOT.get((rule.name, rule.counted_from), 'has not happened by then')};"
            f" it can count from {', '.join(CAN_COUNT_FROM[rule.name])}",
        )
        return
    if rule.counted_from == "acknowledged" and "acknowledge" not in [
        deadline.name for deadline in stage.deadlines
    ]:
        yield Objection(
            place,
            f"`{rule.name}` counts from `acknowledged`, but the stage `{stage.id}` has no deadline"
            " `acknowledge`",
            (at[:-1],),
        )
    asks = any(question.id == "incident_date" for form in forms for question in form.fields)
    if rule.counted_from == "incident" and not asks and (forms or rule.name != "submit"):
        yield Objection(
            place, f"no form that starts at the stage `{stage.id}` asks for `incident_date`", starts
        )


def check_limits(procedure: Procedure, stage: Stage, rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    """Check how long something may take, whether that can be put off, and who is reminded."""
    name = f"{stage.id}/{rule.name}"
    yield from one_source(rule, at, f"`{name}`")
    if not rule.within:
        yield Objection((*at, "within"), f"`{name}` has no limit")
    at_once = rule.name == "acknowledge" and stage.acknowledgement == "automatic"
    for index, limit in enumerate(rule.within):
        place = (*at, "within", index)
        if limit.count == 0 and not at_once:
            yield Objection(
                place,
                "a limit of 0 is for what the system acknowledges straight away (acknowledgement: automatic)",
                ((*at[:-2], "acknowledgement"), place),
            )
        yield from _countable(procedure, limit, place)
    yield from _elsewhere(procedure, stage, rule, at)
    yield from _reminders(rule, at, name)
    if rule.extension_source and rule.extension == "not-provided":
        yield Objection(
            (*at, "extension_source"),
            "`extension_source` belongs to `extension: with-new-date`",
            ((*at, "extension"),),
        )
    yield from _caps(procedure, rule, at)
    if rule.extension != "not-provided" and rule.name != "respond":
        yield Objection((*at, "extension"), f"only `respond` can be extended, not `{rule.name}`")
    if rule.pause is not None:
        yield from _pause(procedure, rule.pause, rule, at)
    yield from _discretion(rule, at)


def _elsewhere(procedure: Procedure, stage: Stage, rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    """Yield what is wrong with limits that have a beginning of their own."""
    reached = [stage.id, *(before.id for before in stages_before(procedure, stage))]
    if rule.also and rule.name not in ("acknowledge", "respond"):
        yield Objection((*at, "also"), f"`also` is for `acknowledge` and `respond`, not for `{rule.name}`")
    for index, also in enumerate(rule.also):
        place = (*at, "also", index)
        if also.within.count == 0:
            yield Objection((*place, "within"), "`within` counts from 1 here")
        yield from _countable(procedure, also.within, (*place, "within"))
        if also.stage and also.stage not in reached:
            yield Objection(
                (*place, "stage"),
                f"a case cannot have been on `{also.stage}` by then; it can have been on {', '.join(reached)}",
                each_of(procedure, "stages", "next"),
            )
        if also.counted_from not in ("received", "requested", "acknowledged"):
            yield Objection(
                (*place, "counted_from"),
                f"`also` cannot count from `{also.counted_from}`; it can count from received, requested, acknowledged",
            )
        elif also.stage in ("", stage.id) and also.counted_from == rule.counted_from:
            yield Objection(
                (*place, "counted_from"),
                "this begins where the deadline itself does: write it under `within`",
                ((*at, "counted_from"),),
            )


def _caps(procedure: Procedure, rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    """Yield what is wrong with how far the time can be extended: a cap that no new date could reach is none."""
    for key in ("extension_cap", "extension_each"):
        limit: Limit | None = getattr(rule, key)
        if limit is None:
            continue
        place = (*at, key)
        if rule.extension == "not-provided":
            yield Objection(place, f"`{key}` belongs to `extension: with-new-date`", ((*at, "extension"),))
        if limit.count == 0:
            yield Objection(place, f"`{key}` counts from 1")
        yield from _countable(procedure, limit, place)
    cap, each = rule.extension_cap, rule.extension_each
    if cap is not None and rule.within and all(_is_no_longer(cap, limit) for limit in rule.within):
        yield Objection(
            (*at, "extension_cap"),
            "`extension_cap` has to reach further than the limit itself: no new date could be given",
            ((*at, "within"),),
        )
    if cap is not None and each is not None and _is_no_longer(cap, each):
        yield Objection(
            (*at, "extension_each"),
            "`extension_each` can never be used up: `extension_cap` ends every extension before",
            ((*at, "extension_cap"),),
        )


def _countable(procedure: Procedure, limit: Limit, at: Location) -> Iterator[Objection]:
    if limit.unit == "school-days" and not procedure.school_year.terms:
        yield Objection(
            at, "school days cannot be counted: `school_year` has no `terms`", (("school_year",),)
        )


def _pause(procedure: Procedure, pause: Pause, rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    place = (*at, "pause")
    yield from one_source(pause, place, "that the time stands still")
    if rule.name != "respond":
        yield Objection(place, f"only the time to `respond` can stand still, not that to `{rule.name}`")
    if not pause.waiting_for:
        yield Objection((*place, "waiting_for"), "`waiting_for` names nothing that is waited for")
    yield from repeated((*place, "waiting_for"), pause.waiting_for)
    if "mediation" in pause.waiting_for and procedure.mediation is None:
        yield Objection(
            (*place, "waiting_for"),
            "the procedure offers no `mediation` that could be waited for",
            (("mediation",),),
        )
    if "written-form" in pause.waiting_for and all(form.written is None for form in procedure.forms):
        yield Objection(
            (*place, "waiting_for"), "no form has `written`: nothing is waited for in writing", (("forms",),)
        )
    if pause.at_most.count == 0:
        yield Objection((*place, "at_most"), "`at_most` counts from 1")
    yield from _countable(procedure, pause.at_most, (*place, "at_most"))


def _reminders(rule: DeadlineRule, at: Location, name: str) -> Iterator[Objection]:
    if rule.remind and rule.name == "submit":
        yield Objection((*at, "remind"), "there is nobody to remind before a complaint is submitted")
    if rule.name == "reply" and not rule.remind:
        yield Objection(
            at, f"`{name}` has no `remind`: silence ends a stage only after a reminder", ((*at, "remind"),)
        )
    lengths = [
        limit.count * _WORKING_DAYS[limit.unit] for limit in rule.within if limit.unit in _WORKING_DAYS
    ]
    for index, remind in enumerate(rule.remind):
        days = remind.working_days_before
        place = (*at, "remind", index)
        if days < 0:
            yield Objection(place, "`working_days_before` counts from 0")
        elif lengths and days >= min(lengths):
            yield Objection(
                place,
                f"a reminder {days} working days before the last day of `{name}` is before the time begins",
                ((*at, "within"),),
            )
    yield from repeated((*at, "remind"), (f"{remind.working_days_before} days" for remind in rule.remind))


def _discretion(rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    place = (*at, "discretion")
    both = (place, (*at, "discretion_role"))
    if rule.discretion is None:
        if rule.discretion_role and rule.name != "submit":
            yield Objection((*at, "discretion_role"), f"only `submit` knows discretion, not `{rule.name}`")
        return
    if rule.name != "submit":
        yield Objection(place, f"only `submit` knows discretion, not `{rule.name}`")
    if not rule.discretion_role:
        yield Objection(place, "`discretion` needs the `discretion_role` that decides", both)
    if any(_is_no_longer(rule.discretion, limit) for limit in rule.within):
        yield Objection(place, "`discretion` has to reach further than the limit itself", ((*at, "within"),))


def _is_no_longer(one: Limit, other: Limit) -> bool:
    """Return whether the one ends no later than the other, whenever both are counted from the same event."""
    if one.unit == other.unit:
        return one.count <= other.count
    return _days(one, longest=True) <= _days(other, longest=False)


def _days(limit: Limit, *, longest: bool) -> float:
    """Return how many days a limit has at most, or at least: of working days five lie in a week, or fewer."""
    match limit.unit:
        case "working-hours":
            return limit.count / 24 if not longest else inf
        case "working-days" | "school-days":
            # From a Monday on; at most, it depends on holidays.
            return limit.count + (limit.count - 1) // 5 * 2 if not longest else inf
        case "days":
            days = (1, 1)
        case "weeks":
            days = (7, 7)
        case "months":
            days = (28, 31)
        case "years":
            days = (365, 366)
        case _:
            assert_never(limit.unit)
    return limit.count * days[longest] + (inf if longest and limit.roll else 0)
