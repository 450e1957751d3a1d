"""What `make` does about environments whose files somebody edited in place, and how it runs the parts of the tests.

The Makefile is the real one, in a folder of its own where uv is a few lines of shell: it installs one file, from a
cache that can be damaged, or past it. pytest and the checks are a line of shell, too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from authoring.bundle import REPOSITORY, copy_installed
from authoring.installed import damaged, main

pytestmark = pytest.mark.integration

WHOLE = '{"regions": ["eu-west-1", "eu-west-2"]}'
TRIMMED = '{"regions": []}'

LOCKS = [f"requirements/{name}.txt" for name in ("uv", "dev", "emulator", "sam", "checkov")]

UV = """#!/bin/sh
echo "$*" >> calls
case "$*" in *--no-cache*) source=index ;; *) source=cache ;; esac
installed=.venv-sam/lib/python3.11/site-packages
mkdir -p "$installed/botocore-1.2.dist-info" "$installed/botocore/data"
cp record "$installed/botocore-1.2.dist-info/RECORD"
ln -f "$source" "$installed/botocore/data/endpoints.json"
"""
"""Like uv, it links what it installs to its cache."""

PYTEST = """#!/bin/sh
echo "pytest $*"
case "$*" in *' tests/simulation') exit 1 ;; esac
"""
"""Only the tests in `tests/simulation` fail."""

CHECKOV = """#!/bin/sh
echo "checkov $*"
! test -e finding
"""
"""Where there is a file of that name, checkov finds something."""


@dataclass(frozen=True)
class Checkout:
    """A folder with the Makefile and an environment of the name `.venv-sam`."""

    folder: Path

    @property
    def environment(self) -> Path:
        return self.folder / ".venv-sam"

    @property
    def endpoints(self) -> Path:
        return self.environment / "lib/python3.11/site-packages/botocore/data/endpoints.json"

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `make`; without arguments it makes the environment, as it does before it uses one."""
        # What the `make` that runs the tests tells those that it calls is not meant for this one.
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
        }
        command = ["make", *(arguments or [".venv-sam/.installed"])]
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, timeout=60, check=False
        )

    def installations(self) -> list[str]:
        """How uv was called since the last time that this was asked."""
        calls = self.folder / "calls"
        lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout whose environment was made and is intact."""
    for file in ("Makefile", "src/authoring/installed.py", *LOCKS):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / file, tmp_path / file)
    for name in ("cache", "index"):
        (tmp_path / name).write_text(WHOLE, encoding="utf-8")
    record = f"botocore/data/endpoints.json,sha256=x,{len(WHOLE)}\nbotocore-1.2.dist-info/RECORD,,\n"
    (tmp_path / "record").write_text(record, encoding="utf-8")
    for environment in (".venv", ".venv-sam", ".venv-checkov", ".venv-emulator"):
        (tmp_path / environment / "bin").mkdir(parents=True)
        (tmp_path / environment / "bin/python").symlink_to(sys.executable)
    tools = dict.fromkeys(("mypy", "ruff", "lint-imports"), "#!/bin/sh\n")
    for name, program in {"uv": UV, "pytest": PYTEST, **tools}.items():
        (tmp_path / ".venv/bin" / name).write_text(program, encoding="utf-8")
        (tmp_path / ".venv/bin" / name).chmod(0o755)
    checkov = tmp_path / ".venv-checkov/bin/checkov"
    checkov.write_text(CHECKOV, encoding="utf-8")
    checkov.chmod(0o755)
    for stamp in (".venv/.uv", ".venv/.installed", ".venv-checkov/.installed", ".venv-emulator/.installed"):
        (tmp_path / stamp).touch()
    made = Checkout(tmp_path)
    assert made.make().returncode == 0
    assert len(made.installations()) == 1
    return made


def test_an_intact_environment_is_used_as_it_is(checkout: Checkout) -> None:
    """Nothing is installed and nothing is said."""
    said = checkout.make()
    assert (0, "", "") == (said.returncode, said.stdout, said.stderr)
    assert checkout.installations() == []


def test_a_damaged_environment_is_made_anew_without_the_cache(checkout: Checkout) -> None:
    """What was edited in place was edited in the cache too: `make` goes past it, and says how to mend it."""
    checkout.endpoints.write_text(TRIMMED, encoding="utf-8")
    assert TRIMMED == (checkout.folder / "cache").read_text(encoding="utf-8")
    said = checkout.make()
    assert said.returncode == 0
    assert ".venv-sam is damaged" in said.stderr
    assert "botocore/data/endpoints.json" in said.stderr
    assert "uv cache clean botocore" in said.stderr
    (call,) = checkout.installations()
    assert "--no-cache --reinstall" in call
    assert WHOLE == checkout.endpoints.read_text(encoding="utf-8")


def test_an_environment_from_a_damaged_cache_is_made_anew(checkout: Checkout) -> None:
    """Where the cache was damaged before, by another checkout, the new environment has the fault from the start; it is
    noticed before the environment is used."""
    shutil.rmtree(checkout.environment / "lib")
    (checkout.environment / ".installed").unlink()
    (checkout.folder / "cache").write_text(TRIMMED, encoding="utf-8")
    said = checkout.make()
    assert said.returncode == 0
    assert "uv cache clean botocore" in said.stderr
    first, second = checkout.installations()
    assert "--no-cache" not in first
    assert "--no-cache --reinstall" in second
    assert WHOLE == checkout.endpoints.read_text(encoding="utf-8")
    assert (checkout.environment / ".installed").exists()


def test_an_environment_that_stays_damaged_is_not_used(checkout: Checkout) -> None:
    """Where no installation helps, `make` ends there, each time."""
    (checkout.folder / "index").write_text(TRIMMED, encoding="utf-8")
    checkout.endpoints.unlink()
    for _ in range(2):
        said = checkout.make()
        assert said.returncode == 2
        assert ".venv-sam is damaged" in said.stderr


def test_a_missing_file_is_damage(checkout: Checkout) -> None:
    """Each distribution is named with its files; what has no length in the record is nobody's."""
    assert damaged(checkout.environment) == {}
    assert main(str(checkout.environment)) is None
    checkout.endpoints.unlink()
    assert damaged(checkout.environment) == {"botocore": ["botocore/data/endpoints.json"]}


