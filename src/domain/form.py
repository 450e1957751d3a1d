"""Reading what a person filled in on the form of an act: texts, choices and days, each with the sentence that says what
is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Final, NoReturn

from domain import days
from domain.errors import FieldProblem
from domain.event import Contents
from domain.frozen import Frozen
from domain.procedure import Form
from domain.situation import Situation
from domain.words import Writing, in_one_shape, is_printable

LONGEST_TEXT: Final = 20_000
"""Characters of one text that is written on a page."""


Typed = Mapping[str, Sequence[str]]
"""What was typed or chosen, by the name of the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was typed into a form, and what is wrong with it, by the name of the field."""

    typed: Typed = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed first under a name; empty where nothing was."""
        return self.typed[name][0] if self.typed.get(name) else ""

    def chosen(self, name: str) -> Sequence[str]:
        """Return all that was chosen under a name."""
        return self.typed.get(name, ())

    def problem(self, name: str) -> str:
        """Return what is wrong with a field; empty where nothing is."""
        return self.problems.get(name, "")


class Unprocessable(Exception):
    """The form lacks something or holds what cannot be taken; `problems` names each field."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class SentFile(Frozen):
    """A file that was sent with a form, as it was found: `document` is the id that it gets in the case, `size` is in
    bytes, `sha256` in hex."""

    document: str
    media_type: str
    size: int
    sha256: str


class SentMessage(Frozen):
    """A message that the complainant was sent, by the name under which the case keeps it."""

    id: str
    notice: str


class OtherCase(Frozen):
    """Another case of the organisation, as far as an act about two has to know it. `is_same_person`: the complainant is
    reached in the same way there."""

    ref: str
    is_open: bool
    is_same_person: bool


class Asking:
    """The filled-in form of an act, and the situation in which it is read: who filled it in, having looked at which
    stage. `new_id` makes the id of a content. `answers` reads the answers to one of the procedure's own forms; `read`
    what was written in the case, by id, and `sent` a message to the complainant, by its name (None: there is none);
    `file` is what was sent with it. `other` looks for another case by its reference (None: there is none that
    the person may read)."""

    def __init__(
        self,
        form: Filled,
        *,
        at: Situation,
        by: str,
        stage: str,
        new_id: Callable[[], str],
        answers: Callable[[Form], dict[str, Any]],
        read: Callable[[Iterable[str]], Contents],
        sent: Callable[[str], SentMessage | None],
        other: Callable[[str], OtherCase | None],
        file: SentFile | None = None,
    ) -> None:
        self.form, self.at, self.by, self.stage = form, at, by, stage
        self.new_id, self.answers, self.read, self.sent, self.file = new_id, answers, read, sent, file
        self.other = other

    def text(self, name: str) -> str:
        """Return what was typed under a name; empty where nothing was."""
        return self.form.text(name)

    def texts(self, name: str, numbers: Iterable[int]) -> list[str]:
        """Return what was typed into the numbered fields of a name, such as `reasons_1`."""
        return [self.text(f"{name}_{number}") for number in numbers]

    def chosen(self, name: str) -> Sequence[str]:
        """Return all that was chosen under a name."""
        return self.form.chosen(name)

    def choice(self, name: str, choices: Sequence[str], sentence: str) -> str:
        """Return the one choice that was made. Unprocessable: none, several, or one that was not offered."""
        chosen = self.form.chosen(name)
        if len(chosen) != 1 or chosen[0] not in choices:
            self.refuse(name, sentence)
        return chosen[0]

    def word(self, name: str, known: tuple[Any, ...], sentence: str) -> Any:
        """Return the one of the `known` words (the members of a Literal) that was chosen. Unprocessable: as `choice`;
        the empty word is never offered."""
        return self.choice(name, [choice for choice in known if choice], sentence)

    def confirm(self, sentence: str = "Tick the box to confirm that you have read this.") -> None:
        """Refuse a box that was not ticked. Unprocessable: it was not."""
        self.choice("confirm", ("yes",), sentence)

    def says_yes(self, sentence: str) -> bool:
        """Return whether the decision is to accept rather than to decline. Unprocessable: there is none."""
        return self.choice("decision", ("accept", "decline"), sentence) == "accept"

    def day(self, name: str) -> date | None:
        """Return the day that stands in three boxes; None: there is none."""
        return days.read_boxes(self.form.typed, name)

    def new_date(self, **needed: str) -> date:
        """Return the day by which the answer is promised anew. Unprocessable: it is none; what else is `needed` and
        missing is said with it."""
        found = self.day("respond_by")
        if found is not None:
            return found
        problems = [FieldProblem("respond_by", days.wanted("the new date"))]
        problems += [FieldProblem(name, ask) for name, ask in needed.items() if not self.text(name)]
        raise Unprocessable(*problems)

    def writing(self, **words: Any) -> Writing:
        """Return what a person wrote, as a content of its own."""
        return Writing(self.new_id(), words)

    def wrote(self, *names: str) -> Writing:
        """Return what was typed under these names, as a content of its own."""
        return self.writing(**{name: self.text(name) for name in names})

    def if_wrote(self, *names: str) -> Writing | None:
        """Return the same, of the names under which anything was typed; None: of none."""
        words = {name: self.text(name) for name in names if self.text(name)}
        return self.writing(**words) if words else None

    def refuse(self, name: str, sentence: str) -> NoReturn:
        """Say what is wrong with a field. Unprocessable: always."""
        raise Unprocessable(FieldProblem(name, sentence))


def read_form(typed: Typed) -> Filled:
    """Return the texts in one shape.

    Unprocessable: one that cannot be taken."""
    clean = {name: [in_one_shape(value) for value in values] for name, values in typed.items()}
    problems = []
    all_printable = is_printable("".join(chain.from_iterable(clean.values())))
    for name, values in clean.items():
        if any(len(value) > LONGEST_TEXT for value in values):
            problems.append(FieldProblem(name, f"Use {LONGEST_TEXT:,} characters or fewer."))
        if not all_printable and not is_printable("".join(values)):
            problems.append(FieldProblem(name, "Remove the characters that cannot be printed."))
    if problems:
        raise Unprocessable(*problems)
    return Filled(typed=clean)
