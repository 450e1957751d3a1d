"""A key for each case: what people wrote is noise without it, and it goes with the case."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from adapters.cases.attributes import from_attributes, to_attributes
from adapters.cases.erasure import Unfinished, destroy
from adapters.cases.execute import execute
from adapters.cases.sealing import CaseKey, NoKey, open_content
from adapters.cases.store import CaseStore
from adapters.cases.submission import submit
from adapters.identities import RandomIdentities
from adapters.secrets import ParameterSecrets, begin
from cli.main import app
from cli.recovery import Cabinet, Destroyed, missing
from cli.resealing import Resealed, reseal, reseal_all
from domain.acts.notes import AddNote
from domain.case import COMPLAINANT
from domain.words import Writing
from handlers import links, wiring
from tests.integration.desk import ANSWERS, OUTCOME, Desk, close, event_at
from tests.integration.office import BUCKET, KEYS, SECRET, TABLE, calls_of, client_of, just_before
from tests.integration.test_restore import answered as answered_at
from tests.integration.test_restore import to_its_destruction

pytestmark = pytest.mark.integration

CANARY = "canary"
EVERYTHING = ["leadership-east", "leadership-east/data-protection"]


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A case in whose every content a canary sings."""
    desk.open("leadership-east", {"account": f"What the {CANARY} saw."})
    return desk


def stored_in(desk: Desk, table: str) -> list[dict[str, Any]]:
    """Everything in a table, as values."""
    pages = desk.office.client.get_paginator("scan").paginate(TableName=table)
    return [from_attributes(item) for page in pages for item in page["Items"]]


def contents_of(desk: Desk) -> dict[str, bytes]:
    """What is stored of what people wrote, by id."""
    return {
        item["SK"].removeprefix("CONTENT#"): bytes(item["sealed"])
        for item in stored_in(desk, TABLE)
        if item["PK"] == f"CASE#{desk.ref}" and item["SK"].startswith("CONTENT#")
    }


def as_before_keys(desk: Desk) -> dict[str, dict[str, Any]]:
    """Put the case back to what it was before there were keys; answers with its words."""
    store, client = desk.office.site.store, desk.office.client
    words = store.all_contents(desk.ref)
    for content, written in words.items():
        item = {"PK": f"CASE#{desk.ref}", "SK": f"CONTENT#{content}"}
        client.update_item(
            TableName=TABLE,
            Key=to_attributes(item),
            UpdateExpression="SET sealed = :plain",
            ExpressionAttributeValues={":plain": {"B": json.dumps([desk.ref, written]).encode()}},
        )
    client.update_item(
        TableName=TABLE,
        Key=to_attributes({"PK": f"CASE#{desk.ref}", "SK": "STATE"}),
        UpdateExpression="REMOVE has_key",
    )
    lose_key(desk)
    return words


def lose_key(desk: Desk) -> None:
    desk.office.client.delete_item(TableName=KEYS, Key=to_attributes({"PK": f"CASE#{desk.ref}", "SK": "KEY"}))


def in_the_clear(desk: Desk) -> list[str]:
    return [content for content, stored in contents_of(desk).items() if not stored.startswith(b"\x01")]


def test_nothing_that_somebody_wrote_lies_in_the_clear(told: Desk) -> None:
    """Answers, notes, outcomes, drafts and letters are sealed; neither table shows a word or a key."""
    told.act(told.coordinator(), "acknowledge", confirm="yes")
    reviewer = told.reviewer()
    told.act(told.coordinator(), "assign", reviewers=reviewer)
    told.act(told.coordinator(), "note", kind="call-reached", text=f"A note on the {CANARY}.")
    told.post(told.secret(reviewer), {"action": "respond", "draft": "yes", **OUTCOME})
    told.act(reviewer, "respond", **{**OUTCOME, "text": f"To the {CANARY}: sorry."})
    told.office.deliver_all()
    kinds = {content.split("-")[0] for content in contents_of(told)}
    assert {"draft", "letter"} <= kinds
    assert not in_the_clear(told)
    everything = repr([*stored_in(told, TABLE), *stored_in(told, KEYS)])
    assert CANARY not in everything
    store = told.office.site.store
    _, stored = store.get_with_key(told.ref, ())
    key = store.key_of(told.ref, stored)
    assert isinstance(key, CaseKey)
    assert repr(key.key) not in everything
    assert any(CANARY in repr(words) for words in store.all_contents(told.ref).values())


