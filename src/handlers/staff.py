"""Staff's own page, without passwords: a link by mail, and what can be done from it.

Who asks for a link gets the same answer whether or not the address is in the directory. The page behind the link lists
what waits for its person, by reference; from it a case is entered for somebody, a case of one's own is opened (with a
link to it, as a mail would have), and the directory is kept by those whom the procedure names. Reading changes
nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import parse_qsl

from adapters import procedures
from adapters.identities import RandomIdentities
from domain.calendars import LONDON, CalendarError, to_london
from domain.errors import (
    AlreadyDone,
    FieldProblem,
    Incomplete,
    InvalidAnswers,
    NotAllowed,
    UnknownChoice,
)
from domain.events import Content
from domain.life.intake import as_entered
from domain.procedure import DATA_PROTECTION, Choice, Field, Form, Kind, Person, Procedure
from domain.procedure import Route as Way
from handlers.http import (
    Answer,
    Event,
    Route,
    Unreadable,
    answer,
    body_text,
    dispatch,
    page,
    path_part,
    record,
    record_failure,
)
from handlers.pages import Typed, anchor_of, asked_of, broken_page, not_found, raw_answers, served_procedure
from handlers.wiring import desk

if TYPE_CHECKING:
    from adapters.staff import StaffAction, StaffLink
    from adapters.submission import Receipt
    from domain.case import Case
    from domain.commands import Promised
    from domain.directory import Directory, DirectoryCommand
    from domain.promises import Promise

MOST_VALUES: Final = 500
"""How many values a posted form can have."""

NEWEST_CHANGES: Final = 20
"""How many changes of the directory its page shows."""

MORE_ENTRIES: Final = 4
"""How many boxes a question that takes a list has where staff fill it in."""

WAYS: Final[Mapping[Way, str]] = {
    "telephone": "By telephone",
    "in-person": "In person",
    "email": "By email",
    "letter": "By letter",
}
"""How what staff enter can have reached them."""

KINDS: Final[Mapping[Kind, str]] = {
    "complaint": "A complaint: dissatisfaction that needs an answer",
    "concern": "A concern: a worry that can perhaps be settled at once",
    "suggestion": "A suggestion",
    "compliment": "A compliment",
}

CONTENT: Final[Mapping[Content, str]] = {
    "yes": "Yes, they are content with it",
    "no": "No",
    "not-asked": "They were not asked",
}

OPENING: Final = time(9)
"""When something came of which nobody knows more than the day."""

_KEEPING: Final = frozenset({"hold", "lift", "involve", "lessons", "disclose"})
"""What can be done in a case without it waiting for anybody."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """A staff link that works: whose, and the organisation's own procedure with today's people."""

    secret: str
    link: StaffLink
    person: Person
    procedure: Procedure
    now: datetime


def handler(event: Event, context: Any) -> Answer:
    """Answer a request of API Gateway."""
    return dispatch(event, ROUTES, broken=broken_page)


# A link to one's own page.


def show_asking(event: Event) -> Answer:
    """Ask for the address to which the link goes."""
    procedure = served_procedure(path_part(event, "org"))
    if procedure is None:
        return not_found()
    return _asking(200, procedure)


def send_link(event: Event) -> Answer:
    """Send a link where the address is in the directory; say the same to everybody."""
    from adapters.directory import with_todays_people
    from adapters.staff import ask_for_link

    procedure = served_procedure(path_part(event, "org"))
    if procedure is None:
        return not_found()
    try:
        typed = _typed(event)
    except Unreadable as unreadable:
        return _asking(unreadable.status, procedure, problem=str(unreadable))
    email = "".join(typed.get("email", ())).strip()
    if "@" not in email or len(email) > 254:
        problem = "Enter an email address in the correct format, like name@example.com."
        return _asking(422, procedure, typed=email, problem=problem)
    found = (
        one
        for one in with_todays_people(procedure, desk=desk()).people
        if one.email.casefold() == email.casefold()
    )
    for person in found:
        ask_for_link(procedure.slug, person, desk=desk())
    return _private(page(200, "pages/staff/sent.html", **_home(procedure)))


def _asking(status: int, procedure: Procedure, *, typed: str = "", problem: str = "") -> Answer:
    return _private(page(status, "pages/staff/ask.html", **_home(procedure), typed=typed, problem=problem))


# The page behind it.


def show_desk(event: Event) -> Answer:
    """What waits for the person, and what else can be done."""
    present = _present(event)
    return present if not isinstance(present, Present) else _desk_page(200, present)


def open_case(event: Event) -> Answer:
    """A link to a case that the person handles, as a mail would have it; the way there."""
    from adapters.execute import todays_rules_of
    from adapters.links import CaseGone, mint
    from domain.acting import available

    present = _present(event, "open")
    if not isinstance(present, Present):
        return present
    try:
        ref = "".join(_typed(event).get("case", ()))
    except Unreadable as unreadable:
        return _desk_page(unreadable.status, present, notice=str(unreadable))
    stored = desk().store.load(ref) if ref else None
    by = present.person.id
    if stored is None or stored.case.organisation.partition("/")[0] != present.procedure.slug:
        return _desk_page(404, present, notice="There is no such case, or no longer.")
    case = stored.case
    rules, _ = todays_rules_of(case, desk=desk())
    able = available(case, by=by, procedure=rules)
    if not set(able) - _KEEPING:
        return _desk_page(403, present, notice="You do not deal with this case.")
    try:
        secret = mint(ref=ref, person=by, stage=case.current.stage, sent_for=able[0], desk=desk())
    except CaseGone:
        return _desk_page(404, present, notice="There is no such case, or no longer.")
    record(event, "A case was opened from a member of staff's own page.", ref=ref)
    return _private(answer(303, "", media_type="text/plain", headers={"Location": f"/l/{secret}"}))


def _desk_page(status: int, present: Present, *, notice: str = "") -> Answer:
    from domain.directory import may_keep

    return _private(
        page(
            status,
            "pages/staff/desk.html",
            **_about(present),
            notice=notice,
            waiting=list(_waiting(present)),
            forms=list(_forms(present.procedure)),
            keeps=may_keep(present.procedure, present.person.id) is None,
        )
    )


def _waiting(present: Present) -> Iterator[dict[str, Any]]:
    """The open cases in which the person has something to do, those whose date is nearest first."""
    from adapters.execute import todays_rules_of
    from adapters.staff import open_cases
    from domain.acting import available

    by = present.person.id
    for procedure in _procedures(present.procedure):
        refs = open_cases(procedure.slug, desk=desk())
        for stored in desk().store.load_all(refs):
            case = stored.case
            rules, _ = todays_rules_of(case, desk=desk())
            if set(available(case, by=by, procedure=rules)) - _KEEPING:
                yield {
                    "case": case,
                    "stage": rules.stage(case.current.stage),
                    "mine": by in case.current.reviewers,
                    "next": _next_date(case, stored.promised),
                }


def _next_date(case: Case, promised: Sequence[Promised]) -> Promise | None:
    """The running date that ends first, as it was counted when the case was stored."""
    from domain.promises import Promise

    ahead = [one for one in promised if one.deadline.startswith(f"{case.current.stage}/")]
    if not ahead:
        return None
    first = min(ahead, key=lambda one: one.due_at)
    last_day = to_london(first.due_at - timedelta(microseconds=1)).date()
    return Promise(name=first.deadline, due=last_day, due_at=first.due_at)


def _procedures(procedure: Procedure) -> Iterator[Procedure]:
    """The organisation's own procedure, and the one that it has beside it."""
    yield procedure
    beside = served_procedure(f"{procedure.slug}/{DATA_PROTECTION}")
    if beside is not None:
        yield beside


