"""DADApy's parts; they run in its own environment, with NumPy and DADApy and nothing else."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.worker import Part


def table(folder: Path, *, names: list[str], n_jobs: int) -> Part:
    """Neighbour lists of every descriptor once, then the imbalances of all their pairs.

    The lists are what ``MetricComparisons.compute_distances`` keeps. For two lists at hand DADApy
    has no public function; its methods all call the one that is called here.
    """
    from dadapy import MetricComparisons
    from dadapy._utils.metric_comparisons import _return_imbalance

    warnings.simplefilter("ignore")
    matrices = [np.load(folder / f"{name}.npy") for name in names]
    rng = np.random.default_rng(0)

    def run(rows: int | None = None) -> dict[str, Any]:
        lists, lists_s = [], []
        for matrix in matrices:
            points = np.ascontiguousarray(matrix[:rows])
            start = time.perf_counter()
            space = MetricComparisons(coordinates=points, maxk=len(points) - 1, n_jobs=n_jobs)
            space.compute_distances()
            lists_s.append(time.perf_counter() - start)
            lists.append(space.dist_indices)
        imbalance = np.zeros((len(names), len(names)))
        start = time.perf_counter()
        for i, one in enumerate(lists):
            for j, other in enumerate(lists):
                if i != j:
                    imbalance[i, j] = _return_imbalance(one, other, rng, k=1)
        pair_s = (time.perf_counter() - start) / (len(names) * (len(names) - 1))
        return {"lists_s": lists_s, "pair_s": pair_s, "imbalance": imbalance}

    return Part(lambda: run(20), run)


def separate(folder: Path, *, n_jobs: int) -> Part:
    """``return_inf_imb_two_selected_coords`` of two matrices side by side."""
    from dadapy import MetricComparisons

    warnings.simplefilter("ignore")
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    both = np.hstack([x, y])
    first = list(range(x.shape[1]))
    second = list(range(x.shape[1], both.shape[1]))

    def run(rows: int | None = None) -> dict[str, Any]:
        points = both[:rows]
        space = MetricComparisons(coordinates=points, maxk=len(points) - 1, n_jobs=n_jobs)
        return {"imbalance": space.return_inf_imb_two_selected_coords(first, second)}

    return Part(lambda: run(20), run)
