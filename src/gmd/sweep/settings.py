"""LAED settings in a table: how large each is, and which descriptors lead under it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from gmd.descriptors import Layout
from gmd.sweep.pairs import SWEEP_COLUMNS
from gmd.tables import full_label
from gmd.tables.frames import checked

SETTING_COLUMNS = (
    "laed",
    "family",
    "parameters",
    "n_components",
    "complexity",
    "n_columns",
    "rim_to_settings",
    "rim_from_settings",
    "best_sigma",
    "best_mean_srim",
    "knows_most",
    "worst_sigma",
    "worst_mean_srim",
    "mean_spearman",
)


def settings_table(
    settings: Mapping[str, Mapping[str, Any]],
    layouts: Mapping[str, Layout],
    rankings: Mapping[str, pd.DataFrame],
    pairs: pd.DataFrame,
) -> pd.DataFrame:
    r"""One row per LAED setting.

    Parameters
    ----------
    settings : mapping of str to mapping
        Family and parameters of every setting, as the configuration has them.
    layouts : mapping of str to Layout
        Columns of the descriptors under every setting.
    rankings : mapping of str to DataFrame
        Mean imbalances under every setting: ``sigma``, ``complexity``, ``mean_rim_to_others``,
        ``mean_rim_from_others``, ``mean_srim``.
    pairs : DataFrame
        Result of :func:`gmd.sweep.settings_imbalance`, the full descriptor among its labels.

    Returns
    -------
    DataFrame
        ``laed``; ``family``; ``parameters`` in words; ``n_components``, d; ``complexity`` and
        ``n_columns`` of the full descriptor, :math:`\Sigma_{555}` for degrees 5 and 5;
        ``rim_to_settings`` and ``rim_from_settings``, mean imbalances of the full descriptor to
        and from itself under the other settings, of which a small first one says that the
        setting tells much about the others; ``best_sigma`` and ``worst_sigma`` by the mean
        symmetric imbalance within the setting, with its values; ``knows_most``, the label of the
        least mean imbalance to others; ``mean_spearman``, the mean over the other settings of the
        rank correlations of ``mean_srim`` over all labels, each of which is in a column
        ``spearman_<setting>``.

    Raises
    ------
    ValueError
        For frames without their columns, or settings that differ between the arguments.
    """
    missing = [column for column in SWEEP_COLUMNS if column not in pairs]
    if missing:
        raise ValueError(
            f"sweep: no column {', '.join(missing)}; pass the result of settings_imbalance"
        )
    names = list(settings)
    for what, found in (
        ("layouts", layouts),
        ("rankings", rankings),
        ("pairs", pairs["laed_1"].unique()),
    ):
        if set(found) != set(names):
            raise ValueError(
                f"{what} are of the LAED settings {', '.join(map(str, found))}, not of "
                f"{', '.join(names)}; take all from one run"
            )
    full = full_label(pairs["sigma"].unique())
    if full is None:
        raise ValueError("sweep: the descriptor that holds everything is missing; compare it too")
    means = pairs.loc[pairs["sigma"] == full].groupby("laed_1")[["rim", "rim_reverse"]].mean()
    srims = pd.DataFrame(
        {
            name: checked(rankings[name], "ranking", name=f"ranking of {name}")
            .set_index("sigma")["mean_srim"]
            .rename(name)
            for name in names
        }
    )
    spearman = srims.corr(method="spearman")
    rows = []
    for name in names:
        ranking = rankings[name].sort_values(["mean_srim", "sigma"], ignore_index=True)
        knowing = ranking.sort_values(["mean_rim_to_others", "sigma"])
        best, worst = ranking.iloc[0], ranking.iloc[-1]
        layout = layouts[name]
        rows.append(
            {
                "laed": name,
                "family": str(settings[name].get("family", "")),
                "parameters": parameters_in_words(settings[name]),
                "n_components": layout.n_components,
                "complexity": layout.complexity(full),
                "n_columns": layout.columns(full).size,
                "rim_to_settings": means.loc[name, "rim"],
                "rim_from_settings": means.loc[name, "rim_reverse"],
                "best_sigma": best["sigma"],
                "best_mean_srim": best["mean_srim"],
                "knows_most": knowing["sigma"].iloc[0],
                "worst_sigma": worst["sigma"],
                "worst_mean_srim": worst["mean_srim"],
                "mean_spearman": spearman[name].drop(name).mean(),
                **{f"spearman_{other}": spearman.loc[name, other] for other in names},
            }
        )
    return pd.DataFrame(rows)


def parameters_in_words(settings: Mapping[str, Any]) -> str:
    """Parameters of a LAED setting in one line, its family left out."""
    return ", ".join(
        f"{name} {value:g}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else f"{name} {value if isinstance(value, str) else json.dumps(value)}"
        for name, value in settings.items()
        if name != "family"
    )