def _forms(procedure: Procedure) -> Iterator[dict[str, str]]:
    for one in _procedures(procedure):
        for form in one.forms:
            yield {"address": _address(one, form), "title": form.title, "of": one.title}


def _address(procedure: Procedure, form: Form) -> str:
    return f"{DATA_PROTECTION}.{form.id}" if procedure.slug.endswith(f"/{DATA_PROTECTION}") else form.id


# Entering a case for somebody.


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """The form as staff fill it in, with what they say beside it. `strict` is the form itself."""

    present: Present
    procedure: Procedure
    strict: Form
    kinds: tuple[Kind, ...]


def show_entering(event: Event) -> Answer:
    """The form, empty."""
    entering = _entering(event)
    if not isinstance(entering, Entering):
        return entering
    return _entering_page(200, entering, key=RandomIdentities().secret())


def enter(event: Event) -> Answer:
    """Open the case; the complainant is told as if the form had been sent."""
    entering = _entering(event)
    if not isinstance(entering, Entering):
        return entering
    try:
        typed = dict(_typed(event))
    except Unreadable as unreadable:
        return _desk_page(unreadable.status, entering.present, notice=str(unreadable))
    given = typed.pop("_key", [""])[-1]
    key = given if _SECRET.fullmatch(given) else ""
    if not key:
        return _entering_page(
            400,
            entering,
            key=RandomIdentities().secret(),
            typed=typed,
            notice="Nothing was stored. Try again.",
        )
    try:
        receipt = _submit(entering, typed, key=key)
    except InvalidAnswers as invalid:
        return _entering_page(422, entering, key=key, typed=typed, problems=invalid.problems)
    except Incomplete as incomplete:
        return _entering_page(422, entering, key=key, typed=typed, problems=incomplete.missing)
    except UnknownChoice as unknown:
        problem = FieldProblem(unknown.field or "kind", str(unknown))
        return _entering_page(422, entering, key=key, typed=typed, problems=(problem,))
    except CalendarError as error:
        record_failure(error, event)
        return _entering_page(503, entering, key=key, typed=typed, notice=str(error))
    except _temporary() as error:
        record_failure(error, event)
        notice = (
            "Something went wrong on our side, and nothing has been stored. Please try again in a moment."
        )
        return _entering_page(503, entering, key=key, typed=typed, notice=notice)
    if receipt is None:
        notice = "This form was sent before with other answers, and that stands. Send this too if it is another case."
        return _entering_page(409, entering, key=RandomIdentities().secret(), typed=typed, notice=notice)
    if not receipt.repeated:
        record(event, "A case was entered for somebody.", ref=receipt.reference)
    return _private(
        page(
            200 if receipt.repeated else 201,
            "pages/staff/entered.html",
            **_about(entering.present),
            receipt=receipt,
            stage=entering.procedure.stage(receipt.stage),
            by_letter=not "".join(typed.get("email", ())).strip(),
        )
    )


