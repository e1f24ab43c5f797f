"""The lanes may ask a library that nobody has opened yet, all at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.library import Library
from app.store import engine


def test_threads_that_open_at_once_share_one_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = engine.open_store

    def slowly(*args: object) -> object:
        time.sleep(0.05)
        return really(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "open_store", slowly)
    library = Library(tmp_path / "library")
    start = threading.Barrier(4)

    def ask(_: int) -> tuple[int, int]:
        start.wait()
        return id(library.store), id(library.finder)

    try:
        with ThreadPoolExecutor(4) as threads:
            assert len(set(threads.map(ask, range(4)))) == 1
    finally:
        library.close()
