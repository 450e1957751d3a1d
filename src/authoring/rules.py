"""What a procedure has to fulfil beyond its shape, so that a case can run through it to the end.

Nothing here knows files or lines: an objection names the place in the procedure, and what it rests on, so
that the reader of the file can find the line and leave out what only follows from another mistake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, get_args

from authoring.holidays import REGIONS
from authoring.ids import closest, is_id, unknown
from domain.addresses import is_address
from domain.calendars import CALENDAR_UNITS, Limit
from domain.ladder import (
    DECISION,
    Approval,
    Conversation,
    DeadlineRule,
    LateInformation,
    Pause,
    Review,
    Stage,
)
from domain.life.scope import ASKED_BY
from domain.notices import Notice
from domain.offices import roles_named
from domain.procedure import (
    DATA_PROTECTION,
    LOGGED,
    STAFF,
    DirectoryKept,
    Disclosure,
    Exhausted,
    FieldType,
    Form,
    Kind,
    LateReply,
    Letters,
    Procedure,
    Records,
    Retention,
    WrittenForm,
)

Location = tuple[str | int, ...]
"""The way from the procedure to a part of it: field names, and indexes into tuples."""

ANSWERS: Final[Mapping[str, tuple[FieldType, ...]]] = {
    "name": ("text",),
    "email": ("email",),
    "telephone": ("telephone",),
    "address": ("long-text", "text"),
    "relationship": ("choice", "text"),
    "incident_date": ("date",),
    "became_known_date": ("date",),
    "account": ("long-text",),
    "aspects": ("list",),
    "people_involved": ("long-text", "text", "list"),
    "actions_taken": ("long-text", "text"),
    "outcome_sought": ("long-text", "text"),
    "availability": ("text", "long-text"),
    "course": ("choice", "text"),
    "subject": ("choice",),
    "personal_data": ("long-text", "text"),
    "adjustments": ("long-text", "text"),
    "declaration": ("declaration",),
    "raised_informally": ("choice", "text", "long-text"),
    "kind": ("choice",),
    "representative": ("text", "long-text"),
    "helped_by": ("text", "long-text"),
}
"""The answers that Dueprocess knows what to do with, and the types of question that can ask for each."""

NEEDED_ANSWERS: Final = {
    "name": "without it nobody knows whose complaint it is",
    "email": "without it the complainant cannot be reached",
    "account": "without it there is nothing to conclude on",
}

CAN_COUNT_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    "submit": ("incident",),
    "acknowledge": ("received", "requested", "incident"),
    "respond": ("received", "requested", "acknowledged", "incident"),
    "reply": ("responded",),
    "progress": ("received", "requested", "acknowledged"),
}
"""What has happened, on any run through a stage, by the time that each deadline begins to count."""

MAIL_PARTS: Final = ("subject.txt", "body.txt", "body.html")

_WORKING_DAYS: Final = {"working-days": 1, "school-days": 1, "weeks": 5}


class Objection(NamedTuple):
    """Something that cannot work; void where what it `needs` is itself in doubt."""

    at: Location
    message: str
    needs: tuple[Location, ...] = ()


def objections(procedure: Procedure, *, slug: str, version: int | None) -> Iterator[Objection]:
    """Everything that stands against this procedure. `slug` and, for a released one, `version` are what the
    place of its file says."""
    if procedure.slug != slug:
        yield Objection(
            ("slug",), f"`slug` has to be `{slug}`, as the file is called, not `{procedure.slug}`"
        )
    if version is not None and procedure.version != version:
        yield Objection(("version",), f"`version` has to be {version}, as the file is called")
    if procedure.version < 1:
        yield Objection(("version",), "`version` counts from 1")
    if procedure.region not in REGIONS:
        yield Objection(("region",), f"unknown region `{procedure.region}`; known here: {', '.join(REGIONS)}")
    for name in ("people", "forms", "conclusions", "stages"):
        if not getattr(procedure, name):
            yield Objection((name,), f"`{name}` has no entry; there has to be at least one")
    yield from _ids(procedure)
    yield from _directory(procedure)
    yield from _role_references(procedure)
    for number, form in enumerate(procedure.forms):
        yield from _form(procedure, form, ("forms", number))
    yield from _not_covered(procedure)
    yield from _ladder(procedure)
    for number, stage in enumerate(procedure.stages):
        yield from _stage(procedure, stage, ("stages", number))
    yield from _ends(procedure)
    yield from _redress(procedure)
    yield from _similar_aspects(procedure)
    yield from _retention(procedure.retention)
    if procedure.late_reply is not None:
        yield from _one_source(procedure.late_reply, ("late_reply",), "who decides on a late reply")
    if procedure.exhausted is not None:
        yield from _one_source(
            procedure.exhausted, ("exhausted",), "who answers when the procedure is exhausted"
        )
    yield from _decisions(procedure)
    if procedure.disclosure is not None:
        yield from _one_source(procedure.disclosure, ("disclosure",), "when something may be passed on")
    if procedure.directory is not None:
        yield from _one_source(procedure.directory, ("directory",), "who keeps the directory")
    if procedure.records is not None:
        yield from _one_source(procedure.records, ("records",), "who answers for the records")
    if procedure.letters is not None:
        yield from _one_source(procedure.letters, ("letters",), "what holds for letters on paper")
    yield from _school_year(procedure)
    yield from _data_protection(procedure)


def template_objections(templates_dir: Path) -> Iterator[str]:
    """The mail templates that are missing, one sentence for each notice."""
    for notice in get_args(Notice):
        folder = templates_dir / "mail" / notice
        missing = [part for part in MAIL_PARTS if not (folder / part).is_file()]
        if missing:
            yield f"the notice `{notice}` has no template: {', '.join(missing)} missing in {folder}"


def _each(procedure: Procedure, kind: str, part: str = "id") -> tuple[Location, ...]:
    """Where the same part of each entry stands; where all of them would, if there is none."""
    return tuple((kind, number, part) for number in range(len(getattr(procedure, kind)))) or ((kind,),)


def _ids(procedure: Procedure) -> Iterator[Objection]:
    named: list[tuple[Location, str]] = [(("slug",), procedure.slug)]
    for kind in ("roles", "people", "forms", "conclusions", "remedies", "stages", "signposts"):
        named += [((kind, number), one.id) for number, one in enumerate(getattr(procedure, kind))]
    for form_number, form in enumerate(procedure.forms):
        for number, question in enumerate(form.fields):
            at: Location = ("forms", form_number, "fields", number, "choices")
            named += [((*at, index), choice.id) for index, choice in enumerate(question.choices)]
    for number, stage in enumerate(procedure.stages):
        if stage.id == "retention":
            yield Objection(
                ("stages", number), "`retention` is no name for a stage: `retention/delete` is taken"
            )
    for place, name in named:
        if not is_id(name):
            yield Objection(place, f"`{name}` is no id: write lower-case words joined by hyphens")


def _decisions(procedure: Procedure) -> Iterator[Objection]:
    """How long what a person decides besides a stage's deadlines may take."""
    stated: list[tuple[Location, tuple[Limit, ...]]] = []
    if procedure.late_reply is not None:
        stated.append((("late_reply", "within"), procedure.late_reply.within))
    if procedure.exhausted is not None:
        stated.append((("exhausted", "within"), procedure.exhausted.within))
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
            if limit.unit == "school-days" and not procedure.school_year.terms:
                yield Objection(
                    (*at, index),
                    "school days cannot be counted: `school_year` has no `terms`",
                    (("school_year",),),
                )


