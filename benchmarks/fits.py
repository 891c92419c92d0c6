"""Energy fits beside plain LightGBM and scikit-learn."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import data
from benchmarks.fits_parts import N_ESTIMATORS, TREES
from benchmarks.report import Check, Report, measured_row
from benchmarks.settings import Settings

LABELS = ("100", "232", "555")
N_STRUCTURES = 3850
N_SEEDS = 5

TREES_TOLERANCE = 0.2
LINEAR_TOLERANCE = 0.05


def write_fit_data(folder: Path, n: int) -> None:
    """Descriptors of random sites, and targets that depend on a few of their columns."""
    data.write_space(folder, data.random_sites(n), n)
    mean = data.read_space(folder).matrix("100", "zscore")
    rng = np.random.default_rng(data.SEED)
    smooth = mean[:, :8] @ rng.normal(size=8) + 0.5 * np.tanh(mean[:, 8] * mean[:, 9])
    np.save(folder / "targets.npy", 0.1 * smooth + 0.02 * rng.normal(size=n))


def run(settings: Settings) -> Report:
    """Measure one boosted and one linear fit of three widths."""
    n = 200 if settings.tiny else N_STRUCTURES
    labels = LABELS[:1] if settings.tiny else LABELS
    cores = settings.cores
    n_estimators = (5, 10) if settings.tiny else N_ESTIMATORS
    report = Report(
        "`fits`: energy fits",
        f"N = {n}, {data.SYNTHETIC}; targets of which a part depends on the means",
        [
            f"trees: {cores} seed(s), {max(n_estimators)} trees each, which serve "
            f"{', '.join(map(str, n_estimators))} alike; "
            + ", ".join(f"{name} {value}" for name, value in TREES.items()),
            f"LightGBM: `lightgbm.train` on the same splits with the same settings, one seed after "
            f"the other on {cores} thread(s), where gmd has a seed on each thread; scikit-learn: "
            "`StandardScaler` and `LinearRegression`",
        ],
    )
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        write_fit_data(folder, n)
        space = data.read_space(folder)
        complexities = [space.complexity(label) for label in space.labels]
        seconds: dict[str, list[float]] = {}
        for label in labels:
            columns = space.complexity(label) * data.N_COMPONENTS
            scales = {"ns per value": 1e9 / (n * columns)}
            for kind, ours, theirs, peer, tolerance in (
                ("trees", "gmd_trees", "plain_trees", "LightGBM", TREES_TOLERANCE),
                ("linear", "gmd_linear", "plain_linear", "scikit-learn", LINEAR_TOLERANCE),
            ):
                group = f"Σ_{label}, {columns} columns, {kind}"
                arguments: dict[str, Any] = {"label": label}
                if kind == "trees":
                    arguments |= {"n_jobs": cores, "n_estimators": n_estimators}
                mine, other = (
                    settings.measure(f"fits_parts:{function}", folder, arguments)
                    for function in (ours, theirs)
                )
                report.rows.append(measured_row(group, "gmd", "gmd", mine, scales))
                report.rows.append(measured_row(group, peer, "peer", other, scales))
                seconds.setdefault(f"gmd, {kind}", []).append(mine.seconds)
                seconds.setdefault(f"{peer}, {kind}", []).append(other.seconds)
                found, expected = mine.results["mae"], other.results["mae"]
                # a fit through every point leaves rounding, which need not agree
                scale = np.maximum(np.abs(expected), 1e-6)
                difference = float((np.abs(found - expected) / scale).max())
                what = f"mean absolute error of {peer} and gmd, {group}"
                report.checks.append(Check(what, difference, tolerance))
    widths = [space.complexity(label) for label in labels]
    hours = {}
    for part, times in seconds.items():
        each = np.interp(complexities, widths, times).sum()
        hours[part] = float(each * (N_SEEDS / cores if "trees" in part else 1) / 3600)
    report.raw["hours_of_all"] = hours
    estimates = ", ".join(f"{part} {time:.3g} h" for part, time in hours.items())
    report.notes.append(
        f"estimate for all 97 descriptors, linear in their widths, trees with {N_SEEDS} seeds and "
        f"linear models once: {estimates}"
    )
    return report
