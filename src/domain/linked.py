"""How cases belong together: what one case knows of another."""

from __future__ import annotations

from typing import Final, Literal

from domain.frozen import Frozen, replace

How = Literal["linked", "unlinked", "duplicate-of", "goes-on-for"]
"""What another case is to this one: it belongs to it, or no longer; it goes on in this one's place; or it was closed
because this one goes on for both."""

_SEEN_FROM_THERE: Final[dict[How, How]] = {
    "linked": "linked",
    "unlinked": "unlinked",
    "duplicate-of": "goes-on-for",
    "goes-on-for": "duplicate-of",
}


class CaseLink(Frozen):
    """What a case knows of the case `ref`. `reason` is its own content with why, empty where the other case has it;
    `heard`: the version of the other case that was last heard of."""

    ref: str
    how: How
    reason: str = ""
    heard: int = 0


Links = tuple[CaseLink, ...]


def link_to(links: Links, ref: str) -> CaseLink | None:
    """Return what is known of a case; None: nothing."""
    return next((link for link in links if link.ref == ref), None)


def with_link(links: Links, ref: str, how: How, *, reason: str = "", heard: int | None = None) -> Links:
    """Return the same with this known of `ref`; what was heard of it last stays, unless it is said."""
    known = link_to(links, ref) or CaseLink(ref=ref, how=how)
    last = known.heard if heard is None else heard
    kept = tuple(link for link in links if link.ref != ref)
    return (*kept, replace(known, how=how, reason=reason, heard=last))


def seen_from_there(how: How) -> How:
    """Return what this case is to the other one."""
    return _SEEN_FROM_THERE[how]
