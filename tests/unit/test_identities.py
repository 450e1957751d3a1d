"""What is given out is known again by its shape, and nothing else is looked up."""

from __future__ import annotations

import pytest

from adapters.identities import RandomIdentities, is_secret


def test_every_secret_has_the_shape_of_one() -> None:
    """Whatever is drawn can be asked for."""
    assert all(is_secret(RandomIdentities().secret()) for _ in range(1_000))


@pytest.mark.parametrize(
    "text",
    ["", "a" * 42, "a" * 44, "a" * 42 + ".", "a" * 42 + "\n", "\N{FULLWIDTH LATIN SMALL LETTER A}" * 43],
)
def test_nothing_else_has(text: str) -> None:
    """Of another length, or with another character."""
    assert not is_secret(text)
