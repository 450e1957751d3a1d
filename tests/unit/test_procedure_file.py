"""The reader of procedure files: strict, and telling every mistake at once with its line."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authoring.ladder import draw
from authoring.procedure_file import Mistake, ProcedureFileErrors, read
from authoring.rules.forms import ANSWERS
from domain.notices import Notice

PROCEDURES = Path(__file__).parents[2] / "procedures"

SOUND = (Path(__file__).parent / "sound_procedure.yaml").read_text(encoding="utf-8")

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


LADDER = """\
Example (example, version 1)

  ○ form `complaint`: Complain
  ■ first: First
  │   review         Manager
  │   approval       Board member
  │   submit         1 month from the incident, up to 4 months at the discretion of: Board member
  │   acknowledge    3 working days from the complaint's arrival, by a person
  │   respond        10 working days from the acknowledgement
  │   reply          2 weeks * from the response
  │
  ▼ not satisfied: second

  ■ second: Second
  │   review         Board member, not involved before
  │   acknowledge    straight away from the request for this stage, by the system
  │   respond        20 working days from the request for this stage, or by a new date given with
  │                  the reason
  │   reply          10 working days from the response
  │   end            → Ombudsman (only for maths)

late:   a reply after the closure goes on at the discretion of: Board member *
again:  a closed case can be opened again for 6 months by: Office or Board member *
kept:   5 years from the closure, and destroyed 14 days after this was announced to: Office

