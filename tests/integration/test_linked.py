"""Cases that belong together know of each other, and of two that are the same one goes on."""

from __future__ import annotations

import json
import re
from typing import Any

from adapters.cases.execute import execute
from adapters.cases.submission import submit
from domain.acts.linking import NOT_FOUND, NOT_THE_SAME, HearOfLink
from domain.case import COMPLAINANT, Case
from tests.integration.desk import ANSWERS, CREATIVE, Desk, Read
from tests.integration.papers import PDF, ask, attach, export, saved

WHY = {"reason": "Both are about the canary."}


def another(desk: Desk, organisation: str = "creative-alliance", **more: Any) -> str:
    """Another case, by the same person where nothing else is said: its reference."""
    answers = ANSWERS | CREATIVE[1] | {"account": "The second telling."} | more
    receipt = submit(
        organisation, "complaint", answers, key=repr(more), by=COMPLAINANT, site=desk.office.site
    )
    desk.office.deliver_all()
    return receipt.reference


def case_of(desk: Desk, ref: str) -> Case:
    stored = desk.office.site.store.load(ref)
    assert stored is not None
    return stored.case


def in_case(desk: Desk, ref: str) -> Desk:
    """The same desk, at another case."""
    desk.ref = ref
    return desk


def secret_of(desk: Desk, person: str) -> str:
    """The person's newest link to the case that the desk is at."""
    desk.office.deliver_all()
    for mail in reversed(desk.office.mails_to(desk.address(person))):
        text = mail["Content"]["Simple"]["Body"]["Text"]["Data"]
        if found := re.search(rf"/l/({desk.ref}\.[A-Za-z0-9_-]{{43}})$", text, re.MULTILINE):
            return found[1]
    raise AssertionError(f"{person} has no link to {desk.ref}")


def page_of(desk: Desk, person: str) -> str:
    return Read(desk.get(secret_of(desk, person))["body"]).text


def acts(desk: Desk, person: str, action: str, **fields: Any) -> None:
    answer = desk.post(secret_of(desk, person), {"action": action, **WHY | fields})
    assert answer["statusCode"] == 200, Read(answer["body"]).text[-2000:]
    desk.office.deliver_all()


def refused(desk: Desk, person: str, action: str, **fields: str) -> str:
    before = desk.facts()
    answer = desk.post(secret_of(desk, person), {"action": action, **WHY | fields})
    assert answer["statusCode"] == 422
    assert desk.facts() == before
    return Read(answer["body"]).text


def test_both_show_the_other_to_who_may_read_both(desk: Desk) -> None:
    """Linked from one of them; both pages name the other, and the complainant learns nothing."""
    first = another(desk)
    desk.open(*CREATIVE)
    second, office = desk.ref, desk.coordinator()
    acts(desk, office, "link-case", reference=first.lower())
    assert first in page_of(desk, office)
    assert first not in page_of(desk, COMPLAINANT)
    assert first not in desk.office.text_to(desk.address(office), "done")
    assert second in page_of(in_case(desk, first), office)
    acts(desk, office, "unlink-case", reference=second)
    assert second not in page_of(desk, office)
    assert first not in page_of(in_case(desk, second), office)


def test_nobody_learns_of_a_case_in_which_they_are_involved(desk: Desk) -> None:
    """A reviewer of one case who is involved in the other sees nothing of it, and cannot find it by its reference."""
    first = another(desk)
    desk.open(*CREATIVE)
    second, office, reviewer = desk.ref, desk.coordinator(), desk.reviewer()
    acts(desk, office, "assign", reviewers=reviewer)
    acts(in_case(desk, first), office, "involve", involved=reviewer)
    acts(desk, office, "link-case", reference=second)
    assert [link.ref for link in case_of(desk, second).links] == [first]
    assert first not in page_of(in_case(desk, second), reviewer)
    assert NOT_FOUND in refused(desk, reviewer, "link-case", reference=first)


def test_another_organisations_case_is_not_to_be_found(desk: Desk) -> None:
    """The same is said as of one that there is not."""
    elsewhere = another(desk, "leadership-east", relationship="participant", course="other")
    desk.open(*CREATIVE)
    for reference in (elsewhere, "CA-2345-6789", desk.ref, "", "An essay " * 400):
        assert NOT_FOUND in refused(desk, desk.coordinator(), "link-case", reference=reference)


def test_a_duplicate_closes_and_the_other_goes_on_with_what_it_held(desk: Desk) -> None:
    """The complainant hears which case goes on; whoever reviews that one reads what was told in the other, although
    they never worked on it."""
    first = another(desk)
    desk.open(*CREATIVE)
    second, office, reviewer = desk.ref, desk.coordinator(), desk.reviewer()
    acts(desk, office, "assign", reviewers=reviewer)
    acts(in_case(desk, first), office, "duplicate", reference=second)
    assert (desk.case().is_open, desk.case().ended) == (False, "duplicate")
    told = desk.office.text_to(desk.address(COMPLAINANT), "duplicate")
    assert f"dealing with it in {second}" in told
    assert "about the canary" in told
    page = page_of(in_case(desk, second), reviewer)
    assert first in page
    assert "The second telling." in page