def test_a_key_is_deleted_before_anything_else_goes(told: Desk) -> None:
    """An erasure that breaks off at its first other step leaves nothing that can be read."""
    close(answered_at(told))
    to_its_destruction(told)
    before = contents_of(told)
    assert before

    class Broken:
        def get_paginator(self, operation: str) -> Any:
            raise Unfinished("S3 does not answer.")

    with pytest.raises(Unfinished):
        destroy(told.ref, site=told.office.site, s3=Broken())
    assert contents_of(told) == before, "nothing else is gone yet"
    assert stored_in(told, KEYS) == []
    with pytest.raises(NoKey):
        told.office.site.store.all_contents(told.ref)
    destroy(told.ref, site=told.office.site, s3=told.office.s3)
    assert contents_of(told) == {}


def test_a_copy_from_before_is_noise_after_a_destruction(told: Desk) -> None:
    """What was copied of the table while the case was there is opened by nothing that exists afterwards."""
    close(answered_at(told))
    copy = contents_of(told)
    to_its_destruction(told)
    destroy(told.ref, site=told.office.site, s3=told.office.s3)
    store = told.office.site.store
    _, stored = store.get_with_key(told.ref, ())
    assert stored is None
    others = [item for item in stored_in(told, KEYS) if item["SK"] == "KEY"]
    assert not others
    for content, sealed in copy.items():
        assert CANARY.encode() not in sealed
        with pytest.raises(NoKey):
            open_content(told.ref, content, sealed, store.key_of(told.ref, stored))


def test_a_case_whose_key_is_gone_does_not_come_back(told: Desk) -> None:
    """A copy of the table still has it, and no list says that it was destroyed: without its key it is not restored."""
    site = told.office.site
    lose_key(told)
    with pytest.raises(Destroyed, match="key"):
        missing(
            told.ref,
            then=CaseStore(client=site.store.client, table=TABLE),
            today=site.store,
            cabinet=Cabinet(client=told.office.s3, bucket=BUCKET),
        )


def test_nothing_is_written_in_a_case_whose_key_is_lost(told: Desk) -> None:
    """It gets no other key, under which what is there could never be read again."""
    lose_key(told)
    before = stored_in(told, TABLE)
    answer = told.post(
        told.secret(told.coordinator()), {"action": "note", "kind": "call-reached", "text": "A note."}
    )
    assert answer["statusCode"] == 500
    assert [item for item in stored_in(told, TABLE) if item not in before] == []
    assert stored_in(told, KEYS) == []


def test_what_was_written_before_there_were_keys_is_read_and_gets_one(told: Desk) -> None:
    """Pages show it as ever. What is written next is sealed, and the key is drawn once."""
    words = as_before_keys(told)
    assert told.office.site.store.all_contents(told.ref) == words
    assert f"What the {CANARY} saw." in told.get(told.secret(told.coordinator()))["body"]
    told.act(told.coordinator(), "note", kind="call-reached", text="Two calls were made.")
    told.act(told.coordinator(), "note", kind="call-reached", text="A third one.")
    assert len(stored_in(told, KEYS)) == 1
    found = told.office.site.store.all_contents(told.ref)
    assert len(in_the_clear(told)) == len(words)
    assert words.items() <= found.items()
    assert "A third one." in repr(found)


def test_two_who_write_first_agree_on_one_key(told: Desk) -> None:
    """Whoever loses the race for it decides again, with the key of the other."""
    as_before_keys(told)
    coordinator = told.coordinator()

    note = AddNote(
        by=coordinator, stage="stage-1", kind="call-reached", note=Writing("first", {"text": "Mine."})
    )

    def other_first() -> None:
        execute(told.ref, note, site=told.office.site)

    secret = told.secret(coordinator)
    event = event_at("links-act", secret)
    event["body"] = urlencode({"action": "note", "kind": "call-reached", "text": "And mine."})
    with just_before(wiring.client("dynamodb"), "dynamodb.TransactWriteItems", other_first):
        assert links.handler(event, None)["statusCode"] == 200
    assert len(stored_in(told, KEYS)) == 1
    found = repr(told.office.site.store.all_contents(told.ref))
    assert "'Mine.'" in found
    assert "And mine." in found


def test_a_command_seals_the_rest(told: Desk) -> None:
    """It counts what it did, changes no word, and finds nothing to do when it is run again."""
    words = as_before_keys(told)
    store = told.office.site.store
    *_, done = reseal_all(EVERYTHING, store)
    assert done == Resealed(cases=1, keys=1, contents=len(words))
    assert not in_the_clear(told)
    assert store.all_contents(told.ref) == words
    *_, again = reseal_all(EVERYTHING, store)
    assert again == Resealed(cases=1)


