"""Nobody does anything for a year: everybody who has to know is told again and again, and then somebody takes it up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from adapters.cases.attributes import to_attributes
from adapters.cases.execute import execute
from adapters.cases.rounds import key_of
from domain.acts.retention import due_for_deletion_at
from domain.acts.waking import Wake
from domain.case import COMPLAINANT
from handlers.sweep import handler as sweep
from tests.integration.town import ADDRESS, Town


class Remaining:
    """A function's context with time left."""

    aws_request_id = function_name = memory_limit_in_mb = invoked_function_arn = "sweep"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


ORGANISATIONS = (
    "alliance-for-learning",
    "ashton-on-mersey-scitt",
    "creative-alliance",
    "dynamic-training",
    "leadership-east",
    "leadership-east/data-protection",
)


def live_on(town: Town, until: datetime) -> None:
    """Let every alarm go off at its own time."""
    store = town.desk.office.site.store
    while (stored := store.load(town.desk.ref)) and stored.due and stored.due[1] <= until:
        town.desk.at(stored.due[1])
        execute(town.desk.ref, Wake(), site=town.desk.office.site)
        town.desk.office.deliver_all()


@pytest.mark.parametrize("slug", ORGANISATIONS)
def test_a_case_that_nobody_moves_is_told_of_until_somebody_does(town: Town, slug: str) -> None:
    """Staff and those over them hear of it every four weeks at least, the complainant too; the complainant's page
    promises nothing that is past; and a year later it can be answered and closed, so that its retention begins."""
    town.complain(slug)
    began = town.desk.office.clock.now()
    live_on(town, began + timedelta(days=365))
    case = town.desk.case()
    assert case.is_open
    assert case.breaches
    over = {person.email for person in town.desk.procedure().holders(town.desk.procedure().escalates_to)}
    for address in over:
        assert len(town.mails(address, "breach-again")) >= 12
    assert len(town.mails(ADDRESS, "missed-date")) >= 10
    page = town.page_of(COMPLAINANT)
    assert "We missed a date" in page.text
    assert "We will send you the outcome" not in page.text

    town.answer()
    town.reply("satisfied")
    assert due_for_deletion_at(town.desk.case()) is not None
    assert [breach.deadline for breach in town.desk.case().breaches] == [
        breach.deadline for breach in case.breaches
    ]


def test_a_case_that_fell_silent_by_former_rules_is_taken_up_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was stored with nothing to wake for; the first sweep of this version finds it in the list of open cases."""
    monkeypatch.setattr("handlers.outbox.courier", lambda: town.desk.office.courier)
    town.complain("leadership-east")
    store, ref = town.desk.office.site.store, town.desk.ref
    began = town.desk.office.clock.now()
    live_on(town, began + timedelta(days=20))
    store.client.update_item(
        TableName=store.table,
        Key=to_attributes({"PK": f"CASE#{ref}", "SK": "STATE"}),
        UpdateExpression="REMOVE due_shard, due_at SET next_due = :none",
        ExpressionAttributeValues=to_attributes({":none": "none"}),
    )
    pk, sk = key_of("CALENDARS")
    noted = {"PK": pk, "SK": sk, "fingerprint": "calendars of before"}
    store.client.put_item(TableName=store.table, Item=to_attributes(noted))
    town.desk.at(began + timedelta(days=400))
    chased = town.desk.facts().count("BreachesChased")
    sweep({}, Remaining())
    assert town.desk.facts().count("BreachesChased") == chased + 1
    stored = store.load(ref)
    assert stored is not None
    assert stored.due is not None
