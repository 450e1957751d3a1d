"""Reading what a person filled in: texts, choices and days, each with the sentence that says what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from domain import days
from domain.commands import Writing
from domain.errors import FieldProblem
from domain.words import in_one_shape, is_printable
from handlers.wiring import site

LONGEST_TEXT: Final = 20_000
"""Characters of one text that is written on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was typed into a form, and what is wrong with it, by the name of the field."""

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What was typed first under a name; empty where nothing was."""
        return self.typed[name][0] if self.typed.get(name) else ""

    def chosen(self, name: str) -> Sequence[str]:
        """All that was chosen under a name."""
        return self.typed.get(name, ())

    def problem(self, name: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        return self.problems.get(name, "")


class Unprocessable(Exception):
    """The form lacks something or holds what cannot be taken; `problems` names each field."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def read(typed: Mapping[str, Sequence[str]]) -> Filled:
    """The texts in one shape.

    Unprocessable: one that cannot be taken."""
    clean, problems = {}, []
    for name, values in typed.items():
        clean[name] = [in_one_shape(value) for value in values]
        if any(len(value) > LONGEST_TEXT for value in clean[name]):
            problems.append(FieldProblem(name, f"Use {LONGEST_TEXT:,} characters or fewer."))
        if not all(map(is_printable, clean[name])):
            problems.append(FieldProblem(name, "Remove the characters that cannot be printed."))
    if problems:
        raise Unprocessable(*problems)
    return Filled(typed=clean)


def writing(**words: Any) -> Writing:
    """What a person wrote, as a content of its own."""
    return Writing(site().identities.content_id(), words)


def choice(form: Filled, name: str, choices: Sequence[str], sentence: str) -> str:
    """The one choice that was made. Unprocessable: none, several, or one that was not offered."""
    chosen = form.chosen(name)
    if len(chosen) != 1 or chosen[0] not in choices:
        raise Unprocessable(FieldProblem(name, sentence))
    return chosen[0]


def word(form: Filled, name: str, known: tuple[Any, ...], sentence: str) -> Any:
    """The one of the `known` words (the members of a Literal) that was chosen. Unprocessable: as `choice`; the empty
    word is never offered."""
    return choice(form, name, [one for one in known if one], sentence)


def confirm(form: Filled, sentence: str = "Tick the box to confirm that you have read it.") -> None:
    """Unprocessable: the box was not ticked."""
    choice(form, "confirm", ("yes",), sentence)


def says_yes(form: Filled, sentence: str) -> bool:
    """Whether the decision is to accept rather than to decline. Unprocessable: there is none."""
    return choice(form, "decision", ("accept", "decline"), sentence) == "accept"


def day(form: Filled, name: str) -> date | None:
    """The day that stands in three boxes; None: there is none."""
    return days.read_boxes(form.typed, name)


def new_date(form: Filled, **needed: str) -> date:
    """The day by which the answer is promised anew. Unprocessable: it is none; what else is `needed` and missing is
    said with it."""
    found = day(form, "respond_by")
    if found is not None:
        return found
    problems = [FieldProblem("respond_by", days.wanted("the new date"))]
    problems += [FieldProblem(name, sentence) for name, sentence in needed.items() if not form.text(name)]
    raise Unprocessable(*problems)