def test_sealing_goes_on_where_it_was_broken_off(told: Desk) -> None:
    """A case of which one content is sealed already is done to its end."""
    words = as_before_keys(told)
    store, left = told.office.site.store, [1]

    class BreaksOff:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.client, name)

        def update_item(self, **given: Any) -> Any:
            if not left:
                raise ConnectionError("The power failed.")
            left.pop()
            return store.client.update_item(**given)

    with pytest.raises(ConnectionError):
        reseal(told.ref, replace(store, client=BreaksOff()))
    assert len(in_the_clear(told)) == len(words) - 1
    assert reseal(told.ref, store) == Resealed(cases=1, contents=len(words) - 1)
    assert store.all_contents(told.ref) == words


def test_what_is_being_destroyed_is_not_sealed(told: Desk) -> None:
    """It would get a key that nobody deletes."""
    close(answered_at(told))
    to_its_destruction(told)
    with pytest.raises(ConnectionError):
        destroy(told.ref, site=told.office.site, s3=_Silent())
    assert reseal(told.ref, told.office.site.store) == Resealed()
    assert stored_in(told, KEYS) == []


class _Silent:
    def get_paginator(self, operation: str) -> Any:
        raise ConnectionError("S3 does not answer.")


def test_a_new_secret_takes_the_place_of_the_former_one(told: Desk) -> None:
    """Keys that the former version wrapped are opened as long as it is there, and need it no more once they are wrapped
    anew."""
    store, ssm = told.office.site.store, client_of("ssm")
    before = store.all_contents(told.ref)
    assert not begin(SECRET, client=ssm), "there is one, and it stays"
    assert begin(SECRET, client=ssm, anew=True)
    fresh = replace(store, secrets=ParameterSecrets(client=lambda: ssm, name=SECRET))
    assert fresh.all_contents(told.ref) == before
    assert reseal(told.ref, fresh) == Resealed(cases=1, wrapped=1)
    assert [item["by_secret"] for item in stored_in(told, KEYS)] == [2]

    class OnlyNewest(ParameterSecrets):
        def _read(self, name: str) -> int:
            assert name == SECRET, "no former version is asked for"
            return super()._read(name)

    alone = replace(store, secrets=OnlyNewest(client=lambda: ssm, name=SECRET))
    assert alone.all_contents(told.ref) == before


def test_a_deployment_is_given_its_secret_once(desk: Desk) -> None:
    """`make deploy` asks each time; another version is drawn where it is asked for, and the former ones stay."""
    staging, name = ["secret", "--env", "staging"], "/dueprocess/staging/sealing"
    said = [CliRunner().invoke(app, words) for words in (staging, staging, [*staging, "--new"])]
    assert [one.exit_code for one in said] == [0, 0, 0]
    assert [one.stdout.splitlines()[0] for one in said] == [
        f"The secret {name} was drawn.",
        f"The secret {name} is there.",
        f"The secret {name} has a new version. Now wrap the keys anew: dueprocess seal",
    ]
    secrets = ParameterSecrets(client=lambda: client_of("ssm"), name=name)
    assert secrets.newest()[0] == 2
    assert len({secrets.of(1), secrets.of(2)}) == 2
    nowhere = CliRunner().invoke(app, ["secret", "--env", "nowhere"])
    assert (nowhere.exit_code, nowhere.stderr.strip()) == (
        2,
        "Error: samconfig.toml has no environment nowhere.",
    )


def test_whoever_has_no_secret_reads_no_word(told: Desk) -> None:
    """A function that is given the tables and no secret sees the case and none of what was written in it."""
    store = replace(told.office.site.store, secrets=None)
    stored = store.load(told.ref)
    assert stored is not None
    assert stored.key is None
    with pytest.raises(NoKey):
        store.all_contents(told.ref)


def test_keys_are_drawn_and_long_enough() -> None:
    """Two hundred and fifty-six bits, no two alike."""
    drawn = {RandomIdentities().key() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(key) for key in drawn} == {32}


def test_a_submission_takes_no_call_more(told: Desk) -> None:
    """The key is written in the transaction that opens the case, and nothing is read for it."""
    with calls_of(told.office.client) as calls:
        submit("leadership-east", "complaint", ANSWERS, key="another", by=COMPLAINANT, site=told.office.site)
    assert calls.count("TransactWriteItems") == 1
    assert "BatchGetItem" not in calls
    assert len(stored_in(told, KEYS)) == 2
