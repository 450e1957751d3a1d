"""Nothing accepted is lost and nothing decided twice: processes killed in the middle, and crowds."""

from __future__ import annotations

import os
import random
import threading
import urllib.error
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from http.client import HTTPException
from typing import Any

import pytest

from domain.records import FIRST_LINK, chained
from local.stack import LocalStack
from tests.e2e.people import Answer, PageForm, Town, forms_of, get, post
from tests.e2e.test_lives import WRITTEN

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

KILLS = int(os.environ.get("KILLS", "4"))
"""Half of them in the middle of submissions, half in that of deliveries. `make years` kills ten times."""
CROWD = 50
AT_A_TIME = 3
"""People who submit while the stack is killed and comes back."""
ORGANISATION = "leadership-east"


class Person:
    """Somebody who complains, and sends the form again, unchanged, until it is answered."""

    def __init__(self, town: Town, name: str) -> None:
        self.town, self.name = town, name
        self.email = f"{name}@complainant.example"
        self.tries = 0
        self.ref = ""

    def ask(self) -> Answer:
        """Send the form once; OSError, HTTPException: nobody answered."""
        self.tries += 1
        answers = {**required(self.town.base_url), "email": self.email}
        return self.town.submit(ORGANISATION, answers, key=f"key-of-{self.name}")

    def insist(self, over: threading.Event) -> None:
        """Send it until it is accepted, or until it is `over`."""
        while not self.ref and not over.is_set():
            try:
                answer = self.ask()
            except (OSError, HTTPException, urllib.error.URLError):
                over.wait(0.05)
                continue
            if answer.status == 201:
                self.ref = answer.json()["reference"]
            else:
                assert answer.status >= 500, f"{answer.status}: {answer.text}"
                over.wait(0.05)


@cache
def required(base_url: str) -> dict[str, Any]:
    """Answers to what the form requires."""
    definition = get(f"{base_url}/api/v1/{ORGANISATION}/forms/complaint").json()
    asked = [one for one in definition["fields"] if one["required"]]
    return {
        one["id"]: one["choices"][0]["id"] if one["type"] == "choice" else WRITTEN[one["id"]] for one in asked
    }


def references(stack: LocalStack) -> list[str]:
    return [case["ref"] for case in stack.worklist()]


def more_mails(stack: LocalStack, than: int) -> bool:
    return len(stack.outbox()) > than


def anybody_accepted(people: list[Person]) -> bool:
    return any(person.ref for person in people)


def confirmations(town: Town, person: Person) -> list[dict[str, Any]]:
    """The mails that tell somebody that the complaint is in, with its reference."""
    return [mail for mail in town.mails(person.email) if person.ref in mail["subject"] + mail["text"]]


def events_of(stack: LocalStack, ref: str) -> list[dict[str, Any]]:
    """A case's events as stored, oldest first."""
    pages = (
        stack.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=stack.resources()["CasesTable"],
            KeyConditionExpression="PK = :pk AND begins_with(SK, :sk)",
            ExpressionAttributeValues={":pk": {"S": f"CASE#{ref}"}, ":sk": {"S": "EVENT#"}},
        )
    )
    return [item for page in pages for item in page["Items"]]


def assert_chained(stack: LocalStack, ref: str) -> None:
    """The events are numbered without a gap, and each carries the hash of the one before."""
    from adapters.cases.attributes import from_attributes

    head = FIRST_LINK
    for number, raw in enumerate(events_of(stack, ref), start=1):
        item = from_attributes(raw)
        assert f"EVENT#{number:06}" == item["SK"]
        assert head == item["previous"]
        head = chained(item["fact"], head)
        assert head == item["hash"]
    assert head != FIRST_LINK, f"{ref} has no events"


def test_kills_lose_no_complaint(stack: LocalStack) -> None:
    """Every process is killed, again and again, while people submit and their mails go out. Whoever was answered has a
    case and is told of it; whoever was not sends the same again and has one case, too."""
    town, before = Town(stack), set(references(stack))
    chance = random.Random(4)
    people: list[Person] = []
    for number in range(KILLS):
        arriving = [Person(town, f"kill-{number}-{one}") for one in range(AT_A_TIME)]
        people += arriving
        mails, over = len(stack.outbox()), threading.Event()
        with ThreadPoolExecutor(AT_A_TIME) as crowd:
            sending = [crowd.submit(person.insist, over) for person in arriving]
            try:
                if number % 2:
                    # In the middle of the delivery: the first of several mails is out.
                    assert stack.eventually(partial(more_mails, stack, mails)), "no mail goes out"
                else:
                    # In the middle of the submissions: somebody has an answer, others wait for theirs.
                    assert stack.eventually(partial(anybody_accepted, arriving)), "nobody is accepted"
                over.wait(chance.uniform(0, 0.1))
                stack.kill()
                stack.start()
                for one in sending:
                    one.result(60)
            finally:
                over.set()

    # What the stream had not delivered when it was lost, the sweep delivers.
    stack.advance("10 minutes")
    town.settle()
    refs = [person.ref for person in people]
    assert any(person.tries > 1 for person in people), "nobody was interrupted"
    assert len(people) == len(set(refs)) == KILLS * AT_A_TIME
    assert sorted(refs) == sorted(set(references(stack)) - before), (
        "as many cases as were accepted, and no other"
    )
    told = {person.name: len(confirmations(town, person)) for person in people}
    assert [] == [name for name, count in told.items() if count == 0], "somebody was not told"
    assert max(told.values()) <= 1 + KILLS
    assert sum(told.values()) <= len(people) + KILLS * AT_A_TIME, (
        "a crash repeats what it interrupted, no more"
    )
    for person in people:
        assert_chained(stack, person.ref)
    again = people[0].ask()
    assert (201, people[0].ref) == (again.status, again.json()["reference"])


