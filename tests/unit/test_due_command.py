"""`dueprocess due` and `dueprocess check`: what they print, and how they refuse.

The dates were counted by hand. Public holidays in England and Wales: 2026 has Good Friday on 3 April, Easter Monday
on 6 April, Christmas Day on Friday 25 December and a substitute for Boxing Day on Monday 28; 2027 has New Year's Day
on a Friday, Good Friday on 26 March and Easter Monday on 29 March. The clocks change on 29 March and 25 October 2026
and on 28 March 2027.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import app

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(
    ("org", "deadline", "when", "due", "due_at"),
    [
        # Ten working days: 4, 7-11 and 14-17 December.
        ("alliance-for-learning", "formal/submit", "2026-12-03", "2026-12-17", "2026-12-18T00:00:00+00:00"),
        (
            "alliance-for-learning",
            "formal/acknowledge",
            "2026-12-15T18:40",
            "2026-12-15",
            "2026-12-16T00:00:00+00:00",
        ),
        # Seven days to Christmas Eve, three to New Year's Eve, and twenty from 4 January.
        (
            "alliance-for-learning",
            "formal/respond",
            "2026-12-15T18:40",
            "2027-01-29",
            "2027-01-30T00:00:00+00:00",
        ),
        # 27, 30 and 31 March; the clocks went forward between.
        (
            "leadership-east",
            "stage-1/acknowledge",
            "2026-03-26T16:50",
            "2026-03-31",
            "2026-04-01T00:00:00+01:00",
        ),
        # 2 April, 7-10 and 13-17, around Easter.
        ("leadership-east", "stage-1/respond", "2026-04-01T10:00", "2026-04-17", "2026-04-18T00:00:00+01:00"),
        # 22-24 and 29-31 December, 4-7 January.
        ("leadership-east", "stage-1/reply", "2026-12-21T16:45", "2027-01-07", "2027-01-08T00:00:00+00:00"),
        # Half-term: three school days would end on 4 November, three working days end earlier.
        (
            "ashton-on-mersey-scitt",
            "informal/first-response",
            "2026-10-23T15:10",
            "2026-10-28",
            "2026-10-29T00:00:00+00:00",
        ),
        # 16-18, 21-24 and 29-31 December, 4-8 January.
        (
            "ashton-on-mersey-scitt",
            "director/respond",
            "2026-12-15",
            "2027-01-08",
            "2027-01-09T00:00:00+00:00",
        ),
        # February has no 31st.
        (
            "creative-alliance",
            "stage-1/submit",
            "2027-01-31T23:58",
            "2027-02-28",
            "2027-03-01T00:00:00+00:00",
        ),
        (
            "creative-alliance",
            "stage-1/acknowledge",
            "2027-01-31T23:58",
            "2027-02-14",
            "2027-02-15T00:00:00+00:00",
        ),
        ("creative-alliance", "stage-2/respond", "2027-03-01", "2027-03-29", "2027-03-30T00:00:00+01:00"),
        ("creative-alliance", "stage-3/respond", "2027-03-01", "2027-04-26", "2027-04-27T00:00:00+01:00"),
        (
            "dynamic-training",
            "departmental-manager/submit",
            "2026-10-05",
            "2026-11-30",
            "2026-12-01T00:00:00+00:00",
        ),
        # From a Saturday the 48 hours begin with Monday.
        (
            "dynamic-training",
            "departmental-manager/respond",
            "2026-11-28T11:00",
            "2026-12-01",
            "2026-12-02T00:00:00+00:00",
        ),
        # 8.5 hours on Christmas Eve, 24 on Tuesday 29 December, 15.5 on Wednesday.
        (
            "dynamic-training",
            "departmental-manager/respond",
            "2026-12-24T15:30",
            "2026-12-30",
            "2026-12-30T15:30:00+00:00",
        ),
        # 14 hours on Maundy Thursday, 24 on Tuesday 30 March, 10 on Wednesday, in summer time.
        (
            "dynamic-training",
            "departmental-manager/respond",
            "2027-03-25T10:00",
            "2027-03-31",
            "2027-03-31T10:00:00+01:00",
        ),
        (
            "leadership-east",
            "retention/delete",
            "2026-04-18T12:00",
            "2031-04-18",
            "2031-04-19T00:00:00+01:00",
        ),
        # 2033 has no 29 February.
        ("dynamic-training", "retention/delete", "2028-02-29", "2033-02-28", "2033-03-01T00:00:00+00:00"),
    ],
)
def test_a_deadline_of_the_five_procedures(org: str, deadline: str, when: str, due: str, due_at: str) -> None:
    """Each deadline ends on the day that counting by hand gives, in London's time of that day."""
    result = run("due", org, deadline, when, "--json")

    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert (answer["name"], answer["due"], answer["due_at"]) == (deadline, due, due_at)


