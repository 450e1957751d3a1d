"""Staff's own page: the link by mail, what waits, entering cases, and the directory."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters import procedures
from adapters.cases.execute import execute
from adapters.cases.submission import submit
from adapters.people.directory import with_todays_people
from domain.acts.waking import Wake
from domain.case import COMPLAINANT
from handlers import wiring
from tests.browser.gateway import Page, call, post_form
from tests.integration.desk import ANSWERS, LEADERSHIP, Read
from tests.integration.office import Office, answers_lost
from tests.integration.town import ADDRESS, DIRECTOR, MANAGER, OFFICE, SLUG, Town, days

FILLED = ANSWERS | LEADERSHIP[1]


class Calls:
    """A client that notes which of its operations were called on which kind of item."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.made: list[str] = []

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._client, name)
        if name not in ("get_item", "put_item", "transact_write_items", "query", "batch_get_item"):
            return called

        def noted(**given: Any) -> Any:
            kind = given["Key"]["PK"]["S"].partition("#")[0] if "Key" in given else ""
            self.made.append(f"{name} {kind}".strip())
            return called(**given)

        return noted


class TestReading:
    def test_the_directory_is_read_at_most_once_a_minute(self, office: Office) -> None:
        """A submission is one transaction; the directory is read before the first of a minute, and not again."""
        calls = Calls(office.site.store.client)
        office.meter(calls)
        for number in range(3):
            submit(SLUG, "complaint", FILLED, key=f"key-{number}", by=COMPLAINANT, site=office.site)
        assert Counter(calls.made) == {"get_item DIRECTORY": 1, "transact_write_items": 3}
        office.clock.advance(timedelta(seconds=61))
        submit(SLUG, "complaint", FILLED, key="later", by=COMPLAINANT, site=office.site)
        assert Counter(calls.made) == {"get_item DIRECTORY": 2, "transact_write_items": 4}

    def test_a_stale_alarm_reads_once(self, office: Office) -> None:
        """Whoever fills which role: an alarm that finds nothing due asks for the case and for nothing else."""
        ref = submit(SLUG, "complaint", FILLED, key="key", by=COMPLAINANT, site=office.site).reference
        calls = Calls(office.site.store.client)
        office.meter(calls)
        office.clock.advance(timedelta(minutes=5))
        execute(ref, Wake(), site=office.site)
        assert calls.made == ["get_item CASE"]


class TestAskingForALink:
    def test_says_the_same_to_everybody(self, town: Town) -> None:
        """An address that is not in the directory gets the same page, and no mail."""
        known = post_form(f"/{SLUG}/staff", [("email", OFFICE.upper())])
        unknown = post_form(f"/{SLUG}/staff", [("email", "stranger@elsewhere.example")])
        assert (known.status, known.body) == (unknown.status, unknown.body)
        town.desk.office.deliver_all()
        assert len(town.mails(OFFICE, "staff-link")) == 1
        assert not town.mails("stranger@elsewhere.example")

    def test_sends_one_link_in_ten_minutes(self, town: Town) -> None:
        """However often somebody presses the button, nobody's mailbox is flooded."""
        for _ in range(3):
            post_form(f"/{SLUG}/staff", [("email", OFFICE)])
        assert len(town.mails(OFFICE, "staff-link")) == 1
        town.at(2026, 11, 2, 10, 11)
        post_form(f"/{SLUG}/staff", [("email", OFFICE)])
        assert len(town.mails(OFFICE, "staff-link")) == 2

    def test_stores_no_secret_and_mails_no_tag_of_a_case(self, town: Town) -> None:
        """The table knows the link's hash; the mail's tags hold ids alone."""
        secret, _ = town.own_page(SLUG, OFFICE)
        assert secret not in repr(town.desk.office.items())
        tags = town.desk.office.mails_to(OFFICE, "staff-link")[0]["EmailTags"]
        assert {one["Name"] for one in tags} == {"notice", "person"}

    @pytest.mark.parametrize("typed", ["somebody", "a..b@example.org"])
    def test_refuses_what_is_no_address(self, town: Town, typed: str) -> None:
        """The page comes back with what was typed, and says what to do."""
        answer = post_form(f"/{SLUG}/staff", [("email", typed)])
        assert answer.status == 422
        assert answer.page.value("email") == typed
        assert "Enter an email address" in answer.page.text


