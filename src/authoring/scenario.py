"""Scenarios: who does what when in one case, as a YAML file, and how that is acted out.

A file is read as strictly as a procedure file, by the same reader:

    title: A course in spring
    about: What it shows.                # may be left out
    organisation: ORG                    # a slug; left out: it can be played at any organisation
    then: wait                           # after the last step nobody acts (wait), or the people of
                                         # `authoring.player` do (last-minute)
    steps:
      - at: 2026-12-15T18:40             # a moment in London; a day alone means nine in the morning
        act: submit
        answers: {account: They did not come.}
        aspects: [The first point., The second point.]
      - after: 2 working days            # from the step before: minutes, hours, days, weeks, months, years,
        act: acknowledge                 # working days or school days, at the same time of day
      - just_before: respond             # ten minutes before that deadline of the stage ends; just_after: ten
        act: respond                     # minutes after. Without any of the four: a minute after the step before
        findings: [{conclusion: upheld, reasons: We heard both.}, {conclusion: not-upheld, reasons: No.}]

Who acts is the person that the case waits for, or `by`: somebody from the directory, or `complainant`. What a step
does not say is filled in with something harmless; `scenarios/README.md` has the keys of each act. With
`refused: CaseClosed` a step is tried, and has to be refused with that error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal

from adapters.cases.answers import read as read_answers
from authoring.moments import NoMoment, read_moment
from authoring.objection import Location, Objection
from authoring.player import carry_on
from authoring.procedure_file import Mistake, ProcedureFileErrors, read_as
from authoring.simulation import Life
from authoring.steps import BESIDES, CannotBe, actor_of, command_of, given_answers, keys_of, lowest, scenes
from domain import errors
from domain.calendars import LONDON, Calendar, CalendarError, Limit, Unit, opening_of, to_london
from domain.case import COMPLAINANT
from domain.counting import count
from domain.errors import InvalidAnswers, Refused
from domain.procedure import Form, Procedure
from domain.step import Step

WHEN: Final = ("at", "after", "just_before", "just_after")
ALWAYS: Final = (*WHEN, "act", "by", "refused")

MARGIN: Final = timedelta(minutes=10)
"""How close `just_before` and `just_after` come to a deadline: an approval of the same evening is still in time."""

A_MOMENT: Final = timedelta(minutes=1)

_AFTER = re.compile(r"([0-9]{1,4}) (minute|hour|day|week|month|year|working day|school day)s?")
_LIMITS: Final[Mapping[str, Unit]] = {
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "working day": "working-days",
    "school day": "school-days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    title: str
    steps: tuple[Step, ...]
    about: str = ""
    organisation: str = ""
    then: Literal["wait", "last-minute"] = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A scenario, and where it stands: the file, and the line of each place in it."""

    scenario: Scenario
    file: str
    line_of: Callable[[Location], int]


def read(path: Path, *, procedure: Procedure) -> Script:
    """Return the scenario in a file, to be played under `procedure`.

    ProcedureFileErrors: the file has mistakes; each with its line. OSError: it cannot be read."""

    def object_(scenario: Scenario) -> Iterator[Objection]:
        return _objections(scenario, procedure)

    scenario, line_of = read_as(Scenario, path, what="scenario", begins="title", objections=object_)
    return Script(scenario=scenario, file=str(path), line_of=line_of)


def organisation_of(path: Path) -> str:
    """Return the organisation that a scenario is for; empty: for any. ProcedureFileErrors, OSError: as `read`."""
    scenario, _ = read_as(Scenario, path, what="scenario", begins="title", objections=lambda _: ())
    return scenario.organisation


def by_default(start: datetime) -> Script:
    """Return what is played where there is no file: somebody complains at `start`, and all is done at the last
    minute."""
    submit = Step(act="submit", at=start.isoformat(timespec="seconds"))
    scenario = Scenario(title="At the last minute", steps=(submit,), then="last-minute")
    return Script(scenario=scenario, file="the default scenario", line_of=lambda _: 1)


