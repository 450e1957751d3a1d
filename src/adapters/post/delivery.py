"""Effects become mails and alarms: after the write, at least once, harmless when repeated.

An effect is delivered first and marked as delivered afterwards: should the mark be lost, the person gets the mail
twice, which is better than not at all.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from adapters import procedures
from adapters.cases.execute import execute
from adapters.cases.rules import todays_rules_of
from adapters.cases.store import Undelivered
from adapters.people.departures import bereft, has_left, messages_after
from adapters.people.directory import with_todays_people
from adapters.people.links import CaseGone, mint
from adapters.people.staff_links import VALID_FOR, invitation, mint_staff_link
from adapters.post.letters import as_sent, letter_id
from adapters.post.mail import (
    Mail,
    UnknownRecipient,
    compose,
    compose_certificate,
    compose_reviewer_left,
    compose_staff_link,
    needs,
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
from domain.acting import available
from domain.case import Case
from domain.commands import PrepareLetter, Writing
from domain.effects import SetAlarm, Tell
from domain.errors import UnknownCase
from domain.events import COMPLAINANT
from domain.life.letters import goes_by_post
from domain.records import from_record

if TYPE_CHECKING:
    from domain.acting import Action
    from domain.procedure import Procedure

GIVE_UP_AFTER = 288
"""Sweeps, one every five minutes: a day. What fails for so long fails for a reason that somebody has to see to; it is
kept, counted and told of until `dueprocess replay` puts it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """The clients that carry effects out: boto3's for SES v2 and Step Functions."""

    ses: Any
    stepfunctions: Any


def deliver(ref: str, effect_id: str, *, site: Site, courier: Courier) -> bool:
    """Carry out one effect of the outbox; False: it was carried out before, or there is nothing left to do."""
    waiting = site.store.undelivered(ref, effect_id)
    if waiting is None:
        return False
    effect = from_record((Tell, SetAlarm, Certify), waiting.effect)
    if isinstance(effect, Certify):
        _send_certificate(waiting, effect, site=site, courier=courier)
        return True
    stored = site.store.load(ref)
    if stored is None:
        return False
    sent = None
    if isinstance(effect, SetAlarm):
        _set_alarm(ref, effect, site=site, courier=courier)
        receipt = ""
    else:
        try:
            mail = _composed(stored.case, effect, site=site)
        except UnknownRecipient:
            # Who has left the directory is not waited for; whoever took over is told of what is due.
            site.store.mark_delivered(waiting, at=site.clock.now(), receipt="not in the directory")
            return False
        if mail is None:
            return False
        receipt = "no address"
        if mail.to_address:
            receipt = _send(
                mail,
                ref=ref,
                notice=effect.notice,
                person=effect.person,
                org=stored.case.organisation,
                site=site,
                courier=courier,
            )
        if effect.person == COMPLAINANT and effect.notice != "fresh-link":
            sent = _kept_as_letter(waiting, effect, mail, stored.case, site=site)
    site.store.mark_delivered(waiting, at=site.clock.now(), receipt=receipt, sent=sent)
    return True


def deliver_to_staff(organisation: str, effect_id: str, *, site: Site, courier: Courier) -> bool:
    """Carry out one effect that concerns an organisation's staff and no single case; False: as `deliver`."""
    if effect_id.startswith(INVITATION):
        return deliver_invitation(organisation, effect_id, site=site, courier=courier)
    if effect_id.startswith(DEPARTURE):
        return follow_departure(organisation, effect_id, site=site)
    return tell_of_departure(organisation, effect_id, site=site, courier=courier)


def follow_departure(organisation: str, effect_id: str, *, site: Site) -> bool:
    """Have those told who can name another reviewer for the cases of whoever has left; False: nobody has to be, or
    they are already."""
    departure = site.store.waiting(staff_partition(organisation), effect_id)
    if departure is None:
        return False
    messages = list(messages_after(departure, site=site))
    replace_departure(departure, messages, site.store)
    return bool(messages)


def tell_of_departure(organisation: str, effect_id: str, *, site: Site, courier: Courier) -> bool:
    """Send the list of the cases that have lost a reviewer; False: it was sent before, none of them waits any more, or
    the person who was to be told has left as well."""
    found = site.store.waiting(staff_partition(organisation), effect_id)
    if found is None:
        return False
    tell: TellOfDeparture = from_record((TellOfDeparture,), found.effect)
    procedure = with_todays_people(procedures.load(organisation), site=site)
    person = procedure.person(tell.person)
    cases = bereft(tell, site=site) if has_left(tell.left, organisation, site=site) else []
    if is_told := person is not None and bool(cases):
        page = f"{site.settings.public_url}/{organisation}/staff"
        mail = compose_reviewer_left(person, procedure, cases=cases, page=page)
        _send(
            mail,
            ref="",
            notice="reviewer-left",
            person=person.id,
            org=organisation,
            site=site,
            courier=courier,
        )
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
        mail = compose_staff_link(
            person,
            procedure,
            link=f"{site.settings.public_url}/s/{secret}",
            until=site.clock.now() + VALID_FOR,
        )
        _send(
            mail, ref="", notice="staff-link", person=person.id, org=organisation, site=site, courier=courier
        )
    forget_message(staff_partition(organisation), effect_id, site.store)
    return person is not None


