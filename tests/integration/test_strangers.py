"""What comes from one connection, and what is asked beyond that: on the page and at the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from altcha.v2 import Challenge, Payload, solve_challenge
from botocore.exceptions import ClientError

from adapters.people.strangers import FEWEST, PROVEN_WITHIN, wait_for
from domain.rates import PER_ADDRESS, PER_NETWORK, connection_of
from handlers import wiring
from tests.browser.gateway import NOW, Response, call, post_form, set_clock
from tests.integration.office import Office
from tests.integration.test_api import ANSWERS, problem_of
from tests.integration.test_forms import FILLED

pytestmark = pytest.mark.usefixtures("clock_file")

FORM = "/leadership-east/complaint"
CASES = "/api/v1/leadership-east/cases"
SCHOOL = "192.0.2.7"
NEIGHBOUR = "192.0.2.8"


def send(key: int, *, address: str = SCHOOL, proof: str = "") -> Response:
    """The answer to a form, sent under the key of that number."""
    values = [*FILLED.items(), ("aspects", "A point"), ("_key", f"{key:043d}"), ("_proof", proof)]
    return post_form(f"{FORM}/submit", values, address=address)


def ask(key: int, *, address: str = SCHOOL, solution: str = "") -> Response:
    """The answer of the API to a submission."""
    headers = {"content-type": "application/json", "idempotency-key": f"key-{key}"}
    headers |= {"altcha-solution": solution} if solution else {}
    body = json.dumps({"form": "complaint", "answers": ANSWERS}).encode()
    return call("POST", CASES, headers=headers, body=body, address=address)


def take(address: str, number: int) -> list[int]:
    """Take so many tokens of an address, as so many forms do; how long each has to wait."""
    connection = connection_of(address)
    assert connection is not None
    return [wait_for(connection, site=wiring.site()) for _ in range(number)]


def solved(challenge: Any) -> str:
    """What a browser makes of a challenge, with the guesses left out that are never right."""
    given = Challenge.from_dict(challenge)
    solution = solve_challenge(given, counter_start=FEWEST)
    assert solution is not None
    return Payload(given, solution).to_base64()


def challenge_on(answer: Response) -> Any:
    (found,) = (one["data-challenge"] for one in answer.page.all("p") if "data-challenge" in one)
    return json.loads(found)


@pytest.fixture
def spent(office: Office) -> None:
    """The school has sent all that may come at once."""
    assert set(take(SCHOOL, PER_ADDRESS.at_once)) == {0}


def test_beyond_the_limit_the_page_keeps_what_was_typed_and_says_what_can_be_done(
    office: Office, spent: None
) -> None:
    """The first form too many is not taken and not lost: its answers are on the page, with when and how else."""
    refused = send(1)
    assert refused.status == 429
    assert refused.page.value("_key") == f"{1:043d}"
    for name, typed in FILLED.items():
        if not name.startswith(("incident", "address")):
            assert refused.page.value(name) == typed
    assert refused.page.title.startswith("Error: Check your answers")
    assert "It has not been sent yet" in refused.page.text
    assert "wait 3 minutes, then press Send" in refused.page.text
    assert "01632 960" in refused.page.text.partition("in another way")[2]
    assert not [item for item in office.items() if item["SK"] == {"S": "STATE"}]


def test_who_waits_is_let_in(spent: None, clock_file: Path) -> None:
    """Without any script the same form is taken once a token has fallen in."""
    assert send(1).status == 429
    set_clock(clock_file, NOW + timedelta(seconds=PER_ADDRESS.every))
    assert send(1).status == 201
    assert send(2).status == 429


def test_with_a_proof_it_is_taken_at_once(spent: None) -> None:
    """What the page asks for and a browser works out is enough, and can be sent again as often as the form can."""
    proof = solved(challenge_on(send(1)))
    assert send(1, proof=proof).status == 201
    assert send(1, proof=proof).status == 200


def test_a_proof_is_good_for_one_case(spent: None) -> None:
    """Sent under another key, by another organisation's form or by the API, it is worth nothing."""
    proof = solved(challenge_on(send(1)))
    assert send(1, proof=proof).status == 201
    assert send(2, proof=proof).status == 429
    assert ask(1, solution=proof).status == 429
    values = [("_key", f"{1:043d}"), ("_proof", proof), ("name", "Somebody"), ("account", "It rained.")]
    elsewhere = post_form("/creative-alliance/complaint/submit", values, address=SCHOOL)
    assert elsewhere.status in (422, 429)


