"""A process that kills itself at the n-th step by which it changes anything on disk."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def at(step: int, methods: Sequence[str]) -> None:
    """From now on kill this process before the ``step``-th of these: fsync, a copy, and the named
    methods of Path. 0 kills never."""
    left = step

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    if step:
        os.fsync = counted(os.fsync)
        shutil.copyfile = counted(shutil.copyfile)
        for name in methods:
            setattr(Path, name, counted(getattr(Path, name)))
