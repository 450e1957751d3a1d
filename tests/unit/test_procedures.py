"""The five procedures that ship, and how they reach the functions as compiled Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import procedures
from adapters.procedures import UnknownOrganisation, UnknownVersion
from authoring.compile import write
from authoring.holidays import calendar_for
from authoring.procedure_file import ProcedureFileErrors, read
from domain.procedure import Procedure
from tests.unit.functions import in_a_function

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
FILES = {path.stem: path for path in sorted((ROOT / "procedures").glob("*.yaml"))}
FIVE = {slug: read(path) for slug, path in FILES.items()}

COMMON = {"name", "email", "account", "outcome_sought"}


def limits(procedure: Procedure, name: str) -> str:
    """A deadline in one line: its limits, what it counts from, and whether the policy states it."""
    stage_id, deadline = name.split("/")
    rule = next(rule for rule in procedure.stage(stage_id).deadlines if rule.name == deadline)
    within = " and ".join(f"{limit.count} {limit.unit}" for limit in rule.within)
    return f"{within} from {rule.counted_from}{'' if rule.source else ' *'}"


def test_the_five_have_no_mistake_and_every_template() -> None:
    """Each file that ships is read without a problem, with a mail template for every notice."""
    assert len(FILES) == 5
    for path in FILES.values():
        read(path, templates_dir=ROOT / "templates")


@pytest.mark.parametrize(
    ("slug", "ladder"),
    [
        ("alliance-for-learning", ["informal", "formal"]),
        ("leadership-east", ["stage-1", "stage-2", "stage-3"]),
        ("ashton-on-mersey-scitt", ["informal", "management-team", "director", "strategic-board"]),
        ("creative-alliance", ["informal", "stage-1", "stage-2", "stage-3"]),
        (
            "dynamic-training",
            ["informal", "departmental-manager", "head-of-apprenticeships", "appeals-panel"],
        ),
    ],
)
def test_each_ladder_is_the_policy_s(slug: str, ladder: list[str]) -> None:
    """From the first stage, `next` leads through the policy's stages in their order, to the end."""
    procedure = FIVE[slug]
    stage = procedure.stages[0]
    walked = [stage.id]
    while stage.next:
        stage = procedure.stage(stage.next)
        walked.append(stage.id)

    assert walked == ladder
    assert stage.end is not None


@pytest.mark.parametrize(
    ("slug", "name", "expected"),
    [
        ("alliance-for-learning", "formal/submit", "10 working-days from incident"),
        ("alliance-for-learning", "formal/acknowledge", "0 days from requested"),
        ("alliance-for-learning", "formal/respond", "30 working-days from requested"),
        ("leadership-east", "stage-1/acknowledge", "3 working-days from received"),
        ("leadership-east", "stage-1/respond", "10 working-days from acknowledged"),
        ("leadership-east", "stage-1/reply", "10 working-days from responded"),
        ("leadership-east", "stage-2/reply", "10 working-days from responded"),
        ("leadership-east", "stage-2/respond", "20 working-days from requested *"),
        ("leadership-east", "stage-3/reply", "10 working-days from responded"),
        (
            "ashton-on-mersey-scitt",
            "informal/first-response",
            "3 working-days and 3 school-days from received",
        ),
        ("ashton-on-mersey-scitt", "director/respond", "15 working-days from requested *"),
        ("creative-alliance", "stage-1/submit", "1 months from incident"),
        ("creative-alliance", "stage-1/acknowledge", "2 weeks from requested"),
        ("creative-alliance", "stage-1/respond", "4 weeks from requested"),
        ("creative-alliance", "stage-2/acknowledge", "2 weeks from requested"),
        ("creative-alliance", "stage-2/respond", "4 weeks from requested"),
        ("creative-alliance", "stage-3/acknowledge", "4 weeks from requested"),
        ("creative-alliance", "stage-3/respond", "8 weeks from requested"),
        ("dynamic-training", "departmental-manager/submit", "8 weeks from incident"),
        ("dynamic-training", "departmental-manager/respond", "48 working-hours from requested"),
        ("dynamic-training", "appeals-panel/respond", "20 working-days from requested *"),
    ],
)
def test_each_limit_is_the_policy_s_or_says_that_it_is_not(slug: str, name: str, expected: str) -> None:
    """A limit that the policy states has its source; a star stands for the organisation's own."""
    assert limits(FIVE[slug], name) == expected


@pytest.mark.parametrize("slug", FIVE)
def test_each_stage_runs_from_acknowledgement_to_reply(slug: str) -> None:
    """Every stage has a limit for its acknowledgement, its response and the complainant's reply."""
    for stage in FIVE[slug].stages:
        assert {"acknowledge", "respond", "reply"} <= {rule.name for rule in stage.deadlines}