def _similar_aspects(procedure: Procedure) -> Iterator[Objection]:
    if procedure.similar_aspects_source and procedure.similar_aspects == "each-by-itself":
        yield Objection(
            ("similar_aspects_source",),
            "`similar_aspects_source` belongs to `similar_aspects: can-be-answered-together`",
            (("similar_aspects",),),
        )


def _directory(procedure: Procedure) -> Iterator[Objection]:
    """The people, and how they and the organisation are reached."""
    if not is_address(procedure.contact.email):
        yield _no_address(("contact", "email"), procedure.contact.email)
    known = [role.id for role in procedure.roles]
    for number, person in enumerate(procedure.people):
        if not is_address(person.email):
            yield _no_address(("people", number, "email"), person.email)
        if not person.roles:
            yield Objection(("people", number, "roles"), f"`{person.id}` has no role")
        for index, role in enumerate(person.roles):
            at = ("people", number, "roles", index)
            if role not in known:
                yield Objection(at, unknown("role", role, known), _each(procedure, "roles"))
        yield from _repeated(("people", number, "roles"), person.roles)


def _no_address(at: Location, email: str) -> Objection:
    return Objection(at, f"`{email}` is no email address")


def _repeated(at: Location, names: Iterable[str]) -> Iterator[Objection]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Objection(at, f"`{name}` stands here {times} times")