* not from the policy (Complaints policy): the organisation's own"""


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

    assert str(caught.value).splitlines() == [
        "broken.yaml:1: `slug` has to be `broken`, as the file is called, not `other-name`",
        "broken.yaml:2: duplicate key `slug`: it is already on line 1",
        "broken.yaml:3: `version` has to be a whole number, not `one`",
        'broken.yaml:4: `organisation` has to be text: write "5", with the quotes',
        "broken.yaml:5: `title` has no value",
        "broken.yaml:7: unknown region `england`; known here: england-and-wales, scotland, northern-ireland",
        "broken.yaml:8: `about` has to be a list, not `Tell us.`",
        "broken.yaml:9: `office` is not an email address",
        "broken.yaml:9: unknown key `fax`; known here: email, telephone, hours, address",
        "broken.yaml:15: unknown role `ofice`; known here: office, manager, ghost; did you mean `office`?",
        "broken.yaml:16: duplicate key `clerk`: it is already on line 15",
        "broken.yaml:18: nobody fills the role `ghost`",
        "broken.yaml:19: `escalates_to` has to be text, not a list",
        "broken.yaml:20: unknown role `board`; known here: office, manager, ghost",
        (
            "broken.yaml:24: `kind`: unknown value `complant`; known here: complaint, concern, suggestion, compliment;"
            " did you mean `complaint`?"
        ),
        (
            "broken.yaml:27: the form `complaint` does not ask for `account`: without it there is nothing to conclude"
            " on"
        ),
        (
            "broken.yaml:27: the form `complaint` does not ask for `complained_about`: whoever it is about could be "
            "the first to read it"
        ),
        "broken.yaml:28: `required` has to be true or false, not `yes`",
        "broken.yaml:29: `email` has to be required: without it the complainant cannot be reached",
        "broken.yaml:29: `email` is asked for by a question of type email, not text",
        f"broken.yaml:30: unknown answer `shoe_size`; known here: {', '.join(ANSWERS)}",
        "broken.yaml:31: `course` is a choice, but has no `choices`",
        "broken.yaml:32: the form `complaint` has no privacy notice",
        "broken.yaml:34: `Upheld` is not an id: write lower-case words joined by hyphens",
        "broken.yaml:36: the stage `first` cannot be left: it has neither `next` nor `end`",
        (
            "broken.yaml:40: unknown key `reviewer`; known here: title, about, acknowledgement, review, deadlines, "
            "approval, next, reasons_to_go_on, reasons_to_go_on_source, end, source, external_assistance, "
            "conversation, late_information, aspects, aspects_source, understanding, "
            "understanding_source, signposting, can_be_skipped; did you mean `review`?"
        ),
        (
            "broken.yaml:41: who reviews the stage `first` has both `source` and `own_target`: it must be "
            "either the policy's or your own"
        ),
        (
            "broken.yaml:42: the role `manager` cannot always approve: 1 besides the person who recorded the outcome "
            "are needed, and that one can be among the 1 who fill it"
        ),
        (
            "broken.yaml:45: `unit`: unknown value `working-day`; known here: working-days, school-days, working-"
            "hours, days, weeks, months, years; did you mean `working-days`?"
        ),
        (
            "broken.yaml:46: `acknowledge` cannot count from `acknowledged`, which is what it waits for; it can count"
            " from received, requested, incident"
        ),
        (
            "broken.yaml:48: unknown key `respnd`; known here: submit, acknowledge, first-response, respond, reply, "
            "progress; did you mean `respond`?"
        ),
        (
            "broken.yaml:52: `first/reply` has neither `source` (where the policy says so) nor `own_target` (that it "
            "is your own)"
        ),
        "broken.yaml:52: `first/reply` has no `remind`: silence ends a stage only after a reminder",
        "broken.yaml:53: an entry of `within`: A limit counts from 0 to 5,000, not -1.",
        (
            "broken.yaml:54: `reply` cannot count from `received`, which is before there is anything to reply to; it "
            "can count from responded"
        ),
        (
            "broken.yaml:55: unknown key `on`; known here: within, counted_from, also, remind, source, own_target, "
            "extension, extension_source, extension_cap, extension_each, pause, discretion, discretion_role, "
            "discretion_within"
        ),
        (
            "broken.yaml:56: the stage `second` cannot be reached: no form starts at it, and no stage that can be "
            "reached goes on to it"
        ),
        "broken.yaml:56: the stage `second` has both `next` and `end`: it goes on, or the ladder ends here",
        (
            "broken.yaml:56: the stage `second` has no deadline `reply`: the complainant could not go on to the next "
            "stage"
        ),
        "broken.yaml:60: unknown role `manger`; known here: office, manager, ghost; did you mean `manager`?",
        (
            "broken.yaml:63: `respond` cannot count from `closed`, which has not happened by then; it can count from "
            "received, requested, acknowledged, incident"
        ),
        "broken.yaml:63: `second/respond` has no limit",
        "broken.yaml:65: unknown signpost `ombudsmann`; known here: ombudsman; did you mean `ombudsman`?",
        (
            "broken.yaml:66: the stage `third` cannot be reached: no form starts at it, and no stage that can be "
            "reached goes on to it"
        ),
        (
            "broken.yaml:66: the stage `third` has no deadline `reply`: the complainant could not go on to the next "
            "stage"
        ),
        'broken.yaml:72: `source` has to be text: write "3", with the quotes',
        "broken.yaml:73: the ladder goes round in a circle: second → third → second",
        "broken.yaml:75: unknown answer to `course` `maths`; known here: none",
        (
            "broken.yaml:76: how long a case is kept has neither `source` (where the policy says so) nor `own_target`"
            " (that it is your own)"
        ),
        "broken.yaml:81: `first` has to be a day such as 2026-09-02, not `2026-09-31`",
    ]


