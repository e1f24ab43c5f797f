"""The measures of the quality bench, on rankings whose worth is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.quality import judged
from tests.bench.quality.judged import Answer, Judged, interval, load, worth
from tests.bench.quality.run import SETS

QUERY = Judged("need", "q", {"a": 3, "b": 1}, {"a": frozenset({2})})


def ranking(*paths: str, page: int = 2) -> list[Answer]:
    return [Answer((path,), page) for path in paths]


def test_the_ideal_ranking_is_worth_one() -> None:
    found = worth(QUERY, ranking("a", "b"))
    assert (found.ndcg, found.mrr, found.success, found.page) == (1, 1, 1, 1)


def test_what_only_touches_the_query_is_no_success() -> None:
    found = worth(QUERY, ranking("b", "x", "y", "a"))
    assert (found.mrr, found.success) == (0.25, 0)
    assert 0 < found.ndcg < 1


def test_nothing_found_is_worth_nothing() -> None:
    found = worth(QUERY, ())
    assert (found.ndcg, found.mrr, found.success, found.page) == (0, 0, 0, 0)
    assert worth(QUERY, ranking("a", page=1)).page == 0
    assert worth(Judged("need", "q", {"a": 3}, {}), ranking("a")).page is None


def test_the_interval_holds_the_mean() -> None:
    low, high = interval([0.0, 1.0] * 20)
    assert 0.3 < low < 0.5 < high < 0.7
    assert interval([1.0] * 5) == (1.0, 1.0)


@pytest.mark.parametrize("name", SETS)
def test_the_queries_are_of_all_kinds_and_judged(name: str) -> None:
    queries = load(Path(judged.__file__).with_name(f"{name}.tsv"))
    assert {query.kind for query in queries} == set(judged.KINDS)
    assert len({query.text for query in queries}) == len(queries)
    assert all(set(query.pages) <= set(query.grades) for query in queries)
    assert len(queries) >= (120 if name == "queries" else 36)


def test_what_is_held_back_is_in_no_set_that_was_tuned_on() -> None:
    sets = {
        name: {query.text for query in load(Path(judged.__file__).with_name(f"{name}.tsv"))}
        for name in SETS
    }
    held = {name for name in SETS if name == "held_back" or name.endswith("_unseen")}
    assert len(held) >= 3
    for kept in held:
        for name in SETS:
            assert name == kept or not sets[name] & sets[kept], (kept, name)


def test_a_line_of_no_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "q.tsv").write_text("guess\tx\ta.pdf\n", "utf-8")
    with pytest.raises(ValueError, match="not a judged query"):
        load(tmp_path / "q.tsv")
