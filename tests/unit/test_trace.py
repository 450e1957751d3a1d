"""`dueprocess trace`: every clause that is not planned has a rule and a test, and what is wrong is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from authoring.clauses import NoSuchRule, read_register, rule_at
from authoring.procedure_file import ProcedureFileErrors, read
from authoring.trace import Proof, proofs_in
from cli.main import app

ROOT = Path(__file__).parents[2]
PROCEDURES = ROOT / "procedures"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["trace", *arguments])


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A folder with one procedure and a small register."""
    name = "leadership-east.yaml"
    (tmp_path / "clauses").mkdir()
    (tmp_path / name).write_bytes((PROCEDURES / name).read_bytes())
    path = tmp_path / "clauses" / name
    path.write_text(
        "procedure: leadership-east\n"
        "covers: Training\n"
        "clauses:\n"
        "  LE-01:\n"
        '    where: "1"\n'
        "    rule: The policy says so.\n"
        "    kept_by: [retention]\n",
        encoding="utf-8",
    )
    return path


def wrong(register: Path, old: str, new: str) -> str:
    """What is said about the register after a change."""
    register.write_text(register.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ProcedureFileErrors) as errors:
        read_register(register, read(register.parents[1] / register.name))
    return str(errors.value)


def folder_with(folder: Path, text: str) -> Path:
    """A folder of tests with one module."""
    tests = folder / "tests"
    tests.mkdir()
    (tests / "test_it.py").write_text(text, encoding="utf-8")
    return tests


def test_every_clause_that_is_not_planned_is_kept_and_proven() -> None:
    """The project's own registers trace without a gap."""
    result = run("--json")
    found = json.loads(result.stdout)
    gaps = {
        clause["id"]: clause["lacks"]
        for organisation in found["organisations"]
        for clause in organisation["clauses"]
        if clause["lacks"]
    }
    assert gaps == {}
    assert found["problems"] == []
    assert result.exit_code == 0


def test_registers_have_all_clauses_and_those_of_the_law() -> None:
    """No clause of the five policies is left out, and each is numbered without a gap; the law's stand beside them."""
    found = json.loads(run("--json").stdout)
    by_slug = {one["slug"]: [clause["id"] for clause in one["clauses"]] for one in found["organisations"]}
    numbers = {
        "alliance-for-learning": ("AFL", 17),
        "ashton-on-mersey-scitt": ("AOM", 25),
        "creative-alliance": ("CA", 19),
        "data-protection": ("DPA", 12),
        "dynamic-training": ("DT", 17),
        "leadership-east": ("LE", 17),
    }
    for slug, (prefix, count) in numbers.items():
        assert by_slug[slug] == [f"{prefix}-{number:02}" for number in range(1, count + 1)]


def test_what_a_clause_is_kept_by_is_told_in_words() -> None:
    """A path comes with what the procedure says there, and where the policy says it."""
    (organisation,) = json.loads(run("leadership-east", "--json").stdout)["organisations"]
    clause = next(one for one in organisation["clauses"] if one["id"] == "LE-07")
    assert clause["kept_by"][0] == {
        "path": "stages.stage-1.deadlines.respond",
        "source": "Stage 1",
        "own_target": "",
        "words": "respond: 10 working days from the acknowledgement",
    }
    text = " ".join(run("leadership-east").stdout.split())
    assert (
        "kept by stages.stage-1.deadlines.respond: respond: 10 working days from the acknowledgement" in text
    )
    assert "proven by tests/clauses/test_leadership_east.py::test_" in text


def test_every_path_of_the_registers_leads_to_words() -> None:
    """What is kept by a part of the procedure never shows as an empty sentence or as Python."""
    for organisation in json.loads(run("--json").stdout)["organisations"]:
        for clause in organisation["clauses"]:
            for rule in clause["kept_by"]:
                assert rule["words"]
                assert "(" not in rule["words"].split(" ")[0], rule
                assert "id=" not in rule["words"], rule


def test_a_clause_without_a_test_fails(register: Path, tmp_path: Path) -> None:
    """The exit code says so, and so does the line."""
    tests = folder_with(tmp_path, "")
    result = run("--procedures", str(register.parents[1]), "--tests", str(tests))
    assert result.exit_code == 1
    assert "LACKS      a test" in result.stdout


