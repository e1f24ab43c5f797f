"""Small indexes for tests."""

from __future__ import annotations

from pathlib import Path

from indexer.search.documents import AssetDoc, PageDoc
from indexer.search.query import And, Node, Word
from indexer.search.reader import Searcher
from indexer.search.writer import IndexWriter


def asset(
    asset_id: int,
    *bodies: str,
    title: str = "",
    filename: str = "",
    language: str | None = "en",
    heading: str = "",
    notes: str = "",
) -> AssetDoc:
    """Return an asset with a page per body, numbered from 1."""
    pages = tuple(PageDoc(at, heading, body, notes) for at, body in enumerate(bodies, 1))
    return AssetDoc(asset_id, title, filename, language, pages)


def index(folder: Path, *docs: AssetDoc, change: int = 1) -> Searcher:
    """Write the assets in one commit and open the index."""
    with IndexWriter(folder) as writer:
        writer.apply(docs, (), change)
    return Searcher.open(folder)


def found(searcher: Searcher, node: Node) -> set[int]:
    """Return the assets that a query finds."""
    return set(searcher.search(node).asset_ids.tolist())


def typed(text: str) -> Node:
    """Return what typing means: every word wanted, the last one perhaps unfinished."""
    parts = text.split()
    return And(tuple(Word(word, prefix=at == len(parts) - 1) for at, word in enumerate(parts)))
