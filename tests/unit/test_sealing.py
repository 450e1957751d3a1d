"""What goes into storage and comes out of it."""

from __future__ import annotations

import json

import pytest

from adapters.cases.sealing import open_sealed, seal

REF = "LE-7K3M-9QXT"


@pytest.mark.parametrize("text", ["", "Short.", "Grüße, <b>\u2028 and 🦜", "A long letter. " * 400])
def test_comes_out_as_it_went_in(text: str) -> None:
    """Whatever it is and however long."""
    assert open_sealed(REF, seal(REF, {"text": text})) == {"text": text}


def test_belongs_to_its_case() -> None:
    """What was sealed for one case is not opened for another."""
    for text in ("Short.", "A long letter. " * 400):
        with pytest.raises(ValueError, match="another case"):
            open_sealed("LE-OTHE-RONE", seal(REF, {"text": text}))


def test_what_is_long_is_stored_small_and_what_was_stored_plain_is_read() -> None:
    """A letter takes half the room; contents from before are read as ever."""
    words = {"text": " ".join(f"Sentence number {number} of the letter." for number in range(60))}
    plain = json.dumps([REF, words]).encode()
    assert len(seal(REF, words)) < len(plain) / 2
    assert open_sealed(REF, plain) == words
