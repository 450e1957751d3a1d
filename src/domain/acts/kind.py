"""What something is turns out to be something else: a concern becomes a complaint, with the form and the time limit of
one, or what came as a complaint is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, get_args

from domain.act import Act, FilledIn, Scene, Shows, Traits, nobody, nothing
from domain.acts.stages import stage_begins
from domain.case import Case, StageRecord
from domain.command import Events, StageCommand
from domain.deadlines import is_late
from domain.errors import NotAllowed, Refused, UnknownChoice
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.people import assigners, passed_to
from domain.procedure import LOGGED, Form, Kind, Procedure
from domain.rights import being_destroyed, concluded, holds_role, looks_after, open_at
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing

_FORMAL: Final[Mapping[str, int]] = {"complaint": 2, "concern": 1, "suggestion": 0, "compliment": 0}
"""How much each kind asks of a procedure."""


class KindChanged(StageEvent):
    """It is something else from now on: `kind`, by the form `form`. `reason` is content, and the complainant is told
    it; empty where it follows from the complainant's own wish to go on. `late`: it came too late for what it is now."""

    kind: str
    form: str
    reason: str = ""
    late: bool = False
    to_stage: str = ""
    """The stage that it goes to; empty: it stays on its own."""
    anew: bool = False
    """It begins there as though it had come so; what was done on the stage before had no result."""
    makes: bool = False
    """It is made as what it is now with this, and not with its arrival: time limits are checked by that."""
    reviewers: tuple[str, ...] = ()
    """Who reviewed it until then."""
    needs_no_form: bool = False
    """It waited for a form that what it is now does not need."""

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        since = self.at if self.late else None
        case = replace(case, kind=self.kind, form=self.form, late=self.late, late_since=since)
        if self.needs_no_form:
            case = replace(case, form_asked_at=None).waiting("written-form", still=False, at=self.at)
        if self.to_stage:
            case = self._moved(case)
        made_on = case.current.stage if self.makes else "" if self.anew else case.made_on
        return replace(case, made_on=made_on)

    def _moved(self, case: Case) -> Case:
        if case.is_open and not self.anew:
            following = StageRecord(stage=self.to_stage, requested_at=self.at, aspects=case.current.aspects)
            return replace(case, stages=(*case.stages, following))
        if case.is_open:
            begun = StageRecord(
                stage=self.to_stage, requested_at=case.opened_at, aspects=case.current.aspects
            )
            return replace(case, stages=(begun,))
        # What was only logged has been closed since it came: no time has run for it.
        begun = StageRecord(stage=self.to_stage, requested_at=self.at, taken_up_at=self.at)
        opened = replace(case, closed_at=None, ended="", keep_until=None, destroy_at=None)
        opened = replace(opened, stages=(begun,))
        return opened.waiting("consent", still=opened.lacks_consent, at=self.at)

    def tells(self, telling: Telling) -> Tells:
        deciders = telling.tell("decision-request", *telling.deciders("lateness")) if self.late else ()
        if not self.reason:
            # That it goes on to the next stage has been told.
            return deciders
        told = telling.complainant("kind-changed", content=self.reason)
        news = telling.news_to_others(*self.reviewers, *telling.reviewers, *telling.coordinators)
        return (*told, *self._asked(telling), *news, *deciders, *telling.done)

    def _asked(self, telling: Telling) -> Tells:
        """Tell those whose move it is now."""
        case, procedure = telling.case, telling.procedure
        if self.kind in LOGGED:
            return telling.tell("feedback", *telling.only_they(passed_to(case, procedure)))
        if not self.to_stage:
            return ()
        asked = telling.in_line(*assigners(case, procedure))
        return (
            *telling.tell("new-case", *asked),
            *telling.news(*(person for person in telling.informed if person not in asked)),
            *telling.of_nobody_left,
        )


