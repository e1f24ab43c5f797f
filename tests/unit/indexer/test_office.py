"""LO-1, LO-2, LO-3: LibreOffice converts, is bounded, is killed whole and is not needed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from indexer.child import module_environment
from indexer.office import (
    ENV_OFFICE,
    Failed,
    Office,
    Program,
    end_leftovers,
    family,
    find_program,
    remembered,
)
from indexer.picture_cache import SCRATCH, converted_file
from tests.unit.indexer import made
from tests.unit.indexer.fake_office import calls, install

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a script")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A stand-in for LibreOffice."""
    return install(tmp_path / "bin")


def office(tmp_path: Path, program: Path, version: str = "FakeOffice 7.4.1") -> Office:
    return Office(tmp_path / "cache", Program(program, version), first_s=1.0, last_s=1.5)


def write(path: Path, data: bytes) -> tuple[Path, str]:
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def refusal(office: Office, path: Path, sha: str, kind: str = "pptx") -> tuple[str, str]:
    with pytest.raises(Failed) as caught:
        office.convert(path, sha, kind)
    return caught.value.state, caught.value.reason


def running(folder: Path) -> list[str]:
    """The processes that name a folder: the stand-in, and what it has started."""
    command = ["ps", "-eww", "-o", "args"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    own = [line for line in listed.stdout.splitlines() if f"{folder}/" in line]
    return [line for line in own if "office_worker" not in line]


def wait_for_grandchild(folder: Path) -> None:
    """Wait until the stand-in hangs, which a test's own time limit bounds."""
    while not any("grandchild" in line for line in running(folder)):
        time.sleep(0.02)


def test_a_file_is_converted_once_as_a_copy_under_a_plain_name(
    tmp_path: Path, program: Path
) -> None:
    path, sha = write(tmp_path / "Preis – “neu”; $(x).PPTX", b"deck")
    cache = tmp_path / "cache"
    for _ in range(2):
        assert office(tmp_path, program).convert(path, sha, "pptx") == converted_file(cache, sha)
    (arguments,) = calls(program)
    assert Path(arguments[-1]).name == "in.pptx"
    assert path.read_bytes() == b"deck"
    assert arguments[1:6] == [
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
    ]  # fmt: skip
    assert '"ExportHiddenSlides"' in arguments[arguments.index("--convert-to") + 1]


def test_the_profile_is_its_own_and_without_macros(tmp_path: Path, program: Path) -> None:
    path, sha = write(tmp_path / "a.docx", b"x")
    cache = tmp_path / "cache with space"
    converter = Office(cache, Program(program, "FakeOffice 7.4.1"))
    converter.convert(path, sha, "docx")
    uri = calls(program)[0][0]
    profile = cache / f"{SCRATCH}{os.getpid()}" / "profile"
    assert uri == f"-env:UserInstallation={profile.as_uri()}"
    assert "with%20space" in uri
    settings = (profile / "user" / "registrymodifications.xcu").read_text()
    for said in ("MacroSecurityLevel", "DisableMacrosExecution", "BlockUntrustedRefererLinks"):
        assert said in settings
    converter.close()
    assert [entry.name for entry in cache.iterdir()] == [sha[:2]]


@pytest.mark.parametrize("content", [b"REFUSE", b"CRASH", b"HALF"])
def test_success_is_a_clean_end_and_a_pdf_that_opens(
    tmp_path: Path, program: Path, content: bytes
) -> None:
    """LO-3: and what failed is not tried again, unless LibreOffice is another one."""
    path, sha = write(tmp_path / "a.pptx", content)
    for _ in range(2):
        state, reason = refusal(office(tmp_path, program), path, sha)
        assert state == "failed"
        assert reason.endswith("file.")
    assert len(calls(program)) == 1
    refusal(office(tmp_path, program, "FakeOffice 24.2"), path, sha)
    assert len(calls(program)) == 2
    assert not converted_file(tmp_path / "cache", sha).exists()


def test_a_file_that_takes_too_long_gets_more_time_once(tmp_path: Path, program: Path) -> None:
    """LO-2: the whole group is killed; the profile goes with it."""
    path, sha = write(tmp_path / "a.xlsx", b"HANG")
    converter = office(tmp_path, program)
    assert refusal(converter, path, sha, "xlsx") == (
        "slow", "LibreOffice took longer than 1 seconds with this file.",
    )  # fmt: skip
    assert not (tmp_path / "cache" / f"{SCRATCH}{os.getpid()}" / "profile").exists()
    state, reason = refusal(converter, path, sha, "xlsx")
    assert (state, "1.5 seconds" in reason) == ("failed", True)
    assert refusal(converter, path, sha, "xlsx")[0] == "failed"
    assert len(calls(program)) == 2
    assert running(tmp_path) == []


def test_pictures_of_the_wrong_slides_are_no_pictures(tmp_path: Path) -> None:
    """A deck with three slides, one hidden, of which only two came out."""
    deck = made.deck(tmp_path / "d.pptx")
    sha = hashlib.sha256(deck.read_bytes()).hexdigest()
    state, reason = refusal(office(tmp_path, install(tmp_path / "b", pages=2)), deck, sha)
    assert state == "failed"
    assert "2 slides of the 3" in reason
    (tmp_path / "cache" / sha[:2] / f"{sha}.json").unlink()
    assert office(tmp_path, install(tmp_path / "b")).convert(deck, sha, "pptx").exists()


def test_a_file_changed_or_gone_is_not_remembered_against_it(tmp_path: Path, program: Path) -> None:
    path, sha = write(tmp_path / "a.pptx", b"one")
    path.write_bytes(b"two")
    assert refusal(office(tmp_path, program), path, sha)[0] == "passed"
    path.unlink()
    assert refusal(office(tmp_path, program), path, sha)[0] == "passed"
    assert remembered(tmp_path / "cache", sha) is None
    path.write_bytes(b"one")
    assert office(tmp_path, program).convert(path, sha, "pptx").exists()


def test_sheets_need_a_version_that_keeps_them_whole(tmp_path: Path, program: Path) -> None:
    path, sha = write(tmp_path / "a.xlsx", b"x")
    old = office(tmp_path, program, "FakeOffice 7.3.9")
    assert "7.4" in refusal(old, path, sha, "xlsx")[1]
    assert calls(program) == []
    assert office(tmp_path, program).convert(path, sha, "xlsx").exists()


def test_stopping_ends_the_conversion_and_nothing_else(tmp_path: Path, program: Path) -> None:
    path, sha = write(tmp_path / "a.pptx", b"HANG")
    converter = Office(tmp_path / "cache", Program(program, "FakeOffice 7.4.1"))
    states: list[str] = []
    thread = threading.Thread(target=lambda: states.append(refusal(converter, path, sha)[0]))
    thread.start()
    wait_for_grandchild(tmp_path)
    converter.stop()
    thread.join(20)
    assert states == ["stopped"]
    assert running(tmp_path) == []
    assert remembered(tmp_path / "cache", sha) is None


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("pptx", "x", "slides"), ("pptx", "deck.odp", "slides"), ("docx", "old.doc", "text"),
        ("xlsx", "b.ods", "sheets"), ("other", "letter.RTF", "text"), ("", "x.ppt", "slides"),
        ("pdf", "x.pptx", None), ("text", "x.docx", None), ("other", "x.bin", None),
        ("pptx", "deck.key", None), ("image", "x.png", None),
    ],
)  # fmt: skip
def test_what_libreoffice_shows(kind: str, name: str, found: str | None) -> None:
    assert family(kind, name) == found


