"""What Lambda gets, made for this interpreter: the same steps but for where the dependencies come from.

A bundle is packed and unpacked as Lambda does it, with files dated 1980, and then used in processes of their own
that have nothing but the bundle on their path.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session
from click.testing import CliRunner

from authoring.bundle import (
    LAMBDA_PYTHON,
    REPOSITORY,
    SERVICES,
    NoSuchPython,
    build_here,
    build_local,
    copy_installed,
    find_python,
    locked,
    trim,
    write_application,
    write_bytecode,
)
from cli.main import app

pytestmark = pytest.mark.integration

DATED_1980 = 315532800
"""1 January 1980 as a file's date."""

HANDLERS = sorted(
    path.stem if path.stem != "__init__" else path.parent.name
    for path in (REPOSITORY / "src/handlers").rglob("*.py")
    if "\ndef handler(" in path.read_text()
)

# Reports each file that Python compiles from its source, whoever asks for it; classes that are made from a text
# at run time (`<string>`) are no files.
REPORT = """
import json, sys
compiled = []
def watch(event, arguments):
    if event == "compile" and isinstance(arguments[1], str):
        if not arguments[1].startswith("<") or arguments[1] == "<template>":
            compiled.append(arguments[1])
sys.addaudithook(watch)
"""

USE = """
from importlib import import_module
modules = {name: import_module("handlers." + name) for name in sys.argv[2:]}
statuses = {}
for name, route in (("pages-index", "pages"), ("pages-organisation", "pages"), ("pages-form", "pages")):
    with open(sys.argv[1] + "/" + name + ".json") as file:
        statuses[name] = modules[route].handler(json.load(file), None)["statusCode"]
print(json.dumps({"compiled": compiled, "statuses": statuses}))
"""


@pytest.fixture(scope="module")
def installed_before() -> dict[str, str]:
    """What is installed of the dependencies before anything is built."""
    return installed()


