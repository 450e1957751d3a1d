"""Versions: `dueprocess release` keeps one, `check` holds the current file to it, `diff` says what changed."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from authoring.comparison import changes
from authoring.compile import read_all, write
from authoring.procedure_file import read
from cli.main import app
from cli.procedures import find_procedure
from domain.calendars import Limit
from domain.procedure import Procedure
from tests.unit.functions import in_a_function

ROOT = Path(__file__).parents[2]
ORG = "leadership-east"
BEFORE = read(ROOT / "procedures" / f"{ORG}.yaml")

TEN_DAYS = """\
      respond:
        within: [{count: 10, unit: working-days}]
        counted_from: acknowledged"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of procedure files with one of the five, not released yet."""
    made = tmp_path / "procedures"
    made.mkdir()
    (made / f"{ORG}.yaml").write_bytes((ROOT / "procedures" / f"{ORG}.yaml").read_bytes())
    return made


def change(folder: Path, was: str, now: str) -> Path:
    path = folder / f"{ORG}.yaml"
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), "utf-8")
    return path


def release(folder: Path) -> Result:
    return run("release", ORG, "--procedures", folder)


def test_a_release_is_a_copy_and_is_made_once(folder: Path) -> None:
    """The file is kept byte for byte; releasing the same again does nothing."""
    first, again = release(folder), release(folder)

    copy = folder / "released" / ORG / "1.yaml"
    assert first.exit_code == again.exit_code == 0
    assert first.output == f"Version 1 of {ORG} has been released: {copy}\n"
    assert again.output == f"Version 1 of {ORG} has already been released.\n"
    assert copy.read_bytes() == (folder / f"{ORG}.yaml").read_bytes()


def test_a_released_version_is_not_overwritten(folder: Path) -> None:
    """A changed file with the same number is refused, with the number that it needs."""
    release(folder)
    kept = (folder / "released" / ORG / "1.yaml").read_bytes()
    change(folder, "title: Complaints about our programmes", "title: Complain")

    refused = release(folder)

    assert refused.exit_code == 2
    assert "give the current file version 2" in refused.output
    assert (folder / "released" / ORG / "1.yaml").read_bytes() == kept


def test_an_earlier_number_than_the_released_one_is_refused(folder: Path) -> None:
    """Versions only go up."""
    change(folder, "version: 1", "version: 2")
    release(folder)
    change(folder, "version: 2", "version: 1")

    refused = release(folder)

    assert refused.exit_code == 2
    assert "version 2 is released, but the current file has version 1" in refused.output.lower()


def test_a_file_with_mistakes_is_not_released(folder: Path) -> None:
    """What `check` objects to does not become a version."""
    change(folder, "coordinator: programmes-office", "coordinator: nobody")

    refused = release(folder)

    assert refused.exit_code == 2
    assert "Correct the mistakes first" in refused.output
    assert not (folder / "released").exists()


def test_check_holds_a_file_to_its_released_version(folder: Path) -> None:
    """The same number with another content is a mistake, at the line of `version`; a higher number is none."""
    release(folder)
    path = change(folder, "title: Complaints about our programmes", "title: Complain")
    line = path.read_text("utf-8").splitlines().index("version: 1") + 1

    changed = run("check", path)
    change(folder, "version: 1", "version: 2")
    raised = run("check", path)

    assert changed.exit_code == 1
    assert changed.output.startswith(f"{path}:{line}: version 1 is released, and the current file differs")
    assert raised.exit_code == 0


def test_a_comment_is_no_change(folder: Path) -> None:
    """What a file says counts, not how it is written."""
    release(folder)
    path = change(folder, "version: 1\n", "# A note.\nversion: 1\n")

    assert run("check", path).exit_code == 0
    assert "has already been released" in release(folder).output


