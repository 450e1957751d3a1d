"""A new procedure file: from answers, at the terminal or in a file, to one that can be checked, drawn and served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from authoring.ids import as_id, is_id
from authoring.procedure_file import read
from authoring.typed import calendar_limit, limit
from authoring.write_up import as_yaml
from cli.main import app
from domain.calendars import Limit
from domain.procedure import Procedure

LEAST = """\
organisation: Harbour Trust
email: complaints@harbour.example
coordinator: {people: [{email: office@harbour.example}]}
stages: [{reviewer: {title: Head of Service, people: [{email: head@harbour.example}]}}]
last_resort: {people: [{email: chair@harbour.example}]}
data_protection: {people: [{email: data@harbour.example}]}
"""

MUCH = """\
organisation: "Harbour Trust: North"
slug: harbour
document: How we deal with complaints
region: scotland
email: complaints@harbour.example
telephone: "01632 960 777"
hours: 9am to 5pm
coordinator: {title: Front desk, people: [{name: "Desk #1", email: desk@harbour.example}]}
stages:
  - title: "Stage 1: the head"
    about: The head looks into it.
    source: "2.1"
    reviewer: {title: Head of Service, people: [{email: head@harbour.example}]}
    submit: {limit: 3 months, source: "1"}
    acknowledge: {limit: 3 working days, source: "2.2"}
    respond: {limit: 10 school days, source: "2.3"}
    reply: {limit: 4 weeks, source: "2.4"}
  - title: Stage 2
    count: 2
    fresh: yes
    reviewer: {title: Panel, people: [{email: one@harbour.example}, {email: two@harbour.example}]}
    acknowledge: {limit: at once}
escalates_to: Head of Service
last_resort: {title: Chair of the trustees, people: [{email: chair@harbour.example}]}
signposts: [{name: The Ombudsman, address: "https://ombudsman.example"}]
keep: {limit: 6 years, source: "9"}
data_protection: {title: Front desk}
terms:
  - {name: first half, first: 2026-09-01, last: 2026-10-23}
  - {name: second half, first: 2026-11-02, last: 2026-12-18}
"""

Begin = Callable[[str], Result]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """Run `dueprocess new` with a file of answers."""

    def run(answers: str) -> Result:
        file = tmp_path / "answers.yml"
        file.write_text(answers, encoding="utf-8")
        return CliRunner().invoke(app, ["new", "--answers", str(file), "--folder", str(tmp_path)])

    return run


def made(path: Path) -> Procedure:
    """The procedure in a new file, which `dueprocess check` takes."""
    checked = CliRunner().invoke(app, ["check", str(path)])
    assert (checked.exit_code, checked.stderr) == (0, "")
    return read(path)


def test_the_fewest_answers_make_a_file(begin: Begin, tmp_path: Path) -> None:
    """Who is who is enough; every rule about which nothing was said is marked as the organisation's own."""
    done = begin(LEAST)
    assert done.exit_code == 0, done.output
    procedure = made(tmp_path / "harbour-trust.yaml")
    (stage,) = procedure.stages
    review, retention = stage.review, procedure.retention
    marks = [(rule.own_target, rule.source) for rule in stage.deadlines]
    marks += [(review.own_target, review.source), (retention.own_target, retention.source)]
    assert all(own_target and not source for own_target, source in marks)
    assert stage.end is not None
    assert "names nobody outside Harbour Trust" in stage.end.none_named
    assert "harbour-trust.yaml. Text marked with a star" in done.stderr


def test_every_answer_stands_in_the_file(begin: Begin, tmp_path: Path) -> None:
    """What was answered comes out as the procedure that was meant."""
    done = begin(MUCH)
    assert done.exit_code == 0, done.output
    procedure = made(tmp_path / "harbour.yaml")
    assert procedure.organisation == "Harbour Trust: North"
    assert procedure.region == "scotland"
    assert procedure.contact.hours == "9am to 5pm"
    assert procedure.person("desk-1") is not None
    first, second = procedure.stages
    assert (first.next, first.review.source, first.about) == ("stage-2", "2.1", "The head looks into it.")
    assert {rule.name: (rule.within[0], rule.source) for rule in first.deadlines} == {
        "submit": (Limit(3, "months"), "1"),
        "acknowledge": (Limit(3, "working-days"), "2.2"),
        "respond": (Limit(10, "school-days"), "2.3"),
        "reply": (Limit(4, "weeks"), "2.4"),
    }
    assert (second.review.count, second.review.fresh, second.acknowledgement) == (2, True, "automatic")
    assert second.approval is not None
    assert second.end is not None
    assert second.end.signposts == ("the-ombudsman",)
    assert procedure.escalates_to == "head-of-service"
    assert (procedure.retention.keep, procedure.retention.source) == (Limit(6, "years"), "9")
    assert procedure.retention.told == procedure.coordinator == "front-desk"
    assert [term.name for term in procedure.school_year.terms] == ["first half", "second half"]


