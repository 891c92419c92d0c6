"""Gradient-boosted trees that predict the energy from a descriptor."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gmd.descriptors import varying_columns
from gmd.energy._checks import Features, centre, checked_samples
from gmd.energy.splits import MIN_STRUCTURES, split_train_test
from gmd.parameters import share, whole_number, whole_numbers

if TYPE_CHECKING:
    import pandas as pd


def fit_boosted_trees(
    features: Features,
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
    features : ndarray or scipy.sparse.csr_array of shape (n_structures, n_columns)
        Descriptor; raw is best, since a shift moves LightGBM's bin for zero. A sparse one gives
        the same errors, to the last bit.
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
        Threads, among which the seeds are shared out; more than there are seeds lie idle. The
        result does not depend on it.

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
        # dense columns have nothing to bundle, and the search for it takes a tenth of the binning
        "enable_bundle": False,
        # Row-wise histograms are built faster, but several threads would split their sums, and
        # meet at every node of these small trees: each training keeps to one thread.
        "force_row_wise": True,
        "num_threads": 1,
        "deterministic": True,
        "verbosity": -1,
    }
    splits = {
        seed: split_train_test(len(targets), seed=seed, test_fraction=test_fraction)
        for seed in seeds
    }
    n_train = splits[seeds[0]][0].size
    if n_train < 2 * min_data_in_leaf:
        raise ValueError(
            f"{n_train} training structures cannot fill two leaves of "
            f"min_data_in_leaf={min_data_in_leaf}; lower it, or add structures"
        )

    def errors(seed: int) -> list[tuple[float, float]]:
        train, test = splits[seed]
        predictions = _staged_predictions(
            features, targets, train, test, n_estimators, parameters | {"seed": seed}
        )
        residuals = [prediction - targets[test] for prediction in predictions]
        return [(float(np.abs(r).mean()), float(np.sqrt((r**2).mean()))) for r in residuals]

    with ThreadPoolExecutor(max_workers=min(num_threads, len(seeds))) as pool:
        of_seed = dict(zip(seeds, pool.map(errors, seeds), strict=True))
    # here, since a program may import this layer without using it
    import pandas as pd

    rows = [
        (trees, seed, *of_seed[seed][stage])
        for stage, trees in enumerate(n_estimators)
        for seed in seeds
    ]
    return pd.DataFrame(rows, columns=["n_estimators", "seed", "mae", "rmse"])


def _staged_predictions(
    features: Features,
    targets: NDArray[np.float64],
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    n_estimators: Sequence[int],
    parameters: dict[str, Any],
) -> list[NDArray[np.float64]]:
    """Train once, and predict with the first trees; shape (n_test,) per number of trees."""
    mean = centre(targets[train])
    columns = features[train]
    varying, largest = varying_columns(columns)
    varies = np.flatnonzero(varying)
    if varies.size == 0:
        return [np.full(test.size, mean) for _ in n_estimators]
    if varies.size < varying.size:
        columns = columns[:, varies]
    exponents = -np.frexp(largest[varies])[1]
    columns = _scaled(columns, exponents)
    # here, since it takes seconds where scikit-learn is installed
    import lightgbm

    data = lightgbm.Dataset(columns, targets[train] - mean, params=parameters)
    # the model that was trained predicts the same as its copy by way of text, which is the default
    model = lightgbm.train(
        parameters, data, num_boost_round=max(n_estimators), keep_training_booster=True
    )
    test_columns = _scaled(features[test][:, varies], exponents)
    return [
        mean + model.predict(test_columns, num_iteration=trees, num_threads=1)
        for trees in n_estimators
    ]


def _scaled(columns: Features, exponents: NDArray[np.int32]) -> Features:
    """Every column times a power of two, in place, in a form that LightGBM takes."""
    if isinstance(columns, np.ndarray):
        return np.ldexp(columns, exponents, out=columns)
    np.ldexp(columns.data, exponents[columns.indices], out=columns.data)
    return sparse.csr_matrix(columns)


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
        whole_numbers(name, values, at_least=lowest)
    for name, value, least in (
        ("num_leaves", num_leaves, 2),
        ("min_data_in_leaf", min_data_in_leaf, 1),
        ("max_bin", max_bin, 2),
        ("num_threads", num_threads, 1),
    ):
        whole_number(name, value, at_least=least)
    for name, part in (("learning_rate", learning_rate), ("feature_fraction", feature_fraction)):
        share(name, part, whole=True)
