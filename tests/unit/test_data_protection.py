"""Data protection complaints: one line of an organisation's file switches a shipped procedure on beside its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters import procedures
from adapters.identities import RandomIdentities
from authoring.compile import read_all, write
from authoring.data_protection import STAND_IN, beside, shared_file
from authoring.procedure_file import ProcedureFileErrors, read
from authoring.rules import objections
from cli.check import check
from cli.due import due
from domain.calendars import LONDON
from domain.counting import count
from domain.procedure import DATA_PROTECTION, Procedure

ROOT = Path(__file__).parents[2]
FILES = {path.stem: path for path in sorted((ROOT / "procedures").glob("*.yaml"))}
SHARED = read(shared_file(ROOT / "procedures"), templates_dir=ROOT / "templates")


def file_of(tmp_path: Path, *changes: tuple[str, str], slug: str = "leadership-east") -> Path:
    """A folder with one organisation's file, with changes, and nothing shared beside it."""
    text = FILES[slug].read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    folder = tmp_path / "procedures"
    folder.mkdir(exist_ok=True)
    (folder / f"{slug}.yaml").write_text(text, "utf-8")
    return folder


def current(folder: Path) -> dict[str, Procedure]:
    return {one.slug: one for one in read_all(folder)[0]}


@pytest.mark.parametrize("slug", FILES)
def test_every_organisation_that_ships_takes_data_protection_complaints(slug: str) -> None:
    """What stands beside each of the five is sound, of that organisation, and dealt with by its own contact."""
    own = procedures.load(slug)
    found = procedures.load(f"{slug}/{DATA_PROTECTION}")

    assert own.data_protection == "on"
    assert not [
        one.message
        for one in objections(found, slug=found.slug, version=found.version)
        if one.at != ("slug",)
    ]
    assert (found.organisation, found.people, found.contact) == (own.organisation, own.people, own.contact)
    assert (found.organisation_slug, own.organisation_slug) == (slug, slug)
    assert found.coordinator == found.stage("stage").review.role == own.retention.told
    assert found.escalates_to == own.escalates_to
    assert "organisation.example" not in repr(found).replace(f"{slug}.example", "")


def test_nothing_changes_for_who_does_not_switch_it_on(tmp_path: Path) -> None:
    """Without the line there is the organisation's own procedure and no other."""
    assert list(current(file_of(tmp_path, ("data_protection: on\n", "")))) == ["leadership-east"]