def test_the_program_is_found_on_the_path_or_where_it_is_named(
    tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    found = find_program()
    assert found == Program(program, "FakeOffice 7.4.1.2")
    assert found is not None
    assert found.number == (7, 4, 1, 2)
    monkeypatch.setenv(ENV_OFFICE, str(tmp_path / "absent"))
    assert find_program() is None


def worker(cache: Path, *limits: float) -> subprocess.Popen[bytes]:
    """The real process, with the stand-in named in its environment."""
    command = [sys.executable, "-m", "indexer.office_worker", str(cache), *map(str, limits)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=module_environment())


def ask(process: subprocess.Popen[bytes], **request: object) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[bytes]) -> dict[str, object]:
    assert process.stdout is not None
    answer: dict[str, object] = json.loads(process.stdout.readline())
    return answer


def end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def test_the_process_converts_says_no_and_leaves_nothing(
    tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENV_OFFICE, str(program))
    path, sha = write(tmp_path / "a.pptx", b"x")
    process = worker(tmp_path / "cache", 20, 30)
    ask(process, id=1, path=str(path), sha=sha, kind="pptx")
    assert hear(process) == {"id": 1, "ok": True}
    ask(process, id=2, path=str(path), sha="../..", kind="pptx")
    assert hear(process)["state"] == "passed"
    hanging, other = write(tmp_path / "b.pptx", b"HANG")
    ask(process, id=3, path=str(hanging), sha=other, kind="pptx")
    wait_for_grandchild(tmp_path)
    ask(process, op="stop")
    assert hear(process)["state"] == "stopped"
    end(process)
    assert running(tmp_path) == []
    assert not list((tmp_path / "cache").glob(f"{SCRATCH}*"))


def test_without_libreoffice_the_process_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LO-1."""
    monkeypatch.setenv(ENV_OFFICE, str(tmp_path / "absent"))
    process = worker(tmp_path / "cache")
    ask(process, id=1, path="/x.pptx", sha="ab" * 32, kind="pptx")
    assert hear(process)["state"] == "absent"
    end(process)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_successor_clears_up_after_a_killed_process(
    tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENV_OFFICE, str(program))
    path, sha = write(tmp_path / "a.pptx", b"HANG")
    cache = tmp_path / "cache"
    process = worker(cache)
    ask(process, id=1, path=str(path), sha=sha, kind="pptx")
    wait_for_grandchild(tmp_path)
    process.kill()
    end(process)
    assert running(tmp_path)
    end_leftovers(cache)
    while running(tmp_path):
        time.sleep(0.02)
    assert not list(cache.glob(f"{SCRATCH}*"))
