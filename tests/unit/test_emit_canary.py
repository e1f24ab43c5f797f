"""The binding of Qt to Python keeps count of None, and survives emitting a great deal.

PySide6 6.12.0 on Python 3.11 lost one reference to None with every call of a void method and
aborted the program after some thousand; while this fails, that version stays out of the locks.
"""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QObject, QTimer, Signal

EMITS = 20_000
CALLS = 1_000
PROGRAM = f"""
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Bell(QObject):
    rang = Signal(object)

class Ear(QObject):
    heard = 0
    def hear(self, what):
        self.heard += 1

application = QCoreApplication([])
bell, ear = Bell(), Ear()
bell.rang.connect(ear.hear)
for number in range({EMITS}):
    bell.rang.emit((number, None))
    application.processEvents()
print(ear.heard)
"""


class Bell(QObject):
    rang = Signal(object)


def test_none_refcount_canary(qapp: QObject) -> None:
    bell, timer = Bell(), QTimer()
    bell.rang.connect(timer.setObjectName)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        timer.start(1000)
        timer.stop()
        bell.rang.emit("again")
    assert abs(sys.getrefcount(None) - before) < CALLS / 10


def test_twenty_thousand_emits_survive() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert (finished.returncode, finished.stdout) == (0, f"{EMITS}\n"), finished.stderr
