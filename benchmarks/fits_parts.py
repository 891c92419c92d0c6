"""Parts of the benchmark of energy fits: this library, LightGBM and scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.worker import Part
from gmd.energy import fit_boosted_trees, fit_linear, split_train_test

Array = NDArray[np.float64]

N_ESTIMATORS = (50, 100, 200, 400)
TREES: dict[str, Any] = {
    "learning_rate": 0.1,
    "num_leaves": 31,
    "min_data_in_leaf": 20,
    "max_bin": 63,
    "feature_fraction": 0.2,
}
"""The settings of config/lips20.yaml."""


def _read(folder: Path, label: str) -> tuple[Array, Array]:
    features = data.read_space(folder).matrix(label)
    return features, np.load(folder / "targets.npy")


def gmd_trees(folder: Path, *, label: str, n_jobs: int, n_estimators: list[int]) -> Part:
    """``fit_boosted_trees`` with a seed per core; one training of each for all numbers of trees."""
    features, targets = _read(folder, label)

    def run(numbers: Sequence[int] = tuple(n_estimators)) -> dict[str, Any]:
        errors = fit_boosted_trees(
            features,
            targets,
            n_estimators=numbers,
            seeds=range(n_jobs),
            num_threads=n_jobs,
            **TREES,
        )
        return {"mae": errors["mae"]}

    return Part(lambda: run((2,)), run)


def plain_trees(folder: Path, *, label: str, n_jobs: int, n_estimators: list[int]) -> Part:
    """``lightgbm.train`` of the same seeds, one after the other on all cores."""
    import lightgbm

    features, targets = _read(folder, label)

    def run(numbers: Sequence[int] = tuple(n_estimators)) -> dict[str, Any]:
        errors = []
        for seed in range(n_jobs):
            train, test = split_train_test(len(targets), seed=seed)
            parameters = TREES | {
                "objective": "regression",
                "num_threads": n_jobs,
                "verbosity": -1,
                "seed": seed,
            }
            samples = lightgbm.Dataset(features[train], targets[train], params=parameters)
            model = lightgbm.train(parameters, samples, num_boost_round=max(numbers))
            predictions = [model.predict(features[test], num_iteration=trees) for trees in numbers]
            errors.append([np.abs(p - targets[test]).mean() for p in predictions])
        return {"mae": np.array(errors).T.ravel()}

    return Part(lambda: run((2,)), run)


def gmd_linear(folder: Path, *, label: str) -> Part:
    """``fit_linear``."""
    features, targets = _read(folder, label)

    def run() -> dict[str, Any]:
        return {"mae": fit_linear(features, targets).mae}

    return Part(lambda: fit_linear(features[:20, :5], targets[:20]), run)


def plain_linear(folder: Path, *, label: str) -> Part:
    """scikit-learn's scaling and ``LinearRegression``."""
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import StandardScaler

    features, targets = _read(folder, label)

    def run(rows: int | None = None) -> dict[str, Any]:
        scaled = StandardScaler().fit_transform(features[:rows])
        model = LinearRegression().fit(scaled, targets[:rows])
        return {"mae": np.abs(model.predict(scaled) - targets[:rows]).mean()}

    return Part(lambda: run(20), run)
