"""`dueprocess restore`: what was lost comes back as it was at a time, what was destroyed never does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.cases.erasure import destroy
from adapters.cases.execute import execute
from adapters.cases.store import CaseStore
from cli.recovery import Cabinet, Destroyed, NotBroughtBack, begin, bring_back, missing
from cli.restore import restored as restore_cases
from domain.acts.retention import AnnounceDeletion, BeginDeletion
from domain.case import COMPLAINANT
from handlers import alarm
from tests.integration.deployment import Context
from tests.integration.desk import OUTCOME, Desk, close
from tests.integration.office import BUCKET, TABLE, calls_of, just_before
from tests.integration.papers import PDF, attach
from tests.integration.quick_table import keep_versions, restored

pytestmark = pytest.mark.integration


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A deployment whose table can be restored, with nothing in it."""
    keep_versions(lambda: desk.office.clock.now().timestamp())
    return desk


@pytest.fixture
def opened(kept: Desk) -> Desk:
    """With a case that has a document; some minutes have passed since."""
    kept.open("leadership-east", {"declaration": True})
    assert attach(kept, COMPLAINANT, PDF, name="The register")["statusCode"] == 200
    kept.office.deliver_all()
    later(kept)
    return kept


def later(desk: Desk, by: timedelta = timedelta(minutes=5)) -> datetime:
    """Let some time pass; answers with the moment before."""
    before = desk.office.clock.now()
    desk.at(before + by)
    return before


def restore(desk: Desk, at: datetime, *refs: str, **options: bool) -> bool:
    cabinet = Cabinet(client=desk.office.s3, bucket=BUCKET)
    given = {"dry_run": False, "yes": True, **options}
    return restore_cases(refs or (desk.ref,), at, store=desk.office.site.store, cabinet=cabinet, **given)


def rows(desk: Desk) -> dict[tuple[str, str], Any]:
    return {(item["PK"]["S"], item["SK"]["S"]): item for item in desk.office.items()}


def lose(desk: Desk, beginning: str = "") -> None:
    """Delete items of the case, as somebody does by mistake in a console; its files, where everything goes."""
    for pk, sk in rows(desk):
        if (pk == f"CASE#{desk.ref}" and sk.startswith(beginning)) or (not beginning and "SUBMISSION" in pk):
            desk.office.client.delete_item(TableName=TABLE, Key={"PK": {"S": pk}, "SK": {"S": sk}})
    if not beginning:
        for document in files(desk):
            desk.office.s3.delete_object(Bucket=BUCKET, Key=document)


def files(desk: Desk) -> list[str]:
    found = desk.office.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"cases/{desk.ref}/")
    return [one["Key"] for one in found.get("Contents", ())]


def test_a_case_that_was_lost_is_as_it_was(opened: Desk) -> None:
    """Item for item and file for file, as it was at that time and not a minute later; the other table is gone."""
    before, document = rows(opened), files(opened)
    at = later(opened)
    opened.act(opened.coordinator(), "acknowledge", confirm="yes")
    later(opened)
    lose(opened)
    assert not files(opened)
    assert restore(opened, at)
    assert before == rows(opened)
    assert document == files(opened)
    assert restored() == []


def test_what_came_back_goes_on(opened: Desk) -> None:
    """Links that were sent lead to it, people act on it, and whatever wakes it finds what is due."""
    secret = opened.secret(opened.coordinator())
    at = later(opened)
    lose(opened)
    assert opened.get(secret)["statusCode"] == 404
    assert restore(opened, at)
    assert opened.get(secret)["statusCode"] == 200
    opened.act(opened.coordinator(), "acknowledge", confirm="yes")
    opened.at(opened.office.clock.now() + timedelta(days=60))
    alarm.handler({"ref": opened.ref, "deadline": "stage-1/respond", "version": 1}, Context())
    assert opened.case().breaches


def test_a_destroyed_case_stays_destroyed(opened: Desk) -> None:
    """Not even the table is restored; nothing changes."""
    close(answered(opened))
    at = later(opened)
    to_its_destruction(opened)
    destroy(opened.ref, site=opened.office.site, s3=opened.office.s3)
    before = rows(opened)
    with calls_of(opened.office.client) as calls:
        assert not restore(opened, at)
    assert "RestoreTableToPointInTime" not in calls
    assert before == rows(opened)
    assert not files(opened)


def test_a_certificate_is_enough(opened: Desk) -> None:
    """Where the tombstone is lost as well, the certificate that waits says that the case was destroyed."""
    close(answered(opened))
    at = later(opened)
    to_its_destruction(opened)
    destroy(opened.ref, site=opened.office.site, s3=opened.office.s3)
    lose(opened, "STATE")
    assert not restore(opened, at)
    assert not [sk for _, sk in rows(opened) if sk.startswith(("CONTENT#", "EVENT#"))]