def test_the_documents_of_a_duplicate_are_opened_from_the_case_that_goes_on(desk: Desk) -> None:
    """By whoever works on it, although they never worked on the other; by the complainant only from where they sent
    them."""
    first = another(desk)
    attach(in_case(desk, first), COMPLAINANT, PDF, name="Photographs")
    (document,) = desk.case().documents
    desk.open(*CREATIVE)
    second, office, reviewer = desk.ref, desk.coordinator(), desk.reviewer()
    acts(desk, office, "assign", reviewers=reviewer)
    secret = secret_of(desk, reviewer)
    assert ask(secret, "document", document.id)["statusCode"] == 404
    acts(in_case(desk, first), office, "duplicate", reference=second)
    in_case(desk, second)
    page = desk.get(secret)["body"]
    assert f'href="/l/{secret}/documents/{document.id}">Photographs</a>' in page
    content, _ = saved(desk, ask(secret, "document", document.id))
    assert content == PDF
    assert ask(secret_of(desk, COMPLAINANT), "document", document.id)["statusCode"] == 404
    assert ask(secret, "document", document.id[::-1])["statusCode"] == 404


def test_the_file_of_the_case_that_goes_on_holds_what_was_told_in_its_duplicate(desk: Desk) -> None:
    """What was written, added and handed in there, to read and as data: an archive that lacked it would not be the
    file of the case. What was told in a case that is merely linked stays out of it."""
    first = another(desk)
    attach(in_case(desk, first), COMPLAINANT, PDF, name="Photographs")
    acts(desk, desk.coordinator(), "assign", reviewers=desk.reviewer())
    acts(desk, desk.reviewer(), "ask", question="Was it the first time?")
    (question,) = case_of(desk, first).current.questions
    acts(desk, COMPLAINANT, "answer", **{f"answer_{question.id}": "It happened before."})
    apart = another(desk, account="The third telling.")
    desk.open(*CREATIVE)
    second, office = desk.ref, desk.coordinator()
    attach(desk, COMPLAINANT, PDF + b"\n", name="Photographs")
    acts(in_case(desk, first), office, "duplicate", reference=second)
    acts(in_case(desk, apart), office, "link-case", reference=second)
    with export(in_case(desk, second), office, reason="An inspection") as archive:
        page = Read(archive.read(f"{second}/case.html").decode()).text
        (told,) = json.loads(archive.read(f"{second}/case.json"))["told_in_duplicates"]
        held = archive.read(f"{second}/{told['documents'][0]['file']}")
        names = archive.namelist()
    for said in (
        f"What was told in case {first}",
        "The second telling.",
        "Was it the first",
        "It happened before.",
    ):
        assert said in page, said
    assert "The third telling." not in page
    assert (told["reference"], told["answers"]["account"]) == (first, "The second telling.")
    assert held == PDF
    assert f"{second}/documents/{first}/01 Photographs.pdf" in names
    assert f"{second}/documents/01 Photographs.pdf" in names


def test_who_is_involved_in_a_duplicate_opens_nothing_of_it(desk: Desk) -> None:
    """That the case goes on in another makes nobody a reader of what is said about them."""
    first = another(desk)
    attach(in_case(desk, first), COMPLAINANT, PDF, name="Photographs")
    (document,) = desk.case().documents
    office, reviewer = desk.coordinator(), desk.reviewer()
    acts(desk, office, "involve", involved=reviewer)
    desk.open(*CREATIVE)
    second = desk.ref
    acts(desk, office, "assign", reviewers=reviewer)
    acts(in_case(desk, first), office, "duplicate", reference=second)
    secret = secret_of(in_case(desk, second), reviewer)
    assert "Photographs" not in desk.get(secret)["body"]
    assert ask(secret, "document", document.id)["statusCode"] == 404


def test_a_case_of_somebody_else_is_no_duplicate(desk: Desk) -> None:
    """No complainant is told of another person's case: it can be linked, and nothing more."""
    first = another(desk, email="else@home.example", telephone="01632 960 999")
    desk.open(*CREATIVE)
    assert NOT_THE_SAME in refused(desk, desk.coordinator(), "duplicate", reference=first)
    acts(desk, desk.coordinator(), "link-case", reference=first)
    assert first not in page_of(desk, COMPLAINANT)


def test_a_duplicate_that_was_none_is_opened_again(desk: Desk) -> None:
    """Both go on then, and stay linked."""
    first = another(desk)
    desk.open(*CREATIVE)
    second, office = desk.ref, desk.coordinator()
    acts(in_case(desk, first), office, "duplicate", reference=second)
    acts(desk, office, "take-up")
    assert [link.how for link in desk.case().links] == ["linked"]
    assert [link.how for link in case_of(desk, second).links] == ["linked"]


def test_what_is_passed_on_twice_or_too_late_changes_nothing(desk: Desk) -> None:
    """The other case hears each thing once, and what is older than what it knows not at all."""
    desk.open(*CREATIVE)
    site = desk.office.site
    for how, heard in (("linked", 5), ("linked", 5), ("unlinked", 4), ("unlinked", 7), ("linked", 6)):
        execute(desk.ref, HearOfLink(other="CA-2345-6789", how=how, heard=heard), site=site)  # type: ignore[arg-type]
    assert desk.facts()[1:] == ["LinkHeard", "LinkHeard"]
    assert [link.how for link in desk.case().links] == ["unlinked"]


def test_who_is_involved_in_a_duplicate_does_not_decide_on_what_was_told_there(desk: Desk) -> None:
    """It counts in the case that goes on: a reviewer there loses it, and somebody is asked to name another."""
    first = in_case(desk, another(desk)).ref
    office, reviewer = desk.coordinator(), desk.reviewer()
    acts(desk, office, "involve", involved=reviewer)
    desk.open(*CREATIVE)
    second = desk.ref
    acts(desk, office, "assign", reviewers=reviewer)
    acts(in_case(desk, first), office, "duplicate", reference=second)
    case = in_case(desk, second).case()
    assert (case.involved, case.current.reviewers) == ((reviewer,), ())
    assert second in desk.told(office, "reassign")
    assert second in desk.told(reviewer, "case-news")
