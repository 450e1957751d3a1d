"""Deletion is one path: what a case holds is deleted by `adapters.cases.erasure`, and by nothing else that is shipped.

Messages that belong to no case are taken away by `adapters.post.outbox`, which refuses whatever belongs to one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from adapters.cases.store import CaseStore
from adapters.cases.stored import Undelivered
from adapters.post.outbox import forget_certificate, forget_message, replace_departure

SRC: Final = Path(__file__).parents[2] / "src"
ERASURE: Final = "adapters/cases/erasure.py"
OUTBOX: Final = "adapters/post/outbox.py"

DELETES: Final = re.compile(
    r"delete_\w+|batch_write_item|batch_writer|execute_statement|batch_execute_statement|"
    r"execute_transaction|replace_by_tombstone|Delete|DeleteRequest"
)
"""How the clients of AWS are asked to delete, in calls and in requests, and how a state gives way to a tombstone.
PartiQL statements can delete too; nothing needs them."""


def deletions(source: str) -> Iterator[int]:
    """The lines on which something is called, or requested in a key, that deletes."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) | ast.Constant(value=str(name)) if DELETES.fullmatch(name):
                yield node.lineno
            case _:
                continue


@pytest.mark.parametrize(
    "line",
    [
        "client.delete_item(TableName=table, Key=key)",
        "s3.delete_objects(Bucket=bucket, Delete=found)",
        "getattr(client, 'delete_item')(TableName=table, Key=key)",
        "actions = [{'Delete': {'TableName': table, 'Key': key}}]",
        "client.batch_write_item(RequestItems={table: [{'DeleteRequest': {'Key': key}}]})",
        "client.execute_statement(Statement=statement)",
        "store.replace_by_tombstone(stored, tombstone, ())",
    ],
)
def test_each_way_to_delete_is_noticed(line: str) -> None:
    """Calls of clients, parts of transactions, statements: none passes unseen."""
    assert list(deletions(line))


def test_only_the_erasure_deletes_and_what_takes_messages_away() -> None:
    """No handler and no other adapter asks AWS to delete anything. The erasure does, several times; a message is taken
    away in three places, each of which the tests below hold to messages."""
    found = {
        path.relative_to(SRC).as_posix(): lines
        for folder in ("domain", "adapters", "handlers")
        for path in sorted((SRC / folder).rglob("*.py"))
        if (lines := list(deletions(path.read_text(encoding="utf-8"))))
    }
    assert {ERASURE, OUTBOX} == set(found), found
    assert len(found[ERASURE]) >= 4
    assert len(found[OUTBOX]) == 3


@pytest.mark.parametrize("effect", ["OUTBOX#000007#0", "EVENT#000007", "CONTENT#CERTIFICATE#0", "STATE"])
def test_only_a_certificate_is_forgotten(effect: str) -> None:
    """Taking away what was sent is no second way to what a case holds: the client is not even asked."""
    store = CaseStore(client=None, table="cases")
    with pytest.raises(ValueError, match="no certificate"):
        forget_certificate(Undelivered(partition="CASE#LE-7K3M-9QXT", id=effect, effect={}), store)


@pytest.mark.parametrize(
    ("partition", "effect"),
    [("CASE#LE-7K3M-9QXT", "OUTBOX#000007#0"), ("STAFF#leadership-east", "INVITED#x")],
)
def test_only_a_message_to_staff_is_forgotten(partition: str, effect: str) -> None:
    """Nor is taking away an invitation to staff's own page, or any message that concerns no single case."""
    with pytest.raises(ValueError, match="no message to staff"):
        forget_message(partition, effect, CaseStore(client=None, table="cases"))


@pytest.mark.parametrize(
    ("partition", "effect"),
    [("CASE#LE-7K3M-9QXT", "LEFT#000007"), ("STAFF#leadership-east", "OUTBOX#INVITE#x")],
)
def test_only_a_departure_is_replaced(partition: str, effect: str) -> None:
    """Nor is putting messages in the place of somebody's departure."""
    departure = Undelivered(partition=partition, id=effect, effect={})
    with pytest.raises(ValueError, match="no departure"):
        replace_departure(departure, (), CaseStore(client=None, table="cases"))