def _role_references(procedure: Procedure) -> Iterator[Objection]:
    """Every role that a rule names is known, and somebody fills it."""
    known = [role.id for role in procedure.roles]
    for office in roles_named(procedure):
        at, role = office.at, office.role
        if role not in known:
            yield Objection(at, unknown("role", role, known), _each(procedure, "roles"))
            continue
        holders = len(procedure.holders(role))
        if holders == 0:
            yield Objection(at, f"nobody fills the role `{role}`", _each(procedure, "people", "roles"))
        elif holders < office.count:
            people = "person fills" if holders == 1 else "people fill"
            yield Objection(
                at,
                f"{office.count} are needed, but {holders} {people} the role `{role}`",
                _each(procedure, "people", "roles"),
            )


def _form(procedure: Procedure, form: Form, at: Location) -> Iterator[Objection]:
    stages = [stage.id for stage in procedure.stages]
    is_staged = any(kind not in LOGGED for kind in (*form.kinds, form.kind))
    if (form.starts_at or is_staged) and form.starts_at not in stages:
        yield from _starts_nowhere(procedure, form, at, stages)
    yield from _kinds(form, at)
    if form.written is not None:
        yield from _written(form.written, (*at, "written"))
    if form.id == STAFF:
        yield Objection(at, f"`{STAFF}` is no name for a form: staff ask for their link at that address")
    if not form.privacy:
        yield Objection((*at, "privacy"), f"the form `{form.id}` has no privacy notice")
    asked = {question.id: question for question in form.fields}
    for answer, why in NEEDED_ANSWERS.items():
        if answer not in asked:
            yield Objection((*at, "fields"), f"the form `{form.id}` does not ask for `{answer}`: {why}")
        elif not asked[answer].required:
            place = (*at, "fields", list(asked).index(answer))
            yield Objection(place, f"`{answer}` has to be required: {why}", ((*place, "required"),))
    for number, question in enumerate(form.fields):
        place = (*at, "fields", number)
        if question.id not in ANSWERS:
            yield Objection(place, unknown("answer", question.id, ANSWERS))
        elif question.type not in ANSWERS[question.id]:
            types = " or ".join(ANSWERS[question.id])
            yield Objection(
                (*place, "type"),
                f"`{question.id}` is asked for by a question of type {types}, not {question.type}",
            )
        needs = ((*place, "type"), (*place, "choices"))
        if question.type == "choice" and not question.choices:
            yield Objection(place, f"`{question.id}` is a choice, but has no `choices`", needs)
        if question.type != "choice" and question.choices:
            yield Objection((*place, "choices"), f"`{question.id}` has choices, but is no choice", needs)
        if question.max_length < 1:
            yield Objection((*place, "max_length"), "`max_length` counts from 1")


def _starts_nowhere(procedure: Procedure, form: Form, at: Location, stages: list[str]) -> Iterator[Objection]:
    if not form.starts_at:
        yield Objection(
            at,
            f"the form `{form.id}` has no `starts_at`: it needs a stage, for it takes more than suggestions and "
            "compliments",
        )
    else:
        yield Objection(
            (*at, "starts_at"), unknown("stage", form.starts_at, stages), _each(procedure, "stages")
        )