def _kept_as_letter(waiting: Undelivered, tell: Tell, mail: Mail, case: Case, *, site: Site) -> Writing:
    """What is kept of a message to the complainant. Where it has to be posted, those who handle the case are told."""
    procedure, _ = todays_rules_of(case, site=site)
    if goes_by_post(tell.notice, procedure, has_email=bool(mail.to_address)):
        # Before the mark: an effect that is taken off the outbox comes back no more.
        with suppress(UnknownCase):
            execute(case.ref, PrepareLetter(letter=letter_id(waiting.id), notice=tell.notice), site=site)
    return as_sent(waiting.id, tell, mail, at=site.clock.now())


def put_off(partition: str, effect_id: str, *, site: Site) -> bool:
    """Have an effect that could not be delivered tried again after all others; True: it has been tried so often that it
    is given up instead. An invitation is given up by itself, before that."""
    waiting = site.store.waiting(partition, effect_id)
    if waiting is None or effect_id.startswith(INVITATION):
        return False
    give_up = waiting.tries + 1 >= GIVE_UP_AFTER
    site.store.put_off(waiting, at=site.clock.now(), give_up=give_up)
    return give_up


def _composed(case: Case, tell: Tell, *, site: Site) -> Mail | None:
    ref = case.ref
    procedure, calendar = todays_rules_of(case, site=site)
    link = None
    contents = site.store.contents(ref, needs(tell, case))
    able = available(case, by=tell.person, procedure=procedure)
    has_address = tell.person != COMPLAINANT or bool(contents[case.answers].get("email"))
    if has_address and _is_worth_a_link(tell, able, procedure):
        try:
            secret = mint(ref=ref, person=tell.person, stage=case.current.stage, sent_for=able[0], site=site)
        except CaseGone:
            return None
        link = f"{site.settings.public_url}/l/{secret}"
    return compose(
        tell,
        case=case,
        procedure=procedure,
        calendar=calendar,
        contents=contents,
        link=link,
        now=site.clock.now(),
    )


def _is_worth_a_link(tell: Tell, able: tuple[Action, ...], procedure: Procedure) -> bool:
    """The file of a case can be had from any link of whoever handled it; whoever answers for the records may have none
    yet, and the complainant's is for the copy that is offered to them."""
    if set(able) - {"export"} or tell.person == COMPLAINANT or tell.notice == "fresh-link":
        return bool(able)
    person, records = procedure.person(tell.person), procedure.records
    return bool(able) and person is not None and records is not None and records.role in person.roles


def _send(mail: Mail, *, ref: str, notice: str, person: str, org: str, site: Site, courier: Courier) -> str:
    procedure = procedures.load(org)
    settings = site.settings
    message: dict[str, Any] = {
        "FromEmailAddress": f"{_quoted(procedure.organisation)} <{settings.sender}>",
        "Destination": {"ToAddresses": [mail.to_address]},
        "ReplyToAddresses": [procedure.contact.email],
        "Content": {
            "Simple": {
                "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": mail.text, "Charset": "UTF-8"},
                    "Html": {"Data": mail.html, "Charset": "UTF-8"},
                },
            }
        },
        # How a bounce finds its way back to the case: references and ids, nothing personal.
        "EmailTags": [
            *([{"Name": "case", "Value": ref}] if ref else []),
            {"Name": "notice", "Value": notice},
            {"Name": "person", "Value": person},
        ],
    }
    if settings.configuration_set:
        message["ConfigurationSetName"] = settings.configuration_set
    answer = courier.ses.send_email(**message)
    return str(answer.get("MessageId", ""))


def _set_alarm(ref: str, alarm: SetAlarm, *, site: Site, courier: Courier) -> None:
    wall = site.clock.wall(alarm.at)
    # A Wait knows whole seconds; woken a moment early, an alarm would find nothing due.
    if wall.microsecond:
        wall = wall.replace(microsecond=0) + timedelta(seconds=1)
    stage, deadline = alarm.deadline.split("/")
    name = f"{ref}.{stage}.{deadline}.{alarm.version}"
    # Where it exists, this is the same effect, delivered a second time.
    with suppress(courier.stepfunctions.exceptions.ExecutionAlreadyExists):
        courier.stepfunctions.start_execution(
            stateMachineArn=site.settings.alarm_machine_arn,
            name=name,
            input=json.dumps(
                {"ref": ref, "deadline": alarm.deadline, "version": alarm.version, "at": _timestamp(wall)}
            ),
        )


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
        mail = compose_certificate(tombstone, person, procedure)
        _send(
            mail,
            ref=waiting.ref,
            notice="deletion-certificate",
            person=person.id,
            org=certify.organisation,
            site=site,
            courier=courier,
        )
    forget_certificate(waiting, site.store)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _timestamp(wall: datetime) -> str:
    return wall.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
