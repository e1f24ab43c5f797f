"""Whole numbers come back as they were packed, alone and many lists at once."""

from __future__ import annotations

import mmap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search import packing

numbers = st.one_of(
    st.just(1), st.integers(0, 300), st.integers(0, 70_000), st.integers(0, 2**31 - 1)
)
lists = st.one_of(
    st.lists(numbers, min_size=1, max_size=40),
    st.builds(lambda n, wide: [5] * n + [wide] + [6] * n, st.integers(1, 40), numbers),
)


def _packed(found: list[list[int]]) -> tuple[bytes, list[int]]:
    flat = np.array([value for one in found for value in one], np.uint32)
    data, sizes = packing.pack_many(flat, np.array([len(one) for one in found]))
    return data.tobytes(), sizes.tolist()


@given(st.lists(lists, min_size=1, max_size=8))
def test_packed_lists_come_back(found: list[list[int]]) -> None:
    data, sizes = _packed(found)
    ends = np.cumsum(sizes)
    at = 0
    for one, end in zip(found, ends.tolist(), strict=True):
        out = np.zeros(len(one), np.int64)
        assert (packing.unpack_into(data, at, out), out.tolist()) == (end, one)
        values, at = packing.unpack(data, at, len(one))
        assert (values.tolist(), at) == (one, end)
    starts = ends - sizes
    values, after = packing.unpack_many(data, starts, np.array([len(one) for one in found]))
    assert values.tolist() == [value for one in found for value in one]
    assert after.tolist() == ends.tolist()


@given(st.lists(lists, min_size=1, max_size=8))
def test_a_list_is_packed_alike_alone_and_among_others(found: list[list[int]]) -> None:
    data, sizes = _packed(found)
    apart = [_packed([one])[0] for one in found]
    assert (data, sizes) == (b"".join(apart), [len(one) for one in apart])
    pieces = np.frombuffer(data, np.uint8), np.array(sizes)
    twice, whole = packing.interleave([pieces, pieces])
    assert twice.tobytes() == b"".join(one + one for one in apart)
    assert whole.tolist() == [2 * size for size in sizes]


def test_long_gaps_do_not_widen_a_list() -> None:
    data, _ = _packed([[5] * 1_000 + [1_000_000] + [6] * 1_000])
    assert len(data) < 2_050


def test_sections_come_back_from_a_map() -> None:
    given_ = {"few": np.arange(3, dtype=np.uint64), "same": np.zeros(9999, np.int32), "text": b"x"}
    data = packing.write_sections(given_)
    assert len(data) < 1000
    mapped = mmap.mmap(-1, len(data))
    mapped.write(data)
    for source in (data, mapped):
        sections = packing.Sections(source)
        assert sections.array("few").tolist() == [0, 1, 2]
        assert sections.array("same").sum() == 0
        assert sections.raw("text") == b"x"
        assert "other" not in sections
    with pytest.raises(ValueError, match="not a file of this index"):
        packing.Sections(b"something else")
