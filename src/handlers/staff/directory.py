"""The directory: who has which role, who is away, and the newest changes; kept by those whom the procedure names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from adapters import procedures
from domain.days import read_boxes
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, UnknownChoice
from domain.words import in_one_line
from handlers.http import (
    AGAIN,
    Banner,
    Request,
    Response,
    Unreadable,
    form_values,
    hidden,
    page,
    record,
    record_failure,
    temporary,
)
from handlers.pages import FormValues
from handlers.staff.session import Session, about, home
from handlers.staff.worklist import session_for, worklist_page
from handlers.wiring import site

if TYPE_CHECKING:
    from domain.directory import Directory, DirectoryCommand

NEWEST_CHANGES: Final = 20
"""How many changes of the directory its page shows."""


def show(event: Request) -> Response:
    """Return everybody, with roles and absences, and the newest changes."""
    session = session_for("directory", event)
    if not isinstance(session, Session):
        return session
    return _directory_page(200, session)


def keep(event: Request) -> Response:
    """Change it."""
    from adapters.people.directory import DirectoryChanged, change_directory
    from domain.directory import may_keep

    session = session_for("directory", event)
    if not isinstance(session, Session):
        return session
    try:
        typed = form_values(event)
    except Unreadable as unreadable:
        return _directory_page(unreadable.status, session, banner=str(unreadable))
    action = "".join(typed.get("action", ()))
    version = "".join(typed.get("version", ()))
    command = _directory_command(action, typed)
    if command is None or not version.isascii() or not version.isdigit():
        return _directory_page(422, session, banner="Choose what you want to change.")
    current = procedures.load(session.procedure.slug)
    try:
        change_directory(current, command, by=session.person.id, version=int(version), site=site())
    except Incomplete as incomplete:
        return _directory_page(422, session, action=action, typed=typed, problems=incomplete.missing)
    except UnknownChoice as unknown:
        problem = FieldProblem(unknown.field or "person", str(unknown))
        return _directory_page(422, session, action=action, typed=typed, problems=(problem,))
    except NotAllowed as refused:
        return worklist_page(403, session, banner=str(refused))
    except AlreadyDone as done:
        return _directory_page(409, session, banner=str(done))
    except DirectoryChanged:
        banner = (
            "The directory has been changed in the meantime, by you or by someone else. This is how it is now. Check "
            "whether you still need to change anything."
        )
        return _directory_page(409, session, banner=banner)
    except temporary() as error:
        record_failure(error, event)
        return _directory_page(503, session, action=action, typed=typed, banner=AGAIN)
    record("The directory was changed.")
    after = _again(session)
    if after.procedure.person(after.person.id) is None:
        return hidden(page(200, "pages/staff/expired.html", **home(after.procedure), left=True, done=True))
    if may_keep(after.procedure, after.person.id) is not None:
        told = {"heading": "The directory has been changed", "text": "You can no longer change it."}
        return worklist_page(200, after, banner=told)
    return _directory_page(200, after, done=True)


def _directory_command(action: str, typed: FormValues) -> DirectoryCommand | None:
    from domain.directory import AddAbsence, PutPerson, RemoveAbsence, RemovePerson

    def text(name: str) -> str:
        return in_one_line("".join(typed.get(name, ())))

    match action:
        case "add" | "change":
            person = f"person-{site().identities.content_id()}" if action == "add" else text("person")
            if not person:
                return None
            return PutPerson(
                person=person, name=text("name"), email=text("email"), roles=tuple(typed.get("roles", ()))
            )
        case "remove" if text("confirm") == "yes":
            return RemovePerson(person=text("person"))
        case "away":
            first, last = (read_boxes(typed, name) for name in ("first", "last"))
            return AddAbsence(person=text("person"), first=first, last=last)
        case "back":
            try:
                return RemoveAbsence(person=text("person"), first=date.fromisoformat(text("absence")))
            except ValueError:
                return None
        case _:
            return None


def _directory_page(
    status: int,
    session: Session,
    *,
    banner: Banner = "",
    done: bool = False,
    action: str = "",
    typed: FormValues | None = None,
    problems: Sequence[FieldProblem] = (),
) -> Response:
    from adapters.people.directory import changes_of, directory_of
    from domain.directory import may_keep

    refusal = may_keep(session.procedure, session.person.id)
    if refusal is not None:
        return worklist_page(403, session, banner=str(refusal))
    directory = directory_of(procedures.load(session.procedure.slug), site=site())
    whom = "".join((typed or {}).get("person", ())) if action != "add" else ""
    names = {person.id: person.name for person in directory.people}
    changes = changes_of(session.procedure.slug, site=site(), newest=NEWEST_CHANGES)
    return hidden(
        page(
            status,
            "pages/staff/directory.html",
            script="pages/sending.js",
            **about(session),
            directory=directory,
            away=_away_today(directory, session.now),
            names=names,
            changes=changes,
            banner=banner,
            done=done,
            typed=defaultdict(list, typed or {}),
            form=f"{action}.{whom}" if action else "",
            problems={problem.field: problem.message for problem in reversed(problems)},
        )
    )


def _away_today(directory: Directory, now: datetime) -> frozenset[str]:
    from domain.directory import people_on

    return frozenset(person.id for person in people_on(directory, now) if person.is_away)


def _again(session: Session) -> Session:
    """Sign in again after a change of the directory: who one is may have changed with it."""
    from adapters.people.directory import with_todays_people

    procedure = with_todays_people(procedures.load(session.procedure.slug), site=site())
    return replace(session, procedure=procedure, person=procedure.person(session.person.id) or session.person)
