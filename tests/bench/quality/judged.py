"""The judged queries, and what a ranking is worth by them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

KINDS = ("title", "inner page", "paraphrase", "typo", "prefix", "phrase", "need", "number")
DEPTH = 10
GRADE = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """One query. ``grades``: path -> 1 to 3; ``pages``: path -> pages that answer, where judged."""

    kind: str
    text: str
    grades: dict[str, int]
    pages: dict[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One asset of a ranking: its paths in the corpus, and the page that is shown."""

    paths: tuple[str, ...]
    page: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What one ranking is worth; ``page`` is None where no page was judged."""

    ndcg: float
    mrr: float
    success: float
    page: float | None


def load(file: Path) -> list[Judged]:
    """Read the queries. Raises ValueError for a kind that is none of the eight."""
    found = []
    for line in file.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, text, *columns = line.split("\t")
        if kind not in KINDS or not columns:
            raise ValueError(f"{file.name}: {line!r} is not a judged query.")
        grades, pages = {}, {}
        for column in columns:
            path, grade, numbers = _column(column)
            grades[path] = grade
            if numbers:
                pages[path] = numbers
        found.append(Judged(kind, text, grades, pages))
    return found


def _column(text: str) -> tuple[str, int, frozenset[int]]:
    grade = GRADE
    if text[-2:-1] == "=":
        text, grade = text[:-2], int(text[-1])
    path, sign, numbers = text.rpartition("#")
    if not sign:
        return text, grade, frozenset()
    return path, grade, frozenset(int(number) for number in numbers.split(","))


def worth(judged: Judged, answers: Sequence[Answer]) -> Worth:
    """nDCG@10 (gain 2^grade - 1, discount log2), MRR@10, success@3, and the right page shown.

    For MRR and success an asset counts from grade 2 up. The right page is asked of the first such
    asset for which pages were judged; one that is not among the first ten shows no page.
    """
    grades = [_grade(judged, answer) for answer in answers[:DEPTH]]
    gained = sum((2**g - 1) / math.log2(rank + 2) for rank, g in enumerate(grades))
    ideal = sorted(judged.grades.values(), reverse=True)[:DEPTH]
    best = sum((2**g - 1) / math.log2(rank + 2) for rank, g in enumerate(ideal))
    first = next((rank for rank, g in enumerate(grades) if g >= 2), None)
    return Worth(
        min(1.0, gained / best),
        0.0 if first is None else 1 / (first + 1),
        float(first is not None and first < 3),
        _page(judged, answers[:DEPTH]),
    )


def _grade(judged: Judged, answer: Answer) -> int:
    return max((judged.grades.get(path, 0) for path in answer.paths), default=0)


def _page(judged: Judged, answers: Sequence[Answer]) -> float | None:
    if not judged.pages:
        return None
    for answer in answers:
        for path in answer.paths:
            if path in judged.pages and judged.grades[path] >= 2:
                return float(answer.page in judged.pages[path])
    return 0.0


def interval(values: Sequence[float], seed: int = 1, rounds: int = 2000) -> tuple[float, float]:
    """The 95 % interval of the mean by bootstrap over the queries."""
    held = np.array(values, float)
    chance = np.random.default_rng(seed)
    means = held[chance.integers(0, len(held), (rounds, len(held)))].mean(axis=1)
    return float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5))
