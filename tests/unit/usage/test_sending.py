"""Drafts: what a mail program reads is what was meant, and the record keeps no recipient."""

from __future__ import annotations

import email
import json
import os
import time
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from app.errors import EnvironmentProblem, UserError
from app.rows import Draft, Occasion
from app.store.tables import Asset
from app.usage import mail, sending
from tests.unit.usage.world import World


def parsed(draft: Draft) -> EmailMessage:
    message = email.message_from_bytes(Path(draft.path).read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def write(lib: World, ids: list[int], **given: object) -> Draft:
    with lib.write() as session:
        return sending.draft(session, lib.rep, ids, folder=lib.drafts, **given)  # type: ignore[arg-type]


def test_the_draft_opens_as_a_mail_with_its_files(lib: World) -> None:
    names = ["Q3 – Übersicht.pptx", "ä" * 123 + ".pdf", "notes.md", "日本.weird"]
    contents = [b"PK\x03\x04\r\n\x00", b"%PDF", "# Größe\n".encode(), bytes(range(256))]
    ids = [lib.asset(name, data=data) for name, data in zip(names, contents, strict=True)]
    draft = write(lib, ids, to='"Müller, Jörg" <j.mueller@müller.de>; kay@acme.com')
    raw = Path(draft.path).read_bytes()
    assert raw.startswith(b"Date: "), "xdg-open takes other files for plain text"
    message = parsed(draft)
    assert message["X-Unsent"] == "1"
    assert [a.display_name for a in message["To"].addresses] == ["Müller, Jörg", ""]
    assert message["Subject"] == draft.subject
    assert draft.subject.endswith("and 1 more")
    parts = list(message.iter_attachments())
    assert [part.get_filename() for part in parts] == names == list(draft.attachments)
    assert [part.get_payload(decode=True) for part in parts] == contents
    types = [part.get_content_type() for part in parts]
    assert types[0].endswith("presentationml.presentation")
    assert types[1:] == ["application/pdf", "text/markdown", "application/octet-stream"]
    body = message.get_body()
    assert body is not None
    assert "these 4 documents" in body.get_content()
    assert "Ana Ruiz" in body.get_content()
    assert draft.size == len(raw)


def test_the_event_knows_how_many_and_which_domains_only(lib: World) -> None:
    deck = lib.asset("deck.pdf")
    draft = write(
        lib, [deck], to="kay@acme.com, KAY@acme.com, lee@ACME.com, x@b.org",
        occasion=Occasion("Acme", "Renewal", "explore"),
    )  # fmt: skip
    (event,) = lib.events()
    assert event["kind"] == "send"
    assert event["detail"] == {
        "channel": "mail", "n_recipients": 3, "domains": ["acme.com", "b.org"],
    }  # fmt: skip
    assert "kay" not in json.dumps(event["detail"])
    assert event["deal_id"]
    assert event["stage_id"]
    assert draft.subject == "deck"
    assert Path(draft.path).parent == lib.drafts


@pytest.mark.parametrize(
    "to",
    ["kay", "kay@", "@acme.com", "kay@acme", "kay@acme..com", "k y@acme.com", ".k@acme.com",
     "a@b.com\nBcc: evil@x.com", "a@b.com <c@d.com", "ä@acme.com", "k@acme.com\x00",
     "a@b.com " * 5000],
)  # fmt: skip
def test_a_bad_address_is_named_and_nothing_is_written(lib: World, to: str) -> None:
    deck = lib.asset("deck.pdf")
    with pytest.raises(UserError, match=r"e-mail address|too long"):
        write(lib, [deck], to=to)
    assert lib.events() == []
    assert not lib.drafts.exists()


def test_line_breaks_cannot_add_headers(lib: World) -> None:
    title = "Deck\r\nBcc: evil@x.com\r\n\r\nbody"
    deck = lib.asset("deck.pdf", title=title)
    for subject in ("", "Hi\nBcc: evil@x.com", "Hi\r\n\r\n<b>", "Hi\u2028X: 1"):
        message = parsed(write(lib, [deck], subject=subject))
        assert message["Bcc"] is None
        assert message["X"] is None
        assert set(message.keys()) == {
            "Date", "X-Unsent", "Subject", "MIME-Version", "Content-Type",
        }  # fmt: skip
        assert "\n" not in message["Subject"]


def test_addresses_as_people_paste_them() -> None:
    text = 'Kay Lo <kay@acme.com>;"Lo, \\"K\\"" <k@acme.com>\nlee@acme.com <lee@acme.com>,, x@y.z ;'
    assert [(a.display_name, a.addr_spec) for a in mail.recipients(text)] == [
        ("Kay Lo", "kay@acme.com"), ('Lo, "K"', "k@acme.com"), ("lee@acme.com", "lee@acme.com"),
        ("", "x@y.z"),
    ]  # fmt: skip


def test_names_that_other_systems_refuse_are_mended() -> None:
    paths = [Path("a\nb:c.txt"), Path("caf\udce9.pdf"), Path("x/d.pdf"), Path("y/D.pdf")]
    assert mail.attachment_names(paths) == ["a b_c.txt", "caf�.pdf", "d.pdf", "D (2).pdf"]


def test_a_body_of_ones_own_is_kept(lib: World) -> None:
    message = parsed(write(lib, [lib.asset("deck.pdf")], body="Grüße\n\nAna \udcff"))
    body = message.get_body()
    assert body is not None
    assert body.get_content().splitlines() == ["Grüße", "", "Ana ?"]


def test_a_missing_file_is_named_and_nothing_is_recorded(lib: World) -> None:
    deck, gone = lib.asset("deck.pdf"), lib.asset("gone.pdf", "The lost deck")
    (lib.collateral / "gone.pdf").unlink()
    with pytest.raises(UserError, match="The lost deck"):
        write(lib, [deck, gone])
    assert lib.events() == []


def test_two_drafts_of_a_day_stand_side_by_side(lib: World) -> None:
    deck = lib.asset("deck.pdf", title="Q3 – Übersicht / 2026")
    first, second = write(lib, [deck]), write(lib, [deck])
    assert Path(first.path).name.endswith("-q3-bersicht-2026.eml")
    assert Path(second.path).name.endswith("-2.eml")


def test_a_target_is_replaced_only_when_it_is_a_draft(lib: World, tmp_path: Path) -> None:
    deck = lib.asset("deck.pdf")
    target = tmp_path / "out.eml"
    assert write(lib, [deck], target=target).path == str(target)
    assert write(lib, [deck], target=target).path == str(target)
    mine = tmp_path / "mine.eml"
    mine.write_text("From: somebody\n\nprecious", "utf-8")
    for bad in (mine, tmp_path / "deck.pdf", tmp_path / "no" / "where.eml"):
        with pytest.raises(UserError):
            write(lib, [deck], target=bad)
    assert mine.read_text("utf-8").endswith("precious")
    assert len(lib.events()) == 2
    assert list(tmp_path.glob(".draft-*")) == []


def test_a_draft_that_cannot_be_written_records_nothing(lib: World, tmp_path: Path) -> None:
    deck = lib.asset("deck.pdf")
    blocked = tmp_path / "file"
    blocked.write_text("in the way", "utf-8")
    with pytest.raises(EnvironmentProblem), lib.write() as session:
        sending.draft(session, lib.rep, [deck], folder=blocked)
    assert lib.events() == []


def test_old_drafts_are_removed(lib: World) -> None:
    deck = lib.asset("deck.pdf")
    old = Path(write(lib, [deck]).path)
    other = lib.drafts / "keep.txt"
    other.write_text("not ours", "utf-8")
    then = time.time() - 31 * 86400
    for path in (old, other):
        os.utime(path, (then, then))
    fresh = Path(write(lib, [deck]).path)
    assert sorted(lib.drafts.iterdir()) == sorted([fresh, other])


def test_more_than_mail_can_carry_is_refused(lib: World) -> None:
    deck = lib.asset("deck.pdf")
    os.truncate(lib.collateral / "deck.pdf", 200 * 1024 * 1024)
    with pytest.raises(UserError, match="209 MB"):
        write(lib, [deck])


def test_a_title_alone_makes_no_empty_name(lib: World) -> None:
    deck = lib.asset("deck.pdf", title="日本語")
    assert Path(write(lib, [deck]).path).name.endswith("-draft.eml")
    with lib.store.read() as session:
        assert session.get(Asset, deck) is not None
