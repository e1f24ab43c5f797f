"""What has moved: a missing file, or all those below a folder, is found again elsewhere (FW-13)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.catalogue import merging, roots
from app.catalogue.versions import plural, quoted
from app.changes import Changes, Inverse
from app.errors import UserError
from app.rows import Missing, MissingPlace, RelinkPreview
from app.store.tables import AssetFile, AssetVersion, Root

_KINDS = frozenset({"assets", "tags", "events", "index"})


T = TypeVar("T")

PART = 200
"""Pairs that are written at once: others wait to write meanwhile, up to two seconds."""


class Relinking(NamedTuple):
    """A relinking as it is planned: (former asset, asset of the file there now).

    ``old`` and ``new`` are relative to the root, ``where`` is how ``new`` is told; ``missing`` are
    all files that are looked for.
    """

    root_id: int
    old: str
    new: str
    where: str
    missing: int
    pairs: list[tuple[int, int]]


def relink(session: Session, me_id: int, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give former assets their files, tags and history kept; returns the pairs that still fit."""
    done = []
    for old, new in pairs:
        # One of the two may have changed since it was planned.
        with suppress(UserError):
            merging.accept_move(session, me_id, old, new)
            done.append((old, new))
    return done


def relinked(plan: Relinking, done: list[tuple[int, int]]) -> Changes:
    """What a relinking did; ``result`` is how many. Raises UserError when it is nothing."""
    if not done:
        raise UserError("What was missing there has changed meanwhile. Look at it again.")
    return Changes(
        _KINDS, tuple(asset for pair in done for asset in pair),
        f"{plural(len(done), 'file')} found again {plan.where}.",
        Inverse("unlink", (plan.root_id, plan.old, plan.new, tuple(new for _, new in done))),
        len(done),
    )  # fmt: skip


def portions(many: Sequence[T]) -> Iterator[Sequence[T]]:
    """Pairs or assets in portions to be written one after the other."""
    return (many[at : at + PART] for at in range(0, len(many), PART))


def unlink(session: Session, assets: Sequence[int]) -> list[tuple[int, ...]]:
    """Take a relinking back; returns what it touched for each asset that has not gone on since."""
    touched = []
    for asset in assets:
        with suppress(UserError):
            touched.append(merging.unmerge(session, asset).asset_ids)
    return touched


def unlinked(
    session: Session, root_id: int, prefixes: tuple[str, str], touched: list[tuple[int, ...]]
) -> Changes:
    """What taking back did. Raises UserError when it is nothing."""
    many = len(touched)
    if not many:
        raise UserError("What was found again has changed meanwhile, so it stays as it is.")
    return Changes(
        _KINDS, tuple(asset for ids in touched for asset in ids),
        f"{plural(many, 'file')} of {_named(session, root_id, prefixes[0])} "
        f"{'counts' if many == 1 else 'count'} as missing again.",
        Inverse("relink", (root_id, *prefixes)), many,
    )  # fmt: skip


def preview(session: Session, root_id: int, old_prefix: str, new_prefix: str) -> RelinkPreview:
    """What ``relink`` would do. Raises UserError as it does."""
    plan = planned(session, root_id, old_prefix, new_prefix)
    return RelinkPreview(len(plan.pairs), plan.missing, plan.where)


def missing(session: Session, root_id: int) -> Missing:
    """What is missing from a root, and where it may be now: folders, most files first; files."""
    _root(session, root_id)
    gone = _below(session, root_id, "", missing=True)
    pairs = _pairs(gone, _below(session, root_id, "", missing=False))
    again = {old.asset: new.path for old, new in pairs}
    held = {(folder, file.asset) for file in gone for folder in _folders(file.path)}
    counts = Counter(folder for folder, _ in held)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for old, new in pairs:
        for folder in _folders(old.path):
            votes[folder][_counterpart(folder, old.path, new.path)] += 1
    # A folder that only holds another one with all that is missing tells nothing of its own.
    hollow = {
        up for folder in counts if folder for up in _folders(folder) if counts[up] == counts[folder]
    }
    folders = [
        MissingPlace(folder, number, _most(votes[folder]) if folder in votes else None)
        for folder, number in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        if folder not in hollow
    ]
    files = [MissingPlace(file.path, 1, again.get(file.asset)) for file in gone]
    return Missing(tuple(folders), tuple(files))


class _File(NamedTuple):
    asset: int
    path: str
    size: int
    sha: bytes | None