def _entering(event: Event) -> Entering | Answer:
    present = _present(event, "enter")
    if not isinstance(present, Present):
        return present
    named = path_part(event, "form")
    for procedure in _procedures(present.procedure):
        for form in procedure.forms:
            if _address(procedure, form) == named:
                kinds = tuple(kind for kind in get_args(Kind) if kind in {*form.kinds, *form.entered_as})
                return Entering(present=present, procedure=procedure, strict=form, kinds=kinds)
    return not_found(present.procedure)


def _asked_form(entering: Entering, way: Way) -> Form:
    """All that is asked of staff where it came this way."""
    beside = [
        Field(
            id="route",
            label="How did it reach you?",
            type="choice",
            required=True,
            missing="Choose how it reached you.",
            choices=tuple(Choice(id=one, label=label) for one, label in WAYS.items()),
        ),
        Field(
            id="received",
            label="When did it reach you?",
            hint="The day on which the organisation heard of it. All dates count from then.",
            type="date",
            required=True,
            missing="Enter the day on which it reached you.",
        ),
        Field(
            id="received_time",
            label="At what time?",
            hint="For example 16:50. If you leave it empty for an earlier day, it is taken as 9am.",
            type="text",
            max_length=5,
        ),
    ]
    if len(entering.kinds) > 1:
        choices = tuple(Choice(id=kind, label=KINDS[kind]) for kind in entering.kinds)
        beside.insert(
            0,
            Field(
                id="kind",
                label="What is it?",
                type="choice",
                required=True,
                missing="Choose what it is.",
                choices=choices,
            ),
        )
    content = tuple(Choice(id=one, label=label) for one, label in CONTENT.items())
    after = [
        Field(
            id="done",
            label="What was said and done at once?",
            hint="For those who deal with it: whether you explained the procedure, and what you agreed, if anything.",
            type="long-text",
            max_length=5000,
        ),
        Field(
            id="content",
            label="Is the person content with how it was handled?",
            type="choice",
            choices=content,
        ),
    ]
    if "concern" in entering.kinds:
        after.append(
            Field(
                id="settled",
                label="The concern is settled. Log it, and close it.",
                hint="Only for a concern. If you leave this empty, it goes on with what you have written.",
                type="declaration",
            )
        )
    form = as_entered(entering.strict, way)
    return replace(form, fields=(*beside, *form.fields, *after))


