"""Somebody leaves the directory or loses a role: who hears which cases need somebody else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from adapters import procedures
from adapters.cases.execute import execute
from adapters.people.directory import directory_of
from adapters.post.delivery import put_off
from adapters.post.outbox import DEPARTURE
from domain.acts.assignment import AssignReviewers
from domain.acts.conflict import DeclareInvolvement
from domain.acts.lateness import DecideLateness
from domain.directory import Entry
from domain.words import Writing
from handlers import outbox
from tests.browser.gateway import post_form
from tests.integration.desk import Read
from tests.integration.town import DIRECTOR, MANAGER, OFFICE, SLUG, Town, days

DEPUTY = "deputy.programmes.manager@leadership-east.example"
OFFICER = "data.protection@leadership-east.example"
NEW = "new@leadership-east.example"
ALLIANCE = "alliance-for-learning"
COMPLAINTS_OFFICE = "complaints.officer@alliance-for-learning.example"
FIRST_EXECUTIVE = "executive.first@alliance-for-learning.example"
LEAVER = "programmes-manager-primary"
NOTICE = "reviewer-left"


def case(town: Town, *reviewers: str, slug: str = SLUG) -> str:
    """A new case, acknowledged and assigned, or as it came where nobody is named; its reference."""
    town.complain(slug)
    if reviewers:
        town.acknowledge()
        assign(town, *reviewers)
    return town.desk.ref


def assign(town: Town, *reviewers: str) -> None:
    current = town.desk.case().current
    command = AssignReviewers(by=town.desk.coordinator(), stage=current.stage, reviewers=reviewers)
    execute(town.desk.ref, command, site=town.desk.office.site)


def leave(town: Town, person: str = LEAVER, keeper: str = OFFICE) -> None:
    secret, _ = town.own_page(SLUG, keeper)
    removed = town.keep(secret, "remove", person=person, confirm="yes")
    assert removed.status == 200, removed.page.text


def come(town: Town, *roles: str) -> None:
    secret, _ = town.own_page(SLUG, OFFICE)
    assert town.keep(secret, "add", name="New", email=NEW, roles=list(roles)).status == 200


def lose_role(town: Town, *roles: str) -> None:
    """The manager has these roles from now on, or that of an executive."""
    secret, _ = town.own_page(SLUG, OFFICE)
    known = {"name": "Programmes Manager (primary)", "email": MANAGER}
    has = list(roles) or ["executive-or-trustee"]
    assert town.keep(secret, "change", person=LEAVER, **known, roles=has).status == 200


def later(town: Town, minutes: int = 3) -> list[tuple[str, str]]:
    """Some minutes pass, and everything is delivered that can be, and what follows from it; what could not be."""
    office = town.desk.office
    town.desk.at(office.clock.now() + timedelta(minutes=minutes))
    failed = []
    for _ in range(2):
        for entry in office.site.store.due("outbox", office.clock.now(), limit=1000):
            try:
                office._deliver(entry["PK"], entry["SK"])  # noqa: SLF001
            except ConnectionError:
                failed.append((entry["PK"], entry["SK"]))
    return failed


def told(town: Town, address: str) -> list[set[str]]:
    """The references in each list that was sent to an address."""
    mails = town.desk.office.mails_to(address, NOTICE)
    return [set(re.findall(r"LE[A-Z]*-\w{4}-\w{4}", text_of(one))) for one in mails]


def text_of(mail: dict[str, Any]) -> str:
    return str(mail["Content"]["Simple"]["Body"]["Text"]["Data"])


def waiting(town: Town, beginning: str) -> list[tuple[str, str]]:
    office = town.desk.office
    entries = office.site.store.due("outbox", office.clock.now() + timedelta(days=1), limit=1000)
    return [(one["PK"], one["SK"]) for one in entries if one["SK"].startswith(beginning)]


class TestSomebodyLeaves:
    def test_what_is_due_next_need_not_be_the_answer(self, town: Town) -> None:
        """Whoever is named in the place of somebody who has not even acknowledged has to do that first."""
        town.complain(SLUG)
        assign(town, LEAVER)
        leave(town)
        later(town)
        (mail,) = town.desk.office.mails_to(OFFICE, NOTICE)
        text = " ".join(text_of(mail).split())
        assert "Stage 1: the programmes manager. The acknowledgement is due by the end of" in text

    def test_the_coordinator_gets_one_list_of_their_cases(self, town: Town) -> None:
        """Of those that wait for them, and of no others; with the stage, the date and the way to staff's own page, and
        without a name."""
        answered = case(town, LEAVER)
        town.answer()
        closed = case(town, LEAVER)
        town.answer()
        town.reply("satisfied")
        assert not town.desk.case().is_open
        others = {answered, closed, case(town, "programmes-manager-deputy"), case(town)}
        theirs = {case(town, LEAVER), case(town, LEAVER)}
        leave(town)
        later(town)
        assert [theirs] == told(town, OFFICE)
        assert not others & theirs
        (mail,) = town.desk.office.mails_to(OFFICE, NOTICE)
        text = " ".join(text_of(mail).split())
        assert "Stage 1: the programmes manager. The outcome is due by the end of" in text
        assert "https://complaints.example/leadership-east/staff" in text
        for name in ("canary", "Programmes Manager (primary)", LEAVER):
            assert name not in repr(mail).lower()
        assert {"Name": "notice", "Value": NOTICE} in mail["EmailTags"]
        for address in (DIRECTOR, DEPUTY, MANAGER, OFFICER):
            assert not told(town, address)

    def test_nobody_hears_where_no_case_waits_for_them(self, town: Town) -> None:
        """And nothing is left of it."""
        case(town, "programmes-manager-deputy")
        leave(town)
        later(town)
        assert not [one for one in town.desk.office.mail.sent if NOTICE in repr(one["EmailTags"])]
        assert not [item for item in town.desk.office.items() if "LEFT#" in item["SK"]["S"]]

    def test_who_loses_a_role_goes_on_with_what_they_have(self, town: Town) -> None:
        """A reviewer was named for the case: they can finish it, and who names reviewers hears that they have lost the
        role, and can name somebody else."""
        theirs = case(town, LEAVER)
        lose_role(town)
        later(town)
        assert [{theirs}] == told(town, OFFICE)
        (mail,) = town.desk.office.mails_to(OFFICE, NOTICE)
        text = " ".join(text_of(mail).split())
        assert "The reviewer no longer has the role. They can finish this stage unless you assign" in text
        town.act(LEAVER, "respond", **town.outcome())

    def test_who_has_the_role_again_has_not_lost_it(self, town: Town) -> None:
        """What was taken away by mistake is given back before anybody is told."""
        case(town, LEAVER)
        lose_role(town)
        lose_role(town, "programmes-manager")
        later(town)
        assert not told(town, OFFICE)

    def test_who_keeps_the_role_that_counts_has_lost_nothing(self, town: Town) -> None:
        """Another role that was taken away made nobody a reviewer."""
        lose_role(town, "programmes-manager", "executive-or-trustee")
        town.desk.at(town.desk.office.clock.now() + timedelta(minutes=2))
        case(town, LEAVER)
        lose_role(town, "programmes-manager")
        later(town)
        assert not told(town, OFFICE)

    def test_what_was_given_to_others_meanwhile_is_left_out(self, town: Town) -> None:
        """The list is made up minutes later, and looked through again when it is sent."""
        case(town, LEAVER)
        leave(town)
        town.desk.at(town.desk.office.clock.now() + timedelta(minutes=2))
        assign(town, "programmes-manager-deputy")
        later(town)
        assert not told(town, OFFICE)

    def test_what_was_given_to_others_since_the_list_was_made_up_is_left_out_too(self, town: Town) -> None:
        """A mail that could not be sent for a while tells what is true when it is."""
        first, second = case(town, LEAVER), case(town, LEAVER)
        leave(town)
        town.desk.office.mail.refused = {OFFICE}
        assert later(town)
        assign(town, "programmes-manager-deputy")
        assert second == town.desk.ref
        town.desk.office.mail.refused = set()
        assert not later(town)
        assert [{first}] == told(town, OFFICE)

    def test_who_comes_back_has_not_left(self, town: Town) -> None:
        """The one who was removed by mistake is entered again before anybody is told."""
        case(town, LEAVER)
        leave(town)
        secret, _ = town.own_page(SLUG, OFFICE)
        known = {"name": "Programmes Manager (primary)", "email": MANAGER}
        assert town.keep(secret, "change", person=LEAVER, **known, roles=["programmes-manager"]).status == 200
        later(town)
        assert not told(town, OFFICE)

    def test_the_stream_leaves_it_to_the_sweep(self, town: Town) -> None:
        """Whoever knew the directory of before can still name them for a minute."""
        case(town, LEAVER)
        leave(town)
        ((partition, effect_id),) = waiting(town, DEPARTURE)
        keys = {"PK": {"S": partition}, "SK": {"S": effect_id}}
        record = {"eventName": "INSERT", "eventID": "1", "dynamodb": {"Keys": keys, "SequenceNumber": "1"}}
        outbox.handler({"Records": [record]}, _Context())
        assert [(partition, effect_id)] == waiting(town, DEPARTURE)

    def test_the_case_page_does_not_say_that_they_look_into_it(self, town: Town) -> None:
        """It says that they have left, and that somebody has to be named."""
        case(town, LEAVER)
        leave(town)
        later(town)
        page = Read(town.desk.get(town.desk.secret(town.desk.coordinator()))["body"]).text
        assert "The reviewer has left, and nobody else has been assigned yet." in page


class TestWhoIsTold:
    def test_where_the_coordinator_is_away_those_over_them(self, town: Town) -> None:
        """A list that only somebody absent gets would lie there."""
        theirs = case(town, LEAVER)
        secret, _ = town.own_page(SLUG, OFFICE)
        away = days("first", date(2026, 11, 2)) | days("last", date(2026, 11, 6))
        town.keep(secret, "away", person="programmes-office-primary", **away)
        leave(town)
        later(town)
        assert ([{theirs}], []) == (told(town, DIRECTOR), told(town, OFFICE))

    def test_nobody_who_is_involved_in_the_matter(self, town: Town) -> None:
        """Of that case those hear who name the reviewer in their place."""
        plain = case(town, LEAVER)
        theirs = case(town, LEAVER)
        involved = DeclareInvolvement(
            by="programmes-office-primary",
            stage=town.desk.case().current.stage,
            person="programmes-office-primary",
            reason=Writing("why", {"reason": "Related."}),
        )
        execute(theirs, involved, site=town.desk.office.site)
        leave(town)
        later(town)
        assert [{plain}] == told(town, OFFICE)
        assert [{theirs}] == told(town, DIRECTOR)

    def test_of_two_procedures_each_its_own_and_one_list_a_person(self, town: Town) -> None:
        """The data protection officer was a reviewer of both: who coordinates both gets one list, who coordinates one
        gets what is theirs."""
        secret, _ = town.own_page(SLUG, OFFICE)
        known = {"name": "Data Protection Officer", "email": OFFICER}
        roles = ["data-protection-contact", "programmes-manager"]
        town.keep(secret, "change", person="data-protection-officer", **known, roles=roles)
        town.desk.at(town.desk.office.clock.now() + timedelta(minutes=2))
        complaint = case(town, "data-protection-officer")
        beside = case(town, slug=f"{SLUG}/data-protection")
        assert town.desk.case().current.reviewers == ("data-protection-officer",)
        come(town, "data-protection-contact", "programmes-office")
        leave(town, "data-protection-officer")
        later(town)
        assert [{complaint}] == told(town, OFFICE)
        assert [{complaint, beside}] == told(town, NEW)

    def test_a_recipient_who_has_left_is_passed_over(self, town: Town) -> None:
        """The other one hears all the same."""
        theirs = case(town, LEAVER)
        come(town, "programmes-office")
        leave(town)
        town.desk.at(town.desk.office.clock.now() + timedelta(minutes=2))
        secret, _ = town.own_page(SLUG, NEW)
        town.desk.office.mail.refused = {OFFICE}
        assert later(town)
        assert town.keep(secret, "remove", person="programmes-office-primary", confirm="yes").status == 200
        town.desk.office.mail.refused = set()
        assert not later(town)
        assert ([], [{theirs}]) == (told(town, OFFICE), told(town, NEW))
        assert not waiting(town, "OUTBOX#LEFT#")


class TestWhoDecides:
    def test_a_decision_goes_to_who_can_take_it_now(self, town: Town) -> None:
        """Whoever was to decide on a late complaint is no longer of the executive team. Who has come into it since was
        never asked: they are, find the case on their page, and decide."""
        town.complain(ALLIANCE, incident_date="2026-01-05")
        late = town.desk.ref
        secret, _ = town.own_page(ALLIANCE, COMPLAINTS_OFFICE)
        assert town.keep(secret, "add", name="New", email=NEW, roles=["executive-team"]).status == 200
        known = {"name": "Executive team member (first)", "email": FIRST_EXECUTIVE}
        changed = town.keep(secret, "change", person="executive-first", **known, roles=["informal-contact"])
        assert changed.status == 200, changed.page.text
        later(town)
        (mail,) = town.desk.office.mails_to(NEW, NOTICE)
        assert f"{late}, Step 2: a formal complaint." in " ".join(text_of(mail).split())
        assert "It is waiting for your decision." in " ".join(text_of(mail).split())
        assert not town.desk.office.mails_to(FIRST_EXECUTIVE, NOTICE)
        assert not town.desk.office.mails_to(COMPLAINTS_OFFICE, NOTICE)
        _, page = town.own_page(ALLIANCE, NEW)
        assert late in page.text
        person = next(one.id for one in _directory(town) if one.email == NEW)
        decided = DecideLateness(
            by=person,
            stage=town.desk.case().current.stage,
            accepted=True,
            reason=Writing("why", {"reason": "You were ill."}),
        )
        execute(late, decided, site=town.desk.office.site)
        assert town.desk.case().lateness == "accepted"


def _directory(town: Town) -> tuple[Entry, ...]:
    return directory_of(procedures.load(ALLIANCE), site=town.desk.office.site).people


class TestAfterTheClosure:
    def test_who_coordinates_hears_of_what_was_promised_and_is_not_done(self, town: Town) -> None:
        """The one whose step it was has left; the mail leads to a page that lists the case."""
        theirs = case(town, LEAVER)
        step = {"action_1": "Put up a sign.", "owner_1": f"person:{LEAVER}"}
        town.answer(**step, **days("due_1", date(2026, 12, 18)))
        town.reply("satisfied")
        assert not town.desk.case().is_open
        case(town, LEAVER)
        town.answer()
        town.reply("satisfied")
        leave(town)
        later(town)
        assert [{theirs}] == told(town, OFFICE)
        (mail,) = town.desk.office.mails_to(OFFICE, NOTICE)
        assert "A step that we promised is not done yet." in " ".join(text_of(mail).split())
        _, page = town.own_page(SLUG, OFFICE)
        assert theirs in page.text


class TestDelivery:
    def test_again_is_harmless(self, town: Town) -> None:
        """Whatever is delivered a second time finds that it is done."""
        theirs = case(town, LEAVER)
        leave(town)
        office = town.desk.office
        ((partition, departure),) = waiting(town, DEPARTURE)
        town.desk.at(office.clock.now() + timedelta(minutes=3))
        assert office._deliver(partition, departure)  # noqa: SLF001
        ((_, message),) = waiting(town, "OUTBOX#LEFT#")
        assert office._deliver(partition, message)  # noqa: SLF001
        for effect_id in (departure, message):
            assert not office._deliver(partition, effect_id)  # noqa: SLF001
        assert [{theirs}] == told(town, OFFICE)

    def test_a_mail_that_fails_holds_up_no_other_and_goes_out_later(self, town: Town) -> None:
        """Each person's list is an effect of its own, which is put off like any."""
        theirs = case(town, LEAVER)
        come(town, "programmes-office")
        leave(town)
        office = town.desk.office
        office.mail.refused = {OFFICE}
        failed = set(later(town))
        ((partition, message),) = failed
        assert ([], [{theirs}]) == (told(town, OFFICE), told(town, NEW))
        assert not put_off(partition, message, site=office.site)
        found = office.site.store.waiting(partition, message)
        assert found is not None
        assert 1 == found.tries
        office.mail.refused = set()
        assert not later(town)
        assert [{theirs}] == told(town, OFFICE) == told(town, NEW)

    def test_is_written_with_the_change_or_not_at_all(self, town: Town) -> None:
        """Who was slower has removed nobody, and nothing follows from it."""
        secret, _ = town.own_page(SLUG, OFFICE)
        away = days("first", date(2026, 11, 2)) | days("last", date(2026, 11, 6))
        assert town.keep(secret, "away", person="trustee", **away).status == 200
        pairs = [("action", "remove"), ("version", "0"), ("person", LEAVER), ("confirm", "yes")]
        assert post_form(f"/s/{secret}/directory", pairs).status == 409
        assert not waiting(town, DEPARTURE)


class _Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "outbox"
