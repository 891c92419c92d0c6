"""Checks shared by the models of the energy."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Features: TypeAlias = NDArray[np.float64] | sparse.csr_array


def checked_samples(
    features: Features, targets: NDArray[np.float64], *, at_least: int
) -> tuple[Features, NDArray[np.float64]]:
    """Features and targets as float64, of shapes (n, p) and (n,), finite.

    Features that are sparse stay so.

    Raises
    ------
    ValueError
        Where they are not.
    """
    if not isinstance(features, np.ndarray) and sparse.issparse(features):
        features = sparse.csr_array(features, dtype=np.float64)
    else:
        features = np.asarray(features, dtype=np.float64)
    targets = np.asarray(targets, dtype=np.float64)
    if features.ndim != 2 or features.shape[1] == 0:
        raise ValueError(
            f"features have shape {features.shape}; expected (n_structures, n_columns) with at "
            f"least one column"
        )
    n = features.shape[0]
    if targets.shape != (n,):
        raise ValueError(f"targets have shape {targets.shape} for {n} rows of features")
    if n < at_least:
        raise ValueError(f"{n} structures are too few for a fit; at least {at_least} are needed")
    entries = features if isinstance(features, np.ndarray) else features.data
    if not np.isfinite(entries).all():
        place = np.argwhere(~np.isfinite(entries))[0]
        if not isinstance(features, np.ndarray):
            place = [array[place[0]] for array in features.tocoo().coords]
        row, column = place
        raise ValueError(f"features: row {row}, column {column} is not finite; leave it out")
    if not np.isfinite(targets).all():
        row = np.flatnonzero(~np.isfinite(targets))[0]
        raise ValueError(f"targets: row {row} is not finite; leave out structures without energy")
    return features, targets


def centre(targets: NDArray[np.float64]) -> float:
    """Mean of the targets; of equal ones exactly their value, so that nothing is left to fit."""
    constant = targets.min() == targets.max()
    return float(targets[0] if constant else targets.mean())
