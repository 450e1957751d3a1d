"""How the complainant is reached: as the form says, or as somebody has corrected it since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.case import COMPLAINANT, Case
from domain.frozen import Frozen, replace
from domain.notekinds import AddressState

DISOWNED: Final = "disowned"
"""Where links would have to go for the complainant whose address is somebody else's: nowhere."""


class Reach(Frozen):
    """Whom we write to about a complaint, and where; each is empty where it is not known. `by_letter`: not by email,
    whether or not there is an address."""

    name: str
    email: str
    telephone: str
    address: str
    relation: str
    """What somebody who took the complainant's place is to them."""
    by_letter: bool

    @property
    def mails_to(self) -> str:
        """The address for mails; empty where none are sent."""
        return "" if self.by_letter else self.email


def told_by(case: Case) -> tuple[str, ...]:
    """Return the ids of the contents that say how the complainant is reached."""
    return (case.answers, case.reached_by) if case.reached_by else (case.answers,)


def reach_of(case: Case, contents: Mapping[str, Mapping[str, Any]]) -> Reach:
    """Return how the complainant is reached, as far as `contents` say it."""
    words = contents.get(case.reached_by or case.answers, {})
    said = {name: str(words.get(name) or "").strip() for name in ("name", "email", "telephone", "address")}
    # Who had no address when it came in, and gave one with the form since, is written to there.
    by_letter = case.by_letter if case.reached_by else not said["email"]
    return Reach(**said, relation=str(words.get("relation") or ""), by_letter=by_letter)


def reached_elsewhere(case: Case, links_to: str, *, address: AddressState) -> Case:
    """Return the case, in which emails go to another address from its next event on: those that did not arrive were for
    the one of before, and links that went there have ended. `links_to`: the content that the address came with."""
    others = tuple(person for person in case.unreachable if person != COMPLAINANT)
    return replace(
        case,
        address=address,
        address_of_links=links_to,
        address_since=case.version + 1,
        unreachable=others,
    )


def says_less(case: Case, *, mails_to: str) -> bool:
    """Return whether a message to the complainant leaves out what came in by a form, their name too: it goes to an
    address (empty: to none) of which nobody knows yet that it is theirs."""
    return bool(mails_to) and case.address == "to-confirm"
