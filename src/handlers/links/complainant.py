"""The complainant: answers and adds while the complaint is looked into, replies to an outcome, and asks for more
where the procedure leaves room for it."""

from __future__ import annotations

from typing import Any, Literal, assert_never

from domain.commands import AddInformation, AnswerQuestions, AskLate, AskToReopen, Command, Reply
from handlers.links.form import Filled, choice, writing
from handlers.links.outcome import shown
from handlers.links.record import added
from handlers.links.situation import Situation, promises
from handlers.wiring import site


def command(
    action: Literal["reply", "enter-reply", "ask-late", "reopen", "answer", "add"],
    form: Filled,
    situation: Situation,
) -> Command:
    """Unprocessable: the form lacks something."""
    by, stage = situation.link.person, situation.link.stage
    match action:
        case "reply" | "enter-reply":
            who = "you are" if action == "reply" else "the complainant is"
            answer = choice(
                form, "answer", ("satisfied", "escalate"), f"Choose whether {who} satisfied or not."
            )
            words = {name: form.text(name) for name in ("reasons", "sought") if form.text(name)}
            return Reply(
                by=by,
                stage=stage,
                answer="satisfied" if answer == "satisfied" else "escalate",
                reasons=writing(**words) if words else None,
                aspects=tuple(int(one) for one in form.chosen("points") if one.isdecimal()),
            )
        case "ask-late":
            return AskLate(by=by, stage=stage, reasons=writing(reasons=form.text("reasons")))
        case "reopen":
            return AskToReopen(by=by, stage=stage, reasons=writing(reasons=form.text("reasons")))
        case "answer":
            answers = {
                name.removeprefix("answer_"): form.text(name)
                for name in form.typed
                if name.startswith("answer_") and form.text(name)
            }
            return AnswerQuestions(by=by, stage=stage, answers=writing(**answers))
        case "add":
            information = writing(information=form.text("information"))
            return AddInformation(by=by, stage=stage, information=information)
        case _:
            assert_never(action)


def underway(situation: Situation) -> dict[str, Any]:
    """The complaint while it is looked into, for the person who made it."""
    current = situation.case.current
    ids = [one.id for one in current.questions] + [one.answer for one in current.questions]
    for addition in current.additions:
        ids += [addition.id, addition.reason]
    contents = site().store.contents(situation.case.ref, ids)
    asked = [
        {
            "id": one.id,
            "question": str(contents.get(one.id, {}).get("question", "")),
            "answer": str(contents.get(one.answer, {}).get(one.id, "")),
        }
        for one in current.questions
    ]
    dates = promises(situation) or ()
    return {
        "asked": asked,
        "added": [one for one in added(situation.case, contents) if one["information"]],
        "respond_by": next((one for one in dates if one.deadline == "respond"), None),
    }


def answered(situation: Situation) -> dict[str, Any]:
    """The outcome, for the person whom it answers."""
    from adapters.cases.particulars import ways_on

    case, procedure = situation.case, situation.procedure
    contents = site().store.contents(case.ref, (case.answers, case.current.wording, case.current.agreed))
    signposts, none_named = ways_on(case, procedure)
    dates = promises(situation) or ()
    return {
        "outcome": shown(case.current, case, procedure, contents),
        "reply_by": next((one for one in dates if one.deadline == "reply"), None),
        "signposts": signposts,
        "none_named": none_named,
    }
