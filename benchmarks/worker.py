"""Run one part of a benchmark in a process of its own; :mod:`benchmarks.measuring` starts it.

It needs no more than NumPy, since a peer may live in an environment of its own.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

LONGEST_S = 60.0
"""No further repeat is started after this time."""


class Part(NamedTuple):
    """What is measured.

    Attributes
    ----------
    warm : callable
        Compiles, loads and starts what the first use has to; its time is reported apart.
    run : callable
        Returns arrays by name. Of those whose names end in ``_s``, times that it took itself, the
        least of all repeats is kept; of the others the last.
    """

    warm: Callable[[], object]
    run: Callable[[], Mapping[str, Any]]


def forget_peak() -> None:
    """Begin the count of the peak memory anew, where the system can (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_bytes() -> int:
    """Peak resident memory of this process."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def run_part(task: Mapping[str, Any]) -> dict[str, Any]:
    """Warm up, then run `task` as often as it asks for.

    Parameters
    ----------
    task : mapping
        ``part`` ("module:function"), ``folder``, ``arguments``, ``repeats`` and ``cores``.

    Returns
    -------
    dict
        ``warm_s``, ``seconds`` of every repeat, ``peak_bytes`` and ``results``, arrays by name.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: task["cores"]])
    module, function = task["part"].split(":")
    make = getattr(importlib.import_module(module), function)
    part: Part = make(Path(task["folder"]), **task["arguments"])
    start = time.perf_counter()
    part.warm()
    warm_s = time.perf_counter() - start
    forget_peak()
    seconds: list[float] = []
    results: dict[str, Any] = {}
    while len(seconds) < task["repeats"] and sum(seconds) < LONGEST_S:
        start = time.perf_counter()
        found = part.run()
        seconds.append(time.perf_counter() - start)
        for name, value in found.items():
            again = name.endswith("_s") and name in results
            results[name] = np.minimum(results[name], value) if again else np.asarray(value)
    return {
        "warm_s": warm_s,
        "seconds": seconds,
        "peak_bytes": peak_bytes(),
        "results": results,
    }


def main() -> None:
    """Read the task, run it, and write what it gave beside it."""
    path = Path(sys.argv[1])
    done = run_part(json.loads(path.read_text(encoding="utf-8")))
    np.savez(path.with_suffix(".npz"), **done.pop("results"))
    path.with_suffix(".done").write_text(json.dumps(done), encoding="utf-8")


if __name__ == "__main__":
    main()