def _kinds(form: Form, at: Location) -> Iterator[Objection]:
    """What the form takes, where it asks which."""
    known = get_args(Kind)
    for number, question in enumerate(form.fields):
        if question.id != "kind":
            continue
        place = (*at, "fields", number)
        if not question.required:
            yield Objection(place, "`kind` has to be required", ((*place, "required"),))
        for index, choice in enumerate(question.choices):
            if choice.id not in known:
                yield Objection((*place, "choices", index), unknown("kind", choice.id, known))
    for index, kind in enumerate(form.entered_as):
        if kind in form.kinds:
            yield Objection((*at, "entered_as", index), f"`{kind}` is what the form takes from everybody")
    yield from _repeated((*at, "entered_as"), form.entered_as)


def _written(written: WrittenForm, at: Location) -> Iterator[Objection]:
    yield from _one_source(written, at, "the complaint in writing")
    if "web" in written.routes:
        yield Objection((*at, "routes"), "what came by the form is in writing: `web` is no route to wait on")
    yield from _repeated((*at, "routes"), written.routes)
    if written.reminders < 1:
        yield Objection((*at, "reminders"), "`reminders` counts from 1")
    for index, name in enumerate(written.counts):
        if name not in ("acknowledge", "respond", "progress"):
            yield Objection(
                (*at, "counts", index),
                f"`{name}` does not wait for the form: acknowledge, respond or progress",
            )


def _not_covered(procedure: Procedure) -> Iterator[Objection]:
    """What is not covered can be said on some form."""
    asking = [field for form in procedure.forms for field in form.fields if field.id in ASKED_BY]
    known = [choice.id for field in asking for choice in field.choices]
    for number, one in enumerate(procedure.not_covered):
        if one.id not in known:
            message = (
                f"`{one.id}` is no answer to {' or '.join(f'`{name}`' for name in ASKED_BY)} in any form"
            )
            yield Objection(("not_covered", number), message, (("forms",),))


def _ladder(procedure: Procedure) -> Iterator[Objection]:
    """Each stage is reached by somebody and left by everybody."""
    stages = {stage.id: stage for stage in procedure.stages}
    going_on: dict[str, str] = {}
    for number, stage in enumerate(procedure.stages):
        at: Location = ("stages", number)
        if stage.next and stage.next not in stages:
            yield Objection((*at, "next"), unknown("stage", stage.next, stages), _each(procedure, "stages"))
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
                _each(procedure, "forms", "starts_at"),
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
    """The stages from this one on, to the end of the ladder or until one comes round again."""
    way: list[str] = []
    while stage_id and stage_id not in way:
        way.append(stage_id)
        stage_id = going_on[stage_id]
    return tuple(way)


def _stage(procedure: Procedure, stage: Stage, at: Location) -> Iterator[Objection]:
    """What happens on one stage: who deals with it, and by when."""
    yield from _review(procedure, stage, (*at, "review"))
    if stage.approval is not None:
        yield from _approval(procedure, stage, stage.approval, (*at, "approval"))
    if stage.conversation is not None:
        yield from _one_source(
            stage.conversation, (*at, "conversation"), "that the stage asks for a conversation"
        )
    if stage.late_information is not None:
        yield from _one_source(stage.late_information, (*at, "late_information"), "what is added late")
    if stage.reasons_to_go_on == "required" and not stage.next:
        yield Objection(
            (*at, "reasons_to_go_on"), "there is no stage to go on to, so no reasons for it", ((*at, "next"),)
        )
    if stage.reasons_to_go_on_source and stage.reasons_to_go_on == "optional":
        yield Objection(
            (*at, "reasons_to_go_on_source"),
            "`reasons_to_go_on_source` belongs to `reasons_to_go_on: required`",
            ((*at, "reasons_to_go_on"),),
        )
    names = [rule.name for rule in stage.deadlines]
    names_at = [(*at, "deadlines", index, "name") for index in range(len(names))] or [(*at, "deadlines")]
    must: dict[str, str] = {"respond": "nobody would have to answer"}
    if stage.acknowledgement == "person":
        must["acknowledge"] = "nobody would have to acknowledge it"
    if stage.next:
        must["reply"] = "the complainant could not go on to the next stage"
    for name, why in must.items():
        if name not in names:
            yield Objection(
                at,
                f"the stage `{stage.id}` has no deadline `{name}`: {why}",
                (*names_at, (*at, "acknowledgement"), (*at, "next")),
            )
    for index, rule in enumerate(stage.deadlines):
        place = (*at, "deadlines", index)
        for objection in (*_origin(procedure, stage, rule, place), *_limits(procedure, stage, rule, place)):
            # Of a deadline with an unknown name nothing more can be said.
            yield objection._replace(needs=(*objection.needs, (*place, "name")))


