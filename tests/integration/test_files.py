"""Documents in and out of a case, letters that print, drafts, and the file of a case in one piece."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar

import pytest
from botocore.exceptions import EndpointConnectionError

from adapters.cases.erasure import Unfinished, destroy
from adapters.cases.execute import execute
from adapters.cases.submission import submit
from adapters.files.kinds import media_type_of
from domain.acts.documents import AddDocument
from domain.acts.retention import AnnounceDeletion
from domain.case import COMPLAINANT
from domain.people import approvers
from domain.words import Writing
from handlers import alarm, wiring
from tests.integration import papers
from tests.integration.desk import ALLIANCE, ANSWERS, LEADERSHIP, NAME, OUTCOME, WORDS, Desk, Read, close
from tests.integration.office import BUCKET, answers_lost, just_before
from tests.integration.papers import MP3, PDF, ask, attach, choose, saved, send


def keys(desk: Desk) -> list[str]:
    """Every version of every object in the bucket."""
    listed = desk.office.s3.list_object_versions(Bucket=BUCKET)
    return [one["Key"] for one in (*listed.get("Versions", ()), *listed.get("DeleteMarkers", ()))]


class TestSending:
    def test_goes_straight_to_s3_within_limits_and_comes_back(self, leadership: Desk) -> None:
        """The ticket is for one key of this case, so many bytes, an hour, and one way back."""
        secret = leadership.secret(COMPLAINANT)
        upload = choose(secret)
        assert upload.target == f"https://{BUCKET}.s3.eu-west-2.amazonaws.com/"
        assert upload.fields["key"].startswith(f"uploads/{leadership.ref}/")
        assert {"key": upload.fields["key"]} in upload.policy["conditions"]
        assert ["content-length-range", 1, 100_000_000] in upload.policy["conditions"]
        assert upload.back.startswith(f"/l/{secret}/files/")
        page = ask(secret, "choose")
        assert (
            "form-action 'self' https://documents.s3.eu-west-2.amazonaws.com https://complaints.example;"
            in (page["headers"]["Content-Security-Policy"])
        )
        assert "<script" not in page["body"]

    @pytest.mark.parametrize(
        ("configured", "led_to"),
        [
            ("https://complaints.example", "https://complaints.example"),
            (
                "https://{api}.execute-api.eu-west-2.amazonaws.com",
                "https://a1b2c3d4e5.execute-api.eu-west-2.amazonaws.com",
            ),
        ],
    )
    def test_and_is_led_back_to_the_configured_address(
        self, leadership: Desk, monkeypatch: pytest.MonkeyPatch, configured: str, led_to: str
    ) -> None:
        """Whatever host a request says that it came to, and the page lets the browser follow."""
        monkeypatch.setenv("PUBLIC_URL", configured)
        secret = leadership.secret(COMPLAINANT)
        page = ask(secret, "choose", headers={"host": "other.example", "x-forwarded-proto": "http"})
        assert f'value="{led_to}/l/{secret}/files/' in page["body"]
        assert f" {led_to};" in page["headers"]["Content-Security-Policy"]
        assert "other.example" not in str(page)

    def test_and_looking_changes_nothing_until_it_is_added(self, leadership: Desk) -> None:
        """Pages can be fetched again and again; the case does not change before the person says what the file is."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, PDF)
        before = leadership.office.items()
        for _ in range(2):
            assert ask(secret, "choose")["statusCode"] == 200
            assert "Your file has arrived" in Read(ask(secret, "check", name)["body"]).text
        wrong = ask(secret, "add", name, form={"action": "document", "name": ""})
        assert wrong["statusCode"] == 422
        assert "Write what the document is" in Read(wrong["body"]).text
        assert before == leadership.office.items()
        assert not [key for key in keys(leadership) if key.startswith("cases/")]

    def test_adds_a_document_with_its_hash(self, leadership: Desk) -> None:
        """The event has kind, size and hash; the name is content; the key holds nothing that anybody wrote."""
        done = attach(leadership, COMPLAINANT, PDF, name="Letter of the canary")
        assert done["statusCode"] == 200
        (document,) = leadership.case().documents
        assert (document.kind, document.media_type, document.size) == (
            "document",
            "application/pdf",
            len(PDF),
        )
        assert document.sha256 == sha256(PDF).hexdigest()
        assert f"cases/{leadership.ref}/{document.id}" in keys(leadership)
        assert not [key for key in keys(leadership) if "canary" in key.lower()]
        outside = [one for one in leadership.office.items() if not one["SK"]["S"].startswith("CONTENT#")]
        assert "Letter of the canary" not in json.dumps(outside, default=str)
        page = Read(leadership.get(leadership.secret(leadership.coordinator()))["body"])
        assert "Letter of the canary" in page.text

    def test_by_a_name_that_shows_what_it_is(self, leadership: Desk) -> None:
        """What nobody sees, and what turns the direction of the rest, is no part of it."""
        attach(leadership, COMPLAINANT, PDF, name="My\u202e fdp.exe\u200b  letter")
        page = Read(leadership.get(leadership.secret(leadership.coordinator()))["body"])
        assert "My fdp.exe letter" in page.text

    def test_a_second_time_adds_nothing(self, leadership: Desk) -> None:
        """A second click, or the way back through the browser's history, is told kindly."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, PDF)
        form = {"action": "document", "name": "A letter"}
        assert ask(secret, "add", name, form=form)["statusCode"] == 200
        assert ask(secret, "add", name, form=form)["statusCode"] == 409
        assert ask(secret, "check", name)["statusCode"] == 409
        assert len(leadership.case().documents) == 1

    def test_an_answer_that_got_lost_is_not_taken_for_a_failure(self, leadership: Desk) -> None:
        """The page does not claim that nothing was stored, and a second try adds no second document."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, PDF)
        form = {"action": "document", "name": "A letter"}
        with answers_lost(wiring.client("dynamodb")):
            lost = ask(secret, "add", name, form=form)
        assert lost["statusCode"] == 503
        assert "we do not know whether it was saved" in Read(lost["body"]).text
        assert ask(secret, "add", name, form=form)["statusCode"] == 409
        assert len(leadership.case().documents) == 1

    def test_what_was_typed_stays_where_the_file_cannot_be_read_now(self, leadership: Desk) -> None:
        """The same form sent again adds the document."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, PDF)
        form = {"action": "document", "name": "A letter of 3 March"}
        with answers_lost(wiring.client("s3"), "s3.GetObject"):
            lost = ask(secret, "add", name, form=form)
        assert lost["statusCode"] == 503
        page = Read(lost["body"])
        assert "A letter of 3 March" in lost["body"]
        assert "It has" not in page.text
        assert ask(secret, "add", name, form=form)["statusCode"] == 200

    @pytest.mark.parametrize(
        "content", [b"MZ\x90\x00 a program", b"<html><script>", b"\x00\x01\x02", b"PK\x03\x04 torn"]
    )
    def test_of_anything_else_is_refused_by_what_stands_in_the_file(
        self, leadership: Desk, content: bytes
    ) -> None:
        """A file is what its content says, whatever it is called; it stays apart, and what was typed stays too."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, content)
        answer = ask(secret, "add", name, form={"action": "document", "name": "A letter.pdf"})
        assert answer["statusCode"] == 422
        page = Read(answer["body"])
        assert "Choose a PDF" in page.text
        assert page.forms["document"].texts["name"] == "A letter.pdf"
        assert set(page.fragments) <= set(page.ids)
        assert leadership.case().documents == ()
        assert not [key for key in keys(leadership) if key.startswith("cases/")]

    def test_of_what_never_arrived_says_so(self, leadership: Desk) -> None:
        """Whoever invents an upload, or comes too late, is sent back to choose the file."""
        secret = leadership.secret(COMPLAINANT)
        for name in ("0123456789abcdef", "../cases/x"):
            assert ask(secret, "check", name)["statusCode"] == 404
            assert ask(secret, "add", name, form={"name": "x"})["statusCode"] == 404
        assert ask("x" * 43, "choose")["statusCode"] == 404

    def test_is_not_for_those_who_do_not_handle_the_case(self, answered: Desk) -> None:
        """When a link has nothing to add to any more, the page says why."""
        secret = answered.secret(COMPLAINANT)
        close(answered)
        refused = ask(secret, "choose")
        assert refused["statusCode"] == 409
        assert "This case is closed." in Read(refused["body"]).text
        posted = answered.post(secret, {"action": "document"})
        assert posted["statusCode"] in (403, 409)


