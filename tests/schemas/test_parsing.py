"""Reading fast says what Python's own reading says, and refuses what that refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.parsing import parse

_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def said(text, read):
    """Return what *read* makes of *text*, with its types, or that it refuses it."""
    try:
        return repr(read(text))
    except (ValueError, RecursionError) as error:
        return isinstance(error, ValueError)


@given(_values, st.booleans())
def test_what_can_be_written_is_read_the_same(value, escaped):
    text = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")

    assert said(text, parse) == said(text, json.loads)


@given(st.binary())
def test_bytes_of_any_kind_are_read_or_refused_alike(text):
    assert said(text, parse) == said(text, json.loads)


@pytest.mark.parametrize(
    "text",
    [
        b"NaN", b"-Infinity", b"1e400", b"-0", b"1.0", b"01", b'"\\ud800"', b'{"a":1,"a":2}', b"\xef\xbb\xbf1",
        b"1\x00", b'"a\tb"', b"", b"{", b'{"a":1}x', b"'a'", b"[" * 100_000, b'"\xff"',
    ],
)  # fmt: skip
def test_corners_are_read_or_refused_alike(text):
    assert said(text, parse) == said(text, json.loads)
