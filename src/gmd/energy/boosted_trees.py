"""Gradient-boosted trees that predict the energy from a descriptor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gmd.descriptors import varying_columns
from gmd.energy._checks import checked_samples
from gmd.energy.splits import MIN_STRUCTURES, split_train_test

if TYPE_CHECKING:
    import pandas as pd


def fit_boosted_trees(
    features: NDArray[np.float64],
    targets: NDArray[np.float64],
    *,
    n_estimators: Sequence[int] = (25, 50, 100, 200),
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    test_fraction: float = 0.1,
    learning_rate: float = 0.05,
    num_leaves: int = 7,
    min_data_in_leaf: int = 10,
    max_bin: int = 63,
    feature_fraction: float = 0.2,
    num_threads: int = 1,
) -> pd.DataFrame:
    """Errors of boosted trees on held-out structures, for several numbers of trees and seeds.

    Gharakhanyan et al. 2023, section 3.3 and appendix C, with LightGBM (Ke et al. 2017). Each seed
    splits the structures anew (:func:`gmd.energy.splits.split_train_test`) and trains once, with
    the largest number of trees; smaller numbers are the same model cut short, which is exactly
    what training fewer trees would give.

    The defaults suit a few hundred structures and many columns; LightGBM's own are
    ``learning_rate=0.1, num_leaves=31, min_data_in_leaf=20, max_bin=255, feature_fraction=1``.

    Parameters
    ----------
    features : ndarray of shape (n_structures, n_columns)
        Descriptor; raw is best, since a shift moves LightGBM's bin for zero.
    targets : ndarray of shape (n_structures,)
        Formation energies in eV/atom.
    n_estimators : sequence of int
        Numbers of trees to report.
    seeds : sequence of int
        Seeds of the split and of the choice of columns.
    test_fraction : float
        Share of the structures that is held out.
    learning_rate : float
        Shrinkage of each tree.
    num_leaves : int
        Leaves of a tree, at most.
    min_data_in_leaf : int
        Structures in a leaf, at least.
    max_bin : int
        Histogram bins per column; the time of a fit goes with it.
    feature_fraction : float
        Share of the columns, drawn anew for every tree, among which it looks for splits; the time
        of a fit goes with it too.
    num_threads : int
        Threads. The result does not depend on it.

    Returns
    -------
    pandas.DataFrame
        Columns ``n_estimators``, ``seed``, ``mae`` and ``rmse``, the errors in the unit of the
        targets (eV/atom); one row per number of trees and seed, in the order given.

    Raises
    ------
    ValueError
        For shapes that disagree, values that are not finite, settings out of range, and too few
        structures to split or to grow a tree.

    Notes
    -----
    Nothing of the held-out structures reaches a fit, bin edges included. LightGBM takes magnitudes
    below 1e-35 for zero, larger than whole columns of high moments, and keeps targets in single
    precision. So each column is scaled by the power of two that brings the training part's largest
    magnitude below 1, which is exact, and the targets are centred on the training part's mean.
    Columns that vary by no more than the rounding of their largest value are left out.
    """
    features, targets = checked_samples(features, targets, at_least=MIN_STRUCTURES)
    _check_settings(
        n_estimators=n_estimators,
        seeds=seeds,
        learning_rate=learning_rate,
        num_leaves=num_leaves,
        min_data_in_leaf=min_data_in_leaf,
        max_bin=max_bin,
        feature_fraction=feature_fraction,
        num_threads=num_threads,
    )
    parameters = {
        "objective": "regression",
        "learning_rate": learning_rate,
        "num_leaves": num_leaves,
        "min_data_in_leaf": min_data_in_leaf,
        "max_bin": max_bin,
        "feature_fraction": feature_fraction,
        "use_missing": False,
        "num_threads": num_threads,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
    }
    errors: dict[tuple[int, int], tuple[float, float]] = {}
    for seed in seeds:
        train, test = split_train_test(len(targets), seed=seed, test_fraction=test_fraction)
        if train.size < 2 * min_data_in_leaf:
            raise ValueError(
                f"{train.size} training structures cannot fill two leaves of "
                f"min_data_in_leaf={min_data_in_leaf}; lower it, or add structures"
            )
        predictions = _staged_predictions(
            features[train],
            targets[train],
            features[test],
            n_estimators,
            parameters | {"seed": seed},
        )
        for trees, prediction in zip(n_estimators, predictions, strict=True):
            residuals = prediction - targets[test]
            mae, rmse = np.abs(residuals).mean(), np.sqrt((residuals**2).mean())
            errors[trees, seed] = float(mae), float(rmse)
    # here, since a program may import this layer without using it
    import pandas as pd

    rows = [(trees, seed, *errors[trees, seed]) for trees in n_estimators for seed in seeds]
    return pd.DataFrame(rows, columns=["n_estimators", "seed", "mae", "rmse"])


def _staged_predictions(
    train_features: NDArray[np.float64],
    train_targets: NDArray[np.float64],
    test_features: NDArray[np.float64],
    n_estimators: Sequence[int],
    parameters: dict[str, Any],
) -> list[NDArray[np.float64]]:
    """Train once, and predict with the first trees; shape (n_test,) per number of trees."""
    mean = train_targets.mean()
    varying, largest = varying_columns(train_features)
    varies = np.flatnonzero(varying)
    if varies.size == 0:
        return [np.full(len(test_features), mean) for _ in n_estimators]
    exponents = -np.frexp(largest[varies])[1]
    # here, since it takes seconds where scikit-learn is installed
    import lightgbm

    data = lightgbm.Dataset(
        np.ldexp(train_features[:, varies], exponents), train_targets - mean, params=parameters
    )
    model = lightgbm.train(parameters, data, num_boost_round=max(n_estimators))
    test_columns = np.ldexp(test_features[:, varies], exponents)
    return [
        mean
        + model.predict(test_columns, num_iteration=trees, num_threads=parameters["num_threads"])
        for trees in n_estimators
    ]


def _check_settings(
    *,
    n_estimators: Sequence[int],
    seeds: Sequence[int],
    learning_rate: float,
    num_leaves: int,
    min_data_in_leaf: int,
    max_bin: int,
    feature_fraction: float,
    num_threads: int,
) -> None:
    for name, values, lowest in (("n_estimators", n_estimators, 1), ("seeds", seeds, 0)):
        if len(values) == 0 or len(set(values)) < len(values) or min(values) < lowest:
            raise ValueError(
                f"{name}={tuple(values)} must be distinct whole numbers, each at least {lowest}"
            )
    for name, value, least in (
        ("num_leaves", num_leaves, 2),
        ("min_data_in_leaf", min_data_in_leaf, 1),
        ("max_bin", max_bin, 2),
        ("num_threads", num_threads, 1),
    ):
        if value < least:
            raise ValueError(f"{name}={value} must be at least {least}")
    for name, share in (("learning_rate", learning_rate), ("feature_fraction", feature_fraction)):
        if not 0 < share <= 1:
            raise ValueError(f"{name}={share} must be above 0 and at most 1")
