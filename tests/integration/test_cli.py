"""The command line: stable JSON names, exit codes, sentences; the same services as the window."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.cli import parser as grammar
from app.cli.main import main
from app.cli.words import COMMANDS, window_arguments
from tests.collateral import write_deck, write_pages, write_pdf

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(library, folder), indexed once; the tests of this module add to it, never take away."""
    base = tmp_path_factory.mktemp("cli")
    folder = base / "collateral"
    write_pdf(folder / "Bank.pdf", ["Northgate Bank", "onboarding in 36 hours"])
    write_deck(folder / "Overview.pptx", [("Overview", "zero trust"), ("Price", "$49")])
    write_pages(folder / "=cmd.md", ["Formula\nabout churn"])
    (folder / "broken.pdf").write_bytes(b"%P")
    long_ago = 1_700_000_000
    for file in folder.iterdir():
        os.utime(file, (long_ago, long_ago))
    assert main(["--library", str(base / "library"), "index", str(folder)]) == 0
    return base / "library", folder


@pytest.fixture
def run(place, capsys):
    """``run(*words)`` -> (exit code, standard output, standard error)."""
    capsys.readouterr()

    def call(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--library", str(place[0])])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


@pytest.fixture
def answer(run):
    """``answer(*words)`` -> the JSON printed, the exit code being 0."""

    def call(*words: str) -> Any:
        code, out, err = run(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    return call


def test_index(answer, place) -> None:
    told = answer("index")
    assert (told["files"], told["assets"], told["read"]) == (4, 4, 0)
    assert told["pages"] == 5
    (problem,) = told["problems"]
    assert problem["path"] == "collateral/broken.pdf"
    assert problem["state"] == "damaged"
    assert problem["reason"]
    assert {"scan", "read", "record", "index", "total"} <= told["seconds"].keys()


def test_find(answer, place) -> None:
    told = answer("find", "36", "hours")
    assert told["total"] == 1
    assert told["took_ms"] > 0
    (hit,) = told["hits"]
    assert hit["path"] == str(place[1].resolve() / "Bank.pdf")
    assert (hit["page"], hit["page_label"]) == (2, "page 2")
    assert "36" in hit["snippet"]
    assert "page 2" in hit["why"]
    assert hit["score"] > 0
    marked = [hit["snippet"][a:b] for a, b in hit["marks"]]
    assert marked == ["36", "hours"]


def test_find_without_a_folder_says_how_to_add_one(tmp_path: Path, capsys) -> None:
    assert main(["find", "churn", "--library", str(tmp_path / "new")]) == 0
    said = capsys.readouterr().out
    assert said == (
        "There are no folders in the library yet. Add one on the Library page, "
        "or with: deckhand index FOLDER\n"
    )


def test_find_where_and_what_is_not_there(answer, run) -> None:
    asset = str(answer("find", "zero trust")["hits"][0]["asset"])
    assert answer("tag", asset, "persona=cfo", "type=pitch deck")["tags"] == [
        "persona=finance", "content_type=first_call_deck",
    ]  # fmt: skip
    found = answer("find", "--where", "persona=finance")
    assert [hit["title"] for hit in found["hits"]] == ["Overview"]
    others = answer("find", "--where", "persona!=finance")
    assert "Overview" not in [hit["title"] for hit in others["hits"]]
    assert others["total"] == answer("find")["total"] - 1
    assert answer("find", "cfo")["hits"][0]["why"][-1].startswith("tagged Finance")
    assert answer("untag", asset, "persona=finance")["tags"] == ["content_type=first_call_deck"]
    code, _, err = run("find", "--where", "colour=red")
    assert code == 1
    assert "no facet called 'colour'" in err
    assert "deckhand request new" in run("find", "xyzzy")[1]


def test_show_by_number_name_and_path(answer, run, place) -> None:
    by_path = answer("show", str(place[1] / "Bank.pdf"))
    assert by_path == answer("show", "Bank.pdf") == answer("show", str(by_path["asset"]))
    assert {"asset", "uid", "title", "status", "path", "tags", "state", "history"} <= by_path.keys()
    code, _, err = run("show", "nowhere.pdf")
    assert (code, err.count("\n")) == (1, 1)
    assert "deckhand find" in err


def test_send_writes_a_draft_and_counts(answer, run, place, tmp_path) -> None:
    before = answer("show", "Bank.pdf")["uses_90d"]
    draft = tmp_path / "mail.eml"
    told = answer(
        "send", "Bank.pdf", "Overview.pptx", "--to", "ann@example.com", "--account", "Acme",
        "--deal", "Acme 2027", "--stage", "evaluate", "--draft", str(draft),
    )  # fmt: skip
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == ["Bank.pdf", "Overview.pptx"]
    assert message["X-Unsent"] == "1"
    assert draft.read_bytes().startswith(b"Date:")
    after = answer("show", "Bank.pdf")
    assert after["uses_90d"] == before + 1
    event = after["history"][0]
    assert (event["kind"], event["account"], event["deal"]) == ("send", "Acme", "Acme 2027")
    assert "ann@" not in json.dumps(after)
    assert told["draft"] == str(draft)
    assert run("send", "Bank.pdf", "--draft", "x.txt")[0] == 1


def test_requests_from_asking_to_delivery(answer, run) -> None:
    filed = answer(
        "request", "new", "A battlecard against Acme", "--type", "battlecard", "--persona", "cfo",
        "--needed-by", "2030-01-31", "--search", "acme battlecard",
    )  # fmt: skip
    number = str(filed["request"])
    assert filed["wants"] == ["persona=finance", "content_type=battlecard"]
    assert filed["needed_by"] == "2030-01-31"
    code, _, err = run("request", "set", number, "declined")
    assert code == 1
    assert "note" in err
    answer("request", "set", number, "accepted")
    told = answer("request", "set", number, "delivered", "--asset", "Bank.pdf")
    assert told["status"] == "delivered"
    assert [step["status"] for step in told["history"]] == ["submitted", "accepted", "delivered"]
    assert number in {str(r["request"]) for r in answer("request", "list")["requests"]}
    assert answer("request", "list", "--open")["requests"] == []


def test_reports(answer, run) -> None:
    told = answer("report", "unused")
    assert {"as_of", "eligible", "excluded", "counts", "unused_share", "rows"} <= told.keys()
    assert told["excluded"]["too_new"] == 4
    later = answer("report", "unused", "--as-of", "2099-01-01")
    assert later["counts"]["gone_quiet"] + later["counts"]["unused"] == later["eligible"]
    code, out, _ = run("report", "unused", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert {row["path"] for row in rows} >= {"Bank.pdf", "'=cmd.md"}
    assert answer("report", "use")["rows"]
    assert answer("report", "requests")["rows"]
    assert run("report", "unused", "--as-of", "tomorrow")[0] == 1


def test_import_events_twice_is_a_no_op(answer, tmp_path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        "at,person,kind,asset\n2026-10-01,Ben,sent,Bank.pdf\n2026-10-02,Ben,danced,Bank.pdf\n"
    )
    told = answer("import", "events", str(file))
    assert (told["rows"], told["imported"], told["repeated"]) == (2, 1, False)
    assert told["bad"][0]["line"] == 3
    assert answer("import", "events", str(file))["repeated"]


def test_doctor_roots_status_and_me(answer) -> None:
    states = {check["name"]: check["state"] for check in answer("doctor")}
    assert states["Database"] == states["Search index"] == "ok"
    assert answer("roots")[0]["files"] == 4
    assert answer("status")["index_current"] is True
    answer("me", "--name", "Ana Ruiz", "--role", "marketer")
    assert answer("me") == {"name": "Ana Ruiz", "role": "marketer", "email": "", "counts": None}


def test_wrong_usage_is_2_and_help_is_0(run) -> None:
    assert run("find", "--nonsense")[0] == 2
    assert run("request", "set", "1", "burnt")[0] == 2
    assert run("find", "--help")[0] == 0


def test_our_fault_is_3_and_names_the_log(run, place, monkeypatch) -> None:
    from app.library import Library

    monkeypatch.setattr(Library, "status", lambda self: 1 // 0)
    code, _, err = run("status")
    assert code == 3
    log = Path(err.rsplit("The log has it: ", 1)[1].strip())
    assert "ZeroDivisionError" in log.read_text("utf-8")
    assert "Traceback" not in err


test_our_fault_is_3_and_names_the_log = pytest.mark.expect_log(
    test_our_fault_is_3_and_names_the_log
)


def test_from_the_shell(place) -> None:
    command = [sys.executable, str(CHECKOUT / "deckhand.py"), "--library", str(place[0])]
    done = subprocess.run(
        [*command, "find", "churn", "--json"], capture_output=True, text=True, check=True,
        cwd=place[1],
    )  # fmt: skip
    assert json.loads(done.stdout)["total"] == 1
    failed = subprocess.run([*command, "show", "x"], capture_output=True, text=True, cwd="/")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        ([], ("", None)),
        (["/some/folder"], ("", "/some/folder")),
        (["--library", "/lib"], ("/lib", None)),
        (["--library=/lib", "folder"], ("/lib", "folder")),
        (["--library", "/lib", "find", "x"], None),
        (["find"], None),
        (["--help"], None),
        (["two", "folders"], None),
    ],
)
def test_a_folder_means_the_window(args, wanted) -> None:
    assert window_arguments(args) == wanted


def test_every_command_and_option_is_documented() -> None:
    """Walk the real parser: a new option without its line in the documentation fails here."""
    text = (CHECKOUT / "docs" / "command-line.md").read_text("utf-8")
    todo = [(grammar.build(), "deckhand")]
    seen = set()
    while todo:
        parser, name = todo.pop()
        for action in parser._actions:
            if hasattr(action, "choices") and isinstance(action.choices, dict):
                seen |= set(action.choices)
                todo += [(child, f"{name} {word}") for word, child in action.choices.items()]
                continue
            for option in action.option_strings:
                if option.startswith("--"):
                    assert f"`{option}" in text, f"{name} {option}"
    for command in COMMANDS:
        assert command in seen
        assert f"`deckhand {command}" in text, command