@pytest.mark.parametrize(
    ("sound", "broken", "expected"),
    [
        # what is left out or wrongly written
        ("version: 1\n", "version: 0\n", "`version` counts from 1"),
        ("version: 1\n", "version: true\n", "`version` has to be a whole number, not `true`"),
        ("version: 1\n", "version: '1'\n", "`version` has to be a whole number, not `1`"),
        ("about: [Tell us.]", "about:", "`about` has no value"),
        ("title: Complaints\n", "title: ' '\n", "`title` has no value"),
        ("title: Complaints\n", "title: !!str Complaints\n", ""),
        (
            "title: Complaints\n",
            "title: !shout Complaints\n",
            "`title`: tags such as `!shout` are not allowed here",
        ),
        ("title: Complaints\n", "title: {a: b}\n", "`title` has to be text, not a mapping"),
        (
            "slug: example",
            "slug: Example",
            "`slug` has to be `example`, as the file is called, not `Example`",
        ),
        ("  office: Office", "  office: {title: Office}", "`title` has to be text, not a mapping"),
        ("name: Clerk,", "id: clerk, name: Clerk,", "unknown key `id`: `clerk` has its id before the colon"),
        ("conclusions:\n  upheld: {label: Upheld}", "conclusions: {}", "`conclusions` has no entry;"),
        (
            "conclusions:\n  upheld: {label: Upheld}",
            "conclusions: [upheld]",
            "`conclusions` has to be a mapping",
        ),
        (
            "about: For maths only.,",
            "abuot: For maths only.,",
            "unknown key `abuot`; known here: name, about,",
        ),
        ("first: 2026-09-01, last", "first: 1 September, last", "`first` has to be a day such as 2026-09-02"),
        (
            "last: 2026-12-18",
            "last: 2026-08-18",
            "an entry of `terms`: autumn ends on 2026-08-18, before it begins",
        ),
        # roles and people
        (
            "told: office",
            "told: ofice",
            "unknown role `ofice`; known here: office, manager, board; did you mean",
        ),
        ("roles: [office]", "roles: [office, office]", "`office` is here 2 times"),
        ("roles: [office]", "roles: [manager]", "nobody fills the role `office`"),
        ("roles: [office]", "roles: []", "`clerk` has no role"),
        ("clerk@example.example", "clerk", "`clerk` is not an email address"),
        (
            "{role: manager,",
            "{role: manager, count: 3,",
            "3 are needed, but 2 people fill the role `manager`",
        ),
        ("{role: manager,", "{role: manager, count: 0,", "`count` counts from 1"),
        ("{role: manager,", "{role: manager, assigned_by: boss,", "unknown role `boss`"),
        # approval
        ("by: role, role: board,", "by: role,", "`by: role` needs the `role` that approves"),
        ("by: role, role: board,", "by: role, role: board, count: 3,", "`count` is 1 or 2"),
        ("by: role, role: board,", "by: fellow-reviewers,", "there are no fellow reviewers"),
        ("by: role, role: board,", "by: fellow-reviewers, role: board,", "`role` belongs to `by: role` only"),
        ("by: role, role: board,", "by: role, role: board, count: 2,", "can be left without fresh eyes"),
        (
            'role: board, source: "1"}',
            'role: manager, count: 2, source: "1"}',
            "cannot always approve: 2 besides",
        ),
        # forms
        (
            "starts_at: first",
            "starts_at: fist",
            "unknown stage `fist`; known here: first, second; did you mean",
        ),
        ("privacy: [We keep it.]", "privacy: []", "the form `complaint` has no privacy notice"),
        (
            "choices: {maths: Maths, art: Art}",
            "hint: Which one",
            "`course` is a choice, but has no `choices`",
        ),
        (
            "{label: Day, type: date}",
            "{label: Day, type: date, choices: {a: A}}",
            "`incident_date` has choices,",
        ),
        (
            "{label: Day, type: date}",
            "{label: Day, type: text}",
            "is asked for by a question of type date, not text",
        ),
        ("{label: Day, type: date}", "{label: Day, type: date, max_length: 0}", "`max_length` counts from 1"),
        ("type: email, required: true", "type: email", "`email` has to be required"),
        ("      name: {label: Name, type: text, required: true}\n", "", "does not ask for `name`"),
        ("      incident_date: {label: Day, type: date}\n", "", "asks for `incident_date`"),
        # the ladder
        ("    next: second\n", "", "the stage `first` cannot be left: it has neither `next` nor `end`"),
        ("    next: second\n", "    end: {none_named: None.}\n", "the stage `second` cannot be reached"),
        (
            "    next: second\n",
            "    next: secnd\n",
            "unknown stage `secnd`; known here: first, second; did you mean",
        ),
        ("    next: second\n", "    next: first\n", "the ladder goes round in a circle: first → first"),
        ("    end:\n", "    next: first\n    end:\n", "the stage `second` has both `next` and `end`"),
        ("signposts: [ombudsman]", "signposts: []", "the ladder ends at `second` without a signpost"),
        ("signposts: [ombudsman]", "signposts: [judge]", "unknown signpost `judge`; known here: ombudsman"),
        (
            "only_for: [maths]",
            "only_for: [music]",
            "unknown answer to `course` `music`; known here: maths, art",
        ),
        # deadlines
        ("counted_from: incident", "counted_from: received", "`submit` cannot count from `received`"),
        ("counted_from: received", "counted_from: responded", "`acknowledge` cannot count from `responded`"),
        ("counted_from: acknowledged", "counted_from: responded", "`respond` cannot count from `responded`"),
        ("counted_from: acknowledged", "counted_from: closed", "`respond` cannot count from `closed`"),
        ("counted_from: responded", "counted_from: acknowledged", "`reply` cannot count from `acknowledged`"),
        ("counted_from: responded", "counted_from: satisfied", "`counted_from`: unknown value `satisfied`"),
        ("unit: weeks", "unit: week", "`unit`: unknown value `week`; known here: working-days,"),
        (
            "{count: 2, unit: weeks}",
            "{count: 0, unit: weeks}",
            "a limit of 0 is for what the system acknowledges",
        ),
        ("{count: 20, unit: working-days}", "", "`second/respond` has no limit"),
        (
            "{working_days_before: 1}",
            "{working_days_before: 3}",
            "a reminder 3 working days before the last day",
        ),
        ("{working_days_before: 1}", "{working_days_before: -1}", "`working_days_before` counts from 0"),
        (
            "extension: with-new-date\n        ",
            "",
            "`extension_source` belongs to `extension: with-new-date`",
        ),
        (
            "extension: with-new-date\n",
            "pause: {waiting_for: [answers], at_most: {count: 0, unit: days}}\n        extension: with-new-date\n",
            "`at_most` counts from 1",
        ),
        (
            "extension: with-new-date\n",
            "pause: {waiting_for: [answers], at_most: {count: 2, unit: weeks}}\n        extension: with-new-date\n",
            "that the time stands still has neither `source`",
        ),
        ("    end:\n", "    reasons_to_go_on: required\n    end:\n", "there is no stage to go on to"),
        (
            "    next: second\n",
            "    next: second\n    reasons_to_go_on_source: '3'\n",
            "belongs to `reasons_to_go_on: required`",
        ),
        ("\nstages:", "\nremedies_required: true\nstages:", "a remedy is required, but `remedies` has none"),
        ("\nstages:", "\nevidence_source: '1'\nstages:", "`evidence_source` belongs to `evidence: required`"),
        ("discretion_role: board\n", "remind: []\n", "`discretion` needs the `discretion_role` that decides"),
        (
            "discretion: {count: 4,",
            "discretion: {count: 1,",
            "`discretion` has to reach further than the limit",
        ),
        ("own_target: The policy is silent.", "source: ''", "`source` has no value"),
        ("own_target: The policy is silent.", "{both}", "has both `source` and `own_target`"),
        ("own_target: The policy is silent.", "extension: not-provided", "has neither `source`"),
        # keeping, and the school year
        (
            "keep: {count: 5, unit: years}",
            "keep: {count: 900, unit: working-days}",
            "`keep` counts plain days,",
        ),
        ("notice: {count: 14,", "notice: {count: 0,", "`notice` counts from 1"),
        (
            "retention:\n",
            "missed_dates: {tell_again: {count: 5, unit: working-days}, own_target: 'No.'}\nretention:\n",
            "`tell_again` counts plain days,",
        ),
        (
            "retention:\n",
            "missed_dates: {then_every: {count: 0, unit: weeks}, own_target: 'No.'}\nretention:\n",
            "`then_every` counts from 1",
        ),
        (
            "extension: with-new-date\n",
            "extension: with-new-date\n        extension_cap: {count: 10, unit: working-days}\n",
            "`extension_cap` has to reach further than the limit",
        ),
        (
            "extension: with-new-date\n",
            "extension: with-new-date\n        extension_cap: {count: 3, unit: weeks}\n",
            "`extension_cap` has to reach further than the limit",
        ),
        (
            "extension: with-new-date\n",
            "extension: with-new-date\n        extension_each: {count: 0, unit: weeks}\n",
            "`extension_each` counts from 1",
        ),
        (
            "extension: with-new-date\n",
            (
                "extension: with-new-date\n        extension_cap: {count: 30, unit: working-days}\n"
                "        extension_each: {count: 30, unit: working-days}\n"
            ),
            "`extension_each` can never be used up",
        ),
        (
            "counted_from: acknowledged\n",
            "counted_from: acknowledged\n        extension_each: {count: 5, unit: working-days}\n",
            "`extension_each` belongs to `extension: with-new-date`",
        ),
        (
            "acknowledgement: automatic\n",
            "acknowledgement: automatic\n    understanding: required\n",
            "the system cannot set out how a complaint is understood",
        ),
        (
            "acknowledgement: automatic\n",
            "acknowledgement: automatic\n    understanding_source: '2'\n",
            "`understanding_source` belongs to `understanding: required`",
        ),
        (
            "    next: second\n",
            "    signposting: {signposts: [ombudsmann], told_with: [outcome], source: '1'}\n    next: second\n",
            "unknown signpost `ombudsmann`",
        ),
        (
            "    next: second\n",
            (
                "    signposting: {signposts: [ombudsman], told_with: [interim-response], source: '1'}\n"
                "    next: second\n"
            ),
            "no new date is given on the stage `first`",
        ),
        (
            "    end:\n",
            "    signposting: {signposts: [ombudsman], told_with: [outcome], source: '1'}\n    end:\n",
            "the last outcome names the signposts of `end` already",
        ),
        (
            "    next: second\n",
            "    signposting: {signposts: [ombudsman], told_with: [], source: '1'}\n    next: second\n",
            "`told_with` has no entry",
        ),
        (
            "retention:",
            "refusal: {about: Never lightly., signposts: [nobody], source: '1'}\nretention:",
            "unknown signpost `nobody`",
        ),
        (
            "retention:",
            "refusal: {about: Never lightly.}\nretention:",
            "that a complaint can be refused has neither `source`",
        ),
        (
            "retention:",
            "completion: {title: Letter, letter_from: [], within: [{count: 28, unit: days}], source: '1'}\nretention:",
            "`letter_from` has no entry",
        ),
        (
            "retention:",
            "completion: {title: Letter, letter_from: [board], within: [], source: '1'}\nretention:",
            "`within` has no limit",
        ),
        (
            "    next: second\n",
            "    can_be_skipped: {role: board, source: '1'}\n    next: second\n",
            "nobody comes to this stage from another one",
        ),
        (
            "    end:\n",
            "    can_be_skipped: {role: board, source: '1'}\n    end:\n",
            "the last stage cannot be skipped",
        ),
        (
            "counted_from: acknowledged\n",
            (
                "counted_from: acknowledged\n"
                "        also: [{within: {count: 9, unit: days}, counted_from: requested, stage: second}]\n"
            ),
            "a case cannot have been on `second` by then",
        ),
        (
            "counted_from: acknowledged\n",
            (
                "counted_from: acknowledged\n"
                "        also: [{within: {count: 9, unit: days}, counted_from: acknowledged}]\n"
            ),
            "write it under `within`",
        ),
        (
            "counted_from: acknowledged\n",
            "counted_from: acknowledged\n        also: [{within: {count: 9, unit: days}, counted_from: closed}]\n",
            "`also` cannot count from `closed`",
        ),
        (
            "only_for: [maths]",
            "for_relationships: [parent]",
            "unknown answer to `relationship` `parent`",
        ),
        (
            "retention:",
            "reopen: {within: {count: 9, unit: working-days}, own_target: Ours.}\nretention:",
            "`within` counts plain days,",
        ),
        (
            "retention:",
            "reopen: {within: {count: 0, unit: days}, own_target: Ours.}\nretention:",
            "`within` counts from 1",
        ),
        ("retention:", "reopen: {role: office}\nretention:", "neither `source`"),
        ("first: 2026-11-27, last: 2026-11-27", "first: 2027-11-27, last: 2027-11-27", "is not in a term"),
    ],
)
def test_each_mistake_is_reported_where_it_stands(
    sound: str, broken: str, expected: str, tmp_path: Path
) -> None:
    """A mistake in a sound file is told in words that name the matter; what is none is not told."""
    assert sound in SOUND
    both = "own_target: Ours.\n        source: Theirs"
    text = SOUND.replace(sound, broken.replace("{both}", both), 1)

    problems = problems_in(text, tmp_path)

    if expected:
        assert any(expected in problem for problem in problems), problems
        assert len(problems) <= 3, problems
    else:
        assert problems == []