def _review(procedure: Procedure, stage: Stage, at: Location) -> Iterator[Objection]:
    review = stage.review
    yield from _one_source(review, at, f"who reviews the stage `{stage.id}`")
    if review.count < 1:
        yield Objection((*at, "count"), "`count` counts from 1")
    if review.head and review.count == 1:
        yield Objection((*at, "head"), "one reviewer is not headed by anybody", ((*at, "count"),))
    if (
        review.head
        and procedure.holders(review.head)
        and not _shared(procedure, review.role, _ids_of(procedure, review.head))
    ):
        yield Objection(
            (*at, "head"),
            f"nobody who fills the role `{review.role}` also fills `{review.head}`, so nobody can head them",
            (*_each(procedure, "people", "roles"), (*at, "role")),
        )
    if not review.fresh:
        return
    holders = {person.id for person in procedure.holders(review.role)}
    taken = 0
    for earlier in _before(procedure, stage):
        taken += min(earlier.review.count, _shared(procedure, earlier.review.role, holders))
        if earlier.approval is not None and earlier.approval.by == "role":
            taken += min(earlier.approval.count, _shared(procedure, earlier.approval.role, holders))
    if taken and len(holders) - taken < review.count:
        yield Objection(
            (*at, "fresh"),
            f"the stage `{stage.id}` can be left without fresh eyes: {len(holders)} fill the role"
            f" `{review.role}`, and earlier stages can have involved {taken} of them",
            (*_each(procedure, "people", "roles"), *_each(procedure, "stages", "review")),
        )


def _ids_of(procedure: Procedure, role: str) -> set[str]:
    return {person.id for person in procedure.holders(role)}


def _before(procedure: Procedure, stage: Stage) -> Iterator[Stage]:
    """The stages from which a case can have come to this one."""
    known = {one.id for one in procedure.stages}
    going_on = {one.id: one.next if one.next in known else "" for one in procedure.stages}
    for earlier in procedure.stages:
        if earlier.id != stage.id and stage.id in _walk(earlier.id, going_on):
            yield earlier


def _shared(procedure: Procedure, role: str, holders: Iterable[str]) -> int:
    return len({person.id for person in procedure.holders(role)} & set(holders))


def _approval(procedure: Procedure, stage: Stage, approval: Approval, at: Location) -> Iterator[Objection]:
    yield from _one_source(approval, at, f"who approves the outcome of the stage `{stage.id}`")
    if approval.by == "fellow-reviewers":
        if stage.review.count < 2:
            yield Objection(
                (*at, "by"),
                "there are no fellow reviewers: the stage has one reviewer only",
                ((*at[:-1], "review"),),
            )
        if approval.role:
            yield Objection((*at, "role"), "`role` belongs to `by: role` only", ((*at, "by"),))
        return
    if not approval.role:
        yield Objection(
            (*at, "by"), "`by: role` needs the `role` that approves", ((*at, "role"), (*at, "by"))
        )
        return
    if approval.count not in (1, 2):
        yield Objection((*at, "count"), "`count` is 1 or 2")
    approvers = {person.id for person in procedure.holders(approval.role)}
    recorders = {person.id for person in procedure.holders(stage.review.role)}
    left = len(approvers) - (1 if approvers & recorders else 0)
    if len(approvers) >= approval.count > left:
        yield Objection(
            (*at, "role"),
            f"the role `{approval.role}` cannot always approve: {approval.count} besides the person who"
            f" recorded the outcome are needed, and that one can be among the {len(approvers)} who fill it",
            (*_each(procedure, "people", "roles"), (*at[:-1], "review")),
        )