def test_a_person_is_asked_until_the_answer_fits(tmp_path: Path) -> None:
    """At the terminal an answer that does not fit is explained and asked for again; an empty one is the default."""
    typed = ["Harbour Trust", "", "", "", "nowhere", "complaints@harbour.example", ""]
    typed += ["", "", "office@harbour.example"]  # the coordinator
    typed += [
        "",
        "",
        "Head",
        "",
        "head@harbour.example",
        "",
        "",
        "three months",
        "3 months",
        "4",
    ]  # the stage
    typed += ["", "", "", "20 days", "", "", "", "", "", ""]  # its deadlines, who agrees, and what happens
    typed += [
        "n",
        "",
        "",
        "chair@harbour.example",
        "",
        "",
        "n",
        "10 working days",
        "7 years",
        "",
        "",
        "",
        "data@harbour.example",
        "",
    ]
    done = CliRunner().invoke(app, ["new", "--folder", str(tmp_path)], input="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert "Error: `nowhere` is not an email address." in done.output
    assert "Error: Enter a time, such as 10 working days" in done.output
    assert "Error: Enter a time in days, weeks, months or years." in done.output
    procedure = made(tmp_path / "harbour-trust.yaml")
    rules = {rule.name: rule for rule in procedure.stages[0].deadlines}
    assert (rules["submit"].within, rules["submit"].source) == ((Limit(3, "months"),), "4")
    assert procedure.decides_late(rules["submit"]) == procedure.escalates_to
    assert rules["respond"].within == (Limit(20, "days"),)
    assert procedure.retention.keep == Limit(7, "years")


def test_the_defaults_are_fair(begin: Begin, tmp_path: Path) -> None:
    """Whoever says nothing about it: another person decides the second time, a missed date goes to somebody above, and
    somebody keeps the directory. What is missing is said."""
    done = begin(
        LEAST.replace(
            "head@harbour.example}]}}]",
            "head@harbour.example}]}}, {reviewer: {title: Director, people: [{email: director@harbour.example}]}}]",
        )
    )
    assert done.exit_code == 0, done.output
    procedure = made(tmp_path / "harbour-trust.yaml")
    assert procedure.stages[1].review.fresh
    assert procedure.escalates_to == "chair-of-the-board"
    assert procedure.directory is not None
    assert procedure.directory.kept_by == ("complaints-office",)
    assert "What you may want to do better:" in done.stderr
    assert "nobody can take the place of a reviewer of the stage `stage-1`" in done.stderr
    assert "the same person" not in done.stderr
    assert "nobody but those who can have missed it" not in done.stderr


def test_who_decides_in_place_of_the_first_can_be_said(begin: Begin, tmp_path: Path) -> None:
    """The role is named and filled; it has to be another one."""
    other = "{title: Other head, people: [{email: other@harbour.example}]}"
    assert begin(LEAST.replace("[{reviewer:", f"[{{alternative: {other}, reviewer:")).exit_code == 0
    assert made(tmp_path / "harbour-trust.yaml").stages[0].review.alternative_role == "other-head"
    same = LEAST.replace("[{reviewer:", "[{alternative: {title: Head of Service}, reviewer:")
    assert "Enter another role than Head of Service" in begin(f"{same}slug: second\n").stderr


def test_one_who_decides_twice_is_warned_of(begin: Begin) -> None:
    """Where nobody else has the role, fresh eyes are not promised, and that is said."""
    again = "head@harbour.example}]}}, {reviewer: {title: Head of Service}}]"
    done = begin(LEAST.replace("head@harbour.example}]}}]", again))
    assert done.exit_code == 0, done.output
    assert "the same person can decide at the stage `stage-2` and at one before it" in done.stderr


def test_a_file_that_is_there_is_never_changed(begin: Begin, tmp_path: Path) -> None:
    """A second run with the same slug is refused, and the first file stays as somebody edited it."""
    path = tmp_path / "harbour-trust.yaml"
    path.write_text("mine", encoding="utf-8")
    done = begin(LEAST)
    assert done.exit_code == 2
    assert "`slug`: There is already a procedure `harbour-trust`. Enter another name." in done.stderr
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("organisation: Harbour Trust\n", "", "`organisation` is missing: What is the organisation called?"),
        ("complaints@harbour.example", "complaints", "`email`: `complaints` is not an email address."),
        (
            "organisation: Harbour Trust\n",
            "organisation: Trust\nslug: ../up\n",
            "`slug`: Enter lower-case words",
        ),
        (
            "organisation: Harbour Trust\n",
            "organisation: Trust\nregion: wales\n",
            "`region`: Enter one of: england-and-wales",
        ),
        (
            "[{reviewer:",
            "[{fresh: perhaps}, {reviewer:",
            "`stages.0.reviewer.title` is missing: Who decides?",
        ),
        ("[{reviewer:", "[{count: 0, reviewer:", "`stages.0.count`: Enter a number from 1 to 9."),
        ("[{reviewer:", "[{respond: {limit: 48 hours}, reviewer:", "Enter, for example, 48 working hours"),
        ("[{reviewer:", "[{respond: {limit: 5 school days}, reviewer:", "`terms.0.name` is missing"),
        ("[{reviewer:", "[{colour: blue, reviewer:", "there is no question for `stages.0.colour`"),
        (
            "coordinator: {",
            "escalates_to: Nobody\ncoordinator: {",
            "`escalates_to`: Enter one of: Complaints office",
        ),
        ("organisation: ", "organisation: [", "answers.yml is not a YAML file."),
    ],
)
def test_an_answer_that_does_not_fit_is_named(
    good: str, bad: str, said: str, begin: Begin, tmp_path: Path
) -> None:
    """With a file of answers, the first that is missing or wrong is named by its place, and nothing is written."""
    assert good in LEAST
    done = begin(LEAST.replace(good, bad, 1))
    assert done.exit_code == 2
    assert said in done.stderr
    assert list(tmp_path.glob("*.yaml")) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("one@harbour", "head@harbour", "`stages.1.fresh`: This cannot be promised"),
        (
            "    submit: {limit: 3 months",
            (
                "    approval: {needed: yes, title: Panel, people: [{email: three@harbour.example}]}\n"
                "    submit: {limit: 3 months"
            ),
            "`stages.1.fresh`: This cannot be promised",
        ),
        ("two@harbour", "one@harbour", "Enter the address of someone else"),
        ("first: 2026-11-02", "first: 2026-10-02", "Enter a date that is not before 2026-10-24."),
        ("last: 2026-12-18", "last: 2026-11-01", "Enter a date that is not before 2026-11-02."),
        ("last: 2026-12-18", "last: December", "Enter a date, such as 2026-09-02."),
    ],
)
def test_answers_have_to_go_together(good: str, bad: str, said: str, begin: Begin, tmp_path: Path) -> None:
    """What cannot work is refused at the question, not after the last one."""
    assert good in MUCH
    done = begin(MUCH.replace(good, bad, 1))
    assert done.exit_code == 2
    assert said in done.stderr
    assert list(tmp_path.glob("*.yaml")) == []


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["C", "Z"]), min_size=1))
@example("yes")
@example("Trust: North")
@example("a #1")
@example('"')
def test_every_text_survives_being_written(typed: str) -> None:
    """Whatever somebody is called, the file says it."""
    content: Any = yaml.safe_load(f"name: {as_yaml(typed)}\nnext: 1\n")
    assert content == {"name": typed, "next": 1}