class TestTheLink:
    def test_works_for_twelve_hours(self, town: Town) -> None:
        """Then it says so, and where to get another."""
        secret, _ = town.own_page(SLUG, OFFICE)
        town.at(2026, 11, 2, 21, 59)
        assert call("GET", f"/s/{secret}").status == 200
        town.at(2026, 11, 2, 22, 0)
        ended = call("GET", f"/s/{secret}")
        assert ended.status == 410
        assert f"/{SLUG}/staff" in [one["href"] for one in ended.page.all("a")]

    def test_is_unknown_where_it_was_never_made(self, town: Town) -> None:
        assert call("GET", f"/s/{'x' * 43}").status == 404
        assert call("GET", "/s/short").status == 404

    def test_ends_when_the_person_leaves_the_directory(self, town: Town) -> None:
        """Within a minute, wherever it was made."""
        keeper, _ = town.own_page(SLUG, OFFICE)
        leaver, _ = town.own_page(SLUG, MANAGER)
        removed = town.keep(keeper, "remove", person="programmes-manager-primary", confirm="yes")
        assert removed.status == 200
        ended = call("GET", f"/s/{leaver}")
        assert ended.status == 410
        assert "The person it was made for is no longer in the directory" in ended.page.text

    def test_a_reading_changes_nothing(self, town: Town) -> None:
        """Every page of it, for whoever keeps the directory."""
        town.complain(SLUG)
        secret, _ = town.own_page(SLUG, OFFICE)
        before = town.desk.office.items()
        for path in ("", "/enter/complaint", "/enter/data-protection.complaint", "/directory"):
            answer = call("GET", f"/s/{secret}{path}")
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-store"
            assert "noindex" in answer.headers["X-Robots-Tag"]
        assert before == town.desk.office.items()


class TestWhatWaits:
    def test_is_only_what_the_person_handles(self, town: Town) -> None:
        """The coordinator finds the new case, a manager who has nothing to do with it does not, and neither page has a
        word of it."""
        town.complain(SLUG, account="The canary's account.")
        _, page = town.own_page(SLUG, OFFICE)
        assert town.desk.ref in page.text
        assert "canary" not in page.text.lower()
        secret, other = town.own_page(SLUG, MANAGER)
        assert town.desk.ref not in other.text
        refused = post_form(f"/s/{secret}", [("case", town.desk.ref)])
        assert refused.status == 403

    def test_opens_with_a_link_of_its_own(self, town: Town) -> None:
        """The button leads to the case, as a link in a mail does."""
        town.complain(SLUG)
        secret, _ = town.own_page(SLUG, OFFICE)
        opened = post_form(f"/s/{secret}", [("case", town.desk.ref)])
        assert opened.status == 303
        page = Read(town.desk.get(opened.headers["Location"].removeprefix("/l/"))["body"])
        assert "acknowledge" in page.forms

    def test_another_organisations_case_is_none(self, town: Town) -> None:
        town.complain("dynamic-training", subject="training", incident_date="2026-10-30")
        secret, _ = town.own_page(SLUG, OFFICE)
        assert post_form(f"/s/{secret}", [("case", town.desk.ref)]).status == 404


