"""What descriptors cost and what they lose, from the tables of a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gmd.tables import reference_imbalances, seed_means
from gmd.tables.frames import checked


def reference_points(
    imbalance: pd.DataFrame, ranking: pd.DataFrame, reference: str
) -> pd.DataFrame:
    """Complexity of every descriptor and its loss against a reference.

    Parameters
    ----------
    imbalance, ranking : DataFrame
        As the workflow writes them.
    reference : str
        Label of the descriptor that counts as lossless.

    Returns
    -------
    DataFrame
        A row per descriptor, in the order of `ranking`: ``sigma``, ``complexity``, ``loss``, which
        is the symmetric imbalance, ``rim_to_reference`` ΔR(Σ → reference) and
        ``rim_from_reference``. The reference is among them, with the 1 of equivalent descriptors:
        not to compress at all is a choice too.

    Raises
    ------
    ValueError
        Where a pair or a complexity is missing.

    Notes
    -----
    Where `ranking` tells them, ``effective_complexity`` and ``identical_to`` are the last columns.
    """
    others = reference_imbalances(imbalance, ranking, reference).set_index("sigma")
    ranking = checked(ranking, "ranking")
    told = [column for column in ("effective_complexity", "identical_to") if column in ranking]
    order = ranking[["sigma", "complexity", *told]]
    values = others.rename(columns={"srim": "loss"}).drop(columns="complexity")
    points = order.join(values, on="sigma")
    points.loc[points["sigma"] == reference, list(values)] = 1.0
    lacking = points.loc[points["loss"].isna(), "sigma"]
    if len(lacking):
        raise ValueError(f"imbalance: no pair of {reference} and {', '.join(lacking)}")
    measured = ["loss", "rim_to_reference", "rim_from_reference"]
    return points[["sigma", "complexity", *measured, *told]]


def loss_terms(
    contributions: pd.DataFrame, labels: Sequence[str], reference: str
) -> NDArray[np.float64]:
    r"""Each structure's part of the losses against a reference.

    Parameters
    ----------
    contributions : DataFrame
        As of :func:`gmd.imbalance.imbalance_contributions`.
    labels : sequence of str
        Descriptors, the reference perhaps among them.
    reference : str
        One of the contributions' references.

    Returns
    -------
    ndarray of shape (n_structures, n_labels), float64
        :math:`\frac{1}{2} (r_i^{\Sigma \to \mathrm{ref}} + r_i^{\mathrm{ref} \to \Sigma})`, whose
        means are the losses of :func:`reference_points`.

    Raises
    ------
    ValueError
        For a column that is missing.
    """
    terms = np.ones((len(contributions), len(labels)))
    for column, label in enumerate(labels):
        if label == reference:
            continue
        pair = [f"{label}>{reference}", f"{reference}>{label}"]
        missing = [name for name in pair if name not in contributions]
        if missing:
            raise ValueError(
                f"contributions: no column {', '.join(missing)}; make them with {reference} among "
                f"the references"
            )
        terms[:, column] = contributions[pair].to_numpy().sum(axis=1) / 2
    return terms


def lightgbm_points(lightgbm: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Held-out errors of the boosted trees, at each descriptor's best number of estimators.

    Parameters
    ----------
    lightgbm : DataFrame
        ``sigma``, ``complexity``, ``n_estimators``, ``seed``, ``mae``, ``rmse`` (eV/atom).

    Returns
    -------
    points : DataFrame
        ``sigma``, ``complexity``, ``loss``, the least of the mean absolute errors, each a mean
        over the seeds (eV/atom), and the ``n_estimators`` at which it was found; by complexity and
        label. The same structures choose that number and give the error, which is therefore a
        little too small for all descriptors alike.
    by_seed : ndarray of shape (n_seeds, n_points), float64
        The errors at that number of estimators, of which `loss` is the mean.

    Raises
    ------
    ValueError
        For no fits, or descriptors that were not all fitted with the same seeds.
    """
    means = seed_means(lightgbm)
    if means.empty:
        raise ValueError("lightgbm: no fits to choose from")
    means = means.sort_values(["complexity", "sigma", "mae", "n_estimators"])
    best = means.drop_duplicates("sigma").rename(columns={"mae": "loss"})
    points = best[["sigma", "complexity", "loss", "n_estimators"]].reset_index(drop=True)
    fits = lightgbm.merge(points[["sigma", "n_estimators"]], on=["sigma", "n_estimators"])
    by_seed = fits.pivot(index="seed", columns="sigma", values="mae")[points["sigma"].tolist()]
    if by_seed.isna().any(axis=None):
        raise ValueError("lightgbm: descriptors were fitted with different seeds; fit all alike")
    return points, by_seed.to_numpy(dtype=np.float64)


def linear_points(linear: pd.DataFrame) -> pd.DataFrame:
    """Errors of the linear models on their own training set, where they do not interpolate.

    Parameters
    ----------
    linear : DataFrame
        ``sigma``, ``complexity``, ``mae`` (eV/atom), ``interpolating``.

    Returns
    -------
    DataFrame
        ``sigma``, ``complexity``, ``loss`` (eV/atom), by complexity and label; no rows where all
        models pass through every point.
    """
    fits = checked(linear, "linear")
    fits = fits.loc[~fits["interpolating"].astype(bool)].rename(columns={"mae": "loss"})
    return fits[["sigma", "complexity", "loss"]].sort_values(
        ["complexity", "sigma"], ignore_index=True
    )