def test_limits_are_written_as_people_write_them() -> None:
    """Units in the singular and the plural, with and without hyphens; what cannot be counted is refused."""
    assert limit("1 Working Day") == Limit(1, "working-days")
    assert limit("48 working-hours") == Limit(48, "working-hours")
    assert limit(" 3  school days ") == Limit(3, "school-days")
    for wrong in ("", "soon", "0 days", "2 hours", "3 working weeks", "2 school hours"):
        with pytest.raises(ValueError, match=r"\.$"):
            limit(wrong)
    with pytest.raises(ValueError, match="days, weeks, months or years"):
        calendar_limit("3 working days")


def test_names_become_ids() -> None:
    """An id has the name's words, without what an id cannot have."""
    assert as_id("The Head’s Office (North)") == "the-heads-office-north"
    assert is_id("the-heads-office-north")
    assert not any(is_id(name) for name in ("", "The-office", "the--office", "office-", "the office", "büro"))


def test_agreement_new_dates_and_discretion_are_asked_for(begin: Begin, tmp_path: Path) -> None:
    """Who agrees is never left with nobody but the reviewer; a cap and a decider stand where they were given."""
    done = begin(
        LEAST.replace(
            "stages: [{reviewer: {title: Head of Service, people: [{email: head@harbour.example}]}}]",
            """stages:
  - reviewer: {title: Head of Service, people: [{email: head@harbour.example}]}
    submit: {limit: 3 months, discretion: yes, decider: {title: Trustee, people: [{email: trustee@harbour.example}]}}
    respond: {limit: 4 weeks, extension: yes, extension_cap: 2 months}
    approval:
      needed: yes
      title: Head of Service
      people: [{name: Other head, email: other@harbour.example}]
      source: "4"
""".rstrip(),
        )
    )
    assert done.exit_code == 0, done.output
    (stage,) = made(tmp_path / "harbour-trust.yaml").stages
    rules = {rule.name: rule for rule in stage.deadlines}
    assert rules["submit"].discretion_role == "trustee"
    assert (rules["respond"].extension, rules["respond"].extension_cap) == (
        "with-new-date",
        Limit(2, "months"),
    )
    assert stage.approval is not None
    assert (stage.approval.by, stage.approval.role, stage.approval.source) == ("role", "head-of-service", "4")


@pytest.mark.parametrize(("answer", "switch"), [("", "on"), ("takes_data_protection: no\n", "off")])
def test_data_protection_complaints_come_with_it(
    begin: Begin, tmp_path: Path, answer: str, switch: str
) -> None:
    """The law asks for them, so that it takes a word to leave them out."""
    assert begin(LEAST + answer).exit_code == 0
    assert made(tmp_path / "harbour-trust.yaml").data_protection == switch
