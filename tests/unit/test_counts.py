"""What is counted of what happens: by procedure, and without anything that leads to a case or a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from domain.acts.acknowledgement import ComplaintAcknowledged
from domain.acts.bounces import NoticeBounced
from domain.acts.intake import ComplaintSubmitted
from domain.acts.outcome import OutcomeSent
from domain.acts.waking import DeadlineBreached
from domain.breaches import Breach
from domain.case import Case
from domain.event import Event
from domain.frozen import replace
from domain.records import to_record
from handlers.counts import Counted, counts_of, is_counted, publish
from tests.unit.invented import case_of, submitted

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def counted(fact: Event, case: Case) -> Counted:
    return counts_of(to_record(fact), case)


def test_an_outcome_is_late_where_its_date_was_missed() -> None:
    """A date of another stage, or of the acknowledgement, does not make it late."""
    case = case_of(submitted())
    sent = OutcomeSent(at=AT, by="reviewer", stage="first")
    for missed, name in (
        ("first/respond", "OutcomesLate"),
        ("first/acknowledge", "OutcomesOnTime"),
        ("second/respond", "OutcomesOnTime"),
    ):
        after = replace(case, breaches=(Breach(deadline=missed, due_at=AT),))
        assert counted(sent, after) == {(case.organisation, name): 1}


def test_a_case_counts_once_by_its_kind_and_once_by_the_way_it_came() -> None:
    """Each stands for itself, as a metric has no dimension for it."""
    events = submitted()
    (began,) = (fact for fact in events if isinstance(fact, ComplaintSubmitted))
    by_hand = replace(began, kind="concern", route="telephone")
    case = case_of(events)
    assert counted(began, case) == {
        (case.organisation, "ComplaintsOpened"): 1,
        (case.organisation, "CameByForm"): 1,
    }
    assert counted(by_hand, case) == {
        (case.organisation, "ConcernsOpened"): 1,
        (case.organisation, "CameByTelephone"): 1,
    }


def test_a_mail_that_failed_counts_once() -> None:
    """Whoever it was for."""
    case = case_of(submitted())
    bounced = NoticeBounced(at=AT, by="mail", person="complainant", notice="receipt")
    assert counted(bounced, case) == {(case.organisation, "MailsBounced"): 1}


def test_what_is_not_counted_is_known_by_its_name() -> None:
    """Nobody reads a case for a fact that counts as nothing."""
    assert is_counted("DeadlineBreached")
    assert not is_counted(ComplaintAcknowledged.__name__)


def test_a_metric_has_no_dimension_but_the_procedure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a case nor a person nor a function: each would make it another metric."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "complaints")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "figures")
    case = case_of(submitted())
    found = counted(DeadlineBreached(at=AT, by="clock", deadline="first/respond", due_at=AT), case)
    publish(found + found)
    (line,) = capsys.readouterr().out.splitlines()
    metric = json.loads(line)
    (described,) = metric["_aws"]["CloudWatchMetrics"]
    assert described["Dimensions"] == [["procedure"]]
    assert {name: value for name, value in metric.items() if name != "_aws"} == {
        "procedure": case.organisation,
        "DeadlinesMissed": [2.0],
    }
