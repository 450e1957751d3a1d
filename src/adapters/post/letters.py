"""Letters on paper: the channel to a complainant whom no mail reaches, or to whom the procedure writes by post.

A person prints and posts it. What is sent here is the task: the letter is put on the case, and those who handle it are
told until they say when it was posted.
"""

from __future__ import annotations

from contextlib import suppress

from adapters.cases.execute import execute
from adapters.post.correspondence import letter_id
from adapters.post.messages import Message
from adapters.site import Site
from domain.acts.letters import PrepareLetter
from domain.errors import UnknownCase


def have_posted(message: Message, *, effect: str, site: Site) -> None:
    """Have a message posted; the same `effect` again is the same letter. Nothing where the case is gone."""
    with suppress(UnknownCase):
        execute(message.ref, PrepareLetter(letter=letter_id(effect), notice=message.notice), site=site)