def test_the_json_explains_the_date() -> None:
    """The JSON holds each skipped day with its reason, what is counted from, and where the policy says so."""
    answer = json.loads(run("due", "leadership-east", "stage-1/respond", "2026-04-01T10:00", "--json").stdout)

    assert answer.pop("counted").startswith("10 working days after Wednesday 1 April 2026")
    assert answer == {
        "name": "stage-1/respond",
        "due": "2026-04-17",
        "due_at": "2026-04-18T00:00:00+01:00",
        "counted_from": "acknowledged",
        "steps": [
            {"day": "2026-04-03", "reason": "public holiday: Good Friday"},
            {"day": "2026-04-04", "reason": "Saturday"},
            {"day": "2026-04-05", "reason": "Sunday"},
            {"day": "2026-04-06", "reason": "public holiday: Easter Monday"},
            {"day": "2026-04-11", "reason": "Saturday"},
            {"day": "2026-04-12", "reason": "Sunday"},
        ],
        "source": "Stage 1",
    }


def test_an_own_target_is_never_passed_off_as_the_policy_s() -> None:
    """A deadline on which the policy is silent has `own_target` and no `source`, and the text says the same."""
    arguments = ("due", "leadership-east", "stage-2/respond", "2026-06-01")

    answer = json.loads(run(*arguments, "--json").stdout)

    assert "source" not in answer
    assert "the organisation's own target" in answer["own_target"]
    assert "own target    The policy states no limit" in run(*arguments).stdout


def test_the_text_says_the_day_the_last_moment_and_the_skipped_days() -> None:
    """Without --json the same is told to a person."""
    text = run("due", "dynamic-training", "departmental-manager/respond", "2026-12-24T15:30").stdout

    assert "due           Wednesday 30 December 2026" in text
    assert "last moment   just before 15:30 on Wednesday 30 December 2026" in text
    assert "skipped       Friday 25 December 2026: public holiday: Christmas Day" in text
    assert "source        Complaints policy, Timeliness" in text


def test_discretion_is_told_with_its_last_day() -> None:
    """Where somebody may take a later complaint, the text says until when, and who decides."""
    text = run("due", "creative-alliance", "stage-1/submit", "2026-12-18").stdout

    assert "due           Monday 18 January 2027" in text
    assert "discretion    to Sunday 18 April 2027, if so decided by: Director" in text


def test_a_procedure_file_can_stand_for_the_organisation() -> None:
    """ORG may be the path of a file."""
    arguments = ("stage-1/acknowledge", "2026-06-01T09:00", "--json")

    by_path = run("due", str(ROOT / "procedures" / "leadership-east.yaml"), *arguments)

    assert by_path.stdout == run("due", "leadership-east", *arguments).stdout


@pytest.mark.parametrize(
    ("when", "due_at"),
    [
        ("2026-06-01", "2026-06-05T00:00:00+01:00"),
        ("2026-06-01 09:30", "2026-06-05T00:00:00+01:00"),
        ("2026-06-01T23:59:59", "2026-06-05T00:00:00+01:00"),
        # Half past eleven in the evening in UTC is half past midnight in London.
        ("2026-06-01T23:30Z", "2026-06-06T00:00:00+01:00"),
        ("2026-06-02T00:30:00+01:00", "2026-06-06T00:00:00+01:00"),
    ],
)
def test_when_is_london_s_time_unless_it_says_otherwise(when: str, due_at: str) -> None:
    """A day, a local moment, or a moment with its offset."""
    answer = json.loads(run("due", "leadership-east", "stage-1/acknowledge", when, "--json").stdout)

    assert answer["due_at"] == due_at


