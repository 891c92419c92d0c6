"""A comparison of LAED settings, made up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gmd.descriptors import complexity


def sweep_frame(laeds: Sequence[str], sigmas: Sequence[str]) -> pd.DataFrame:
    """As of `gmd.sweep.settings_imbalance`."""
    rng = np.random.default_rng(0)
    rows = []
    for sigma in sigmas:
        rims = 1 + rng.exponential(6, (len(laeds), len(laeds)))
        rows += [
            (sigma, complexity(sigma, 3), one, other, rims[i, j], rims[j, i])
            for i, one in enumerate(laeds)
            for j, other in enumerate(laeds)
            if i != j
        ]
    columns = ["sigma", "complexity", "laed_1", "laed_2", "rim", "rim_reverse"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(srim=(frame["rim"] + frame["rim_reverse"]) / 2)


def errors_frame(
    laeds: Sequence[str], sigmas: Sequence[str], models: Sequence[str] = ("lightgbm", "linear")
) -> pd.DataFrame:
    """As of `gmd.sweep.setting_errors`; of linear fits, those of complexity 20 interpolate."""
    rng = np.random.default_rng(1)
    rows = []
    for laed in laeds:
        for model in models:
            for sigma in sigmas:
                trees = model == "lightgbm"
                size = complexity(sigma, 3)
                rows.append(
                    {
                        "laed": laed,
                        "model": model,
                        "sigma": sigma,
                        "complexity": size,
                        "n_estimators": 100 * trees,
                        "n_seeds": 5 * trees,
                        "mae_mev": 10 + 60 / size + rng.normal(),
                        "mae_std_mev": 2.0 * trees,
                        "interpolating": not trees and size >= 20,
                    }
                )
    return pd.DataFrame(rows)
