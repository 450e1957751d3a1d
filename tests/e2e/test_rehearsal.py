"""A deployment's whole life, rehearsed on the local stack from an empty account: deployed, deleted, adopted, upgraded
with open cases, taken back, restored, deleted and adopted again.

The newer version is this one with an act more, which no procedure has (tests/invented_act), built from a copy of the
sources; the older one is this version. docs/decisions/0030 says why.

What the emulator cannot do: it takes templates that AWS would refuse, so no deployment fails and is rolled back by
CloudFormation; taken back is what docs/deploy.md says, the version before is deployed. And its restored table is a copy
of the present one; tests/integration/test_restore.py shows what comes back.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from domain.calendars import LONDON
from local.stack import ROOT, LocalStack
from tests.e2e.people import Town, forms_of, get, post
from tests.e2e.test_adopt import adopted, deleted
from tests.e2e.test_kills import ORGANISATION, assert_chained, required
from tests.e2e.test_replay import replay

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

INVENTED = ROOT / "tests/invented_act"
OFFICE = "programmes.office@leadership-east.example"
UNKNOWN = "Something was recorded by a newer version of this service."
PROMISED = "promised to ring back."


def built_newer(folder: Path) -> Path:
    """The local stack's bundle of a version with an act more."""
    for name in ("src", "templates", "procedures", "requirements"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(INVENTED / "ringing_back.py", folder / "src/domain/acts")
    shutil.copy(INVENTED / "acts/ringing_back.html", folder / "templates/acts")
    registry = folder / "src/domain/registry.py"
    text = registry.read_text(encoding="utf-8")
    for table, name in (("ROOM_OF_ACT", "ring-back"), ("ROOM_OF_EVENT", "RingingBackPromised")):
        begins = f"{table}: dict[str, str] = {{\n"
        assert begins in text
        text = text.replace(begins, f'{begins}    "{name}": "domain.acts.ringing_back",\n')
    registry.write_text(text, encoding="utf-8")
    bundle = folder / "build/local"
    build = f"from pathlib import Path; from authoring.bundle import build_local; build_local(Path({str(bundle)!r}))"
    environment = {name: value for name, value in os.environ.items() if name != "PROCEDURES"}
    subprocess.run(
        [sys.executable, "-P", "-c", build],
        env={**environment, "PYTHONPATH": str(folder / "src")},
        check=True,
    )
    return bundle


@dataclass
class Rehearsal:
    """An account with one deployment, and the people who have to do with it."""

    data: Path
    stack: LocalStack
    ending: ExitStack
    links: dict[str, str] = field(default_factory=dict)
    """The link that each complainant was sent first, by the case's reference."""

    @property
    def town(self) -> Town:
        return Town(self.stack)

    def deploy(self, bundle: Path) -> None:
        """Deploy a version over what is there."""
        self.stack.stop()
        self.stack = LocalStack(self.data, port=self.stack.port, bundle=bundle)
        self.ending.callback(self.stack.stop)
        self.stack.start()

    def complain(self, name: str) -> str:
        """Somebody sends the web form; the case's reference. The first link is kept."""
        address = f"{self.stack.base_url}/{ORGANISATION}/complaint"
        key = re.search(r'name="_key" value="([^"]+)"', get(address).text)
        assert key is not None
        email = f"{name}@complainant.example"
        answers = {**required(self.stack.base_url), "email": email}
        typed = {one: "yes" if value is True else value for one, value in answers.items()}
        answer = post(f"{address}/submit", {"_key": key[1], **typed})
        assert answer.status == 201, answer.text
        ref = re.search(r"LE-[A-Z0-9]{4}-[A-Z0-9]{4}", answer.text)
        assert ref is not None
        self.town.settle()
        mail = self.stack.mail(email)
        self.links[ref[0]] = next(url for url in mail["links"] if "/l/" in url)
        return ref[0]

    def office(self, ref: str) -> str:
        """The office's newest link to a case."""
        return next(link for address, link, _ in self.town.doors(ref) if address == OFFICE)

    def lose_nothing(self) -> None:
        """Every case is listed, its facts are whole, and the link that was sent first leads to it."""
        assert {case["ref"] for case in self.stack.worklist()} == set(self.links)
        for ref, link in self.links.items():
            assert_chained(self.stack, ref)
            page = get(link)
            assert (page.status, ref in page.text) == (200, True)

    def adopt(self, kept: Mapping[str, str]) -> None:
        """Begin a new stack with what is left; a deployment has to follow."""
        adopted(self.stack, kept)
        # What the last deployment noted is gone with it. Without the file `up` would begin with an empty account.
        (self.data / "deployed.json").write_text("{}", encoding="utf-8")


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    data = tmp_path / "account"
    first = LocalStack(data)
    with ExitStack() as ending:
        ending.callback(first.stop)
        first.start()
        yield Rehearsal(data, first, ending)


def test_a_deployment_is_lived_from_an_empty_account_to_its_second_adoption(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    """At each step somebody complains by the form, nothing of before is lost, and what was sent leads where it led."""
    older, newer = ROOT / "build/local", built_newer(tmp_path / "newer")

    first = rehearsal.complain("deployed")
    kept = deleted(rehearsal.stack)
    rehearsal.adopt(kept)
    rehearsal.deploy(older)
    rehearsal.lose_nothing()
    found = rehearsal.stack.resources()
    for name in ("CasesTable", "DocumentsBucket"):
        assert found[name] == kept[name]

    second = rehearsal.complain("adopted")
    rehearsal.deploy(newer)
    rehearsal.lose_nothing()
    answer = rehearsal.town.act(rehearsal.office(first), "ring-back", promise="At four.")
    assert (answer.status, "Promised" in answer.text) == (200, True)
    rehearsal.town.settle()
    rehearsal.complain("upgraded")

    rehearsal.deploy(older)
    rehearsal.lose_nothing()
    page = get(rehearsal.office(first)).text
    assert UNKNOWN in page
    assert "ring-back" not in forms_of(page)
    for ref in (first, second):
        assert rehearsal.town.act(rehearsal.office(ref), "acknowledge", confirm="yes").status == 200
    rehearsal.town.settle()

    at = f"{datetime.now(LONDON):%Y-%m-%dT%H:%M:%S}"
    code, said = replay(rehearsal.stack, first, "--at", at, "--yes", command="restore")
    assert (code, f"{first}: nothing is missing" in said) == (0, True), said
    rehearsal.complain("taken-back")

    rehearsal.adopt(deleted(rehearsal.stack))
    rehearsal.deploy(newer)
    rehearsal.lose_nothing()
    assert PROMISED in get(rehearsal.office(first)).text
    rehearsal.complain("adopted-again")
    # The alarms that ran are gone with the stack before: the sweep wakes each case instead.
    mails = len(rehearsal.stack.outbox())
    rehearsal.stack.advance("14 days")
    rehearsal.town.settle()
    assert len(rehearsal.stack.outbox()) > mails
    rehearsal.lose_nothing()