class TestOneTicketTwice:
    """A ticket is good for an hour, and so for more than one file: what is added is what was looked into."""

    FORM: ClassVar = {"action": "document", "name": "A letter"}
    FIRST = PDF + b"The first.\n"
    OTHER = PDF + b"Another one.\n"

    def arrives(self, desk: Desk, name: str, content: bytes) -> None:
        """A file that the browser sends with the ticket that it has."""
        desk.office.s3.put_object(Bucket=BUCKET, Key=f"uploads/{desk.ref}/{name}", Body=content)

    def kept(self, desk: Desk) -> list[bytes]:
        """What is saved of each document, in which there is what its event says."""
        secret = desk.secret(COMPLAINANT)
        found = []
        for one in desk.case().documents:
            content, _ = saved(desk, ask(secret, "document", one.id))
            assert (sha256(content).hexdigest(), len(content)) == (one.sha256, one.size)
            found.append(content)
        return found

    def test_changes_no_document_that_is_being_added(self, leadership: Desk) -> None:
        """Another file arrives and is kept, but not added, after the first one was kept and before it is added."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, self.FIRST)
        dynamodb, transaction = wiring.client("dynamodb"), "dynamodb.TransactWriteItems"

        def nobody_answers() -> None:
            raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

        def meanwhile() -> None:
            self.arrives(leadership, name, self.OTHER)
            with just_before(dynamodb, transaction, nobody_answers):
                assert ask(secret, "add", name, form=self.FORM)["statusCode"] == 503

        with just_before(dynamodb, transaction, meanwhile):
            assert ask(secret, "add", name, form=self.FORM)["statusCode"] == 200
        assert self.kept(leadership) == [self.FIRST]
        assert ask(secret, "add", name, form=self.FORM)["statusCode"] == 200
        assert self.kept(leadership) == [self.FIRST, self.OTHER]

    def test_changes_no_document_that_was_added(self, leadership: Desk) -> None:
        """Another file was looked into before the first one was added, and is kept afterwards."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, self.OTHER)

        def meanwhile() -> None:
            self.arrives(leadership, name, self.FIRST)
            assert ask(secret, "add", name, form=self.FORM)["statusCode"] == 200
            self.arrives(leadership, name, self.OTHER)

        with just_before(wiring.client("s3"), "s3.CopyObject", meanwhile):
            answer = ask(secret, "add", name, form=self.FORM)
        assert self.kept(leadership) == [self.FIRST, self.OTHER]
        assert answer["statusCode"] == 200

    def test_adds_what_was_looked_into_whatever_has_arrived_since(self, leadership: Desk) -> None:
        """What comes later waits for somebody to say what it is."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, self.FIRST)
        with just_before(
            wiring.client("s3"), "s3.CopyObject", lambda: self.arrives(leadership, name, self.OTHER)
        ):
            answer = ask(secret, "add", name, form=self.FORM)
        assert answer["statusCode"] == 200
        assert self.kept(leadership) == [self.FIRST]

    def test_with_another_file_is_another_document(self, leadership: Desk) -> None:
        """Who goes back in the browser and chooses the next file has it added, and not taken for the one before."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, self.FIRST)
        assert ask(secret, "add", name, form=self.FORM)["statusCode"] == 200
        self.arrives(leadership, name, self.OTHER)
        assert "Your file has arrived" in Read(ask(secret, "check", name)["body"]).text
        assert ask(secret, "add", name, form=self.FORM)["statusCode"] == 200
        assert self.kept(leadership) == [self.FIRST, self.OTHER]

    def test_with_the_same_file_is_the_same_document(self, leadership: Desk) -> None:
        """Whichever file lies there again, it is known, also beside one of the same size."""
        secret = leadership.secret(COMPLAINANT)
        name = send(leadership, secret, self.FIRST)
        assert ask(secret, "add", name, form=self.FORM)["statusCode"] == 200
        same_size = self.FIRST.replace(b"first", b"other")
        self.arrives(leadership, name, same_size)
        assert ask(secret, "check", name)["statusCode"] == 200
        assert ask(secret, "add", name, form=self.FORM)["statusCode"] == 200
        for content in (self.FIRST, same_size):
            self.arrives(leadership, name, content)
            for answer in (ask(secret, "check", name), ask(secret, "add", name, form=self.FORM)):
                assert answer["statusCode"] == 409
                assert "This file has already been added." in Read(answer["body"]).text
        assert self.kept(leadership) == [self.FIRST, same_size]

    def test_after_the_document_was_added_under_its_ticket_s_id_adds_nothing(self, leadership: Desk) -> None:
        """Documents once had their ticket's id: they are found by it, and their ticket has served."""
        secret, former = leadership.secret(COMPLAINANT), "0123456789abcdef"
        added = AddDocument(
            by=COMPLAINANT,
            stage=leadership.case().current.stage,
            document=Writing(former, {"name": "A letter"}),
            media_type="application/pdf",
            size=len(self.FIRST),
            sha256=sha256(self.FIRST).hexdigest(),
        )
        execute(leadership.ref, added, site=leadership.office.site)
        kept = f"cases/{leadership.ref}/{former}"
        leadership.office.s3.put_object(Bucket=BUCKET, Key=kept, Body=self.FIRST)
        assert self.kept(leadership) == [self.FIRST]
        self.arrives(leadership, former, self.OTHER)
        assert ask(secret, "check", former)["statusCode"] == 409
        assert ask(secret, "add", former, form=self.FORM)["statusCode"] == 409
        assert self.kept(leadership) == [self.FIRST]


