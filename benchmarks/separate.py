"""``information_imbalance`` of two unrelated matrices beside its peers."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from benchmarks import data
from benchmarks.imbalance import (
    NEEDS_DADAPY,
    TOLERANCE,
    add_floor,
    ns_per_pair,
    relative_difference,
)
from benchmarks.measuring import DADAPY_PYTHON, dadapy_available
from benchmarks.report import Check, Report, measured_row
from benchmarks.settings import Settings
from gmd.imbalance import glielmo_imbalance

N_COLUMNS = data.N_COMPONENTS

PEERS = {
    "scikit-learn, neighbour lists": "pair_by_neighbours",
    "NumPy, counting": "pair_by_counting",
}


def run(settings: Settings) -> Report:
    """Measure the imbalances of two matrices, both ways."""
    n = 120 if settings.tiny else 2000
    cores = settings.cores
    report = Report(
        "`separate`: the imbalances of two matrices",
        f"two matrices of {n} × {N_COLUMNS} normal random numbers (seed {data.SEED}), the second "
        "in part a mixture of the first",
        [
            f"floor: 2 products N × {N_COLUMNS} by {N_COLUMNS} × N in float64",
            "DADApy: `return_inf_imb_two_selected_coords`, maxk = N − 1",
            "scikit-learn: `NearestNeighbors(algorithm='brute')` with all N − 1 neighbours",
            "NumPy: `sklearn.metrics.pairwise_distances`, nearest neighbours by `argpartition`, "
            "ranks by counting",
        ],
    )
    group, scales = f"N = {n}", ns_per_pair(n)
    with tempfile.TemporaryDirectory(prefix="gmd-benchmark-") as name:
        folder = Path(name)
        rng = np.random.default_rng(data.SEED)
        x = rng.normal(size=(n, N_COLUMNS))
        np.save(folder / "x.npy", x)
        mixture = x @ rng.normal(size=(N_COLUMNS, N_COLUMNS)) / N_COLUMNS**0.5
        np.save(folder / "y.npy", 0.5 * mixture + rng.normal(size=(n, N_COLUMNS)))
        ours = settings.measure("imbalance_parts:gmd_separate", folder)
        report.rows.append(measured_row(group, "gmd", "gmd", ours, scales))
        add_floor(report, settings, folder, n, blocks=2)
        expected = ours.results["imbalance"]
        if dadapy_available():
            theirs = settings.measure(
                "dadapy_parts:separate", folder, {"n_jobs": cores}, python=DADAPY_PYTHON
            )
            report.rows.append(measured_row(group, "DADApy", "peer", theirs, scales))
            difference = relative_difference(
                theirs.results["imbalance"], glielmo_imbalance(expected, n)
            )
            report.checks.append(Check("DADApy's imbalances = 2/N × gmd's", difference, TOLERANCE))
        else:
            report.notes.append(NEEDS_DADAPY)
        for part, function in PEERS.items():
            found = settings.measure(
                "plain_parts:pair", folder, {"function": function, "n_jobs": cores}
            )
            report.rows.append(measured_row(group, part, "peer", found, scales))
            difference = relative_difference(found.results["imbalance"], expected)
            report.checks.append(Check(f"{part}: imbalances = gmd's", difference, TOLERANCE))
    return report