def planned(session: Session, root_id: int, old_prefix: str, new_prefix: str) -> Relinking:
    """Plan to say that what was at or below ``old_prefix`` of a root lies at ``new_prefix`` now.

    A missing file is the file chosen for it. Below a folder each is paired with a file that is
    there now: equal bytes, else equal name and size. Raises UserError when nothing is missing
    there, nothing is found again, or a place lies outside the root.
    """
    root = _root(session, root_id)
    old, new = _inside(session, root, old_prefix), _inside(session, root, new_prefix)
    from_name, to_name = _named(session, root_id, old), _named(session, root_id, new)
    one = _at(session, root_id, old, missing=True)
    gone = one or _below(session, root_id, old, missing=True)
    if not gone:
        raise UserError(f"Nothing is missing below {from_name}.")
    chosen = _at(session, root_id, new, missing=False)
    there = chosen or _below(session, root_id, new, missing=False)
    if not there:
        raise UserError(
            f"The library holds no file at or below {to_name}. Choose another place, or look "
            "through the folder first if the files came just now."
        )
    number = len({file.asset for file in gone})
    pairs = [(one[0], chosen[0])] if one and chosen else _pairs(gone, there)
    if not pairs:
        what = from_name if one else f"the {plural(number, 'file')} missing below {from_name}"
        raise UserError(
            f"{'' if one else 'None of '}{what} is {'not ' if one else ''}below {to_name}, neither "
            "by content nor under the same name and size. Choose another place."
        )
    where = f"{'as' if chosen else 'below'} {to_name}"
    assets = [(gone_file.asset, file.asset) for gone_file, file in pairs]
    return Relinking(root_id, old, new, where, number, assets)


def _root(session: Session, root_id: int) -> Root:
    root = session.get(Root, root_id)
    if root is None:
        raise UserError(f"There is no folder number {root_id} in the library.")
    return root


def _inside(session: Session, root: Root, text: str) -> str:
    """A place given absolutely or within the root, relative to it. Raises UserError."""
    home = roots.path_of(session, root)
    path = Path(text)
    if home is not None and path.is_absolute():
        for one in (path, path.resolve()):
            if one.is_relative_to(home):  # a chooser may have followed a link
                return _clean(one.relative_to(home).as_posix())
    if path.is_absolute() or ".." in path.parts:
        raise UserError(
            f"{text} lies outside of {quoted(root.name)}. Choose a place inside of it; if all of "
            f"{quoted(root.name)} has moved, say so with Locate…"
        )
    return _clean(text)


def _clean(text: str) -> str:
    clean = Path(text).as_posix().strip("/")
    return "" if clean == "." else clean


def _named(session: Session, root_id: int, prefix: str) -> str:
    return quoted(prefix or _root(session, root_id).name)


def _at(session: Session, root_id: int, path: str, *, missing: bool) -> list[_File]:
    """The file at exactly this place, if there is one."""
    return [f for f in _below(session, root_id, path, missing=missing, whole=True) if path]


def _below(
    session: Session, root_id: int, place: str, *, missing: bool, whole: bool = False
) -> list[_File]:
    """The files below a folder (``whole``: at a place) that are there; or of each asset that is
    nowhere any more those that were there."""
    other = aliased(AssetFile)
    elsewhere = (
        select(other.id)
        .where(other.asset_id == AssetFile.asset_id, other.missing_since.is_(None))
        .exists()
    )
    prefix = f"{place}/" if place else ""
    query = (
        select(AssetFile.asset_id, AssetFile.relpath, AssetFile.size, AssetVersion.sha256)
        .outerjoin(AssetVersion, AssetVersion.id == AssetFile.version_id)
        .where(
            AssetFile.root_id == root_id,
            AssetFile.relpath == place if whole
            else AssetFile.relpath.startswith(prefix, autoescape=True),
            ~elsewhere if missing else AssetFile.missing_since.is_(None),
        )
        .order_by(AssetFile.relpath)
    )  # fmt: skip
    return [_File(*row) for row in session.execute(query)]


def _pairs(gone: list[_File], there: list[_File]) -> list[tuple[_File, _File]]:
    """(missing file, file there now); a file is taken once, the nearest path first."""
    found = []
    taken: set[int] = set()
    by_hash: dict[object, list[_File]] = defaultdict(list)
    by_name: dict[object, list[_File]] = defaultdict(list)
    for file in there:
        if file.sha is not None:
            by_hash[file.sha].append(file)
        by_name[_name(file)].append(file)
    for lookup, key in ((by_hash, lambda f: f.sha), (by_name, _name)):
        for file in gone:
            fits = [f for f in lookup.get(key(file), ()) if f.asset not in taken]
            if file.asset not in taken and fits:
                best = max(fits, key=lambda f: _common_end(f.path, file.path))
                taken |= {file.asset, best.asset}
                found.append((file, best))
    return found


def _name(file: _File) -> object:
    return PurePosixPath(file.path).name, file.size


def _common_end(one: str, other: str) -> int:
    count = 0
    for a, b in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if a != b:
            break
        count += 1
    return count


def _folders(path: str) -> Iterator[str]:
    """The folders above a path, the root ("") last."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _counterpart(folder: str, old: str, new: str) -> str:
    """Which folder takes the place of ``folder`` if ``old`` in it is ``new`` now."""
    rest = old[len(folder) :].lstrip("/")
    if f"/{new}".endswith(f"/{rest}"):
        return new[: -len(rest)].rstrip("/")
    return new.rpartition("/")[0]


def _most(votes: Counter[str]) -> str:
    return min(votes, key=lambda place: (-votes[place], len(place), place))