def test_a_time_that_comes_twice_is_the_first_and_said_to_be() -> None:
    """In the night in which the clocks go back, half past one is the first of two."""
    result = run("due", "leadership-east", "stage-1/acknowledge", "2026-10-25T01:30")

    assert result.exit_code == 0
    assert "this time comes twice: counted from the first" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("nobody", "a/b", "2026-01-05"),
            "There is no organisation `nobody`. Choose one of: alliance-for-learning,",
        ),
        (("leadership-east", "stage-9/respond", "2026-01-05"), "Choose one of: stage-1/acknowledge,"),
        (("leadership-east", "stage-1/submit", "2026-01-05"), "stage-3/reply, retention/delete."),
        (
            ("leadership-east", "stage-1/reply", "tomorrow"),
            "`tomorrow` is not a date or time. Enter 2026-12-21",
        ),
        (("leadership-east", "stage-1/reply", "2026-02-30"), "is not a real date or time."),
        (("leadership-east", "stage-1/reply", "2026-02-03T25:00"), "is not a real date or time."),
        (("leadership-east", "stage-1/reply", "20260203"), "`20260203` is not a date or time"),
        (
            ("leadership-east", "stage-1/reply", "2027-03-28T01:30"),
            "There is no 01:30 on Sunday 28 March 2027",
        ),
        (("leadership-east", "stage-1/reply", "2028-12-20"), "so nothing can be counted over"),
        (("leadership-east", "stage-1/reply", "2018-12-20"), "so nothing can be counted over"),
        (("leadership-east", "retention/delete", "9999-12-31"), "is too far away"),
        (("nowhere.yaml", "stage-1/reply", "2026-01-05"), "nowhere.yaml: No such file or directory."),
    ],
)
def test_what_cannot_be_worked_out_is_refused_in_one_sentence(
    arguments: tuple[str, ...], sentence: str
) -> None:
    """Exit code 2, one line on standard error, and nothing on standard output."""
    result = run("due", *arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_file_with_mistakes_is_not_counted_by(tmp_path: Path) -> None:
    """`due` refuses a file that `check` would refuse, and says how to see why."""
    path = tmp_path / "broken.yaml"
    path.write_text("slug: broken\n", "utf-8")

    result = run("due", str(path), "a/b", "2026-01-05")

    assert result.exit_code == 2
    assert f"run `dueprocess check {path}` to list them." in result.stderr


def test_check_draws_the_ladders_of_the_five() -> None:
    """Without arguments `check` goes through all procedures, draws each and ends with 0."""
    result = run("check")

    assert result.exit_code == 0, result.output
    for path in (ROOT / "procedures").glob("*.yaml"):
        assert f"({path.stem}, version 1)" in result.stdout


def test_check_prints_every_mistake_of_every_file(tmp_path: Path) -> None:
    """Mistakes come as file:line: message, and the exit code is 1 even if another file is right."""
    broken = tmp_path / "broken.yaml"
    broken.write_text("slug: broken\nversion: 1\nlegs: 4\n", "utf-8")

    result = run("check", str(ROOT / "procedures" / "leadership-east.yaml"), str(broken))

    assert result.exit_code == 1
    assert f"{broken}:3: unknown key `legs`; known here: slug, version," in result.stdout
    assert f"{broken}:1: the key `organisation` is missing" in result.stdout
    assert "in 1 of 2 files." in result.stderr


def test_check_misses_templates(tmp_path: Path) -> None:
    """A notice without its mail template is a mistake."""
    path = ROOT / "procedures" / "leadership-east.yaml"

    result = run("check", "--templates", str(tmp_path), str(path))

    assert result.exit_code == 1
    assert f"{path}:1: the notice `acknowledgement` has no template" in result.stdout


def test_check_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is told in a sentence, with exit code 2."""
    result = run("check", str(tmp_path / "nowhere.yaml"))

    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path / 'nowhere.yaml'}: No such file or directory.\n"
