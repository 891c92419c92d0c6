"""Parts of the benchmarks of the imbalance: this library, the floor and brute force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import brute_force, data
from benchmarks.worker import Part
from gmd.descriptors import DescriptorSpace
from gmd.imbalance import imbalance_table, information_imbalance

FLOOR_BYTES = 2**30
"""The floor's output, beyond which it is made in strips of rows."""


def gmd_table(folder: Path, *, n: int) -> Part:
    """All imbalances of the first `n` structures of the folder's space."""
    space = data.read_space(folder, n)
    few = DescriptorSpace(space.layout, space.structures[:70], space.values[:70])

    def run() -> dict[str, Any]:
        return {"rim": imbalance_table(space)["rim"]}

    return Part(lambda: imbalance_table(few), run)


def floor(folder: Path, *, n: int, blocks: int, width: int) -> Part:
    """Matrix products that any distances need: N × width times width × N for every block.

    The two operands lie in memory of their own, since NumPy takes another and slower routine for
    the product of a matrix and itself.
    """
    rng = np.random.default_rng(data.SEED)
    left, right = rng.normal(size=(n, width)), rng.normal(size=(width, n))
    strip = min(n, max(1, FLOOR_BYTES // (8 * n)))
    out = np.empty((strip, n))

    def run() -> dict[str, Any]:
        for _ in range(blocks):
            for first in range(0, n, strip):
                rows = left[first : first + strip]
                np.matmul(rows, right, out=out[: len(rows)])
        return {"last": out[0, :2]}

    return Part(lambda: np.matmul(left[:64], right[:, :64]), run)


def sorting(folder: Path, *, n: int, n_jobs: int) -> Part:
    """All imbalances by scikit-learn's distances and NumPy's sorting."""
    space = data.read_space(folder, n)
    matrices = [space.matrix(label, "zscore") for label in space.labels]
    few = [matrix[:20] for matrix in matrices[:2]]

    def run() -> dict[str, Any]:
        return {"rim": brute_force.table_by_sorting(matrices, n_jobs=n_jobs)}

    return Part(lambda: brute_force.table_by_sorting(few, n_jobs=n_jobs), run)


def gmd_separate(folder: Path) -> Part:
    """``information_imbalance`` of two matrices."""
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")

    def run() -> dict[str, Any]:
        return {"imbalance": information_imbalance(x, y)}

    return Part(lambda: information_imbalance(x[:70], y[:70]), run)


def pair(folder: Path, *, function: str, n_jobs: int) -> Part:
    """One of the brute-force functions of two matrices."""
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    compute = getattr(brute_force, function)

    def run() -> dict[str, Any]:
        return {"imbalance": compute(x, y, n_jobs=n_jobs)}

    return Part(lambda: compute(x[:20], y[:20], n_jobs=n_jobs), run)
