"""Time and peak memory of a part, measured in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
DADAPY_PYTHON = ROOT / "benchmarks" / "dadapy" / ".venv" / "bin" / "python"

MIB = 2**20
_SAMPLE_S = 0.05

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)


class PartFailed(RuntimeError):
    """A part ended with an error; the message holds what it said."""


@dataclass(frozen=True)
class Measurement:
    """What one part took.

    Attributes
    ----------
    seconds : float
        Least time of all repeats.
    all_seconds : list of float
        Every repeat.
    warm_s : float
        The warm-up before them: compilation, loading of compiled code, starting of workers.
    peak_mib : float
        Peak resident memory of the process while it ran, imports and data included. Where it had
        children of its own, the largest sum over all of them, sampled every 0.05 s, if that is
        larger; memory that they share is counted once for each.
    results : dict of str to ndarray
        What the part returned.
    """

    seconds: float
    all_seconds: list[float]
    warm_s: float
    peak_mib: float
    results: dict[str, NDArray[Any]]


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def dadapy_available() -> bool:
    """Whether DADApy's environment has been set up."""
    return DADAPY_PYTHON.exists()


def measure(
    part: str,
    folder: Path,
    arguments: Mapping[str, Any],
    *,
    cores: int,
    repeats: int,
    python: Path | None = None,
) -> Measurement:
    """Run a part in a process of its own and say what it took.

    Parameters
    ----------
    part : str
        "module:function"; the function takes the folder and the arguments and returns a
        :class:`benchmarks.worker.Part`.
    folder : Path
        Holds the part's data.
    arguments : mapping
        Handed to the part, as JSON.
    cores : int
        The process is bound to so many, and all libraries are told to use as many threads.
    repeats : int
        At most; fewer where they take longer than a minute in all.
    python : Path, optional
        Another environment's Python.

    Raises
    ------
    PartFailed
        With the end of what the process wrote.
    """
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        path = Path(name) / "task.json"
        task = {
            "part": part,
            "folder": str(folder),
            "arguments": dict(arguments),
            "repeats": repeats,
            "cores": cores,
        }
        path.write_text(json.dumps(task), encoding="utf-8")
        command = [str(python or sys.executable), "-m", "benchmarks.worker", str(path)]
        peak_of_all = _run(command, cores, Path(name) / "output")
        done = json.loads(path.with_suffix(".done").read_text(encoding="utf-8"))
        with np.load(path.with_suffix(".npz")) as arrays:
            results = dict(arrays)
    return Measurement(
        seconds=min(done["seconds"]),
        all_seconds=done["seconds"],
        warm_s=done["warm_s"],
        peak_mib=max(done["peak_bytes"], peak_of_all) / MIB,
        results=results,
    )


def _run(command: Sequence[str], cores: int, output: Path) -> int:
    """Run to the end; returns the peak of the memory of the process and its children together."""
    environment = os.environ | dict.fromkeys(THREAD_VARIABLES, str(cores))
    with output.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        watched = psutil.Process(process.pid)
        peak = 0
        try:
            while process.poll() is None:
                peak = max(peak, _memory_with_children(watched))
                time.sleep(_SAMPLE_S)
        except BaseException:
            process.kill()
            process.wait()
            raise
    if process.returncode:
        tail = output.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        raise PartFailed("\n".join([f"{' '.join(command[1:3])} failed:", *tail]))
    return peak


def _memory_with_children(process: psutil.Process) -> int:
    """Resident bytes of a process and its descendants; 0 where it has none."""
    try:
        children = process.children(recursive=True)
        if not children:
            return 0
        return sum(int(one.memory_info().rss) for one in (process, *children))
    except psutil.Error:
        return 0
