"""What an outcome promises lives on until it is done, also after the closure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.cases.erasure import destroy
from adapters.cases.execute import execute
from domain.acts.retention import AnnounceDeletion
from domain.acts.waking import Wake
from domain.case import COMPLAINANT
from handlers.sweep import handler as sweep
from tests.integration.desk import ALLIANCE, OUTCOME, Desk, Read, at_the_reviewer, refused

STEP = "A second tutor joins every observation."
DUE = {"due_1.day": "30", "due_1.month": "11", "due_1.year": "2026"}
MORNING = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
A_WEEK_LATER = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)


class Remaining:
    """A function's context with time left."""

    aws_request_id = function_name = memory_limit_in_mb = invoked_function_arn = "sweep"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def promise(desk: Desk) -> str:
    """An outcome is sent that promises a step of somebody who does not review it; answers with that person's id."""
    reviewer = at_the_reviewer(desk, ALLIANCE)
    owner = desk.holder("executive-team")
    step = {"action_1": STEP, "owner_1": f"person:{owner}", **DUE}
    desk.act(reviewer, "respond", **OUTCOME, **step)
    desk.act(owner, "approve", decision="approve")
    return owner


def told(desk: Desk, person: str, notice: str) -> int:
    desk.office.deliver_all()
    return len(desk.office.mails_to(desk.address(person), notice))


def wake_at(desk: Desk, moment: datetime) -> None:
    """The sweep finds the case by its index entry, should every alarm have failed."""
    desk.at(moment)
    due = desk.office.site.store.due("wake", moment, limit=10)
    assert [entry["ref"] for entry in due] == [desk.ref]
    execute(desk.ref, Wake(), site=desk.office.site)


@pytest.mark.clause("AFL-02")
def test_the_outcome_records_the_steps_with_owner_and_day(desk: Desk) -> None:
    """The complainant reads the step and its day; the owner is told, and reads it behind the link only."""
    owner = promise(desk)
    assert f"- {STEP} (by Monday 30 November 2026)" in desk.told(COMPLAINANT, "outcome")
    (action,) = desk.case().actions
    assert (action.person, action.due.isoformat(), action.done_at) == (owner, "2026-11-30", None)
    assert told(desk, owner, "action") == 1
    mail = desk.office.mails_to(desk.address(owner), "action")[-1]["Content"]["Simple"]
    assert desk.ref in mail["Subject"]["Data"]
    assert "Monday 30 November 2026" in mail["Body"]["Text"]["Data"]
    assert STEP not in str(mail)
    page = Read(desk.get(desk.secret(owner, "action"))["body"])
    assert STEP in page.text


@pytest.mark.clause("AFL-02")
def test_a_step_outlives_the_closure_until_it_is_done(desk: Desk) -> None:
    """After the closure the owner is reminded on the day, the coordinator is told when it is over and again as long as
    nothing is done, and the owner says when it is done; the page behind the link shows the step and not the
    complaint."""
    owner = promise(desk)
    desk.act(COMPLAINANT, "reply", answer="satisfied")
    assert not desk.case().is_open
    wake_at(desk, MORNING)
    assert told(desk, owner, "action") == 2
    wake_at(desk, MIDNIGHT)
    assert told(desk, desk.coordinator(), "action-overdue") == 1
    assert told(desk, owner, "action-overdue") == 1
    wake_at(desk, A_WEEK_LATER)
    assert told(desk, desk.coordinator(), "action-overdue") == 2
    assert told(desk, owner, "action-overdue") == 2
    secret = desk.secret(owner, "action-overdue")
    page = Read(desk.get(secret)["body"])
    assert STEP in page.text
    assert "overdue" in page.text
    assert "canary" not in page.text.lower()
    answer = desk.post(
        secret,
        page.forms["complete"].hidden,
        done=page.forms["complete"].choices["done"][0],
        note="Since May.",
    )
    assert answer["statusCode"] == 200
    assert desk.facts()[-4:] == ["ActionReminded", "ActionOverdue", "ActionChased", "ActionDone"]
    assert desk.office.site.store.due("wake", MIDNIGHT + timedelta(days=9999), limit=10) == []
    assert desk.case().actions[0].done_at is not None
    assert told(desk, desk.coordinator(), "case-news") > 0
    assert desk.post(secret, page.forms["complete"].hidden, done="formal/action-1")["statusCode"] in (
        403,
        409,
    )