class TestSaving:
    def test_is_for_those_who_handle_the_case(self, leadership: Desk) -> None:
        """Saved under the reference and a number, as an attachment, from an address that lives for a minute."""
        attach(leadership, COMPLAINANT, MP3, name="What I would say")
        (document,) = leadership.case().documents
        content, said = saved(
            leadership, ask(leadership.secret(leadership.coordinator()), "document", document.id)
        )
        assert content == MP3
        assert said["response-content-disposition"] == f'attachment; filename="{leadership.ref}-01.mp3"'
        assert said["response-content-type"] == "audio/mpeg"
        own, _ = saved(leadership, ask(leadership.secret(COMPLAINANT), "document", document.id))
        assert own == MP3

    def test_is_not_for_the_complainant_where_it_is_for_the_record(self, leadership: Desk) -> None:
        """Minutes for the record are not theirs to save; a recording that is shared is, and they are told of it."""
        coordinator = leadership.coordinator()
        assert attach(leadership, coordinator, PDF, name="Minutes")["statusCode"] == 422
        attach(leadership, coordinator, PDF, name="Minutes", **{"for": "record"})
        attach(leadership, coordinator, MP3, name="The meeting", **{"for": "shared"})
        minutes, recording = leadership.case().documents
        mail = leadership.office.mails_to(ANSWERS["email"])
        assert not [one for one in mail if {"Name": "notice", "Value": "document"} in one["EmailTags"]]
        leadership.office.deliver_all()
        (told,) = leadership.office.mails_to(ANSWERS["email"], "document")
        assert "The meeting" in told["Content"]["Simple"]["Body"]["Text"]["Data"]
        secret = leadership.secret(COMPLAINANT)
        assert ask(secret, "document", minutes.id)["statusCode"] == 404
        assert saved(leadership, ask(secret, "document", recording.id))[0] == MP3
        page = Read(leadership.get(secret)["body"])
        assert "The meeting" in page.text
        assert "Minutes" not in page.text

    def test_is_not_for_those_who_are_only_informed(self, answered: Desk) -> None:
        """Who gets news of a case but does not deal with it has neither its documents nor its letters."""
        attach(answered, COMPLAINANT, PDF, name="A witness")
        (document,) = answered.case().documents
        close(answered)
        keeper = answered.holder(answered.procedure().retention.told)
        secret = answered.secret(keeper)
        assert ask(secret, "document", document.id)["statusCode"] == 404
        assert ask(secret, "letter", "000002-0")["statusCode"] == 404
        assert answered.post(secret, {"action": "export", "reason": "x"})["statusCode"] == 403


