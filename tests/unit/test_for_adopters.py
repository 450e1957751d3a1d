"""What is there for those who take this over: workflows, hooks and a container, against what they run."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

from authoring.bundle import locked
from authoring.sbom import bill_of_materials

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"


def workflow(name: str) -> Any:
    text = (WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # texts only, so that `on` is no truth value


def runs(found: Any) -> list[str]:
    return [step["run"] for job in found["jobs"].values() for step in job["steps"] if "run" in step]


def lambda_runs() -> str:
    """The version of Python that functions run, as `3.13`."""
    found = re.search(r"Runtime: python(\d+\.\d+)", (ROOT / "template.yaml").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def test_github_runs_what_ci_runs() -> None:
    """There is one list of checks, and it is not in a workflow."""
    assert runs(workflow("check")) == [".ci/run"]


def test_deploying_needs_no_stored_key() -> None:
    """GitHub's identity is what AWS lends rights for, to the one job that deploys."""
    found = workflow("deploy")
    assert "secrets." not in (WORKFLOWS / "deploy.yml").read_text(encoding="utf-8")
    assert found["permissions"] == {"contents": "read"}
    assert found["jobs"]["deploy"]["permissions"] == {"contents": "read", "id-token": "write"}
    assert found["jobs"]["deploy"]["environment"] == "${{ inputs.environment }}"
    assert found["on"] == {"workflow_dispatch": found["on"]["workflow_dispatch"]}


def test_what_somebody_types_is_no_part_of_a_command() -> None:
    """A command takes it from its environment, where the shell does not read it as one."""
    for name in ("check", "deploy"):
        assert [line for line in runs(workflow(name)) if "${{" in line] == []


def test_everything_runs_the_python_of_the_functions() -> None:
    """Only the same version makes bytecode that Lambda takes."""
    wanted = lambda_runs()
    for name in ("check", "deploy"):
        steps = [step for job in workflow(name)["jobs"].values() for step in job["steps"]]
        assert [
            step["with"]["python-version"] for step in steps if "setup-python" in step.get("uses", "")
        ] == [wanted]
    dockerfile = (ROOT / ".devcontainer" / "Dockerfile").read_text(encoding="utf-8")
    assert f"FROM python:{wanted}\n" in dockerfile
    assert json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))[
        "build"
    ] == {"dockerfile": "Dockerfile"}


def test_hooks_are_our_own_tools() -> None:
    """Nothing is fetched before a commit: the hooks run what the locks hold."""
    found = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in found["repos"]] == ["local"]
    entries = [hook["entry"].split()[0] for repo in found["repos"] for hook in repo["hooks"]]
    assert set(entries) == {".venv/bin/ruff", ".venv/bin/dueprocess"}


@pytest.mark.parametrize("name", ["SECURITY.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md"])
def test_what_people_look_for_is_there(name: str) -> None:
    """Each begins with its heading, and its links lead somewhere."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.startswith("# ")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / link).exists(), link


def test_the_project_is_described_for_public_bodies() -> None:
    """`publiccode.yml` says of version, licence and purpose what `pyproject.toml` says, and has what its format asks
    for."""
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = (
        "publiccodeYmlVersion name url platforms developmentStatus softwareType description legal maintenance"
    )
    assert {*asked.split(), "localisation"} <= found.keys()
    assert found["softwareVersion"] == project["version"]
    assert found["legal"]["license"] == project["license"]
    told = found["description"]["en"]
    assert told["shortDescription"] == project["description"]
    assert len(told["shortDescription"]) <= 150 <= len(told["longDescription"]) <= 10000
    assert found["maintenance"]["type"] == "community"
    assert found["maintenance"]["contacts"]


def test_a_bundle_says_what_it_holds_of_others(tmp_path: Path) -> None:
    """Each package of the lock is in the bill, with its version and licence, and the same bundle has the same bill."""
    names = locked(ROOT / "requirements/runtime.txt")
    for name in names:
        found = metadata.distribution(name)
        info = tmp_path / f"{name}-{found.version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(found.read_text("METADATA") or "", encoding="utf-8")
    text = bill_of_materials(tmp_path, ROOT / "pyproject.toml")
    assert text == bill_of_materials(tmp_path, ROOT / "pyproject.toml")
    bill = json.loads(text)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {one["name"] for one in bill["components"]} == {*names}
    for one in bill["components"]:
        assert one["purl"] == f"pkg:pypi/{one['name']}@{metadata.version(one['name'])}"
        assert one["licenses"]
    assert bill["metadata"]["component"]["licenses"] == [{"license": {"id": "Apache-2.0"}}]


def test_a_licence_that_is_not_known_is_an_error(tmp_path: Path) -> None:
    """A bill with a gap in it would be no bill."""
    (tmp_path / "odd-1.dist-info").mkdir()
    (tmp_path / "odd-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n")
    with pytest.raises(ValueError, match="odd"):
        bill_of_materials(tmp_path, ROOT / "pyproject.toml")


def test_the_schema_has_a_name() -> None:
    """A procedure in a repository of its own refers to it by that."""
    schema = json.loads((ROOT / "schemas" / "procedure.schema.json").read_text(encoding="utf-8"))
    assert schema["$id"].endswith("/schemas/procedure.schema.json")


def test_sam_local_is_explained_with_what_is_there() -> None:
    """The functions and events that CONTRIBUTING names for `sam local` exist."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"sam local invoke (\w+) .*?--event (events/[\w-]+\.json)", text)
    assert named
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    for function, event in named:
        assert f"\n  {function}:\n    Type: AWS::Serverless::Function" in template
        assert (ROOT / event).is_file()


def test_upgrading_is_explained() -> None:
    """The list of changes says what to do before a version is deployed, and deploy.md how a version is taken."""
    assert "### Before you deploy" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Taking a newer version" in (ROOT / "docs/deploy.md").read_text(encoding="utf-8")


def test_every_exception_from_checkov_says_why() -> None:
    """What is not done stands in one file, each with its reason above it, and once."""
    rows = (ROOT / ".checkov.yaml").read_text(encoding="utf-8").partition("skip-check:\n")[2].splitlines()
    skipped = [row for row in rows if row.startswith("  - ")]
    assert skipped
    assert len(skipped) == len(set(skipped))
    for number, row in enumerate(rows):
        assert row.startswith(("  - CKV", "  # "))
        if row in skipped:
            assert rows[number - 1].startswith("  # ")