def test_trimmed_endpoints_of_this_environment_would_be_noticed(tmp_path: Path) -> None:
    """A copy of the botocore that is installed here, edited as `make build` once did, is found to be damaged."""
    folder = tmp_path / "lib/python3.11/site-packages"
    copy_installed(folder, ["botocore"])
    assert damaged(tmp_path) == {}
    endpoints = folder / "botocore/data/endpoints.json"
    endpoints.write_text(endpoints.read_text(encoding="utf-8").replace("eu-west-2", ""), encoding="utf-8")
    assert damaged(tmp_path) == {"botocore": ["botocore/data/endpoints.json"]}


def test_all_parts_pass_and_each_says_how_long_it_took(checkout: Checkout) -> None:
    """Every part is run, and the last lines have the seconds of each and of all."""
    said = checkout.make("test", "PARTS=test-rules test-clock")
    assert said.returncode == 0, said.stderr
    assert 2 == said.stdout.count("\npytest -q")
    last = [line.split() for line in said.stdout.splitlines()[-3:]]
    assert ["test-rules", "test-clock", "total"] == [line[0] for line in last]
    assert all(line[1].isdigit() and line[2:] == ["s"] for line in last)


def test_the_first_part_that_fails_is_the_last(checkout: Checkout) -> None:
    """What failed is named with the command that runs it alone, and that command fails, too."""
    said = checkout.make("test", "PARTS=test-rules test-lives test-clock")
    assert said.returncode == 2
    assert "test-lives failed. To run it alone: make test-lives" in said.stderr
    assert " tests/simulation" in said.stdout
    assert "test_clock.py" not in said.stdout
    assert checkout.make("test-lives").returncode == 2
    assert checkout.make("test-clock").returncode == 0


def test_some_of_the_tests(checkout: Checkout) -> None:
    """`PYTEST_ARGS` takes the place of the parts."""
    said = checkout.make("test", "PYTEST_ARGS=tests/unit -k calendar")
    assert said.returncode == 0, said.stderr
    assert "pytest tests/unit -k calendar" == said.stdout.splitlines()[-1]
    assert 1 == said.stdout.count("pytest")


def test_what_checkov_finds_ends_make_test(checkout: Checkout) -> None:
    """It is asked with the one file of exceptions as a part of `check`, and no test is run after it found something."""
    assert "checkov --config-file .checkov.yaml" in checkout.make("test", "PARTS=check").stdout
    (checkout.folder / "finding").touch()
    said = checkout.make("test", "PARTS=check test-rules")
    assert said.returncode == 2
    assert "check failed. To run it alone: make check" in said.stderr
    assert "pytest" not in said.stdout
