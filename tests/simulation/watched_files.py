"""What must be true of documents, copies and drafts: they are there, as they were, and whoever has them may."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from domain.acts.documents import DocumentAdded
from domain.case import COMPLAINANT, Case
from tests.rules import available
from tests.simulation.accounts import Account
from tests.simulation.bucket import Version
from tests.simulation.filling import SEEN
from tests.simulation.world import Invocation

if TYPE_CHECKING:
    from tests.simulation.invariants import Watch

NO_WORK = frozenset(
    [
        "hold",
        "lift",
        "complete",
        "lessons",
        "export",
        "involve",
        "contact-details",
        "send-again",
        "enter-reopen",
        "look-into",
        "take-up",
    ]
)
"""Who can do no more than this has not got the complaint on their desk, nor what belongs to it."""
KEPT_BACK = frozenset(["note", "hold", "involve"])
"""What staff write in these is for those who handle the case."""


def kept(watch: Watch, version: Version) -> None:
    """Each object as it is stored."""
    world, (prefix, _, rest) = watch.world, version.key.partition("/")
    ref = rest.partition("/")[0]
    account = watch.accounts.get(ref)
    if SEEN in version.key.lower():
        watch.found("no personal data in the names of files", ref)
    event = world.stack[-1].event if world.stack else None
    secret = event["pathParameters"]["secret"] if isinstance(event, Mapping) else ""
    owner = watch.town.whose[secret][0] if secret else ref
    if account is None or ref != owner:
        watch.found("a file lies with its case", owner, prefix)
    elif account.destroyed and prefix == "cases":
        watch.found("nothing comes back of what was destroyed", ref, version.key)


def is_kept(watch: Watch, account: Account, fact: DocumentAdded) -> None:
    """A document is there, as it was when it was added."""
    found = watch.world.bucket.get(f"cases/{account.ref}/{fact.document}")
    if found is None or (found.sha256, len(found.body or b"")) != (fact.sha256, fact.size):
        watch.found("a document that was added is kept", account.ref, fact.document)
        return
    sent = watch.town.files.get(found.sha256)
    if sent is None or (sent.ref, sent.person) != (account.ref, fact.by):
        watch.found("a document is what somebody sent", account.ref, fact.document)


def is_theirs(watch: Watch, running: Invocation, status: int, answer: Mapping[str, Any], what: str) -> None:
    """What somebody is led to is theirs to have, and what is theirs they are led to."""
    asked = running.event["pathParameters"]
    ref, person = watch.town.whose[asked["secret"]]
    account, name, began = watch.accounts[ref], asked.get(what, ""), running.started
    if running.faulted or account.case is None:
        return
    if what == "file" and status == 404 and watch.world.bucket.get(f"uploads/{ref}/{name}") is not None:
        watch.found("what has arrived is found", ref)
    if what == "letter" and status == 200 and not _reads(watch, account.case, person, began):
        watch.found("nobody has what their link does not allow", ref, f"a letter for {person}")
    if what not in ("document", "export"):
        return
    case, document = account.case, account.documents.get(name)
    if status == 303:
        prefix, _, rest = urlsplit(answer["headers"]["Location"]).path.removeprefix("/").partition("/")
        if what == "document":
            allowed = document is not None and _may_have(watch, case, person, document, began)
            allowed = allowed and (prefix, rest) == ("cases", f"{ref}/{name}")
        else:
            allowed = any(one.id == name and one.by == person for one in case.exports)
            allowed = allowed and (prefix, rest) == ("exports", f"{ref}/{name}.zip")
        if not allowed:
            watch.found("nobody has what their link does not allow", ref, f"{what} for {person}")
    elif (
        (what, status, person) == ("document", 404, COMPLAINANT)
        and document is not None
        and _may_have(watch, case, person, document, began)
    ):
        watch.found("the complainant has what is theirs", ref)


def _may_have(watch: Watch, case: Case, person: str, document: DocumentAdded, began: float) -> bool:
    if person == COMPLAINANT:
        return document.by == COMPLAINANT or document.shared
    return _reads(watch, case, person, began)


def _reads(watch: Watch, case: Case, person: str, began: float) -> bool:
    """Whether the case is on the person's desk, or was when something began: the complainant's always is."""
    return person == COMPLAINANT or any(
        set(available(case, by=person, procedure=procedure, now=datetime.fromtimestamp(began, UTC))) - NO_WORK
        for procedure, _ in watch.rules_since(case, began)
    )


def saved(watch: Watch, secret: str, version: Version) -> None:
    """A file as somebody's browser got it."""
    ref, person = watch.town.whose[secret]
    account = watch.accounts[ref]
    if version.key.startswith("cases/"):
        document = account.documents[version.key.rpartition("/")[2]]
        if (version.sha256, version.media_type) != (document.sha256, document.media_type):
            watch.found("a document that was added is kept", ref, document.document)
        return
    case = account.case
    assert case is not None
    with zipfile.ZipFile(io.BytesIO(version.body or b"")) as archive:
        enclosed = [archive.read(one) for one in archive.namelist() if "/documents/" in one]
        words = "".join(archive.read(f"{ref}/case.{kind}").decode() for kind in ("html", "json"))
    sent = [watch.town.files.get(sha256(content).hexdigest()) for content in enclosed]
    allowed = {
        document.sha256
        for document in account.documents.values()
        if person != COMPLAINANT or _may_have(watch, case, person, document, watch.world.now)
    }
    if any(one is None or sha256(one.content).hexdigest() not in allowed for one in sent):
        watch.found("a copy holds the documents that are theirs", ref, f"for {person}")
    if any(one in words for one in watch.town.drafts):
        watch.found("a draft is its author's", ref, "in a copy")
    if person == COMPLAINANT:
        kept_back = {
            str(text)
            for act in watch.town.acts
            if act.ref == ref and act.action in KEPT_BACK and act.person != COMPLAINANT
            # That a meeting is arranged, and where, is sent to the complainant.
            if act.fields.get("kind") != "meeting-arranged"
            for text in (act.fields.get("text"), act.fields.get("reason"))
            if text
        }
        if any(text in words for text in kept_back):
            watch.found("a complainant's copy holds nothing of staff's own", ref)


def is_drafted(watch: Watch, secret: str) -> None:
    ref, _ = watch.town.whose[secret]
    rows = watch.world.table.partitions.get(f"CASE#{ref}", {})
    if not any(sk.startswith("CONTENT#draft-") for sk in rows):
        watch.found("what is said to be done is stored", ref, "a draft")