class TestTheDirectory:
    def test_is_kept_only_by_whom_the_procedure_names(self, town: Town) -> None:
        """Others neither find it on their page nor get in by the address."""
        secret, page = town.own_page(SLUG, MANAGER)
        assert "directory" not in [one.get("href", "").rpartition("/")[2] for one in page.all("a")]
        assert call("GET", f"/s/{secret}/directory").status == 403
        pairs = [("action", "remove"), ("version", "0"), ("person", "trustee"), ("confirm", "yes")]
        assert post_form(f"/s/{secret}/directory", pairs).status == 403

    def test_a_new_person_gets_cases_and_mails(self, town: Town) -> None:
        """Added by a form, the person can be named as the reviewer of the next case, and gets its link."""
        secret, _ = town.own_page(SLUG, OFFICE)
        added = town.keep(
            secret,
            "add",
            name="A new manager",
            email="new@leadership-east.example",
            roles=["programmes-manager"],
        )
        assert added.status == 200, added.page.text
        assert "Programmes Administrator added A new manager" in added.page.text
        town.at(2026, 11, 2, 10, 2)
        town.complain(SLUG)
        form = town.page_of(town.desk.coordinator()).forms["assign"]
        (person,) = (one for one in form.choices["reviewers"] if one.startswith("person-"))
        town.acknowledge()
        town.assign(person)
        assert town.mails("new@leadership-east.example", "assignment")

    def test_what_is_wrong_is_named_and_what_was_typed_stays(self, town: Town) -> None:
        secret, _ = town.own_page(SLUG, OFFICE)
        answer = town.keep(secret, "add", name="Somebody", email=DIRECTOR)
        assert answer.status == 422
        assert "Someone else in the directory has this email address." in answer.page.text
        assert "Choose at least one role." in answer.page.text
        assert "Somebody" in [value for name, value in answer.page.values if name == "name"]

    def test_takes_a_name_in_the_shape_in_which_the_form_takes_one(self, town: Town) -> None:
        """Composed, in one line; what cannot be printed is refused at its field."""
        secret, _ = town.own_page(SLUG, OFFICE)
        someone: dict[str, str | list[str]] = {
            "email": "new@leadership-east.example",
            "roles": ["programmes-manager"],
        }
        refused = town.keep(secret, "add", name="A bell\x07", **someone)
        assert refused.status == 422
        assert "Remove the characters that cannot be printed." in refused.page.text
        added = town.keep(secret, "add", name=" Rene\u0301e\r\n Example", **someone)
        assert added.status == 200
        assert "Programmes Administrator added Ren\u00e9e Example" in added.page.text

    @pytest.mark.parametrize("year", ["26", "0026", "1899", "20 26"])
    def test_takes_only_the_days_that_the_form_takes(self, town: Town, year: str) -> None:
        """A year that nobody means is no day of an absence either."""
        secret, _ = town.own_page(SLUG, OFFICE)
        away = days("first", date(2026, 11, 2)) | {"first.year": year} | days("last", date(2026, 11, 6))
        answer = town.keep(secret, "away", person="trustee", **away)
        assert answer.status == 422
        assert "Enter the first day of the absence, like 27 3 2026." in answer.page.text

    def test_never_leaves_a_role_empty_that_a_rule_needs(self, town: Town) -> None:
        """The only Director cannot be removed, nor lose the role; the record stays as it was."""
        secret, _ = town.own_page(SLUG, OFFICE)
        refused = town.keep(secret, "remove", person="director-primary", confirm="yes")
        assert refused.status == 422
        assert "The procedure needs at least one person with the role Director." in refused.page.text
        assert not [item for item in town.desk.office.items() if item["PK"]["S"].startswith("DIRECTORY#")]

    def test_never_leaves_a_letter_to_nobody(self, town: Town) -> None:
        """Those who answer the wish to reopen an exhausted case stay, or a request for it would be told to nobody."""
        secret, _ = town.own_page(
            "ashton-on-mersey-scitt", "course.administrator@ashton-on-mersey-scitt.example"
        )
        gone = town.keep(secret, "remove", person="accounting-officer-primary", confirm="yes")
        assert gone.status == 422
        assert "at least one person with the role Accounting Officer." in gone.page.text
        chair = {"name": "Chair", "email": "board.chair@ashton-on-mersey-scitt.example"}
        less = town.keep(secret, "change", person="board-chair", **chair, roles=["strategic-board"])
        assert less.status == 422
        assert "at least one person with the role Chair of the strategic board." in less.page.text

    def test_who_was_slower_is_told(self, town: Town) -> None:
        """Two people with the same page open: the second sees what the first did before anything is written over."""
        secret, _ = town.own_page(SLUG, OFFICE)
        away = days("first", date(2026, 11, 2)) | days("last", date(2026, 11, 6))
        first = [("action", "away"), ("version", "0"), ("person", "trustee"), *away.items()]
        assert post_form(f"/s/{secret}/directory", first).status == 200
        second = [("action", "away"), ("version", "0"), ("person", "senior-executive"), *away.items()]
        answer = post_form(f"/s/{secret}/directory", second)
        assert answer.status == 409
        assert "The directory has been changed in the meantime" in answer.page.text

    def test_an_answer_that_got_lost_is_said_to_be(self, town: Town) -> None:
        """The page does not claim to know; the same sent again changes nothing twice, and shows what is there."""
        secret, _ = town.own_page(SLUG, OFFICE)
        away = days("first", date(2026, 11, 2)) | days("last", date(2026, 11, 6))
        change = [("action", "away"), ("version", "0"), ("person", "trustee"), *away.items()]
        with answers_lost(wiring.client("dynamodb")):
            lost = post_form(f"/s/{secret}/directory", change)
        assert lost.status == 503
        assert "we do not know whether it was saved" in lost.page.text
        again = post_form(f"/s/{secret}/directory", change)
        assert again.status == 409
        assert "by you or by someone else" in again.page.text

    def test_a_case_that_cannot_be_opened_now_can_be_in_a_moment(self, town: Town) -> None:
        town.at(2026, 11, 2, 10, 2)
        town.complain(SLUG)
        secret, _ = town.own_page(SLUG, OFFICE)
        opening = [("case", town.desk.ref)]
        with answers_lost(wiring.client("dynamodb")):
            lost = post_form(f"/s/{secret}", opening)
        assert lost.status == 503
        assert "Send it again" in lost.page.text
        assert post_form(f"/s/{secret}", opening).status == 303

    @pytest.mark.parametrize("leaves", [True, False], ids=["leaves", "gives up the role"])
    def test_who_no_longer_keeps_it_is_told_that_it_was_changed(self, town: Town, *, leaves: bool) -> None:
        """The last change that somebody makes is theirs to make: it is not refused for what follows from it."""
        secret, _ = town.own_page(SLUG, OFFICE)
        someone = {"name": "A new administrator", "email": "new@leadership-east.example"}
        town.keep(secret, "add", **someone, roles=["programmes-office"])
        own = {"person": "programmes-office-primary"}
        if leaves:
            answer = town.keep(secret, "remove", **own, confirm="yes")
        else:
            known = {"name": "Programmes Administrator", "email": OFFICE}
            answer = town.keep(secret, "change", **own, **known, roles=["programmes-manager"])
        assert answer.status == 200
        assert "The directory has been changed" in answer.page.text
        assert "Only those whom the procedure names" not in answer.page.text
        said = "your links to cases no longer work" if leaves else "You can no longer change it."
        assert said in answer.page.text
        assert call("GET", f"/s/{secret}/directory").status == (410 if leaves else 403)

    def test_every_change_is_on_record(self, town: Town) -> None:
        """With who made it and when, also in the table."""
        secret, _ = town.own_page(SLUG, OFFICE)
        away = days("first", date(2026, 11, 9)) | days("last", date(2026, 11, 13))
        town.keep(secret, "away", person="trustee", **away)
        page = town.keep(secret, "back", person="trustee", absence="2026-11-09").page
        assert "Programmes Administrator recorded an absence for Trustee." in page.text
        assert "Programmes Administrator removed an absence for Trustee." in page.text
        changes = [item for item in town.desk.office.items() if item["SK"]["S"].startswith("CHANGE#")]
        assert len(changes) == 2


