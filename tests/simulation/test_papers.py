"""Documents and copies on a path of their own, with everything that can go wrong with them, one by one."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from adapters.procedures import served
from tests.simulation import deployment
from tests.simulation.bucket import Bucket
from tests.simulation.faults import NoFaults
from tests.simulation.lives import MainPath
from tests.simulation.times import DAY, HOUR
from tests.simulation.trees import enumerated, violating

EVERY = int(os.environ.get("FAULTS_EVERY", "10"))
"""Every tenth in `make test`; FAULTS_EVERY=1 tries them all."""
OF_PAPERS = frozenset(["FilesFunction", "browser", "RetentionFunction"])


def test_documents_are_added_had_and_destroyed_with_their_case() -> None:
    """Three are added, two of them with one ticket; all are had, a copy is taken out; in the end nothing is left."""
    course = MainPath(NoFaults(), with_papers=True)
    saved: list[str] = []
    course.world.on_saved.append(lambda _, version: saved.append(version.key.partition("/")[0]))
    watch = course.live()
    assert not watch.violations
    (account,) = watch.accounts.values()
    assert account.destroyed
    assert {"complainant"} < {one.by for one in account.documents.values()}
    assert len(account.documents) == 3
    assert "exports" in saved
    assert saved.count("cases") >= 2
    assert course.world.bucket.count >= 6
    assert not course.world.bucket.versions


@pytest.mark.timeout(600)
def test_no_single_fault_with_documents_violates_anything() -> None:
    """Each kind of fault at each call of the functions that have to do with files, and at each upload."""
    possible_ones = enumerated(with_papers=True).those(functions=OF_PAPERS)
    assert len(possible_ones) > 400
    violated = violating(possible_ones[::EVERY], with_papers=True)
    assert not violated, violated[:5]


class TestTheBucket:
    """What stands in for S3 does what S3 says that it does."""

    @staticmethod
    def bucket() -> tuple[Bucket, list[float]]:
        now = [datetime(2026, 5, 4, 12, tzinfo=UTC).timestamp()]
        return Bucket("documents", deployment.bucket_rules(), now=lambda: now[0]), now

    def test_takes_what_its_ticket_allows_and_nothing_else(self) -> None:
        bucket, now = self.bucket()
        back = {"success_action_redirect": "https://complaints.example/l/x"}
        limits = [back, ["content-length-range", 1, 10]]
        fields = bucket.ticket("uploads/A/1", back, limits, until=now[0] + HOUR)["fields"]
        assert bucket.take(fields, b"content") == "https://complaints.example/l/x"
        other = {**back, "success_action_redirect": "https://elsewhere.example"}
        for wrong, body in (
            (fields, b""),
            (fields, b"more than ten"),
            ({**fields, "key": "cases/A/1"}, b"x"),
            ({**fields, **other}, b"x"),
        ):
            with pytest.raises(ClientError):
                bucket.take(wrong, body)
        now[0] += HOUR + 1
        with pytest.raises(ClientError):
            bucket.take(fields, b"content")
        assert ["uploads/A/1"] == [*bucket.versions]

    def test_gives_out_at_an_address_that_runs_out(self) -> None:
        bucket, now = self.bucket()
        bucket.put("cases/A/1", b"content", "text/plain")
        address = bucket.address("cases/A/1", {"ResponseContentType": "text/plain"}, until=now[0] + 60)
        found, said = bucket.fetch(address)
        assert (found.body, said) == (b"content", {"ResponseContentType": "text/plain"})
        now[0] += 61
        with pytest.raises(ClientError):
            bucket.fetch(address)

    def test_keeps_every_version_until_a_rule_or_somebody_deletes_it(self) -> None:
        bucket, now = self.bucket()
        for body in (b"first", b"second"):
            bucket.put("cases/A/1", body)
            bucket.put("uploads/A/1", body)
        copied = bucket.copied()
        copied.put("cases/A/1", b"third")
        assert [b"first", b"second"] == [one.body for one in bucket.below("cases/")]
        # One day, rounded up to midnight, marks the newest as deleted; one more throws all of them away.
        now[0] += 1.6 * DAY
        assert bucket.get("uploads/A/1") is None
        assert bucket.below("uploads/")
        now[0] += 1.5 * DAY
        assert not bucket.below("uploads/")
        now[0] += 36 * DAY
        assert [b"second"] == [one.body for one in bucket.below("cases/")]
        (left,) = bucket.below("cases/")
        bucket.delete("cases/A/1", left.id)
        assert not bucket.versions


def test_the_main_path_with_documents_at_every_stage_violates_nothing() -> None:
    """At every organisation; where a panel decides, each sees their own draft."""
    for organisation in served({}):
        course = MainPath(NoFaults(), organisation=organisation, climbs=True, with_papers=True)
        world, watch = course.world, course.live()
        assert not watch.violations
        assert world.bucket.count > 2


def test_two_runs_that_destroy_a_case_at_once_destroy_it_once() -> None:
    """Another one begins in the same moment, and does its part in the middle of each call of the first."""
    races = enumerated(with_two_runs=True).those(functions=["RetentionFunction"], kinds=["raced"])
    assert len(races) > 20
    violated = violating(races, with_two_runs=True)
    assert not violated, violated[:5]


def test_whoever_comes_while_a_case_is_destroyed_brings_nothing_back() -> None:
    """Everybody asks for a fresh link in that moment; something else happens in the middle of each call."""
    races = enumerated(with_late_visits=True).those(kinds=["raced"])
    assert len(races) > 100
    violated = violating(races[::EVERY], with_late_visits=True)
    assert not violated, violated[:5]