def play(
    script: Script,
    *,
    procedure: Procedure,
    calendar: Calendar,
    until: Literal["closed", "destroyed"],
    ref: str = "SIMULATED",
) -> Life:
    """Return the life that a scenario makes, and what time does after its last step.

    ProcedureFileErrors: a step could not be done, or was to be refused and was not; with its line. Refused,
    CalendarError: so it went after the last step."""
    life = Life(ref=ref, procedure=procedure, calendar=calendar)
    for number, step in enumerate(script.scenario.steps):
        try:
            problem = _take(life, step, number)
        except (CalendarError, Refused, CannotBe) as error:
            problem = f"`{step.act}`: {error}"
        if problem:
            line = script.line_of(("steps", number))
            raise ProcedureFileErrors([Mistake(script.file, line, problem)])
    if script.scenario.then == "last-minute":
        carry_on(life)
    life.until_closed()
    if until == "destroyed":
        life.until_destroyed()
    return life


def _take(life: Life, step: Step, number: int) -> str:
    """Do one step; what is wrong with it, as a sentence, or nothing."""
    at = _when(step, life)
    if life.now is not None and at < life.now:
        return f"this would happen at {at:%H:%M} on {at.date()}, before what happened last"
    if life.case is not None:
        life.until(at)
    if step.act == "wait":
        return ""
    try:
        life.act(at, command_of(step, life, number, at))
    except Refused as refusal:
        if not step.refused:
            raise
        if type(refusal).__name__ != step.refused:
            return f"it should be refused as {step.refused}, but was refused as {type(refusal).__name__}: {refusal}"
        life.turn_down(at, actor_of(step, life), step.act, refusal)
    else:
        if step.refused:
            return f"it should be refused as {step.refused}, but was done"
    return ""


def _when(step: Step, life: Life) -> datetime:
    if step.at:
        moment, _ = read_moment(step.at)
        return moment if "T" in step.at or " " in step.at else opening_of(moment.date())
    if life.now is None:
        raise CannotBe("the first step has to say when it happens: write `at: 2026-12-15T18:40`")
    before = to_london(life.now)
    if step.after:
        return _later(before, step.after, life.calendar)
    name = step.just_before or step.just_after
    if name is None:
        return to_london(life.now + A_MOMENT)
    running = {deadline.rule.name: deadline for deadline in life.situation(life.now).deadlines}
    if name not in running:
        raise CannotBe(f"the deadline `{name}` does not run on the stage `{life.present.current.stage}`")
    due_at = running[name].due.due_at
    return to_london(due_at - MARGIN if step.just_before else due_at + MARGIN)


def _later(before: datetime, how_much: str, calendar: Calendar) -> datetime:
    parts = _AFTER.fullmatch(how_much)
    if parts is None:
        raise CannotBe(f"`{how_much}` is not a time to wait")
    number, unit = int(parts[1]), parts[2]
    if unit in ("minute", "hour"):
        return to_london(before + timedelta(**{f"{unit}s": number}))
    day = count((Limit(number, _LIMITS[unit]),), before, calendar=calendar).due
    return datetime.combine(day, before.time(), LONDON)


def _objections(scenario: Scenario, procedure: Procedure) -> Iterator[Objection]:
    """Yield what cannot work, as far as it shows before the scenario is played."""
    if scenario.organisation and scenario.organisation != procedure.slug:
        message = f"this scenario is for `{scenario.organisation}`, not for `{procedure.slug}`"
        yield Objection(("organisation",), message)
        return
    if not scenario.steps:
        yield Objection(("steps",), "a scenario has at least one step")
    for number, step in enumerate(scenario.steps):
        at: Location = ("steps", number)
        if number == 0 and not step.at:
            yield Objection(
                at, "the first step has to say when it happens: write `at: 2026-12-15T18:40`", (at,)
            )
        if (step.act == "submit") != (number == 0):
            yield Objection((*at, "act"), "a case begins with one `submit` and cannot have another", (at,))
        yield from _keys(step, at)
        yield from _time(step, at)
        yield from _names(step, at, procedure)


