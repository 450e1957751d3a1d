"""Deployments in simulated AWS: an office, the desk and the functions in it, and people around them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict

from adapters.cases.submission import submit
from authoring.compile import write
from domain.case import COMPLAINANT
from handlers import wiring
from tests.browser.gateway import functions_given
from tests.integration.deployment import ANSWERS, Deployment
from tests.integration.desk import LEADERSHIP, OUTCOME, Desk
from tests.integration.office import BUCKET, KEYS, SECRET, TABLE, Office, open_office, tables_of_template
from tests.integration.quick_table import quick_tables
from tests.integration.town import Town

ON_MOTO = frozenset({"test_cases.py", "test_calls.py", "test_handlers.py", "test_repair.py", "test_api.py"})
"""What is about the table itself, or meets it through every function."""


@pytest.fixture(scope="module")
def simulated_aws() -> Iterator[None]:
    """AWS in this process, which takes long to begin and is soon emptied; and the functions' clients of it."""
    wiring.client.cache_clear()
    with mock_aws():
        yield
    wiring.client.cache_clear()


@pytest.fixture
def office(request: pytest.FixtureRequest, simulated_aws: None) -> Iterator[Office]:
    BackendDict.reset()
    if request.node.path.name in ON_MOTO:
        yield open_office(has_table=True)
    else:
        with quick_tables(tables_of_template()):
            yield open_office(has_table=False)


@pytest.fixture
def desk(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("TABLE", TABLE)
    monkeypatch.setenv("KEYS_TABLE", KEYS)
    monkeypatch.setenv("SECRET", SECRET)
    monkeypatch.setenv("DOCUMENTS_BUCKET", BUCKET)
    monkeypatch.setenv("PUBLIC_URL", "https://complaints.example")
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock.json"))
    wiring.site.cache_clear()
    wiring.files.cache_clear()
    made = Desk(office=office, clock_file=tmp_path / "clock.json")
    made.at(office.clock.now())
    yield made
    wiring.site.cache_clear()
    wiring.files.cache_clear()


@pytest.fixture
def leadership(desk: Desk) -> Desk:
    desk.open(*LEADERSHIP)
    return desk


@pytest.fixture
def answered(leadership: Desk) -> Desk:
    """The first stage's outcome has been sent."""
    leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
    reviewer = leadership.reviewer()
    leadership.act(leadership.coordinator(), "assign", reviewers=reviewer)
    leadership.act(reviewer, "respond", **OUTCOME)
    return leadership


@pytest.fixture
def town(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("ORGANISATIONS", "")
    return Town(desk)


@pytest.fixture
def clock_file(office: Office, tmp_path: Path) -> Iterator[Path]:
    """What the functions behind the public pages read their clock from, which all but stands still."""
    path = tmp_path / "clock.json"
    with functions_given(path, table=TABLE, keys=KEYS, secret=SECRET):
        yield path


@pytest.fixture
def deployment(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    environment = {
        "TABLE": TABLE,
        "KEYS_TABLE": KEYS,
        "SECRET": SECRET,
        "DOCUMENTS_BUCKET": BUCKET,
        "ALARM_MACHINE_ARN": office.site.settings.alarm_machine_arn,
        "SENDER": "complaints@dueprocess.example",
        "PUBLIC_URL": "https://complaints.example",
        "CLOCK_FILE": str(tmp_path / "clock.json"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    boto3.client("sesv2").create_email_identity(EmailIdentity="dueprocess.example")
    wiring.site.cache_clear()
    receipt = submit("leadership-east", "complaint", ANSWERS, key="key", by=COMPLAINANT, site=office.site)
    deployment = Deployment(office=office, clock_file=tmp_path / "clock.json", ref=receipt.reference)
    deployment.at(office.clock.now())
    yield deployment
    wiring.site.cache_clear()


Serve = Callable[[Path], None]


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Have the procedures of a folder served, and no others, as long as the test lasts: `serve(folder)`."""
    served = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "compiled"}

    def only(folder: Path) -> None:
        for name in served:
            del sys.modules[name]
        write(folder, tmp_path / "generated")
        monkeypatch.syspath_prepend(str(tmp_path / "generated"))
        monkeypatch.setenv("ORGANISATIONS", "")

    yield only
    for name in [one for one in sys.modules if one.partition(".")[0] == "compiled"]:
        del sys.modules[name]
    sys.modules.update(served)
