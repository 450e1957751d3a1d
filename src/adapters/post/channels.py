"""Which way a message takes: by mail, on paper, or both. It is decided here, and nowhere else.

docs/architecture.md says what belongs to another channel.
"""

from __future__ import annotations

from typing import Final, Literal, assert_never

from adapters.post.correspondence import letter_id
from adapters.post.courier import Courier
from adapters.post.letters import have_posted
from adapters.post.mail import send_mail
from adapters.post.messages import Message, Recipient
from adapters.site import Site
from domain.acts.letters import goes_by_post
from domain.case import COMPLAINANT
from domain.notices import Notice
from domain.procedure import Procedure

Channel = Literal["mail", "letter"]

CARRY_LINKS: Final = frozenset[Channel]({"mail"})
"""The others are read where nothing can be followed."""

NO_ADDRESS: Final = "no address"
"""What is kept in a receipt's place where no mail went out."""


def channels_to(to: Recipient, notice: Notice, procedure: Procedure) -> tuple[Channel, ...]:
    """Return every channel on which a notice goes to somebody, the one whose receipt counts first; none: it reaches
    nobody."""
    by_mail: tuple[Channel, ...] = ("mail",) if to.email else ()
    if to.person == COMPLAINANT and goes_by_post(notice, procedure, has_email=bool(to.email)):
        return (*by_mail, "letter")
    return by_mail


def carries_link(to: Recipient, notice: Notice, procedure: Procedure) -> bool:
    """Return whether a link in the notice would reach the person."""
    return not CARRY_LINKS.isdisjoint(channels_to(to, notice, procedure))


def send(message: Message, procedure: Procedure, *, effect: str, site: Site, courier: Courier) -> str:
    """Send a message on each of its channels; return the receipt, or `NO_ADDRESS`. `procedure`: by which it is said.
    `effect`: that which is carried out, by its sort key in the outbox; sent again it may arrive twice as a mail, but is
    one letter."""
    channels = channels_to(message.to, message.notice, procedure)
    receipts = [_sent_by(channel, message, effect=effect, site=site, courier=courier) for channel in channels]
    courier.sent[procedure.slug] += channels.count("mail")
    return receipts[0] if receipts else NO_ADDRESS


def _sent_by(channel: Channel, message: Message, *, effect: str, site: Site, courier: Courier) -> str:
    match channel:
        case "mail":
            letter = letter_id(effect)
            return send_mail(message, letter=letter, settings=site.settings, ses=courier.ses)
        case "letter":
            have_posted(message, effect=effect, site=site)
            return NO_ADDRESS
        case _:
            assert_never(channel)