def test_a_proof_ends(spent: None, clock_file: Path) -> None:
    """After twenty minutes another one is asked for, and what was typed is still there."""
    # Nothing falls in meanwhile that would do without.
    take(SCHOOL, 1)
    proof = solved(challenge_on(send(1)))
    late = NOW + PROVEN_WITHIN
    set_clock(clock_file, late)
    take(SCHOOL, PER_ADDRESS.at_once)
    refused = send(1, proof=proof)
    assert refused.status == 429
    assert refused.page.value("name") == FILLED["name"]


def test_a_proof_outlives_midnight(clock_file: Path) -> None:
    """What was asked for just before the key changed is good until its time is over."""
    late = NOW.replace(hour=23, minute=55)
    set_clock(clock_file, late)
    take(SCHOOL, PER_ADDRESS.at_once)
    proof = solved(challenge_on(send(1)))
    set_clock(clock_file, late + timedelta(minutes=10))
    take(SCHOOL, PER_ADDRESS.at_once)
    assert send(2).status == 429
    assert send(1, proof=proof).status == 201


@pytest.mark.parametrize(
    "proof", ["x", "e30=", "W10=", "bnVsbA==", "eyJjaGFsbGVuZ2UiOnt9LCJzb2x1dGlvbiI6e319", "é"]
)
def test_what_is_no_proof_is_asked_for_again(spent: None, proof: str) -> None:
    """Whatever stands in the place of a proof, the answer is the same page."""
    assert send(1, proof=proof).status == 429


@pytest.mark.parametrize(("name", "value"), [("cost", 1), ("keyPrefix", ""), ("data", {"for": "anything"})])
def test_a_challenge_that_was_made_easier_proves_nothing(spent: None, name: str, value: Any) -> None:
    """Each part of it is signed."""
    challenge = challenge_on(send(1))
    assert challenge["parameters"][name] != value
    easier = {**challenge["parameters"], name: value}
    counter = 0 if name == "keyPrefix" else FEWEST
    given = Challenge.from_dict({**challenge, "parameters": {**easier, "keyPrefix": ""}})
    solution = solve_challenge(given, counter_start=counter)
    assert solution is not None
    proof = Payload(Challenge.from_dict({**challenge, "parameters": easier}), solution).to_base64()
    assert send(1, proof=proof).status == 429


def test_another_address_is_not_held_up(spent: None) -> None:
    """Who shares nothing with the school but the network is let in, as long as the network has tokens left."""
    assert send(1).status == 429
    assert send(2, address=NEIGHBOUR).status == 201


def test_a_network_has_a_limit_too(office: Office) -> None:
    """Moving from address to address of one network ends at the network's limit, and the next one is untouched."""
    waits = [take(f"192.0.2.{number % 250}", 1)[0] for number in range(PER_NETWORK.at_once)]
    assert set(waits) == {0}
    assert take("192.0.2.251", 1)[0] > 0
    assert take("198.51.100.1", 1) == [0]


def test_the_api_says_what_to_do(spent: None) -> None:
    """A program is told how long to wait and what to solve, and is let in with the solution."""
    refused = ask(1)
    found = problem_of(refused, "TooMany")
    assert int(refused.headers["Retry-After"]) == PER_ADDRESS.every
    assert ask(2, solution=solved(found["challenge"])).status == 429
    assert ask(1, solution=solved(found["challenge"])).status == 201
    assert ask(1, address=NEIGHBOUR).status == 201


