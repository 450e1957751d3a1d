"""What is there for those who take this over: workflows, hooks and a container, against what they run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

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


@pytest.mark.parametrize("name", ["SECURITY.md", "CHANGELOG.md"])
def test_what_people_look_for_is_there(name: str) -> None:
    """Each begins with its heading, and its links lead somewhere."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.startswith("# ")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / link).exists(), link
