"""Effects become mails and alarms: after the write, at least once, harmless when repeated.

An effect is delivered first and marked as delivered afterwards: should the mark be lost, the person gets the mail
twice, which is better than not at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from adapters import procedures
from adapters.cases.execute import execute
from adapters.cases.rules import todays_situation_of
from adapters.cases.stored import Stored, Undelivered
from adapters.correlation import correlate
from adapters.people.departures import bereft, messages_after
from adapters.people.directory import with_todays_people
from adapters.people.links import CaseGone, mint
from adapters.people.staff_links import VALID_FOR, invitation, mint_staff_link
from adapters.post.alarms import set_alarm
from adapters.post.channels import carries_link, send
from adapters.post.correspondence import kept_of
from adapters.post.courier import Courier
from adapters.post.messages import (
    Recipient,
    UnknownRecipient,
    compose,
    compose_certificate,
    compose_reviewer_left,
    compose_staff_link,
    needs,
    recipient_of,
)
from adapters.post.outbox import (
    DEPARTURE,
    INVITATION,
    Certify,
    Invite,
    TellOfDeparture,
    forget_certificate,
    forget_message,
    replace_departure,
    staff_partition,
)
from adapters.site import Site
from domain.acts.linking import HearOfLink
from domain.case import COMPLAINANT, Case
from domain.effect import REACHES_INVOLVED, Pass, SetAlarm, Spread, Tell
from domain.errors import CaseClosed, UnknownCase
from domain.linked import link_to, seen_from_there
from domain.records import from_record
from domain.registry import available
from domain.situation import Situation

if TYPE_CHECKING:
    from domain.procedure import Procedure

GIVE_UP_AFTER = 288
"""Sweeps, one every five minutes: a day. What fails for so long fails for a reason that somebody has to see to; it is
kept, counted and told of until `dueprocess replay` puts it back."""


def deliver(ref: str, effect_id: str, *, site: Site, courier: Courier) -> bool:
    """Carry out one effect of the outbox; False: it was carried out before, or there is nothing left to do."""
    waiting = site.store.undelivered(ref, effect_id)
    if waiting is None:
        return False
    correlate(waiting.correlation)
    effect = from_record((Tell, SetAlarm, Pass, Spread, Certify), waiting.effect)
    if isinstance(effect, Certify):
        _send_certificate(waiting, effect, site=site, courier=courier)
        return True
    if isinstance(effect, Spread):
        site.store.spread(waiting, zip(effect.names, effect.tells, strict=True), at=site.clock.now())
        return True
    stored = site.store.load(ref)
    if stored is None:
        return False
    if isinstance(effect, Tell):
        return _tell(waiting, effect, stored, site=site, courier=courier)
    if isinstance(effect, Pass):
        _pass_on(effect, stored.case, site=site)
        site.store.mark_delivered(waiting, at=site.clock.now(), receipt="")
        return True
    set_alarm(ref, effect, site=site, stepfunctions=courier.stepfunctions)
    site.store.mark_delivered(waiting, at=site.clock.now(), receipt="")
    return True


def _tell(waiting: Undelivered, tell: Tell, stored: Stored, *, site: Site, courier: Courier) -> bool:
    case = stored.case
    at = todays_situation_of(case, site=site)
    if case.is_barred(tell.person) and tell.what not in REACHES_INVOLVED:
        # Who turned out to be involved since it was decided hears no more than that.
        site.store.mark_delivered(waiting, at=site.clock.now(), receipt="involved in the matter")
        return False
    if case.erasing:
        # Its key may be gone already; nobody is told of a case that is being destroyed.
        return False
    contents = site.store.contents(case.ref, needs(tell, case))
    try:
        to = recipient_of(tell, case, at.procedure, contents)
        if tell.person == COMPLAINANT and (
            case.address == "disowned" or (COMPLAINANT in case.unreachable and tell.notice != "fresh-link")
        ):
            # What goes to an address that does not work arrives nowhere, and costs the sender's good name; who said
            # that they are somebody else is left in peace.
            to = replace(to, email="")
        link = _link(tell, to, at, site=site)
    except UnknownRecipient:
        # Who has left the directory is not waited for; whoever took over is told of what is due.
        site.store.mark_delivered(waiting, at=site.clock.now(), receipt="not in the directory")
        return False
    except CaseGone:
        return False
    message = compose(tell, to, at=at, contents=contents, link=link)
    receipt = send(message, at.procedure, effect=waiting.id, site=site, courier=courier)
    # What is marked comes back no more: that is last.
    now = site.clock.now()
    kept = kept_of(waiting.id, tell, message, at=now)
    sent = None if kept is None else (site.store.key_to_write_with(stored, site.identities.key), kept)
    site.store.mark_delivered(waiting, at=now, receipt=receipt, sent=sent)
    return True


def _pass_on(effect: Pass, case: Case, *, site: Site) -> None:
    """Have the other case know what this one is to it now. Nothing where it is gone, or being destroyed."""
    known = link_to(case.links, effect.ref)
    if known is None:
        return
    command = HearOfLink(
        other=case.ref,
        how=seen_from_there(known.how),
        heard=case.version,
        involved=case.involved,
        is_unconfirmed=case.is_unconfirmed,
    )
    try:
        execute(effect.ref, command, site=site)
    except (UnknownCase, CaseClosed):
        return


def deliver_to_staff(organisation: str, effect_id: str, *, site: Site, courier: Courier) -> bool:
    """Carry out one effect that concerns an organisation's staff and no single case; False: as `deliver`."""
    if effect_id.startswith(INVITATION):
        return deliver_invitation(organisation, effect_id, site=site, courier=courier)
    if effect_id.startswith(DEPARTURE):
        return follow_departure(organisation, effect_id, site=site)
    return tell_of_departure(organisation, effect_id, site=site, courier=courier)