def _origin(procedure: Procedure, stage: Stage, rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    """What a deadline counts from has to have happened by then."""
    place = (*at, "counted_from")
    stages = [one.id for one in procedure.stages]
    starting = [form for form in procedure.forms if form.starts_at]
    forms = [form for form in starting if closest(form.starts_at, stages) == stage.id]
    starts = _each(procedure, "forms", "starts_at")
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
    if rule.counted_from == "acknowledged" and "acknowledge" not in [one.name for one in stage.deadlines]:
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


_WHY_NOT: Final = {
    ("acknowledge", "acknowledged"): "is what it waits for",
    ("respond", "responded"): "is what it waits for",
    ("submit", "received"): "is what it waits for",
    ("reply", "received"): "is before there is anything to reply to",
    ("reply", "requested"): "is before there is anything to reply to",
    ("reply", "acknowledged"): "is before there is anything to reply to",
    ("reply", "incident"): "is before there is anything to reply to",
}


def _limits(procedure: Procedure, stage: Stage, rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    name = f"{stage.id}/{rule.name}"
    yield from _one_source(rule, at, f"`{name}`")
    if not rule.within:
        yield Objection((*at, "within"), f"`{name}` has no limit")
    at_once = rule.name == "acknowledge" and stage.acknowledgement == "automatic"
    for index, limit in enumerate(rule.within):
        place = (*at, "within", index)
        if limit.count == 0 and not at_once:
            yield Objection(
                place,
                "a limit of 0 is for what the system acknowledges at once (acknowledgement: automatic)",
                ((*at[:-2], "acknowledgement"), place),
            )
        if limit.unit == "school-days" and not procedure.school_year.terms:
            yield Objection(
                place, "school days cannot be counted: `school_year` has no `terms`", (("school_year",),)
            )
    yield from _reminders(rule, at, name)
    if rule.extension_source and rule.extension == "not-provided":
        yield Objection(
            (*at, "extension_source"),
            "`extension_source` belongs to `extension: with-new-date`",
            ((*at, "extension"),),
        )
    if rule.extension_cap is not None and rule.extension == "not-provided":
        yield Objection(
            (*at, "extension_cap"),
            "`extension_cap` belongs to `extension: with-new-date`",
            ((*at, "extension"),),
        )
    if rule.extension != "not-provided" and rule.name != "respond":
        yield Objection((*at, "extension"), f"only `respond` can be extended, not `{rule.name}`")
    if rule.pause is not None:
        yield from _pause(procedure, rule.pause, rule, at)
    yield from _discretion(rule, at)


def _pause(procedure: Procedure, pause: Pause, rule: DeadlineRule, at: Location) -> Iterator[Objection]:
    place = (*at, "pause")
    yield from _one_source(pause, place, "that the time stands still")
    if rule.name != "respond":
        yield Objection(place, f"only the time to `respond` can stand still, not that to `{rule.name}`")
    if pause.at_most.count == 0:
        yield Objection((*place, "at_most"), "`at_most` counts from 1")
    if pause.at_most.unit == "school-days" and not procedure.school_year.terms:
        yield Objection(
            (*place, "at_most"),
            "school days cannot be counted: `school_year` has no `terms`",
            (("school_year",),),
        )


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
    yield from _repeated((*at, "remind"), (f"{remind.working_days_before} days" for remind in rule.remind))


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
    return one.unit == other.unit and one.count <= other.count


def _ends(procedure: Procedure) -> Iterator[Objection]:
    """Where people can turn in the end."""
    known = [signpost.id for signpost in procedure.signposts]
    places, courses = [], []
    for number, form in enumerate(procedure.forms):
        for index, question in enumerate(form.fields):
            if question.id == "course":
                places.append(("forms", number, "fields", index, "choices"))
                courses += [choice.id for choice in question.choices]
    for number, signpost in enumerate(procedure.signposts):
        for index, course in enumerate(signpost.only_for):
            if course not in courses:
                yield Objection(
                    ("signposts", number, "only_for", index),
                    unknown("answer to `course`", course, courses),
                    tuple(places) or _each(procedure, "forms", "fields"),
                )
    for number, stage in enumerate(procedure.stages):
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
        for index, name in enumerate(stage.end.signposts):
            if name not in known:
                yield Objection(
                    (*at, "signposts", index),
                    unknown("signpost", name, known),
                    _each(procedure, "signposts"),
                )
        yield from _repeated((*at, "signposts"), stage.end.signposts)


def _redress(procedure: Procedure) -> Iterator[Objection]:
    """What a response has to say can be said."""
    if procedure.remedies_required and not procedure.remedies:
        yield Objection(
            ("remedies_required",), "a remedy is required, but `remedies` has none", (("remedies",),)
        )
    if procedure.evidence_source and procedure.evidence == "not-asked":
        yield Objection(
            ("evidence_source",),
            "`evidence_source` belongs to `evidence: required` or `optional`",
            (("evidence",),),
        )


def _retention(retention: Retention) -> Iterator[Objection]:
    yield from _one_source(retention, ("retention",), "how long a case is kept")
    for name in ("keep", "notice"):
        limit: Limit = getattr(retention, name)
        if limit.unit not in CALENDAR_UNITS or limit.roll:
            yield Objection(
                ("retention", name),
                f"`{name}` counts plain days, weeks, months or years: holidays are not known that far ahead",
            )
        if limit.count == 0:
            yield Objection(("retention", name), f"`{name}` counts from 1")


def _school_year(procedure: Procedure) -> Iterator[Objection]:
    terms = procedure.school_year.terms
    at = ("school_year", "terms")
    for index, (one, following) in enumerate(pairwise(terms), start=1):
        if following.first <= one.last:
            yield Objection((*at, index), f"`{following.name}` begins before `{one.name}` is over", (at,))
    for index, closure in enumerate(procedure.school_year.closures):
        if not any(closure.first <= term.last and term.first <= closure.last for term in terms):
            yield Objection(
                ("school_year", "closures", index),
                f"`{closure.name}` ({closure.first}) lies in no term",
                (at,),
            )


def _data_protection(procedure: Procedure) -> Iterator[Objection]:
    """The procedure for data protection complaints has its own place beside this one's forms."""
    if procedure.data_protection_role and procedure.data_protection == "off":
        yield Objection(
            ("data_protection_role",),
            "`data_protection_role` belongs to `data_protection: on`",
            (("data_protection",),),
        )
    for number, form in enumerate(procedure.forms):
        if form.id == DATA_PROTECTION:
            yield Objection(
                ("forms", number),
                f"`{DATA_PROTECTION}` is no name for a form: the data protection complaints have that address",
            )


def _one_source(
    rule: DeadlineRule
    | Review
    | Approval
    | Retention
    | Conversation
    | LateInformation
    | Disclosure
    | LateReply
    | Letters
    | Records
    | Exhausted
    | DirectoryKept
    | WrittenForm
    | Pause,
    at: Location,
    what: str,
) -> Iterator[Objection]:
    needs = ((*at, "source"), (*at, "own_target"))
    if rule.source and rule.own_target:
        yield Objection(
            (*at, "own_target"),
            f"{what} has both `source` and `own_target`: it is the policy's or your own",
            needs,
        )
    if not rule.source and not rule.own_target:
        yield Objection(
            at,
            f"{what} has neither `source` (where the policy says so) nor `own_target` (that it is your own)",
            needs,
        )