def test_another_role_can_deal_with_them(tmp_path: Path) -> None:
    """A second line gives them to somebody else than the data protection contact."""
    folder = file_of(tmp_path, ("data_protection: on", "data_protection: on\ndata_protection_role: director"))
    found = current(folder)["leadership-east/data-protection"]
    assert (found.coordinator, found.retention.told) == ("director", "director")
    assert found.stage("stage").review.role == "director"
    assert STAND_IN not in (role for person in found.holders("director") for role in person.roles)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("data_protection: yes", "`data_protection`: unknown value `yes`; known here: off, on"),
        ("data_protection: on\ndata_protection_role: nobody", "unknown role `nobody`"),
        ("data_protection_role: director", "`data_protection_role` belongs to `data_protection: on`"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(tmp_path: Path, change: str, message: str) -> None:
    """What is written about data protection complaints is checked like every other line."""
    folder = file_of(tmp_path, ("data_protection: on", change))
    with pytest.raises(ProcedureFileErrors) as caught:
        read_all(folder)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.line >= len(FILES["leadership-east"].read_text("utf-8").splitlines())


def test_its_address_is_no_form_s(tmp_path: Path) -> None:
    """A form of that name would never be reached."""
    folder = file_of(tmp_path, ("forms:\n  complaint:", "forms:\n  data-protection:"))
    with pytest.raises(ProcedureFileErrors, match="a form cannot be called `data-protection`"):
        read_all(folder)


def test_its_version_rises_with_either_file(tmp_path: Path) -> None:
    """A case stays on the rules and the organisation's file as both were when it was opened."""
    own = procedures.load("leadership-east")
    versions = [
        beside(replace(own, version=organisation), replace(SHARED, version=shared)).version
        for organisation, shared in ((1, 1), (1, 2), (2, 2), (2, 3), (3, 3))
    ]
    assert versions == sorted(set(versions))


def test_released_versions_of_both_files_stay_loadable(tmp_path: Path) -> None:
    """Whatever combination a case may be on is compiled, with the newest for new cases."""
    folder = file_of(tmp_path, ("version: 1", "version: 2"))
    (folder / "released" / "leadership-east").mkdir(parents=True)
    old = FILES["leadership-east"].read_text("utf-8")
    (folder / "released" / "leadership-east" / "1.yaml").write_text(old, "utf-8")
    rules = shared_file(ROOT / "procedures").read_text("utf-8")
    (folder / "shared" / "released" / DATA_PROTECTION).mkdir(parents=True)
    (folder / "shared" / f"{DATA_PROTECTION}.yaml").write_text(
        rules.replace("version: 1", "version: 2"), "utf-8"
    )
    (folder / "shared" / "released" / DATA_PROTECTION / "1.yaml").write_text(rules, "utf-8")

    now, before = read_all(folder)

    assert [(one.slug, one.version) for one in now] == [
        ("leadership-east", 2),
        ("leadership-east/data-protection", 2002),
    ]
    assert {one.version for one in before if "/" in one.slug} == {1001, 1002, 2001}
    write(folder, tmp_path)
    assert (tmp_path / "compiled" / "procedure_leadership_east__data_protection_v2002.py").is_file()


def test_mistakes_in_the_shared_rules_are_told(tmp_path: Path) -> None:
    """A broken shared file stops the compilation with its own name and line, once."""
    folder = file_of(tmp_path)
    (folder / "shared").mkdir()
    rules = shared_file(ROOT / "procedures").read_text("utf-8")
    (folder / "shared" / f"{DATA_PROTECTION}.yaml").write_text(
        rules.replace("counted_from: received", "counted_from: closed"), "utf-8"
    )
    with pytest.raises(ProcedureFileErrors) as caught:
        read_all(folder)
    assert {Path(one.file).name for one in caught.value.problems} == {f"{DATA_PROTECTION}.yaml"}


def test_its_references_are_told_apart_from_the_organisation_s() -> None:
    """The initials say whose case it is and which procedure's."""
    identities = RandomIdentities()
    assert identities.reference("leadership-east").startswith("LE-")
    assert identities.reference("leadership-east/data-protection").startswith("LEDP-")


def test_a_deployment_serves_it_with_its_organisation() -> None:
    """Who names an organisation gets both of its procedures, and nobody can be named by half a slug."""
    only = {"ORGANISATIONS": "leadership-east"}
    assert procedures.served_procedures(only) == ("leadership-east", "leadership-east/data-protection")
    assert procedures.served({}) == tuple(FILES)
    with pytest.raises(procedures.UnknownOrganisation):
        procedures.served({"ORGANISATIONS": "leadership-east/data-protection"})


# Counted by hand, on paper: the day of receipt is day 1, so the last day is 29 days later.
@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        ("2026-11-22T10:00", date(2026, 12, 21)),  # 9 days of November, 21 of December
        ("2026-06-19T00:00", date(2026, 7, 18)),  # the first day of the law: 12 and 18
        ("2026-08-31T23:59", date(2026, 9, 29)),  # 1 and 29: the last minute of a month
        ("2026-12-15T18:40", date(2027, 1, 13)),  # 17 and 13, over the year's end
        ("2027-02-01T09:00", date(2027, 3, 2)),  # 28 and 2: no leap day
        ("2028-02-01T09:00", date(2028, 3, 1)),  # 29 and 1: the leap day counts
        ("2028-01-31T09:00", date(2028, 2, 29)),  # 1 and 29: it ends on the leap day
        ("2028-02-29T09:00", date(2028, 3, 29)),  # it begins on the leap day
        ("2026-10-24T12:00", date(2026, 11, 22)),  # a day of 25 hours is one day
        ("2027-03-27T12:00", date(2027, 4, 25)),  # a day of 23 hours is one day; Easter counts
    ],
)
def test_the_period_of_30_days_begins_with_the_day_of_receipt(received: str, last_day: date) -> None:
    """Section 164A(3): the day on which the complaint is received is the first of the 30."""
    procedure = procedures.load("leadership-east/data-protection")
    rule = next(rule for rule in procedure.stage("stage").deadlines if rule.name == "acknowledge")
    assert rule.counted_from == "received"
    found = count(
        rule.within,
        datetime.fromisoformat(received).replace(tzinfo=LONDON),
        calendar=procedures.calendar_of(procedure),
    )
    assert found.due == last_day
    assert found.due_at.astimezone(LONDON) == datetime.combine(
        date.fromordinal(last_day.toordinal() + 1), datetime.min.time(), LONDON
    )
    assert found.steps == (), "weekends and public holidays count"


def test_every_rule_says_whether_it_is_the_act_s() -> None:
    """What the Act says is told from what the organisation set itself."""
    stage = SHARED.stage("stage")
    own = {rule.name: bool(rule.own_target) for rule in stage.deadlines}
    assert own == {"acknowledge": False, "progress": True, "respond": True, "reply": True}
    assert SHARED.retention.own_target
    assert "section 103" in SHARED.document
    assert stage.end is not None
    assert [SHARED.signposts[0].id] == list(stage.end.signposts) == ["information-commissioner"]


def test_the_command_line_knows_it() -> None:
    """`due` counts its dates, and `check` draws it after the organisation's own ladder."""
    told = CliRunner().invoke(
        due, ["leadership-east/data-protection", "stage/acknowledge", "2026-11-22T10:00"]
    )
    assert told.exit_code == 0, told.output
    assert "Monday 21 December 2026" in told.output
    assert "section 164A(3)" in told.output

    unknown = CliRunner().invoke(due, ["leadership-east/elsewhere", "stage/acknowledge", "2026-11-22T10:00"])
    assert unknown.exit_code != 0

    drawn = CliRunner().invoke(check, [str(FILES["leadership-east"])])
    assert drawn.exit_code == 0, drawn.output
    own, _, other = drawn.output.partition("Leadership East (leadership-east/data-protection, version 1001)")
    assert "stage-3" in own
    assert "30 days from the complaint's arrival, that day being day 1, by a person" in other
