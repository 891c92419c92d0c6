"""Imbalances as one writes them with NumPy and scikit-learn, from the definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def table_by_sorting(matrices: Sequence[Array], *, n_jobs: int) -> Array:
    """Imbalances between all matrices, from whole distance matrices and their sorted rows.

    Every matrix of distances is made and sorted once, and only nearest neighbours and the ranks
    asked for are kept. Without ties; scikit-learn's distances come from a product of matrices.

    Parameters
    ----------
    matrices : sequence of ndarray of shape (n_structures, any)
        Descriptors.
    n_jobs : int
        Threads of scikit-learn.

    Returns
    -------
    ndarray of shape (n, n)
        From the row's matrix to the column's.
    """
    from sklearn.metrics import pairwise_distances

    nearest = []
    orders = []
    for matrix in matrices:
        distances = pairwise_distances(matrix, n_jobs=n_jobs)
        np.fill_diagonal(distances, np.inf)
        order = distances.argsort(axis=1).astype(np.int32)
        orders.append(order)
        nearest.append(order[:, 0])
    rows = np.arange(len(matrices[0]))[:, None]
    chosen = np.stack(nearest, axis=1)
    imbalance = np.empty((len(matrices), len(matrices)))
    ranks = np.empty_like(orders[0])
    for target, order in enumerate(orders):
        ranks[rows, order] = np.arange(1, order.shape[1] + 1)
        imbalance[:, target] = ranks[rows, chosen].mean(axis=0)
    return imbalance


def pair_by_counting(x: Array, y: Array, *, n_jobs: int) -> tuple[float, float]:
    """Imbalances of two matrices: nearest neighbours by partition, ranks by counting."""
    from sklearn.metrics import pairwise_distances

    distances = [pairwise_distances(matrix, n_jobs=n_jobs) for matrix in (x, y)]
    for one in distances:
        np.fill_diagonal(one, np.inf)
    nearest = [np.argpartition(one, 0, axis=1)[:, 0] for one in distances]

    def mean_rank(neighbours: NDArray[Any], target: Array) -> float:
        limits = np.take_along_axis(target, neighbours[:, None], axis=1)
        return float(1.0 + (target < limits).sum(axis=1).mean())

    return mean_rank(nearest[0], distances[1]), mean_rank(nearest[1], distances[0])


def pair_by_neighbours(x: Array, y: Array, *, n_jobs: int) -> tuple[float, float]:
    """Imbalances of two matrices from scikit-learn's full brute-force neighbour lists."""
    from sklearn.neighbors import NearestNeighbors

    n = len(x)
    orders = []
    for matrix in (x, y):
        search = NearestNeighbors(n_neighbors=n - 1, algorithm="brute", n_jobs=n_jobs).fit(matrix)
        # without a query no point is its own neighbour
        orders.append(search.kneighbors(return_distance=False))
    to_y = (orders[1] == orders[0][:, :1]).argmax(axis=1).mean() + 1.0
    to_x = (orders[0] == orders[1][:, :1]).argmax(axis=1).mean() + 1.0
    return float(to_y), float(to_x)
