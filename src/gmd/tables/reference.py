r"""Imbalances between one chosen descriptor and all others, and what they say per complexity."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from gmd.tables.construction import full_label
from gmd.tables.frames import checked


def reference_label(imbalance: pd.DataFrame, k: Literal[4, 5] = 5) -> str:
    """Label of the run's descriptor stacked over methods, the paper's 555 or 554.

    Parameters
    ----------
    imbalance : DataFrame
        Columns ``sigma_1``, ``sigma_2``, ``rim``, ``rim_reverse``, ``srim``.
    k : {5, 4}
        5 for everything there is, 4 for everything but method ii.

    Returns
    -------
    str
        The label.

    Raises
    ------
    ValueError
        If the frame has no such descriptor.
    """
    label = full_label(checked(imbalance, "imbalance")["sigma_1"].unique(), k)
    if label is None:
        raise ValueError(
            f"imbalance: no descriptor whose label ends in {k}; this figure compares the others "
            "with it, so compute the imbalances of the whole descriptor space"
        )
    return label


def reference_imbalances(
    imbalance: pd.DataFrame, ranking: pd.DataFrame, reference: str
) -> pd.DataFrame:
    """Imbalances between `reference` and each other descriptor, both ways.

    Parameters
    ----------
    imbalance : DataFrame
        All ordered pairs: ``sigma_1``, ``sigma_2``, ``rim``, ``rim_reverse``, ``srim``.
    ranking : DataFrame
        One row per descriptor; ``sigma`` and ``complexity`` are used.
    reference : str
        Label of the descriptor to compare with.

    Returns
    -------
    DataFrame
        One row per other descriptor, by complexity and label: ``sigma``, ``complexity``,
        ``rim_from_reference`` ΔR(reference → Σ), ``rim_to_reference`` ΔR(Σ → reference), ``srim``.

    Raises
    ------
    ValueError
        If `reference` has no pairs, or a descriptor is missing from `ranking`.
    """
    pairs = checked(imbalance, "imbalance")
    pairs = pairs.loc[pairs["sigma_1"] == reference]
    if pairs.empty:
        raise ValueError(f"imbalance: no pair starts from {reference}; is it part of the space?")
    complexity = checked(ranking, "ranking").set_index("sigma")["complexity"]
    missing = sorted(set(pairs["sigma_2"]) - set(complexity.index))
    if missing:
        raise ValueError(
            f"ranking: no row for {', '.join(missing)}, which the imbalances have; "
            "take both frames from the same run"
        )
    return pd.DataFrame(
        {
            "sigma": pairs["sigma_2"],
            "complexity": pairs["sigma_2"].map(complexity),
            "rim_from_reference": pairs["rim"],
            "rim_to_reference": pairs["rim_reverse"],
            "srim": pairs["srim"],
        }
    ).sort_values(["complexity", "sigma"], ignore_index=True)


def minimum_srim(references: pd.DataFrame) -> pd.DataFrame:
    """Among the descriptors of each complexity, the one nearest to the reference.

    Parameters
    ----------
    references : DataFrame
        Result of :func:`reference_imbalances`.

    Returns
    -------
    DataFrame
        Its row of smallest ``srim`` for each complexity, by complexity; the smaller label where
        two are equal.
    """
    ordered = references.sort_values(["complexity", "srim", "sigma"])
    return ordered.drop_duplicates("complexity").reset_index(drop=True)


def seed_means(lightgbm: pd.DataFrame) -> pd.DataFrame:
    """Mean and spread over the seeds of the boosted trees' test errors.

    Parameters
    ----------
    lightgbm : DataFrame
        ``sigma``, ``complexity``, ``n_estimators``, ``seed``, ``mae``, ``rmse`` (eV/atom).

    Returns
    -------
    DataFrame
        One row per descriptor and number of estimators: ``sigma``, ``complexity``,
        ``n_estimators``, ``n_seeds``, ``mae``, ``mae_std``, ``rmse``, ``rmse_std`` (eV/atom;
        population standard deviation, 0 for a single seed).

    Raises
    ------
    ValueError
        For a frame without these columns.
    """
    fits = checked(lightgbm, "lightgbm")
    groups = fits.groupby(["n_estimators", "complexity", "sigma"])
    means = groups[["mae", "rmse"]].mean()
    spreads = groups[["mae", "rmse"]].std(ddof=0).add_suffix("_std")
    sizes = groups.size().rename("n_seeds")
    together = pd.concat([sizes, means, spreads], axis=1).reset_index()
    order = ["sigma", "complexity", "n_estimators", "n_seeds", "mae", "mae_std", "rmse", "rmse_std"]
    return together.loc[:, order]
