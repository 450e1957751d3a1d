"""Cases in DynamoDB: one table, a case is a partition, one transaction a decision.

Keys and items are listed in docs/architecture.md. Deleting what a case holds is for `adapters.cases.erasure` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from adapters.cases.attributes import to_attributes
from adapters.cases.chain import chain
from adapters.cases.keys import KeyedTable, LostRace
from adapters.cases.sealing import CaseKey
from adapters.cases.spreading import MOST_ACTIONS, those_that_fit
from adapters.cases.stored import Stored, Submission, Undelivered, indexed, outbox_items, stored_from
from adapters.cases.table import failed_conditions, shard_of
from domain.case import Case
from domain.deadlines import Promised
from domain.effect import Consequence, Tell
from domain.event import Event
from domain.records import FIRST_LINK, instant, to_record
from domain.words import Writing


class AlreadySubmitted(Exception):
    """The submission's key is taken. Nothing was written."""


class ReferenceTaken(Exception):
    """A case, or the tombstone of one, has this reference. Nothing was written."""


class SaidAlready(Exception):
    """The case has a content of this id. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStore(KeyedTable):
    """The tables, with the cases in them."""

    def load(self, ref: str) -> Stored | None:
        """Return one consistent read, with the key where this function may write in cases. None: there is no such case,
        or it was destroyed. NotRead: see there."""
        if self.secrets is None:
            return self.look(ref)
        state = (f"CASE#{ref}", "STATE")
        found, key = self.get_with_key(ref, [state])
        return stored_from(found.get(state), key)

    def look(self, ref: str) -> Stored | None:
        """Return the case as `load` does, without its key: for whoever writes nothing in it."""
        return stored_from(self.get(f"CASE#{ref}", "STATE"))

    def load_all(self, refs: Iterable[str]) -> tuple[Stored, ...]:
        """Return the cases that there are of these, in their order, each read consistently. NotRead: see there."""
        keys = [(f"CASE#{ref}", "STATE") for ref in dict.fromkeys(refs)]
        found = self.get_all(keys)
        stored = (stored_from(found.get(key)) for key in keys)
        return tuple(item for item in stored if item is not None)

    def append(
        self,
        before: Stored | None,
        events: tuple[Event, ...],
        *,
        after: Case,
        consequences: Iterable[Consequence],
        writings: Iterable[Writing],
        due: tuple[str, datetime] | None,
        new_key: Callable[[], bytes],
        submission: Submission | None = None,
        promised: Iterable[Promised] = (),
        uncounted: tuple[str, ...] = (),
    ) -> None:
        """Store events, state, contents and effects, all or nothing. `due` is when the case has to be looked at next,
        and for what (`wake` or `delete`). `new_key` draws the key of a case that has none yet.

        NoKey, LostRace, AlreadySubmitted, ReferenceTaken, SaidAlready: see there."""
        ref, version = after.ref, 0 if before is None else before.case.version
        facts = chain(ref, events, version, FIRST_LINK if before is None else before.head)
        written = tuple(writings)
        is_new = before is None or (bool(written) and not before.has_key)
        key = self._key_for(ref, before, new_key) if is_new or written else None
        words = [] if key is None else [_content(key, writing) for writing in written]
        # The state, a submission and a key come with them.
        left = MOST_ACTIONS - 3 - len(facts) - len(words)
        effects = outbox_items(ref, those_that_fit(consequences, left), at=events[-1].at)
        came_with = submission.key if submission else "" if before is None else before.submission
        state = {
            "PK": f"CASE#{ref}",
            "SK": "STATE",
            "version": after.version,
            "head": facts[-1]["hash"],
            "submission": came_with,
            **({"has_key": True} if is_new or (before is not None and before.has_key) else {}),
            "promised": {promise.deadline: instant(promise.due_at) for promise in promised},
            **({"uncounted": list(uncounted)} if uncounted else {}),
            "case": to_record(after),
            **indexed(after, due),
        }
        actions = [self.put_if_version(state, expected=version)]
        if submission is not None:
            item: dict[str, Any] = {"PK": f"SUBMISSION#{came_with}", "SK": "SUBMISSION", "ref": ref}
            item |= {"digest": submission.digest, "receipt": submission.receipt}
            actions.append(self.put_new(item))
        first = len(actions) + len(facts)
        contents = range(first, first + len(words))
        actions.extend(self.put_new(item) for item in (*facts, *words, *effects))
        if key is not None and is_new:
            actions.append(self.put_key(key))
        try:
            self.client.transact_write_items(TransactItems=actions)
        except ClientError as error:
            lost = _lost(error, before, submission, contents)
            if lost is None:
                raise
            raise lost from error

    def _key_for(self, ref: str, before: Stored | None, new_key: Callable[[], bytes]) -> CaseKey:
        """Return the key of a case, or the one that it is given now."""
        if before is None or not before.has_key:
            return CaseKey(ref=ref, key=new_key())
        return self.key_in(before)

    def look_at(self, before: Stored, due: tuple[str, datetime] | None) -> None:
        """Have the case looked at at another time: `due` is as for `append`. Nothing where it was stored meanwhile."""
        found = indexed(before.case, due)
        changes = {name: found[name] for name in ("due_shard", "due_at", "next_due") if name in found}
        gone = [name for name in ("due_shard", "due_at") if name not in found]
        expression = [f"REMOVE {', '.join(gone)}"] if gone else []
        expression += [f"SET {', '.join(f'{name} = :{name}' for name in changes)}"] if changes else []
        values = {f":{name}": value for name, value in changes.items()}
        try:
            self.client.update_item(
                TableName=self.table,
                Key=to_attributes({"PK": f"CASE#{before.case.ref}", "SK": "STATE"}),
                UpdateExpression=" ".join(expression),
                ConditionExpression="version = :expected",
                ExpressionAttributeValues=to_attributes({**values, ":expected": before.case.version}),
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return

    def submission(self, key: str) -> Submission | None:
        item = self.get(f"SUBMISSION#{key}", "SUBMISSION")
        if item is None:
            return None
        return Submission(key=key, digest=item["digest"], receipt=item["receipt"])

    def contents(self, ref: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what people wrote, by content id; ids that do not exist are left out."""
        keys = [(f"CASE#{ref}", f"CONTENT#{content}") for content in dict.fromkeys(ids) if content]
        if not keys:
            return {}
        found, key = self.get_with_key(ref, keys)
        return self.opened(ref, found.values(), key)

    def all_contents(self, ref: str, beginning: str = "") -> dict[str, dict[str, Any]]:
        """Return all contents of the case whose id begins like this, by id."""
        found = self.query(f"CASE#{ref}", f"CONTENT#{beginning}")
        _, key = self.get_with_key(ref, ())
        return self.opened(ref, found, key)

    def events(self, ref: str) -> tuple[dict[str, Any], ...]:
        """Return the case's events in order, each with `fact`, `previous` and `hash`."""
        return tuple(self.query(f"CASE#{ref}", "EVENT#"))

    def undelivered(self, ref: str, effect_id: str) -> Undelivered | None:
        """Return the case's effect, unless it has been delivered already or is gone."""
        return self.waiting(f"CASE#{ref}", effect_id)

    def waiting(self, partition: str, effect_id: str) -> Undelivered | None:
        """Return the effect in a case's partition or an organisation's, unless it has been delivered already or is
        gone."""
        item = self.get(partition, effect_id)
        if item is None or "due_shard" not in item:
            return None
        return Undelivered(
            partition=partition,
            id=effect_id,
            effect=item["effect"],
            tries=item.get("tries", 0),
            correlation=item.get("correlation", ""),
        )

    def put_off(self, effect: Undelivered, *, at: datetime, give_up: bool) -> None:
        """Note that delivering the effect failed once more, and move it behind what waits since before `at`: one that
        fails whenever it is tried holds up no other. `give_up`: move it to what is given up, where no sweep finds it.
        Nothing where it was delivered meanwhile."""
        self._move(
            effect,
            occasion="given-up" if give_up else "outbox",
            changes={"due_at": instant(at), "tries": effect.tries + 1},
        )

    def take_up(self, effect: Undelivered) -> None:
        """Put an effect that was given up back into the outbox, as if it had never been tried."""
        self._move(effect, occasion="outbox", changes={"tries": 0})

    def _move(self, effect: Undelivered, *, occasion: str, changes: Mapping[str, Any]) -> None:
        changes = {**changes, "due_shard": f"{occasion}#{shard_of(effect.ref)}"}
        try:
            self.client.update_item(
                TableName=self.table,
                Key=to_attributes(effect.key),
                UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in changes),
                # What was delivered, or destroyed with its case, does not come back.
                ConditionExpression="attribute_exists(due_shard)",
                ExpressionAttributeValues=to_attributes(
                    {f":{name}": value for name, value in changes.items()}
                ),
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return

    def mark_delivered(
        self,
        effect: Undelivered,
        *,
        at: datetime,
        receipt: str,
        sent: tuple[CaseKey, Writing] | None = None,
    ) -> None:
        """Take the effect off the index and keep what became of it, and `sent`: what the complainant was told by it,
        with the key of the case. `receipt` is empty where the effect itself says what there is. Nothing where the case
        was destroyed."""
        kept = {":at": instant(at)} | ({":receipt": receipt} if receipt else {})
        update: dict[str, Any] = {
            "TableName": self.table,
            "Key": to_attributes(effect.key),
            # The reference is for the index; what stays for years is kept short.
            "UpdateExpression": "REMOVE due_shard, due_at, tries, #ref SET delivered_at = :at"
            + (", receipt = :receipt" if receipt else ""),
            # Without it an update would bring back the item of a destroyed case.
            "ConditionExpression": "attribute_exists(PK)",
            "ExpressionAttributeNames": {"#ref": "ref"},
            "ExpressionAttributeValues": to_attributes(kept),
        }
        try:
            if sent is None:
                self.client.update_item(**update)
            else:
                words = {"TableName": self.table, "Item": to_attributes(_content(*sent))}
                self.client.transact_write_items(TransactItems=[{"Update": update}, {"Put": words}])
        except ClientError as error:
            response: Any = error.response
            if response["Error"]["Code"] == "ConditionalCheckFailedException" or failed_conditions(error) == {
                0
            }:
                return
            raise

    def spread(self, effect: Undelivered, effects: Iterable[tuple[str, Tell]], *, at: datetime) -> None:
        """Put effects into the outbox in the place of the one that stood for them. Nothing where the case is gone; what
        is there already stays as it is."""
        items = outbox_items(effect.ref, effects, at=at)
        for first in range(0, len(items), MOST_ACTIONS - 1):
            some = items[first : first + MOST_ACTIONS - 1]
            try:
                self.client.transact_write_items(
                    TransactItems=[self.require_case(effect.ref), *(self.put_new(item) for item in some)]
                )
            except ClientError as error:
                # A part is put there as a whole: who finds one of it finds all.
                if not failed_conditions(error, or_met=False):
                    raise
        self.mark_delivered(effect, at=at, receipt="")

    def replace_by_tombstone(
        self, stored: Stored, tombstone: Mapping[str, Any], certificates: Iterable[Mapping[str, Any]]
    ) -> None:
        """Put the tombstone in the state's place, and the certificates into the outbox. LostRace: somebody did."""
        actions = [self.put_if_version(tombstone, expected=stored.case.version)]
        actions.extend(self.put_new(certificate) for certificate in certificates)
        try:
            self.client.transact_write_items(TransactItems=actions)
        except ClientError as error:
            if failed_conditions(error) is None:
                raise
            raise LostRace from error

    def require_case(self, ref: str) -> dict[str, Any]:
        """Return the transaction's action that fails where the case does not exist or is being destroyed."""
        return {
            "ConditionCheck": {
                "TableName": self.table,
                "Key": to_attributes({"PK": f"CASE#{ref}", "SK": "STATE"}),
                # A record leaves out what is at its default; a former one does not.
                "ConditionExpression": "attribute_exists(#case) AND "
                "(attribute_not_exists(#case.erasing) OR #case.erasing = :no)",
                "ExpressionAttributeNames": {"#case": "case"},
                "ExpressionAttributeValues": to_attributes({":no": False}),
            }
        }


def _lost(
    error: ClientError, before: Stored | None, submission: Submission | None, contents: range
) -> Exception | None:
    """Return what it means that a decision was not stored; `contents`: the positions of its contents. None: it was
    refused for another reason than what is there."""
    failed = failed_conditions(error)
    if failed is None:
        return None
    if submission is not None and 1 in failed:
        return AlreadySubmitted()
    taken = failed_conditions(error, or_met=False)
    if taken and taken <= {*contents}:
        return SaidAlready()
    return ReferenceTaken() if before is None else LostRace()


def _content(key: CaseKey, writing: Writing) -> dict[str, Any]:
    return {
        "PK": f"CASE#{key.ref}",
        "SK": f"CONTENT#{writing.id}",
        "sealed": key.seal(writing.id, writing.words),
    }