@pytest.mark.parametrize("slug", FIVE)
def test_each_case_is_kept_five_years_from_its_closure(slug: str) -> None:
    """Retention is five years everywhere, with a notice of fourteen days."""
    retention = FIVE[slug].retention

    assert (retention.keep.count, retention.keep.unit) == (5, "years")
    assert (retention.notice.count, retention.notice.unit) == (14, "days")


@pytest.mark.parametrize(
    ("slug", "beyond"),
    [
        ("alliance-for-learning", {"incident_date", "telephone", "availability", "actions_taken", "aspects"}),
        ("leadership-east", {"telephone", "address", "declaration"}),
        ("ashton-on-mersey-scitt", {"kind"}),
        ("creative-alliance", {"incident_date", "relationship"}),
        ("dynamic-training", {"incident_date", "subject"}),
    ],
)
def test_a_complaint_form_insists_on_what_the_policy_demands_only(slug: str, beyond: set[str]) -> None:
    """What has to be filled in is what every complaint needs, and beyond that what the policy asks for."""
    form = FIVE[slug].form("complaint")

    assert form is not None
    assert {question.id for question in form.fields if question.required} == COMMON | beyond


@pytest.mark.parametrize("slug", FIVE)
def test_each_privacy_notice_names_who_to_turn_to(slug: str) -> None:
    """Every form's privacy notice gives the data protection officer and the Information Commissioner's Office."""
    for form in FIVE[slug].forms:
        notice = " ".join(form.privacy)
        assert "data protection officer" in notice
        assert "Information Commissioner's Office" in notice
        assert "five years" in notice


@pytest.mark.parametrize("slug", FIVE)
def test_nobody_s_address_is_real(slug: str) -> None:
    """All mail of the files that ship goes to domains that are reserved for examples."""
    procedure = FIVE[slug]

    for email in (procedure.contact.email, *(person.email for person in procedure.people)):
        assert email.endswith(f"@{slug}.example")


def test_the_department_for_education_is_for_npq_courses() -> None:
    """Leadership East names the Department for every NPQ that its form offers, and for nothing else."""
    procedure = FIVE["leadership-east"]
    form = procedure.form("complaint")
    assert form is not None
    course = next(question for question in form.fields if question.id == "course")

    npq = {choice.id for choice in course.choices if "NPQ for" in choice.label}

    assert set(procedure.signposts[0].only_for) == npq


def test_who_agrees_to_an_outcome() -> None:
    """Two senior managers agree with each other, two panel members with their head, one executive with a director."""
    agreed = {
        (slug, stage.id): (stage.review.count, stage.approval.by, stage.approval.role, stage.approval.count)
        for slug, procedure in FIVE.items()
        for stage in procedure.stages
        if stage.approval is not None
    }

    assert agreed == {
        ("alliance-for-learning", "formal"): (1, "role", "executive-team", 1),
        ("ashton-on-mersey-scitt", "strategic-board"): (2, "fellow-reviewers", "", 1),
        ("creative-alliance", "stage-2"): (2, "fellow-reviewers", "", 1),
        ("dynamic-training", "appeals-panel"): (1, "role", "panel-member", 2),
    }


@pytest.mark.parametrize("slug", FIVE)
def test_a_function_loads_what_the_file_says(slug: str) -> None:
    """The compiled procedure and calendar equal those that are made from the file."""
    procedure = FIVE[slug]
    year = procedure.school_year

    assert procedures.load(slug) == procedure
    assert procedures.load(slug, procedure.version) == procedure
    assert procedures.calendar_of(procedure) == calendar_for(
        procedure.region, terms=year.terms, closures=year.closures
    )


def test_what_was_not_compiled_is_refused_by_name() -> None:
    """An unknown organisation or version is a named error, whatever characters its name has."""
    for slug in ("nobody", "", "../leadership-east", "leadership_east"):
        with pytest.raises(UnknownOrganisation):
            procedures.load(slug)
    with pytest.raises(UnknownVersion, match="has no version 99"):
        procedures.load("leadership-east", 99)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, tuple(FIVE)),
        ({"ORGANISATIONS": " "}, tuple(FIVE)),
        ({"ORGANISATIONS": "leadership-east"}, ("leadership-east",)),
        (
            {"ORGANISATIONS": "leadership-east, creative-alliance,leadership-east,"},
            ("leadership-east", "creative-alliance"),
        ),
    ],
)
def test_a_deployment_serves_whom_it_names(environ: dict[str, str], expected: tuple[str, ...]) -> None:
    """ORGANISATIONS chooses who is served; without it everybody is."""
    assert procedures.served(environ) == expected