def _submit(entering: Entering, typed: Typed, *, key: str) -> Receipt | None:
    """None: the key was used for other answers. Refused, CalendarError: as `submit`."""
    from adapters.answers import read
    from adapters.submission import Entered, KeyReused, submit

    chosen = "".join(typed.get("route", ()))
    way = next((one for one in WAYS if one == chosen), None)
    # As long as nobody has said how it came, nothing more than necessary is asked for.
    form = _asked_form(entering, way or "telephone")
    if typed.get("settled") or "".join(typed.get("kind", ())) in ("suggestion", "compliment"):
        form = replace(
            form,
            fields=tuple(
                replace(
                    one, required=one.required and one.id in ("kind", "route", "received", "name", "account")
                )
                for one in form.fields
            ),
        )
    said = read(form, raw_answers(form, typed))
    received_at = _received_at(said, now=entering.present.now)
    entered = Entered(
        kind=str(said.pop("kind", "")),
        route=said.pop("route"),
        received_at=received_at,
        done=str(said.pop("done", "")),
        content=said.pop("content", "not-asked"),
        settled=bool(said.pop("settled", False)),
    )
    for name in ("received", "received_time"):
        said.pop(name, None)
    try:
        return submit(
            entering.procedure.slug,
            entering.strict.id,
            said,
            key=f"staff {key}",
            by=entering.present.person.id,
            desk=desk(),
            entered=entered,
        )
    except KeyReused:
        return None


def _received_at(said: Mapping[str, Any], *, now: datetime) -> datetime | None:
    """When it came; None: now. InvalidAnswers: no time of day, or one that has not come yet."""
    day = date.fromisoformat(said["received"])
    today = to_london(now).date()
    typed = str(said.get("received_time", "")).strip()
    if day > today:
        raise InvalidAnswers((FieldProblem("received", "It cannot have come in the future."),))
    if not typed:
        if day == today:
            return None
        return datetime.combine(day, OPENING, LONDON)
    try:
        at = datetime.combine(day, time.fromisoformat(typed.replace(".", ":").zfill(5)), LONDON)
    except ValueError:
        raise InvalidAnswers((FieldProblem("received_time", "Enter a time of day, like 16:50."),)) from None
    if at > now:
        raise InvalidAnswers((FieldProblem("received_time", "It cannot have come in the future."),))
    return at


def _entering_page(
    status: int,
    entering: Entering,
    *,
    key: str,
    typed: Typed | None = None,
    problems: Sequence[FieldProblem] = (),
    notice: str = "",
) -> Answer:
    written = entering.strict.written
    waiting = written.routes if written is not None else ()
    # What waits for its form needs little, and which answers are needed is said as if it did.
    form = _asked_form(entering, waiting[0] if waiting else "letter")
    questions = [asked_of(field, _with_room(field, typed or {}), problems) for field in form.fields]
    known = {field.id for field in form.fields}
    return _private(
        page(
            status,
            "pages/staff/enter.html",
            **_about(entering.present),
            form=entering.strict,
            address=_address(entering.procedure, entering.strict),
            key=key,
            questions=questions,
            most_entries=MORE_ENTRIES,
            notice=notice,
            waiting_routes=[WAYS[one].lower() for one in waiting if one in WAYS],
            problems=[{"anchor": anchor_of(one, known), "message": one.message} for one in problems],
        )
    )


