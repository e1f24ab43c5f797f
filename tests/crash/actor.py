"""``python -m tests.crash.actor LIBRARY SEED``: a person who never rests.

Prints a JSON line for what the library has acknowledged, after it has; so whatever was printed
must be found in the record, whenever this program or any other was killed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from app.errors import DeckhandError
from app.library import Library
from app.rows import FindSpec, NewRequest


class Actor:
    """Tags, uses, asks and saves at random."""

    def __init__(self, library: Library, seed: int) -> None:
        self._library = library
        self._chance = random.Random(seed)
        self._n = 0

    def act(self) -> None:
        """One deed, and the line that says it was acknowledged."""
        assets = [hit.asset_id for hit in self._library.find(FindSpec("")).hits]
        if not assets:
            return
        asset = self._chance.choice(assets)
        self._n += 1
        deed = self._chance.choice((self._tag, self._use, self._ask, self._set, self._save))
        print(json.dumps(deed(asset)), flush=True)

    def _tag(self, asset: int) -> dict[str, object]:
        self._library.tag([asset], add=[("persona", "finance")])
        return {"did": "tag", "asset": asset}

    def _use(self, asset: int) -> dict[str, object]:
        kind = self._chance.choice(("copy", "share"))
        self._library.record_use(kind, [asset])
        return {"did": "use", "asset": asset, "kind": kind}

    def _ask(self, asset: int) -> dict[str, object]:
        need = f"Something like {asset}, {self._n} of {self._chance.random()}"
        return {"did": "ask", "id": self._library.file_request(NewRequest(need)).result}

    def _set(self, asset: int) -> dict[str, object]:
        status = self._chance.choice(("published", "draft"))
        self._library.set_status([asset], status)
        return {"did": "set", "asset": asset, "status": status}

    def _save(self, asset: int) -> dict[str, object]:
        name = f"search {asset} {self._n} {self._chance.random()}"
        self._library.save_search(name, FindSpec(f"used:>{self._n}"))
        return {"did": "save", "name": name}


def main() -> None:
    """Act until somebody ends it."""
    actor = Actor(Library(Path(sys.argv[1])), int(sys.argv[2]))
    while True:
        try:
            actor.act()
        except DeckhandError as problem:
            print(json.dumps({"did": "", "refused": str(problem)}), flush=True)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