class TestAbsence:
    def test_the_one_who_is_there_is_assigned(self, town: Town) -> None:
        """With one of two reviewers away, the choice is made; when the absence is over, it is open again."""
        self._away(
            town, "dynamic-training", "office@dynamic-training.example", "departmental-manager-business"
        )
        town.at(2026, 11, 2, 10, 2)
        town.complain("dynamic-training", subject="training", incident_date="2026-10-30")
        assert town.desk.case().current.reviewers == ("departmental-manager-early-years",)
        town.at(2026, 11, 7, 9)
        town.complain("dynamic-training", subject="training", incident_date="2026-10-30")
        assert town.desk.case().current.reviewers == ()

    def test_where_nobody_of_the_role_is_there_the_next_one_gets_it(self, town: Town) -> None:
        """The second step's reviewer is away: those whom the procedure names as an alternative can be assigned."""
        self._away(
            town, "dynamic-training", "office@dynamic-training.example", "head-of-apprenticeships-primary"
        )
        town.at(2026, 11, 2, 10, 2)
        town.complain("dynamic-training", subject="training", incident_date="2026-10-30")
        town.answer()
        town.reply("escalate")
        assert town.desk.case().current.stage == "head-of-apprenticeships"
        choices = town.page_of(town.desk.coordinator(), "assign").forms["assign"].choices["reviewers"]
        assert choices == ["panel-member-first", "panel-member-second", "panel-member-third"]

    def test_a_coordinator_who_is_away_does_not_leave_a_case_to_nobody(self, town: Town) -> None:
        """The new case goes also to the one to whom breaches are escalated, who can name the reviewer."""
        self._away(town, SLUG, OFFICE, "programmes-office-primary")
        town.at(2026, 11, 2, 10, 2)
        town.complain(SLUG)
        assert town.mails(DIRECTOR, "new-case")
        town.act("director-primary", "assign", reviewers="programmes-manager-primary")
        assert town.desk.case().current.reviewers == ("programmes-manager-primary",)

    def test_who_is_away_cannot_be_named_as_long_as_others_are_there(self, town: Town) -> None:
        """Nor does the page offer it."""
        self._away(town, SLUG, OFFICE, "programmes-manager-primary")
        town.at(2026, 11, 2, 10, 2)
        town.complain(SLUG)
        form = town.page_of(town.desk.coordinator()).forms["assign"]
        assert form.choices["reviewers"] == ["programmes-manager-deputy"]
        secret = town.desk.secret(town.desk.coordinator())
        answer = town.desk.post(secret, form.hidden, reviewers="programmes-manager-primary")
        assert answer["statusCode"] == 422
        assert "This person is away." in Read(answer["body"]).text

    def test_begins_and_ends_with_the_days_in_london(self, town: Town) -> None:
        """Both days are included, by the clock of London in summer."""
        secret, _ = town.own_page(SLUG, OFFICE)
        away = days("first", date(2027, 6, 1)) | days("last", date(2027, 6, 2))
        assert town.keep(secret, "away", person="trustee", **away).status == 200
        for moment, expected in (
            (datetime(2027, 5, 31, 22, 59, tzinfo=UTC), False),
            (datetime(2027, 5, 31, 23, 0, tzinfo=UTC), True),
            (datetime(2027, 6, 2, 22, 59, tzinfo=UTC), True),
            (datetime(2027, 6, 2, 23, 0, tzinfo=UTC), False),
        ):
            town.desk.at(moment)
            rules = with_todays_people(procedures.load(SLUG), site=town.desk.office.site)
            trustee = rules.person("trustee")
            assert trustee is not None
            assert (moment, trustee.is_away) == (moment, expected)

    @staticmethod
    def _away(town: Town, slug: str, keeper: str, person: str) -> None:
        """Away this week, from Monday 2 to Friday 6 November."""
        secret, _ = town.own_page(slug, keeper)
        away = days("first", date(2026, 11, 2)) | days("last", date(2026, 11, 6))
        answer = town.keep(secret, "away", person=person, **away)
        assert answer.status == 200, answer.page.text


