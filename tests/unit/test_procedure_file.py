"""The reader of procedure files: strict, and telling every mistake at once with its line."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authoring.ladder import draw
from authoring.procedure_file import ProcedureFileErrors, read
from domain.procedure import Notice

PROCEDURES = Path(__file__).parents[2] / "procedures"

SOUND = """\
slug: example
version: 1
organisation: Example
title: Complaints
document: Complaints policy
region: england-and-wales
about: [Tell us.]
contact: {email: office@example.example}
roles:
  office: Office
  manager: Manager
  board: Board member
people:
  clerk: {name: Clerk, email: clerk@example.example, roles: [office]}
  manager-first: {name: Manager (first), email: first@example.example, roles: [manager]}
  manager-second: {name: Manager (second), email: second@example.example, roles: [manager]}
  board-member: {name: Board member, email: board@example.example, roles: [board]}
coordinator: office
escalates_to: board
forms:
  complaint:
    title: Complain
    kind: complaint
    starts_at: first
    introduction: []
    fields:
      name: {label: Name, type: text, required: true}
      email: {label: Email, type: email, required: true}
      aspects: {label: Points, type: list, required: true}
      incident_date: {label: Day, type: date}
      course: {label: Course, type: choice, choices: {maths: Maths, art: Art}}
    privacy: [We keep it.]
conclusions:
  upheld: {label: Upheld}
stages:
  first:
    title: First
    about: The manager looks into it.
    acknowledgement: person
    review: {role: manager, source: "1"}
    approval: {by: role, role: board, source: "1"}
    deadlines:
      submit:
        within: [{count: 1, unit: months}]
        counted_from: incident
        discretion: {count: 4, unit: months}
        discretion_role: board
        source: "1"
      acknowledge:
        within: [{count: 3, unit: working-days}]
        counted_from: received
        remind: [{working_days_before: 1}]
        source: "1"
      respond:
        within: [{count: 10, unit: working-days}]
        counted_from: acknowledged
        source: "1"
      reply:
        within: [{count: 2, unit: weeks}]
        counted_from: responded
        remind: [{working_days_before: 3}]
        own_target: The policy is silent.
    next: second
  second:
    title: Second
    about: The board looks into it.
    acknowledgement: automatic
    review: {role: board, fresh: true, source: "2"}
    deadlines:
      acknowledge:
        within: [{count: 0, unit: days}]
        counted_from: requested
        source: "2"
      respond:
        within: [{count: 20, unit: working-days}]
        counted_from: requested
        extension: with-new-date
        extension_source: "2"
        source: "2"
      reply:
        within: [{count: 10, unit: working-days}]
        counted_from: responded
        remind: [{working_days_before: 3}]
        source: "2"
    end:
      signposts: [ombudsman]
signposts:
  ombudsman: {name: Ombudsman, about: For maths only., only_for: [maths]}
retention:
  keep: {count: 5, unit: years}
  notice: {count: 14, unit: days}
  told: office
  source: "3"
school_year:
  terms: [{name: autumn, first: 2026-09-01, last: 2026-12-18}]
  closures: [{name: training, first: 2026-11-27, last: 2026-11-27}]
"""

BROKEN = """\
slug: other-name
slug: broken
version: one
organisation: 5
title:
document: Complaints policy
region: england
about: Tell us.
contact: {email: office, fax: none}
roles:
  office: Office
  manager: Manager
  ghost: Nobody
people:
  clerk: {name: Clerk, email: clerk@example.example, roles: [office, ofice]}
  clerk: {name: Clerk, email: clerk@example.example, roles: [office]}
  manager-first: {name: Manager, email: first@example.example, roles: [manager]}
coordinator: ghost
escalates_to: [manager]
informed: [board]
forms:
  complaint:
    title: Complain
    kind: complant
    starts_at: first
    introduction: []
    fields:
      name: {label: Name, type: text, required: yes}
      email: {label: Email, type: text}
      shoe_size: {label: Size, type: text}
      course: {label: Course, type: choice}
    privacy: []
conclusions:
  Upheld: {label: Upheld}
stages:
  first:
    title: First
    about: Text
    acknowledgement: person
    reviewer: {role: manager, source: "1"}
    review: {role: manager, source: "1", own_target: Ours.}
    approval: {by: role, role: manager, source: "1"}
    deadlines:
      acknowledge:
        within: [{count: 3, unit: working-day}]
        counted_from: acknowledged
        source: "1"
      respnd:
        within: [{count: 10, unit: working-days}]
        counted_from: received
        source: "1"
      reply:
        within: [{count: -1, unit: weeks}, {count: 3, unit: school-days}]
        counted_from: received
        on: friday
  second:
    title: Second
    about: Text
    acknowledgement: automatic
    review: {role: manger, count: 2, source: "2"}
    deadlines:
      acknowledge: {within: [{count: 0, unit: days}], counted_from: requested, source: "2"}
      respond: {within: [], counted_from: closed, source: "2"}
    next: third
    end: {signposts: [ombudsmann]}
  third:
    title: Third
    about: Text
    acknowledgement: automatic
    review: {role: manager, source: "3"}
    deadlines:
      respond: {within: [{count: 1, unit: weeks}], counted_from: requested, source: 3}
    next: second
signposts:
  ombudsman: {name: Ombudsman, about: Text, only_for: [maths]}
retention:
  keep: {count: 5, unit: years}
  notice: {count: 14, unit: days}
  told: office
school_year:
  terms: [{name: autumn, first: 2026-09-31, last: 2026-12-18}]
"""


def problems_in(text: str, folder: Path, name: str = "example.yaml") -> list[str]:
    """What the reader says about this text, each as line: message."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    try:
        read(path)
    except ProcedureFileErrors as errors:
        return [f"{problem.line}: {problem.message}" for problem in errors.problems]
    return []


def line_of(part: str, text: str = SOUND) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_sound_example_is_sound(tmp_path: Path) -> None:
    """The file that the other tests break has no mistake itself."""
    assert problems_in(SOUND, tmp_path) == []


def test_every_mistake_is_reported_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file full of mistakes gives all of them, each with its file, its line and what can be done."""
    monkeypatch.chdir(tmp_path)
    path = Path("broken.yaml")
    path.write_text(BROKEN, encoding="utf-8")

    with pytest.raises(ProcedureFileErrors) as caught:
        read(path)

    assert str(caught.value).splitlines() == []