def test_no_address_is_kept_or_logged(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """The table has a keyed mark of twenty bits, for less than a day; nothing has the address."""
    assert send(1).status == 201
    assert ask(1, address="2001:db8:1:2::3").status == 201
    stored = json.dumps(office.items(), default=str)
    said = "".join(capsys.readouterr())
    assert said
    for part in ("192.0.2", "2001:db8", "192.0.2.0/24"):
        assert part not in stored
        assert part not in said
    kept = [item for item in office.items() if item["PK"]["S"].startswith("STRANGERS#")]
    assert {item["SK"]["S"] for item in kept} == {"TAKEN", NOW.date().isoformat()}
    for item in kept:
        assert int(item["expires"]["N"]) <= NOW.timestamp() + 86_400
        assert "due_shard" not in item
        if item["SK"] == {"S": "TAKEN"}:
            assert len(item["PK"]["S"].removeprefix("STRANGERS#")) == 5


def test_the_mark_changes_with_the_day(office: Office, clock_file: Path) -> None:
    """Nobody can follow an address from one day to the next."""
    take(SCHOOL, 1)
    set_clock(clock_file, NOW + timedelta(days=1))
    take(SCHOOL, 1)
    marks = {item["PK"]["S"] for item in office.items() if item["SK"] == {"S": "TAKEN"}}
    assert len(marks) == 2


def test_two_functions_share_the_key_of_the_day(office: Office) -> None:
    """Whoever is second to draw a key takes the first one's, so that both count the same."""
    take(SCHOOL, PER_ADDRESS.at_once - 1)
    wiring.site.cache_clear()
    assert take(SCHOOL, 2) == [0, PER_ADDRESS.every]


def test_a_quiet_connection_begins_anew(clock_file: Path) -> None:
    """After an hour without anything, what comes at once is again what a full bucket holds and no more."""
    take(SCHOOL, 3)
    set_clock(clock_file, NOW + timedelta(hours=1))
    waits = take(SCHOOL, PER_ADDRESS.at_once + 1)
    assert waits == [0] * PER_ADDRESS.at_once + [PER_ADDRESS.every]


@pytest.fixture
def throttled() -> Iterator[None]:
    """The table has no capacity for what strangers send."""

    def refuse(params: Any, **_: Any) -> None:
        raise ClientError(
            {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": ""}}, "UpdateItem"
        )

    client = wiring.site().store.client
    client.meta.events.register("provide-client-params.dynamodb.UpdateItem", refuse)
    yield
    client.meta.events.unregister("provide-client-params.dynamodb.UpdateItem", refuse)


def test_a_limit_that_cannot_be_looked_up_holds_nobody_up(spent: None, throttled: None) -> None:
    """A complaint is not lost because the limiter failed."""
    assert send(1).status == 201


PROOF = "a-proof-that-only-the-front-knows"


@pytest.mark.parametrize(
    ("said", "header"),
    [
        ("203.0.113.9:46532", "cloudfront-viewer-address"),
        ("2001:db8:9:9:9:9:9:9:443", "cloudfront-viewer-address"),
        ("198.51.100.7, 203.0.113.9", "x-forwarded-for"),
    ],
)
def test_a_front_that_proves_itself_is_believed(
    spent: None, monkeypatch: pytest.MonkeyPatch, said: str, header: str
) -> None:
    """Behind a domain in front the limit is that of the address which it names, last and with or without a port."""
    monkeypatch.setenv("FRONT_PROOF", PROOF)
    monkeypatch.setenv("CLIENT_ADDRESS_HEADER", header)

    def sent(key: int, address: str) -> int:
        headers = {
            "content-type": "application/json",
            "idempotency-key": f"key-{key}",
            "x-front-proof": PROOF,
        }
        body = json.dumps({"form": "complaint", "answers": ANSWERS}).encode()
        return call("POST", CASES, headers=headers | {header: address}, body=body, address=SCHOOL).status

    assert sent(1, said) == 201
    named = said.rpartition(", ")[2].removesuffix(":46532").removesuffix(":443")
    take(named, PER_ADDRESS.at_once - 1)
    assert sent(2, said) == 429
    assert sent(3, "203.0.113.77:1") == 201


def test_without_a_front_nobody_is_believed(spent: None) -> None:
    """A header that anybody can send changes nothing."""
    headers = {"content-type": "application/json", "idempotency-key": "key-1", "x-front-proof": ""}
    headers |= {"cloudfront-viewer-address": "203.0.113.9:1", "x-forwarded-for": "203.0.113.9"}
    body = json.dumps({"form": "complaint", "answers": ANSWERS}).encode()
    assert call("POST", CASES, headers=headers, body=body, address=SCHOOL).status == 429