class TestSomebodyWhoLeft:
    def test_loses_the_links_to_cases(self, town: Town) -> None:
        """A reviewer's link ends with their place in the directory, and whoever names reviewers is reminded instead."""
        town.complain(SLUG)
        town.acknowledge()
        town.assign("programmes-manager-primary")
        link = town.desk.secret("programmes-manager-primary")
        assert "respond" in Read(town.desk.get(link)["body"]).forms
        secret, _ = town.own_page(SLUG, OFFICE)
        town.keep(secret, "remove", person="programmes-manager-primary", confirm="yes")
        town.at(2026, 11, 2, 10, 2)
        page = Read(town.desk.get(link)["body"])
        assert "respond" not in page.forms
        before = len(town.mails(OFFICE, "reminder"))
        town.wait_until(2026, 11, 11, 9, 1)
        assert len(town.mails(OFFICE, "reminder")) == before + 1


def filled_in(town: Town) -> tuple[str, list[tuple[str, str]]]:
    """Somebody rang, and the form is filled in at the office's own page; the secret of that page, and the form."""
    secret, _ = town.own_page(SLUG, OFFICE)
    page: Page = town.page(f"/s/{secret}/enter/complaint")
    return secret, [
        ("_key", page.value("_key")),
        ("kind", "complaint"),
        ("route", "telephone"),
        ("received.day", "2"),
        ("received.month", "11"),
        ("received.year", "2026"),
        ("name", "A caller"),
        ("email", ADDRESS),
        ("account", "Something."),
    ]