def _with_room(field: Field, typed: Typed) -> Typed:
    """A list has its boxes from the beginning: there is no button to add one."""
    if field.type != "list":
        return typed
    given = [one for one in typed.get(field.id, ()) if one.strip()]
    return {**typed, field.id: [*given, *[""] * MORE_ENTRIES][: max(MORE_ENTRIES, len(given))]}


# The directory.


def show_directory(event: Event) -> Answer:
    """Everybody, with roles and absences, and the newest changes."""
    present = _present(event, "directory")
    if not isinstance(present, Present):
        return present
    return _directory_page(200, present)


def keep_directory(event: Event) -> Answer:
    """Change it."""
    from adapters.directory import DirectoryChanged, change_directory

    present = _present(event, "directory")
    if not isinstance(present, Present):
        return present
    try:
        typed = _typed(event)
    except Unreadable as unreadable:
        return _directory_page(unreadable.status, present, notice=str(unreadable))
    action = "".join(typed.get("action", ()))
    version = "".join(typed.get("version", ()))
    command = _directory_command(action, typed)
    if command is None or not version.isascii() or not version.isdigit():
        return _directory_page(422, present, notice="Choose what you would like to change.")
    current = procedures.load(present.procedure.slug)
    try:
        change_directory(current, command, by=present.person.id, version=int(version), desk=desk())
    except Incomplete as incomplete:
        return _directory_page(422, present, action=action, typed=typed, problems=incomplete.missing)
    except UnknownChoice as unknown:
        problem = FieldProblem(unknown.field or "person", str(unknown))
        return _directory_page(422, present, action=action, typed=typed, problems=(problem,))
    except NotAllowed as refused:
        return _desk_page(403, present, notice=str(refused))
    except AlreadyDone as done:
        return _directory_page(409, present, notice=str(done))
    except DirectoryChanged:
        notice = "Somebody else has changed the directory meanwhile. This is how it is now; please look, and try again."
        return _directory_page(409, present, notice=notice)
    record(event, "The directory was changed.")
    return _directory_page(200, _again(present), done=True)


def _directory_command(action: str, typed: Typed) -> DirectoryCommand | None:
    from domain.directory import AddAbsence, PutPerson, RemoveAbsence, RemovePerson

    def text(name: str) -> str:
        return " ".join("".join(typed.get(name, ())).split())

    match action:
        case "add" | "change":
            person = f"person-{desk().identities.content_id()}" if action == "add" else text("person")
            if not person:
                return None
            return PutPerson(
                person=person, name=text("name"), email=text("email"), roles=tuple(typed.get("roles", ()))
            )
        case "remove" if text("confirm") == "yes":
            return RemovePerson(person=text("person"))
        case "away":
            return AddAbsence(person=text("person"), first=_day(typed, "first"), last=_day(typed, "last"))
        case "back":
            try:
                return RemoveAbsence(person=text("person"), first=date.fromisoformat(text("absence")))
            except ValueError:
                return None
        case _:
            return None