@pytest.mark.clause("AFL-02")
def test_done_in_time_nobody_is_asked_again(desk: Desk) -> None:
    """Who has done it is not reminded of it, and nothing becomes overdue."""
    owner = promise(desk)
    desk.act(COMPLAINANT, "reply", answer="satisfied")
    secret = desk.secret(owner, "action")
    form = Read(desk.get(secret)["body"]).forms["complete"]
    assert desk.post(secret, form.hidden, done=form.choices["done"])["statusCode"] == 200
    before = len(desk.facts())
    desk.at(MIDNIGHT)
    execute(desk.ref, Wake(), site=desk.office.site)
    assert len(desk.facts()) == before


def test_a_closed_case_with_a_step_is_destroyed_in_its_time(desk: Desk) -> None:
    """A step that nobody ever did does not keep the case: people are told of it until the time is over, and then the
    index leads to the deletion."""
    promise(desk)
    desk.act(COMPLAINANT, "reply", answer="satisfied")
    late = datetime(2032, 1, 1, tzinfo=UTC)
    store = desk.office.site.store
    assert store.due("delete", late, limit=10) == []
    wake_at(desk, MIDNIGHT)
    while (stored := store.load(desk.ref)) and stored.due and stored.due[0] == "wake":
        wake_at(desk, stored.due[1])
    assert desk.facts().count("ActionChased") > 50
    assert [entry["ref"] for entry in store.due("delete", late, limit=10)] == [desk.ref]
    desk.at(late)
    execute(desk.ref, AnnounceDeletion(), site=desk.office.site)
    desk.at(late + timedelta(days=20))
    destroy(desk.ref, site=desk.office.site, s3=desk.office.s3)
    assert store.load(desk.ref) is None


def test_the_sweep_fires_what_an_alarm_missed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missed reminder of a step on a closed case goes out with the sweep."""
    monkeypatch.setattr("handlers.outbox.courier", lambda: desk.office.courier)
    owner = promise(desk)
    desk.act(COMPLAINANT, "reply", answer="satisfied")
    desk.at(MORNING)
    assert sweep({}, Remaining())["woken"] == 1
    assert told(desk, owner, "action") == 2


@pytest.mark.clause("AFL-02", "AOM-08")
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"owner_1": "role:executive-team", **DUE}, "action_1"),
        ({"action_1": STEP, **DUE}, "owner_1"),
        ({"action_1": STEP, "owner_1": "person:nobody", **DUE}, "owner_1"),
        ({"action_1": STEP, "owner_1": "role:executive-team"}, "due_1"),
        ({"action_1": STEP, "owner_1": "role:executive-team", **DUE, "due_1.day": "31"}, "due_1"),
        ({"action_1": STEP, "owner_1": "role:executive-team", **DUE, "due_1.month": "10"}, "due_1"),
        ({"action_1": STEP, "owner_1": "role:executive-team", **DUE, "due_1.year": "2030"}, "due_1"),
    ],
)
def test_half_a_step_keeps_the_response_back(desk: Desk, given: dict[str, Any], missing: str) -> None:
    """A step has its text, its owner and a day that can be kept; the page names what is missing and keeps the rest."""
    reviewer = at_the_reviewer(desk, ALLIANCE)
    page = refused(desk, reviewer, "respond", **OUTCOME, **given)
    assert f"respond.{missing}" in page.fragments
    assert set(page.fragments) <= set(page.ids)
    assert page.forms["respond"].texts["reasons_1"] == OUTCOME["reasons_1"]


def test_nobody_else_says_that_it_is_done(desk: Desk) -> None:
    """The reviewer, who does not own the step, is not offered it; nor is the coordinator before it is overdue."""
    promise(desk)
    for person in (desk.case().current.reviewers[0], desk.coordinator()):
        answer = desk.post(desk.secret(person), {"action": "complete", "done": "formal/action-1"})
        assert answer["statusCode"] == 403
