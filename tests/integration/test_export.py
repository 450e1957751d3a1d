"""`dueprocess export`: everything of one organisation in files, and nothing of another."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.cases.erasure import destroy
from adapters.cases.execute import execute
from adapters.cases.submission import submit
from adapters.people.directory import change_directory
from cli import CannotRun
from cli.handover import Export, Written, write
from domain.acts.retention import AnnounceDeletion, PlaceHold
from domain.case import COMPLAINANT
from domain.directory import AddAbsence
from domain.words import Writing
from tests.integration.desk import ABOUT_DATA, ANSWERS, NAME, OUTCOME, WORDS, Desk, close
from tests.integration.office import BUCKET, calls_of
from tests.integration.papers import PDF, attach

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "handed over"


def handed_over(desk: Desk, folder: Path, organisation: str = "leadership-east") -> Written:
    export = Export(
        organisation=organisation,
        folder=folder,
        store=desk.office.site.store,
        s3=desk.office.s3,
        bucket=BUCKET,
        procedures=ROOT / "procedures",
    )
    return write(export, now=datetime(2026, 12, 1, tzinfo=UTC))


def lines(folder: Path, ref: str, what: str) -> list[dict[str, Any]]:
    read = [json.loads(line) for line in (folder / "cases" / f"{ref}.jsonl").read_text().splitlines()]
    return [line for line in read if line["what"] == what]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_everything_of_a_case_is_there(leadership: Desk, folder: Path) -> None:
    """Facts with their hashes, every word, messages as they were sent, documents as they came in; no way in."""
    attach(leadership, COMPLAINANT, PDF, name="Letter of the canary")
    secret = leadership.secret(leadership.coordinator())
    written = handed_over(leadership, folder)
    ref = leadership.ref
    assert (written.cases, written.documents, written.lost) == (1, 1, ())
    assert [line["fact"]["type"] for line in lines(folder, ref, "event")] == leadership.facts()
    (case,) = lines(folder, ref, "case")
    assert case["head"] == lines(folder, ref, "event")[-1]["hash"]
    assert case["case"]["ref"] == ref
    words = {line["id"]: line["words"] for line in lines(folder, ref, "content")}
    assert WORDS in words[leadership.case().answers]["account"]
    assert NAME in json.dumps(lines(folder, ref, "message"))
    (document,) = lines(folder, ref, "document")
    assert (folder / document["file"]).read_bytes() == PDF
    for content in files(folder).values():
        assert hashlib.sha256(secret.encode()).hexdigest().encode() not in content
    assert (folder / "procedures" / "leadership-east.yaml").is_file()


def test_hashes_are_checked_with_what_every_system_has(leadership: Desk, folder: Path) -> None:
    """`sha256sum --check` passes over all files, and what says so has its own hash in `about.json`."""
    attach(leadership, COMPLAINANT, PDF, name="Letter of the canary")
    written = handed_over(leadership, folder)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    found = files(folder)
    assert checked.stdout.count(": OK") == len(found) - 2
    about = json.loads(found["about.json"])
    assert about["hashes"]["SHA256SUMS"] == hashlib.sha256(found["SHA256SUMS"]).hexdigest() == written.sha256
    assert (about["cases"], about["organisation"]) == (1, "leadership-east")


def test_closed_and_held_cases_are_there_and_others_are_not(answered: Desk, folder: Path) -> None:
    """Open, closed, and closed and held, which is due for nothing; data protection complaints too; no case of anybody
    else, and nothing is scanned."""
    close(answered)
    refs = [answered.ref]
    for organisation, answers, key in (
        ("leadership-east", ANSWERS | {"declaration": True}, "two"),
        ("leadership-east/data-protection", ABOUT_DATA, "three"),
        ("alliance-for-learning", ANSWERS, "four"),
    ):
        site = answered.office.site
        receipt = submit(organisation, "complaint", answers, key=key, by=COMPLAINANT, site=site)
        refs.append(receipt.reference)
    contact = answered.procedure().holders(answered.procedure().retention.told)[0].id
    answered.at(datetime(2031, 11, 4, 1, 0, tzinfo=UTC))
    execute(answered.ref, AnnounceDeletion(), site=answered.office.site)
    reason = Writing("h" * 16, {"reason": "A court asks for it."})
    execute(answered.ref, PlaceHold(by=contact, reason=reason), site=answered.office.site)
    assert answered.office.site.store.load(answered.ref).due is None  # type: ignore[union-attr]
    with calls_of(answered.office.client) as calls:
        assert handed_over(answered, folder).cases == 3
    assert {"Query", "BatchGetItem"} == set(calls)
    assert {f"{ref}.jsonl" for ref in refs[:3]} == {path.name for path in (folder / "cases").iterdir()}


def test_closed_cases_are_found_by_when_they_are_looked_at(answered: Desk, folder: Path) -> None:
    """Their state has no entry by organisation, which would have to be kept for years."""
    close(answered)
    state = next(item for item in answered.office.items() if item["SK"]["S"] == "STATE")
    assert "worklist_shard" not in state
    assert handed_over(answered, folder).cases == 1


def test_the_directory_is_there_with_its_changes(leadership: Desk, folder: Path) -> None:
    """Who has which role today, and who changed that."""
    coordinator = leadership.coordinator()
    day = datetime(2026, 12, 1, tzinfo=UTC).date()
    change_directory(
        leadership.procedure(),
        AddAbsence(person=leadership.reviewer(), first=day, last=day),
        by=coordinator,
        version=0,
        site=leadership.office.site,
    )
    handed_over(leadership, folder)
    read = [json.loads(line) for line in (folder / "directory.jsonl").read_text().splitlines()]
    assert {"directory", "change"} == {line["what"] for line in read}
    assert coordinator in json.dumps(read)


def test_drafts_stay_with_their_author(leadership: Desk, folder: Path) -> None:
    """What is not sent yet is nobody's to hand over."""
    leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
    reviewer = leadership.reviewer()
    leadership.act(leadership.coordinator(), "assign", reviewers=reviewer)
    secret = leadership.secret(reviewer)
    form = OUTCOME | {"response": "An unfinished canary"}
    leadership.post(secret, {"action": "respond", "draft": "save"}, **form)
    assert any("draft-" in item["SK"]["S"] for item in leadership.office.items())
    handed_over(leadership, folder)
    assert not [name for name, content in files(folder).items() if b"An unfinished canary" in content]


