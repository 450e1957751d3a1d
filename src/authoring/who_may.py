"""Who can do what, and when: every act by the people of a procedure, as a table.

In each state of `authoring.states` every act is asked who can do it, as the page of a link asks. So the table says what
holds, and not what was meant to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from authoring.states import State, states_of
from domain.case import COMPLAINANT
from domain.people import ids
from domain.procedure import Person, Procedure
from domain.registry import available, names
from domain.situation import Situation

ROLES: Final = (
    "The column “Reviewer” is for the people assigned to the stage. The column of a role is for someone who has that "
    "role alone and is not assigned, where there is such a person."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoMay:
    """The table. `rows` has for each act, and in it for each column, the numbers of the states in which it can be
    done."""

    states: tuple[State, ...]
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[tuple[int, ...], ...]]


def who_may(procedure: Procedure) -> WhoMay:
    """Work out the table for a procedure.

    CalendarError: a date lies beyond the known holidays."""
    states = tuple(states_of(procedure))
    columns: dict[str, Callable[[Situation], Sequence[str]]] = {
        "Complainant": lambda at: (COMPLAINANT,),
        "Reviewer": lambda at: at.case.current.reviewers,
    }
    for role in procedure.roles:
        columns[role.title] = partial(_standing_for, role.id)
    can = {
        (title, state.number): {
            name for person in people(state.at) for name in available(state.at, by=person)
        }
        for title, people in columns.items()
        for state in states
    }
    return WhoMay(
        states=states,
        columns=tuple(columns),
        rows={
            act: tuple(
                tuple(state.number for state in states if act in can[title, state.number])
                for title in columns
            )
            for act in names()
        },
    )


def as_markdown(procedure: Procedure) -> str:
    """Write the table as text, of which Markdown makes a table too: what the numbers stand for, then a row for each
    act, in the order in which pages list them.

    CalendarError: as `who_may`."""
    table = who_may(procedure)
    head = ("", *table.columns)
    rows = [(act, *map(_spelt, cells)) for act, cells in table.rows.items()]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [
        f"# Who can do what: {procedure.organisation}",
        "",
        f"{procedure.title}, version {procedure.version}. A number says how the case stands when someone can do it:",
        "",
        *(f"{state.number:>2}. {state.sentence}" for state in table.states),
        "",
        ROLES,
        "",
        _line(head, widths),
        _line(["-" * width for width in widths], widths),
        *(_line(row, widths) for row in rows),
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _spelt(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))


def _standing_for(role: str, at: Situation) -> Sequence[str]:
    """Return who stands for a role, by id: nobody where nobody has it."""

    def does_other_things(person: Person) -> tuple[bool, bool]:
        return person.roles != (role,), person.id in at.case.current.reviewers

    return ids(tuple(sorted(at.procedure.holders(role), key=does_other_things)[:1]))