def test_a_time_after_the_destruction_brings_nothing(opened: Desk) -> None:
    """The table of then has the tombstone, and the case of today has nothing at all."""
    close(answered(opened))
    to_its_destruction(opened)
    destroy(opened.ref, site=opened.office.site, s3=opened.office.s3)
    at = later(opened)
    lose(opened)
    assert not restore(opened, at)
    assert not [sk for pk, sk in rows(opened) if pk == f"CASE#{opened.ref}"]


@pytest.mark.parametrize("moment", ["s3.CopyObject", "dynamodb.GetItem", "dynamodb.TransactWriteItems"])
def test_a_case_that_is_destroyed_meanwhile_stays_so(opened: Desk, moment: str) -> None:
    """Between what is read and what is written, the erasure comes to its end: no word and no file is left behind."""
    close(answered(opened))
    at = later(opened)
    to_its_destruction(opened)
    lose(opened, "CONTENT#")
    for document in files(opened):
        opened.office.s3.delete_object(Bucket=BUCKET, Key=document)
    then, today, cabinet = sides(opened, at)
    plan = missing(opened.ref, then=then, today=today, cabinet=cabinet)
    assert plan
    client = opened.office.s3 if moment.startswith("s3") else opened.office.client
    office = opened.office

    def happens() -> None:
        destroy(opened.ref, site=office.site, s3=office.s3)

    with just_before(client, moment, happens), pytest.raises(Destroyed):
        bring_back(plan, today=today, cabinet=cabinet)
    assert not [sk for pk, sk in rows(opened) if pk == f"CASE#{opened.ref}" and sk.startswith("CONTENT#")]
    assert "Versions" not in office.s3.list_object_versions(Bucket=BUCKET, Prefix=f"cases/{opened.ref}/")


def test_a_file_that_came_into_an_erasure_is_taken_away(opened: Desk) -> None:
    """The erasure has begun, and may have been through with the files: the one that was put back goes again."""
    close(answered(opened))
    at = later(opened)
    to_its_destruction(opened)
    (document,) = files(opened)
    opened.office.s3.delete_object(Bucket=BUCKET, Key=document)
    then, today, cabinet = sides(opened, at)
    plan = missing(opened.ref, then=then, today=today, cabinet=cabinet)

    def begins() -> None:
        execute(opened.ref, BeginDeletion(), site=opened.office.site)

    with just_before(opened.office.s3, "s3.CopyObject", begins), pytest.raises(Destroyed):
        bring_back(plan, today=today, cabinet=cabinet)
    assert not files(opened)
    destroy(opened.ref, site=opened.office.site, s3=opened.office.s3)


def test_what_happened_since_is_kept(opened: Desk) -> None:
    """Words that were lost come back into a case that has gone on; what it went on to stays."""
    words = {key: item for key, item in rows(opened).items() if key[1].startswith("CONTENT#")}
    assert words
    at = later(opened)
    opened.act(opened.coordinator(), "acknowledge", confirm="yes")
    whole = rows(opened)
    lose(opened, "CONTENT#")
    assert restore(opened, at)
    assert {key: item for key, item in whole.items() if key in words or "CONTENT#" not in key[1]} == rows(
        opened
    )
    assert "ComplaintAcknowledged" in opened.facts()


def test_a_changed_fact_is_put_right(opened: Desk) -> None:
    """What never changes and did is written as it was."""
    before = rows(opened)
    at = later(opened)
    key = (f"CASE#{opened.ref}", "EVENT#000001")
    opened.office.client.put_item(TableName=TABLE, Item={**before[key], "hash": {"S": "0"}})
    assert restore(opened, at)
    assert before == rows(opened)


def test_a_state_that_is_older_than_that_is_replaced(opened: Desk) -> None:
    """Somebody put an older state in its place: the newer one comes back, with what belongs to it."""
    older = rows(opened)[f"CASE#{opened.ref}", "STATE"]
    opened.act(opened.coordinator(), "acknowledge", confirm="yes")
    opened.office.deliver_all()
    before = rows(opened)
    at = later(opened)
    opened.office.client.put_item(TableName=TABLE, Item=older)
    lose(opened, "EVENT#000003")
    assert restore(opened, at)
    assert before == rows(opened)