def test_open_cases_stay_on_their_version(folder: Path, tmp_path: Path) -> None:
    """After a release and a change, a case that was opened before is answered by the old date, a new one by the
    new date."""
    release(folder)
    change(folder, TEN_DAYS, TEN_DAYS.replace("10", "15"))
    change(folder, "version: 1", "version: 2")
    write(folder, tmp_path)

    dates = in_a_function(
        tmp_path,
        f"""
from datetime import datetime, timezone
from adapters.cases.rules import situation_of
from domain.acts.acknowledgement import Acknowledge
from domain.acts.intake import SubmitComplaint
from domain.command import decide
from domain.situation import Outset
from domain.words import Writing

answer = []
for version in (1, 2):
    procedure = procedures.load({ORG!r}, version)
    rules = dict(procedure=procedure, calendar=procedures.calendar_of(procedure))
    now = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
    submit = SubmitComplaint(
        organisation={ORG!r}, form="complaint", answers=Writing("a", {{}}), aspects=1, by="complainant"
    )
    outset = Outset("X", now=now, **rules)
    at = outset.after(decide(outset, submit))
    acknowledge = Acknowledge(by="programmes-office-primary", stage="stage-1")
    at = situation_of(at.after(decide(at, acknowledge)).case, now=now)
    respond = next(one for one in at.deadlines if one.rule.name == "respond")
    answer.append([at.case.procedure_version, respond.due.due.isoformat()])
""",
    )

    assert dates == [[1, "2026-03-16"], [2, "2026-03-23"]]


def test_nothing_changed_is_said() -> None:
    """A procedure held against itself."""
    result = run("diff", ORG, ROOT / "procedures" / f"{ORG}.yaml")

    assert result.exit_code == 0
    assert result.output == f"{ORG}, version 1 → {ORG}, version 1\n  Nothing changed.\n"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (
            TEN_DAYS,
            TEN_DAYS.replace("10, unit: working-days", "3, unit: weeks, roll: true"),
            "Stage `stage-1`, deadline `respond`: from 10 working days to 3 weeks (going on to the next working day).",
        ),
        (
            TEN_DAYS,
            TEN_DAYS.replace("acknowledged", "received"),
            (
                "Stage `stage-1`, deadline `respond`: what it counts from changed from the acknowledgement to the "
                "complaint's arrival."
            ),
        ),
        (
            "remind: [{working_days_before: 3}, {working_days_before: 1}]",
            "remind: [{working_days_before: 2}]",
            (
                "Stage `stage-1`, deadline `respond`, the reminders: from 3 working days before, 1 working day "
                "before to 2 working days before."
            ),
        ),
        ("  director: Director", "  director: Head", "Role `director`: renamed from “Director” to “Head”."),
        (
            "    label: Not upheld\n",
            "    label: Not upheld\n  withdrawn:\n    label: Withdrawn\n",
            "Conclusion `withdrawn` (Withdrawn) was added.",
        ),
        (
            (
                "  trustee:\n    name: Trustee\n    email: trustee@leadership-east.example\n"
                "    roles: [executive-or-trustee]\n"
            ),
            "",
            "Person `trustee` (Trustee) was removed.",
        ),
        (
            "  keep: {count: 5, unit: years}",
            "  keep: {count: 6, unit: years}",
            "`retention`: the time for which a closed case is kept changed from 5 years to 6 years.",
        ),
        (
            "    review:\n      role: executive-or-trustee\n",
            "    review:\n      role: executive-or-trustee\n      fresh: true\n",
            "Stage `stage-3`, `review`: fresh eyes changed from no to yes.",
        ),
    ],
)
def test_a_change_is_said_in_words(folder: Path, was: str, now: str, said: str) -> None:
    """One change, one sentence, and nothing else."""
    path = change(folder, was, now)

    found = [one.text for one in changes(BEFORE, read(path))]

    assert [said] == found
    assert f"  - {said}\n" in run("diff", ORG, path).output


def test_stages_that_come_go_and_move_are_said() -> None:
    """Entries are known by their ids, in whatever order they stand."""
    first, second, third = BEFORE.stages
    other = replace(second, id="mediation", title="Mediation")
    after = replace(BEFORE, stages=(third, first, other))

    assert [(one.kind, one.text) for one in changes(BEFORE, after)] == [
        ("removed", "Stage `stage-2` (Stage 2: the Director) was removed."),
        ("added", "Stage `mediation` (Mediation) was added."),
        ("reordered", "The order of `stages` is now stage-3, stage-1."),
    ]


def test_a_released_version_can_be_named(folder: Path, tmp_path: Path) -> None:
    """ORG@version is the file that was released; one that was not is an error that says which are."""

    release(folder)
    change(folder, "version: 1", "version: 2")

    assert find_procedure(f"{ORG}@1", folder=folder).version == 1
    assert find_procedure(ORG, folder=folder).version == 2
    missing = run("diff", f"{ORG}@99", ORG)
    assert missing.exit_code == 2
    assert "There is no released version `99`" in missing.output


