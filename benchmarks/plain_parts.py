"""Parts of the benchmarks of the imbalance that need nothing of this library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import brute_force
from benchmarks.worker import Part

FLOOR_BYTES = 2**30
"""The floor's output, beyond which it is made in strips of rows."""


def floor(folder: Path, *, n: int, blocks: int, width: int) -> Part:
    """Matrix products that any distances need: N × width times width × N for every block.

    The two operands lie in memory of their own, since NumPy takes another and slower routine for
    the product of a matrix and itself.
    """
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(n, width)), rng.normal(size=(width, n))
    strip = min(n, max(1, FLOOR_BYTES // (8 * n)))
    # written once before, so that no first use of memory is timed
    out = np.zeros((strip, n))
    out += 1.0

    def run() -> dict[str, Any]:
        for _ in range(blocks):
            for first in range(0, n, strip):
                rows = left[first : first + strip]
                np.matmul(rows, right, out=out[: len(rows)])
        return {"last": out[0, :2]}

    return Part(lambda: np.matmul(left[:64], right[:, :64]), run)


def pair(folder: Path, *, function: str, n_jobs: int) -> Part:
    """One of the brute-force functions of two matrices."""
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    compute = getattr(brute_force, function)

    def run() -> dict[str, Any]:
        return {"imbalance": compute(x, y, n_jobs=n_jobs)}

    return Part(lambda: compute(x[:20], y[:20], n_jobs=n_jobs), run)


def read_and_write(folder: Path, *, columns: int) -> Part:
    """One sum of the sites' values by structure, and one writing of a table."""
    values = np.load(folder / "values.npy")
    with np.load(folder / "atoms.npz") as atoms:
        first = np.flatnonzero(np.diff(atoms["structure"], prepend=-1))

    def run() -> dict[str, Any]:
        sums = np.add.reduceat(values, first, axis=0)
        table = np.full((first.size, columns), sums[0, 0])
        return {"sum": table[0, 0]}

    return Part(lambda: None, run)
