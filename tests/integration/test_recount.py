"""A holiday is announced after complaints came in: a deployment later everybody concerned knows the new date."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters import procedures
from adapters.cases.execute import execute
from adapters.cases.rounds import Round, key_of, round_in
from adapters.cases.rules import rules_of
from adapters.cases.store import CaseStore
from adapters.cases.submission import submit
from adapters.cases.table import Page
from adapters.site import Site
from authoring.compile import write
from domain.acts.acknowledgement import Acknowledge
from domain.acts.assignment import AssignReviewers
from domain.case import COMPLAINANT
from domain.deadlines import deadlines
from handlers import sweep
from tests.integration.deployment import ANSWERS, Context, Deployment
from tests.integration.desk import ABOUT_DATA

ROOT = Path(__file__).parents[2]
HOLIDAY = date(2026, 11, 10)
HOLIDAY_MORNING = datetime(2026, 11, 10, 9, tzinfo=UTC)

Announce = Callable[[date], None]


@pytest.fixture
def announce(tmp_path: Path) -> Iterator[Announce]:
    """Deploys the procedures with one more public holiday; the former ones are deployed again afterwards."""
    folder = tmp_path / "next"

    def deploy(day: date) -> None:
        write(ROOT / "procedures", folder)
        known = folder / "compiled" / "calendar_england_and_wales.py"
        text = known.read_text("utf-8")
        known.write_text(text.replace("HOLIDAYS = (", f"HOLIDAYS = (({day!r}, 'A day of thanks'),"), "utf-8")
        index = folder / "compiled" / "__init__.py"
        index.write_text(f"{index.read_text('utf-8')}CALENDARS = 'with {day}'\n", "utf-8")
        sys.path.insert(0, str(folder))
        start_anew()

    yield deploy
    if str(folder) in sys.path:
        sys.path.remove(str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    start_anew()


def start_anew() -> None:
    """What a new version of a function begins with: nothing imported, nothing kept."""
    for name in [name for name in sys.modules if name.partition(".")[0] == procedures.PACKAGE]:
        del sys.modules[name]
    procedures._calendar.cache_clear()  # noqa: SLF001 - a function that starts has no cache
    importlib.invalidate_caches()


def under_way(deployment: Deployment) -> None:
    """The case is acknowledged and assigned, so that the answer's date runs; what was sent so far is forgotten."""
    site, ref = deployment.office.site, deployment.ref
    procedure, _ = rules_of(deployment.case())
    stage = deployment.case().current.stage
    coordinator = procedure.holders(procedure.coordinator)[0].id
    reviewer = procedure.holders(procedure.stage(stage).review.role)[0].id
    execute(ref, Acknowledge(by=coordinator, stage=stage), site=site)
    execute(ref, AssignReviewers(by=coordinator, stage=stage, reviewers=(reviewer,)), site=site)
    sweep.handler({}, Context())
    deployment.office.deliver_all()
    deployment.office.mail.sent.clear()


def counted(site: Site) -> Round:
    """How far the round is in which dates are counted again."""
    return round_in(site.store.get(*key_of("CALENDARS")))


def answer_due(deployment: Deployment) -> datetime:
    case = deployment.case()
    procedure, calendar = rules_of(case)
    return next(one for one in deadlines(case, procedure, calendar) if one.rule.name == "respond").due.due_at


@pytest.mark.integration
def test_a_new_holiday_moves_open_cases_and_tells_those_concerned(
    deployment: Deployment, announce: Announce
) -> None:
    """The next sweep counts again, keeps both dates, tells complainant and reviewer, and sets alarms anew."""
    under_way(deployment)
    before = answer_due(deployment)
    announce(HOLIDAY)

    sweep.handler({}, Context())
    deployment.office.deliver_all()

    (move,) = deployment.case().moved
    assert deployment.facts()[-1] == "DatesRecounted"
    assert (move.was, move.now) == (before, answer_due(deployment))
    # The tenth working day after Monday 2 November was Monday the 16th.
    assert before == datetime(2026, 11, 17, tzinfo=UTC)
    assert move.now == datetime(2026, 11, 18, tzinfo=UTC)
    (mail,) = deployment.office.mails_to("canary@complainant.example", "dates-recounted")
    text = " ".join(mail["Content"]["Simple"]["Body"]["Text"]["Data"].split())
    assert "by the end of Tuesday 17 November 2026, not by the end of Monday 16 November 2026" in text
    assert "A day of thanks (Tuesday 10 November)" in text
    assert deployment.office.mails_to("programmes.manager@leadership-east.example", "dates-recounted")
    machine = deployment.office.site.settings.alarm_machine_arn
    executions = deployment.office.courier.stepfunctions.list_executions(stateMachineArn=machine)[
        "executions"
    ]
    version = deployment.case().version
    assert f"{deployment.ref}.stage-1.respond.{version}" in {one["name"] for one in executions}