def test_a_planned_clause_needs_no_test(register: Path, tmp_path: Path) -> None:
    """What is to come is shown as such, and counted apart."""
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace("kept_by: [retention]", "planned: To come."), encoding="utf-8")
    result = run("--procedures", str(register.parents[1]), "--tests", str(folder_with(tmp_path, "")))
    assert result.exit_code == 0
    assert "1 clauses: 0 kept and proven, 1 planned, 0 lacking" in result.stdout


def test_a_mark_for_a_clause_that_does_not_exist_fails(register: Path, tmp_path: Path) -> None:
    """It is told with file and line."""
    text = 'import pytest\n@pytest.mark.clause("LE-01", "LE-99")\ndef test_it(): ...\n'
    result = run("--procedures", str(register.parents[1]), "--tests", str(folder_with(tmp_path, text)))
    assert result.exit_code == 1
    assert "tests/test_it.py:2: there is no clause `LE-99`" in result.stderr


def test_an_organisation_without_a_register_is_told_so() -> None:
    """The known ones are named."""
    result = run("nobody")
    assert result.exit_code == 2
    assert "leadership-east" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[retention]",
            "[stages.stage-1.deadlines.acknowlege]",
            "there is no `acknowlege` in `stages.stage-1.deadlines`",
        ),
        ("[retention]", "[school_year.terms]", "the procedure says nothing there"),
        ("kept_by: [retention]", "engine: [case-flie]", "did you mean `case-file`?"),
        ("    kept_by: [retention]\n", "", "nothing keeps LE-01"),
        ("[retention]", "[retention, retention]", "`retention` is listed here twice"),
        ("LE-01", "LE1", "`LE1` is not the id of a clause"),
        ("kept_by", "kept", "unknown key `kept`"),
        ("procedure: leadership-east", "procedure: other", "`procedure` has to be `leadership-east`"),
        ("    rule: The policy says so.\n", "", "the key `rule` is missing"),
    ],
)
def test_a_mistake_in_a_register_is_told_with_its_line(
    register: Path, old: str, new: str, message: str
) -> None:
    """The register is read as strictly as a procedure."""
    said = wrong(register, old, new)
    assert message in said
    assert said.startswith(f"{register}:")


def test_a_path_goes_through_ids() -> None:
    """An id stands for its entry; a number, or a part of a text, leads nowhere."""
    procedure = read(PROCEDURES / "leadership-east.yaml")
    assert rule_at(procedure, "roles.director").words == "Director"
    for path in ("stages.0", "title.upper", "stages.stage-1.title.x", ""):
        with pytest.raises(NoSuchRule):
            rule_at(procedure, path)


def test_marks_are_found_where_tests_carry_them(tmp_path: Path) -> None:
    """On a function, a class, a module, or one parameter; nothing is imported."""
    text = """
import nothing_of_that_name
pytestmark = pytest.mark.clause("M-01")

@pytest.mark.clause("F-01", "F-02")
def test_function(): ...

@pytest.mark.clause("C-01")
class TestClass:
    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.clause("P-01"))])
    async def test_method(self): ...
"""
    proofs, problems = proofs_in(folder_with(tmp_path, text))
    assert problems == ()
    function, method = "tests/test_it.py::test_function", "tests/test_it.py::TestClass::test_method"
    assert [(proof.clause, proof.test) for proof in proofs] == [
        *((clause, function) for clause in ("M-01", "F-01", "F-02")),
        *((clause, method) for clause in ("M-01", "C-01", "P-01")),
    ]
    assert isinstance(proofs[0], Proof)


@pytest.mark.parametrize(
    ("decorated", "message"),
    [
        ("@pytest.mark.clause()\ndef test_it(): ...", "at least one"),
        ("@pytest.mark.clause(NAME)\ndef test_it(): ...", "its id as plain text"),
        ('@pytest.mark.clause("A-01")\ndef helper(): ...', "`helper` is not a test"),
        ('@pytest.mark.skip\n@pytest.mark.clause("A-01")\ndef test_it(): ...', "does not prove a clause"),
        ('@pytest.mark.clause("A-01")\n@pytest.mark.xfail()\ndef test_it(): ...', "does not prove a clause"),
    ],
)
def test_a_mark_that_proves_nothing_is_told(decorated: str, message: str, tmp_path: Path) -> None:
    """What cannot be read, or does not run, is no proof."""
    proofs, (problem,) = proofs_in(folder_with(tmp_path, decorated))
    assert proofs == ()
    assert message in problem.message