def test_a_deployment_cannot_name_a_stranger() -> None:
    """An organisation that was not compiled is refused when it is named, not when it is visited."""
    with pytest.raises(UnknownOrganisation):
        procedures.served({"ORGANISATIONS": "leadership-east,nobody"})


def test_compiling_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """The package depends on the files only, and nothing of an older one stays in it."""
    for name in ("one", "two"):
        (tmp_path / name / "compiled").mkdir(parents=True)
        (tmp_path / name / "compiled" / "procedure_gone_v1.py").touch()
        write(ROOT / "procedures", tmp_path / name)

    packages = [
        {path.name: path.read_bytes() for path in (tmp_path / name / "compiled").iterdir()}
        for name in ("one", "two")
    ]

    assert packages[0] == packages[1]
    assert sorted(name for name in packages[0] if not name.startswith("drawing_")) == [
        "__init__.py",
        "calendar_england_and_wales.py",
        "procedure_alliance_for_learning__data_protection_v1001.py",
        "procedure_alliance_for_learning_v1.py",
        "procedure_ashton_on_mersey_scitt__data_protection_v1001.py",
        "procedure_ashton_on_mersey_scitt_v1.py",
        "procedure_creative_alliance__data_protection_v1001.py",
        "procedure_creative_alliance_v1.py",
        "procedure_dynamic_training__data_protection_v1001.py",
        "procedure_dynamic_training_v1.py",
        "procedure_leadership_east__data_protection_v1001.py",
        "procedure_leadership_east_v1.py",
    ]


def test_a_function_imports_one_procedure_and_no_library(tmp_path: Path) -> None:
    """Loading a procedure and its calendar brings in neither YAML, pydantic nor holidays, nor another procedure."""
    write(ROOT / "procedures", tmp_path)

    loaded = in_a_function(
        tmp_path,
        "procedures.calendar_of(procedures.load('leadership-east'))\n"
        "heavy = {'yaml', 'pydantic', 'holidays', 'authoring', 'boto3'}\n"
        "answer = sorted(n for n in sys.modules if n in heavy or n.startswith('compiled'))",
    )

    assert loaded == [
        "compiled",
        "compiled.calendar_england_and_wales",
        "compiled.procedure_leadership_east_v1",
    ]


def released(folder: Path, *, current: int, old: int, title: str = "As it was") -> Path:
    """A folder with a procedure in two versions, of which the old one has another title."""
    text = FILES["leadership-east"].read_text("utf-8")
    (folder / "released" / "leadership-east").mkdir(parents=True)
    (folder / "leadership-east.yaml").write_text(text.replace("version: 1", f"version: {current}"), "utf-8")
    (folder / "released" / "leadership-east" / f"{old}.yaml").write_text(
        text.replace("version: 1", f"version: {old}").replace(
            "title: Complaints about our programmes", f"title: {title}"
        ),
        "utf-8",
    )
    return folder


def test_a_case_keeps_the_version_under_which_it_was_opened(tmp_path: Path) -> None:
    """A released version stays loadable beside the current one, which new cases get."""
    write(released(tmp_path / "procedures", current=2, old=1), tmp_path)

    titles = in_a_function(
        tmp_path,
        "answer = [procedures.load('leadership-east', version).title for version in (None, 1, 2)]",
    )

    assert titles == ["Complaints about our programmes", "As it was", "Complaints about our programmes"]


def test_a_released_version_cannot_be_changed(tmp_path: Path) -> None:
    """A current file that differs from its own released version is refused, and nothing is written."""
    folder = released(tmp_path / "procedures", current=3, old=3)

    with pytest.raises(ProcedureFileErrors, match="version 3 is released, and the current file differs"):
        write(folder, tmp_path)

    assert not (tmp_path / "compiled").exists()


def test_a_release_is_never_ahead_of_the_current_file(tmp_path: Path) -> None:
    """A released version above the current file's is refused."""
    folder = released(tmp_path / "procedures", current=1, old=2)

    with pytest.raises(
        ProcedureFileErrors, match="version 2 is released, but the current file has version 1"
    ):
        write(folder, tmp_path)


def test_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    """Compiling reports what is wrong with every file, and a folder without any."""
    for slug in ("leadership-east", "dynamic-training"):
        text = FILES[slug].read_text("utf-8").replace("version: 1", "version: 0")
        (tmp_path / f"{slug}.yaml").write_text(text, "utf-8")

    with pytest.raises(ProcedureFileErrors) as caught:
        write(tmp_path, tmp_path)
    with pytest.raises(ProcedureFileErrors, match="there is no procedure file"):
        write(tmp_path / "nowhere", tmp_path)

    assert [Path(problem.file).stem for problem in caught.value.problems] == [
        "dynamic-training",
        "leadership-east",
    ]