def test_what_was_broken_off_goes_on(leadership: Desk, folder: Path) -> None:
    """A document that is there is not fetched again, one that is damaged is; in the end all is as in one go."""
    for name in ("One", "Two"):
        attach(leadership, COMPLAINANT, PDF + name.encode(), name=name)
    handed_over(leadership, folder)
    whole = files(folder)
    one, two = sorted((folder / "documents" / leadership.ref).iterdir())
    one.write_bytes(b"half of")
    (folder / "SHA256SUMS").unlink()
    (folder / "cases" / f"{leadership.ref}.jsonl").unlink()
    with calls_of(leadership.office.s3) as calls:
        handed_over(leadership, folder)
    assert calls == ["GetObject"]
    assert whole == files(folder)
    assert two.exists()


def test_what_was_destroyed_meanwhile_is_taken_out(answered: Desk, folder: Path) -> None:
    """A second run into the same folder leaves nothing of a case that is gone."""
    attach(answered, COMPLAINANT, PDF, name="Letter of the canary")
    close(answered)
    handed_over(answered, folder)
    answered.at(datetime(2031, 11, 4, 1, 0, tzinfo=UTC))
    destroy_at = execute(answered.ref, AnnounceDeletion(), site=answered.office.site).destroy_at
    assert destroy_at is not None
    answered.at(destroy_at)
    destroy(answered.ref, site=answered.office.site, s3=answered.office.s3)
    assert handed_over(answered, folder).cases == 0
    assert not [name for name, content in files(folder).items() if b"canary" in content.lower()]
    assert not (folder / "documents").exists()


def test_a_lost_document_is_said(leadership: Desk, folder: Path) -> None:
    """The rest is there all the same."""
    attach(leadership, COMPLAINANT, PDF, name="Letter of the canary")
    leadership.office.s3.delete_object(
        Bucket=BUCKET, Key=f"cases/{leadership.ref}/{leadership.case().documents[0].id}"
    )
    written = handed_over(leadership, folder)
    assert (written.cases, written.documents, len(written.lost)) == (1, 0, 1)
    assert json.loads((folder / "about.json").read_text())["lost"] == [*written.lost]


@pytest.mark.parametrize("about", ["", '{"organisation": "dynamic-training"}'])
def test_a_folder_with_something_else_is_left_alone(leadership: Desk, folder: Path, about: str) -> None:
    """Neither somebody's files nor another organisation's export are touched."""
    folder.mkdir()
    (folder / "about.json").write_text(about)
    with pytest.raises(CannotRun, match="something else"):
        handed_over(leadership, folder)
    assert {"about.json": about.encode()} == files(folder)


def test_nobody_else_can_open_the_folder(leadership: Desk, folder: Path) -> None:
    """It holds what people told in confidence."""
    handed_over(leadership, folder)
    assert folder.stat().st_mode & 0o077 == 0
