"""Drafts: what a person has typed into a form and not sent yet.

A draft is nobody's decision, so no event tells of it. It lies in the case, through the same pair of functions as all
that people write, one for each person and stage; saving it again replaces it, and it goes when the case does. Only
the page behind its author's own link shows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from botocore.exceptions import ClientError

from adapters.cases.attributes import to_attributes
from adapters.cases.sealing import open_content
from adapters.cases.stored import Stored
from adapters.cases.table import failed_conditions
from adapters.site import Site
from domain.errors import UnknownCase
from domain.records import instant

BEGINNING: Final = "draft-"
"""What the id of such a content begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed, by the name of the field, and when it was kept."""

    typed: Mapping[str, Sequence[str]]
    saved_at: datetime


def save_draft(
    stored: Stored, typed: Mapping[str, Sequence[str]], *, person: str, stage: str, follows: str, site: Site
) -> None:
    """Keep what was typed in the case as it was read, in place of what was kept before. `follows`: the content with the
    newest outcome of the stage, if there is one; when there is a newer one, the draft has served.

    UnknownCase: the case is gone, or is being destroyed. LostRace: see there."""
    ref, key = stored.case.ref, site.store.key_to_write_with(stored, site.identities.key)
    words = {name: list(values) for name, values in typed.items()}
    item = {
        **_place(ref, person, stage),
        "sealed": key.seal(_id(person, stage), words),
        "saved_at": instant(site.clock.now()),
        "follows": follows,
    }
    put = {"Put": {"TableName": site.store.table, "Item": to_attributes(item)}}
    try:
        site.store.client.transact_write_items(TransactItems=[site.store.require_case(ref), put])
    except ClientError as error:
        if failed_conditions(error) == {0} and site.store.look(ref) is None:
            raise UnknownCase("There is no such case.") from error
        raise


def draft_of(ref: str, *, person: str, stage: str, follows: str, site: Site) -> Draft | None:
    """Return what the person kept on this stage since the outcome in the content `follows`; None: nothing."""
    place = _place(ref, person, stage)
    at = (place["PK"], place["SK"])
    found, of_case = site.store.get_with_key(ref, [at])
    item = found.get(at)
    if item is None or item["follows"] != follows:
        return None
    key = site.store.key_of(ref, of_case)
    typed = open_content(ref, _id(person, stage), bytes(item["sealed"]), key)
    return Draft(typed=typed, saved_at=datetime.fromisoformat(item["saved_at"]))


def _id(person: str, stage: str) -> str:
    return f"{BEGINNING}{stage}-{person}"


def _place(ref: str, person: str, stage: str) -> dict[str, str]:
    return {"PK": f"CASE#{ref}", "SK": f"CONTENT#{_id(person, stage)}"}