class TestLateEvidence:
    @pytest.mark.clause("AFL-09")
    def test_is_decided_on_before_the_outcome(self, desk: Desk) -> None:
        """A document that comes late waits for a decision with its reason, like words."""
        desk.open(*ALLIANCE)
        refused = attach(desk, COMPLAINANT, PDF, name="The register")
        assert refused["statusCode"] == 422
        assert "Write what the document shows" in Read(refused["body"]).text
        attach(desk, COMPLAINANT, PDF, name="The register", information="It shows the day.")
        (waiting,) = desk.case().current.undecided
        reviewer = desk.reviewer()
        page = Read(desk.get(desk.secret(reviewer))["body"])
        assert "The register: It shows the day." in page.text
        desk.act(reviewer, "consider", information=waiting.id, decision="decline", reason="We had it before.")
        desk.office.deliver_all()
        (told,) = desk.office.mails_to(ANSWERS["email"], "information-considered")
        assert "We had it before." in told["Content"]["Simple"]["Body"]["Text"]["Data"]

    def test_comes_with_the_reply_too(self, answered: Desk) -> None:
        """Who is not satisfied can send something before going on, and the next reviewer reads it."""
        attach(answered, COMPLAINANT, PDF, name="A witness")
        answered.act(COMPLAINANT, "reply", answer="escalate")
        assert "A witness" in Read(answered.get(answered.secret(answered.coordinator()))["body"]).text


