"""The door of a fresh checkout: ``run.py`` sets up, repairs, and gets out of the way."""

from __future__ import annotations

import ast
import errno
import importlib.util
import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.door import CHECKOUT, begin, finish, small_checkout


def load_run(path: Path) -> ModuleType:
    """``run.py`` as a module of its own, so that patching it changes no other test's."""
    specification = importlib.util.spec_from_file_location("run_under_test", path)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def run_py() -> ModuleType:
    return load_run(CHECKOUT / "run.py")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small checkout that two starts at once have set up."""
    folder = small_checkout(tmp_path_factory.mktemp("door") / "check out ü")
    both = [finish(start) for start in [begin(folder), begin(folder)]]
    assert [code for code, _, _ in both] == [0, 0], both
    told = "".join(err for _, _, err in both)
    assert told.count("making .venv") == 1
    assert told.count("ready after") == 1
    return folder


def test_second_start_sets_nothing_up(checkout: Path) -> None:
    code, out, err = finish(begin(checkout, "status", "a b"))
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert said["arguments"] == ["status", "a b"]
    assert Path(said["prefix"]) == checkout / ".venv"


def test_the_callers_folder_stays_and_cannot_replace_modules(
    checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    (tmp_path / "deckhand.py").write_text("raise SystemExit('the wrong deckhand')")
    code, out, err = finish(begin(checkout, cwd=tmp_path))
    assert (code, err) == (0, "")
    assert str(tmp_path) in out


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot replace a process")
def test_start_becomes_the_program(checkout: Path) -> None:
    process = begin(checkout)
    code, out, _ = finish(process)
    assert code == 0
    assert f'"process": {process.pid}' in out


def test_exit_codes_and_signals_pass_through(checkout: Path) -> None:
    assert finish(begin(checkout, "seven"))[0] == 7
    assert finish(begin(checkout, "die"))[0] == -signal.SIGTERM


def test_test_goes_to_pytest(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_run(checkout / "run.py")
    started: list[object] = []
    monkeypatch.setattr(module, "prepare", lambda kind: started.append(kind))
    monkeypatch.setattr(module, "start", lambda *call: started.append(call) or 5)
    monkeypatch.chdir(checkout.parent)
    assert module.main(["test", "-k", "x"]) == 5
    assert started == ["test", ("pytest", ["-k", "x"])]
    assert Path.cwd() == checkout


# ---- when it has to be done again ------------------------------------------------------------


def test_ready_until_lock_place_or_python_changes(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load_run(checkout / "run.py")
    assert module.is_ready("run")
    assert not module.is_ready("test")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version", "3.11.99 (other)")
        assert not module.is_ready("run")
    moved = checkout.with_name("moved")
    shutil.copytree(checkout, moved, symlinks=True)
    assert not load_run(moved / "run.py").is_ready("run")
    (moved / "requirements.lock").write_text("changed==1\n")
    assert load_run(moved / "run.py").key("run") != module.key("run")


def test_half_an_installation_is_never_taken_for_whole(
    run_py: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_py, "VENV", tmp_path)
    monkeypatch.setattr(run_py, "PYTHON", Path(sys.executable))
    run_py.stamp("run").write_text(run_py.key("run"))
    done: list[str] = []

    def fails(kind: str) -> None:
        assert not any(run_py.stamp(each).exists() for each in run_py.LOCKS)
        raise run_py.SetupProblem("the network went away")

    monkeypatch.setattr(run_py, "install", fails)
    with pytest.raises(run_py.SetupProblem):
        run_py.set_up("test")
    monkeypatch.setattr(run_py, "make_environment", lambda: done.append("made"))
    monkeypatch.setattr(run_py, "install", done.append)
    run_py.set_up("test")
    assert done == ["made", "test"]
    assert run_py.is_ready("run")
    assert run_py.is_ready("test")


# ---- what it says ----------------------------------------------------------------------------


@pytest.mark.parametrize("minor", [(3, 7), (3, 11)])
def test_an_old_python_can_read_it_far_enough_to_say_so(minor: tuple[int, int]) -> None:
    ast.parse((CHECKOUT / "run.py").read_text("utf-8"), feature_version=minor)


@pytest.mark.parametrize(
    ("version", "sign"),
    [((3, 10, 12), "too old"), ((3, 15, 0), "too new"), ((2, 7, 18), "too old")],
)
def test_other_pythons_are_refused(run_py: ModuleType, version: tuple[int, ...], sign: str) -> None:
    with pytest.raises(run_py.SetupProblem, match=sign):
        run_py.check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 2), (3, 12, 0), (3, 14, 1)])
def test_good_pythons_are_not(run_py: ModuleType, version: tuple[int, ...]) -> None:
    run_py.check_python(version)


@pytest.mark.parametrize(
    ("output", "sign"),
    [
        ("[Errno -3] Temporary failure in name resolution'\nERROR: No matching ...", "network"),
        ("W: Temporary failure resolving 'x'\nE: Unable to locate package xvfb", "network"),
        ("  error sending request for url\n  dns error: failed to lookup", "network"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("E: You don't have enough free space in /var/cache/apt/archives/.", "disk is full"),
        ("[WinError 112] There is not enough space on the disk", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "lock file"),
        ("E: Could not get lock /var/lib/dpkg/lock-frontend", "wait"),
        ("ERROR: No matching distribution found for pyside6-essentials==6.11.3", "glibc"),
    ],
)  # fmt: skip
def test_known_causes_get_one_sentence(run_py: ModuleType, output: str, sign: str) -> None:
    sentence = run_py.why(output)
    assert sign in sentence
    assert "\n" not in sentence


def test_unknown_cause_shows_the_end_of_the_output(run_py: ModuleType) -> None:
    with pytest.raises(run_py.SetupProblem, match=r"Trying failed \(exit code 3\):\n +odd"):
        run_py.must([sys.executable, "-c", "print('odd'); raise SystemExit(3)"], "Trying")


def test_no_network_is_said_in_one_line(checkout: Path, tmp_path: Path) -> None:
    module = load_run(checkout / "run.py")
    (tmp_path / "lock").write_text(f"whoosh==2.7.4 --hash=sha256:{'0' * 64}\n")
    pip = [str(module.PYTHON), "-m", "pip", "--isolated", "download", "-d", str(tmp_path)]
    nowhere = ["--index-url", "http://127.0.0.1:9/", "--retries", "1", "--no-deps"]
    with pytest.raises(module.SetupProblem, match="network") as caught:
        module.must([*pip, *nowhere, "-r", str(tmp_path / "lock")], "Installing")
    assert "\n" not in str(caught.value)


def test_full_disk_is_said_before_anything_is_removed(
    run_py: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_py, "VENV", tmp_path)
    monkeypatch.setattr(run_py, "ROOT", tmp_path)
    monkeypatch.setattr(run_py, "NEEDED_BYTES", 1 << 60)
    with pytest.raises(run_py.SetupProblem, match="disk is full"):
        run_py.make_environment()


def test_errors_of_the_system_are_sentences(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(kind: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/checkout/.venv")

    monkeypatch.setattr(run_py, "prepare", fails)
    assert run_py.main([]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "[deckhand] Set-up cannot go on: Permission denied (/checkout/.venv).\n"
    )  # fmt: skip


# ---- the system's packages -------------------------------------------------------------------


@pytest.fixture
def bare(run_py: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A Debian without any of what is needed, and a person who is not root."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(run_py, "missing_libraries", lambda: {"libGL.so.1": "libgl1"})
    monkeypatch.setattr(run_py, "missing_programs", lambda: {"Xvfb": "xvfb"})
    monkeypatch.setattr(run_py, "missing_venv", lambda: {"ensurepip": "python3.11-venv"})
    monkeypatch.setattr(run_py, "is_ready", lambda kind: False)
    monkeypatch.setattr(run_py, "is_administrator", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.delenv("CI", raising=False)
    return run_py


def test_everything_missing_stands_in_one_line_to_paste(bare: ModuleType) -> None:
    with pytest.raises(bare.SetupProblem) as caught:
        bare.system_packages(tests=True)
    line = "sudo apt-get install -y --no-install-recommends libgl1 python3.11-venv xvfb"
    assert f"  {line}\n" in str(caught.value)


def test_the_window_needs_no_packages_of_the_tests(bare: ModuleType) -> None:
    with pytest.raises(bare.SetupProblem) as caught:
        bare.system_packages(tests=False)
    assert "xvfb" not in str(caught.value)


def test_without_xvfb_the_other_tests_run_except_in_ci(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bare, "missing_libraries", dict)
    monkeypatch.setattr(bare, "missing_venv", dict)
    bare.system_packages(tests=True)
    assert "xvfb" in capsys.readouterr().err
    monkeypatch.setenv("CI", "true")
    with pytest.raises(bare.SetupProblem, match="xvfb"):
        bare.system_packages(tests=True)


def test_root_installs_them(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(bare, "is_administrator", lambda: True)
    monkeypatch.setattr(bare, "run", lambda command, **_: asked.append(command) or (0, ""))
    with pytest.raises(bare.SetupProblem, match=r"cannot be loaded: libGL\.so\.1"):
        bare.system_packages(tests=True)
    assert asked[-1][-3:] == ["libgl1", "python3.11-venv", "xvfb"]


def test_other_systems_are_told_the_names(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(bare.SetupProblem, match=r"package manager.*libGL\.so\.1"):
        bare.system_packages(tests=False)


# ---- the lock files --------------------------------------------------------------------------

PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$")


def pins(name: str) -> set[tuple[str, ...]]:
    lines = (CHECKOUT / name).read_text("utf-8").splitlines()
    return {match.groups(default="") for line in lines if (match := PIN.match(line))}


def test_lock_for_tests_holds_the_lock_for_running() -> None:
    assert pins("requirements.lock")
    assert pins("requirements.lock") < pins("requirements-dev.lock")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_holds_only_names_versions_markers_and_hashes(name: str) -> None:
    for line in (CHECKOUT / name).read_text("utf-8").splitlines():
        hash_line = re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)
        comment = re.fullmatch(r" *#[^/:]*(/[a-z.]+)?[^/:]*:?", line)
        assert PIN.match(line) or hash_line or comment, line


def test_locks_are_fresh_enough_for_the_project_file() -> None:
    import tomllib

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=!;\[ ]", line)[0].lower().replace("_", "-") for line in asked}
    assert names <= {pin[0] for pin in pins("requirements-dev.lock")}
