"""Environments whose files somebody edited in place, and what `make` does about them.

The Makefile is the real one, in a folder of its own where uv is a few lines of shell: it installs one file, from a
cache that can be damaged, or past it.
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

UV = """#!/bin/sh
echo "$*" >> calls
case "$*" in *--no-cache*) source=index ;; *) source=cache ;; esac
installed=.venv-sam/lib/python3.11/site-packages
mkdir -p "$installed/botocore-1.2.dist-info" "$installed/botocore/data"
cp record "$installed/botocore-1.2.dist-info/RECORD"
ln -f "$source" "$installed/botocore/data/endpoints.json"
"""
"""Like uv, it links what it installs to its cache."""


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

    def make(self) -> subprocess.CompletedProcess[str]:
        """Have the environment made, as `make` does before it uses one."""
        # What the `make` that runs the tests tells those that it calls is not meant for this one.
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
        }
        command = ["make", ".venv-sam/.installed"]
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
    for file in ("Makefile", "requirements/sam.txt", "requirements/uv.txt", "src/authoring/installed.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / file, tmp_path / file)
    for name in ("cache", "index"):
        (tmp_path / name).write_text(WHOLE, encoding="utf-8")
    record = f"botocore/data/endpoints.json,sha256=x,{len(WHOLE)}\nbotocore-1.2.dist-info/RECORD,,\n"
    (tmp_path / "record").write_text(record, encoding="utf-8")
    for environment in (".venv", ".venv-sam"):
        (tmp_path / environment / "bin").mkdir(parents=True)
        (tmp_path / environment / "bin/python").symlink_to(sys.executable)
    uv = tmp_path / ".venv/bin/uv"
    uv.write_text(UV, encoding="utf-8")
    uv.chmod(0o755)
    (tmp_path / ".venv/.uv").touch()
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
