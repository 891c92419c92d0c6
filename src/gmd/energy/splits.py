"""Seeded splits of a data set into a training and a test part."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gmd.parameters import share, whole_number

MIN_STRUCTURES = 10


def split_train_test(
    n_structures: int, *, seed: int, test_fraction: float = 0.1
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split structures at random, 9 to 1 unless told otherwise.

    The test part holds ``floor(test_fraction * n_structures + 1/2)`` structures, at least one, and
    leaves at least one for training. It is chosen by the raw 64-bit output of ``PCG64(seed)``, one
    number per structure: the structures with the smallest numbers are the test part. NumPy keeps
    that stream the same across versions and platforms, which it does not promise of its shuffles;
    so a seed means the same split everywhere. It depends on the number of structures and on the
    seed alone, hence all descriptors of a data set share their splits.

    Parameters
    ----------
    n_structures : int
        Number of structures, at least 10.
    seed : int
        Seed, zero or more.
    test_fraction : float
        Share of the structures that is held out, between 0 and 1.

    Returns
    -------
    train, test : ndarray of int64
        Row numbers, ascending; disjoint, and together all rows.

    Raises
    ------
    ValueError
        For fewer than 10 structures, a negative seed, or a share that is not between 0 and 1.
    """
    seed = whole_number("seed", seed)
    test_fraction = share("test_fraction", test_fraction)
    if whole_number("n_structures", n_structures) < MIN_STRUCTURES:
        raise ValueError(
            f"{n_structures} structures are too few to hold some out for a test; at least "
            f"{MIN_STRUCTURES} are needed"
        )
    n_test = min(max(1, math.floor(test_fraction * n_structures + 0.5)), n_structures - 1)
    keys = np.random.PCG64(seed).random_raw(n_structures)
    order = np.argsort(keys, kind="stable")
    return np.sort(order[n_test:]), np.sort(order[:n_test])