class TestEntering:
    def test_names_what_is_missing_and_keeps_what_was_typed(self, town: Town) -> None:
        """Without a name, a route or a way to reach the person it comes back."""
        answer = town.enter(SLUG, OFFICE, name="", route="", email="", kind="complaint", telephone="")
        assert answer.status == 422
        for sentence in ("Enter your name.", "Choose how it reached you."):
            assert sentence in answer.page.text
        assert "Something happened." in [value for name, value in answer.page.values if name == "account"]
        assert town.enter(SLUG, OFFICE, email="", kind="complaint").status == 422

    def test_never_comes_from_the_future(self, town: Town) -> None:
        """Tomorrow, and later today, are refused at their field."""
        tomorrow = {"received.day": "3", "kind": "complaint"}
        assert "The date must be today or in the past" in town.enter(SLUG, OFFICE, **tomorrow).page.text
        town.at(2026, 11, 2, 10, 15)
        later = {"received_time": "16:50", "kind": "complaint"}
        assert "The time must be now or earlier." in town.enter(SLUG, OFFICE, **later).page.text

    def test_a_second_click_enters_no_second_case(self, town: Town) -> None:
        """Nor does a second try after an answer that got lost, of which the page claims nothing."""
        secret, form = filled_in(town)
        with answers_lost(wiring.client("dynamodb")):
            lost = post_form(f"/s/{secret}/enter/complaint", form)
        assert lost.status == 503
        assert "we do not know whether it was saved" in lost.page.text
        first, second = (post_form(f"/s/{secret}/enter/complaint", form) for _ in range(2))
        assert (first.status, second.status) == (200, 200)
        references = [set(re.findall(r"LE-\w{4}-\w{4}", one.page.text)) for one in (first, second)]
        assert references[0] == references[1]

    def test_what_is_sent_again_after_midnight_is_the_same_form(self, town: Town) -> None:
        """What came today came on that day; the answer is the first one, and no other case is offered."""
        town.at(2026, 11, 2, 23, 59)
        secret, form = filled_in(town)
        with answers_lost(wiring.client("dynamodb")):
            assert post_form(f"/s/{secret}/enter/complaint", form).status == 503
        town.at(2026, 11, 3, 0, 1)
        again = post_form(f"/s/{secret}/enter/complaint", form)
        assert again.status == 200, again.page.text
        (case,) = [one for one in town.desk.office.items() if one["SK"]["S"] == "STATE"]
        assert case["PK"]["S"].removeprefix("CASE#") in again.page.text
        other = [*form, ("received_time", "11:15")]
        assert post_form(f"/s/{secret}/enter/complaint", other).status == 409

    def test_without_an_address_for_mails_staff_are_told_of_each_letter(self, town: Town) -> None:
        """What would have been mailed stands on the case's page, and the coordinator hears of it."""
        answer = town.enter(
            SLUG,
            OFFICE,
            route="letter",
            email="",
            address="1 Example Road",
            telephone="01632 960 001",
            kind="complaint",
            outcome_sought="An apology",
        )
        assert answer.status == 201, answer.page.text
        assert "has to be sent by letter" in answer.page.text
        assert town.mails(OFFICE, "letter")
        page = town.page_of(town.desk.coordinator(), "posted")
        assert "There is no email address." in page.text
        letters = town.desk.case().letters
        assert [one.notice for one in letters] == ["receipt"]
        town.acknowledge()
        town.desk.office.deliver_all()
        assert [one.notice for one in town.desk.case().letters] == ["receipt", "acknowledgement"]
