"""Indexes of some rows, on both databases."""

import subprocess
import sys

import sqlalchemy as sa

from app.store import logs, tables
from app.store.types import Base
from indexer.child import module_environment

CONDITIONS = (
    "state = 'accepted'", "deal_id IS NOT NULL", "search_uid IS NOT NULL", logs._USE_SQL,
)  # fmt: skip


def _statements(url: str) -> str:
    made: list[str] = []
    engine = sa.create_mock_engine(
        url, lambda sql, *_, **__: made.append(str(sql.compile(dialect=engine.dialect)))
    )
    Base.metadata.create_all(engine, checkfirst=False)
    return "\n".join(made)


def test_both_databases_get_the_conditions() -> None:
    assert tables.AssetTag.__table__ in Base.metadata.tables.values()
    for url in ("sqlite://", "postgresql://"):
        made = _statements(url)
        assert [f"WHERE {each}" in made for each in CONDITIONS] == [True] * len(CONDITIONS), url


def test_a_start_on_sqlite_loads_no_other_dialect() -> None:
    code = (
        "import sys, app.store.logs, app.store.tables_copies, app.store.tables_searches\n"
        "print([name for name in sys.modules if 'dialects.postgresql' in name])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env=module_environment(), capture_output=True, check=True
    )
    assert told.stdout.strip() == b"[]"
