"""Files and folders on the radar made ready to be shown and filtered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.rows_copies import RADAR_STATE_LABELS, RADAR_STATES, RadarFile, RadarFolder, RadarReport
from ui.models.words import plural
from ui.pages.copies import words
from ui.pages.copies.cells import Cell
from ui.words import ago, day

ALL = "all"
FILE_HEADERS = ("File", "State", "Matches", "What it says")
FOLDER_HEADERS = ("Folder", "Files", "Looked through")


@dataclass(frozen=True, slots=True)
class FileItem:
    """One file, ready to be painted."""

    file: RadarFile
    looks: tuple[Cell, ...]
    cells: tuple[str, ...]
    spoken: str


@dataclass(frozen=True, slots=True)
class FolderItem:
    """One folder, ready to be painted."""

    folder: RadarFolder
    looks: tuple[Cell, ...]
    cells: tuple[str, ...]
    spoken: str


def file_items(report: RadarReport) -> tuple[FileItem, ...]:
    """The files in the order of the report: what wants attention first."""
    return tuple(_file(file) for file in report.files)


def _file(file: RadarFile) -> FileItem:
    badge = words.RADAR_BADGES[file.state]
    where = str(Path(file.path).parent)
    looks = (
        Cell(file.name, "label", below=where),
        Cell(badge=badge),
        Cell(file.title, lines=2) if file.title else Cell("–", token="text3"),
        Cell(file.sentence, "small", "text2", lines=2),
    )
    cells = (file.name, badge.text, file.title, file.sentence)
    return FileItem(file, looks, cells, ". ".join(one for one in (*cells, where) if one))


def folder_items(report: RadarReport) -> tuple[FolderItem, ...]:
    """The folders with what was found in each."""
    return tuple(_folder(folder) for folder in report.folders)


def _folder(folder: RadarFolder) -> FolderItem:
    looked = ago(folder.scanned_at) if folder.scanned_at is not None else "Not yet"
    found = counts_text(folder.counts) if folder.scanned_at is not None else ""
    cells = (folder.path, folder.reason or found, looked)
    token = "bad" if folder.reason else "text2"
    looks = (
        Cell(folder.path, "label"),
        Cell(cells[1], "small", token),
        Cell(looked, "small", "text2"),
    )
    return FolderItem(folder, looks, cells, ", ".join(one for one in cells if one))


def counts_text(counts: Sequence[tuple[str, int]]) -> str:
    """ "2 outdated, 1 modified, 14 unknown"; "No files" when there are none."""
    told = [f"{n:,} {RADAR_STATE_LABELS[state].lower()}" for state, n in counts if n]
    return ", ".join(told) or "No files"


def state_counts(report: RadarReport) -> dict[str, int]:
    """How many files there are of each state, and under ALL."""
    found = dict.fromkeys((ALL, *RADAR_STATES), 0)
    for file in report.files:
        found[file.state] += 1
    found[ALL] = len(report.files)
    return found


def chosen(items: Sequence[FileItem], state: str, text: str) -> list[FileItem]:
    """The files of a state (ALL: any) in which every word of ``text`` occurs."""
    needles = text.casefold().split()
    return [
        item
        for item in items
        if state in (ALL, item.file.state)
        and all(needle in item.spoken.casefold() for needle in needles)
    ]


def file_facts(file: RadarFile) -> str:
    """When it was modified and where it lies."""
    return f"Modified {day(file.modified_at)} · {Path(file.path).parent}"


def slides_heading(file: RadarFile) -> str:
    """How many slides differ, for the heading above them."""
    return f"{plural(len(file.slides), 'page')} of its own" if file.slides else ""
