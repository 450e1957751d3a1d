"""What comes from one connection to the internet, and the proof that more than that takes.

Whoever has no link is told apart by nothing but the address that they come from. How much came from it lies in the
table for less than a day, under a keyed hash of twenty bits: four thousand addresses share each one, so that even
whoever has the key cannot tell which it was. The key is drawn anew each day. See
docs/decisions/0032-what-strangers-can-send.md.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from adapters.cases.attributes import from_attributes, to_attributes
from adapters.site import Site
from domain.rates import PER_ADDRESS, PER_NETWORK, Connection

DAY: Final = 86_400

PROVEN_WITHIN: Final = timedelta(minutes=20)
"""How long a proof is good for. Whoever comes later is given another one to work out, and loses nothing."""

COST: Final = 20_000
"""How many rounds of hashing one guess of a proof takes."""

FEWEST: Final = 50
MORE: Final = 100
"""A proof is found after fifty to a hundred and fifty guesses: about a second of a desk's computer, some of a phone's.
Here it is made and checked with one guess each."""

_TRIES: Final = 4


def wait_for(connection: Connection, *, site: Site) -> int:
    """Take a token for what came from `connection`, and return 0; or for how many seconds there will be none.

    One write; two where something came earlier today and its tokens have fallen in again since."""
    now = int(site.clock.now().timestamp())
    network, address = (_mark(part, site=site) for part in (connection.network, connection.address))
    key = {"PK": f"STRANGERS#{network}", "SK": "TAKEN"}
    rates = {"network": PER_NETWORK, address: PER_ADDRESS}
    # Both buckets are new or in use. Whoever sends at the same moment adds to the same numbers.
    taken, condition, values = [], [], {":now": now}
    for place, rate in enumerate(rates.values()):
        taken.append(f"#{place} = if_not_exists(#{place}, :now) + :every{place}")
        condition.append(f"(attribute_not_exists(#{place}) OR #{place} BETWEEN :now AND :latest{place})")
        values |= {f":every{place}": rate.every, f":latest{place}": rate.latest(now)}
    for _ in range(_TRIES):
        full = _written(site, key, rates, taken=taken, condition=condition, values=values)
        if full is None:
            return 0
        wait = max(rate.wait(full.get(name), now=now) for name, rate in rates.items())
        if wait:
            return wait
        # A bucket filled up while nothing came: from now on, where nobody was faster.
        after = {name: rate.after_one_more(full.get(name), now=now) for name, rate in rates.items()}
        restarted = _written(
            site,
            key,
            rates,
            taken=[f"#{place} = :after{place}" for place in range(len(rates))],
            condition=[
                f"#{place} = :was{place}" if name in full else f"attribute_not_exists(#{place})"
                for place, name in enumerate(rates)
            ],
            values={f":after{place}": value for place, value in enumerate(after.values())}
            | {f":was{place}": full[name] for place, name in enumerate(rates) if name in full},
        )
        if restarted is None:
            return 0
    return 0


def challenge_for(purpose: str, *, site: Site) -> dict[str, Any]:
    """Return what a program has to work out before `purpose`, in ALTCHA's shape (version 2)."""
    # Nobody waits for this to be imported who is not asked for a proof.
    from altcha.v2 import create_challenge

    now = site.clock.now()
    made = create_challenge(
        "PBKDF2/SHA-256",
        COST,
        counter=FEWEST + zlib.crc32(site.identities.secret().encode()) % MORE,
        data={"for": _digest(purpose), "until": int((now + PROVEN_WITHIN).timestamp())},
        hmac_secret=_signing_key(now, site=site),
    )
    found: dict[str, Any] = made.to_dict()
    return found


def is_proof(payload: str, purpose: str, *, site: Site) -> bool:
    """Return whether this is the answer to a challenge of ours for `purpose`, given in time."""
    from altcha.v2 import Payload, verify_solution

    try:
        given = Payload.from_base64(payload)
        said = given.challenge.parameters.data or {}
        until = datetime.fromtimestamp(said["until"], UTC)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return False
    now = site.clock.now()
    if said.get("for") != _digest(purpose) or not now < until <= now + PROVEN_WITHIN:
        return False
    return verify_solution(given, _signing_key(until - PROVEN_WITHIN, site=site)).verified


def _written(
    site: Site,
    key: dict[str, str],
    names: Iterable[str],
    *,
    taken: list[str],
    condition: list[str],
    values: dict[str, Any],
) -> dict[str, int] | None:
    """Write what was taken where the condition holds. None: it did; otherwise what is there."""
    ends = (int(site.clock.now().timestamp()) // DAY + 1) * DAY
    try:
        site.store.client.update_item(
            TableName=site.store.table,
            Key=to_attributes(key),
            UpdateExpression=f"SET {', '.join(taken)}, expires = :expires",
            ConditionExpression=" AND ".join(condition),
            ExpressionAttributeNames={f"#{place}": name for place, name in enumerate(names)},
            ExpressionAttributeValues=to_attributes({**values, ":expires": ends}),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        response: Any = error.response
        if response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        there = from_attributes(response.get("Item", {}))
        return {name: there[name] for name in names if name in there}
    return None


def _mark(part: str, *, site: Site) -> str:
    """Return what stands for an address or a network today: twenty bits, in hexadecimal."""
    key = _key_of(site.clock.now().date(), site=site)
    return hmac.new(key.encode(), part.encode(), hashlib.sha256).hexdigest()[:5]


def _signing_key(at: datetime, *, site: Site) -> str:
    key = _key_of(at.astimezone(UTC).date(), site=site)
    return hmac.new(key.encode(), b"proof", hashlib.sha256).hexdigest()


def _key_of(day: date, *, site: Site) -> str:
    """Return the day's key, which the first who asks for it draws. It is read once a day by each running function."""
    known = site.keys_of_days
    if day.isoformat() not in known:
        store, sk = site.store, day.isoformat()
        found = store.get("STRANGERS#KEY", sk)
        if found is None:
            ends = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
            # A proof that was asked for just before midnight is signed with it, and is good for a little longer.
            item = {
                "PK": "STRANGERS#KEY",
                "SK": sk,
                "key": site.identities.secret(),
                "expires": int((ends + PROVEN_WITHIN).timestamp()),
            }
            try:
                store.client.put_item(
                    TableName=store.table,
                    Item=to_attributes(item),
                    ConditionExpression="attribute_not_exists(PK)",
                )
                found = item
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                found = store.get("STRANGERS#KEY", sk) or item
        known.clear()
        known[sk] = str(found["key"])
    return known[day.isoformat()]


def _digest(purpose: str) -> str:
    return hashlib.sha256(purpose.encode()).hexdigest()