def test_a_stage_fits_into_the_names_of_its_alarms(tmp_path: Path) -> None:
    """An execution of Step Functions has a name of 80 characters, and the stage's id is a part of it."""
    too_long = "s" * 72
    text = SOUND.replace("second", too_long)

    assert problems_in(SOUND.replace("second", "s" * 37), tmp_path) == []
    *_, problem = problems_in(text, tmp_path)  # addresses have the word in them, too
    line = line_of(f"  {too_long}:", text)
    assert problem.startswith(f"{line}: `{too_long}` is too long: 72 characters, where ")
    assert problem.endswith(" have room for 37")


def test_a_line_is_that_of_the_key(tmp_path: Path) -> None:
    """A problem deep in a file carries the line on which the wrong key stands."""
    text = SOUND.replace("extension_source:", "extension_sauce:")

    assert problems_in(text, tmp_path)[0].startswith(f"{line_of('extension_sauce', text)}: unknown key")


def test_only_true_and_false_are_truth_values(tmp_path: Path) -> None:
    """Words that YAML 1.1 takes for truth values, keys among them, stay the words that they are."""
    path = tmp_path / "example.yaml"
    path.write_text(SOUND.replace("{maths: Maths, art: Art}", "{maths: Yes, on: No, 2026: Off}"), "utf-8")

    course = read(path).forms[0].fields[-1]

    assert [(choice.id, choice.label) for choice in course.choices] == [
        ("maths", "Yes"),
        ("on", "No"),
        ("2026", "Off"),
    ]


