"""Parts of the benchmarks of the imbalance: this library, and brute force on its data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import brute_force, data
from benchmarks.worker import Part
from gmd.descriptors import DescriptorSpace
from gmd.imbalance import imbalance_table, information_imbalance


def gmd_table(folder: Path, *, n: int) -> Part:
    """All imbalances of the first `n` structures of the folder's space."""
    space = data.read_space(folder, n)
    few = DescriptorSpace.from_values(space.layout, space.structures[:70], space.values[:70])

    def run() -> dict[str, Any]:
        return {"rim": imbalance_table(space)["rim"]}

    return Part(lambda: imbalance_table(few), run)


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
