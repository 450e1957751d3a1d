"""`make teeth`: how rules are weakened, and how what the tests say to it is found out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from authoring.compile import write
from authoring.data_protection import shared_file
from authoring.procedure_file import read
from authoring.where import SHIPPED
from tests.teeth.__main__ import chosen, equivalents, line, report
from tests.teeth.changes import changes
from tests.teeth.kept import Kept, digest
from tests.teeth.mutants import CannotBe, Mutant, Outcome
from tests.teeth.procedures import Served, of_procedures, values_in

ROOT = Path(__file__).parents[2]
SOUND = ROOT / "tests/unit/sound_procedure.yaml"
FILES = [*sorted(SHIPPED.glob("*.yaml")), shared_file(SHIPPED)]

TEST = """
import pytest
from authoring.procedure_file import read
from authoring.where import procedures_folder

@pytest.mark.clause("EX-01")
@pytest.mark.parametrize("days", [3])
def test_it_is_acknowledged_in_three_days(days):
    rule = read(procedures_folder() / "example.yaml").stages[0].deadlines[1]
    assert rule.name == "acknowledge"
    assert rule.within[0].count == days
"""
"""It notices the limit, and nothing else."""

REGISTER = """
procedure: example
covers: Examples
clauses:
  EX-01:
    where: "1"
    rule: It is acknowledged within three working days.
    kept_by: [stages.first.deadlines.acknowledge]
  EX-02:
    where: "2"
    rule: Something else.
    kept_by: [retention]
    planned: To come.
"""

SCRIPT = """
import sys
from pathlib import Path
from tests.teeth.__main__ import judge, line, report
from tests.teeth.kept import Kept
from tests.teeth.procedures import of_procedures

