"""The record of a review: notes, questions to the complainant, what the complainant added, and to whom anything was
passed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, assert_never, get_args

from domain.case import Case
from domain.commands import AddNote, AskQuestion, Command, ConsiderInformation, RecordDisclosure
from domain.events import Companion, Disclosed, NoteKind
from handlers.links.form import Filled, choice, says_yes, word, writing
from handlers.links.situation import Situation


def command(
    action: Literal["note", "ask", "consider", "disclose"], form: Filled, situation: Situation
) -> Command:
    """Unprocessable: the form lacks something."""
    by, stage = situation.link.person, situation.link.stage
    match action:
        case "note":
            kind: NoteKind = word(form, "kind", get_args(NoteKind), "Choose what the note is about.")
            said = {name: form.text(name) for name in ("text", "when") if form.text(name)}
            companion: Companion = ""
            if form.chosen("companion"):
                sentence = "Choose who came with the complainant."
                companion = word(form, "companion", get_args(Companion), sentence)
            return AddNote(by=by, stage=stage, kind=kind, note=writing(**said), companion=companion)
        case "ask":
            return AskQuestion(by=by, stage=stage, question=writing(question=form.text("question")))
        case "consider":
            waiting = [addition.id for addition in situation.case.current.undecided]
            information = choice(form, "information", waiting, "Choose what you decide on.")
            accepted = says_yes(form, "Choose whether it is considered or not.")
            return ConsiderInformation(
                by=by,
                stage=stage,
                information=information,
                accepted=accepted,
                reason=writing(reason=form.text("reason")),
            )
        case "disclose":
            what: Disclosed = word(form, "what", get_args(Disclosed), "Choose what is passed on.")
            words = writing(to=form.text("to"), reason=form.text("reason"))
            return RecordDisclosure(by=by, stage=stage, what=what, disclosure=words)
        case _:
            assert_never(action)


def undecided(case: Case, contents: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What the complainant added and nobody has decided on, by id."""
    return [(one.id, _said(contents.get(one.id, {}))) for one in case.current.undecided]


def added(case: Case, contents: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the complainant added after the complaint was in, with what was decided on it."""
    return [
        {
            "at": one.at,
            "information": _said(contents.get(one.id, {})),
            "accepted": one.accepted,
            "reason": str(contents.get(one.reason, {}).get("reason", "")),
        }
        for record in case.stages
        for one in record.additions
    ]


def _said(words: Mapping[str, Any]) -> str:
    """What was added, in words; where it came with a file, what that is called."""
    return ": ".join(str(words[name]) for name in ("name", "information") if words.get(name))
