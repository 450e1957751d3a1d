"""Plain values and DynamoDB's attribute values."""

from __future__ import annotations

from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from adapters.cases.attributes import from_attributes, to_attributes

values = st.recursive(
    st.none()
    | st.booleans()
    | st.text(max_size=20)
    | st.integers(-(10**30), 10**30)
    | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
items = st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=5)


@given(items)
def test_an_item_comes_back_as_it_went_in(item: dict[str, Any]) -> None:
    """Text, whole numbers, truth values, bytes, None, lists and maps survive the way there and back."""
    assert item == from_attributes(to_attributes(item))


@given(items)
def test_boto3_reads_and_writes_the_same(item: dict[str, Any]) -> None:
    """What is written here is what boto3's serializer writes, and reads."""
    serialize, deserialize = TypeSerializer().serialize, TypeDeserializer().deserialize
    assert {name: serialize(value) for name, value in item.items()} == to_attributes(item)
    assert {name: deserialize(value) for name, value in to_attributes(item).items()} == item


@pytest.mark.parametrize("value", [1.5, {1, 2}, object()])
def test_what_is_not_stored_is_refused(value: object) -> None:
    """A fraction, a set, anything else: an error when it is written, not a surprise when it is read."""
    with pytest.raises(TypeError):
        to_attributes({"value": value})
