"""A posted form becomes a command, and its answer the page of what was done or of what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.act import Act
from domain.calendars import CalendarError
from domain.case import Case
from domain.errors import (
    ConflictOfInterest,
    FieldProblem,
    Incomplete,
    InvalidAnswers,
    NotAllowed,
    Refused,
    UnknownCase,
    UnknownChoice,
)
from domain.event import Contents
from domain.form import Asking, Filled, OtherCase, SentFile, SentMessage, Typed, Unprocessable, read_form
from domain.procedure import Form
from domain.registry import ROOM_OF_ACT, act, refusal
from handlers.http import (
    AGAIN,
    Request,
    Response,
    Unreadable,
    form_values,
    record,
    record_failure,
    temporary,
)
from handlers.links.pages import done, plain, present
from handlers.links.visit import Visit
from handlers.wiring import site


def respond(event: Request, visit: Visit) -> Response:
    """Do what the person chose."""
    try:
        typed = form_values(event)
    except Unreadable as unreadable:
        return plain(unreadable.status, "unreadable", sentence=str(unreadable))
    (name,) = typed.get("action", ("",))[:1] or ("",)
    if len(typed.get("action", ())) != 1 or name not in ROOM_OF_ACT:
        return present(422, visit, banner="Choose what you want to do.")
    chosen = act(name)
    is_draft = name == "respond" and "draft" in typed
    try:
        if is_draft:
            _keep_draft(typed, visit)
            return plain(200, "drafted", secret=visit.secret, organisation=visit.procedure.organisation)
        case = _do(chosen, typed, visit)
    except (Unprocessable, Refused) as refused:
        _log(visit, name, type(refused).__name__)
        return _refused(chosen, typed, visit, refused)
    except CalendarError as error:
        record_failure(error, event)
        return present(503, visit, banner=str(error), action=name, typed=typed)
    except temporary() as error:
        record_failure(error, event)
        return present(503, visit, banner=AGAIN, action=name, typed=typed)
    _log(visit, name, "done")
    return done(name, typed, visit.then(case))


def asking(visit: Visit, form: Filled, *, file: SentFile | None = None) -> Asking:
    """Return the filled-in form of an act, as the person of the link filled it in."""

    def answers(asked: Form) -> dict[str, Any]:
        from adapters.cases.answers import read
        from handlers.pages import raw_answers

        typed = {name: values for name, values in form.typed.items() if name != "action"}
        return read(asked, raw_answers(asked, typed))

    def read(ids: Iterable[str]) -> Contents:
        return site().store.contents(visit.case.ref, ids)

    def sent(message: str) -> SentMessage | None:
        from adapters.post.correspondence import sent_letter

        found = sent_letter(visit.case.ref, message, site().store) if message else None
        return SentMessage(id=found.id, notice=found.notice) if found is not None else None

    def other(ref: str) -> OtherCase | None:
        from handlers.links.linked import other_case

        return other_case(ref, visit)

    return Asking(
        form,
        at=visit.at,
        by=visit.person,
        stage=visit.link.stage,
        new_id=site().identities.content_id,
        answers=answers,
        read=read,
        sent=sent,
        other=other,
        file=file,
    )


def _do(chosen: Act, typed: Typed, visit: Visit) -> Case:
    """Do what was asked. Unprocessable: the form is not complete. Refused: see `domain.errors`."""
    from adapters.cases.execute import execute

    _hold_to_possible(chosen.name, visit)
    command = chosen.asked(asking(visit, read_form(typed)))
    again = chosen.traits.again
    if again != "as-often":
        from handlers.links.repetition import marked

        command = marked(command, chosen.name, again, visit)
    return execute(visit.link.ref, command, site=site(), read=visit.read, at=visit.at)


def _hold_to_possible(name: str, visit: Visit) -> None:
    """Refuse what cannot be done. Refused: the link is for something else, or something stands against it."""
    link = visit.link
    if not link.allows(name):
        raise NotAllowed("You cannot do this with this link.")
    if refused := refusal(name, visit.at, by=link.person, stage=link.stage):
        raise refused


def _keep_draft(typed: Typed, visit: Visit) -> None:
    """Keep it as a draft; nothing is decided by it. Unprocessable, Refused: as for what it is the draft of."""
    from adapters.cases.drafts import save_draft

    _hold_to_possible("respond", visit)
    link, follows = visit.link, visit.case.current.wording
    kept = {
        name: values for name, values in read_form(typed).typed.items() if name not in ("action", "draft")
    }
    if visit.read is None:
        raise UnknownCase("There is no such case.")
    save_draft(visit.read, kept, person=link.person, stage=link.stage, follows=follows, site=site())


def _refused(chosen: Act, typed: Typed, visit: Visit, refused: Unprocessable | Refused) -> Response:
    """Return the page again with what is wrong, or with what is true now."""
    match refused:
        case (
            Unprocessable(problems=problems)
            | Incomplete(missing=problems)
            | InvalidAnswers(problems=problems)
        ):
            return present(422, visit, action=chosen.name, typed=typed, problems=problems)
        case UnknownChoice(field=name) if name:
            problem = FieldProblem(name, str(refused))
            return present(422, visit, action=chosen.name, typed=typed, problems=(problem,))
        case UnknownChoice() | ConflictOfInterest() if chosen in visit.acts:
            problem = FieldProblem(chosen.choice, str(refused))
            return present(422, visit, action=chosen.name, typed=typed, problems=(problem,))
        case UnknownCase():
            return plain(410, "gone")
        case NotAllowed():
            return present(403, visit.afresh(), banner=str(refused))
        case _:
            # AlreadyDone, StagePassed, CaseClosed and their kin.
            return present(409, visit.afresh(), banner=str(refused))


def _log(visit: Visit, action: str, result: str) -> None:
    record("Somebody acted from a link.", ref=visit.case.ref, action=action, result=result)