def test_fifty_people_submit_at_once(stack: LocalStack) -> None:
    """Each is accepted, has a case of their own and is told of it, once."""
    town, before = Town(stack), set(references(stack))
    people = [Person(town, f"crowd-{number}") for number in range(CROWD)]
    start = threading.Barrier(CROWD)

    def submit(person: Person) -> Answer:
        start.wait()
        return person.ask()

    with ThreadPoolExecutor(CROWD) as crowd:
        answers = list(crowd.map(submit, people))
    assert {201: CROWD} == Counter(answer.status for answer in answers)
    for person, answer in zip(people, answers, strict=True):
        person.ref = answer.json()["reference"]
    assert CROWD == len({person.ref for person in people})
    assert {person.ref for person in people} == set(references(stack)) - before
    town.settle()
    assert [1] * CROWD == [len(confirmations(town, person)) for person in people]


def test_one_key_from_fifty_at_once_is_one_case(stack: LocalStack) -> None:
    """A form that is sent fifty times at the same moment opens one case, and everybody gets its reference."""
    town, before = Town(stack), set(references(stack))
    person = Person(town, "impatient")
    with ThreadPoolExecutor(CROWD) as crowd:
        answers = list(crowd.map(lambda _: person.ask(), range(CROWD)))
    assert {201: CROWD} == Counter(answer.status for answer in answers)
    (ref,) = {answer.json()["reference"] for answer in answers}
    assert {ref} == set(references(stack)) - before


def test_fifty_race_on_one_link(stack: LocalStack) -> None:
    """Fifty different outcomes are sent from one link at once: one is recorded and sent, and everybody else is told
    that there is one already."""
    town = Town(stack)
    complainant = Person(town, "raced-for")
    complainant.ref = complainant.ask().json()["reference"]
    link, form = door(town, complainant.ref, "acknowledge")
    assert post(link, {**form.hidden, "confirm": "yes"}).status == 200
    link, form = door(town, complainant.ref, "assign")
    assert post(link, {**form.hidden, "reviewers": form.offered["reviewers"][:1]}).status == 200
    link, form = door(town, complainant.ref, "respond")
    start = threading.Barrier(CROWD)

    def respond(number: int) -> Answer:
        start.wait()
        return post(link, {**form.hidden, **filled(form), "response": f"This is answer {number:02} of many."})

    with ThreadPoolExecutor(CROWD) as crowd:
        answers = list(crowd.map(respond, range(CROWD)))
    assert {200: 1, 409: CROWD - 1} == Counter(answer.status for answer in answers)
    (winner,) = (number for number, answer in enumerate(answers) if answer.status == 200)
    for answer in answers:
        if answer.status == 409:
            assert "has already been sent" in answer.text
            assert not forms_of(answer.text).get("respond"), "nothing is left to press"
    town.settle()
    sent = [mail for mail in town.mails(complainant.email) if "of many" in mail["text"]]
    assert [f"This is answer {winner:02} of many." in mail["text"] for mail in sent] == [True]
    kinds = [item["fact"]["M"]["type"]["S"] for item in events_of(stack, complainant.ref)]
    assert 1 == kinds.count("OutcomeRecorded")
    assert_chained(stack, complainant.ref)


def door(town: Town, ref: str, action: str) -> tuple[str, PageForm]:
    """The link of somebody who can do something in a case, and the form for it."""
    town.settle()
    found = [(link, forms[action]) for _, link, forms in town.doors(ref) if action in forms]
    assert found, f"nobody can {action}"
    link, form = found[0]
    assert get(link).status == 200
    return link, form


def filled(form: PageForm) -> dict[str, str]:
    """An outcome with all that its form can require."""
    texts = {"evidence": "The booking list.", "reasons": "Because of the booking list.", "conclusion": ""}
    return {
        name: values[0] if kind == "conclusion" else texts[kind]
        for name, values in form.offered.items()
        if (kind := name.partition("_")[0]) in texts and name != "response"
    }
