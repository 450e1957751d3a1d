"""The lists on staff's own pages, whatever the number of cases, and whatever comes twice, late or at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from adapters import procedures
from adapters.cases.attributes import to_attributes
from adapters.cases.erasure import destroy
from adapters.cases.execute import execute
from adapters.cases.rounds import key_of, round_in
from adapters.cases.submission import submit
from adapters.figures.waiting import list_case, waiting_for
from domain.acts.assignment import AssignReviewers
from domain.acts.retention import AnnounceDeletion
from domain.case import COMPLAINANT
from domain.directory import Absence, Entry, seeded
from domain.frozen import replace
from domain.records import to_record
from handlers import figures, sweep
from tests.browser.gateway import Page, call
from tests.integration.deployment import Context
from tests.integration.desk import ANSWERS, LEADERSHIP
from tests.integration.office import Office, just_before
from tests.integration.town import MANAGER, OFFICE, SLUG, Town

FILLED = ANSWERS | LEADERSHIP[1]
CASES = 120
A_PAGE = 50
COORDINATOR = "programmes-office-primary"
REVIEWER = "programmes-manager-primary"
DEPUTY = "programmes-manager-deputy"


@pytest.fixture(autouse=True)
def post(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps send what they deliver by the office's own post."""
    monkeypatch.setattr("handlers.outbox.courier", lambda: town.desk.office.courier)


def come_in(office: Office, key: str = "key") -> str:
    return submit(SLUG, "complaint", FILLED, key=key, by=COMPLAINANT, site=office.site).reference


def assign(office: Office, ref: str, *reviewers: str) -> None:
    execute(ref, AssignReviewers(by=COORDINATOR, stage="stage-1", reviewers=reviewers), site=office.site)


def listed(office: Office, person: str) -> list[str]:
    """The cases on a person's list, in its order."""
    page = waiting_for(person, SLUG, site=office.site, after=None, most=1000)
    return [entry.ref for entry in page.entries]


def entries(office: Office) -> list[str]:
    """Everything that is stored for lists."""
    return sorted(json.dumps(item) for item in office.items() if item["SK"]["S"].startswith("WAITS"))


def state_of(office: Office, ref: str) -> dict[str, Any]:
    key = ({"S": f"CASE#{ref}"}, {"S": "STATE"})
    return next(item for item in office.items() if (item["PK"], item["SK"]) == key)


def forget(office: Office) -> None:
    """Lose all that is stored for lists."""
    for item in office.items():
        if item["SK"]["S"].startswith("WAITS"):
            office.client.delete_item(
                TableName=office.site.store.table, Key={k: item[k] for k in ("PK", "SK")}
            )


def keep_directory(office: Office, version: int, change: Callable[[Any], Any]) -> None:
    """Store a directory, as if somebody had changed it on its page."""
    directory = replace(seeded(procedures.load(SLUG)), version=version)
    item = {"PK": f"DIRECTORY#{SLUG}", "SK": "DIRECTORY", "version": version}
    item |= {"directory": to_record(replace(directory, people=change(directory.people)))}
    office.client.put_item(TableName=office.site.store.table, Item=to_attributes(item))


def pages_of(town: Town, address: str) -> list[Page]:
    """Somebody's own page, and those that follow it."""
    pages = [town.own_page(SLUG, address)[1]]
    while following := [one["href"] for one in pages[-1].all("a") if "?after=" in one.get("href", "")]:
        pages.append(town.page(following[0]))
    return pages


def refs_on(page: Page) -> list[str]:
    return [value for name, value in page.values if name == "case"]


def happened(ref: str, *numbers: int) -> dict[str, Any]:
    """What the stream brings of a case's events."""
    return {
        "Records": [
            {
                "eventName": "INSERT",
                "dynamodb": {
                    "Keys": {"PK": {"S": f"CASE#{ref}"}, "SK": {"S": f"EVENT#{number:06}"}},
                    "NewImage": {"fact": {"M": {"type": {"S": "ComplaintAcknowledged"}}}},
                    "SequenceNumber": str(number),
                },
            }
            for number in numbers
        ]
    }