def _day(typed: Typed, name: str) -> date | None:
    parts = ["".join(typed.get(f"{name}.{part}", ())).strip() for part in ("year", "month", "day")]
    try:
        year, month, day = (int(part) if part.isascii() and part.isdigit() else 0 for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _directory_page(
    status: int,
    present: Present,
    *,
    notice: str = "",
    done: bool = False,
    action: str = "",
    typed: Typed | None = None,
    problems: Sequence[FieldProblem] = (),
) -> Answer:
    from adapters.directory import changes_of, directory_of
    from domain.directory import may_keep

    refusal = may_keep(present.procedure, present.person.id)
    if refusal is not None:
        return _desk_page(403, present, notice=str(refusal))
    directory = directory_of(procedures.load(present.procedure.slug), desk=desk())
    about = "".join((typed or {}).get("person", ())) if action != "add" else ""
    names = {one.id: one.name for one in directory.people}
    changes = changes_of(present.procedure.slug, desk=desk(), newest=NEWEST_CHANGES)
    return _private(
        page(
            status,
            "pages/staff/directory.html",
            **_about(present),
            directory=directory,
            away=_away_today(directory, present.now),
            names=names,
            changes=changes,
            notice=notice,
            done=done,
            typed=defaultdict(list, typed or {}),
            form=f"{action}.{about}" if action else "",
            problems={one.field: one.message for one in reversed(problems)},
        )
    )


def _away_today(directory: Directory, now: datetime) -> frozenset[str]:
    from domain.directory import people_on

    return frozenset(one.id for one in people_on(directory, now) if one.is_away)


# What all pages share.


def _present(event: Event, action: StaffAction | None = None) -> Present | Answer:
    """The link that is asked for, as far as it is for `action`; or the page that says why it is for nothing."""
    from adapters.directory import with_todays_people
    from adapters.staff import find_staff_link

    secret = path_part(event, "secret")
    link = find_staff_link(secret, desk=desk()) if _SECRET.fullmatch(secret) else None
    if link is None:
        return _private(page(404, "pages/staff/unknown.html"))
    procedure = served_procedure(link.organisation)
    if procedure is None:
        return _private(page(404, "pages/staff/unknown.html"))
    now = desk().clock.now()
    procedure = with_todays_people(procedure, desk=desk())
    person = procedure.person(link.person)
    if link.has_expired(now) or person is None:
        return _private(page(410, "pages/staff/expired.html", **_home(procedure), left=person is None))
    present = Present(secret=secret, link=link, person=person, procedure=procedure, now=now)
    if action is not None and action not in link.actions:
        return _desk_page(403, present, notice="This link is not for that.")
    return present


def _again(present: Present) -> Present:
    """After a change of the directory: who one is may have changed with it."""
    from adapters.directory import with_todays_people

    procedure = with_todays_people(procedures.load(present.procedure.slug), desk=desk())
    return replace(present, procedure=procedure, person=procedure.person(present.person.id) or present.person)


def _about(present: Present) -> dict[str, Any]:
    return {
        "organisation": present.procedure.organisation,
        "procedure": present.procedure,
        "person": present.person,
        "secret": present.secret,
        "until": present.link.expires_at,
    }


def _home(procedure: Procedure) -> dict[str, Any]:
    return {
        "organisation": procedure.organisation,
        "home": f"/{procedure.slug}",
        "procedure": procedure,
    }


def _typed(event: Event) -> dict[str, list[str]]:
    """Unreadable: it is no form."""
    body = body_text(event, media_type="application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_VALUES)
    except ValueError:
        raise Unreadable(400, "What was sent is not a form that was filled in.") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _temporary() -> tuple[type[Exception], ...]:
    """What keeps something from being stored now, and may not in a moment."""
    from botocore.exceptions import BotoCoreError, ClientError

    from adapters.execute import TooBusy

    return TooBusy, BotoCoreError, ClientError


def _private(given: Answer) -> Answer:
    given["headers"]["X-Robots-Tag"] = "noindex, nofollow"
    return given


ROUTES: Final[Mapping[str, Route]] = {
    "GET /{org}/staff": show_asking,
    "POST /{org}/staff": send_link,
    "GET /s/{secret}": show_desk,
    "POST /s/{secret}": open_case,
    "GET /s/{secret}/enter/{form}": show_entering,
    "POST /s/{secret}/enter/{form}": enter,
    "GET /s/{secret}/directory": show_directory,
    "POST /s/{secret}/directory": keep_directory,
}
