"""A posted form becomes a command, and its answer the page of what was done or of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.acting import ACTIONS, Action, refusal
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
from handlers.http import AGAIN, Request, Response, Unreadable, form_values, record_failure, temporary
from handlers.links.form import Unprocessable, read
from handlers.links.pages import done, plain, present
from handlers.links.situation import Situation, afresh, after
from handlers.wiring import site


def act(event: Request, situation: Situation) -> Response:
    """Do what the person chose."""
    try:
        typed = form_values(event)
    except Unreadable as unreadable:
        return plain(unreadable.status, "unreadable", sentence=str(unreadable))
    action = next((one for one in ACTIONS if typed.get("action") == [one]), None)
    if action is None:
        return present(422, situation, notice="Choose what you would like to do.")
    is_draft = action == "respond" and "draft" in typed
    try:
        if is_draft:
            _keep_draft(typed, situation)
            return plain(
                200, "drafted", secret=situation.secret, organisation=situation.procedure.organisation
            )
        case = _do(action, typed, situation)
    except (Unprocessable, Refused) as refused:
        _log(situation, action, type(refused).__name__)
        return _refused(action, typed, situation, refused)
    except CalendarError as error:
        record_failure(error, event)
        return present(503, situation, notice=str(error), action=action, typed=typed)
    except temporary() as error:
        record_failure(error, event)
        return present(503, situation, notice=AGAIN, action=action, typed=typed)
    _log(situation, action, "done")
    return done(action, typed, after(situation, case, now=situation.now))


def _do(action: Action, typed: Mapping[str, Sequence[str]], situation: Situation) -> Case:
    """Unprocessable: the form is not complete. Refused: see `domain.errors`."""
    from adapters.cases.execute import execute
    from handlers.links.commands import command_of
    from handlers.links.repetition import marked, refuse_repetition

    link, case = situation.link, situation.case
    if action not in link.actions:
        raise NotAllowed("This link is not for that.")
    refused = refusal(action, case, by=link.person, stage=link.stage, procedure=situation.procedure)
    if refused is not None:
        raise refused
    form = read(typed)
    refuse_repetition(action, form, case)
    command = marked(command_of(action, form, situation), action, situation)
    return execute(link.ref, command, site=site(), read=situation.read)


def _keep_draft(typed: Mapping[str, Sequence[str]], situation: Situation) -> None:
    """Nothing is decided by it. Unprocessable, Refused: as for what it is the draft of."""
    from adapters.cases.drafts import save_draft

    link = situation.link
    refused = refusal(
        "respond", situation.case, by=link.person, stage=link.stage, procedure=situation.procedure
    )
    if refused is not None:
        raise refused
    kept = {name: values for name, values in read(typed).typed.items() if name not in ("action", "draft")}
    follows = situation.case.current.wording
    save_draft(link.ref, kept, person=link.person, stage=link.stage, follows=follows, site=site())


def _refused(
    action: Action,
    typed: Mapping[str, Sequence[str]],
    situation: Situation,
    refused: Unprocessable | Refused,
) -> Response:
    """The page again with what is wrong, or with what is true now."""
    match refused:
        case (
            Unprocessable(problems=problems)
            | Incomplete(missing=problems)
            | InvalidAnswers(problems=problems)
        ):
            return present(422, situation, action=action, typed=typed, problems=problems)
        case UnknownChoice(field=name) if name:
            problem = FieldProblem(name, str(refused))
            return present(422, situation, action=action, typed=typed, problems=(problem,))
        case UnknownChoice() | ConflictOfInterest() if action in situation.actions:
            choice = {
                "assign": "reviewers",
                "involve": "involved",
                "respond": "conclusion_1",
                "lift": "hold",
                "consider": "information",
            }.get(action, "action")
            problem = FieldProblem(choice, str(refused))
            return present(422, situation, action=action, typed=typed, problems=(problem,))
        case UnknownCase():
            return plain(410, "gone")
        case NotAllowed():
            return present(403, afresh(situation), notice=str(refused))
        case _:
            # AlreadyDone, StagePassed, CaseClosed and their kin.
            return present(409, afresh(situation), notice=str(refused))


def _log(situation: Situation, action: Action, result: str) -> None:
    # Only who acts waits for the logger to be imported.
    from aws_lambda_powertools import Logger

    Logger().info("Somebody acted from a link.", reference=situation.case.ref, action=action, result=result)