class TestThePage:
    def test_everybody_finds_their_work_whatever_the_number(self, town: Town, office: Office) -> None:
        """With more open cases than a page holds, a reviewer finds the one that came last, and the office all of them,
        each once, what is overdue first."""
        refs = [come_in(office, f"key-{number}") for number in range(CASES)]
        office.clock.advance(timedelta(days=18))
        town.desk.at(office.clock.now())
        late = come_in(office, "last")
        assign(office, late, REVIEWER)
        (page,) = pages_of(town, MANAGER)
        assert [late] == refs_on(page)
        pages = pages_of(town, OFFICE)
        assert [A_PAGE, A_PAGE, CASES + 1 - 2 * A_PAGE] == [len(refs_on(page)) for page in pages]
        shown = [ref for page in pages for ref in refs_on(page)]
        assert sorted([*refs, late]) == sorted(shown)
        assert late == shown[-1]
        assert "Overdue since" in pages[0].text
        assert "Overdue since" not in pages[-1].text.partition(late)[2]

    def test_a_place_in_the_list_that_is_none_is_its_beginning(self, town: Town, office: Office) -> None:
        """Whatever stands in the address, the page is shown."""
        town.complain(SLUG)
        secret, page = town.own_page(SLUG, OFFICE)
        for odd in ("none", "none~", "x~y", "2026-11-20T00:00:00.000000Z~<script>"):
            answer = call("GET", f"/s/{secret}?after={quote(odd)}")
            assert (answer.status, answer.page.text) == (200, page.text)

    def test_a_list_that_is_behind_shows_nothing_that_does_not_wait(self, town: Town, office: Office) -> None:
        """The case was assigned to somebody else since: the page asks the case."""
        ref = come_in(office)
        assign(office, ref, REVIEWER)
        secret, page = town.own_page(SLUG, MANAGER)
        assert [ref] == refs_on(page)
        assign(office, ref, DEPUTY)
        assert [ref] == listed(office, REVIEWER)
        assert [] == refs_on(town.page(f"/s/{secret}"))


class TestTheStream:
    def test_brings_events_twice_and_in_any_order(self, office: Office) -> None:
        """The list is of the case as it is, whichever event is brought."""
        ref = come_in(office)
        assert {"batchItemFailures": []} == figures.handler(happened(ref, 1, 1), Context())
        assert ([ref], []) == (listed(office, COORDINATOR), listed(office, REVIEWER))
        assign(office, ref, REVIEWER)
        figures.handler(happened(ref, 3, 2), Context())
        once = entries(office)
        assert [ref] == listed(office, REVIEWER)
        figures.handler(happened(ref, 1, 3, 2), Context())
        assert once == entries(office)

    @pytest.mark.parametrize("operation", ["dynamodb.TransactWriteItems", "dynamodb.BatchGetItem"])
    def test_what_is_older_never_stands_over_what_is_newer(self, office: Office, operation: str) -> None:
        """While a case is being listed somebody else lists a later version of it."""
        ref = come_in(office)
        office.list_all()
        assign(office, ref, REVIEWER)

        def overtake() -> None:
            assign(office, ref, DEPUTY)
            list_case(ref, site=office.site)

        with just_before(office.client, operation, overtake):
            list_case(ref, site=office.site)
        assert ([], [ref]) == (listed(office, REVIEWER), listed(office, DEPUTY))

    def test_a_case_that_was_put_back_is_listed_as_it_is_now(self, office: Office) -> None:
        """Its state was lost and restored, while what was listed of the later one stayed."""
        ref = come_in(office)
        state = state_of(office, ref)
        assign(office, ref, REVIEWER)
        keep_directory(office, 1, lambda people: people)
        office.list_all()
        office.client.put_item(TableName=office.site.store.table, Item=state)
        assert list_case(ref, site=office.site)
        assert ([ref], []) == (listed(office, COORDINATOR), listed(office, REVIEWER))
        assert not list_case(ref, site=office.site)

    def test_more_people_than_a_transaction_takes(self, office: Office) -> None:
        """A hundred and fifty reviewers come into the directory, and are called off again."""
        crowd = [f"person-{number}" for number in range(150)]
        more = tuple(
            Entry(id=one, name=one, email=f"{one}@leadership-east.example", roles=("programmes-office",))
            for one in crowd
        )
        ref = come_in(office)
        keep_directory(office, 1, lambda people: (*people, *more))
        office.list_all()
        assert all(listed(office, person) == [ref] for person in crowd)
        keep_directory(office, 2, lambda people: people)
        office.list_all()
        assert not any(listed(office, person) for person in crowd)

    def test_nothing_is_written_of_a_case_that_is_destroyed(self, town: Town, office: Office) -> None:
        """Neither late nor in the middle of its destruction, which leaves nothing of the lists."""
        town.complain(SLUG)
        town.answer()
        office.list_all()
        assert entries(office)
        town.reply("satisfied")
        ref = town.desk.ref
        office.clock.advance(timedelta(days=6 * 366))
        execute(ref, AnnounceDeletion(), site=office.site)
        office.clock.advance(timedelta(days=60))
        with just_before(office.client, "dynamodb.BatchWriteItem", lambda: list_again(ref, office)):
            destroy(ref, site=office.site, s3=office.s3)
        assert [] == entries(office)
        assert not list_case(ref, site=office.site)
        assert {"batchItemFailures": []} == figures.handler(happened(ref, 1), Context())
        assert [] == entries(office)