class ChangeKind(StageCommand):
    """`reason.words["reason"]`: why; the complainant reads it."""

    kind: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens: it goes to the stage at which such a thing starts, waits for its form, or closes where
        it is only logged. Incomplete: no reason. UnknownChoice: the procedure does not take it as that, or not any
        more."""
        at.require(CHANGE_KIND, self.by, self.stage)
        self.reason.require(reason="Write why you are changing this. The complainant will read it.")
        form = choices_of(at).get(self.kind)
        if form is None:
            raise UnknownChoice("Choose what it is.", field="kind")
        starts_at = form.starts_at if self.kind not in LOGGED else ""
        is_higher = _FORMAL[self.kind] > _FORMAL[at.case.kind]
        makes = _is_made_anew(at.case, form, self.kind)
        moves = bool(starts_at) and (starts_at != at.case.current.stage or not at.case.is_open)
        changed = KindChanged(
            at=at.now,
            by=self.by,
            stage=self.stage,
            kind=self.kind,
            form=form.id,
            reason=self.reason.id,
            late=_is_late(at, form, at.now) if makes else at.case.late and bool(starts_at) and not moves,
            to_stage=starts_at if moves else "",
            anew=moves and not is_higher,
            makes=makes,
            reviewers=at.case.current.reviewers,
            needs_no_form=at.case.waits_for_form and not makes and not _waits_as(form, at.case),
        )
        then = at.then(changed)
        if self.kind in LOGGED:
            from domain.acts.closure import close

            return (changed, *close(then, "logged"))
        waits = _form_asked(then, by=self.by) if makes else ()
        return (changed, *waits, *(stage_begins(then.after(waits)) if moves else ()))


def begin_next(at: Situation, *, by: str, came: datetime | None) -> Events:
    """Return what happens when a case has gone on to the next stage: a concern that comes to where complaints start is
    one from then on, with their form and their time limit; then the stage begins. `came`: when the stage was asked
    for, where that was before now."""
    form = would_become(at.case, at.case.current.stage, at.procedure)
    if form is None:
        return stage_begins(at)
    changed = KindChanged(
        at=at.now,
        by=by,
        stage=at.case.current.stage,
        kind=form.kind,
        form=form.id,
        late=_is_late(at, form, came or at.now),
        makes=True,
    )
    then = at.then(changed)
    waits = _form_asked(then, by=by)
    return (changed, *waits, *stage_begins(then.after(waits)))


def would_become(case: Case, stage: str, procedure: Procedure) -> Form | None:
    """Return the form of the complaint that a concern becomes on `stage`; None: it is none, or stays what it is."""
    if case.kind != "concern":
        return None
    return next(
        (
            form
            for form in procedure.forms
            if form.kind == "complaint" and form.starts_at == stage and form.id != case.form
        ),
        None,
    )


def choices_of(at: Situation) -> Mapping[str, Form]:
    """Return what it can be instead, each with the form that takes it. What has been dealt with formally is not made
    less than it is."""
    case, procedure = at.case, at.procedure
    found: dict[str, Form] = {}
    for kind in get_args(Kind):
        form = _form_of(kind, case, procedure)
        if kind == case.kind or form is None:
            continue
        if _FORMAL[kind] <= _FORMAL[case.kind] and (not case.is_open or _is_under_way(case)):
            continue
        if _FORMAL[kind] > _FORMAL[case.kind] and len(case.stages) > 1:
            continue
        found[kind] = form
    return found


def _is_made_anew(case: Case, form: Form, kind: str) -> bool:
    """Return whether it is asked for by its form as it becomes this. What was only logged was not read for whom it is
    about: the form asks that."""
    return _FORMAL[kind] > _FORMAL[case.kind] and (form.id != case.form or not case.is_open)


def _waits_as(form: Form, case: Case) -> bool:
    """Return whether what came as this case did would have had to wait for this form."""
    return form.written is not None and case.route in form.written.routes


def _form_of(kind: Kind, case: Case, procedure: Procedure) -> Form | None:
    own = [form for form in procedure.forms if form.id == case.form]
    for form in (*own, *procedure.forms):
        if kind in form.kinds and (form.starts_at or kind in LOGGED):
            return form
    if kind in LOGGED:
        return next((form for form in procedure.forms if kind in form.entered_as), None)
    return None


def _is_under_way(case: Case) -> bool:
    """Return whether something formal has been done about it."""
    current = case.current
    done = (current.findings, current.returned, current.interims, current.questions, current.external)
    return len(case.stages) > 1 or any(done) or bool(case.lateness or case.declined)


def _is_late(at: Situation, form: Form, made_at: datetime) -> bool:
    return is_late(at.procedure, form.starts_at, at.case.counts_from, at.calendar, now=made_at)


def _form_asked(at: Situation, *, by: str) -> Events:
    from domain.acts.written_form import WrittenFormAsked

    return (WrittenFormAsked(at=at.now, by=by, stage=at.case.current.stage),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it until an outcome is recorded, and for what was only logged as long as a closed case can be opened."""
    case, procedure = at.case, at.procedure
    if case.is_open or case.ended != "logged":
        refusal = open_at(case, stage) or looks_after(case, by, procedure)
    else:
        refusal = _against_logged(at, by)
    if refusal := refusal or concluded(case):
        return refusal
    if not choices_of(at):
        return NotAllowed("This procedure does not take it as anything else.")
    return None


def _against_logged(at: Situation, by: str) -> Refused | None:
    """Let those deal with it whom it was passed on to, and those who coordinate cases."""
    from domain.acts.taking_up import against_its_age

    roles = dict.fromkeys((passed_to(at.case, at.procedure), at.procedure.coordinator))
    return holds_role(by, tuple(roles), at.procedure) or being_destroyed(at.case) or against_its_age(at)


def _asked(asking: Asking) -> ChangeKind:
    kind = asking.choice("kind", tuple(choices_of(asking.at)), "Choose what it is.")
    return ChangeKind(by=asking.by, stage=asking.stage, kind=kind, reason=asking.wrote("reason"))


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, object]:
    found = choices_of(at)
    return {
        "kinds": tuple(found),
        "asks_form": [kind for kind, form in found.items() if _is_made_anew(at.case, form, kind)],
    }


def _played(step: Step, at: Situation) -> FilledIn:
    return {"kind": step.enters or "", "reason": step.words}


CHANGE_KIND = Act(
    name="change-kind",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="kind",
    shows=Shows(reads=nothing, gives=_gives),
    scenes={"change-kind": Scene(needs=("enters",), knows=("text",), fills=_played, by=None)},
)
ACTS = (CHANGE_KIND,)
