"""Small real files and libraries for tests that must run everywhere."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from app.indexing import Indexing, Summary
from app.library import Library


def write_pages(path: Path, pages: Sequence[str]) -> Path:
    """A Markdown file with one section per text; the first line of a text is its heading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = []
    for text in pages:
        heading, _, body = text.partition("\n")
        parts.append(f"# {heading}\n\n{body or heading}\n")
    path.write_text("\n".join(parts), "utf-8")
    return path


def write_pdf(path: Path, pages: Sequence[str]) -> Path:
    """A PDF with one page per text."""
    import pymupdf

    path.parent.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as document:
        for text in pages:
            document.new_page().insert_text((72, 90), text.split("\n"), fontsize=14)
        document.save(path)
    return path


def write_deck(path: Path, slides: Sequence[tuple[str, str]]) -> Path:
    """A PPTX with a title and a body per slide."""
    from pptx import Presentation

    path.parent.mkdir(parents=True, exist_ok=True)
    deck = Presentation()
    for title, body in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    deck.save(path)
    return path


def index(library: Library, *folders: Path) -> Summary:
    """Add folders and bring the library up to date."""
    for folder in folders:
        library.add_root(str(folder))
    with Indexing(library.store, lambda _event: None) as indexing:
        return indexing.bring_up_to_date()


def moved(folder: Path, library: Library) -> int:
    """Five files of two folders below ``old`` moved to ``new`` and were rewritten on the way, one
    of them to another size; one more is gone for good. Returns the root."""
    for name in ("a/1", "a/2", "a/3", "b/4", "b/5", "b/gone"):
        write_pages(folder / "old" / f"{name}.md", [f"Sheet {name}\nword of {name}"])
    write_pages(folder / "kept.md", ["Kept\nnothing happens here"])
    index(library, folder)
    shutil.copytree(folder / "old", folder / "new" / "old")
    (folder / "new" / "old" / "b" / "gone.md").unlink()
    for path in sorted((folder / "new").rglob("*.md")):
        path.write_text(path.read_text("utf-8").replace("word", "term"), "utf-8")
    write_pages(folder / "new" / "old" / "b" / "5.md", ["Sheet b/5\nlonger than it was before"])
    shutil.rmtree(folder / "old")
    index(library)
    (root,) = library.roots()
    return root.id


def after_a_move(home: Path) -> Path:
    """A folder ``collateral`` and its ``library`` after ``moved``; returns where both are."""
    library = Library(home / "library")
    moved(home / "collateral", library)
    library.close()
    return home