def list_again(ref: str, office: Office) -> None:
    assert not list_case(ref, site=office.site)


class TestTheRounds:
    def test_lists_that_were_lost_are_made_again_by_one_command(self, office: Office) -> None:
        """The sweep that `dueprocess rebuild` asks for makes them as they were; any other leaves them."""
        refs = [come_in(office, f"key-{number}") for number in range(5)]
        for ref in refs[:2]:
            assign(office, ref, REVIEWER)
        sweep.handler({}, Context())
        before = sorted(listed(office, REVIEWER)), sorted(listed(office, COORDINATOR))
        assert before == (sorted(refs[:2]), sorted(refs))
        forget(office)
        sweep.handler({}, Context())
        assert [] == listed(office, REVIEWER)
        assert 0 == sweep.handler({"source": "dueprocess.rebuild"}, Context())["left"]
        assert before == (sorted(listed(office, REVIEWER)), sorted(listed(office, COORDINATOR)))

    def test_whoever_comes_into_the_directory_has_their_list_with_the_next_sweep(
        self, town: Town, office: Office
    ) -> None:
        """So has whoever stands in while somebody is away, from the first day of the absence on."""
        ref = come_in(office)
        sweep.handler({}, Context())
        newcomer = Entry(
            id="newcomer", name="New", email="new@leadership-east.example", roles=("programmes-office",)
        )
        keep_directory(office, 1, lambda people: (*people, newcomer))
        sweep.handler({}, Context())
        assert [ref] == listed(office, "newcomer")
        away = Absence(first=date(2026, 11, 3), last=date(2026, 11, 4))
        keep_directory(
            office,
            2,
            lambda people: tuple(
                replace(one, absences=(away,)) if one.id == COORDINATOR else one for one in people
            ),
        )
        sweep.handler({}, Context())
        assert ([], []) == (listed(office, "newcomer"), listed(office, "director-primary"))
        office.deliver_all()
        office.clock.advance(timedelta(days=1))
        town.desk.at(office.clock.now())
        sweep.handler({}, Context())
        assert [ref] == listed(office, "director-primary")

    def test_a_round_goes_on_where_the_sweep_before_had_no_more_time(self, office: Office) -> None:
        """Of more cases than there is time for each sweep does some, and none twice; a case for which it cannot be done
        is tried again and keeps no other from it."""
        refs = [come_in(office, f"key-{number}") for number in range(230)]
        broken = refs[7]
        item = state_of(office, broken)
        item["case"]["M"]["procedure_version"] = {"N": "999"}
        office.client.put_item(TableName=office.site.store.table, Item=item)
        sweeps = 0
        while len(listed(office, COORDINATOR)) < len(refs) - 1:
            with suppress(sweep.SweepIncomplete):
                sweep.handler({}, Hasty(160))
            sweeps += 1
            assert sweeps < 10
        assert sweeps > 1
        listing = round_in(office.site.store.get(*key_of("LISTS")))
        assert (broken,) == listing.failed


class Hasty(Context):
    """A function that has time for so many looks at the clock."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def get_remaining_time_in_millis(self) -> int:
        self.looks -= 1
        return 20_000 if self.looks > 0 else 1