@pytest.fixture(scope="module")
def bundle(installed_before: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle as `dueprocess build` makes it, for this interpreter."""
    out = tmp_path_factory.mktemp("built") / "bundle"
    build_here(out)
    return out


@pytest.fixture(scope="module")
def unpacked(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle after its way through an archive whose entries are dated 1980, write-protected like Lambda's."""
    return through_archive(bundle, tmp_path_factory.mktemp("lambda"))


def through_archive(source: Path, workshop: Path) -> Path:
    archive, target = workshop / "bundle.zip", workshop / "task"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(source.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(str(file.relative_to(source)), date_time=(1980, 1, 1, 0, 0, 0))
                packed.writestr(entry, file.read_bytes())
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(target)
    for path in [*target.rglob("*"), target]:
        os.utime(path, (DATED_1980, DATED_1980))
        path.chmod(0o555)
    return target


def run_with(bundle: Path, program: str, *arguments: str) -> Any:
    """Run a program that sees the bundle and the standard library only; what it printed, as JSON."""
    environ = {"PYTHONPATH": str(bundle), "AWS_DEFAULT_REGION": "eu-west-2", "TABLE": "cases", "TZ": "UTC"}
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", program, *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def installed() -> dict[str, str]:
    """The hash of each installed file that a bundle is made from, bytecode aside."""
    found = {}
    for name in locked(REPOSITORY / "requirements/runtime.txt"):
        for file in metadata.distribution(name).files or ():
            if file.suffix != ".pyc":
                found[str(file)] = hashlib.sha256(file.read_binary()).hexdigest()
    return found


def test_a_build_leaves_the_environment_as_it_was(bundle: Path, installed_before: dict[str, str]) -> None:
    """Every file that the bundle was made from has the bytes that it had before."""
    assert len(installed_before) > 1000
    assert installed() == installed_before


def test_a_build_leaves_alone_what_its_files_are_linked_to(tmp_path: Path) -> None:
    """An installer may link a file of the bundle to its cache, and so to every environment on the machine: whatever
    a build then does to the bundle, the others keep their bytes."""
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "bundle"
    copy_installed(elsewhere, locked(REPOSITORY / "requirements/runtime.txt"))
    shutil.copytree(elsewhere, folder, copy_function=os.link)
    before = contents(elsewhere)
    trim(folder)
    write_application(folder)
    write_bytecode(folder, python=Path(sys.executable), shown_in="")
    assert contents(elsewhere) == before


def test_a_bundle_from_an_archive_compiles_nothing_again(unpacked: Path) -> None:
    """With every file dated 1980, importing all handlers and rendering pages uses the bytecode that was built."""
    before = contents(unpacked)
    said = run_with(unpacked, REPORT + USE, str(REPOSITORY / "events"), *HANDLERS)
    assert said == {
        "compiled": [],
        "statuses": {"pages-index": 200, "pages-organisation": 200, "pages-form": 200},
    }
    assert contents(unpacked) == before


def test_bytecode_that_is_checked_by_date_would_be_compiled_again(bundle: Path, tmp_path: Path) -> None:
    """The same bundle with ordinary bytecode shows what the test above would find."""
    built = tmp_path / "built"
    shutil.copytree(bundle / "domain", built / "domain")
    command = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "timestamp", str(built)]
    subprocess.run(command, check=True)
    use = 'import domain.errors\nprint(json.dumps([name.rpartition("/")[2] for name in compiled]))'
    assert "errors.py" in run_with(through_archive(built, tmp_path), REPORT + use)


def test_every_module_has_bytecode(bundle: Path) -> None:
    """Nothing of the bundle is left for a cold start to compile."""
    tag = sys.implementation.cache_tag
    sources = set(bundle.rglob("*.py"))
    compiled = {path.parent.parent / f"{path.name.split('.')[0]}.py" for path in bundle.rglob(f"*.{tag}.pyc")}
    assert sources == compiled


def test_a_bundle_holds_what_its_functions_call_and_nothing_else_of_botocore(bundle: Path) -> None:
    """Each client that a handler asks for can be made from the bundle, and no other service is described in it."""
    described = {path.name for path in (bundle / "botocore/data").iterdir() if path.is_dir()}
    asked_for = {
        service
        for path in (REPOSITORY / "src").rglob("*.py")
        if {"handlers", "adapters"} & set(path.relative_to(REPOSITORY).parts)
        for service in re.findall(r'\bclient\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    make = "import json, sys\nfrom handlers.wiring import client\n"
    make += "print(json.dumps([client(name).meta.service_model.service_name for name in sys.argv[1:]]))"
    assert asked_for
    assert asked_for <= set(SERVICES) == described
    assert run_with(bundle, make, *SERVICES) == list(SERVICES)


def test_what_botocore_reads_says_the_same_without_its_documentation(bundle: Path) -> None:
    """Operations, shapes and addresses of each service are those of the botocore that is installed here."""
    say = "import json, sys\nfrom botocore.session import get_session\n"
    say += "made = [get_session().create_client(name) for name in sys.argv[1:]]\n"
    say += "print(json.dumps([(one.meta.endpoint_url, list(one.meta.service_model.operation_names),"
    say += " sorted(one.meta.service_model.shape_names)) for one in made]))"
    described = run_with(bundle, say, *SERVICES)
    for name, (address, operations, shapes) in zip(SERVICES, described, strict=True):
        model = get_session().get_service_model(name)
        assert (operations, shapes) == (list(model.operation_names), sorted(model.shape_names))
        assert address.startswith("https://")
        assert "amazonaws.com" in address


def test_a_bundle_holds_no_tools_and_keeps_licences(bundle: Path) -> None:
    """What installers leave behind stays out; the licence of each dependency stays in."""
    names = {path.name for path in bundle.rglob("*")}
    assert not {name for name in names if name.endswith((".dist-info", ".pyi", ".asl.yaml"))}
    assert not names & {"pip", "bin", "authoring", "cli", "yaml", "holidays", "awslambdaric"}
    kept = {
        path.name.rpartition("-")[0].replace("_", "-").lower() for path in (bundle / "licences").iterdir()
    }
    assert set(locked(REPOSITORY / "requirements/runtime.txt")) <= kept


def test_a_bundle_does_not_tell_where_it_was_built(bundle: Path) -> None:
    """No path of the machine that built it is in any file, bytecode and compiled templates included."""
    places = [str(path).encode() for path in (REPOSITORY, bundle, bundle.parent)]
    telling = [
        path for path in bundle.rglob("*") if path.is_file() and any(p in path.read_bytes() for p in places)
    ]
    assert telling == []


def test_the_same_sources_make_the_same_bundle(tmp_path: Path) -> None:
    """Two builds in two places are the same, byte for byte."""
    build_local(tmp_path / "one")
    build_local(tmp_path / "some/where/else")
    assert contents(tmp_path / "one") == contents(tmp_path / "some/where/else")


def test_a_local_bundle_holds_the_application_alone(tmp_path: Path) -> None:
    """Dependencies come from the environment that runs it."""
    build_local(tmp_path / "local")
    assert {path.name for path in (tmp_path / "local").iterdir()} == {
        ".made-from",
        "adapters",
        "compiled",
        "compiled_templates",
        "domain",
        "handlers",
    }


def test_a_local_bundle_is_made_again_only_when_it_has_to_be(tmp_path: Path) -> None:
    """A second build of unchanged sources leaves the folder alone; one that was tampered with is replaced."""
    out = tmp_path / "local"
    build_local(out)
    first = out.stat().st_ino
    build_local(out)
    assert out.stat().st_ino == first
    (out / ".made-from").write_text("other sources", encoding="utf-8")
    build_local(out)
    assert out.stat().st_ino != first


def test_local_stacks_that_start_at_once_build_once(tmp_path: Path) -> None:
    """Who comes second waits for the bundle that is being built, and uses it."""
    out = tmp_path / "local"

    def build(_: int) -> int:
        build_local(out)
        return out.stat().st_ino

    with ThreadPoolExecutor(3) as starting:
        assert 1 == len(set(starting.map(build, range(3))))


def test_a_missing_interpreter_is_named_with_what_to_do() -> None:
    """Where no interpreter of the wanted version is, the error says so and how to go on."""
    with pytest.raises(NoSuchPython, match="--no-bytecode"):
        find_python((3, 99))


def test_an_interpreter_of_another_version_is_refused(tmp_path: Path) -> None:
    """Bytecode of another minor version would be worth nothing: the build ends with a sentence and builds nothing."""
    pretender = tmp_path / "python"
    pretender.write_text("#!/bin/sh\necho 3.12 cpython\n", encoding="utf-8")
    pretender.chmod(0o755)
    out = tmp_path / "bundle"
    result = CliRunner().invoke(app, ["build", "--python", str(pretender), "--out", str(out)])
    assert result.exit_code == 2
    assert "is not Python {}.{}, the version that Lambda runs.".format(*LAMBDA_PYTHON) in result.output
    assert not out.exists()


def test_a_folder_that_is_no_bundle_is_not_replaced(tmp_path: Path) -> None:
    """Naming the wrong folder costs nothing."""
    (tmp_path / "letter.txt").write_text("Dear all", encoding="utf-8")
    result = CliRunner().invoke(app, ["build", "--local", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "Dear all"
