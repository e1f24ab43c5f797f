"""Seeded pages of sales collateral that never was: the same numbers give the same text."""

# ruff: noqa: SIM905 (a list of words reads better as a sentence)

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.search.documents import AssetDoc, PageDoc

VOCABULARY = 60_000
EVERYDAY = (
    "the of and to in a is for that with on as by are be it this from or an at your our we you can "
    "will their more not have has which all they its into when one how than these also other who "
    "what do about use each only if but so no up out any most may such new while over through"
).split()
TRADE = (
    "customer pricing enterprise solution security compliance integration cloud analytics revenue "
    "growth contract renewal subscription buyer champion procurement stakeholder executive "
    "marketing campaign pipeline forecast quota prospect discovery demo proposal negotiation "
    "objection competitor battlecard brochure webinar onboarding healthcare banking retail "
    "manufacturing workflow automation productivity scalability reliability encryption partner "
    "roadmap retention churn migration dashboard invoice benchmark assessment deployment training "
    "support platform service services customers prices priced budget savings outcome outcomes"
).split()
PHRASES = ("total cost", "case study", "supply chain", "customer retention", "next steps")


@dataclass(frozen=True, slots=True)
class Asset:
    """One generated asset: id, title, file name and its pages as (heading, body)."""

    id: int
    title: str
    filename: str
    pages: tuple[tuple[str, str], ...]

    def document(self) -> AssetDoc:
        """Return it as the index takes it."""
        pages = tuple(PageDoc(at, h, b, "") for at, (h, b) in enumerate(self.pages, 1))
        return AssetDoc(self.id, self.title, self.filename, "en", pages)


def vocabulary() -> list[str]:
    """Return distinct words, the most frequent first: everyday, trade, then invented ones."""
    words = dict.fromkeys((*EVERYDAY, *TRADE))
    onsets = "b br c ch d dr f fl g gr h j k l m n p pl pr qu r s sh st t tr v w z".split()
    middles = "a e i o u ai ea io ou".split()
    ends = ["", "n", "r", "s", "l", "t", "nd", "st", "ck", "m"]
    sounds = [a + b + c for a, b, c in itertools.product(onsets, middles, ends)]
    rng = np.random.default_rng(11)
    while len(words) < VOCABULARY:
        picked = rng.integers(0, len(sounds), size=(20_000, 3))
        length = rng.integers(1, 4, size=20_000)
        for row, many in zip(picked.tolist(), length.tolist(), strict=True):
            words.setdefault("".join(sounds[i] for i in row[:many]))
    return list(words)[:VOCABULARY]


def assets(count: int, seed: int = 20_261_121) -> Iterator[Asset]:
    """Yield assets of about twelve pages of 80 to 250 words, Zipf-Mandelbrot distributed."""
    rng = np.random.default_rng(seed)
    words = np.array(vocabulary(), dtype=object)
    weights = 1.0 / (np.arange(1, len(words) + 1) + 2.7)
    edges = np.cumsum(weights / weights.sum())
    edges[-1] = 1.0
    first_trade = len(EVERYDAY)

    def text(length: int, topic: np.ndarray) -> list[str]:
        drawn = np.searchsorted(edges, rng.random(length))
        on_topic = np.flatnonzero(rng.random(length) < 0.18)
        drawn[on_topic] = topic[rng.integers(0, len(topic), len(on_topic))]
        return list(words[drawn])

    for asset_id in range(1, count + 1):
        trade = rng.integers(first_trade, first_trade + len(TRADE), 12)
        topic = np.concatenate([trade, rng.integers(first_trade, 12_000, 30)])
        pages = []
        for _ in range(max(1, int(rng.poisson(12)))):
            body = text(int(rng.integers(80, 251)), topic)
            at = int(rng.integers(0, len(body) - 1))
            body[at : at + 2] = PHRASES[int(rng.integers(0, len(PHRASES)))].split()
            pages.append((" ".join(text(5, topic)).capitalize(), " ".join(body).capitalize() + "."))
        title = " ".join(words[topic[rng.integers(0, len(topic), 5)]]).title()
        name = title.replace(" ", "_") + (".pptx", ".pdf", ".docx")[asset_id % 3]
        yield Asset(asset_id, title, name, tuple(pages))