def test_school_days_need_terms(tmp_path: Path) -> None:
    """A limit in school days without a school year is reported at the limit."""
    text = SOUND.replace("{count: 2, unit: weeks}", "{count: 5, unit: school-days}")
    text = text[: text.index("school_year:")]

    assert problems_in(text, tmp_path) == [
        f"{line_of('school-days', text)}: school days cannot be counted: `school_year` has no `terms`"
    ]


def test_terms_follow_each_other(tmp_path: Path) -> None:
    """A term that begins before the one above it is over is reported."""
    text = SOUND.replace(
        "last: 2026-12-18}]", "last: 2026-12-18}, {name: spring, first: 2026-12-18, last: 2027-03-25}]"
    )

    assert problems_in(text, tmp_path) == [
        f"{line_of('  terms:', text)}: `spring` begins before `autumn` is over"
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "1: the file is empty"),
        (b"- a\n- b\n", "1: a procedure file is a mapping: it begins with keys such as `slug:`"),
        (b"slug: a\n  title: b\n", "2: this is not YAML (mapping values are not allowed here): check"),
        (b"slug: a\ntitle: \xff\n", "2: this is not UTF-8: save the file with that encoding"),
        (b"slug: a\ntitle: \x07\n", "2: this is not YAML: the character U+0007 is not allowed"),
        (
            b"slug: &a b\ntitle: *a\n",
            "2: `title`: aliases (`*name`) are not allowed here: write out the value",
        ),
        (b"? [a, b]\n: c\n", "1: a key has to be a word"),
    ],
)
def test_what_is_no_procedure_file_is_told_so(content: bytes, expected: str, tmp_path: Path) -> None:
    """A file that is not even readable gives a problem with a line, not a traceback."""
    path = tmp_path / "example.yaml"
    path.write_bytes(content)

    with pytest.raises(ProcedureFileErrors) as caught:
        read(path)

    problems = [f"{problem.line}: {problem.message}" for problem in caught.value.problems]
    assert any(problem.startswith(expected) for problem in problems), problems


