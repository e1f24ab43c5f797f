"""Whatever the bytes of an events file are, people get a sentence or a result, never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import UserError
from app.usage import importing, mail
from tests.unit.usage.world import World, world

CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["2026-03-01", "1772366400000", "open", "Sent", "deck", "deck.pdf", "1", "Ana Ruiz",
         "a@b.com", "proposal", '"', "9" * 30, "2026-13-01", "0001-01-01T00:00:00+14:00",
         "9999-12-31T23:59:59-14:00"],
    ),
)  # fmt: skip
LINES = st.lists(st.lists(CELLS, max_size=8), max_size=8)


@pytest.fixture(scope="module")
def lib(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One library for all examples; each is rolled back."""
    with world(tmp_path_factory.mktemp("import")) as made:
        made.asset("deck.pdf")
        yield made


class _Back(Exception):
    """Rolls the example back."""


def run(lib: World, data: bytes) -> None:
    file = Path(lib.folder) / "events.csv"
    file.write_bytes(data)
    with suppress(UserError, _Back), lib.write() as session:
        result = importing.import_events(session, lib.rep, file)
        bad = result.rows - result.imported - result.skipped
        assert bad == len(result.bad)
        assert all(reason.endswith(".") and line > 1 for line, reason in result.bad)
        raise _Back
    assert lib.events() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(LINES, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_any_lines_under_the_right_header(
    lib: World, lines: list[list[str]], delimiter: str, encoding: str
) -> None:
    header = "at,kind,asset,person,account,deal,stage,channel,search".replace(",", delimiter)
    text = "\n".join([header, *(delimiter.join(cells) for cells in lines)])
    run(lib, text.encode(encoding, "replace"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes(lib: World, data: bytes, headed: bool) -> None:
    run(lib, (b"at,kind,asset,person\n" if headed else b"") + data)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=40))
def test_no_text_adds_a_header_to_a_mail(to: str, subject: str, name: str) -> None:
    try:
        recipients = mail.recipients(to)
    except UserError:
        recipients = ()
    made = mail.message(recipients, subject, subject)
    mail.attach(made, b"x", mail.attachment_names([Path("folder") / (name or "n")])[0])
    head = made.as_bytes().partition(b"\r\n\r\n")[0].decode("ascii")
    names = {line.partition(":")[0] for line in head.split("\r\n") if line[:1] not in " \t"}
    assert names <= {"Date", "X-Unsent", "To", "Subject", "MIME-Version", "Content-Type"}