def test_later_facts_are_not_cut_off(opened: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the state alone is lost and facts came later, an older state would end the case's chain."""
    at = later(opened)
    opened.act(opened.coordinator(), "acknowledge", confirm="yes")
    lose(opened, "STATE")
    before = rows(opened)
    assert not restore(opened, at)
    assert "Choose a time just before it was lost." in capsys.readouterr().err
    assert before == rows(opened)


def test_what_was_not_whole_does_not_come_back(opened: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A chain of facts that is broken then is no better than nothing."""
    lose(opened, "EVENT#000001")
    at = later(opened)
    assert not restore(opened, at)
    assert "Choose an earlier one." in capsys.readouterr().err


def test_a_case_that_was_not_there_is_said(kept: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A time before it was opened, or a reference of nothing."""
    at = later(kept)
    kept.open("leadership-east", {"declaration": True})
    lose(kept)
    assert not restore(kept, at, kept.ref, "LE-2222-2222")
    assert capsys.readouterr().err.count("There was no such case at that time.") == 2


def test_looking_changes_nothing(opened: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run says what would come back, and leaves the other table for the run that follows."""
    at = later(opened)
    lose(opened)
    before = rows(opened)
    assert not restore(opened, at, dry_run=True)
    assert before == rows(opened)
    (other,) = restored()
    said = capsys.readouterr().out
    assert f"{opened.ref}: " in said
    assert " items missing, 1 files deleted" in said
    assert f"Delete the table {other}" in said
    with calls_of(opened.office.client) as calls:
        assert restore(opened, at)
    assert "RestoreTableToPointInTime" not in calls


def test_whole_cases_are_left_alone(opened: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written where nothing is missing, however often it is asked for."""
    before = rows(opened)
    with calls_of(opened.office.client) as calls:
        assert restore(opened, later(opened))
    assert "TransactWriteItems" not in calls
    assert before == rows(opened)
    assert "nothing is missing" in capsys.readouterr().out


def test_broken_off_anywhere_it_can_be_done_again(opened: Desk) -> None:
    """Before each of its writes it stops once; done again from the beginning, the case is whole."""
    before = rows(opened)
    at = later(opened)
    lose(opened)
    then, today, cabinet = sides(opened, at)
    stops = 0
    for stop in broken_off(opened):
        try:
            bring_back(
                missing(opened.ref, then=then, today=today, cabinet=cabinet), today=today, cabinet=cabinet
            )
        except Interrupted:
            stops += 1
            continue
        finally:
            stop()
        break
    assert stops >= 3
    assert before == rows(opened)


def to_its_destruction(desk: Desk) -> None:
    """Announce the destruction when the case has been kept for long enough, and let the notice pass."""
    desk.at(datetime(2031, 11, 4, 1, 0, tzinfo=UTC))
    destroy_at = execute(desk.ref, AnnounceDeletion(), site=desk.office.site).destroy_at
    assert destroy_at is not None
    desk.at(destroy_at)


class Interrupted(Exception):
    """The command was stopped."""


def broken_off(desk: Desk) -> Iterator[Callable[[], None]]:
    """Have each run stop before its first write, then its second, and so on; what is yielded ends that."""
    writes = [(desk.office.client, "dynamodb.TransactWriteItems"), (desk.office.s3, "s3.CopyObject")]
    left = [0]

    def count(**_: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise Interrupted

    def stop() -> None:
        for client, operation in writes:
            client.meta.events.unregister(f"before-call.{operation}", count)

    for number in range(1, 20):
        left[0] = number
        for client, operation in writes:
            client.meta.events.register(f"before-call.{operation}", count)
        yield stop


def sides(desk: Desk, at: datetime) -> tuple[CaseStore, CaseStore, Cabinet]:
    """The table of then, that of today, and the bucket."""
    client = desk.office.client
    then = CaseStore(client=client, table=begin(TABLE, at, client=client))
    return then, desk.office.site.store, Cabinet(client=desk.office.s3, bucket=BUCKET)


def answered(desk: Desk) -> Desk:
    """With an outcome of its first stage."""
    desk.act(desk.coordinator(), "acknowledge", confirm="yes")
    desk.act(desk.coordinator(), "assign", reviewers=desk.reviewer())
    desk.act(desk.reviewer(), "respond", **OUTCOME)
    return desk


def test_a_refusal_names_the_case_and_does_the_others(
    opened: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """One reference that is wrong holds up no other."""
    before = rows(opened)
    at = later(opened)
    lose(opened)
    assert not restore(opened, at, "LE-2222-2222", opened.ref)
    assert before == rows(opened)
    assert "LE-2222-2222: There was no such case" in capsys.readouterr().err


def test_it_is_an_error_of_its_own() -> None:
    """Who asks whether a case was destroyed can tell it from other reasons."""
    assert issubclass(Destroyed, NotBroughtBack)
