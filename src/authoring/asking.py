"""Asks for roles, and for who fills them, while a procedure file is begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from authoring.ids import as_id
from authoring.staffing import Staffing
from authoring.typed import email, text

Taken = TypeVar("Taken")


class Answers(Protocol):
    """Who answers. `at` is the place of an answer in a file of answers: stages.0.title."""

    def ask(
        self, at: str, question: str, taken_as: Callable[[str], Taken], *, default: str | None = None
    ) -> Taken:
        """Return an answer, as `taken_as` makes it of the text; it raises ValueError with a sentence for one that does
        not fit. `default` is the text that stands in for none; without it there has to be one."""
        ...

    def is_there(self, at: str, question: str, *, default: bool) -> bool:
        """Return whether a list goes on: at `at` its next entry would stand."""
        ...


def ask_role(
    answers: Answers,
    directory: Staffing,
    at: str,
    question: str,
    *,
    default: str | None = None,
    count: int = 1,
    never_alone: str = "",
) -> str:
    """Return a role's id, with as many people in the directory as fill it; one more where one of them can be the
    person who fills the role `never_alone`, whose work they look at."""

    def title(typed: str) -> str:
        if not as_id(text(typed)):
            raise ValueError("Enter a title that includes letters.")
        return text(typed)

    named = answers.ask(
        f"{at}.title", f"{question} (a role, such as Head of Service)", title, default=default
    )
    return fill(answers, directory, at, named, count=count, never_alone=never_alone)


def fill(
    answers: Answers, directory: Staffing, at: str, named: str, *, count: int = 1, never_alone: str = ""
) -> str:
    """Return the id of the role that was `named`, with as many people in the directory as `ask_role` says."""
    role = as_id(named)
    directory.roles.setdefault(role, named)
    needed = count + (1 if never_alone and directory.shared(role, never_alone) else 0)
    known = directory.filled(role)
    for number in range(known, needed):
        place = f"{at}.people.{number - known}"
        nth = f" number {number + 1}" if needed > 1 else ""
        name = answers.ask(f"{place}.name", f"Name of the {named}{nth}?", text, default=f"{named}{nth}")

        def add(typed: str, name: str = name) -> None:
            directory.add(role, name, email(typed))

        answers.ask(f"{place}.email", f"Email address of the {named}{nth}?", add)
    return role