def follow_departure(organisation: str, effect_id: str, *, site: Site) -> bool:
    """Have those told who can act instead of whoever has left, or has lost a role; False: nobody has to be, or they are
    already."""
    departure = site.store.waiting(staff_partition(organisation), effect_id)
    if departure is None:
        return False
    correlate(departure.correlation)
    messages = list(messages_after(departure, site=site))
    replace_departure(departure, messages, site.store)
    return bool(messages)


def tell_of_departure(organisation: str, effect_id: str, *, site: Site, courier: Courier) -> bool:
    """Send the list of the cases that wait for somebody else; False: it was sent before, none of them waits any more,
    or the person who was to be told has left as well."""
    found = site.store.waiting(staff_partition(organisation), effect_id)
    if found is None:
        return False
    correlate(found.correlation)
    tell: TellOfDeparture = from_record((TellOfDeparture,), found.effect)
    procedure = with_todays_people(procedures.load(organisation), site=site)
    person = procedure.person(tell.person)
    cases = bereft(tell, site=site)
    if is_told := person is not None and bool(cases):
        page = f"{site.settings.public_url}/{organisation}/staff"
        message = compose_reviewer_left(person, procedure, cases=cases, page=page)
        send(message, procedure, effect=effect_id, site=site, courier=courier)
    forget_message(staff_partition(organisation), effect_id, site.store)
    return is_told


def deliver_invitation(organisation: str, effect_id: str, *, site: Site, courier: Courier) -> bool:
    """Send the link to a member of staff's own page; False: it was sent before, or the person has left since."""
    waiting = invitation(organisation, effect_id, site=site)
    if waiting is None:
        return False
    effect = from_record((Invite,), waiting)
    procedure = with_todays_people(procedures.load(organisation), site=site)
    person = procedure.person(effect.person)
    if person is not None:
        secret = mint_staff_link(organisation, person.id, site=site)
        message = compose_staff_link(
            person,
            procedure,
            link=f"{site.settings.public_url}/s/{secret}",
            until=site.clock.now() + VALID_FOR,
        )
        send(message, procedure, effect=effect_id, site=site, courier=courier)
    forget_message(staff_partition(organisation), effect_id, site.store)
    return person is not None


def put_off(partition: str, effect_id: str, *, site: Site) -> bool:
    """Have an effect that could not be delivered tried again after all others; True: it has been tried so often that it
    is given up instead. An invitation is given up by itself, before that."""
    waiting = site.store.waiting(partition, effect_id)
    if waiting is None or effect_id.startswith(INVITATION):
        return False
    give_up = waiting.tries + 1 >= GIVE_UP_AFTER
    site.store.put_off(waiting, at=site.clock.now(), give_up=give_up)
    return give_up


def _link(tell: Tell, to: Recipient, at: Situation, *, site: Site) -> str | None:
    """Return the address of a new link for the person; None: they have nothing to do, or no link would reach them.

    CaseGone: the case is gone, or being destroyed."""
    case, procedure, able = at.case, at.procedure, available(at, by=tell.person)
    if not (carries_link(to, tell.notice, procedure) and _is_worth_a_link(tell, able, procedure)):
        return None
    secret = mint(
        ref=case.ref,
        person=tell.person,
        stage=case.current.stage,
        sent_for=able[0],
        sent_to=case.link_goes_to(tell.person),
        site=site,
    )
    return f"{site.settings.public_url}/l/{secret}"


def _is_worth_a_link(tell: Tell, able: tuple[str, ...], procedure: Procedure) -> bool:
    """Return whether a link is worth sending. The file of a case can be had from any link of whoever handled it;
    whoever answers for the records may have none yet, and the complainant's is for the copy that is offered to
    them."""
    if set(able) - {"export"} or tell.person == COMPLAINANT or tell.notice == "fresh-link":
        return bool(able)
    person, records = procedure.person(tell.person), procedure.records
    return bool(able) and person is not None and records is not None and records.role in person.roles


def _send_certificate(waiting: Undelivered, certify: Certify, *, site: Site, courier: Courier) -> None:
    procedure = with_todays_people(procedures.load(certify.organisation), site=site)
    person = procedure.person(certify.person)
    if person is not None:
        tombstone = {
            "reference": waiting.ref,
            "organisation": procedure.organisation,
            "opened": certify.opened,
            "closed": certify.closed,
            "destroyed": certify.destroyed,
            "final_hash": certify.final_hash,
        }
        message = compose_certificate(tombstone, person, procedure)
        send(message, procedure, effect=waiting.id, site=site, courier=courier)
    forget_certificate(waiting, site.store)