place = Path(sys.argv[1])
tell = lambda outcome: print(line(outcome))
mutants = tuple(of_procedures(place / "procedures", tests=place / "tests"))
said = judge(mutants, kept=Kept(place / "kept", "now"), say=tell, processes=2, root=place)
sys.exit(report(said, equivalents={}, say=print))
"""


def said(path: str) -> list[str]:
    """The changes of a rule of the sound procedure."""
    return [change.name.removeprefix(f"{path}") for change in changes(values_in(SOUND), path)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "stages.first.deadlines.submit",
            [
                ": removed",
                ".within.0: 2 months instead of 1 month",
                ".within.0: 0 months instead of 1 month",
                *(
                    f".counted_from: `{event}` instead of `incident`"
                    for event in ("received", "requested", "acknowledged", "responded", "closed")
                ),
                ".discretion: removed",
                ".discretion: 8 months instead of 4 months",
                ".discretion: 2 months instead of 4 months",
                ".discretion_role: removed",
                ".discretion_role: another role than `board`",
            ],
        ),
        ("stages.second.review", [".role: another role than `board`", ".fresh: no instead of yes"]),
        (
            "stages.second.deadlines.respond.extension",
            [": `not-provided` instead of `with-new-date`"],
        ),
        (
            "stages.first",
            [
                ": removed",
                ".acknowledgement: `automatic` instead of `person`",
                ".next: removed",
                ".next: another stage than `second`",
            ],
        ),
        (
            "forms.complaint.fields.course",
            [": removed", ".choices: removed", ".choices.maths: removed", ".choices.art: removed"],
        ),
        ("forms.complaint.fields.name", [": removed", ".required: no instead of yes"]),
        ("forms.complaint.privacy", [": other words"]),
        ("stages.first.about", [": other words"]),
        ("signposts.ombudsman", [": removed", ".only_for: removed"]),
        ("school_year", [": removed", ".terms: removed", ".closures: removed"]),
        ("region", [": another region than `england-and-wales`"]),
        (
            "retention",
            [
                ".keep: 10 years instead of 5 years",
                ".keep: 2 years instead of 5 years",
                ".notice: 28 days instead of 14 days",
                ".notice: 7 days instead of 14 days",
                ".told: another role than `office`",
            ],
        ),
    ],
)
def test_a_rule_is_weakened_in_each_way_that_its_parts_have(path: str, expected: list[str]) -> None:
    """It goes, its limits are doubled and halved, it counts from another event, a role or stage is another, a yes a no;
    what explains it stays."""
    assert said(path) == expected


def test_a_list_loses_each_of_its_entries() -> None:
    """One at a time; a role in it becomes another, too."""
    values = values_in(SOUND) | {"informed": ["board", "office"]}
    assert [change.said for change in changes(values, "informed")] == [
        "removed",
        "`board` is gone",
        "another role than `board`",
        "`office` is gone",
        "another role than `office`",
    ]


def test_one_person_more_or_fewer_is_enough() -> None:
    """So a count of reviewers is never taken on trust."""
    values = values_in(SOUND)
    values["stages"]["first"]["review"]["count"] = 2
    names = [change.said for change in changes(values, "stages.first.review.count")]
    assert names == ["removed", "3 instead of 2", "1 instead of 2"]


def test_a_stage_that_goes_leaves_no_gap() -> None:
    """What led to it leads to the next one, and what begins there begins with the next one."""
    removed = next(changes(values_in(SOUND), "stages.first"))
    *_, bridged = removed.versions(values_in(SOUND))
    assert bridged["forms"]["complaint"]["starts_at"] == "second"
    removed = next(changes(values_in(SOUND), "stages.second"))
    *_, ended = removed.versions(values_in(SOUND))
    assert ended["stages"]["first"]["end"] == {"signposts": ["ombudsman"]}
    assert "next" not in ended["stages"]["first"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_that_is_written_anew_says_what_it_said(file: Path, tmp_path: Path) -> None:
    """So what a test notices is the change, and not how it was written."""
    copy = tmp_path / file.name
    copy.write_text(yaml.safe_dump(values_in(file), sort_keys=False, allow_unicode=True), encoding="utf-8")
    assert read(copy) == read(file)


@pytest.mark.parametrize(
    ("path", "said", "why"),
    [
        ("stages.first.deadlines.acknowledge", "removed", "has no deadline `acknowledge`"),
        (
            "stages.first.deadlines.acknowledge.counted_from",
            "`closed` instead of `received`",
            "cannot count from",
        ),
    ],
)
def test_what_the_checker_refuses_cannot_be(path: str, said: str, why: str, tmp_path: Path) -> None:
    """Nobody can weaken a rule in a way that `dueprocess check` does not let through."""
    (tmp_path / "example.yaml").write_bytes(SOUND.read_bytes())
    file = tmp_path / "example.yaml"
    (change,) = (change for change in changes(values_in(file), path) if change.said == said)
    served = Served(folder=tmp_path, file=file, values=values_in(file), change=change)
    with pytest.raises(CannotBe, match=why):
        served.serve(tmp_path / "out")


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A procedure with a register and one test, in a folder of their own."""
    (tmp_path / "procedures/clauses").mkdir(parents=True)
    (tmp_path / "procedures/example.yaml").write_bytes(SOUND.read_bytes())
    (tmp_path / "procedures/clauses/example.yaml").write_text(REGISTER, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_it.py").write_text(TEST, encoding="utf-8")
    write(tmp_path / "procedures", tmp_path / "generated")
    return tmp_path


def judged(toy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, str(toy)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PROCEDURES": str(toy / "procedures")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_a_test_notices_is_caught_and_the_rest_survives(toy: Path) -> None:
    """Only the limit is held by the toy test; that the days could count from another event is printed, and the exit
    code is 1. Planned clauses are left out. Run again, nothing is done again."""
    result = judged(toy)
    begins = "EX-01 stages.first.deadlines.acknowledge"
    limit = f"caught     {begins}.within.0: 6 working days instead of 3 working days"
    assert f"{limit} by tests/test_it.py::test_it_is_acknowledged_in_three_days[3]" in result.stdout
    assert f"SURVIVED   {begins}.counted_from: `requested` instead of `received`" in result.stdout
    assert f"cannot be  {begins}: removed" in result.stdout
    assert "EX-02" not in result.stdout
    assert "2 caught, 4 that cannot be, 0 that nobody can notice, 2 survived" in result.stdout, result.stderr
    assert result.returncode == 1
    again = judged(toy)
    assert "caught     " not in again.stdout
    assert again.stdout.splitlines()[-1] == result.stdout.splitlines()[-1]


def test_a_test_that_fails_without_any_change_proves_nothing(toy: Path) -> None:
    """It would catch every mutant; the run ends, and says which it is."""
    (toy / "tests/test_it.py").write_text(TEST.replace("[3]", "[4]"), encoding="utf-8")
    result = judged(toy)
    assert "test_it_is_acknowledged_in_three_days[4] fails, and nothing is changed" in result.stderr
    assert "caught" not in result.stdout


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """A line that was cut off is left out, and does no harm to the next one."""
    kept = Kept(tmp_path, "now")
    first, second = Outcome(name="a", verdict="caught", by="t"), Outcome(name="b", verdict="survived")
    kept.keep(first)
    (tmp_path / "now.jsonl").open("a").write('{"name": "half')
    kept.keep(second)
    assert Kept(tmp_path, "now").outcomes() == {"a": first, "b": second}


def test_what_is_kept_is_never_stale(tmp_path: Path) -> None:
    """After any change of a source nothing is known."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "one.py").write_text("1")
    before = digest(tmp_path, ["source"])
    Kept(tmp_path / "kept", before).keep(Outcome(name="a", verdict="survived"))
    (source / "one.py").write_text("2")
    after = digest(tmp_path, ["source"])
    assert after != before
    assert Kept(tmp_path / "kept", after).outcomes() == {}
    assert list((tmp_path / "kept").iterdir()) == []


def test_survivors_fail_unless_nobody_can_notice_them() -> None:
    """And what is said to be beyond notice, but is noticed, fails too."""
    told: list[str] = []
    survived, caught = Outcome(name="a", verdict="survived"), Outcome(name="b", verdict="caught", by="t")
    assert report([survived, caught], equivalents={}, say=told.append) == 1
    assert line(survived) in told
    assert line(survived, unnoticed={"a"}) == "the same   a"
    assert report([survived, caught], equivalents={"a": "It is the same day."}, say=told.append) == 0
    assert report([caught], equivalents={"b": "It is the same day."}, say=told.append) == 1


def test_every_mutant_that_nobody_can_notice_is_one_and_has_a_reason() -> None:
    """None is left over from a rule that is gone."""
    names = [mutant.name for mutant in of_procedures()]
    assert [name for name, number in Counter(names).items() if number > 1] == []
    assert set(equivalents()) <= set(names)
    assert all(len(reason.split()) > 4 for reason in equivalents().values())


def test_a_sample_is_chosen_by_its_seed() -> None:
    """The same for the same commit, another for another one; and only of what was asked for."""
    mutants = [Mutant(name=f"EX-{number:02}", tests=(), apply=lambda folder: None) for number in range(100)]
    first = chosen(mutants, only="EX-1", sample=6, seed="a")
    assert len(first) == 6
    assert all(mutant.name.startswith("EX-1") for mutant in first)
    assert chosen(mutants, only="EX-1", sample=6, seed="a") == first
    assert chosen(mutants, only="EX-1", sample=6, seed="b") != first
    assert chosen(mutants, only="EX-07", sample=6, seed="a") == [mutants[7]]
