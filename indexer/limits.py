"""How much one file may cost, and how a process holds itself to it."""

import os
import signal
import sys
from dataclasses import dataclass

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take (FILE-5).

    ``memory`` is the address space of a reading process in bytes. A file may take
    ``wall_base_s`` seconds and ``wall_per_mb_s`` more for each megabyte, at most ``wall_most_s``;
    the same holds for seconds of computing with ``cpu_*``. The wall limit is generous, since a
    busy machine is no fault of the file. ``files_per_child`` and ``bytes_per_child`` are after how
    much a reading process is replaced, to give its memory back.
    """

    memory: int = 1536 * _MEGABYTE
    wall_base_s: float = 60.0
    wall_per_mb_s: float = 1.0
    wall_most_s: float = 600.0
    cpu_base_s: float = 40.0
    cpu_per_mb_s: float = 0.7
    cpu_most_s: float = 400.0
    files_per_child: int = 2_000
    bytes_per_child: int = 512 * _MEGABYTE

    def wall(self, size: int) -> float:
        """Return the seconds that a file of ``size`` bytes may take."""
        return min(self.wall_most_s, self.wall_base_s + self.wall_per_mb_s * size / _MEGABYTE)

    def cpu(self, size: int) -> float:
        """Return the seconds of computing that a file of ``size`` bytes may take."""
        return min(self.cpu_most_s, self.cpu_base_s + self.cpu_per_mb_s * size / _MEGABYTE)


def limit_memory(size: int) -> None:
    """Limit this process's address space to ``size`` bytes, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    if soft == resource.RLIM_INFINITY or soft > size:
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))


def limit_cpu(seconds: float) -> None:
    """Let this process compute for some seconds more; then the system ends it by SIGXCPU."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # The limit has whole seconds: rounded up, and one more for what was used so far.
    soft = int(used.ru_utime + used.ru_stime + max(1.0, seconds)) + 1
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def be_modest() -> None:
    """Step back behind the programs that a person is waiting for."""
    if hasattr(os, "nice"):
        os.nice(10)


def no_core_dumps() -> None:
    """Keep a crash from writing the contents of a confidential file to the disk."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def die_with_parent(descriptor: int) -> None:
    """Have the system end this process when the other end of a pipe is closed.

    A loop inside a C library neither reads its input nor lets another thread run; the signal
    for input on the pipe (SIGIO, whose default is to end the process) needs neither. The pipe
    must carry nothing at all.

    :param descriptor: the reading end of the pipe.
    """
    if sys.platform == "win32":
        return
    import fcntl
    import select

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([descriptor], [], [], 0)[0]:
        os._exit(1)


def quiet_output() -> int:
    """Keep standard output for the protocol alone; return the descriptor to write it to.

    Libraries in C print to descriptor 1 whatever Python does with ``sys.stdout``.
    """
    private = os.dup(1)
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.close(sink)
    return private