def test_every_notice_needs_its_template(tmp_path: Path) -> None:
    """A notice without a complete mail template is reported, and one that has it is not."""
    path = tmp_path / "example.yaml"
    path.write_text(SOUND, "utf-8")
    for notice in get_args(Notice):
        folder = tmp_path / "templates" / "mail" / notice
        folder.mkdir(parents=True)
        for part in ("subject.txt", "body.txt", "body.html"):
            (folder / part).touch()
    read(path, templates_dir=tmp_path / "templates")
    (tmp_path / "templates" / "mail" / "breach" / "body.html").unlink()

    with pytest.raises(
        ProcedureFileErrors, match=r":1: the notice `breach` has no template: body.html missing"
    ):
        read(path, templates_dir=tmp_path / "templates")


def test_a_released_version_is_named_by_its_place(tmp_path: Path) -> None:
    """A file released/<slug>/<version>.yaml holds that organisation's procedure in that version."""
    folder = tmp_path / "released" / "example"
    folder.mkdir(parents=True)

    assert problems_in(SOUND, folder, "1.yaml") == []
    assert problems_in(SOUND, folder, "2.yaml") == ["2: `version` has to be 2, as the file is called"]


LINES = sorted({line for path in PROCEDURES.glob("*.yaml") for line in path.read_text("utf-8").splitlines()})
VALUES = [
    "",
    " 5",
    " true",
    " null",
    " [1, {a: b}]",
    " {a: b}",
    " -3",
    " *x",
    " !t y",
    " []",
    " {}",
    " 9" * 30,
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_file_brings_the_reader_down(data: st.DataObject, tmp_path: Path) -> None:
    """However a file is mangled, it is read or refused with lines that it has."""
    path = data.draw(st.sampled_from(sorted(PROCEDURES.glob("*.yaml"))))
    lines = path.read_text("utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "repeat", "value", "slip", "deeper", "shallower"])):
            case "drop":
                lines[place : place + 1] = []
            case "repeat":
                lines.insert(place, data.draw(st.sampled_from(LINES)))
            case "value":
                lines[place] = f"{lines[place].split(':')[0]}:{data.draw(st.sampled_from(VALUES))}"
            case "slip":
                lines[place] = lines[place].replace("e", "x", 1)
            case "deeper":
                lines[place] = f"  {lines[place]}"
            case _:
                lines[place] = lines[place][1:]

    mangled = tmp_path / path.name
    mangled.write_text("\n".join(lines), "utf-8")

    problems: tuple[Mistake, ...] = ()
    try:
        slug = read(mangled).slug
    except ProcedureFileErrors as errors:
        slug, problems = "", errors.problems

    assert slug == path.stem or problems
    assert all(1 <= problem.line <= len(lines) + 1 for problem in problems)


def test_the_ladder_is_drawn(tmp_path: Path) -> None:
    """The drawing shows who reviews, each deadline and what it counts from, what comes next, and the end."""
    path = tmp_path / "example.yaml"
    path.write_text(SOUND, "utf-8")

    assert draw(read(path)) == LADDER


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("disclosure:\n  about: Only if it has to be.\n", "when something may be passed on has neither"),
        (
            "disclosure:\n  about: x\n  source: Theirs\n  own_target: Ours\n",
            "has both `source` and `own_target`",
        ),
        ("disclosure:\n  tells_complainant: perhaps\n  source: Theirs\n", "has to be true or false"),
    ],
)
def test_what_may_be_passed_on_names_its_source(part: str, said: str, tmp_path: Path) -> None:
    """When something may be passed on is the policy's rule or the organisation's own, and the file says which."""
    assert [problem for problem in problems_in(f"{SOUND}\n{part}", tmp_path) if said in problem]


@pytest.mark.parametrize("key", ["conversation", "late_information"])
def test_what_a_stage_asks_for_names_its_source(key: str, tmp_path: Path) -> None:
    """So it is with a conversation that a stage asks for, and with what can be added to it."""
    text = SOUND.replace("    acknowledgement:", f"    {key}: {{about: Because.}}\n    acknowledgement:", 1)
    *_, problem = problems_in(text, tmp_path)  # addresses have the word in them, too
    assert "neither `source`" in problem