@pytest.mark.integration
def test_it_is_counted_again_once(deployment: Deployment, announce: Announce) -> None:
    """Later sweeps find nothing to count, and write nothing."""
    under_way(deployment)
    announce(HOLIDAY)
    sweep.handler({}, Context())
    facts = deployment.facts()

    sweep.handler({}, Context())
    sweep.handler({}, Context())

    assert facts.count("DatesRecounted") == 1
    assert deployment.facts() == facts


@pytest.mark.integration
def test_an_act_before_the_sweep_does_not_lose_the_former_date(
    deployment: Deployment, announce: Announce
) -> None:
    """Whatever reaches the case first counts it again first."""
    under_way(deployment)
    before = answer_due(deployment)
    announce(HOLIDAY)
    case = deployment.case()
    procedure, _ = rules_of(case)
    stage = case.current.stage
    others = [one.id for one in procedure.holders(procedure.stage(stage).review.role)]
    other = next(one for one in others if one not in case.current.reviewers)
    coordinator = procedure.holders(procedure.coordinator)[0].id

    execute(
        deployment.ref,
        AssignReviewers(by=coordinator, stage=stage, reviewers=(other,)),
        site=deployment.office.site,
    )

    assert deployment.facts()[-2:] == ["DatesRecounted", "ReviewerAssigned"]
    assert deployment.case().moved[0].was == before


@pytest.mark.integration
def test_a_sweep_without_time_goes_on_with_the_next(deployment: Deployment, announce: Announce) -> None:
    """The new calendars are noted when every case was counted, and not before."""
    under_way(deployment)
    site = deployment.office.site
    second = submit("leadership-east", "complaint", ANSWERS, key="two", by=COMPLAINANT, site=site).reference
    announce(HOLIDAY - timedelta(days=7))

    class Hurried(Context):
        def get_remaining_time_in_millis(self) -> int:
            return 1

    sweep.handler({}, Hurried())
    assert counted(site).done != procedures.calendars()
    sweep.handler({}, Context())

    assert counted(site).done == procedures.calendars()
    for ref in (deployment.ref, second):
        stored = site.store.load(ref)
        assert stored is not None
        assert stored.case.moved


@pytest.mark.integration
def test_a_case_that_the_index_did_not_show_yet_is_counted_half_an_hour_later_at_the_latest(
    deployment: Deployment, announce: Announce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was stored in the minutes before a deployment, or by a function that still ran the bundle before."""
    site = deployment.office.site
    sweep.handler({}, Context())
    announce(HOLIDAY - timedelta(days=7))
    with monkeypatch.context() as behind:
        behind.setattr(CaseStore, "page", lambda *_, **__: Page(items=(), after=None))
        sweep.handler({}, Context())
    stored = site.store.load(deployment.ref)
    assert stored is not None
    assert not stored.case.moved

    sweep.handler({}, Context())

    stored = site.store.load(deployment.ref)
    assert stored is not None
    assert stored.case.moved
    assert counted(site).again_until is not None
    deployment.at(deployment.office.clock.now() + timedelta(minutes=31))
    sweep.handler({}, Context())
    assert counted(site).has_nothing_to_do(procedures.calendars())


@pytest.mark.integration
def test_a_reminder_moves_with_a_holiday_that_moves_no_date(
    deployment: Deployment, announce: Announce
) -> None:
    """The date is counted in days, its first reminder ten working days before it: no event, another look."""
    site = deployment.office.site
    organisation = "leadership-east/data-protection"
    ref = submit(organisation, "complaint", ABOUT_DATA, key="two", by=COMPLAINANT, site=site).reference
    before = site.store.load(ref)
    assert before is not None
    assert before.due == ("wake", datetime(2026, 11, 17, 9, tzinfo=UTC))
    sweep.handler({}, Context())
    announce(date(2026, 11, 25))

    sweep.handler({}, Context())

    after = site.store.load(ref)
    assert after is not None
    assert after.due == ("wake", datetime(2026, 11, 16, 9, tzinfo=UTC))
    assert after.case == before.case
    # So does the worklist.
    state = site.store.get(f"CASE#{ref}", "STATE") or {}
    assert state["next_due"] == state["due_at"]
    deployment.at(after.due[1])
    sweep.handler({}, Context())
    assert site.store.events(ref)[-1]["fact"]["type"] == "DeadlineReminded"


@pytest.mark.integration
def test_when_a_case_is_looked_at_is_not_changed_by_who_was_overtaken(deployment: Deployment) -> None:
    """It is what the last decision said, until somebody looks at the case as that left it."""
    site = deployment.office.site
    before = site.store.load(deployment.ref)
    under_way(deployment)
    after = site.store.load(deployment.ref)
    assert before is not None

    site.store.look_at(before, ("wake", HOLIDAY_MORNING))

    assert site.store.load(deployment.ref) == after
    assert after is not None
    site.store.look_at(after, ("wake", HOLIDAY_MORNING))
    found = site.store.load(deployment.ref)
    assert found is not None
    assert found.due == ("wake", HOLIDAY_MORNING)
    assert found.case == after.case
    site.store.look_at(found, None)
    found = site.store.load(deployment.ref)
    assert found is not None
    assert found.due is None