def _keys(step: Step, at: Location) -> Iterator[Objection]:
    keys = keys_of(step.act)
    if keys is None:
        known = (*scenes(), *BESIDES)
        near = get_close_matches(step.act, known, n=1)
        meant = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
        yield Objection((*at, "act"), f"there is no act `{step.act}`; {meant}")
        return
    needed, optional = keys
    given = [field.name for field in fields(step) if getattr(step, field.name) not in ("", (), None, False)]
    known = (*ALWAYS, *needed, *optional)
    for key in given:
        if key not in known:
            here = ", ".join((*needed, *optional)) or "none of its own"
            yield Objection((*at, key), f"`{step.act}` has no key `{key}`; known here: {here}")
    for key in needed:
        if key not in given:
            yield Objection(at, f"`{step.act}` needs the key `{key}`", ((*at, key), (*at, "act")))
    if len(times := [key for key in WHEN if key in given]) > 1:
        yield Objection((*at, times[1]), f"`{times[1]}`: the step already has a time, `{times[0]}`")


def _time(step: Step, at: Location) -> Iterator[Objection]:
    if step.at:
        try:
            read_moment(step.at)
        except NoMoment as error:
            yield Objection((*at, "at"), str(error))
    if step.after and not _AFTER.fullmatch(step.after):
        units = "minutes, hours, days, weeks, months, years, working days, school days"
        yield Objection(
            (*at, "after"), f"`{step.after}` is not a time to wait: write a number and one of {units}"
        )


def _names(step: Step, at: Location, procedure: Procedure) -> Iterator[Objection]:
    people = {person.id for person in procedure.people}
    form = procedure.form(step.form) if step.form else lowest(procedure)
    for place, given, known in (
        ("by", (step.by,), people | {COMPLAINANT}),
        ("person", (step.person,), people | {COMPLAINANT}),
        ("promises", tuple(promise.person for promise in step.promises), people),
        ("promises", tuple(promise.role for promise in step.promises), {role.id for role in procedure.roles}),
        ("reviewers", step.reviewers, people),
        ("involved", step.involved, people),
        ("form", (step.form,), {form.id for form in procedure.forms}),
        ("refused", (step.refused,), set(_refusals())),
    ):
        for name in given:
            if name and name not in known:
                listed = ", ".join(sorted(known))
                yield Objection((*at, place), f"`{place}`: there is no `{name}`; known: {listed}")
    conclusions = [conclusion.id for conclusion in procedure.conclusions]
    for index, said in enumerate(step.findings):
        if said.conclusion not in conclusions:
            yield Objection(
                (*at, "findings", index, "conclusion"),
                f"there is no conclusion `{said.conclusion}`; known: {', '.join(conclusions)}",
            )
    if step.act == "submit" and form is not None and not step.refused:
        yield from _answers(step, at, form)


def _answers(step: Step, at: Location, form: Form) -> Iterator[Objection]:
    """Yield what the form would not take. The day on which it is filled in does not matter here."""
    questions = {question.id: question for question in form.fields}
    for index, answer in enumerate(step.answers):
        if answer.id not in questions:
            known = ", ".join(questions)
            yield Objection(
                (*at, "answers", index), f"the form `{form.id}` has no question `{answer.id}`; known: {known}"
            )
    if any(answer.id not in questions for answer in step.answers):
        return
    try:
        given = dict(given_answers(step, form))
        _ = read_answers(form, {answer.id: given[answer.id] for answer in step.answers})
    except InvalidAnswers as error:
        places = {answer.id: index for index, answer in enumerate(step.answers)}
        for problem in error.problems:
            # What is left out is filled in.
            if problem.field in places:
                yield Objection(
                    (*at, "answers", places[problem.field]), f"`{problem.field}`: {problem.message}"
                )


def _refusals() -> tuple[str, ...]:
    return tuple(
        name
        for name, error in vars(errors).items()
        if isinstance(error, type) and issubclass(error, Refused) and error is not Refused
    )