class TestKinds:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (PDF, "application/pdf"),
            (MP3, "audio/mpeg"),
            (b"\xff\xfb\x90\x00", "audio/mpeg"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"\x00\x00\x00\x18ftypheic", "image/heic"),
            (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
            (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
            (b"\x00\x00\x00\x18ftyphevc", "image/heic"),
            (b"\x00\x00\x00\x18ftypodd ", ""),
            (b"\xef\xbb\xbf%PDF-1.4", "application/pdf"),
            ("Grüße\n".encode("utf-16"), "text/plain"),
            ("<svg onload='x'>".encode("utf-16"), ""),
            (b"\xff\xfe\xff", ""),
            (b"OggS", "audio/ogg"),
            (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
            (b"RIFF\x00\x00\x00\x00AVI LIST", ""),
            ("Grüße\n".encode(), "text/plain"),
            (b"\xef\xbb\xbfWith a mark", "text/plain"),
            (b" \n", ""),
            (b"caf\xe9", ""),
            (b"\n <svg onload='x'>", ""),
            (b"PK\x03\x04 torn", ""),
        ],
    )
    def test_are_told_by_content(self, content: bytes, kind: str) -> None:
        """What a file says that it is decides, and what is not known is nothing."""
        assert media_type_of(io.BytesIO(content)) == kind

    @pytest.mark.parametrize(
        ("entries", "kind"),
        [
            (["[Content_Types].xml", "word/document.xml"], "docx"),
            (["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"], ""),
            (["[Content_Types].xml", "xl/workbook.xml"], ""),
            (["mimetype", "content.xml"], "odt"),
            (["mimetype", "content.xml", "Basic/script.xml"], ""),
        ],
    )
    def test_of_archives_are_texts_without_programs(self, entries: list[str], kind: str) -> None:
        """A text of Word or OpenDocument is taken; one that brings a program along, or another archive, is not."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name in entries:
                archive.writestr(
                    name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x"
                )
        file.seek(0)
        ending = {"docx": "wordprocessingml.document", "odt": "opendocument.text", "": ""}[kind]
        found = media_type_of(file)
        assert found.endswith(ending) if ending else found == ""


class TestExport:
    def test_holds_everything_in_one_piece(self, answered: Desk) -> None:
        """History, words, documents and messages as they were sent, to read and as data; and it is on record."""
        attach(answered, COMPLAINANT, PDF, name="A witness")
        coordinator = answered.coordinator()
        answered.act(coordinator, "note", kind="note", text="For our eyes.")
        with papers.export(answered, coordinator, reason="An inspection") as archive:
            page = archive.read(f"{answered.ref}/case.html").decode()
            data: dict[str, Any] = json.loads(archive.read(f"{answered.ref}/case.json"))
            assert archive.read(f"{answered.ref}/documents/01 A witness.pdf") == PDF
        text = Read(page).text
        for said in (
            NAME,
            WORDS,
            "For our eyes.",
            "We are sorry.",
            "An inspection",
            "exported the case file",
        ):
            assert said in text, said
        assert "3 working days after Monday 2 November 2026" in text
        assert answered.facts() == [one["fact"]["type"] for one in data["events"]]
        assert "outcome" in [one["notice"] for one in data["messages"]]
        assert any("We are sorry." in one["html"] for one in data["messages"])
        assert "/l/" not in "".join(one["html"] for one in data["messages"])
        (file,) = data["documents"]
        assert file["sha256"] == answered.case().documents[0].sha256
        assert "CaseExported" in answered.facts()

    def test_of_the_complainant_leaves_out_what_is_not_theirs(self, answered: Desk) -> None:
        """Their words, our letters, their documents; no notes, no minutes, no names of who did what."""
        coordinator = answered.coordinator()
        answered.act(coordinator, "note", kind="note", text="For our eyes.")
        attach(answered, coordinator, PDF, name="Minutes", **{"for": "record"})
        attach(answered, COMPLAINANT, MP3, name="My voice")
        answered.act(COMPLAINANT, "reply", answer="escalate", reasons="The canary is not content.")
        with papers.export(answered, COMPLAINANT, confirm="yes") as archive:
            page = archive.read(f"{answered.ref}/case.html").decode()
            data = archive.read(f"{answered.ref}/case.json").decode()
            assert archive.read(f"{answered.ref}/documents/02 My voice.mp3") == MP3
            assert len(archive.namelist()) == 3
        text = Read(page).text
        for said in (NAME, WORDS, ANSWERS["adjustments"], "The canary is not content.", "We are sorry."):
            assert said in text, said
        for kept in ("For our eyes.", "Minutes"):
            assert kept not in page
            assert kept not in data

    def test_is_the_complainants_from_their_link_after_the_closure_too(self, answered: Desk) -> None:
        """As long as the case exists; the page of a link that has nothing else to do offers it."""
        secret = answered.secret(COMPLAINANT)
        close(answered)
        page = Read(answered.get(secret)["body"])
        assert "export" in page.forms
        assert WORDS not in page.text
        unticked = answered.post(secret, {"action": "export"})
        assert unticked["statusCode"] == 422
        with papers.export(answered, COMPLAINANT, confirm="yes") as archive:
            assert WORDS in archive.read(f"{answered.ref}/case.html").decode()

    def test_can_be_saved_for_an_hour_by_whoever_asked(self, leadership: Desk) -> None:
        """Somebody else's link does not lead to it, nor does the own one later."""
        coordinator = leadership.coordinator()
        leadership.act(coordinator, "export", reason="An inspection")
        (made,) = leadership.case().exports
        assert ask(leadership.secret(COMPLAINANT), "export", made.id)["statusCode"] == 404
        secret = leadership.secret(coordinator)
        assert ask(secret, "export", made.id)["statusCode"] == 303
        leadership.at(leadership.office.clock.now() + timedelta(hours=2))
        assert ask(secret, "export", made.id)["statusCode"] == 404


class TestDrafts:
    def test_are_kept_for_their_author_and_replaced(self, leadership: Desk) -> None:
        """Saved, found again with every choice, saved over, and never sent."""
        leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
        reviewer = leadership.reviewer()
        leadership.act(leadership.coordinator(), "assign", reviewers=reviewer)
        secret = leadership.secret(reviewer)
        facts, version = leadership.facts(), leadership.case().version
        for text in ("Because I think", "Because I know"):
            saved_page = leadership.post(
                secret, {"action": "respond", "draft": "yes", "conclusion_1": "upheld", "reasons_1": text}
            )
            assert saved_page["statusCode"] == 200
            assert "Draft saved" in Read(saved_page["body"]).text
        page = Read(leadership.get(secret)["body"])
        assert page.forms["respond"].texts["reasons_1"] == "Because I know"
        assert page.checked == ["conclusion_1"]
        assert "This is your draft" in page.text
        assert (facts, version) == (leadership.facts(), leadership.case().version)
        drafts = [one for one in leadership.office.items() if "draft" in one["SK"]["S"]]
        assert len(drafts) == 1
        other = Read(leadership.get(leadership.secret(leadership.coordinator()))["body"])
        assert "Because I know" not in other.html
        with papers.export(leadership, leadership.coordinator(), reason="An inspection") as archive:
            assert "Because I know" not in archive.read(f"{leadership.ref}/case.json").decode()

    def test_end_with_the_outcome_and_with_the_right_to_write_one(self, answered: Desk) -> None:
        """What was sent is no draft any more, and who may not answer may not keep a draft."""
        assert not [one for one in answered.office.items() if "draft" in one["SK"]["S"]]
        secret = answered.secret(answered.coordinator())
        refused = answered.post(secret, {"action": "respond", "draft": "yes", "reasons_1": "x"})
        assert refused["statusCode"] in (403, 409)
        assert not [one for one in answered.office.items() if "draft" in one["SK"]["S"]]

    def test_have_served_once_the_outcome_is_recorded(self, desk: Desk) -> None:
        """When it comes back from its approver, the form has the texts that were recorded, not the draft before."""
        desk.open(*ALLIANCE)
        reviewer = desk.reviewer()
        secret = desk.secret(reviewer)
        desk.post(secret, {"action": "respond", "draft": "yes", "response": "A first thought."})
        desk.act(reviewer, "respond", **OUTCOME)
        approver = next(person.id for person in approvers(desk.case(), desk.procedure()))
        desk.act(approver, "approve", decision="return", reason="Say more.")
        page = Read(desk.get(desk.secret(reviewer))["body"])
        assert page.forms["respond"].texts["response"] == "We are sorry."
        assert "This is your draft" not in page.text

    def test_a_form_with_errors_keeps_what_was_typed(self, leadership: Desk) -> None:
        """An outcome that lacks something comes back with all that was filled in."""
        leadership.act(leadership.coordinator(), "acknowledge", confirm="yes")
        reviewer = leadership.reviewer()
        leadership.act(leadership.coordinator(), "assign", reviewers=reviewer)
        secret = leadership.secret(reviewer)
        answer = leadership.post(secret, {"action": "respond", **OUTCOME, "response": ""})
        assert answer["statusCode"] == 422
        page = Read(answer["body"])
        assert page.forms["respond"].texts["reasons_2"] == "Because the second."
        assert page.checked == ["conclusion_1", "conclusion_2"]


class TestLetters:
    def test_print_every_message_to_the_complainant(self, answered: Desk) -> None:
        """Sender, address, date, reference, the words as they were sent, and a signature; no link in it."""
        secret = answered.secret(answered.coordinator())
        attach(answered, answered.coordinator(), PDF, name="Minutes", **{"for": "record"})
        page = Read(answered.get(answered.secret(COMPLAINANT))["body"])
        assert "What we have written to you" in page.text
        letters = [one for one in page.html.split('"') if "/letters/" in one]
        assert len(letters) == len(answered.office.mails_to(ANSWERS["email"]))
        answer = ask(answered.secret(COMPLAINANT), "letter", letters[-1].rpartition("/")[2])
        assert answer["statusCode"] == 200
        letter = Read(answer["body"])
        for said in (
            NAME,
            ANSWERS["address"],
            answered.ref,
            "The outcome of your",
            "We are sorry.",
            "Yours sincerely",
        ):
            assert said in letter.text, said
        assert secret not in answer["body"]
        assert "If the button does not work" not in letter.text
        assert "<p>" not in letter.text
        assert "default-src 'none'; style-src 'sha256-" in answer["headers"]["Content-Security-Policy"]

    def test_go_by_post_to_somebody_without_an_email_address(self, desk: Desk) -> None:
        """A letter to be posted, with the person who handles the case; reminded of, posted, and then quiet."""
        answers = {name: value for name, value in (ANSWERS | LEADERSHIP[1]).items() if name != "email"}
        receipt = submit(
            "leadership-east", "complaint", answers, key="post", by=COMPLAINANT, site=desk.office.site
        )
        desk.ref = receipt.reference
        desk.office.deliver_all()
        (letter,) = desk.case().letters
        assert (letter.notice, letter.posted_on) == ("receipt", None)
        desk.office.deliver_all()
        coordinator = desk.coordinator()
        assert desk.office.mails_to(desk.address(coordinator), "letter")
        secret = desk.secret(coordinator)
        page = Read(desk.get(secret)["body"])
        assert page.forms["posted"].choices["letter"] == [letter.id]
        printed = Read(ask(secret, "letter", letter.id)["body"])
        assert NAME in printed.text
        assert "record that you posted it" in printed.text
        desk.at(datetime(2026, 11, 5, 9, 1, tzinfo=UTC))
        alarm.handler({"ref": desk.ref, "deadline": "", "version": 0, "at": ""}, None)
        desk.office.deliver_all()
        assert len(desk.office.mails_to(desk.address(coordinator), "letter")) == 2
        day = {"on.day": "3", "on.month": "11", "on.year": "2026"}
        assert desk.post(secret, {"action": "posted", "letter": letter.id})["statusCode"] == 422
        desk.act(coordinator, "posted", letter=letter.id, how="posted", **day)
        assert desk.case().letters[0].posted_on is not None
        assert "posted on Tuesday 3 November 2026" in Read(desk.get(desk.secret(coordinator))["body"]).text
        assert not [one for one in desk.office.mail.sent if one["Destination"]["ToAddresses"] == [""]]


class TestErasure:
    def test_takes_every_version_of_every_file(self, answered: Desk) -> None:
        """What was kept, what had just arrived, what was taken out, old versions and marks: nothing is left."""
        attach(answered, COMPLAINANT, PDF, name="A witness")
        send(answered, answered.secret(COMPLAINANT), MP3)
        with papers.export(answered, answered.coordinator(), reason="An inspection"):
            pass
        kept = f"cases/{answered.ref}/{answered.case().documents[0].id}"
        answered.office.s3.put_object(Bucket=BUCKET, Key=kept, Body=b"again")
        answered.office.s3.delete_object(Bucket=BUCKET, Key=kept)
        answered.office.s3.put_object(Bucket=BUCKET, Key="cases/LE-OTHE-RONE/x", Body=b"x")
        close(answered)
        answered.at(datetime(2031, 12, 3, 9, tzinfo=UTC))
        execute(answered.ref, AnnounceDeletion(), site=answered.office.site)
        answered.at(datetime(2032, 2, 3, 9, tzinfo=UTC))
        destroy(answered.ref, site=answered.office.site, s3=answered.office.s3)
        assert keys(answered) == ["cases/LE-OTHE-RONE/x"]
        assert "canary" not in json.dumps(answered.office.items(), default=str).lower()

    def test_goes_on_until_nothing_is_left(self, answered: Desk) -> None:
        """Where S3 says that it deleted and something is there all the same, the case stays on the list."""
        attach(answered, COMPLAINANT, PDF, name="A witness")
        close(answered)
        answered.at(datetime(2031, 12, 3, 9, tzinfo=UTC))
        execute(answered.ref, AnnounceDeletion(), site=answered.office.site)
        answered.at(datetime(2032, 2, 3, 9, tzinfo=UTC))

        class Forgetful:
            """An S3 that says yes and does nothing."""

            def get_paginator(self, name: str) -> Any:
                return answered.office.s3.get_paginator(name)

            def delete_objects(self, **_: Any) -> dict[str, Any]:
                return {}

        with pytest.raises(Unfinished):
            destroy(answered.ref, site=answered.office.site, s3=Forgetful())
        destroy(answered.ref, site=answered.office.site, s3=answered.office.s3)
        assert keys(answered) == []