def test_json_has_place_kind_and_both_sides(folder: Path) -> None:
    """For programs: where it is in the file, what it was, what it is."""
    path = change(folder, TEN_DAYS, TEN_DAYS.replace("10", "15"))

    told = json.loads(run("diff", ORG, path, "--json").output)

    assert told["before"] == {"organisation": ORG, "version": 1}
    assert told["changes"] == [
        {
            "kind": "changed",
            "place": ["stages", "stage-1", "deadlines", "respond", "within"],
            "was": "10 working days",
            "now": "15 working days",
            "text": "Stage `stage-1`, deadline `respond`: from 10 working days to 15 working days.",
        }
    ]


def altered(value: Any) -> Any:
    """Something of the same type that is not equal."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value} other"
        case Limit():
            return replace(value, count=value.count + 1)
        case tuple():
            return value[:-1] if value else ("other",)
        case None:
            return "other"
        case _ if is_dataclass(value) and not isinstance(value, type):
            first = fields(value)[0].name
            return replace(value, **{first: altered(getattr(value, first))})
        case _:
            raise AssertionError(value)


@pytest.mark.parametrize(
    "key", [one.name for one in fields(Procedure) if one.name not in ("slug", "version")]
)
def test_no_key_is_passed_over(key: str) -> None:
    """Whatever key differs, something is said."""
    assert changes(BEFORE, replace(BEFORE, **{key: altered(getattr(BEFORE, key))}))


@pytest.fixture
def with_rules(folder: Path) -> Path:
    """The same, with the shared rules for data protection complaints beside it."""
    (folder / "shared").mkdir()
    shared = ROOT / "procedures" / "shared" / "data-protection.yaml"
    (folder / "shared" / shared.name).write_bytes(shared.read_bytes())
    return folder


def change_rules(folder: Path, was: str, now: str) -> None:
    path = folder / "shared" / "data-protection.yaml"
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), "utf-8")


def test_the_shared_rules_are_released_with_what_is_made_of_them(with_rules: Path) -> None:
    """Who releases an organisation is told that its data protection complaints need theirs, and both name what comes
    of it."""
    own = release(with_rules)
    assert "Run `dueprocess release data-protection` too, for its data protection complaints." in own.output
    shared = run("release", "data-protection", "--procedures", with_rules)
    copy = with_rules / "shared" / "released" / "data-protection" / "1.yaml"
    assert shared.output == (
        f"Version 1 of data-protection has been released: {copy}\nReleased with it: {ORG}/data-protection 1001.\n"
    )
    assert copy.read_bytes() == (with_rules / "shared" / "data-protection.yaml").read_bytes()
    assert "too" not in release(with_rules).output


def test_a_change_of_the_shared_rules_is_one_for_all_who_switch_them_on(with_rules: Path) -> None:
    """Without another number neither `check` nor `release` takes it; with one, cases stay on what was before, and
    `diff` says in words what changed for whom."""
    run("release", ORG, "data-protection", "--procedures", with_rules)
    change_rules(with_rules, "count: 2, unit: weeks", "count: 1, unit: weeks")
    refused = run("release", "data-protection", "--procedures", with_rules)
    assert refused.exit_code == 2
    assert "give the current file version 2" in refused.output
    checked = run("check", with_rules / f"{ORG}.yaml")
    assert checked.exit_code == 1
    assert "data-protection.yaml:" in checked.output

    change_rules(with_rules, "version: 1", "version: 2")
    current, before = read_all(with_rules)
    assert [(one.slug, one.version) for one in current] == [(ORG, 1), (f"{ORG}/data-protection", 1002)]
    assert (f"{ORG}/data-protection", 1001) in [(one.slug, one.version) for one in before]

    def compared(before: str, after: str) -> Result:
        return run("diff", before, after, "--procedures", with_rules)

    said = "Stage `stage`, deadline `progress`: from 2 weeks to 1 week."
    shared = compared("data-protection@1", "data-protection").output
    assert said in shared
    assert f"This changes the procedure for everyone who switches it on: {ORG}/data-protection." in shared
    own = compared(f"{ORG}/data-protection@1001", f"{ORG}/data-protection").output
    assert own.startswith(f"{ORG}/data-protection, version 1001 → {ORG}/data-protection, version 1002")
    assert said in own
    unknown = compared(f"{ORG}/data-protection@1003", f"{ORG}/data-protection")
    assert unknown.exit_code == 2
    assert "There is no version 3 of `data-protection`" in unknown.output
