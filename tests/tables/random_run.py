"""Frames as the workflow writes them, from random nested features and the rank's definition."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from gmd.descriptors.notation import Notation

N_ELEMENTS = 3


@lru_cache(maxsize=8)
def _distances(max_outer: int, max_inner: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    notation = Notation(max_outer, max_inner)
    n = 24
    block_distances = {}
    for block in notation.basis:
        x = rng.normal(size=(n, 3 * block.width(N_ELEMENTS)))
        block_distances[block] = ((x[:, None] - x[None]) ** 2).sum(axis=-1)
    return {
        label: sum(block_distances[block] for block in notation.blocks(label))
        for label in notation.labels
    }


def _ranks(distances: np.ndarray) -> np.ndarray:
    """Rank of every structure seen from every other, 1 for the nearest; 0 on the diagonal."""
    ordered = distances + np.diag(np.full(len(distances), -1.0))
    return ordered.argsort(axis=1).argsort(axis=1)


def imbalance_frame(max_outer: int = 5, max_inner: int = 5, seed: int = 0) -> pd.DataFrame:
    """All ordered pairs of a space."""
    ranks = {k: _ranks(d) for k, d in _distances(max_outer, max_inner, seed).items()}
    rows = np.arange(24)
    nearest = {label: (r == 1).argmax(axis=1) for label, r in ranks.items()}
    rim = {
        (one, other): float(ranks[other][rows, nearest[one]].mean())
        for one in ranks
        for other in ranks
        if one != other
    }
    return pd.DataFrame(
        [(*pair, rim[pair], rim[pair[::-1]], (rim[pair] + rim[pair[::-1]]) / 2) for pair in rim],
        columns=["sigma_1", "sigma_2", "rim", "rim_reverse", "srim"],
    )


def ranking_frame(imbalance: pd.DataFrame, max_outer: int = 5, max_inner: int = 5) -> pd.DataFrame:
    """Means over the other descriptors."""
    notation = Notation(max_outer, max_inner)
    means = imbalance.groupby("sigma_1")[["rim", "rim_reverse", "srim"]].mean()
    return pd.DataFrame(
        {
            "sigma": means.index,
            "complexity": [notation.complexity(label, N_ELEMENTS) for label in means.index],
            "mean_rim_to_others": means["rim"].to_numpy(),
            "mean_rim_from_others": means["rim_reverse"].to_numpy(),
            "mean_srim": means["srim"].to_numpy(),
        }
    )


def lightgbm_frame(ranking: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Errors that fall with complexity, two numbers of estimators and three seeds."""
    rng = np.random.default_rng(seed)
    rows = []
    for sigma, complexity in ranking[["sigma", "complexity"]].itertuples(index=False):
        for number in (50, 200):
            for fit in range(3):
                mae = (
                    (0.01 + 0.05 / (1 + complexity)) * (1 + 0.1 * rng.random()) * (1 + 10 / number)
                )
                rows.append((sigma, complexity, number, fit, mae, 1.5 * mae))
    columns = ["sigma", "complexity", "n_estimators", "seed", "mae", "rmse"]
    return pd.DataFrame(rows, columns=columns)


def linear_frame(ranking: pd.DataFrame, interpolating_from: int = 20) -> pd.DataFrame:
    """Errors that fall with complexity, nothing left where the model interpolates."""
    frame = ranking[["sigma", "complexity"]].copy()
    frame["interpolating"] = frame["complexity"] >= interpolating_from
    frame["mae"] = np.where(frame["interpolating"], 1e-14, 0.05 / (1 + frame["complexity"]))
    return frame[["sigma", "complexity", "mae", "interpolating"]]
