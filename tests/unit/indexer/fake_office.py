"""A program that stands in for LibreOffice: it does what the file it is given says."""

from __future__ import annotations

import sys
from pathlib import Path

from indexer.extract.mupdf import load

SCRIPT = """#!{python}
import pathlib, shutil, subprocess, sys, time
here = pathlib.Path(__file__).parent
arguments = sys.argv[1:]
if "--version" in arguments:
    print((here / "version").read_text())
    sys.exit(0)
with (here / "log").open("a") as log:
    log.write("\\t".join(arguments) + "\\n")
given = pathlib.Path(arguments[-1])
text = given.read_bytes()
if b"HANG" in text:
    subprocess.Popen(["sh", "-c", "sleep 300; true", "grandchild", str(given)])
    time.sleep(300)
if b"REFUSE" in text:
    sys.exit(0)
if b"CRASH" in text:
    sys.exit(134)
made = given.with_suffix(".pdf")
if b"HALF" in text:
    made.write_bytes(b"%PDF-1.7 half")
else:
    shutil.copy(here / "made.pdf", made)
"""


def install(folder: Path, *, pages: int = 3, version: str = "FakeOffice 7.4.1.2 build") -> Path:
    """Put the program into a folder; it makes a PDF of ``pages`` pages of any file."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "soffice"
    program.write_text(SCRIPT.format(python=sys.executable))
    program.chmod(0o755)
    folder.joinpath("version").write_text(version)
    with load().open() as document:
        for number in range(1, pages + 1):
            document.new_page(width=640, height=360).insert_text((40, 90), f"drawn {number}")
        document.save(folder / "made.pdf")
    return program


def calls(program: Path) -> list[list[str]]:
    """The arguments of each conversion so far."""
    log = program.with_name("log")
    return [line.split("\t") for line in log.read_text().splitlines()] if log.exists() else []
