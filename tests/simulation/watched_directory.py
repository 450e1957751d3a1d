"""What must be true of the directory that staff keep, and of those who come and go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from adapters import procedures
from adapters.cases.attributes import from_attributes
from domain.offices import roles_needed
from tests.simulation.accounts import Account
from tests.simulation.clients import Mail
from tests.simulation.dynamodb import Write
from tests.simulation.peek import people_in
from tests.simulation.times import HOUR, MINUTE
from tests.simulation.world import SKEW

if TYPE_CHECKING:
    from tests.simulation.invariants import Watch

INVITED_FOR = 12 * HOUR
"""How long somebody waits for the link to their own page."""
BEHIND = 11 * MINUTE
"""So old is what an index shows at the most."""
HEARS = "who coordinates a case hears that its reviewer has left"


def is_kept_up(watch: Watch, write: Write, writes: Sequence[Write]) -> None:
    """A directory is stored anew: one change a version, on record, by somebody who may; and nobody is lacking whom
    a rule needs."""
    organisation, item = write.key[0].removeprefix("DIRECTORY#"), write.new
    assert item is not None
    history = watch.directories.get(organisation, ((0.0, None),))
    before, version = history[-1][1], int(item["version"]["N"])
    if version != 1 + (int(before["version"]["N"]) if before is not None else 0):
        watch.found("one change of the directory a version", organisation, str(version))
    record = (write.key[0], f"CHANGE#{version:06}")
    changes = [one.new for one in writes if one.key == record and one.new is not None and one.old is None]
    if len(changes) != 1:
        watch.found("a change of the directory is on record", organisation)
    procedure = procedures.load(organisation)
    people = procedure.people if before is None else people_in(before, watch.world.utc())
    now_there = people_in(item, watch.world.utc())
    for change in changes:
        by, whom = (from_attributes(change)["change"][name] for name in ("by", "person"))
        roles = {role for one in people if one.id == by for role in one.roles}
        is_followed = any(one.key[1].startswith("LEFT#") and one.old is None for one in writes)
        before_it, after_it = (
            {role for one in those if one.id == whom for role in one.roles} for those in (people, now_there)
        )
        if is_followed != bool(before_it - after_it):
            watch.found(HEARS, organisation, "nothing waits for it to be told")
        if procedure.directory is None or not roles & set(procedure.directory.kept_by):
            watch.found("no act by somebody who may not", organisation, f"a change of the directory by {by}")
    for role, needed in roles_needed(procedure).items():
        had, has = (sum(role in one.roles for one in those) for those in (people, now_there))
        if has < min(needed, had):
            watch.found("nobody is lacking whom a rule needs", organisation, role)
    watch.directories[organisation] = (*history, (watch.world.now, item))
    if watch.world.stack:
        watch.commits[watch.world.stack[-1].number].append("directory")


def was_invited(watch: Watch, write: Write) -> None:
    """An invitation is taken out of the outbox when it was sent, or where nobody needs it any more."""
    assert write.old is not None
    organisation, person = write.key[0].removeprefix("STAFF#"), write.old["effect"]["M"]["person"]["S"]
    asked_at = datetime.fromisoformat(write.old["due_at"]["S"]).timestamp()
    sent, is_late = watch.world.sent[write.key], watch.world.now + SKEW > asked_at + INVITED_FOR
    if not sent and not is_late and not had_left(watch, organisation, person, asked_at):
        watch.found("every invitation goes out", organisation, person)
    if sent > 1 + watch.world.risks[write.key]:
        watch.found("no invitation goes out twice without a reason", organisation, person)


def left_behind(watch: Watch, write: Write, writes: Sequence[Write]) -> None:
    """What waited because somebody has left is taken out of the outbox: where messages take its place, they go to
    all who coordinate a case that has lost its reviewer; and a message, when it was sent or nobody needs it."""
    assert write.old is not None
    organisation, effect = write.key[0].removeprefix("STAFF#"), from_attributes(write.old)["effect"]
    began, gone = watch.world.stack[-1].started, effect.get("left", effect["person"])
    if any(one.id == gone for people in watch.people_since(organisation, began) for one in people):
        # Whoever is back has not left.
        return
    lost = [account for account in watch.accounts.values() if _has_lost(watch, account, organisation, gone)]
    if "left" in effect:
        lost = [account for account in lost if account.ref in effect["cases"]]
        sent = watch.world.sent[write.key]
        if lost and not sent and not had_left(watch, organisation, effect["person"], began):
            watch.found(HEARS, lost[0].ref, effect["person"])
        if sent > 1 + watch.world.risks[write.key]:
            watch.found("no notice goes out twice without a reason", organisation, write.key[1])
        return
    messages = [from_attributes(one.new)["effect"] for one in writes if one.new is not None]
    for account in lost:
        case = account.case
        told = {one["person"] for one in messages if account.ref in one["cases"]}
        if case is None or account.open_since > began - BEHIND:
            continue
        for procedure, _ in watch.rules_since(case, began):
            over = procedure.holders(procedure.escalates_to)
            those = [one for one in procedure.holders(procedure.coordinator) if one.id not in case.involved]
            there = {one.id for one in those if not one.is_away}
            anybody = there or {one.id for one in (*those, *over) if one.id not in case.involved}
            if told >= there and (told or not anybody):
                break
        else:
            watch.found(HEARS, account.ref, f"{gone} has left")


def _has_lost(watch: Watch, account: Account, organisation: str, gone: str) -> bool:
    """Whether a case waits for somebody who has gone, and has since the running function began."""
    case = account.case
    return (
        case is not None
        and case.is_open
        and case.organisation.partition("/")[0] == organisation
        and gone in case.current.reviewers
        and case.current.responded_at is None
        and account.stored_at < watch.world.stack[-1].started
    )


def had_left(watch: Watch, organisation: str, person: str, since: float) -> bool:
    """Whether the person has not been in the directory, at some moment since."""
    found = watch.people_since(organisation, since)
    return any(all(one.id != person for one in people) for people in found)


def has_address(watch: Watch, mail: Mail, organisation: str) -> None:
    """What goes to staff goes to where the directory says that they are."""
    found = watch.people_since(organisation, watch.world.stack[-1].started)
    if not any((one.id, one.email) == (mail.person, mail.address) for people in found for one in people):
        watch.found("a mail to staff goes where the directory says", mail.ref, mail.notice)
