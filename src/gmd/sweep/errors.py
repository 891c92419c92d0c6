"""Errors of energy fits by LAED setting."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gmd.descriptors import Layout
from gmd.tables import seed_means
from gmd.tables.frames import checked

ERROR_COLUMNS = (
    "laed",
    "model",
    "sigma",
    "complexity",
    "n_columns",
    "n_estimators",
    "n_seeds",
    "mae_mev",
    "mae_std_mev",
    "interpolating",
)

_MILLI = 1000.0


def setting_errors(
    lightgbm: Mapping[str, pd.DataFrame],
    linear: Mapping[str, pd.DataFrame],
    layouts: Mapping[str, Layout],
) -> pd.DataFrame:
    """Errors of every fitted descriptor under every LAED setting.

    Parameters
    ----------
    lightgbm : mapping of str to DataFrame
        Fits of boosted trees by the name of the setting, possibly none: ``sigma``,
        ``complexity``, ``n_estimators``, ``seed``, ``mae``, ``rmse`` (eV/atom).
    linear : mapping of str to DataFrame
        Linear fits in the same way: ``sigma``, ``complexity``, ``mae`` (eV/atom),
        ``interpolating``.
    layouts : mapping of str to Layout
        Columns of the descriptors under every setting.

    Returns
    -------
    DataFrame
        ``laed``; ``model``, "lightgbm" or "linear"; ``sigma``; ``complexity``; ``n_columns``,
        the descriptor's length, which settings of equal complexity need not share;
        ``n_estimators``, the number of trees with the least mean error on the test parts, 0 for
        linear fits; ``n_seeds``, likewise; ``mae_mev`` and ``mae_std_mev``, mean and population
        standard deviation over the seeds in meV/atom, on test parts for trees, on the fitted
        structures for linear fits; ``interpolating``, whether a linear fit could pass through any
        energies.

    Raises
    ------
    ValueError
        For frames without these columns, a setting without a layout, or no fits at all.
    """
    missing = [laed for laed in {**lightgbm, **linear} if laed not in layouts]
    if missing:
        raise ValueError(f"no layout of the LAED setting(s) {', '.join(missing)}; give all of them")
    parts = []
    for laed, fits in lightgbm.items():
        means = seed_means(fits).sort_values(["mae", "n_estimators"], kind="stable")
        best = means.drop_duplicates("sigma").sort_values(["complexity", "sigma"])
        parts.append(
            best.assign(
                laed=laed,
                model="lightgbm",
                mae_mev=best["mae"] * _MILLI,
                mae_std_mev=best["mae_std"] * _MILLI,
                interpolating=False,
            )
        )
    for laed, fits in linear.items():
        fits = checked(fits, "linear").sort_values(["complexity", "sigma"])
        parts.append(
            fits.assign(
                laed=laed,
                model="linear",
                n_estimators=0,
                n_seeds=0,
                mae_mev=fits["mae"] * _MILLI,
                mae_std_mev=0.0,
                interpolating=fits["interpolating"].astype(bool),
            )
        )
    if not parts:
        raise ValueError(
            "no fits of energies; give those of boosted trees, of linear models or both"
        )
    frame = pd.concat(parts, ignore_index=True)
    frame["n_columns"] = [
        layouts[laed].columns(sigma).size
        for laed, sigma in zip(frame["laed"], frame["sigma"], strict=True)
    ]
    return frame.loc[:, list(ERROR_COLUMNS)]
