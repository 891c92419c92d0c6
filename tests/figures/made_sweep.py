"""A comparison of LAED settings, made up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text

from gmd.descriptors import complexity
from gmd.sweep import SWEEP_COLUMNS


def width(number: int) -> int:
    """LAED components of a setting, each of which has more than the one before."""
    return 10 * 3**number


def sweep_frame(laeds: Sequence[str], sigmas: Sequence[str]) -> pd.DataFrame:
    """As of `gmd.sweep.settings_imbalance`."""
    rng = np.random.default_rng(0)
    rows = []
    for sigma in sigmas:
        size = complexity(sigma, 3)
        rims = 1 + rng.exponential(6, (len(laeds), len(laeds)))
        rows += [
            (sigma, size, one, other, size * width(i), size * width(j), rims[i, j], rims[j, i])
            for i, one in enumerate(laeds)
            for j, other in enumerate(laeds)
            if i != j
        ]
    frame = pd.DataFrame(rows, columns=[name for name in SWEEP_COLUMNS if name != "srim"])
    return frame.assign(srim=(frame["rim"] + frame["rim_reverse"]) / 2)


def errors_frame(
    laeds: Sequence[str], sigmas: Sequence[str], models: Sequence[str] = ("lightgbm", "linear")
) -> pd.DataFrame:
    """As of `gmd.sweep.setting_errors`; of linear fits, those of complexity 20 interpolate."""
    rng = np.random.default_rng(1)
    rows = []
    for number, laed in enumerate(laeds):
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
                        "n_columns": size * width(number),
                        "n_estimators": 100 * trees,
                        "n_seeds": 5 * trees,
                        "mae_mev": 10 + 60 / size + rng.normal(),
                        "mae_std_mev": 2.0 * trees,
                        "interpolating": not trees and size >= 20,
                    }
                )
    return pd.DataFrame(rows)


def assert_words_stay_on_the_page(figure: Figure) -> None:
    """Titles and labels of all axes; the figure has been drawn."""
    page = figure.bbox
    for ax in figure.axes:
        words = {ax.get_title(loc="left"), ax.get_ylabel(), ax.get_xlabel()} - {""}
        texts = [text for text in ax.findobj(Text) if text.get_text() in words]
        assert len(texts) >= len(words)
        for text in texts:
            box = text.get_window_extent()
            assert page.x0 <= box.x0 < box.x1 <= page.x1
            assert page.y0 <= box.y0 < box.y1 <= page.y1
